//! The command line: arguments, progress, reading and writing artifacts.
//!
//! Data goes to standard output, everything else to standard error. Output is made in memory first and
//! written last, so that a command that fails leaves nothing half done.

mod analyze;
mod args;
mod artifacts;
mod cargo;
mod console;
mod disk;
mod explain;
mod export;
mod find;
mod generate;
mod history;
mod monolith;
mod partition;
mod report;
mod scaffold;
mod status;
mod summary;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{CommandFactory, FromArgMatches};

pub use crate::base::arena::Allocator;

use crate::config::{self, Config};
use crate::error::{ConfigError, EXIT_BUG, EXIT_ERROR, EXIT_OK, Error};
use crate::model::Model;
use crate::pipeline;
use crate::propose::{Observed, Traces};
use args::{Cli, Command};

/// Stack of the worker threads: code is nested deeply in places.
const STACK_BYTES: usize = 64 << 20;

/// Runs splitter with the command line `args`, of which the first is the program; `name` is what the
/// user typed to start it.
pub fn main(args: Vec<OsString>, name: &'static str) -> ExitCode {
    console::set_color_choice();
    let parsed = Cli::command()
        .bin_name(name)
        .try_get_matches_from(args)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let code = match parsed {
        Ok(cli) => guarded(&cli.command),
        Err(error) => {
            // Nobody to read it is no error.
            _ = error.print();
            u8::try_from(error.exit_code()).unwrap_or(EXIT_ERROR)
        }
    };
    ExitCode::from(code)
}

/// Runs a command; turns errors and panics into messages and exit codes.
fn guarded(command: &Command) -> u8 {
    let told = AtomicBool::new(false);
    std::panic::set_hook(Box::new(move |info| {
        // Several workers may fall over the same thing.
        if told.swap(true, Ordering::Relaxed) {
            return;
        }
        let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        let payload = info.payload();
        let what = payload.downcast_ref::<String>().map(String::as_str);
        let what = what.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("unknown panic");
        console::clear_line();
        console::say(&format!(
            "{}bug in splitter{}{place}: {}\nThis is not your code's fault, and nothing was written. Please report it \
             with this message and the smallest source that shows it.",
            console::RED,
            console::RESET,
            console::plain(what),
        ));
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
            console::say(&std::backtrace::Backtrace::force_capture().to_string());
        }
    }));
    match catch_unwind(AssertUnwindSafe(|| run(command))) {
        Ok(Ok(())) => EXIT_OK,
        Ok(Err(error)) => {
            console::error(&error);
            error.exit_code()
        }
        Err(_) => EXIT_BUG,
    }
}

fn run(command: &Command) -> Result<(), Error> {
    let threads = match command {
        Command::Analyze(args) => args.analysis.threads,
        Command::Export(args) => args.analysis.threads,
        Command::Status(args) => args.analysis.threads,
        Command::Explain(args) => args.analysis.threads,
        _ => None,
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.map_or(0, usize::from))
        .stack_size(STACK_BYTES)
        .build()
        .map_err(|error| {
            Error::Usage(format!("cannot start the worker threads: {error}; try --threads 1"))
        })?;
    pool.install(|| match command {
        Command::Analyze(args) => analyze::run(args),
        Command::Report(args) => report::run(args),
        Command::Export(args) => export::run(args),
        Command::Scaffold(args) => scaffold::run(args),
        Command::Status(args) => status::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Partition(args) => partition::run(args),
        Command::Init(args) => generate::init(args),
        Command::Completions(args) => generate::completions(args),
        Command::Man => generate::man(),
    })
}

/// Analyses the application at `path` in memory.
fn analyse(path: &Path, args: &args::Analysis) -> Result<pipeline::Analysis, Error> {
    Ok(analyse_beside(path, args, |_| ())?.0)
}

/// Analyses the application at `path` in memory; what `beside` makes of the model is made while services
/// are proposed.
fn analyse_beside<T: Send>(
    path: &Path,
    args: &args::Analysis,
    beside: impl FnOnce(&Model) -> T + Send,
) -> Result<(pipeline::Analysis, T), Error> {
    let app = artifacts::app_dir(path);
    let config = read_config(&app, args)?;
    let observed = observed(&app, args)?;
    let progress = console::Progress::new(args.quiet);
    let watch = |stage| progress.stage(stage);
    pipeline::analyze_beside(&app, &config, observed, &watch, beside).map_err(|error| match error {
        Error::Config(error) => Error::Config(Box::new(located(*error, &config_path(&app, args)))),
        error => error,
    })
}

/// Adds the place in the configuration to an error that was found later: the first quoted name.
fn located(mut error: ConfigError, path: &Path) -> ConfigError {
    let Ok(text) = artifacts::read_text(path) else { return error };
    let place = error
        .message
        .split('`')
        .nth(1)
        .and_then(|name| Some(text.find(name)?..text.find(name)? + name.len()));
    if error.path == Path::new(config::FILE_NAME) && error.text.is_empty() && place.is_some() {
        (error.path, error.text, error.range) = (path.into(), text, place);
    }
    error
}

fn config_path(app: &Path, args: &args::Analysis) -> PathBuf {
    args.config.clone().unwrap_or_else(|| artifacts::below(app, config::FILE_NAME))
}

/// The user's decisions: the file, then what the command line says.
fn read_config(app: &Path, args: &args::Analysis) -> Result<Config, Error> {
    let path = config_path(app, args);
    let mut config = if args.config.is_some() || path.exists() {
        Config::parse(&path, &artifacts::read_text(&path)?)?
    } else {
        Config::default()
    };
    for catalog in &config.catalogs {
        let catalog = path.parent().unwrap_or(Path::new("")).join(catalog);
        let text = artifacts::read_text(&catalog)?;
        config.catalog_texts.push((catalog, text));
    }
    for stub in &config.stubs {
        let stub = path.parent().unwrap_or(Path::new("")).join(stub);
        let text = artifacts::read_text(&stub)?;
        config.stub_texts.push((stub, text));
    }
    if let Some(services) = args.services {
        config.services = Some(services as usize);
    }
    if let Some(granularity) = args.granularity {
        config.granularity = granularity;
    }
    Ok(config)
}

/// What the user wants taken into account beside the source.
fn observed(app: &Path, args: &args::Analysis) -> Result<Observed, Error> {
    let history = args.history.then(|| history::read(app)).transpose()?;
    let traces = args.traces.as_deref().map(|path| {
        Traces::parse(&artifacts::read_text(path)?).map_err(|message| {
            let help = Some("docs/formats.md describes the file".into());
            let (path, text) = (path.into(), String::new());
            Error::Config(Box::new(ConfigError { path, text, range: None, message, help }))
        })
    });
    Ok(Observed { history, traces: traces.transpose()? })
}
