//! `splitter scaffold`: one service or entry point as a function of its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use serde_json::json;

use super::args::{self, Scaffold};
use super::artifacts::{Content, OutDir, app_dir, below, out_dir, read_analysis, read_text};
use super::console::{self, BOLD, DIM, GREEN, Progress, RED, RESET, YELLOW, count, plain};
use super::report::reread;
use super::{analyse, cargo, disk, read_config};
use crate::base::{Place, Sources};
use crate::error::Error;
use crate::model::{Model, Plan};
use crate::scaffold::{self, Gap, Inputs, Refusal, Request, Scaffolded};

/// Files that functions share: splitter merges what is there into them, so that they may have changed.
const MERGED: &[&str] = &["Cargo.toml", "Cargo.lock"];

pub(super) fn run(args: &Scaffold) -> Result<(), Error> {
    let (what, path) = wanted(args)?;
    let app = app_dir(&path);
    let dir = args.out.clone().unwrap_or_else(|| below(&app, "functions"));
    let config = read_config(&app, &args::Analysis::default())?;
    let (model, plan, sources) = last_analysis(&app, &path)?;

    let out = OutDir::open(&dir, args.force)?.merging(MERGED);
    let request = Request {
        what,
        targets: if args.target.is_empty() { config.targets } else { args.target.clone() },
        cut: match args.cut {
            Some(args::Cut::Copy) => scaffold::Cut::Copy,
            None => scaffold::Cut::Refuse,
        },
        out: relative_to(&app, &dir).unwrap_or_else(|| "functions".into()),
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
    let made = scaffold::scaffold(&request, &model, &plan, &inputs)
        .map_err(|refusal| Error::Usage(refused(&refusal, &model)))?;
    let files: Vec<(String, Content<'_>)> = made
        .files
        .files
        .iter()
        .map(|(name, bytes)| {
            (name.clone(), Box::new(|out: &mut dyn std::io::Write| out.write_all(bytes)) as Content<'_>)
        })
        .collect();
    if !made.functions.is_empty() {
        out.write(files)?;
    }

    let mut checks = Vec::new();
    for function in made.functions.iter().filter(|_| args.check) {
        progress.say(format!("compiling {}", function.name));
        checks.push(cargo::check(&dir, &function.packages)?);
    }
    drop(progress);
    let outcome = Outcome {
        model: &model,
        dir: &dir,
        functions: &made.functions,
        refused: &made.refused,
        checks: &checks,
    };
    console::data(&match args.format {
        Some(args::JsonFormat::Json) => outcome.json()?,
        None => outcome.text(),
    })?;
    outcome.verdict()
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
    functions: &'a [Scaffolded],
    refused: &'a [Refusal],
    /// One per function where they were compiled, else empty.
    checks: &'a [cargo::Check],
}

impl Outcome<'_> {
    fn compiles(&self, idx: usize) -> Option<bool> {
        self.checks.get(idx).map(cargo::Check::passed)
    }

    fn json(&self) -> Result<String, Error> {
        let gap = |gap: &Gap| {
            let file =
                gap.place.and_then(|place| self.model.files.get(place.file)).map_or("", |file| &file.path);
            json!({"file": file, "line": gap.place.map_or(0, |place| place.line), "what": gap.what})
        };
        let mut rows: Vec<_> = self
            .functions
            .iter()
            .enumerate()
            .map(|(idx, function)| {
                let errors = self.checks.get(idx).into_iter().flat_map(|check| &check.errors);
                let errors = errors
                    .map(|error| json!({"file": error.file, "line": error.line, "what": error.message}));
                let gaps: Vec<_> = function.gaps.iter().map(gap).chain(errors).collect();
                json!({
                    "name": function.name,
                    "compiles": self.compiles(idx),
                    "gaps": gaps,
                    "lines_moved": function.lines_moved,
                    "dependencies": function.dependencies,
                    "files": function.files,
                })
            })
            .collect();
        rows.extend(self.refused.iter().map(|refusal| {
            let reason =
                Gap { place: refusal.place, what: format!("{}; {}", refusal.reason, refusal.remedy) };
            json!({
                "name": refusal.what, "compiles": false, "refused": true, "gaps": [gap(&reason)],
                "lines_moved": 0, "dependencies": [], "files": [],
            })
        }));
        let document = json!({"schema": "splitter-scaffold/1", "deployables": rows});
        let text =
            serde_json::to_string_pretty(&document).map_err(|error| Error::Usage(error.to_string()))?;
        Ok(text + "\n")
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let width = self.functions.iter().map(|function| function.name.len()).max().unwrap_or(0);
        for (idx, function) in self.functions.iter().enumerate() {
            let compiled = match self.compiles(idx) {
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
            for gap in &function.gaps {
                let place = gap
                    .place
                    .map_or_else(String::new, |place| format!("{}: ", place_text(place, self.model)));
                _ = writeln!(text, "  {YELLOW}to do{RESET} {}", plain(&format!("{place}{}", gap.what)));
            }
            for error in self.checks.get(idx).into_iter().flat_map(|check| &check.errors) {
                let error = format!("{}:{}: {}", error.file, error.line, error.message);
                _ = writeln!(text, "  {RED}error{RESET} {}", plain(&error));
            }
        }
        for refusal in self.refused {
            _ = writeln!(text, "{YELLOW}refused{RESET} {}", plain(&refused(refusal, self.model)));
        }
        match self.functions {
            [] => {}
            [function] => {
                let readme = self.dir.join(&function.name).join("README.md");
                _ = writeln!(text, "The next steps are in {}", plain(&readme.display().to_string()));
            }
            _ => _ = writeln!(text, "The next steps are in each function's README.md"),
        }
        if self.checks.is_empty() && !self.functions.is_empty() {
            _ = writeln!(text, "{DIM}Nothing was compiled; --check does that{RESET}");
        }
        text
    }

    /// The gate: with `--check`, everything compiles and nothing was refused.
    fn verdict(&self) -> Result<(), Error> {
        if self.checks.is_empty() {
            return Ok(());
        }
        let failed = self.checks.iter().filter(|check| !check.passed()).count() + self.refused.len();
        if failed == 0 {
            return Ok(());
        }
        let all = self.functions.len() + self.refused.len();
        Err(Error::Gate(format!(
            "{failed} of {} did not pass the check; the list above says why",
            count(all, "function")
        )))
    }
}
