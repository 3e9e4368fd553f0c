//! The parts of the page: each view holds what its partial under `templates/report/` shows, ready to
//! print.

mod blind_spots;
mod costs;
mod cuts;
mod data;
mod findings;
mod map;
mod metric;
mod ownership;
mod services;
mod snippet;
mod steps;
mod verdict;

use askama::Template;

use crate::base::{Place, Severity, Sources};
use crate::model::{FunctionId, Model, NodeRef, Plan};

use super::csp;
use super::names::Names;
use super::text::{Markup, asset, json_data, path};

const STYLE: &str = include_str!("../../../templates/report/report.css");
const SCRIPT: &str = include_str!("../../../templates/report/report.js");

/// The page.
#[derive(Template)]
#[template(path = "report/page.html", whitespace = "minimize")]
struct Page<'a> {
    name: &'a str,
    version: &'static str,
    policy: String,
    style: Markup,
    script: Markup,
    data: Markup,
    verdict: verdict::Verdict,
    map: map::Map,
    ownership: ownership::Ownership,
    cuts: cuts::Cuts,
    findings: findings::Findings,
    services: services::Services,
    steps: steps::Steps,
    blind: blind_spots::BlindSpots,
    costs: costs::Costs,
}

/// Renders the page.
pub(super) fn render(model: &Model, plan: &Plan, sources: &Sources) -> String {
    let view = View::new(model, plan, sources);
    let ownership = ownership::Ownership::new(&view);
    // The second half is for a thread that has nothing else to do.
    let ((costs, services, findings, map, steps), (policy, cuts)) = rayon::join(
        || {
            let (costs, services) = (costs::Costs::new(&view), services::Services::new(&view));
            (costs, services, findings::Findings::new(&view), map::Map::new(&view), steps::Steps::new(&view))
        },
        || (csp::policy(SCRIPT, STYLE), cuts::Cuts::new(&view)),
    );
    let page = Page {
        name: &model.name,
        version: env!("CARGO_PKG_VERSION"),
        policy,
        style: asset(STYLE),
        script: asset(SCRIPT),
        data: json_data(&data::Data::new(&view)),
        verdict: verdict::Verdict::new(&view, &ownership),
        map,
        ownership,
        cuts,
        findings,
        services,
        steps,
        blind: blind_spots::BlindSpots::new(&view),
        costs,
    };
    // Writing to a string fails only where a `Display` of ours does; none does.
    page.render().unwrap_or_default()
}

/// What all views read.
struct View<'a> {
    model: &'a Model,
    plan: &'a Plan,
    sources: &'a Sources,
    names: Names<'a>,
    /// `shop::`, where all code is of one crate: then it says nothing and is left out.
    prefix: Option<String>,
}

impl<'a> View<'a> {
    fn new(model: &'a Model, plan: &'a Plan, sources: &'a Sources) -> Self {
        let mut crates = model.functions.iter().filter(|func| !func.test).map(|func| func.path.krate());
        let prefix = crates
            .next()
            .filter(|first| crates.all(|krate| krate == *first))
            .map(|krate| format!("{krate}::"));
        Self { model, plan, sources, names: Names::new(model, plan, false), prefix }
    }
    /// A definition's path without the crate where there is only one.
    fn short<'t>(&self, text: &'t str) -> &'t str {
        self.prefix.as_deref().and_then(|prefix| text.strip_prefix(prefix)).unwrap_or(text)
    }
    fn function(&self, function: FunctionId) -> Markup {
        path(self.short(self.names.path(function)))
    }
    fn thing(&self, node: NodeRef) -> Markup {
        path(self.short(&self.names.thing(node).name))
    }
    /// `src/orders.rs:12`.
    fn place(&self, place: Place) -> Markup {
        let found = self.names.place(place);
        if found.line == 0 { path(found.file) } else { path(&format!("{}:{}", found.file, found.line)) }
    }
}

/// A severity as the page shows it: word and class, so that colour never stands alone.
#[derive(Clone, Copy)]
struct Badge(Severity);

impl Badge {
    fn word(&self) -> &'static str {
        self.0.as_str()
    }
}
