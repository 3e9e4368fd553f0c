//! What must be solved before a part can be a function, grouped by kind.

use std::collections::BTreeMap;

use crate::base::Severity;
use crate::model::Finding;
use crate::report::text::{Markup, prose, sentence, words};

use super::snippet::Snippet;
use super::{Badge, View};

/// Findings listed per kind.
const N_PER_KIND: usize = 40;
/// Findings with source lines per kind.
const N_WITH_SNIPPET: usize = 6;

pub(super) struct Findings {
    pub kinds: Vec<Kind>,
    pub n: usize,
    pub by_severity: Vec<(Badge, usize)>,
}

/// All findings of one code.
pub(super) struct Kind {
    pub code: String,
    pub title: String,
    pub worst: Badge,
    pub n: usize,
    pub remedy: Markup,
    pub rows: Vec<Row>,
    pub n_more: usize,
}

pub(super) struct Row {
    pub badge: Badge,
    pub message: Markup,
    pub home: String,
    pub place: Option<Markup>,
    /// Where it differs from the kind's.
    pub remedy: Option<Markup>,
    pub snippet: Option<Snippet>,
}

impl Findings {
    pub fn new(view: &View<'_>) -> Self {
        let mut groups: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        let mut by_severity: BTreeMap<Severity, usize> = BTreeMap::new();
        for finding in &view.plan.findings {
            groups.entry(finding.code.as_str()).or_default().push(finding);
            *by_severity.entry(finding.severity).or_default() += 1;
        }
        let mut kinds: Vec<Kind> = groups.into_iter().map(|(code, found)| kind(view, code, found)).collect();
        kinds.sort_by(|a, b| (a.worst.0, &a.code).cmp(&(b.worst.0, &b.code)));
        Self {
            kinds,
            n: view.plan.findings.len(),
            by_severity: by_severity.into_iter().map(|(severity, n)| (Badge(severity), n)).collect(),
        }
    }
}

fn kind(view: &View<'_>, code: &str, mut found: Vec<&Finding>) -> Kind {
    found.sort_by(|a, b| (a.severity, a.place, &a.message).cmp(&(b.severity, b.place, &b.message)));
    let remedy = found[0].remedy.clone();
    let rows = (found.iter().take(N_PER_KIND).enumerate())
        .map(|(idx, finding)| Row {
            badge: Badge(finding.severity),
            message: prose(&sentence(&finding.message)),
            home: (finding.deployable.clone())
                .or_else(|| finding.service.map(|service| view.names.service(service).to_string()))
                .unwrap_or_default(),
            place: finding.place.map(|place| view.place(place)),
            remedy: (finding.remedy != remedy).then(|| prose(&sentence(&finding.remedy))),
            snippet: finding
                .place
                .filter(|_| idx < N_WITH_SNIPPET)
                .and_then(|place| Snippet::new(view, place)),
        })
        .collect();
    let mut title = words(code);
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Kind {
        code: code.to_string(),
        title,
        worst: Badge(found[0].severity),
        n: found.len(),
        remedy: prose(&sentence(&remedy)),
        rows,
        n_more: found.len().saturating_sub(N_PER_KIND),
    }
}
