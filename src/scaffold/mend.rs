//! Closes gaps that only a compiler finds: what it misses is kept in the next round, first by name, then by module,
//! then by crate. Compiling comes first, being small second.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{FileId, Place, Sources};
use crate::model::{ItemId, ItemKind, Model, ModuleIdx, PackageIdx};

use super::manifest::{is_called, mentioned_crates};
use super::names::Names;
use super::{Scaffold, Scaffolded};

/// What a compiler asked for beyond what was read off the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demand {
    /// Items to keep.
    pub items: BTreeSet<ItemId>,
    /// Modules to keep as they are.
    pub modules: BTreeSet<ModuleIdx>,
    /// Crates to keep as they are, by their root modules.
    pub crates: BTreeSet<ModuleIdx>,
    /// External crates that only the output of macros names, by the package that needs them.
    pub externs: BTreeSet<(PackageIdx, String)>,
    /// Whether the routes of others stay too.
    pub uncut: bool,
    /// Whether calls into other services stay plain calls: what was written for them does not compile.
    pub plain: bool,
}

/// An error of the compiler in a generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Relative to the output directory.
    pub file: String,
    /// 1-based.
    pub line: u32,
    /// `E0425`; empty where there is none.
    pub code: String,
    /// The message and its notes.
    pub text: String,
}

/// Extends the demands of one function after `round` rounds (from 0); says whether there is anything new.
pub fn mend(
    model: &Model,
    sources: &Sources,
    function: &Scaffolded,
    faults: &[Fault],
    round: u32,
    demand: &mut Demand,
) -> bool {
    let before = demand.clone();
    let has_ports = function.files.iter().any(|file| is_of_calls(file));
    if !demand.plain && has_ports && (round >= 2 || faults.iter().any(|fault| is_of_calls(&fault.file))) {
        demand.plain = true;
        return true;
    }
    let names = Names::new(model);
    let places: Vec<(&Fault, Vec<ModuleIdx>)> =
        faults.iter().map(|fault| (fault, modules_of(model, sources, function, &fault.file))).collect();
    if round < 2 {
        for (fault, modules) in &places {
            by_name(&names, fault, modules, demand);
        }
        if *demand != before {
            return true;
        }
    }
    let modules: BTreeSet<ModuleIdx> = places.iter().flat_map(|(_, modules)| modules).copied().collect();
    demand.modules.extend(&modules);
    if *demand != before && round < 4 {
        return true;
    }
    let roots: BTreeSet<ModuleIdx> = if modules.is_empty() {
        BTreeSet::new()
    } else {
        modules.iter().map(|&module| names.root_of(module)).collect()
    };
    demand.crates.extend(&roots);
    if *demand == before && !modules.is_empty() {
        demand.uncut = true;
        let mut packages: Vec<_> =
            function.crates.iter().map(|(_, root)| model.modules[*root].package).collect();
        let mut seen = BTreeSet::new();
        while let Some(package) = packages.pop() {
            if seen.insert(package) {
                packages.extend(model.packages[package].dependencies.iter().filter_map(|other| other.local));
                demand.crates.extend(names.library(package));
            }
        }
        demand.crates.extend(function.crates.iter().map(|(_, root)| *root));
    }
    *demand != before
}

/// Whether a file was written for calls into other services or from them.
fn is_of_calls(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    let name = name.strip_prefix("splitter_").unwrap_or(name);
    ["calls_", "answers_", "service_calls"].iter().any(|start| name.starts_with(start))
}

/// The modules of the user's whose text stands in a generated file.
fn modules_of(model: &Model, sources: &Sources, function: &Scaffolded, file: &str) -> Vec<ModuleIdx> {
    let Some(source) = source_file(model, sources, function, file) else { return Vec::new() };
    model
        .modules
        .iter_enumerated()
        .filter(|(_, module)| module.content.file == source && !module.test)
        .map(|(id, _)| id)
        .collect()
}

/// The user's file that a generated one was cut from.
fn source_file(model: &Model, sources: &Sources, function: &Scaffolded, file: &str) -> Option<FileId> {
    let (dir, root) = function
        .crates
        .iter()
        .find(|(dir, _)| file.strip_prefix(dir.as_str()).is_some_and(|rest| rest.starts_with('/')))?;
    let own = &model.packages[model.modules[*root].package].dir;
    let rest = file[dir.len()..].trim_start_matches('/');
    sources.find(&if own.is_empty() { rest.to_owned() } else { format!("{own}/{rest}") })
}

/// The place in the user's code that a line of a generated file was cut from: the first line of the same text from
/// there on, because cutting only moves lines up.
pub fn origin(
    model: &Model,
    sources: &Sources,
    made: &Scaffold,
    function: &Scaffolded,
    file: &str,
    line: u32,
) -> Option<Place> {
    let source = source_file(model, sources, function, file)?;
    let wanted = made.files.get(file)?.lines().nth((line as usize).checked_sub(1)?)?.trim();
    let found = sources.files[source]
        .text
        .lines()
        .enumerate()
        .skip(line as usize - 1)
        .find(|(_, text)| text.trim() == wanted)
        .map_or(1, |(at, _)| at as u32 + 1);
    Some(Place { file: source, line: found })
}

/// Names between backticks, cut into identifiers.
fn quoted(text: &str) -> Vec<Vec<String>> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .flat_map(|part| {
            part.split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == ':'))
        })
        .map(|path| {
            path.split("::")
                // The colon of a bound.
                .map(|segment| segment.trim_matches(':'))
                .filter(|segment| !segment.is_empty())
                .map(|segment| segment.strip_prefix("r#").unwrap_or(segment).to_owned())
                .collect::<Vec<_>>()
        })
        .filter(|path| !path.is_empty())
        .collect()
}

/// Items of more names than this are not brought one by one.
const MANY: usize = 24;

fn by_name(names: &Names<'_>, fault: &Fault, modules: &[ModuleIdx], demand: &mut Demand) {
    let model = names.model;
    let first_line = fault.text.lines().next().unwrap_or("");
    let paths = quoted(first_line);
    let is_named = |name: &str| paths.iter().any(|path| path.last().is_some_and(|last| last == name));
    match fault.code.as_str() {
        "E0425" | "E0412" | "E0433" | "E0432" | "E0405" | "E0404" | "E0423" | "E0531" | "E0532" | "E0574"
        | "" => {
            let mut found = BTreeSet::new();
            let externs = demand.externs.clone();
            for path in &paths {
                for &module in modules {
                    let package = model.modules[module].package;
                    let known = &model.packages[package].dependencies;
                    if known
                        .iter()
                        .any(|dependency| dependency.local.is_none() && dependency.krate == path[0])
                    {
                        demand.externs.insert((package, path[0].clone()));
                        continue;
                    }
                    let direct = names.resolve(module, path, false, None);
                    if direct.items.is_empty() && fault.text.contains("crate") {
                        let krates = nameless(model, package, &path[0]);
                        demand.externs.extend(krates.map(|krate| (package, krate)));
                    }
                    found.extend(direct.items);
                    demand.modules.extend(direct.modules.into_iter().filter(|_| fault.code == "E0432"));
                }
            }
            if found.is_empty() && demand.externs == externs {
                found.extend(
                    model
                        .items
                        .iter_enumerated()
                        .filter(|(_, item)| !item.test && item.parent.is_none() && is_named(&item.name))
                        .map(|(id, _)| id)
                        .take(MANY),
                );
            }
            demand.items.extend(found);
        }
        "E0599" | "E0576" | "E0407" | "E0437" | "E0046" => {
            demand.items.extend(
                model
                    .items
                    .iter_enumerated()
                    .filter(|(_, item)| !item.test && item.parent.is_some() && is_named(&item.name))
                    .map(|(id, _)| id)
                    .take(MANY),
            );
            implementations(model, &fault.text, demand);
            // A trait that is there for its methods alone: only the module's own list of imports says which.
            if fault.text.contains("not in scope") {
                demand.modules.extend(modules);
            }
        }
        _ => implementations(model, &fault.text, demand),
    }
}

/// Dependencies of a package whose library may be what is called so: none of its code names them, or almost so.
fn nameless<'a>(model: &'a Model, package: PackageIdx, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let mentioned = mentioned_crates(model, package);
    let all = model.packages[package].dependencies.iter().filter(|dependency| dependency.local.is_none());
    all.map(|dependency| dependency.krate.clone())
        .filter(move |krate| !mentioned.contains(krate) || is_called(krate, name))
}

/// Implementations of which a message names both sides.
fn implementations(model: &Model, text: &str, demand: &mut Demand) {
    let named: BTreeSet<String> = quoted(text).into_iter().filter_map(|path| path.last().cloned()).collect();
    for (id, item) in model.items.iter_enumerated() {
        let Some(sides) = &item.implements else { continue };
        if item.kind != ItemKind::Impl || item.test {
            continue;
        }
        let ty = sides.type_item.map(|ty| model.items[ty].name.as_str());
        let by_trait = sides
            .trait_item
            .map(|tr| model.items[tr].name.as_str())
            .or(sides.trait_path.as_ref().map(crate::base::DefPath::name));
        if ty.is_none_or(|name| named.contains(name)) && by_trait.is_some_and(|name| named.contains(name)) {
            demand.items.insert(id);
        }
    }
}

/// What a demand says for people.
pub fn describe(model: &Model, demand: &Demand) -> BTreeMap<&'static str, Vec<String>> {
    let module = |id: &ModuleIdx| model.modules[*id].path.to_string();
    BTreeMap::from([
        ("items", demand.items.iter().map(|&item| model.items[item].path.to_string()).collect()),
        ("modules", demand.modules.iter().map(module).collect()),
        ("crates", demand.crates.iter().map(module).collect()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: &str = "
//- /src/lib.rs
pub mod orders;
mod prices;
//- /src/orders.rs
pub fn place() {}

pub struct Order;
//- /src/prices.rs
pub fn total() {}

pub trait Priced {}

impl Priced for crate::orders::Order {}
";

    /// What is demanded after a fault in `src/orders.rs`, round by round.
    fn demands(code: &str, text: &str, rounds: u32) -> String {
        let files = crate::scaffold::tests::files(SHOP);
        let fixture = crate::scaffold::slice::testing::Fixture::new(&files, &[("shop", "src/lib.rs")], &[]);
        let root = fixture.model.modules.ids().next().unwrap();
        let function =
            Scaffolded { name: "f".into(), crates: vec![("f/shop".into(), root)], ..Scaffolded::default() };
        let file = "f/shop/src/orders.rs".to_owned();
        let fault = Fault { file, line: 1, code: code.into(), text: text.into() };
        let mut demand = Demand::default();
        let mut shown = Vec::new();
        for round in 0..rounds {
            let more = mend(
                &fixture.model,
                &fixture.sources,
                &function,
                std::slice::from_ref(&fault),
                round,
                &mut demand,
            );
            let mut all: Vec<String> = describe(&fixture.model, &demand).into_values().flatten().collect();
            all.sort();
            shown.push(format!("{more}: {}", all.join(" ")));
        }
        shown.join("\n")
    }

    #[test]
    fn a_missing_name_comes_alone_then_its_module_then_everything() {
        let missing = demands("E0425", "cannot find function `total` in this scope", 5);
        expect_test::expect![[r#"
            true: shop::prices::total
            true: shop::orders shop::prices::total
            true: shop shop::orders shop::prices::total
            true: shop shop::orders shop::prices::total
            false: shop shop::orders shop::prices::total"#]]
        .assert_eq(&missing);
    }

    #[test]
    fn a_missing_implementation_is_brought_whole() {
        let unmet = demands("E0277", "the trait bound `Order: Priced` is not satisfied", 1);
        expect_test::expect!["true: shop::prices::<impl 40>"].assert_eq(&unmet);
    }

    #[test]
    fn what_was_written_for_calls_goes_where_it_does_not_compile() {
        let files = crate::scaffold::tests::files(SHOP);
        let fixture = crate::scaffold::slice::testing::Fixture::new(&files, &[("shop", "src/lib.rs")], &[]);
        let file = "f/shop/src/calls_users.rs".to_owned();
        let function = Scaffolded { name: "f".into(), files: vec![file.clone()], ..Scaffolded::default() };
        let fault = Fault { file, line: 1, code: "E0308".into(), text: "mismatched types".into() };
        let mut demand = Demand::default();
        let faults = std::slice::from_ref(&fault);
        assert!(mend(&fixture.model, &fixture.sources, &function, faults, 0, &mut demand));
        assert_eq!(demand, Demand { plain: true, ..Demand::default() });
    }

    #[test]
    fn names_are_read_out_of_messages() {
        let shown: Vec<_> = quoted("cannot find type `Cart<'_>` in module `crate::cart`")
            .iter()
            .map(|path| path.join("::"))
            .collect();
        assert_eq!(shown, ["Cart", "_", "crate::cart"]);
    }
}
