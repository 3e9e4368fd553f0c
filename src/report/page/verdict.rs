//! The decision, its reasons, the numbers behind it, the first step.

use std::collections::BTreeSet;

use crate::base::Severity;
use crate::model::{CutKind, EntryPointKind, VerdictKind};
use crate::report::text::{Markup, count, prose, sentence, thousands};

use super::View;
use super::ownership::Ownership;

pub(super) struct Verdict {
    pub headline: &'static str,
    /// `split`, `extract`, `leave`.
    pub kind: &'static str,
    pub summary: Markup,
    pub first_label: &'static str,
    pub reasons: Vec<Markup>,
    pub numbers: Vec<Number>,
    pub first: Option<FirstStep>,
    /// What was read, in a sentence.
    pub read: String,
}

/// A number with its words.
pub(super) struct Number {
    pub value: String,
    pub label: String,
    pub note: String,
    /// A section to read on.
    pub target: &'static str,
}

pub(super) struct FirstStep {
    pub deployable: String,
    pub command: String,
    pub risk: &'static str,
    pub why: Vec<Markup>,
    pub blocked_by: Vec<Markup>,
    pub entry_points: Vec<Markup>,
    pub n_more: usize,
}

impl Verdict {
    pub fn new(view: &View<'_>, ownership: &Ownership) -> Self {
        let (model, plan) = (view.model, view.plan);
        let (headline, kind) = match plan.verdict.kind {
            VerdictKind::Split => ("Split it, step by step", "split"),
            VerdictKind::Extract => ("Extract a part, leave the rest", "extract"),
            VerdictKind::Leave => ("Leave it as it is", "leave"),
        };
        let rust = model.files.iter().filter(|file| file.path.ends_with(".rs"));
        let n_lines: usize = rust.clone().map(|file| file.n_lines as usize).sum();
        let n_functions = model.functions.iter().filter(|func| !func.test).count();
        Self {
            headline,
            kind,
            summary: prose(&sentence(without(&plan.verdict.summary, headline))),
            first_label: if kind == "leave" { "If at all" } else { "First step" },
            reasons: plan.verdict.reasons.iter().map(|reason| prose(&sentence(reason))).collect(),
            numbers: numbers(view, ownership),
            first: first_step(view),
            read: format!(
                "{} of Rust in {} of {}, {}",
                count(n_lines, "line"),
                count(rust.count(), "file"),
                count(model.packages.len().max(1), "package"),
                count(n_functions, "function")
            ),
        }
    }
}

/// The summary without a start that only repeats the headline.
fn without<'t>(summary: &'t str, headline: &str) -> &'t str {
    let Some((head, rest)) = summary.split_once(';') else { return summary };
    if head.trim().eq_ignore_ascii_case(headline) { rest.trim() } else { summary }
}

fn numbers(view: &View<'_>, ownership: &Ownership) -> Vec<Number> {
    let (model, plan) = (view.model, view.plan);
    let n_deployables: usize = plan.services.iter().map(|service| service.deployables.len()).sum();
    let n_http = model.entry_points.iter().filter(|entry| entry.kind == EntryPointKind::Http).count();
    let n_other = model.entry_points.len() - n_http;
    let n_tables = model.tables.iter().filter(|table| !table.view).count();
    let n_blockers = plan.cuts.iter().filter(|cut| cut.severity == Severity::Blocker).count();
    let broken: BTreeSet<_> = (plan.cuts.iter())
        .filter(|cut| cut.kind == CutKind::Transaction)
        .map(|cut| (cut.function, cut.site))
        .collect();
    let unknown = model.resolution.unknown as usize;
    vec![
        Number {
            value: thousands(plan.services.len()),
            label: if plan.services.len() == 1 { "service" } else { "services" }.into(),
            note: format!("{} in all", count(n_deployables, "deployable")),
            target: "map",
        },
        Number {
            value: thousands(model.entry_points.len()),
            label: if model.entry_points.len() == 1 { "entry point" } else { "entry points" }.into(),
            note: format!("{}, {n_other} other", count(n_http, "HTTP route")),
            target: "services",
        },
        Number {
            value: thousands(n_tables),
            label: if n_tables == 1 { "table" } else { "tables" }.into(),
            note: match ownership.n_shared_writes {
                0 => "none written by two services".into(),
                n => format!("{n} written by two services or more"),
            },
            target: "data",
        },
        Number {
            value: thousands(plan.cuts.len()),
            label: if plan.cuts.len() == 1 { "cut edge" } else { "cut edges" }.into(),
            note: match n_blockers {
                0 => "no blocker among them".into(),
                n => format!("{} among them", count(n, "blocker")),
            },
            target: "cuts",
        },
        Number {
            value: thousands(broken.len()),
            label: if broken.len() == 1 { "transaction" } else { "transactions" }.into(),
            note: format!("across services, of {}", thousands(model.transactions.len())),
            target: "cuts",
        },
        Number {
            value: format!("{}%", super::blind_spots::percent(&model.resolution)),
            label: "of calls followed".into(),
            note: match unknown {
                0 => "none left unknown".into(),
                n => format!("{} unknown", thousands(n)),
            },
            target: "blind-spots",
        },
    ]
}

fn first_step(view: &View<'_>) -> Option<FirstStep> {
    let step = view.plan.steps.first()?;
    let titles = view.names.titles(&step.entry_points);
    Some(FirstStep {
        deployable: step.deployable.clone(),
        command: format!("splitter scaffold {}", step.deployable),
        risk: step.risk.as_str(),
        why: step.why.iter().map(|why| prose(&sentence(why))).collect(),
        blocked_by: step.blocked_by.iter().map(|why| prose(&sentence(why))).collect(),
        n_more: titles.len().saturating_sub(6),
        entry_points: titles.iter().take(6).map(|title| crate::report::text::path(title)).collect(),
    })
}
