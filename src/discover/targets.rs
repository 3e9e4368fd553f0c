//! Which targets a package has: those it names and those cargo finds by itself.

use std::collections::BTreeMap;

use cargo_toml::Product;
use toml::Value;

use super::TargetKind;
use super::manifest::{Manifest, is_true, join};

/// A target whose root file is still a path.
#[derive(Clone, Debug)]
pub(super) struct TargetDraft {
    pub kind: TargetKind,
    pub krate: String,
    pub root: String,
}

/// The targets of one package and what is wrong with them (sentences).
pub(super) fn targets(
    manifest: &Manifest,
    package: &str,
    edition: &str,
    exists: &dyn Fn(&str) -> bool,
    children: &dyn Fn(&str) -> Vec<String>,
) -> (Vec<TargetDraft>, Vec<String>) {
    let mut finder = Finder { manifest, package, edition, exists, children, found: vec![], wrong: vec![] };
    finder.lib();
    finder.several(TargetKind::Bin, "bin", "autobins", "src/bin");
    finder.several(TargetKind::Example, "example", "autoexamples", "examples");
    finder.several(TargetKind::Test, "test", "autotests", "tests");
    finder.several(TargetKind::Bench, "bench", "autobenches", "benches");
    finder.build();
    (finder.found, finder.wrong)
}

struct Finder<'a> {
    manifest: &'a Manifest,
    package: &'a str,
    edition: &'a str,
    exists: &'a dyn Fn(&str) -> bool,
    children: &'a dyn Fn(&str) -> Vec<String>,
    found: Vec<TargetDraft>,
    wrong: Vec<String>,
}

impl Finder<'_> {
    fn push(&mut self, kind: TargetKind, name: &str, root: String) {
        self.found.push(TargetDraft { kind, krate: name.replace('-', "_"), root });
    }

    fn at(&self, rel: &str) -> Option<String> {
        join(&self.manifest.dir, rel).filter(|path| (self.exists)(path))
    }

    fn product(&mut self, section: &str, value: &Value) -> Option<Product> {
        match value.clone().try_into::<Product>() {
            Ok(product) => Some(product),
            // A key of another type than cargo wants: what is needed is taken as far as it goes.
            Err(err) => {
                self.wrong.push(format!("[{section}] is unusual: {}", err.message()));
                let table = value.as_table()?;
                let text = |key: &str| table.get(key).and_then(Value::as_str).map(str::to_owned);
                let proc_macro = is_true(table, "proc-macro") || is_true(table, "proc_macro");
                Some(Product { name: text("name"), path: text("path"), proc_macro, ..Product::default() })
            }
        }
    }

    fn lib(&mut self) {
        let section = self.manifest.table.get("lib").cloned();
        let auto =
            self.manifest.package().and_then(|package| package.get("autolib")).and_then(Value::as_bool);
        if section.is_none() && auto == Some(false) {
            return;
        }
        let product = section.as_ref().and_then(|value| self.product("lib", value)).unwrap_or_default();
        let path = product.path.as_deref().unwrap_or("src/lib.rs");
        let is_macro = product.proc_macro || product.crate_type.iter().any(|kind| kind == "proc-macro");
        let kind = if is_macro { TargetKind::ProcMacro } else { TargetKind::Lib };
        match self.at(path) {
            Some(root) => self.push(kind, product.name.as_deref().unwrap_or(self.package), root),
            None if section.is_some() => self.wrong.push(format!("the library's file {path} does not exist")),
            None => {}
        }
    }

    fn several(&mut self, kind: TargetKind, section: &str, auto: &str, dir: &str) {
        let mut by_name = BTreeMap::new();
        let declared: Vec<Value> =
            self.manifest.table.get(section).and_then(Value::as_array).cloned().unwrap_or_default();
        let package = self.manifest.package();
        let auto = package.and_then(|package| package.get(auto)).and_then(Value::as_bool);
        // The oldest edition finds nothing by itself once a target is written down.
        if auto.unwrap_or(self.edition != "2015" || declared.is_empty()) {
            if kind == TargetKind::Bin
                && let Some(root) = self.at("src/main.rs")
            {
                by_name.insert(self.package.to_owned(), root);
            }
            let dir = join(&self.manifest.dir, dir).unwrap_or_default();
            for child in (self.children)(&dir) {
                if let Some(name) = child.strip_suffix(".rs").filter(|name| !name.is_empty()) {
                    by_name.insert(name.to_owned(), format!("{dir}/{child}"));
                } else if (self.exists)(&format!("{dir}/{child}/main.rs")) {
                    by_name.insert(child.clone(), format!("{dir}/{child}/main.rs"));
                }
            }
        }
        for value in &declared {
            let Some(product) = self.product(section, value) else { continue };
            let Some(name) = product.name.clone() else {
                self.wrong.push(format!("a [[{section}]] has no name"));
                continue;
            };
            let mut places: Vec<String> = match &product.path {
                Some(path) => vec![path.clone()],
                None => vec![format!("{dir}/{name}.rs"), format!("{dir}/{name}/main.rs")],
            };
            let may_be_main = name == self.package || self.edition == "2015";
            if product.path.is_none() && kind == TargetKind::Bin && may_be_main {
                places.push("src/main.rs".to_owned());
            }
            match places.iter().find_map(|place| self.at(place)) {
                Some(root) => {
                    // Under another name, the file is not found a second time.
                    by_name.retain(|_, found| *found != root);
                    by_name.insert(name, root);
                }
                None => {
                    let place = &places[0];
                    self.wrong.push(format!("the file {place} of [[{section}]] {name} does not exist"));
                }
            }
        }
        for (name, root) in by_name {
            self.push(kind, &name, root);
        }
    }

    fn build(&mut self) {
        let scripts: Vec<String> = match self.manifest.package().and_then(|package| package.get("build")) {
            None | Some(Value::Boolean(true)) => vec!["build.rs".to_owned()],
            Some(Value::String(path)) => vec![path.clone()],
            Some(Value::Array(paths)) => paths.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(_) => vec![],
        };
        for script in scripts {
            if let Some(root) = self.at(&script) {
                self.push(TargetKind::Build, "build_script_build", root);
            }
        }
    }
}
