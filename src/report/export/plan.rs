//! Cuts, steps, findings.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::Severity;

use super::{Csv, Document, Lines};
use crate::report::names::{FunctionRef, Names, PlaceRef, ThingRef};

pub(super) const CUTS_SCHEMA: &str = "splitter-cuts/1";
pub(super) const STEPS_SCHEMA: &str = "splitter-steps/1";
pub(super) const FINDINGS_SCHEMA: &str = "splitter-findings/1";

/// `splitter export cuts`.
#[derive(Serialize, JsonSchema)]
pub(super) struct Cuts<'a> {
    /// `splitter-cuts/1`.
    schema: &'static str,
    /// Worst first, then by site.
    cuts: Vec<CutRow<'a>>,
}

/// An edge that crosses services.
#[derive(Serialize, JsonSchema)]
struct CutRow<'a> {
    /// Service.
    from: &'a str,
    /// Service.
    to: &'a str,
    /// `call`, `data`, `type`, `transaction`, `state`, `event`.
    kind: &'static str,
    /// The caller or accessing function.
    function: FunctionRef<'a>,
    /// The callee, table, type or cell.
    target: ThingRef,
    site: PlaceRef<'a>,
    in_loop: bool,
    needs_result: bool,
    severity: Severity,
    remedy: &'a str,
}

impl<'a> Cuts<'a> {
    pub fn new(names: &Names<'a>) -> Self {
        let mut cuts: Vec<_> = (names.plan.cuts.iter())
            .filter(|cut| names.shows(cut.function) && names.shows_node(cut.target))
            .map(|cut| CutRow {
                from: names.service(cut.from),
                to: names.service(cut.to),
                kind: cut.kind.as_str(),
                function: names.function(cut.function),
                target: names.thing(cut.target),
                site: names.place(cut.site),
                in_loop: cut.in_loop,
                needs_result: cut.needs_result,
                severity: cut.severity,
                remedy: &cut.remedy,
            })
            .collect();
        cuts.sort_by(|a, b| {
            (a.severity, a.site, a.kind, a.from, a.to, &a.target)
                .cmp(&(b.severity, b.site, b.kind, b.from, b.to, &b.target))
        });
        Self { schema: CUTS_SCHEMA, cuts }
    }
}

impl Document for Cuts<'_> {
    fn jsonl(&self, out: &mut Lines) -> serde_json::Result<()> {
        out.all(&self.cuts)
    }
    fn csv(&self, out: &mut Csv) {
        out.row([
            "severity",
            "kind",
            "from",
            "to",
            "function",
            "target",
            "file",
            "line",
            "in_loop",
            "needs_result",
            "remedy",
        ]);
        for row in &self.cuts {
            out.row([
                row.severity.as_str(),
                row.kind,
                row.from,
                row.to,
                row.function.path,
                &row.target.name,
                row.site.file,
                &row.site.line.to_string(),
                &row.in_loop.to_string(),
                &row.needs_result.to_string(),
                row.remedy,
            ]);
        }
    }
}

/// `splitter export steps`.
#[derive(Serialize, JsonSchema)]
pub(super) struct Steps<'a> {
    /// `splitter-steps/1`.
    schema: &'static str,
    /// In the order of extraction.
    steps: Vec<StepRow<'a>>,
}

/// One extraction.
#[derive(Serialize, JsonSchema)]
struct StepRow<'a> {
    service: &'a str,
    deployable: &'a str,
    /// `METHOD path`, or `kind name`.
    entry_points: Vec<String>,
    /// Strongest first.
    why: &'a [String],
    /// `low`, `medium`, `high`.
    risk: &'static str,
    blocked_by: &'a [String],
}

impl<'a> Steps<'a> {
    pub fn new(names: &Names<'a>) -> Self {
        let steps = (names.plan.steps.iter())
            .map(|step| StepRow {
                service: names.service(step.service),
                deployable: &step.deployable,
                entry_points: names.titles(&step.entry_points),
                why: &step.why,
                risk: step.risk.as_str(),
                blocked_by: &step.blocked_by,
            })
            .collect();
        Self { schema: STEPS_SCHEMA, steps }
    }
}

impl Document for Steps<'_> {
    fn jsonl(&self, out: &mut Lines) -> serde_json::Result<()> {
        out.all(&self.steps)
    }
    fn csv(&self, out: &mut Csv) {
        out.row(["step", "service", "deployable", "entry_points", "risk", "why", "blocked_by"]);
        for (idx, row) in self.steps.iter().enumerate() {
            out.row([
                &(idx + 1).to_string(),
                row.service,
                row.deployable,
                &row.entry_points.join("; "),
                row.risk,
                &row.why.join("; "),
                &row.blocked_by.join("; "),
            ]);
        }
    }
}

/// `splitter export findings`.
#[derive(Serialize, JsonSchema)]
pub(super) struct Findings<'a> {
    /// `splitter-findings/1`.
    schema: &'static str,
    /// Worst first, then by code and place.
    findings: Vec<FindingRow<'a>>,
}

/// A finding.
#[derive(Serialize, JsonSchema)]
struct FindingRow<'a> {
    /// Kebab-case.
    code: &'a str,
    severity: Severity,
    service: Option<&'a str>,
    deployable: Option<&'a str>,
    function: Option<FunctionRef<'a>>,
    place: Option<PlaceRef<'a>>,
    message: &'a str,
    remedy: &'a str,
}

impl<'a> Findings<'a> {
    pub fn new(names: &Names<'a>) -> Self {
        let mut findings: Vec<_> = (names.plan.findings.iter())
            .map(|finding| FindingRow {
                code: finding.code.as_str(),
                severity: finding.severity,
                service: finding.service.map(|service| names.service(service)),
                deployable: finding.deployable.as_deref(),
                function: finding.function.map(|function| names.function(function)),
                place: finding.place.map(|place| names.place(place)),
                message: &finding.message,
                remedy: &finding.remedy,
            })
            .collect();
        findings.sort_by(|a, b| {
            (a.severity, a.code, a.place, a.service, a.message)
                .cmp(&(b.severity, b.code, b.place, b.service, b.message))
        });
        Self { schema: FINDINGS_SCHEMA, findings }
    }
}

impl Document for Findings<'_> {
    fn jsonl(&self, out: &mut Lines) -> serde_json::Result<()> {
        out.all(&self.findings)
    }
    fn csv(&self, out: &mut Csv) {
        out.row([
            "severity",
            "code",
            "service",
            "deployable",
            "function",
            "file",
            "line",
            "message",
            "remedy",
        ]);
        for row in &self.findings {
            out.row([
                row.severity.as_str(),
                row.code,
                row.service.unwrap_or(""),
                row.deployable.unwrap_or(""),
                row.function.map_or("", |function| function.path),
                row.place.map_or("", |place| place.file),
                &row.place.map_or(String::new(), |place| place.line.to_string()),
                row.message,
                row.remedy,
            ]);
        }
    }
}
