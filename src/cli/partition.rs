//! `splitter partition`: the engine on a neutral graph.

use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

use super::args::Partition;
use super::artifacts::read_text;
use super::console::{self, BOLD, DIM, RESET, count, plain};
use crate::error::{ConfigError, Error};
use crate::model::{NeutralGraph, Partition as Answer};
use crate::propose::{PartitionOptions, partition};

pub(super) fn run(args: &Partition) -> Result<(), Error> {
    let text = if args.graph == Path::new("-") {
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        read.map_err(|source| Error::Read { path: "standard input".into(), source })?;
        text
    } else {
        read_text(&args.graph)?
    };
    let wrong = |message: String, help: Option<&str>| {
        let help = help.map(str::to_string);
        Error::Config(Box::new(ConfigError {
            path: args.graph.clone(),
            text: String::new(),
            range: None,
            message,
            help,
        }))
    };
    let graph: NeutralGraph = serde_json::from_str(&text)
        .map_err(|error| wrong(error.to_string(), Some("docs/formats.md describes the graph")))?;
    let options =
        PartitionOptions { services: args.services.map(|n| n as usize), ..PartitionOptions::default() };
    let answer = partition(&graph, &options).map_err(|error| wrong(error.to_string(), None))?;
    let json = || serde_json::to_string_pretty(&answer).map_err(|error| Error::Usage(error.to_string()));
    console::data(&if args.format.is_some() { json()? + "\n" } else { table(&answer) })
}

/// The services for people.
fn table(answer: &Answer) -> String {
    let mut text = String::new();
    for service in &answer.services {
        let size =
            format!("{}, {}", count(service.nodes.len(), "node"), count(service.tables.len(), "table"));
        _ = writeln!(text, "{BOLD}{}{RESET}  {DIM}{size}{RESET}", plain(&service.name));
        for node in &service.nodes {
            _ = writeln!(text, "  {}", plain(node));
        }
        for name in &service.tables {
            _ = writeln!(text, "  {DIM}table{RESET} {}", plain(name));
        }
    }
    for (name, value) in &answer.metrics {
        _ = writeln!(text, "{DIM}{name:<16}{RESET}{value:.3}");
    }
    if !answer.alternatives.is_empty() {
        let sizes: Vec<String> =
            answer.alternatives.iter().map(|other| count(other.services.len(), "service")).collect();
        _ = writeln!(text, "{DIM}{:<16}{RESET}{}", "alternatives", sizes.join(", "));
    }
    text
}
