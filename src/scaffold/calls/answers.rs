//! The answering side: what other processes ask of a service, in its own function or in the monolith.

use std::collections::BTreeSet;

use askama::Template;

use super::asks::variable;
use super::render::{self, PortText};
use super::{Group, Own, ParamKind, Site};
use crate::model::ItemId;
use crate::scaffold::entry::render;
use crate::scaffold::naming;

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

/// The answering side of a group; in the monolith where `source` says what its values are made from. `None` where it
/// has not all of them.
pub(in crate::scaffold) fn offer(
    site: &Site<'_, '_>,
    group: &Group<'_, '_>,
    web: &str,
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
        monolith: source.is_some(),
        web,
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

fn needs(port: &super::Port) -> impl Iterator<Item = &Own> {
    let params = port.params.iter().filter_map(|param| match &param.kind {
        ParamKind::Own(own) => Some(own),
        ParamKind::Travels(..) => None,
    });
    port.receiver.iter().chain(params)
}
