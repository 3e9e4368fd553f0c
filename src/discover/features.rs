//! Which features are on.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::Dependency;
use super::layout::PackageDraft;
use super::manifest::strings;
use crate::base::Id;

/// Which features the user wants.
#[derive(Clone, Debug, Default)]
pub struct FeatureChoice {
    /// `name` in every package that declares it, `package/name` in one.
    pub features: Vec<String>,
    /// Whether the defaults are off.
    pub no_defaults: bool,
}

/// The features that a package declares, also those that optional dependencies declare by themselves.
#[derive(Clone, Debug, Default)]
pub(super) struct Declared(pub BTreeMap<String, Vec<String>>);

impl Declared {
    /// Reads `[features]`.
    pub fn read(manifest: &Table, dependencies: &[Dependency]) -> Self {
        let table = manifest.get("features").and_then(Value::as_table);
        let mut declared: BTreeMap<String, Vec<String>> = table
            .into_iter()
            .flatten()
            .map(|(name, on)| (name.clone(), strings(Some(on)).into_iter().map(str::to_owned).collect()))
            .collect();
        let by_dep: BTreeSet<String> =
            declared.values().flatten().filter_map(|on| on.strip_prefix("dep:")).map(str::to_owned).collect();
        for dependency in dependencies.iter().filter(|dependency| dependency.optional) {
            if !by_dep.contains(&dependency.key) {
                let on = format!("dep:{}", dependency.key);
                declared.entry(dependency.key.clone()).or_insert_with(|| vec![on]);
            }
        }
        Self(declared)
    }
}

/// The keys of the optional dependencies that the features in `on` bring in.
pub(super) fn brought_in(declared: &Declared, on: &BTreeSet<String>) -> BTreeSet<String> {
    let entries = on.iter().filter_map(|feature| declared.0.get(feature)).flatten();
    entries
        .filter_map(|entry| match entry.split_once('/') {
            Some((key, _)) => (!key.ends_with('?')).then_some(key),
            None => entry.strip_prefix("dep:"),
        })
        .map(str::to_owned)
        .collect()
}

/// The features that are on in each package: its defaults, what other packages of the workspace ask
/// for, and all that these turn on.
pub(super) fn enabled(packages: &[PackageDraft], choice: &FeatureChoice) -> Vec<BTreeSet<String>> {
    let mut on: Vec<BTreeSet<String>> = vec![BTreeSet::new(); packages.len()];
    let mut open: Vec<(usize, String)> = Vec::new();
    for (idx, package) in packages.iter().enumerate() {
        if !choice.no_defaults {
            open.push((idx, "default".to_owned()));
        }
        open.extend(choice.features.iter().filter_map(|feature| match feature.split_once('/') {
            Some((of, feature)) => (of == package.name).then(|| (idx, feature.to_owned())),
            None => Some((idx, feature.clone())),
        }));
        // What only tests ask for is off in the application that runs.
        for dependency in
            package.dependencies.iter().filter(|dependency| !dependency.optional && !dependency.dev)
        {
            if let Some(local) = dependency.local {
                open.extend(dependency.features.iter().map(|feature| (local.idx(), feature.clone())));
            }
        }
    }
    while let Some((idx, feature)) = open.pop() {
        let package = &packages[idx];
        let Some(turns_on) = package.features.0.get(&feature) else { continue };
        if !on[idx].insert(feature) {
            continue;
        }
        for entry in turns_on {
            let (key, feature) = match entry.split_once('/') {
                Some((key, feature)) => (key, Some(feature)),
                None => match entry.strip_prefix("dep:") {
                    Some(key) => (key, None),
                    None => {
                        open.push((idx, entry.clone()));
                        continue;
                    }
                },
            };
            let (key, weak) = key.strip_suffix('?').map_or((key, false), |key| (key, true));
            if feature.is_some() && !weak {
                open.push((idx, key.to_owned()));
            }
            let Some(dependency) = package.dependencies.iter().find(|dependency| dependency.key == key)
            else {
                continue;
            };
            if let Some(local) = dependency.local {
                let asked = dependency.features.iter().map(String::as_str).filter(|_| !weak);
                open.extend(asked.chain(feature).map(|feature| (local.idx(), feature.to_owned())));
            }
        }
    }
    on
}
