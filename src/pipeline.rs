//! The whole line on one page.
//!
//! ```text
//! discover  → parse       → resolve → facts → propose → fitness
//! Workspace   ParsedFiles   Program   Model   Plan      Findings
//! ```

use std::path::Path;

use crate::base::arena::more_room;
use crate::base::{SourceFile, Sources};
use crate::config::{self, Config};
use crate::discover::{FeatureChoice, discover_without};
use crate::error::{ConfigError, Error};
use crate::facts::{Catalogs, facts};
use crate::fitness::fitness;
use crate::model::{Model, Plan};
use crate::parse::tree::items::ItemTree;
use crate::parse::{parse, parse_file};
use crate::propose::{self, Observed, ProposeError, propose};
use crate::resolve::{Program, read_stubs, resolve};

/// Where the line is; told before each room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Files are read.
    Discover,
    /// So many files are parsed.
    Parse { n_files: usize },
    /// Paths and calls get their meaning.
    Resolve,
    /// Entry points, tables, state are found.
    Facts,
    /// Services are proposed.
    Propose,
    /// The split is checked.
    Fitness,
}

/// What the line gives.
#[derive(Debug)]
pub struct Analysis {
    /// The text that was read, for snippets.
    pub sources: Sources,
    /// What is known about the application.
    pub model: Model,
    /// The proposed split.
    pub plan: Plan,
    _syntax: Leftover,
}

/// What nobody needs any more. It is many small pieces: they are given back by a thread of their own,
/// and where the process ends first, not at all.
#[derive(Debug)]
struct Leftover(Option<Program>);

impl Drop for Leftover {
    fn drop(&mut self) {
        let program = self.0.take();
        // Where no thread can be had, the pieces go on this one.
        _ = std::thread::Builder::new().spawn(move || drop(program));
    }
}

/// Analyses the application in the directory `root`. Only reads.
///
/// # Errors
/// As [`analyze_beside`].
pub fn analyze(root: &Path, config: &Config, watch: &dyn Fn(Stage)) -> Result<Analysis, Error> {
    Ok(analyze_beside(root, config, Observed::default(), watch, |_| ())?.0)
}

/// Analyses the application in the directory `root`, and takes into account what was `observed` of it.
/// Only reads. What `beside` makes of the model is made while services are proposed.
///
/// Runs on the rayon pool that it is called in; give its threads a big stack.
///
/// # Errors
/// Where the directory or its manifest cannot be read. The user's code is never an error.
pub fn analyze_beside<T: Send>(
    root: &Path,
    config: &Config,
    observed: Observed,
    watch: &dyn Fn(Stage),
    beside: impl FnOnce(&Model) -> T + Send,
) -> Result<(Analysis, T), Error> {
    watch(Stage::Discover);
    let features =
        FeatureChoice { features: config.features.clone(), no_defaults: config.no_default_features };
    let (workspace, catalogs) =
        rayon::join(|| discover_without(root, &config.exclusions(), &features), || catalogs(config));
    let (catalogs, workspace) = (catalogs?, workspace?);

    watch(Stage::Parse { n_files: workspace.sources.files.len() });
    let (mut files, own) = rayon::join(
        || parse(&workspace),
        || {
            read_stubs(&workspace, !config.stub_texts.is_empty());
            stubs(config)
        },
    );
    files.stubs = own?;

    watch(Stage::Resolve);
    rayon::broadcast(|_| more_room());
    let program = resolve(&workspace, files);

    watch(Stage::Facts);
    rayon::broadcast(|_| more_room());
    let model = facts(&workspace, &program, &catalogs);

    watch(Stage::Propose);
    rayon::broadcast(|_| more_room());
    let options = propose::Options { observed, ..wishes(config) };
    let (plan, made) = rayon::join(|| propose(&model, &options), || beside(&model));
    let mut plan = plan.map_err(|error| unfulfillable(&error))?;

    watch(Stage::Fitness);
    plan.findings = fitness(&model, &plan);

    Ok((Analysis { sources: workspace.sources, model, plan, _syntax: Leftover(Some(program)) }, made))
}

/// The built-in catalogs and the user's.
fn catalogs(config: &Config) -> Result<Catalogs, Error> {
    config.catalog_texts.iter().try_fold(Catalogs::builtin(), |catalogs, (path, text)| {
        catalogs.with_user(text).map_err(|message| config_error(path, message.trim_end().to_string()))
    })
}

/// What the user declares of crates outside.
fn stubs(config: &Config) -> Result<Vec<(String, ItemTree)>, Error> {
    let stubs = config.stub_texts.iter().map(|(path, text)| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().replace('-', "_");
        if matches!(name.as_str(), "std" | "core" | "alloc") {
            return Err(config_error(
                path,
                format!("`{name}` cannot be replaced; name the file after another crate"),
            ));
        }
        let parsed = parse_file(&SourceFile::new(path.to_string_lossy(), text), &[]);
        match parsed.error {
            Some((line, message)) => Err(config_error(path, format!("line {line}: {message}"))),
            None => Ok((name, parsed.tree)),
        }
    });
    stubs.collect()
}

fn config_error(path: &Path, message: String) -> Error {
    Error::Config(Box::new(ConfigError {
        path: path.into(),
        text: String::new(),
        range: None,
        message,
        help: None,
    }))
}

/// A wish that cannot be obeyed is for the user to correct.
fn unfulfillable(error: &ProposeError) -> Error {
    let message = error.to_string();
    match error {
        // Mostly of the command line.
        ProposeError::BadServiceCount { .. } => Error::Usage(message),
        _ => config_error(Path::new(config::FILE_NAME), message),
    }
}

/// The part of the configuration that `propose` wants.
fn wishes(config: &Config) -> propose::Options {
    let pairs = |items: &[String]| {
        let mut pairs = Vec::new();
        for (idx, a) in items.iter().enumerate() {
            pairs.extend(items[idx + 1..].iter().map(|b| (a.clone(), b.clone())));
        }
        pairs
    };
    propose::Options {
        services: config.services,
        granularity: config.granularity,
        weights: config.weights.clone(),
        pins: config.pin.iter().map(|pin| (pin.item.clone(), pin.service.clone())).collect(),
        together: config.together.iter().map(|tied| tied.items.clone()).collect(),
        apart: config.apart.iter().flat_map(|kept| pairs(&kept.items)).collect(),
        ..propose::Options::default()
    }
}
