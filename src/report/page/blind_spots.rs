//! What is not known, and what that could change.

use std::collections::BTreeMap;

use crate::base::Diagnostic;
use crate::model::{Home, Resolution};
use crate::report::text::{Markup, count, number, path, prose, sentence, thousands, words};

use super::metric::Metric;
use super::{Badge, View};

/// Places listed per reason.
const N_PLACES: usize = 12;

/// What is there, and where.
type Places = Vec<(Markup, Markup)>;

pub(super) struct BlindSpots {
    pub percent: String,
    pub calls: Vec<CallShare>,
    pub reasons: Vec<Reason>,
    pub per_service: Vec<(String, String)>,
    pub sql: Vec<Reason>,
    pub n_sql: usize,
    pub unparsed: Vec<Markup>,
    pub n_unparsed: usize,
    pub diagnostics: Vec<Kind>,
    pub metrics: Vec<Metric>,
    pub n_open: usize,
}

pub(super) struct CallShare {
    pub name: &'static str,
    pub meaning: &'static str,
    pub n: String,
    pub percent: String,
    /// 0 to 100, for the bar.
    pub bar: u32,
}

pub(super) struct Reason {
    pub name: String,
    pub n: String,
    pub meaning: String,
    pub places: Places,
    pub n_more: usize,
}

/// All diagnostics of one code.
pub(super) struct Kind {
    pub code: String,
    pub badge: Badge,
    pub n: usize,
    pub help: Option<Markup>,
    pub rows: Places,
    pub n_more: usize,
}

fn meaning(reason: &str) -> &'static str {
    match reason {
        "untyped-receiver" => "the type of the receiver was not found",
        "no-such-method" => "the receiver is of this workspace but has no such method in sight",
        "unresolved-path" => "the path leads to nothing that was read",
        "opaque-macro" => "inside a macro whose text could not be read as expressions",
        "missing-module" => "the module's file is missing or did not parse",
        "generated" => "made by a build script, a procedural macro or `include!`",
        "bound" => "given up at a bound on depth or size",
        "dyn-external-trait" => "a trait of another crate decides at run time",
        "built-at-run-time" => "the statement is put together while the program runs",
        "not-sql" => "the text could not be read as SQL",
        _ => "",
    }
}

impl BlindSpots {
    pub fn new(view: &View<'_>) -> Self {
        let model = view.model;
        let found = &model.resolution;
        let all = found.certain + found.likely + found.one_of + found.external + found.unknown;
        let share = |name, meaning, n: u32| {
            let percent = if all == 0 { 0.0 } else { 100.0 * f64::from(n) / f64::from(all) };
            CallShare {
                name,
                meaning,
                n: thousands(n as usize),
                percent: format!("{}%", number((percent * 10.0).round() / 10.0)),
                bar: percent.round() as u32,
            }
        };
        let mut unresolved: BTreeMap<&str, Places> = BTreeMap::new();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut homes: BTreeMap<Home, usize> = BTreeMap::new();
        for call in model.unresolved.iter().filter(|call| view.names.shows(call.caller)) {
            let places = unresolved.entry(&call.reason).or_default();
            if places.len() < N_PLACES {
                places.push((path(&call.name), view.place(call.site)));
            }
            *counts.entry(&call.reason).or_default() += 1;
            *homes.entry(view.names.homes.functions[call.caller]).or_default() += 1;
        }
        // What is only counted, not listed.
        for (reason, &n) in &found.unknown_by_reason {
            let known = counts.entry(reason).or_default();
            *known = (*known).max(n as usize);
        }
        let mut reasons: Vec<_> = counts.into_iter().filter(|&(_, n)| n > 0).collect();
        reasons.sort_by_key(|&(reason, n)| (std::cmp::Reverse(n), reason));
        let reasons = (reasons.into_iter())
            .map(|(reason, n)| reason_row(reason, n, unresolved.remove(reason).unwrap_or_default()))
            .collect();
        let mut per_service: Vec<_> = homes.into_iter().collect();
        per_service.sort_by_key(|&(home, n)| (std::cmp::Reverse(n), home));
        let per_service = (per_service.into_iter())
            .map(|(home, n)| {
                let name = match home {
                    Home::Service(service) => view.names.service(service),
                    Home::Kernel => "kernel",
                    Home::Shell => "shell",
                    Home::Nowhere => "elsewhere",
                };
                (name.to_string(), thousands(n))
            })
            .collect();
        let unparsed: Vec<_> = (model.files.iter())
            .filter(|file| !file.parsed && file.path.ends_with(".rs"))
            .map(|file| path(&file.path))
            .collect();
        let metrics: Vec<_> = (view.plan.metrics.iter())
            .map(|(name, range)| Metric::new(name, range))
            .filter(|metric| metric.range.is_some())
            .collect();
        Self {
            percent: percent(found),
            calls: vec![
                share(
                    "certain",
                    "followed to one function of this workspace, from definitions",
                    found.certain,
                ),
                share("likely", "to one function of this workspace, by a heuristic", found.likely),
                share("one of", "dynamic dispatch: any implementor of a trait", found.one_of),
                share("external", "into the standard library or another crate", found.external),
                share("unknown", "not followed", found.unknown),
            ],
            reasons,
            per_service,
            n_sql: model.unknown_sql.len(),
            sql: sql(view),
            n_unparsed: unparsed.len(),
            unparsed: unparsed.into_iter().take(40).collect(),
            diagnostics: diagnostics(view),
            n_open: found.unknown as usize,
            metrics,
        }
    }
}

/// The share of calls that were followed, as the command line says it; never 100 where one was not.
pub(super) fn percent(found: &Resolution) -> String {
    let shown = (found.percent() * 10.0).round() / 10.0;
    format!("{:.1}", if found.unknown > 0 { shown.min(99.9) } else { shown }).trim_end_matches(".0").into()
}

fn reason_row(reason: &str, n: usize, places: Places) -> Reason {
    Reason {
        name: words(reason),
        n: thousands(n),
        meaning: meaning(reason).to_string(),
        n_more: n - places.len().min(n),
        places,
    }
}

fn sql(view: &View<'_>) -> Vec<Reason> {
    let mut found: BTreeMap<&str, (usize, Places)> = BTreeMap::new();
    for unknown in view.model.unknown_sql.iter().filter(|unknown| view.names.shows(unknown.function)) {
        let (n, places) = found.entry(&unknown.reason).or_default();
        *n += 1;
        if places.len() < N_PLACES {
            places.push((view.function(unknown.function), view.place(unknown.site)));
        }
    }
    found.into_iter().map(|(reason, (n, places))| reason_row(reason, n, places)).collect()
}

fn diagnostics(view: &View<'_>) -> Vec<Kind> {
    let mut found: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in &view.model.blind_spots {
        found.entry(diagnostic.code.as_str()).or_default().push(diagnostic);
    }
    let mut kinds: Vec<Kind> = (found.into_iter())
        .map(|(code, list)| Kind {
            code: code.to_string(),
            badge: Badge(list.iter().map(|diagnostic| diagnostic.severity).min().expect("not empty")),
            n: list.len(),
            help: list[0].help.as_deref().map(|help| prose(&sentence(help))),
            rows: (list.iter().take(N_PLACES))
                .map(|diagnostic| {
                    let place =
                        diagnostic.file.map(|file| crate::base::Place { file, line: diagnostic.line });
                    (
                        prose(&sentence(&diagnostic.message)),
                        place.map(|place| view.place(place)).unwrap_or_default(),
                    )
                })
                .collect(),
            n_more: list.len().saturating_sub(N_PLACES),
        })
        .collect();
    kinds.sort_by(|a, b| {
        (a.badge.0, std::cmp::Reverse(a.n), &a.code).cmp(&(b.badge.0, std::cmp::Reverse(b.n), &b.code))
    });
    kinds
}

impl BlindSpots {
    /// The one sentence on top.
    pub fn summary(&self) -> String {
        if self.n_open == 0 && self.n_sql == 0 && self.n_unparsed == 0 {
            return "Every call, statement and file was read.".into();
        }
        let mut parts = Vec::new();
        if self.n_open > 0 {
            parts.push(count(self.n_open, "call"));
        }
        if self.n_sql > 0 {
            parts.push(count(self.n_sql, "SQL statement"));
        }
        if self.n_unparsed > 0 {
            parts.push(count(self.n_unparsed, "file"));
        }
        format!("Not known: {}. Each could hide an arrow that this report does not draw.", parts.join(", "))
    }
}
