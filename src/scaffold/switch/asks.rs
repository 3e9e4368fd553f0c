//! What the monolith asks an extracted service for: calls into code that has moved run here, there, or in both places.

use toml_edit::Value;

use crate::model::{ModuleIdx, PackageIdx};
use crate::scaffold::calls::{self, Group};
use crate::scaffold::deployable::Unit;
use crate::scaffold::entry::is_old;
use crate::scaffold::naming;

use super::answers::{seen_from_root, top_values};
use super::{Seam, Site, line_end};

/// Adds to the seam of a unit, which answers what other services ask, the ports of the monolith's own calls; gives a line for
/// the README.
pub(in crate::scaffold) fn asks(
    unit: &Unit,
    calls: &calls::Site<'_, '_>,
    host: ModuleIdx,
    seam: &mut Seam,
) -> Vec<String> {
    let site = Site { unit, names: calls.names, inputs: calls.inputs, manifests: calls.manifests };
    let Some(service) = calls.service(&unit.service) else { return Vec::new() };
    let groups = calls.asked_of(service);
    groups
        .iter()
        .filter(|group| group.root == host)
        .map(|group| match ask(&site, calls, group, seam) {
            Ok(functions) => format!(
                "What the rest of the monolith calls in {0} follows `{1}`: `local` (default) runs it there, `remote` asks this function, \
                 `shadow` does both for what only reads. With `{1}_URL`, `{1}_TOKEN` (the same on both sides) and `{1}_TIMEOUT_MS` (5000): {2}",
                unit.service,
                calls::variable(&unit.service),
                functions.join(", ")
            ),
            Err(why) => {
                format!("What the rest of the monolith calls in {} goes on running there, because {why}.", unit.service)
            }
        })
        .collect()
}

fn ask(
    site: &Site<'_, '_>,
    calls: &calls::Site<'_, '_>,
    group: &Group<'_, '_>,
    seam: &mut Seam,
) -> Result<Vec<String>, String> {
    let model = site.names.model;
    let root = group.root;
    let package = site.package(root);
    if let Some(hidden) = group.contract.items.iter().find(|&&item| !seen_from_root(site, root, item)) {
        return Err(format!("`{}` is not visible in its whole crate", model.items[*hidden].path));
    }
    let name = naming::snake(&site.unit.service);
    let (module, support) = (format!("asks_{name}"), format!("asks_{name}_support"));
    let layer = layer_place(site, root);
    let made = calls::monolith_asks(calls, group, &module, &support, layer.is_some());
    if site.inputs.sources.find(&site.home_of(root, &module).0).is_some() {
        return Ok(made.functions);
    }
    for (krate, value) in calls::ASKING {
        lacks(site, package, krate, value)?;
    }
    for (krate, value) in calls::ASKING {
        site.need(package, krate, value, seam);
    }
    site.add(root, &module, made.text, seam);
    site.add(root, &support, made.support, seam);
    seam.inserts.extend(made.inserts);
    if let Some((file, web, values)) = layer {
        let source = &site.inputs.sources.files[file].text;
        let layer = format!(".layer({web}::middleware::from_fn(crate::{support}::within))");
        for (range, wrapped) in values {
            let inner = if wrapped { format!(".map(|router| router{layer})") } else { layer.clone() };
            let at = line_end(source, range.end as usize);
            let text = format!("\n{}{inner}", super::http::link_indent(source, range));
            seam.inserts.insert((file, at as u32, text));
        }
    }
    Ok(made.functions)
}

/// Where the layer goes that gives calls the trace of the request: file, name of axum in code, values.
fn layer_place(site: &Site<'_, '_>, root: ModuleIdx) -> Option<super::answers::Values> {
    let package = site.package(root);
    let web = site.dependency(package, "axum")?;
    let manifest = &site.names.model.packages[package].manifest;
    let requirement = site.manifests.requirement(manifest, &web.key).unwrap_or_default();
    if is_old(&requirement) {
        return None;
    }
    top_values(site, root, &web.krate)
}

/// Refuses a dependency that the package has under another name, or without what the generated code needs.
fn lacks(site: &Site<'_, '_>, package: PackageIdx, krate: &str, value: &str) -> Result<(), String> {
    let facts = &site.names.model.packages[package];
    let Some(own) = facts.dependencies.iter().find(|own| own.package == *krate) else {
        let taken = facts.dependencies.iter().any(|own| own.key == *krate);
        return if taken { Err(format!("something else is called `{krate}` there")) } else { Ok(()) };
    };
    if own.krate != *krate || site.dependency(package, krate).is_none() {
        return Err(format!("its `{krate}` is optional or has another name"));
    }
    let Some((has, _)) = site.manifests.dependency(&facts.manifest, &own.key) else { return Ok(()) };
    let features = |value: &Value| -> Vec<String> {
        let listed =
            value.as_inline_table().and_then(|table| table.get("features")).and_then(Value::as_array);
        listed.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let wanted: Value = value.parse().unwrap_or_else(|_| value.into());
    let has = features(&has);
    // The client needs no more than it always has; `tokio` of an application that serves spawns and sleeps.
    let lacking = features(&wanted).into_iter().find(|feature| {
        let usual = krate == "reqwest" || krate == "tokio" && matches!(feature.as_str(), "rt" | "sync");
        !usual && !has.contains(feature) && !has.iter().any(|own| own == "full")
    });
    match lacking {
        Some(feature) => Err(format!("its `{krate}` lacks the feature `{feature}`")),
        None => Ok(()),
    }
}
