//! What the monolith answers to extracted functions, while a service that they ask has not moved.

use crate::base::{FileId, TextRange};
use crate::model::{EntryPointKind, FunctionId, ItemId, ModuleIdx};
use crate::scaffold::calls::{self, Group};
use crate::scaffold::deployable::Unit;
use crate::scaffold::entry::{is_actix_4, is_old};
use crate::scaffold::naming;
use crate::scaffold::routing;
use crate::scaffold::slice::lex;
use crate::scaffold::slice::types::Ty;
use crate::scaffold::slice::values;

use super::http::{app_place, link_indent};
use super::{Seam, Site, indent, line_end};

/// Adds to the seam of a unit what answers it in the monolith; gives a line for the README about each service.
pub(in crate::scaffold) fn answers(
    unit: &Unit,
    calls: &calls::Site<'_, '_>,
    groups: &[Group<'_, '_>],
    seam: &mut Seam,
) -> Vec<String> {
    if groups.is_empty() {
        return Vec::new();
    }
    let site = Site { unit, names: calls.names, inputs: calls.inputs, manifests: calls.manifests };
    let top = top(&site);
    groups
        .iter()
        .map(|group| {
            let service = &calls.plan.services[group.service].name;
            let variable = calls::variable(service);
            let answered = match top {
                Some(top) => answer(&site, calls, group, top, seam),
                None => answer_by_data(&site, calls, group, seam),
            };
            match answered {
                Ok(()) => format!(
                    "Until {service} has moved, the monolith answers for it: with the patch, and `{variable}_TOKEN` set there too."
                ),
                Err(why) => not(service, &why),
            }
        })
        .collect()
}

fn not(service: &str, why: &str) -> String {
    format!(
        "Until {service} has moved, its code runs here (`local`): the monolith cannot answer for it, because {why}."
    )
}

/// The function that gives back the router with all routes.
fn top(site: &Site<'_, '_>) -> Option<FunctionId> {
    let model = site.names.model;
    let all: Vec<_> = model
        .entry_points
        .iter_enumerated()
        .filter(|(_, entry)| entry.kind == EntryPointKind::Http && entry.path.is_some())
        .map(|(id, _)| id)
        .collect();
    if all.is_empty() {
        return None;
    }
    let found = routing::find(site.names, site.inputs, &all)?;
    found.prefix.is_empty().then_some(found.top)
}

/// File, name of axum in code, and the expressions that are the router, with whether they are a `Result` of it.
pub(super) type Values = (FileId, String, Vec<(TextRange, bool)>);

/// The values by which the function of all routes gives its router back, where it stands in the crate of `root`.
pub(super) fn top_values(site: &Site<'_, '_>, root: ModuleIdx, web: &str) -> Option<Values> {
    let model = site.names.model;
    let facts = &model.functions[top(site)?];
    if site.names.root_of(facts.module) != root {
        return None;
    }
    let span = model.items[facts.item].span;
    let fallible = Ty::parse(&facts.ret).success().1;
    let values = values::given_back(site.inputs.sources.text(span), fallible)?;
    let moved =
        |range: TextRange| TextRange::new(range.start + span.range.start, range.end + span.range.start);
    Some((
        span.file,
        web.to_owned(),
        values.into_iter().map(|value| (moved(value.range), value.wrapped)).collect(),
    ))
}

fn answer(
    site: &Site<'_, '_>,
    calls: &calls::Site<'_, '_>,
    group: &Group<'_, '_>,
    top: FunctionId,
    seam: &mut Seam,
) -> Result<(), String> {
    let model = site.names.model;
    let facts = &model.functions[top];
    let root = site.names.root_of(facts.module);
    let package = site.package(root);
    if root != group.root {
        return Err("its functions stand in another crate than the router".into());
    }
    let web =
        site.dependency(package, "axum").ok_or("the package of the router does not depend on axum itself")?;
    let requirement =
        site.manifests.requirement(&model.packages[package].manifest, &web.key).unwrap_or_default();
    if is_old(&requirement) {
        return Err(format!("axum {requirement} is too old for the layer that is written"));
    }
    if let Some(hidden) = group.contract.items.iter().find(|&&item| !seen_from_root(site, root, item)) {
        return Err(format!("`{}` is not visible in its whole crate", model.items[*hidden].path));
    }
    let source = facts.params.iter().find_map(|param| {
        let ty = Ty::parse(&param.ty);
        let holder = calls.holder(&ty, facts.module, group)?;
        let plain = param.name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        (plain && !param.name.is_empty()).then(|| (param.name.clone(), matches!(ty, Ty::Ref(_)), holder))
    });
    let (name, by_ref, holder) = source.ok_or_else(|| format!("`{}` is given no state", facts.path))?;
    let from = |own: &calls::Own| holder.holds.get(&own.text).cloned();
    let side = calls::Side { web: &web.krate, actix: false, monolith: true };
    let offer = calls::offer(calls, group, side, Some((holder.text.clone(), &from)))
        .ok_or_else(|| format!("`{}` holds not all that these functions take", holder.text))?;
    let span = model.items[facts.item].span;
    let text = site.inputs.sources.text(span);
    let fallible = Ty::parse(&facts.ret).success().1;
    let no_place = || format!("`{}` gives its router back in a way that is not understood", facts.path);
    let values = values::given_back(text, fallible).ok_or_else(no_place)?;
    let open = lex::body_start(text).ok_or_else(no_place)?;
    let service = naming::snake(&calls.plan.services[group.service].name);
    let module = format!("answers_{}_{service}", naming::snake(&site.unit.name));
    if site.inputs.sources.find(&site.home_of(root, &module).0).is_some() {
        return Ok(());
    }
    site.need(package, "serde", r#"{ version = "1", features = ["derive"] }"#, seam);
    site.need(package, "serde_json", "\"1\"", seam);
    site.add(root, &module, offer.text, seam);
    let source = &site.inputs.sources.files[span.file].text;
    let open = (span.range.start + open) as usize + 1;
    let own_indent = indent(source, open);
    let by = if by_ref { "" } else { "&" };
    let line = format!("\n{own_indent}    let {module} = crate::{module}::Context::of({by}{name});");
    seam.inserts.insert((span.file, line_end(source, open) as u32, line));
    let given = if values.len() > 1 { format!("{module}.clone()") } else { module.clone() };
    let layer =
        format!(".layer({}::middleware::from_fn_with_state({given}, crate::{module}::answer))", web.krate);
    for value in &values {
        let inner = if value.wrapped { format!(".map(|router| router{layer})") } else { layer.clone() };
        let range = crate::base::TextRange::new(
            value.range.start + span.range.start,
            value.range.end + span.range.start,
        );
        let at = line_end(source, range.end as usize);
        seam.inserts.insert((span.file, at as u32, format!("\n{}{inner}", link_indent(source, range))));
    }
    Ok(())
}

/// Lets actix-web's application answer, from what its handlers are handed.
fn answer_by_data(
    site: &Site<'_, '_>,
    calls: &calls::Site<'_, '_>,
    group: &Group<'_, '_>,
    seam: &mut Seam,
) -> Result<(), String> {
    let model = site.names.model;
    let package = site.package(group.root);
    let Some(web) = site.dependency(package, "actix-web") else {
        return Err("no function of it returns the router of all its routes".into());
    };
    let manifest = &model.packages[package].manifest;
    let requirement = site.manifests.requirement(manifest, &web.key).unwrap_or_default();
    if !is_actix_4(&requirement) {
        return Err(format!("actix-web {requirement} is of another kind than what is written"));
    }
    let place = app_place(site).map_err(|refused| refused.what)?;
    let &[(chain, _)] = place.values.as_slice() else {
        return Err("its application is made in several places".into());
    };
    if place.root != group.root {
        return Err("its functions stand in another crate than the application".into());
    }
    if let Some(hidden) = group.contract.items.iter().find(|&&item| !seen_from_root(site, place.root, item)) {
        return Err(format!("`{}` is not visible in its whole crate", model.items[*hidden].path));
    }
    let offer = calls::offer_of_data(calls, group, &web.krate, true)
        .ok_or("its handlers are handed nothing that holds all that these functions take")?;
    let source = &site.inputs.sources.files[place.file].text;
    let at =
        values::behind_new(source, chain).ok_or("its application is made in a way that is not understood")?;
    let service = naming::snake(&calls.plan.services[group.service].name);
    let module = format!("answers_{}_{service}", naming::snake(&site.unit.name));
    if site.inputs.sources.find(&site.home_of(place.root, &module).0).is_some() {
        return Ok(());
    }
    site.need(package, "serde", r#"{ version = "1", features = ["derive"] }"#, seam);
    site.need(package, "serde_json", "\"1\"", seam);
    site.add(place.root, &module, offer.text, seam);
    let line = format!("\n{}.configure(crate::{module}::routes)", link_indent(source, chain));
    seam.inserts.insert((place.file, line_end(source, at as usize) as u32, line));
    Ok(())
}

/// Whether code in the root of a crate can name an item as it is.
pub(super) fn seen_from_root(site: &Site<'_, '_>, root: ModuleIdx, item: ItemId) -> bool {
    let (model, sources) = (site.names.model, &site.inputs.sources);
    let open = |text: &str| {
        lex::visibility(text).0.is_some_and(|(_, vis)| vis == "pub" || vis.replace(' ', "") == "pub(crate)")
    };
    let facts = &model.items[item];
    let in_root = facts.module == root;
    let modules = site.names.ancestors(facts.module).all(|module| {
        let facts = &model.modules[module];
        // What the root declares is visible below the root.
        facts.parent.is_none_or(|parent| parent == root)
            || facts.declared_at.is_some_and(|span| open(sources.text(span)))
    });
    modules && (in_root || open(sources.text(facts.span)))
}
