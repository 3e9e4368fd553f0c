//! Names that are safe as file, package and variable names, whatever the application calls its things.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::ModuleIdx;

use super::names::Names;
use super::slice::Slice;

/// Kebab-case of ASCII letters and digits, never empty, never a path: `../Über x` becomes `ber-x`.
pub(super) fn kebab(text: &str) -> String {
    let mut out = String::new();
    let mut lower = false;
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            if letter.is_ascii_uppercase() && lower {
                out.push('-');
            }
            lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
            out.push(letter.to_ascii_lowercase());
        } else {
            lower = false;
            if !out.is_empty() && !out.ends_with('-') {
                out.push('-');
            }
        }
    }
    let mut out = out.trim_matches('-').to_owned();
    out.truncate(48);
    let out = out.trim_matches('-').to_owned();
    if out.is_empty() {
        return "function".into();
    }
    // A package name that starts with a digit or is a keyword or device name is refused by cargo.
    if out.starts_with(|first: char| first.is_ascii_digit())
        || RESERVED.contains(&out.as_str())
        || KEYWORDS.contains(&out.as_str())
    {
        return format!("fn-{out}");
    }
    out
}

const RESERVED: &[&str] = &[
    "aux",
    "build",
    "con",
    "deps",
    "examples",
    "incremental",
    "nul",
    "prn",
    "target",
    "test",
    "core",
    "std",
    "alloc",
    "proc-macro",
];

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Snake-case variable name.
pub(super) fn snake(text: &str) -> String {
    kebab(text).replace('-', "_")
}

/// A path segment, raw where it is a keyword.
pub(super) fn raw(segment: &str) -> String {
    if KEYWORDS.contains(&segment) { format!("r#{segment}") } else { segment.to_owned() }
}

/// Directory below the function's and name in code of each sliced crate.
pub(super) fn crate_dirs(names: &Names<'_>, sliced: &[Slice]) -> BTreeMap<ModuleIdx, (String, String)> {
    let model = names.model;
    let mut taken: BTreeSet<String> =
        ["requests", "lambda", "container", "azure", "target"].iter().map(|&name| name.to_owned()).collect();
    let mut out = BTreeMap::new();
    for slice in sliced {
        let facts = &model.packages[slice.package];
        let is_lib = names.library(slice.package) == Some(slice.root);
        let base = if is_lib {
            kebab(&facts.name)
        } else {
            kebab(&format!("{}-app", model.modules[slice.root].krate))
        };
        let mut dir = base.clone();
        let mut n = 2;
        while !taken.insert(dir.clone()) {
            dir = format!("{base}-{n}");
            n += 1;
        }
        let krate = &model.modules[slice.root].krate;
        // A binary is often called like the library beside it.
        let krate = if is_lib { krate.clone() } else { format!("{krate}_app") };
        out.insert(slice.root, (dir, krate));
    }
    out
}

/// A name for the entry module that nothing beside it has.
pub(super) fn entry_module_name(names: &Names<'_>, host: ModuleIdx) -> String {
    let taken = |name: &str| {
        let found = names.resolve(host, &["self".to_owned(), name.to_owned()], false, None);
        !found.items.is_empty() || !found.modules.is_empty()
    };
    ["function", "extracted_function", "splitter_function"]
        .into_iter()
        .find(|name| !taken(name))
        .unwrap_or("splitter_generated_function")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_safe() {
        assert_eq!(kebab("../../etc/passwd"), "etc-passwd");
        assert_eq!(kebab("Nightly Report"), "nightly-report");
        assert_eq!(kebab("rental.returned"), "rental-returned");
        assert_eq!(kebab("AppState"), "app-state");
        assert_eq!(kebab("GET /api/{id}"), "get-api-id");
        assert_eq!(kebab("…"), "function");
        assert_eq!(kebab("2fa"), "fn-2fa");
        assert_eq!(kebab("test"), "fn-test");
        assert_eq!(snake("Type"), "fn_type");
    }
}
