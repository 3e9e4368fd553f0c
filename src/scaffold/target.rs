//! Where a function runs: one file per target, all behind [`Target`].

use crate::model::EntryPointKind;

use super::targets::{AwsLambda, Azure, Container, Vercel};
use super::{FileSet, Grant, Refusal};

/// Everything that a target needs to know about a sliced function.
#[derive(Clone, Debug)]
pub struct ServiceSlice {
    /// Safe, unique name.
    pub name: String,
    /// The service's name.
    pub service: String,
    /// What starts it.
    pub trigger: Trigger,
    /// Name of the package that holds the entry module.
    pub package: String,
    /// Directory of that package below the function's directory.
    pub package_dir: String,
    /// Name of the entry module.
    pub module: String,
    /// Requirement of axum in the monolith.
    pub axum: String,
    /// Whether that is older than 0.7 and speaks the older HTTP types.
    pub old_http: bool,
    /// HTTP is served by the application's own start-up, `serve()` of the entry module, instead of an axum router.
    pub served: bool,
    /// Whether the binary has to set up logging, because the moved code does not.
    pub logs: bool,
    /// Whether a job must leave logging alone, because it starts the application, which sets it up.
    pub quiet: bool,
    /// Path below which it answers what other services ask: `/internal/orders/`.
    pub answers: Option<String>,
    /// Environment variables that the moved code reads, sorted.
    pub env: Vec<String>,
    /// What it may do with services of AWS.
    pub grants: Vec<Grant>,
    /// Directories and files (relative to the output directory) that a build needs.
    pub build_context: Vec<String>,
}

/// What starts a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// HTTP requests: method and full path.
    Http(Vec<(String, String)>),
    /// A schedule, as written in the monolith.
    Cron(Option<String>),
    /// Events of a topic.
    Consumer(String),
}

impl Trigger {
    /// The kind of its entry points.
    pub fn kind(&self) -> EntryPointKind {
        match self {
            Self::Http(_) => EntryPointKind::Http,
            Self::Cron(_) => EntryPointKind::Cron,
            Self::Consumer(_) => EntryPointKind::Consumer,
        }
    }
}

/// A place where functions run.
pub trait Target: Sync {
    /// `aws-lambda`.
    fn name(&self) -> &'static str;
    /// Whether it is made where the user names no target.
    fn by_default(&self) -> bool {
        true
    }
    /// One sentence for the function's README: how to deploy.
    fn deploy(&self, service: &ServiceSlice) -> String;
    /// Why the target cannot run a function, where it cannot; nothing is emitted then.
    fn obstacle(&self, service: &ServiceSlice) -> Option<String> {
        let _ = service;
        None
    }
    /// Writes the target's files below the function's directory and gives the names of its packages'
    /// directories there.
    fn emit(&self, service: &ServiceSlice, out: &mut FileSet) -> Vec<String>;
}

/// All targets.
pub const TARGETS: &[&dyn Target] = &[&AwsLambda, &Container, &Azure, &Vercel];

/// The targets of a request.
pub(super) fn select(wanted: &[String]) -> Result<Vec<&'static dyn Target>, Refusal> {
    if wanted.is_empty() {
        return Ok(TARGETS.iter().copied().filter(|target| target.by_default()).collect());
    }
    wanted
        .iter()
        .map(|name| {
            TARGETS.iter().find(|target| target.name() == name).copied().ok_or_else(|| Refusal {
                what: name.clone(),
                reason: format!("no target is called `{name}`"),
                place: None,
                remedy: format!(
                    "choose one of {}",
                    TARGETS.iter().map(|target| target.name()).collect::<Vec<_>>().join(", ")
                ),
            })
        })
        .collect()
}
