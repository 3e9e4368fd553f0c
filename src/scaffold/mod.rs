//! Generates one extracted function: the user's own text, sliced, with a thin binary around it.
//!
//! In: a [`Model`], its [`Plan`], the source texts and manifests. Out: a [`FileSet`] in memory. Cannot
//! happen here: I/O.
//!
//! ```text
//! entry points → router or job function → closure of items → slices (cut text) → manifests → targets
//! ```

mod assets;
mod calls;
mod closure;
mod deployable;
mod entry;
mod file_set;
mod golden;
mod grants;
mod http;
mod job;
mod listed;
mod manifest;
mod mend;
mod moved;
mod names;
mod naming;
mod notes;
mod patch;
mod registration;
mod requests;
mod routing;
mod samples;
mod served;
mod settings;
mod slice;
mod supply;
mod switch;
mod target;
mod targets;
mod undo;
mod watch;

#[cfg(test)]
mod tests;

pub use deployable::{Unit, all};
pub use file_set::FileSet;
pub use grants::Grant;
pub use mend::{Demand, Fault, describe, mend, origin};
pub use moved::{Drift, FILE as MOVED_FILE, drift};
pub use patch::{FileChange, Patch};
pub use target::{ServiceSlice, TARGETS, Target, Trigger};
pub use undo::workspace_without;

use std::collections::BTreeMap;

use crate::base::{Place, Sources};
use crate::model::{Model, ModuleIdx, Plan};

/// What to scaffold, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// A service's name, a deployable's name, an entry point's title (`GET /api/orders`,
    /// `cron nightly-report`), or the path of its handler. `None` for every deployable of the plan.
    pub what: Option<String>,
    /// Names of [`TARGETS`]; empty for those that are made by default.
    pub targets: Vec<String>,
    /// What to do about code that a cut would break.
    pub cut: Cut,
    /// The way from the output directory to the analysed one: `..`.
    pub app: String,
    /// What a compiler asked for in an earlier round, by the function's name.
    pub demands: BTreeMap<String, Demand>,
}

impl Default for Request {
    fn default() -> Self {
        Self { what: None, targets: Vec::new(), cut: Cut::Refuse, app: "..".into(), demands: BTreeMap::new() }
    }
}

/// What to do about code that a cut would break.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cut {
    /// Refuse, with the reason.
    #[default]
    Refuse,
    /// Copy the code; the database stays shared for now.
    Copy,
    /// Leave behind what other services can be asked for, and refuse what they cannot.
    Ask,
}

/// Files that scaffolding may need beside Rust sources: migrations, embedded texts, query data.
pub trait Assets {
    /// Relative paths of all files under a relative directory, sorted; empty where there is none.
    fn under(&self, dir: &str) -> Vec<String>;
    /// The content of the file at a relative path.
    fn read(&self, path: &str) -> Option<Vec<u8>>;
}

impl Assets for BTreeMap<String, Vec<u8>> {
    fn under(&self, dir: &str) -> Vec<String> {
        let prefix = format!("{}/", dir.trim_end_matches('/'));
        self.keys().filter(|path| path.starts_with(&prefix)).cloned().collect()
    }
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.get(path).cloned()
    }
}

/// The texts that scaffolding works on.
pub struct Inputs<'a> {
    /// The files of `Model::files`, with the same ids.
    pub sources: &'a Sources,
    /// Relative path of each `Cargo.toml`, the workspace's included → its text.
    pub manifests: &'a BTreeMap<String, String>,
    /// The text of the application's `Cargo.lock`.
    pub lock: Option<&'a str>,
    /// Everything else.
    pub assets: &'a dyn Assets,
    /// `Cargo.toml` and `Cargo.lock` of the output directory, where they exist.
    pub existing: &'a BTreeMap<String, String>,
}

/// Something that could not be generated and is left to the user.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// Where in the user's code.
    pub place: Option<Place>,
    /// One sentence: what is missing and what to do.
    pub what: String,
}

impl Gap {
    /// A gap.
    pub fn new(place: Option<Place>, what: impl Into<String>) -> Self {
        Self { place, what: what.into() }
    }
}

/// Why nothing is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What was to be scaffolded.
    pub what: String,
    /// One sentence.
    pub reason: String,
    /// Where in the user's code.
    pub place: Option<Place>,
    /// What to do instead.
    pub remedy: String,
}

/// One generated function.
#[derive(Clone, Debug, Default)]
pub struct Scaffolded {
    /// Its name, also its directory.
    pub name: String,
    /// Names of its packages.
    pub packages: Vec<String>,
    /// Method and path of the routes that it answers.
    pub routes: Vec<(String, String)>,
    /// What is left to the user.
    pub gaps: Vec<Gap>,
    /// Lines of the user's that were moved, blank ones left out.
    pub lines_moved: u32,
    /// Registry names of the dependencies kept, sorted.
    pub dependencies: Vec<String>,
    /// Its files, relative to the output directory; sorted.
    pub files: Vec<String>,
    /// Directory of each sliced crate, relative to the output directory, and its root module.
    pub crates: Vec<(String, ModuleIdx)>,
    /// Paths of the monolith's files that its patch changes or adds; empty where there is no patch.
    pub patched: Vec<String>,
}

/// What was generated.
#[derive(Clone, Debug, Default)]
pub struct Scaffold {
    /// All files, relative to the output directory.
    pub files: FileSet,
    /// The functions, sorted by name.
    pub functions: Vec<Scaffolded>,
    /// Deployables of a request for all that were refused.
    pub refused: Vec<Refusal>,
    /// What all the functions' patches together make of the monolith's files.
    pub monolith: Vec<FileChange>,
}

/// Generates the functions of a request.
///
/// # Errors
/// Where the request names nothing, or what it names cannot be cut out as it is. A request for every
/// deployable collects such refusals instead.
pub fn scaffold(
    request: &Request,
    model: &Model,
    plan: &Plan,
    inputs: &Inputs<'_>,
) -> Result<Scaffold, Refusal> {
    let targets = target::select(&request.targets)?;
    let units = deployable::units(request, model, plan)?;
    let names = names::Names::new(model).with_aliases(inputs.sources);
    let manifests = manifest::Manifests::new(inputs);
    let calls = calls::Site::new(&names, plan, inputs, &manifests);
    let mut out = Scaffold::default();
    let mut seams = switch::Seam::default();
    for unit in &units {
        if let Some(refusal) = deployable::refusal(unit, request, model, plan) {
            if request.what.is_some() {
                return Err(refusal);
            }
            out.refused.push(refusal);
            continue;
        }
        match entry::generate(unit, request, &calls, &targets) {
            Ok((files, function, seam)) => {
                out.files.extend(files);
                seams.extend(&seam);
                out.functions.push(function);
            }
            Err(refusal) if request.what.is_some() => return Err(refusal),
            Err(refusal) => out.refused.push(refusal),
        }
    }
    if request.what.is_none() {
        out.refused.extend(deployable::without_trigger(model, plan));
        out.refused.sort_by(|a, b| a.what.cmp(&b.what));
    }
    out.monolith = seams.changes(inputs);
    manifest::workspace(&mut out, &request.app, inputs);
    Ok(out)
}
