//! What splitter hands to other programs: one typed document per kind of question.
//!
//! The keys are promises (`docs/schema/`). Every document starts with its schema's name, its arrays are
//! sorted, its paths are relative with `/`, its lines 1-based.

mod calls;
mod csv;
mod entry_points;
mod graph;
mod map;
mod plan;
mod services;
mod tables;

#[cfg(test)]
mod tests;

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::Error;
use crate::model::{Model, Plan};

use crate::report::names::Names;
use csv::Csv;

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// The call graph.
    Calls,
    /// Routes, jobs, consumers, commands.
    EntryPoints,
    /// Tables with who touches them.
    Tables,
    /// Transactions with their extent.
    Transactions,
    /// Services with their parts.
    Services,
    /// Why each thing is where it is.
    Placements,
    /// Edges that cross services.
    Cuts,
    /// The migration order.
    Steps,
    /// Fitness and boundary findings.
    Findings,
    /// The neutral graph, as `splitter partition` reads it.
    Graph,
    /// The service map for Graphviz.
    Dot,
    /// The service map for Mermaid.
    Mermaid,
    /// The service map as GraphML.
    Graphml,
}

impl What {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Calls,
        Self::EntryPoints,
        Self::Tables,
        Self::Transactions,
        Self::Services,
        Self::Placements,
        Self::Cuts,
        Self::Steps,
        Self::Findings,
        Self::Graph,
        Self::Dot,
        Self::Mermaid,
        Self::Graphml,
    ];
    /// The word of the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::EntryPoints => "entry-points",
            Self::Tables => "tables",
            Self::Transactions => "transactions",
            Self::Services => "services",
            Self::Placements => "placements",
            Self::Cuts => "cuts",
            Self::Steps => "steps",
            Self::Findings => "findings",
            Self::Graph => "graph",
            Self::Dot => "dot",
            Self::Mermaid => "mermaid",
            Self::Graphml => "graphml",
        }
    }
    /// The one of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == word)
    }
    /// The formats that it can be written in; the first is the default.
    pub fn formats(self) -> &'static [Format] {
        match self {
            Self::Graph => &[Format::Json, Format::Dot, Format::Mermaid, Format::Graphml],
            Self::Dot => &[Format::Dot],
            Self::Mermaid => &[Format::Mermaid],
            Self::Graphml => &[Format::Graphml],
            _ => &[Format::Json, Format::Jsonl, Format::Csv],
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// One JSON document.
    Json,
    /// A line with the schema's name, then one JSON object per line.
    Jsonl,
    /// A head line, then one row per line (RFC 4180, with `\n`).
    Csv,
    /// Graphviz.
    Dot,
    /// Mermaid.
    Mermaid,
    /// GraphML.
    Graphml,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Json, Self::Jsonl, Self::Csv, Self::Dot, Self::Mermaid, Self::Graphml];
    /// The word of the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Dot => "dot",
            Self::Mermaid => "mermaid",
            Self::Graphml => "graphml",
        }
    }
    /// The one of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A typed document: what is written as JSON, line by line, and as a table.
trait Document: Serialize + JsonSchema {
    /// One line of JSONL per row.
    fn jsonl(&self, out: &mut Lines) -> serde_json::Result<()>;
    /// The table.
    fn csv(&self, out: &mut Csv);
}

/// Collects lines of JSON.
#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
    fn push(&mut self, row: &impl Serialize) -> serde_json::Result<()> {
        serde_json::to_writer(&mut self.0, row)?;
        self.0.push(b'\n');
        Ok(())
    }
    fn all<T: Serialize>(&mut self, rows: &[T]) -> serde_json::Result<()> {
        rows.iter().try_for_each(|row| self.push(row))
    }
}

/// The first line of JSONL.
#[derive(Serialize)]
struct SchemaLine {
    schema: &'static str,
}

/// Writes one answer as text that ends with a line break. Test code is left out unless `tests`.
///
/// # Errors
/// [`Error::Usage`] where `what` is not written in `format`.
pub fn export(what: What, format: Format, model: &Model, plan: &Plan, tests: bool) -> Result<String, Error> {
    if !what.formats().contains(&format) {
        let formats: Vec<_> = what.formats().iter().map(|format| format.as_str()).collect();
        return Err(Error::Usage(format!(
            "{what} cannot be written as {format}; choose --format {}",
            formats.join(" or --format ")
        )));
    }
    let names = Names::new(model, plan, tests);
    match format {
        Format::Dot => return Ok(map::dot(&names)),
        Format::Mermaid => return Ok(map::mermaid(&names)),
        Format::Graphml => return Ok(map::graphml(&names)),
        Format::Json | Format::Jsonl | Format::Csv => {}
    }
    match what {
        What::Calls => write(&calls::Calls::new(&names), calls::SCHEMA, format),
        What::EntryPoints => write(&entry_points::EntryPoints::new(&names), entry_points::SCHEMA, format),
        What::Tables => write(&tables::Tables::new(&names), tables::SCHEMA, format),
        What::Transactions => write(&tables::Transactions::new(&names), tables::TRANSACTIONS_SCHEMA, format),
        What::Services => write(&services::Services::new(&names), services::SCHEMA, format),
        What::Placements => write(&services::Placements::new(&names), services::PLACEMENTS_SCHEMA, format),
        What::Cuts => write(&plan::Cuts::new(&names), plan::CUTS_SCHEMA, format),
        What::Steps => write(&plan::Steps::new(&names), plan::STEPS_SCHEMA, format),
        What::Findings => write(&plan::Findings::new(&names), plan::FINDINGS_SCHEMA, format),
        What::Graph => json(&graph::Graph::new(&names)),
        What::Dot | What::Mermaid | What::Graphml => unreachable!("written above"),
    }
}

fn write(document: &impl Document, schema: &'static str, format: Format) -> Result<String, Error> {
    match format {
        Format::Jsonl => {
            let mut lines = Lines::default();
            lines
                .push(&SchemaLine { schema })
                .and_then(|()| document.jsonl(&mut lines))
                .map_err(|error| Error::Usage(error.to_string()))?;
            Ok(String::from_utf8(lines.0).expect("serde_json writes UTF-8"))
        }
        Format::Csv => {
            let mut csv = Csv::default();
            document.csv(&mut csv);
            Ok(csv.finish())
        }
        _ => json(document),
    }
}

fn json(document: &impl Serialize) -> Result<String, Error> {
    let mut text = serde_json::to_string_pretty(document).map_err(|error| Error::Usage(error.to_string()))?;
    text.push('\n');
    Ok(text)
}

/// The JSON Schema of each document: file stem and schema.
pub fn schemas() -> Vec<(&'static str, schemars::Schema)> {
    vec![
        ("calls", schemars::schema_for!(calls::Calls<'static>)),
        ("entry-points", schemars::schema_for!(entry_points::EntryPoints<'static>)),
        ("tables", schemars::schema_for!(tables::Tables<'static>)),
        ("transactions", schemars::schema_for!(tables::Transactions<'static>)),
        ("services", schemars::schema_for!(services::Services<'static>)),
        ("placements", schemars::schema_for!(services::Placements<'static>)),
        ("cuts", schemars::schema_for!(plan::Cuts<'static>)),
        ("steps", schemars::schema_for!(plan::Steps<'static>)),
        ("findings", schemars::schema_for!(plan::Findings<'static>)),
        ("graph", schemars::schema_for!(graph::Graph<'static>)),
    ]
}
