//! Measures each room over generated monoliths, against the floor: walk, read and `syn::parse_file` on
//! the same files with the same number of threads.
//!
//! `cargo bench --bench pipeline -- [10k 100k 1M …] [--repeat N] [--keep]`; sizes also by
//! `SPLITTER_BENCH_SIZES`. Each measurement is a process of its own, so that peaks of memory do not
//! mix; the best of the repetitions counts. Beside the time on the clock stands the processors' time of
//! all threads, which says more on a busy machine (Linux only). Cutting one function out comes after the
//! line and is not part of its whole.

mod generate;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use rayon::prelude::*;
use splitter::base::arena::Allocator;
use splitter::config::Config;
use splitter::model::{Model, to_json};
use splitter::pipeline::{Analysis, Stage, analyze_beside};
use splitter::propose::Observed;
use splitter::scaffold::{Assets, Cut, Inputs, Request, scaffold};

/// As on the command line.
const STACK_BYTES: usize = 64 << 20;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [child, what, dir] = args.as_slice()
        && child == "--child"
    {
        return child_process(what, Path::new(dir));
    }
    if args.iter().any(|arg| arg == "--test") {
        return;
    }
    let repeats = args.iter().position(|arg| arg == "--repeat").map(|at| at + 1);
    let plain = args.iter().enumerate().filter(|&(at, _)| Some(at) != repeats);
    let mut sizes: Vec<usize> = plain.filter_map(|(_, arg)| size(arg)).collect();
    if sizes.is_empty() {
        let wanted = std::env::var("SPLITTER_BENCH_SIZES").unwrap_or_else(|_| "10k 100k".to_owned());
        sizes = wanted.split([' ', ',']).filter_map(size).collect();
    }
    let repeat = repeats.and_then(|at| args.get(at)?.parse().ok()).unwrap_or(3);
    let keep = args.iter().any(|arg| arg == "--keep");
    for size in sizes {
        let dir = tempfile::Builder::new().prefix("splitter-bench").tempdir().expect("a temporary directory");
        let app = dir.path().join("monolith");
        let n_lines = generate::monolith(&app, size).expect("a monolith is written");
        print(n_lines, &measure("floor", &app, repeat), &measure("line", &app, repeat));
        if keep {
            println!("kept: {}", dir.keep().display());
        }
    }
}

/// `10k`, `1M`, `2500`.
fn size(text: &str) -> Option<usize> {
    let (digits, factor) = match text.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1_000),
        None => text.strip_suffix('M').map_or((text, 1), |digits| (digits, 1_000_000)),
    };
    digits.parse::<usize>().ok().map(|n| n * factor)
}

/// Milliseconds (and at last `peak` in KiB), by name; names start with their order.
type Figures = BTreeMap<String, f64>;

/// Runs a measurement `repeat` times and keeps the least of each figure.
fn measure(what: &str, dir: &Path, repeat: usize) -> Figures {
    let mut best = Figures::new();
    for _ in 0..repeat {
        let this = std::env::current_exe().expect("the path of this program");
        let output = Command::new(this).args(["--child", what]).arg(dir).output().expect("a child process");
        assert!(output.status.success(), "{what} failed: {}", String::from_utf8_lossy(&output.stderr));
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Some((name, value)) = line.split_once('=') else { continue };
            let value: f64 = value.parse().expect("a number");
            let least = best.entry(name.to_owned()).or_insert(value);
            *least = least.min(value);
        }
    }
    best
}

fn print(n_lines: usize, floor: &Figures, line: &Figures) {
    let base = (floor["9 whole"], floor["9 whole cpu"]);
    println!("\n{n_lines} lines                 ms  × floor  cpu ms  × floor");
    let rows = floor.iter().map(|row| ("floor: ", floor, row)).chain(line.iter().map(|row| ("", line, row)));
    for (mark, figures, (name, value)) in rows {
        let Some(cpu) = figures.get(&format!("{name} cpu")) else { continue };
        let name = format!("{mark}{}", &name[2..]);
        println!("{name:<22}{value:>8.0}{:>9.2}{cpu:>8.0}{:>9.2}", value / base.0, cpu / base.1);
    }
    println!(
        "peak memory: floor {:.0} MiB, analyze {:.0} MiB",
        floor["peak"] / 1024.0,
        line["peak"] / 1024.0
    );
}

fn child_process(what: &str, dir: &Path) {
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).build().expect("worker threads");
    pool.install(|| match what {
        "floor" => floor(dir),
        _ => line(dir),
    });
    println!("peak={}", peak_kib());
    // What is left is given back by the system, as on the command line.
    std::process::exit(0);
}

/// A moment on the clock and in the processors' time of this process.
#[derive(Clone, Copy)]
struct Moment {
    clock: Instant,
    cpu_ms: f64,
}

impl Moment {
    fn now() -> Self {
        Self { clock: Instant::now(), cpu_ms: cpu_ms().unwrap_or(0.0) }
    }
}

/// User and system time in milliseconds, counted by the system in hundredths of a second.
fn cpu_ms() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some((fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?) * 10.0)
}

fn say(order: u32, name: &str, from: Moment, to: Moment) {
    println!("{order} {name}={}", (to.clock - from.clock).as_secs_f64() * 1000.0);
    println!("{order} {name} cpu={}", to.cpu_ms - from.cpu_ms);
}

fn floor(dir: &Path) {
    let start = Moment::now();
    let walk = walkdir::WalkDir::new(dir).sort_by_file_name().into_iter().filter_map(Result::ok);
    let paths: Vec<PathBuf> = walk.map(walkdir::DirEntry::into_path).filter(|path| path.is_file()).collect();
    let texts: Vec<(PathBuf, String)> = paths
        .into_par_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            (path, text)
        })
        .collect();
    say(1, "walk + read", start, Moment::now());
    let parse = Moment::now();
    let n_items: usize = texts
        .par_iter()
        .filter(|(path, _)| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|(path, text)| {
            let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let n_items = file.items.len();
            drop(file);
            proc_macro2::extra::invalidate_current_thread_spans();
            n_items
        })
        .sum();
    std::hint::black_box(n_items);
    say(2, "syn::parse_file", parse, Moment::now());
    say(9, "whole", start, Moment::now());
}

/// Where this process writes to, beside the application. Nothing is deleted before all is measured: some
/// file systems look long for a number that no file had lately.
fn outputs(dir: &Path) -> PathBuf {
    let out = dir.with_file_name(format!("out-{}", std::process::id()));
    std::fs::create_dir_all(&out).expect("a folder");
    out
}

fn line(dir: &Path) {
    let out = outputs(dir);
    let start = Moment::now();
    let stages: std::cell::RefCell<Vec<(Stage, Moment)>> = std::cell::RefCell::default();
    let watch = |stage: Stage| stages.borrow_mut().push((stage, Moment::now()));
    let create =
        |name: &str| BufWriter::with_capacity(1 << 16, File::create(out.join(name)).expect("created"));
    // As on the command line: the model is written while services are proposed, the rest at last.
    let write_model = |model: &Model| to_json(model, &mut create("model.json")).expect("written");
    let observed = Observed::default();
    let (analysis, ()) =
        analyze_beside(dir, &Config::default(), observed, &watch, write_model).expect("an analysis");
    let analysed = Moment::now();
    let stages = stages.into_inner();
    let ends = stages.iter().skip(1).map(|&(_, at)| at).chain([analysed]);
    for (&(stage, at), end) in stages.iter().zip(ends) {
        let (order, name) = match stage {
            Stage::Discover => (1, "discover"),
            Stage::Parse { .. } => (2, "parse"),
            Stage::Resolve => (3, "resolve"),
            Stage::Facts => (4, "facts"),
            Stage::Propose => (5, "propose"),
            Stage::Fitness => (6, "fitness"),
        };
        say(order, name, at, end);
    }
    let (model, plan) = (&analysis.model, &analysis.plan);
    rayon::join(
        || to_json(plan, &mut create("plan.json")).expect("written"),
        || {
            let html = splitter::report::html(model, plan, &analysis.sources);
            create("report.html").write_all(html.as_bytes()).expect("written");
        },
    );
    say(7, "artifacts", analysed, Moment::now());
    say(9, "whole", start, Moment::now());
    one_function(dir, &analysis);
}

/// Cuts out the function of the first step and writes it, as `scaffold` does once the model is loaded.
fn one_function(dir: &Path, analysis: &Analysis) {
    let step = analysis.plan.steps.first().expect("a first step");
    let out = outputs(dir);
    let start = Moment::now();
    let assets = Folder(dir.to_owned());
    let text = |name: &str| String::from_utf8(assets.read(name).expect("a manifest")).expect("text");
    let own = analysis.model.packages.iter().map(|package| package.manifest.clone());
    let inputs = Inputs {
        sources: &analysis.sources,
        manifests: &own.map(|name| (name.clone(), text(&name))).collect(),
        lock: None,
        assets: &assets,
        existing: &BTreeMap::new(),
    };
    // Where the first step breaks a transaction, its code is copied; the cost is the same.
    let request = Request { what: Some(step.deployable.clone()), cut: Cut::Copy, ..Request::default() };
    let made = scaffold(&request, &analysis.model, &analysis.plan, &inputs).expect("a function");
    for (name, bytes) in &made.files.files {
        let path = out.join(name);
        std::fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
        std::fs::write(path, bytes).expect("written");
    }
    say(8, "scaffold one function", start, Moment::now());
}

/// The files of the application.
struct Folder(PathBuf);

impl Assets for Folder {
    fn under(&self, dir: &str) -> Vec<String> {
        let walk = walkdir::WalkDir::new(self.0.join(dir)).sort_by_file_name().into_iter();
        let files = walk.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
        files
            .filter_map(|entry| Some(entry.path().strip_prefix(&self.0).ok()?.to_str()?.to_owned()))
            .collect()
    }
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.0.join(path)).ok()
    }
}

/// The most memory that this process had, where the system tells it.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.trim().trim_end_matches("kB").trim().parse().unwrap_or(0)
}
