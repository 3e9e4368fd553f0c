//! `splitter scaffold`: one service or entry point as a function of its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use serde_json::json;

use super::args::{self, Scaffold};
use super::artifacts::{Content, OutDir, app_dir, below, out_dir, read_analysis, read_text};
use super::console::{self, BOLD, DIM, GREEN, Progress, RED, RESET, YELLOW, count, plain};
use super::report::reread;
use super::{analyse, cargo, disk, monolith, read_config};
use crate::base::{Place, Sources};
use crate::error::Error;
use crate::model::{Model, Plan};
use crate::scaffold::{self, Demand, Fault, Gap, Inputs, Refusal, Request, Scaffold as Made, Scaffolded};

/// Files that functions share: splitter merges what is there into them, so that they may have changed.
const MERGED: &[&str] = &["Cargo.toml", "Cargo.lock"];

pub(super) fn run(args: &Scaffold) -> Result<(), Error> {
    let (what, path) = wanted(args)?;
    let app = app_dir(&path);
    let dir = args.out.clone().unwrap_or_else(|| below(&app, "functions"));
    if args.undo {
        return undo(&app, &dir, what.as_deref().unwrap_or_default(), args.force);
    }
    let relative = relative_to(&app, &dir);
    if args.apply && !args.force {
        monolith::refuse_dirty(&app, relative.as_deref())?;
    }
    let config = read_config(&app, &args::Analysis::default())?;
    let (model, plan, sources) = last_analysis(&app, &path)?;

    let mut request = Request {
        what,
        targets: if args.target.is_empty() { config.targets } else { args.target.clone() },
        cut: match args.cut {
            Some(args::Cut::Copy) => scaffold::Cut::Copy,
            Some(args::Cut::Ask) => scaffold::Cut::Ask,
            None => scaffold::Cut::Refuse,
        },
        app: way(&dir, &app),
        demands: BTreeMap::new(),
    };
    let progress = Progress::new(false);
    progress.say("cutting the code out");
    let manifests = manifests(&app, &model);
    let lock = std::fs::read_to_string(app.join("Cargo.lock")).ok();
    let existing: BTreeMap<String, String> = MERGED
        .iter()
        .filter_map(|name| Some((name.to_string(), std::fs::read_to_string(dir.join(name)).ok()?)))
        .collect();
    let inputs = Inputs {
        sources: &sources,
        manifests: &manifests,
        lock: lock.as_deref(),
        assets: &disk::Below::new(&app),
        existing: &existing,
    };
    let make = |request: &Request| {
        scaffold::scaffold(request, &model, &plan, &inputs)
            .map_err(|refusal| Error::Usage(refused(&refusal, &model)))
    };
    let mut made = make(&request)?;
    write(&dir, args.force, &made, None)?;
    let mut check = None;
    if args.check && !made.functions.is_empty() {
        for round in 0.. {
            progress.say(match round {
                0 => "compiling".to_owned(),
                _ => format!("compiling with what was missing, round {}", round + 1),
            });
            let packages: Vec<String> =
                made.functions.iter().flat_map(|function| function.packages.iter().cloned()).collect();
            let queries = made.files.files.keys().any(|name| name.contains("/.sqlx/"));
            let result = cargo::check(&dir, &packages, queries)?;
            let mended = round < ROUNDS && mend(&mut request, &model, &sources, &made, &result, round);
            check = Some(result);
            if !mended {
                break;
            }
            let next = make(&request)?;
            write(&dir, args.force, &next, Some(&made))?;
            made = next;
        }
    }
    if args.apply {
        monolith::write(&app, &made.monolith)?;
    }
    drop(progress);
    let outcome = Outcome {
        model: &model,
        dir: &dir,
        sources: &sources,
        made: &made,
        check: check.as_ref(),
        demands: &request.demands,
        applied: args.apply.then(|| made.monolith.iter().map(|change| change.path.as_str()).collect()),
    };
    console::data(&match args.format {
        Some(args::JsonFormat::Json) => outcome.json()?,
        None => outcome.text(),
    })?;
    outcome.verdict()
}

/// Rounds of compiling and bringing what is missing.
const ROUNDS: u32 = 7;

/// Writes what is new or changed since `before`.
fn write(dir: &Path, force: bool, made: &Made, before: Option<&Made>) -> Result<(), Error> {
    if made.functions.is_empty() {
        return Ok(());
    }
    let files: Vec<(String, Content<'_>)> = made
        .files
        .files
        .iter()
        // What cargo made of the lock file in the meantime stays.
        .filter(|(name, bytes)| {
            before.is_none_or(|before| {
                name.as_str() != "Cargo.lock" && before.files.files.get(*name) != Some(bytes)
            })
        })
        .map(|(name, bytes)| {
            (name.clone(), Box::new(|out: &mut dyn std::io::Write| out.write_all(bytes)) as Content<'_>)
        })
        .collect();
    OutDir::open(dir, force)?.merging(MERGED).write(files)
}

/// Extends the demands of the functions that do not compile; whether there is anything to try.
fn mend(
    request: &mut Request,
    model: &Model,
    sources: &Sources,
    made: &Made,
    check: &cargo::Check,
    round: u32,
) -> bool {
    let mut any = false;
    for function in made.functions.iter().filter(|function| !check.passed(&function.packages)) {
        let faults: Vec<Fault> = check
            .errors(&function.packages)
            .into_iter()
            .map(|error| Fault {
                file: error.file.clone(),
                line: u32::try_from(error.line).unwrap_or(0),
                code: error.code.clone(),
                text: format!("{}\n{}", error.message, error.notes),
            })
            .collect();
        let mut demand = request.demands.get(&function.name).cloned().unwrap_or_default();
        if scaffold::mend(model, sources, function, &faults, round, &mut demand) {
            request.demands.insert(function.name.clone(), demand);
            any = true;
        }
    }
    any
}

/// Takes a function back and says what went.
fn undo(app: &Path, dir: &Path, name: &str, force: bool) -> Result<(), Error> {
    let undone = monolith::undo(app, dir, name, force)?;
    let mut text = format!("Removed {} of {}\n", count(undone.files, "generated file"), plain(name));
    if !undone.restored.is_empty() {
        _ = writeln!(text, "The switch was taken out of {}", plain(&undone.restored.join(", ")));
    }
    console::data(&text)
}

/// What to scaffold and which application: with `--all`, the only name is the directory.
fn wanted(args: &Scaffold) -> Result<(Option<String>, PathBuf), Error> {
    match (args.all, &args.name, &args.path) {
        (true, name, None) => Ok((None, name.as_ref().map_or_else(|| ".".into(), PathBuf::from))),
        (true, Some(name), Some(_)) => {
            Err(Error::Usage(format!("--all takes every deployable; leave `{name}` or --all out")))
        }
        (false, Some(name), path) => Ok((Some(name.clone()), path.clone().unwrap_or_else(|| ".".into()))),
        (_, None, _) => Err(Error::Usage(
            "say what to scaffold: a service, a deployable, an entry point, or --all; `splitter export steps` lists \
             the order"
                .into(),
        )),
    }
}

/// The last analysis with the texts that it saw; without one, a fresh analysis in memory.
fn last_analysis(app: &Path, path: &Path) -> Result<(Model, Plan, Sources), Error> {
    match read_analysis(app, &out_dir(app, None)) {
        Ok((model, plan)) => {
            let (sources, changed) = reread(app, &model);
            match changed.first() {
                Some(first) => Err(Error::Stale { path: app.join(first) }),
                None => Ok((model, plan, sources)),
            }
        }
        Err(Error::NoArtifact { .. }) => {
            let analysis = analyse(path, &args::Analysis::default())?;
            Ok((analysis.model, analysis.plan, analysis.sources))
        }
        Err(error) => Err(error),
    }
}

/// Every manifest of the application by its relative path.
fn manifests(app: &Path, model: &Model) -> BTreeMap<String, String> {
    let packages = model.packages.iter().map(|package| package.manifest.clone());
    packages
        .chain(["Cargo.toml".to_string()])
        .filter_map(|manifest| {
            let text = read_text(&app.join(&manifest)).ok()?;
            Some((manifest, text))
        })
        .collect()
}

/// `dir` relative to `app` with `/`, where it lies inside.
fn relative_to(app: &Path, dir: &Path) -> Option<String> {
    // The output need not exist yet, so that it cannot be canonicalised itself.
    let absolute = |path: &Path| std::path::absolute(path).ok();
    let (app, dir) = (absolute(app)?, absolute(dir)?);
    let inside = dir.strip_prefix(app).ok()?;
    let parts: Option<Vec<_>> = inside
        .components()
        .map(|part| match part {
            Component::Normal(part) => part.to_str(),
            _ => None,
        })
        .collect();
    Some(parts?.join("/"))
}

/// The way from one directory to another with `/`; neither need exist.
fn way(from: &Path, to: &Path) -> String {
    // The output need not exist yet, so that it cannot be canonicalised itself.
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.into());
    let (from, to) = (absolute(from), absolute(to));
    let plain = |path: &Path| -> Vec<String> {
        path.components()
            .filter(|part| !matches!(part, Component::CurDir))
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect()
    };
    let (from, to) = (plain(&from), plain(&to));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    let way: Vec<&str> = up.chain(to[shared..].iter().map(String::as_str)).collect();
    if way.is_empty() { ".".into() } else { way.join("/") }
}

fn refused(refusal: &Refusal, model: &Model) -> String {
    let place = refusal.place.map_or_else(String::new, |place| format!(" ({})", place_text(place, model)));
    format!("{}: {}{place}; {}", refusal.what, refusal.reason, refusal.remedy)
}

fn place_text(place: Place, model: &Model) -> String {
    let path = model.files.get(place.file).map_or("?", |file| file.path.as_str());
    format!("{path}:{}", place.line)
}

struct Outcome<'a> {
    model: &'a Model,
    dir: &'a Path,
    sources: &'a Sources,
    made: &'a Made,
    /// What cargo said, where it was asked.
    check: Option<&'a cargo::Check>,
    demands: &'a BTreeMap<String, Demand>,
    /// Files of the application that the switch was put into, where that was wanted.
    applied: Option<Vec<&'a str>>,
}

/// Something that is left to do, with the file that it is about.
struct Left {
    file: String,
    line: u32,
    what: String,
}

impl Outcome<'_> {
    fn compiles(&self, function: &Scaffolded) -> Option<bool> {
        self.check.map(|check| check.passed(&function.packages))
    }

    fn gap(&self, gap: &Gap) -> Left {
        let file = gap.place.and_then(|place| self.model.files.get(place.file));
        Left {
            file: file.map_or(String::new(), |file| file.path.clone()),
            line: gap.place.map_or(0, |place| place.line),
            what: gap.what.clone(),
        }
    }

    /// What the compiler could not be satisfied with, at the place in the user's code where there is one.
    fn errors(&self, function: &Scaffolded) -> Vec<Left> {
        let errors = self.check.map(|check| check.errors(&function.packages)).unwrap_or_default();
        errors
            .into_iter()
            .map(|error| {
                let line = u32::try_from(error.line).unwrap_or(0);
                let origin =
                    scaffold::origin(self.model, self.sources, self.made, function, &error.file, line);
                let code = if error.code.is_empty() { String::new() } else { format!(" ({})", error.code) };
                let what = format!("{}{code}", error.message);
                match origin.and_then(|place| Some((self.model.files.get(place.file)?, place.line))) {
                    Some((file, line)) => Left { file: file.path.clone(), line, what },
                    None => Left { file: error.file.clone(), line, what },
                }
            })
            .collect()
    }

    fn json(&self) -> Result<String, Error> {
        let show = |left: Left| json!({"file": left.file, "line": left.line, "what": left.what});
        let functions = self.made.functions.iter().map(|function| {
            let gaps = function.gaps.iter().map(|gap| self.gap(gap)).chain(self.errors(function));
            let mut row = json!({
                "name": function.name,
                "compiles": self.compiles(function),
                "gaps": gaps.map(show).collect::<Vec<_>>(),
                "lines_moved": function.lines_moved,
                "dependencies": function.dependencies,
                "files": function.files,
                "patched": function.patched,
            });
            if let Some(demand) = self.demands.get(&function.name) {
                row["mended"] = json!(scaffold::describe(self.model, demand));
            }
            row
        });
        let refused = self.made.refused.iter().map(|refusal| {
            let reason =
                Gap { place: refusal.place, what: format!("{}; {}", refusal.reason, refusal.remedy) };
            json!({
                "name": refusal.what, "compiles": false, "refused": true, "gaps": [show(self.gap(&reason))],
                "lines_moved": 0, "dependencies": [], "files": [],
            })
        });
        let mut rows: Vec<_> = functions.chain(refused).collect();
        rows.sort_by(|a, b| a["name"].as_str().cmp(&b["name"].as_str()));
        let document = json!({"schema": "splitter-scaffold/1", "deployables": rows});
        let text =
            serde_json::to_string_pretty(&document).map_err(|error| Error::Usage(error.to_string()))?;
        Ok(text + "\n")
    }

    fn text(&self) -> String {
        let functions = &self.made.functions;
        let mut text = String::new();
        let width = functions.iter().map(|function| function.name.len()).max().unwrap_or(0);
        for function in functions {
            let compiled = match self.compiles(function) {
                Some(true) => format!("  {GREEN}compiles{RESET}"),
                Some(false) => format!("  {RED}does not compile{RESET}"),
                None => String::new(),
            };
            _ = writeln!(
                text,
                "{BOLD}{:<width$}{RESET}{compiled}  {}, {}  {DIM}{}{RESET}",
                plain(&function.name),
                count(function.lines_moved as usize, "line"),
                count(function.dependencies.len(), "dependency"),
                plain(&self.dir.join(&function.name).display().to_string()),
            );
            if let Some(demand) = self.demands.get(&function.name) {
                _ = writeln!(text, "  {DIM}the compiler asked for {}{RESET}", plain(&asked(demand)));
            }
            for gap in &function.gaps {
                let place = gap
                    .place
                    .map_or_else(String::new, |place| format!("{}: ", place_text(place, self.model)));
                _ = writeln!(text, "  {YELLOW}to do{RESET} {}", plain(&format!("{place}{}", gap.what)));
            }
            for error in self.errors(function) {
                let error = format!("{}:{}: {}", error.file, error.line, error.what);
                _ = writeln!(text, "  {RED}error{RESET} {}", plain(&error));
            }
        }
        match self.applied.as_deref() {
            None => {}
            Some([]) => _ = writeln!(text, "The application has its switch already"),
            Some(files) => {
                _ = writeln!(text, "The switch was put into {}", plain(&files.join(", ")));
            }
        }
        for refusal in &self.made.refused {
            _ = writeln!(text, "{YELLOW}refused{RESET} {}", plain(&refused(refusal, self.model)));
        }
        match functions.as_slice() {
            [] => {}
            [function] => {
                let readme = self.dir.join(&function.name).join("README.md");
                _ = writeln!(text, "The next steps are in {}", plain(&readme.display().to_string()));
            }
            _ => _ = writeln!(text, "The next steps are in each function's README.md"),
        }
        if self.check.is_none() && !functions.is_empty() {
            _ = writeln!(text, "{DIM}Nothing was compiled; --check does that{RESET}");
        }
        text
    }

    /// The gate: with `--check`, everything compiles and nothing was refused.
    fn verdict(&self) -> Result<(), Error> {
        if self.check.is_none() {
            return Ok(());
        }
        let functions = &self.made.functions;
        let failed = functions.iter().filter(|function| self.compiles(function) == Some(false)).count()
            + self.made.refused.len();
        if failed == 0 {
            return Ok(());
        }
        let all = functions.len() + self.made.refused.len();
        Err(Error::Gate(format!(
            "{failed} of {} did not pass the check; the list above says why",
            count(all, "function")
        )))
    }
}

/// What was kept beyond what was read off the text.
fn asked(demand: &Demand) -> String {
    let parts = [
        (demand.items.len(), "item"),
        (demand.modules.len(), "whole module"),
        (demand.crates.len(), "whole crate"),
        (demand.externs.len(), "dependency"),
    ];
    let mut parts: Vec<String> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| count(n, what)).collect();
    if demand.uncut {
        parts.push("the routes of others".into());
    }
    if demand.plain {
        parts.push("plain calls".into());
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_the_compiler_asked_for_is_named() {
        use crate::base::Id;
        let package = crate::model::PackageIdx::from_usize(0);
        let externs = ["serde".to_owned(), "uuid".to_owned()].map(|krate| (package, krate)).into();
        let demand = Demand { externs, uncut: true, ..Demand::default() };
        assert_eq!(asked(&demand), "2 dependencies, the routes of others");
    }

    #[test]
    fn the_way_leads_up_and_down() {
        let way = |from: &str, to: &str| way(Path::new(from), Path::new(to));
        assert_eq!(way("/a/app/functions", "/a/app"), "..");
        assert_eq!(way("/out/x", "/a/app"), "../../a/app");
        assert_eq!(way("/a", "/a"), ".");
    }
}
