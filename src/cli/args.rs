//! The arguments, with their help.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

use crate::report::{Format, What};
use crate::scaffold::TARGETS;

/// Turns a Rust monolith into serverless functions, one safe step at a time.
///
/// `analyze` reads the source of an application and proposes how to split it; `scaffold` writes one part
/// of it out as a function of its own. Nothing of the application is compiled or run.
#[derive(Parser, Debug)]
#[command(name = "splitter", version, arg_required_else_help = true, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done · 1 a gate failed (scaffold --check) · \
2 usage, configuration or I/O · 101 a bug of splitter";

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Read an application, propose a split, write the report
    #[command(after_help = "Next: splitter report --open, splitter explain ITEM, splitter scaffold NAME")]
    Analyze(Analyze),
    /// Write the report again from the last analysis
    Report(Report),
    /// Print one kind of fact or proposal for other programs
    Export(Export),
    /// Write one service or entry point out as a function
    Scaffold(Scaffold),
    /// Say what has been extracted, what of it was changed since, and what is left
    Status(Status),
    /// Say why something is where it is
    Explain(Explain),
    /// Propose services for a neutral graph of any language
    Partition(Partition),
    /// Write a commented splitter.toml
    Init(Init),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the manual page
    Man,
}

/// How to analyse.
#[derive(Args, Debug, Clone, Default)]
pub struct Analysis {
    /// Number of worker threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Wished number of services [default: what is most stable]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub services: Option<u32>,
    /// -2 (few, large services) to 2 (many, small ones)
    #[arg(long, value_name = "G", allow_negative_numbers = true, value_parser = clap::value_parser!(i32).range(-2..=2))]
    pub granularity: Option<i32>,
    /// The user's decisions [default: splitter.toml beside the Cargo.toml]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Take into account what changed together and by whom, as the repository's `git log` tells
    #[arg(long)]
    pub history: bool,
    /// Take run-time counts into account: caller,callee,count as CSV or JSON, or spans as OTLP/JSON
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub traces: Option<PathBuf>,
    /// No progress on standard error
    #[arg(long, short)]
    pub quiet: bool,
}

/// `splitter analyze`.
#[derive(Args, Debug)]
pub struct Analyze {
    /// Directory of the package or workspace
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub path: PathBuf,
    /// Directory for report.html, model.json, plan.json [default: PATH/target/splitter]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Overwrite files there that splitter did not write
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub analysis: Analysis,
}

/// `splitter report`.
#[derive(Args, Debug)]
pub struct Report {
    /// Directory that was analysed
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub path: PathBuf,
    /// Show it in the browser
    #[arg(long)]
    pub open: bool,
    /// Directory that holds the analysis and gets the report [default: PATH/target/splitter]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Overwrite a report that was changed since
    #[arg(long)]
    pub force: bool,
}

/// `splitter export`.
#[derive(Args, Debug)]
pub struct Export {
    /// What to print
    #[arg(value_parser = what(), hide_possible_values = true, long_help = what_help())]
    pub what: What,
    /// Directory of the package or workspace
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub path: PathBuf,
    /// Form of the output [default: json, or the only one]
    #[arg(long, value_parser = format())]
    pub format: Option<Format>,
    /// Keep test code
    #[arg(long)]
    pub tests: bool,
    #[command(flatten)]
    pub analysis: Analysis,
}

fn target() -> PossibleValuesParser {
    PossibleValuesParser::new(TARGETS.iter().map(|target| target.name()))
}

fn what() -> impl TypedValueParser<Value = What> {
    PossibleValuesParser::new(What::ALL.map(What::as_str))
        .map(|word| What::parse(&word).expect("one of the listed words"))
}

fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::as_str))
        .map(|word| Format::parse(&word).expect("one of the listed words"))
}

fn what_help() -> String {
    format!("What to print: {}", What::ALL.map(What::as_str).join(", "))
}

/// `splitter scaffold`.
#[derive(Args, Debug)]
pub struct Scaffold {
    /// A service, deployable or entry point ("GET /api/orders"); with --all, the directory
    pub name: Option<String>,
    /// Directory that was analysed
    #[arg(value_hint = ValueHint::DirPath)]
    pub path: Option<PathBuf>,
    /// Where the function will run; may be given several times [default: every target but vercel]
    #[arg(long, value_name = "TARGET", value_parser = target())]
    pub target: Vec<String>,
    /// Directory of the functions' workspace [default: PATH/functions]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Compile the result with cargo; exit code 1 where it does not
    #[arg(long)]
    pub check: bool,
    /// Every deployable of the plan
    #[arg(long)]
    pub all: bool,
    /// What to do with calls and data that cross the cut: `copy` moves what is called along, `ask` leaves it behind
    #[arg(long, value_enum)]
    pub cut: Option<Cut>,
    /// Put the switch into the application's own code as well; refuses changes that are not committed
    #[arg(long)]
    pub apply: bool,
    /// Take back what was generated for NAME, and its switch where it was applied
    #[arg(long, conflicts_with_all = ["apply", "all", "check", "cut", "target"])]
    pub undo: bool,
    /// Print the outcome as JSON
    #[arg(long, value_enum)]
    pub format: Option<JsonFormat>,
    /// Overwrite or remove files that were changed since splitter wrote them; with --apply, change the
    /// application whatever git says
    #[arg(long)]
    pub force: bool,
}

/// What to do with calls that cross the cut.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Move a copy of what is called along; both use the one database for now
    Copy,
    /// Leave the code of other services behind and ask them; refuse what cannot be asked for
    Ask,
}

/// The form for other programs, where the default is for people.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonFormat {
    /// One JSON document
    Json,
}

/// `splitter status`.
#[derive(Args, Debug)]
pub struct Status {
    /// Directory of the package or workspace
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub path: PathBuf,
    /// Directory of the functions' workspace [default: PATH/functions]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Form of the output [default: a table for people]
    #[arg(long, value_enum)]
    pub format: Option<JsonFormat>,
    #[command(flatten)]
    pub analysis: Analysis,
}

/// `splitter explain`.
#[derive(Args, Debug)]
pub struct Explain {
    /// A function, type, "table orders", "GET /api/orders", or the end of a path (`orders::place`)
    pub item: String,
    /// Directory of the package or workspace
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub path: PathBuf,
    #[command(flatten)]
    pub analysis: Analysis,
}

/// `splitter partition`.
#[derive(Args, Debug)]
pub struct Partition {
    /// The graph, as docs/formats.md describes it; `-` for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub graph: PathBuf,
    /// Wished number of services [default: what is most stable]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub services: Option<u32>,
    /// Form of the output [default: a table for people]
    #[arg(long, value_enum)]
    pub format: Option<JsonFormat>,
}

/// `splitter init`.
#[derive(Args, Debug)]
pub struct Init {
    /// Directory that gets the file
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub path: PathBuf,
}

/// `splitter completions`.
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
