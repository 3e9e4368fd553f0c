//! The call graph inside the workspace.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Csv, Document, Lines};
use crate::model::CallKind;
use crate::report::names::{FunctionRef, Names, PlaceRef};

pub(super) const SCHEMA: &str = "splitter-calls/1";

/// `splitter export calls`.
#[derive(Serialize, JsonSchema)]
pub(super) struct Calls<'a> {
    /// `splitter-calls/1`.
    schema: &'static str,
    /// Sorted by caller, site, callee.
    edges: Vec<Edge<'a>>,
    /// Sorted by caller, site.
    unresolved: Vec<Unresolved<'a>>,
}

/// A call from one function of the workspace to another.
#[derive(Serialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
struct Edge<'a> {
    caller: FunctionRef<'a>,
    callee: FunctionRef<'a>,
    /// Place of the called name.
    site: PlaceRef<'a>,
    /// `path`, `method`, `reference`, `attribute`, `guard`.
    kind: &'static str,
    /// `certain`, `likely`, `one-of`.
    certainty: &'static str,
}

/// A call whose target is not known.
#[derive(Serialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
struct Unresolved<'a> {
    caller: FunctionRef<'a>,
    /// Place of the called name.
    site: PlaceRef<'a>,
    /// The name as written.
    name: &'a str,
    /// Kebab-case reason.
    reason: &'a str,
}

impl<'a> Calls<'a> {
    pub fn new(names: &Names<'a>) -> Self {
        let model = names.model;
        let mut edges: Vec<_> = (model.calls.iter())
            .filter(|call| call.kind != CallKind::Message)
            .filter(|call| names.shows(call.caller) && names.shows(call.callee))
            .map(|call| Edge {
                caller: names.function(call.caller),
                callee: names.function(call.callee),
                site: names.place(call.site),
                kind: call.kind.as_str(),
                certainty: call.certainty.as_str(),
            })
            .collect();
        edges.sort_unstable_by(|a, b| {
            (a.caller, a.site, a.callee, a.kind).cmp(&(b.caller, b.site, b.callee, b.kind))
        });
        edges.dedup();
        let mut unresolved: Vec<_> = (model.unresolved.iter())
            .filter(|call| names.shows(call.caller))
            .map(|call| Unresolved {
                caller: names.function(call.caller),
                site: names.place(call.site),
                name: &call.name,
                reason: &call.reason,
            })
            .collect();
        unresolved.sort_unstable();
        Self { schema: SCHEMA, edges, unresolved }
    }
}

impl Document for Calls<'_> {
    fn jsonl(&self, out: &mut Lines) -> serde_json::Result<()> {
        out.all(&self.edges)?;
        out.all(&self.unresolved)
    }
    fn csv(&self, out: &mut Csv) {
        out.row(["caller", "callee", "file", "line", "kind", "certainty", "reason"]);
        for edge in &self.edges {
            out.row([
                edge.caller.path,
                edge.callee.path,
                edge.site.file,
                &edge.site.line.to_string(),
                edge.kind,
                edge.certainty,
                "",
            ]);
        }
        for call in &self.unresolved {
            let line = call.site.line.to_string();
            out.row([call.caller.path, call.name, call.site.file, &line, "", "unresolved", call.reason]);
        }
    }
}
