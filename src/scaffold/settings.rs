//! Settings whose names crates of configuration put together: by a prefix, or by the fields of a type.

use std::collections::BTreeSet;

use crate::model::{ItemId, ItemKind, ModuleIdx};

use super::Inputs;
use super::names::Names;
use super::slice::shape::{self, ShapeKind};

/// What moved code reads beside the variables that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// Variables that follow from the fields of types.
    pub names: BTreeSet<String>,
    /// For the README: a prefix, and where it is read.
    pub notes: Vec<String>,
}

/// Text that a prefix follows, and what `config` puts behind it where nothing else is said.
const PREFIXED: &[(&str, &str)] =
    &[("Environment::with_prefix(", "_"), ("Env::prefixed(", ""), ("envy::prefixed(", "")];

/// The settings of kept items.
pub(super) fn settings(names: &Names<'_>, inputs: &Inputs<'_>, kept: &BTreeSet<ItemId>) -> Settings {
    let mut out = Settings::default();
    for &id in kept.iter().filter(|&&id| names.knows(id)) {
        let item = &names.model.items[id];
        let text = inputs.sources.text(item.span);
        match item.kind {
            ItemKind::Struct if text.contains("env") => out.names.extend(shape::variables(text)),
            ItemKind::Function => {
                let place = inputs.sources.place(item.span);
                let file = &inputs.sources.files[place.file].path;
                let at = format!("read in `{}` ({file}:{})", item.path, place.line);
                for (what, behind) in PREFIXED {
                    for prefix in literals(text, what) {
                        let other = literals(text, ".prefix_separator(").pop().filter(|_| !behind.is_empty());
                        let prefix = format!("{prefix}{}", other.as_deref().unwrap_or(behind));
                        match fields(names, inputs, item.module, text, ").from_env::<") {
                            Some(fields) => {
                                out.names.extend(fields.iter().map(|field| format!("{prefix}{field}")));
                            }
                            None => out.notes.push(format!("`{prefix}…`{}, {at}", of_type(text))),
                        }
                    }
                }
                match fields(names, inputs, item.module, text, "envy::from_env::<") {
                    Some(fields) => out.names.extend(fields),
                    None if ["Environment::default()", "Env::raw()", "envy::from_env("]
                        .iter()
                        .any(|what| text.contains(what)) =>
                    {
                        out.notes.push(format!("any name{}, {at}", of_type(text)));
                    }
                    None => {}
                }
            }
            _ => {}
        }
    }
    out.notes.sort();
    out.notes.dedup();
    out
}

/// The string literals that directly follow some text.
fn literals(text: &str, what: &str) -> Vec<String> {
    let behind = text.match_indices(what).map(|(at, _)| text[at + what.len()..].trim_start());
    behind
        .filter_map(|rest| rest.strip_prefix('"')?.split_once('"'))
        .map(|(literal, _)| literal.to_owned())
        .filter(|literal| !literal.contains('\\'))
        .collect()
}

/// The type behind a turbofish.
fn turbofish<'t>(text: &'t str, what: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(what)?;
    let (path, _) = rest.split_once('>')?;
    path.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | ':')).then_some(path)
}

/// The fields of the type behind a turbofish, as variables.
fn fields(
    names: &Names<'_>,
    inputs: &Inputs<'_>,
    module: ModuleIdx,
    text: &str,
    what: &str,
) -> Option<Vec<String>> {
    let path: Vec<String> = turbofish(text, what)?.split("::").map(str::to_owned).collect();
    let item = *names.resolve(module, &path, false, None).last.first()?;
    let ShapeKind::Struct(fields) = shape::shape(inputs.sources.text(names.model.items[item].span))?.kind
    else {
        return None;
    };
    Some(fields.all.iter().map(|field| field.name.to_uppercase()).collect())
}

/// What is made of the settings, where the text says it.
fn of_type(text: &str) -> String {
    let made = ["try_deserialize::<", "extract::<"].iter().find_map(|what| turbofish(text, what));
    made.map_or_else(String::new, |ty| format!(" for the fields of `{ty}`"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::scaffold::slice::testing::Fixture;

    #[test]
    fn prefixes_and_fields_are_told() {
        let text = r#"
pub struct Mail { pub host: String, pub port: u16 }
#[derive(Parser)]
pub struct Cli {
    #[arg(long, env)]
    pub data_dir: String,
    #[arg(long, env = "LOG", default_value = "env")]
    pub log: String,
    #[arg(long)]
    pub quiet: bool,
}
pub fn all() -> Result<Settings, Error> {
    Config::builder().add_source(Environment::with_prefix("APP").prefix_separator("__")).build()?.try_deserialize::<Settings>()
}
pub fn some() -> Figment { Figment::new().merge(Env::prefixed("SHOP_").split("__")) }
pub fn mail() -> Mail { envy::prefixed("MAIL_").from_env::<Mail>().unwrap() }
pub fn bare() -> Mail { envy::from_env::<Mail>().unwrap() }
"#;
        let fixture = Fixture::new(&[("src/lib.rs".into(), text.into())], &[("shop", "src/lib.rs")], &[]);
        let (manifests, assets, existing) =
            (BTreeMap::new(), BTreeMap::<String, Vec<u8>>::new(), BTreeMap::new());
        let inputs = Inputs {
            sources: &fixture.sources,
            manifests: &manifests,
            lock: None,
            assets: &assets,
            existing: &existing,
        };
        let kept = fixture.model.items.ids().collect();
        let found = settings(&Names::new(&fixture.model), &inputs, &kept);
        expect_test::expect![[r#"
            DATA_DIR HOST LOG MAIL_HOST MAIL_PORT PORT
            `APP__…` for the fields of `Settings`, read in `shop::all` (src/lib.rs:12)
            `SHOP_…`, read in `shop::some` (src/lib.rs:15)"#]]
        .assert_eq(&format!(
            "{}\n{}",
            found.names.into_iter().collect::<Vec<_>>().join(" "),
            found.notes.join("\n")
        ));
    }
}
