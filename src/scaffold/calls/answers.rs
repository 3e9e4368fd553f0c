//! The answering side: what other processes ask of a service, in its own function or in the monolith.

use std::collections::BTreeSet;

use askama::Template;

use super::asks::variable;
use super::render::{self, PortText};
use super::{Group, Own, ParamKind, Site};
use crate::model::ItemId;
use crate::scaffold::entry::render;
use crate::scaffold::naming;
use crate::scaffold::slice::types::Ty;

struct OwnText {
    name: String,
    ty: String,
    from: String,
}

#[derive(Template)]
#[template(path = "scaffold/calls/answers.rs.j2")]
struct Answers<'a> {
    service: &'a str,
    variable: &'a str,
    monolith: bool,
    /// By actix-web, else by axum.
    actix: bool,
    web: &'a str,
    source: Option<String>,
    context: Vec<OwnText>,
    ports: &'a [PortText],
    contract: String,
}

/// The answering side of one group.
pub(in crate::scaffold) struct Offer {
    /// Text of its module.
    pub text: String,
    /// What it needs from its process: field and value.
    pub context: Vec<(String, Own)>,
    /// Items that it names.
    pub items: BTreeSet<ItemId>,
    /// The functions.
    pub functions: Vec<String>,
}

/// Where the values of the monolith's side come from: a type, and the expression over `own` for each of its
/// values.
pub(in crate::scaffold) type Source<'s> = (String, &'s dyn Fn(&Own) -> Option<String>);

/// Where it is answered.
#[derive(Clone, Copy, Debug)]
pub(in crate::scaffold) struct Side<'a> {
    /// The web framework by its name in code.
    pub web: &'a str,
    /// It is actix-web, else axum.
    pub actix: bool,
    /// In the monolith, else in the function.
    pub monolith: bool,
}

/// The answering side of a group; `source` says what its values are made from, where that is one thing. `None` where
/// that has not all of them.
pub(in crate::scaffold) fn offer(
    site: &Site<'_, '_>,
    group: &Group<'_, '_>,
    side: Side<'_>,
    source: Option<Source<'_>>,
) -> Option<Offer> {
    let mut context: Vec<(String, Own)> = Vec::new();
    for own in group.ports.iter().flat_map(needs) {
        if context.iter().any(|(_, known)| known.text == own.text) {
            continue;
        }
        let base = naming::snake(own.ty.name());
        let (mut name, mut n) = (base.clone(), 2);
        while context.iter().any(|(known, _)| *known == name) {
            name = format!("{base}_{n}");
            n += 1;
        }
        context.push((name, own.clone()));
    }
    let named = |own: &Own| {
        let found = context.iter().find(|(_, known)| known.text == own.text);
        found.map_or_else(String::new, |(name, _)| name.clone())
    };
    let ports = render::ports(group, &named);
    let service = site.plan.services[group.service].name.as_str();
    let mut fields = Vec::new();
    for (name, own) in &context {
        let from = match &source {
            Some((_, from)) => from(own)?,
            None => String::new(),
        };
        fields.push(OwnText { name: name.clone(), ty: own.text.clone(), from });
    }
    let text = render(&Answers {
        service,
        variable: &variable(service),
        monolith: side.monolith,
        actix: side.actix,
        web: side.web,
        source: source.map(|(ty, _)| ty),
        context: fields,
        contract: render::contract(group, &ports),
        ports: &ports,
    });
    Some(Offer {
        text,
        context,
        items: group.contract.items.clone(),
        functions: ports.into_iter().map(|port| port.shown).collect(),
    })
}

/// The answering side of a group by actix-web, from what its handlers are handed as `Data<T>`. `None` where no such
/// thing has all that is needed.
pub(in crate::scaffold) fn offer_of_data(
    site: &Site<'_, '_>,
    group: &Group<'_, '_>,
    web: &str,
    monolith: bool,
) -> Option<Offer> {
    let model = site.names.model;
    let mut seen = BTreeSet::new();
    for handler in model.entry_points.iter().filter_map(|entry| entry.handler) {
        let function = &model.functions[handler];
        for parameter in &function.params {
            let ty = Ty::parse(&parameter.ty);
            let [inner] = ty.args() else { continue };
            if ty.name() != "Data" || !seen.insert((function.module, parameter.ty.clone())) {
                continue;
            }
            let Some(holder) = site.holder(inner, function.module, group) else { continue };
            let from = |own: &Own| holder.holds.get(&own.text).cloned();
            let side = Side { web, actix: true, monolith };
            if let Some(offer) = offer(site, group, side, Some((holder.text.clone(), &from))) {
                return Some(offer);
            }
        }
    }
    None
}

fn needs(port: &super::Port) -> impl Iterator<Item = &Own> {
    let params = port.params.iter().filter_map(|param| match &param.kind {
        ParamKind::Own(own) => Some(own),
        ParamKind::Travels(..) => None,
    });
    port.receiver.iter().chain(params)
}
