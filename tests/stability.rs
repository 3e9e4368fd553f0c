//! Small changes of an application leave its services alone: on every sample at most 5 % of the placements
//! move.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use common::Dir;
use splitter::config::Config;
use splitter::model::{Home, Homes, Model, Plan};
use splitter::pipeline::analyze;
use splitter::propose::{Options, propose};

/// Share of the placements that may move.
const MOST: f64 = 0.05;

#[test]
fn when_calls_are_missing() {
    for sample in samples() {
        let model = analyze(&sample, &Config::default(), &|_| {}).unwrap().model;
        let whole = places(&model, &propose(&model, &Options::default()).unwrap());
        for seed in 0..8 {
            let mut less = model.clone();
            let mut at = 0_u64;
            less.calls.retain(|_| {
                at += 1;
                !mixed(seed << 32 | at).is_multiple_of(50)
            });
            assert!(less.calls.len() < model.calls.len());
            let plan = propose(&less, &Options::default()).unwrap();
            holds(&sample, &format!("without some calls ({seed})"), &whole, &places(&less, &plan));
        }
    }
}

#[test]
fn when_a_module_is_renamed() {
    for sample in samples() {
        let whole = analysed(&sample);
        for module in modules(&sample) {
            // Last in every order that was by name, with a word that means nothing.
            let renamed =
                format!("zz_{}", module.bytes().map(|b| (b'a' + b % 7) as char).collect::<String>());
            let dir = copied(&sample, |path, text| {
                let path = match path.strip_prefix(&format!("src/{module}")) {
                    Some(rest) if rest.starts_with(['/', '.']) => format!("src/{renamed}{rest}"),
                    _ => path.to_owned(),
                };
                (path, in_paths(text, &module, &renamed))
            });
            let places = analysed(&dir.path("app"));
            let back = |name: &str| name.replace(&format!("::{renamed}"), &format!("::{module}"));
            let places: BTreeMap<_, _> =
                places.into_iter().map(|(name, place)| (back(&name), place)).collect();
            let lost: Vec<_> = whole.keys().filter(|name| !places.contains_key(*name)).collect();
            assert!(lost.is_empty(), "{module} was not renamed everywhere: {lost:?}");
            holds(&sample, &format!("with {module} called {renamed}"), &whole, &places);
        }
    }
}

#[test]
fn when_files_stand_in_another_order() {
    for sample in samples() {
        let whole = analysed(&sample);
        let modules = modules(&sample);
        // The first becomes the last.
        let place = |module: &str| {
            let at = modules.iter().position(|other| other == module)?;
            Some(format!("m{:02}_{module}", modules.len() - at))
        };
        let dir = copied(&sample, |path, text| {
            let inner = path.strip_prefix("src/").unwrap_or("");
            let module = inner.split(['/', '.']).next().unwrap_or("");
            let Some(moved) = place(module) else {
                let lines = text.lines().map(|line| {
                    let name = line.trim_start_matches("pub ").strip_prefix("mod ");
                    let name = name.and_then(|rest| rest.strip_suffix(';')).filter(|_| path == "src/lib.rs");
                    match name.and_then(|name| Some((name, place(name)?))) {
                        Some((name, moved)) if sample.join(format!("src/{name}.rs")).exists() => {
                            format!("#[path = \"{moved}.rs\"] {line}\n")
                        }
                        Some((_, moved)) => format!("#[path = \"{moved}/mod.rs\"] {line}\n"),
                        None => format!("{line}\n"),
                    }
                });
                return (path.to_owned(), lines.collect());
            };
            (format!("src/{moved}{}", &inner[module.len()..]), text.to_owned())
        });
        let places = analysed(&dir.path("app"));
        assert_eq!(places.len(), whole.len());
        holds(&sample, "with its files in another order", &whole, &places);
    }
}

fn samples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let Ok(entries) = fs::read_dir(root) else { return Vec::new() };
    let mut samples: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    samples.retain(|path| path.join("Cargo.toml").exists());
    samples.sort();
    samples
}

/// The top modules of a sample, `main` and `lib` left out.
fn modules(sample: &Path) -> Vec<String> {
    let entries = fs::read_dir(sample.join("src")).unwrap().map(|entry| entry.unwrap().path());
    let mut modules: Vec<String> = entries
        .filter(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "main" && name != "lib")
        .collect();
    modules.sort();
    modules
}

/// A copy of a sample in which each file may have another path and text.
fn copied(sample: &Path, change: impl Fn(&str, &str) -> (String, String)) -> Dir {
    let dir = Dir::new();
    let mut stack = vec![sample.to_owned()];
    while let Some(folder) = stack.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let relative = path.strip_prefix(sample).unwrap().to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                stack.extend((relative != "target").then_some(path));
            } else if let Ok(text) = fs::read_to_string(&path) {
                let (relative, text) = change(&relative, &text);
                let path = dir.path("app").join(relative);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        }
    }
    dir
}

/// Renames a module where it stands in a path or is declared.
fn in_paths(text: &str, module: &str, renamed: &str) -> String {
    let mut changed = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(module) {
        let (before, after) = (&rest[..at], &rest[at + module.len()..]);
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let alone = !before.ends_with(is_word) && !after.starts_with(is_word);
        let line = before.rsplit('\n').next().unwrap_or("");
        let line = if before.contains('\n') { line.to_owned() } else { last_line(&changed) + line };
        let listed = ["use crate::{", "use photo_rental::{", "use shop::{"]
            .iter()
            .any(|head| line.trim_start().starts_with(head))
            && !before.ends_with("::");
        let top = ["crate::", "mod ", "photo_rental::", "shop::"].iter().any(|head| line.ends_with(head));
        let path = after.starts_with("::") && !line.ends_with("::");
        changed.push_str(before);
        changed.push_str(if alone && (listed || top || path) { renamed } else { module });
        rest = after;
    }
    changed + rest
}

fn last_line(text: &str) -> String {
    text.rsplit('\n').next().unwrap_or("").to_owned()
}

/// Thing → where it is.
type Places = BTreeMap<String, String>;

fn analysed(app: &Path) -> Places {
    let analysis = analyze(app, &Config::default(), &|_| {}).unwrap();
    places(&analysis.model, &analysis.plan)
}

fn places(model: &Model, plan: &Plan) -> Places {
    let homes = Homes::new(model, plan);
    let name = |home: Home| match home {
        Home::Service(service) => plan.services[service].name.clone(),
        other => format!("{other:?}"),
    };
    let mut places = Places::new();
    for (id, entry) in model.entry_points.iter_enumerated() {
        let handler = entry.handler.map(|handler| model.functions[handler].path.to_string());
        let thing = format!("entry {} {}", entry.title(), handler.unwrap_or_default());
        places.insert(thing, name(homes.entry_points[id]));
    }
    for (id, table) in model.tables.iter_enumerated() {
        places.insert(format!("table {}", table.name), name(homes.tables[id]));
    }
    for (id, function) in model.functions.iter_enumerated().filter(|(_, function)| !function.test) {
        places.insert(function.path.to_string(), name(homes.functions[id]));
    }
    for (id, ty) in model.types.iter_enumerated().filter(|(_, ty)| !ty.test) {
        places.insert(format!("type {}", ty.path), name(homes.types[id]));
    }
    places
}

/// Fails where more of the placements moved than may. A service is the one that it shares most with.
#[track_caller]
fn holds(sample: &Path, what: &str, whole: &Places, other: &Places) {
    let mut common: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (thing, place) in whole {
        if let Some(now) = other.get(thing) {
            *common.entry((now, place)).or_default() += 1;
        }
    }
    let mut pairs: Vec<_> = common.into_iter().collect();
    pairs.sort_by_key(|&(pair, n)| (std::cmp::Reverse(n), pair));
    let mut twins: BTreeMap<&str, &str> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for ((now, place), _) in pairs {
        if !twins.contains_key(now) && taken.insert(place) {
            twins.insert(now, place);
        }
    }
    let moved: Vec<String> = whole
        .iter()
        .filter_map(|(thing, place)| Some((thing, place, other.get(thing)?)))
        .filter(|(_, place, now)| twins.get(now.as_str()) != Some(&place.as_str()))
        .map(|(thing, place, now)| format!("{thing}: {place} -> {now}"))
        .collect();
    let share = moved.len() as f64 / whole.len() as f64;
    assert!(
        share <= MOST,
        "{} {what}: {:.1} % of the placements moved\n{moved:#?}",
        sample.display(),
        100.0 * share
    );
}

fn mixed(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
