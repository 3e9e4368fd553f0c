//! What starts work from outside.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Csv, Document, Lines};
use crate::report::names::{Names, PlaceRef};

pub(super) const SCHEMA: &str = "splitter-entry-points/1";

/// `splitter export entry-points`.
#[derive(Serialize, JsonSchema)]
pub(super) struct EntryPoints<'a> {
    /// `splitter-entry-points/1`.
    schema: &'static str,
    /// Sorted by kind, path, method, place.
    entry_points: Vec<EntryPointRow<'a>>,
}

/// An entry point.
#[derive(Serialize, JsonSchema)]
struct EntryPointRow<'a> {
    /// `http`, `grpc`, `graphql`, `cron`, `consumer`, `loop`, `command`, `startup`.
    kind: &'static str,
    /// HTTP method, upper case; `ANY` where a route takes all; null for other kinds.
    method: Option<&'a str>,
    /// Full path; for other kinds the name; null where it cannot be known.
    path: Option<&'a str>,
    /// Why path or handler is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// Path of the function that is called; null where it is a closure or not known.
    handler: Option<&'a str>,
    /// File of the handler's `fn`, or of the closure.
    file: &'a str,
    /// Line of the handler's `fn`, or of the closure.
    line: u32,
    /// Where it is declared.
    declared_at: PlaceRef<'a>,
    /// Its service; null in the shell.
    service: Option<&'a str>,
    /// Its deployable; null in the shell.
    deployable: Option<&'a str>,
    /// Schedule of a cron job, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<&'a str>,
    /// Paths of the guards and extractors among the handler's parameters, and of the middleware around it.
    guards: Vec<&'a str>,
}

impl<'a> EntryPoints<'a> {
    pub fn new(names: &Names<'a>) -> Self {
        let model = names.model;
        let mut rows: Vec<_> = (model.entry_points.iter_enumerated())
            .filter(|(_, entry)| entry.handler.is_none_or(|handler| names.shows(handler)))
            .map(|(id, entry)| {
                let service = names.homes.entry_points[id].service();
                let deployable = service.and_then(|service| {
                    let deployables = &names.plan.services[service].deployables;
                    deployables.iter().find(|deployable| deployable.entry_points.contains(&id))
                });
                let place = names.place(entry.place);
                EntryPointRow {
                    kind: entry.kind.as_str(),
                    method: entry.method.as_deref(),
                    path: entry.path.as_deref(),
                    reason: entry.reason.as_deref(),
                    handler: entry.handler.map(|handler| names.path(handler)),
                    file: place.file,
                    line: place.line,
                    declared_at: names.place(entry.declared_at),
                    service: service.map(|service| names.service(service)),
                    deployable: deployable.map(|deployable| deployable.name.as_str()),
                    schedule: entry.schedule.as_deref(),
                    guards: (entry.guards.iter().map(|&guard| model.types[guard].path.as_str()))
                        .chain(entry.middleware.iter().map(|&item| model.items[item].path.as_str()))
                        .collect(),
                }
            })
            .collect();
        rows.sort_by(|a, b| {
            let key = |row: &EntryPointRow<'a>| (row.path, row.method, row.declared_at, row.file, row.line);
            (kind_rank(a.kind), key(a)).cmp(&(kind_rank(b.kind), key(b)))
        });
        Self { schema: SCHEMA, entry_points: rows }
    }
}

fn kind_rank(kind: &str) -> usize {
    ["http", "grpc", "graphql", "cron", "consumer", "loop", "command", "startup"]
        .iter()
        .position(|&known| known == kind)
        .unwrap_or(usize::MAX)
}

impl Document for EntryPoints<'_> {
    fn jsonl(&self, out: &mut Lines) -> serde_json::Result<()> {
        out.all(&self.entry_points)
    }
    fn csv(&self, out: &mut Csv) {
        out.row(["kind", "method", "path", "handler", "file", "line", "service", "deployable"]);
        for row in &self.entry_points {
            out.row([
                row.kind,
                row.method.unwrap_or(""),
                row.path.unwrap_or(""),
                row.handler.unwrap_or(""),
                row.file,
                &row.line.to_string(),
                row.service.unwrap_or(""),
                row.deployable.unwrap_or(""),
            ]);
        }
    }
}
