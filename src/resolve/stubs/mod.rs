//! Signatures of what is outside: Rust files that declare what carries user types through, parsed
//! like any other source. Bodies and what nobody's types pass through are left out; a method that is
//! not found in a stub is taken for one that the stub leaves out.

use std::sync::OnceLock;

use rayon::prelude::*;

use crate::base::SourceFile;
use crate::parse::parse_file;
use crate::parse::tree::items::ItemTree;

/// A crate that stubs declare.
pub(super) struct Stub {
    /// Its name in the registry with `_`, and further names that mean the same.
    pub(super) names: &'static [&'static str],
    text: &'static str,
    /// The stubs whose types it names.
    uses: &'static [&'static str],
    tree: OnceLock<ItemTree>,
}

macro_rules! stubs {
    ($($file:literal: $($name:literal)+ $(=> $($uses:literal)+)?;)*) => {
        /// All stubs. The first is the standard library.
        pub(super) static STUBS: [Stub; [$($file),*].len()] = [
            $(Stub {
                names: &[$($name),+],
                text: include_str!(concat!($file, ".rs")),
                uses: &[$($($uses),+)?],
                tree: OnceLock::new(),
            },)*
        ];
    };
}

stubs! {
    "std": "std" "core" "alloc";
    "actix": "actix";
    "actix_web": "actix_web" => "bytes" "http" "tokio";
    "anyhow": "anyhow" "eyre" "color_eyre";
    "axum": "axum" "axum_core" "axum_extra" => "bytes" "http";
    "base64": "base64";
    "bytes": "bytes";
    "chrono": "chrono";
    "clap": "clap";
    "dashmap": "dashmap";
    "diesel": "diesel";
    "diesel_async": "diesel_async" => "diesel" "futures";
    "futures": "futures" "futures_util" "futures_core" "tokio_stream" "futures_lite" => "tokio";
    "http": "http";
    "itertools": "itertools";
    "once_cell": "once_cell";
    "parking_lot": "parking_lot";
    "reqwest": "reqwest" => "bytes" "futures" "http" "url";
    "rocket": "rocket" => "http" "serde" "serde_json" "tokio";
    "sea_orm": "sea_orm" => "chrono" "futures" "serde_json" "uuid";
    "secrecy": "secrecy";
    "serde": "serde";
    "serde_json": "serde_json";
    "sqlx": "sqlx" "sqlx_core" => "futures" "uuid";
    "tokio": "tokio";
    "url": "url";
    "uuid": "uuid";
}

impl Stub {
    /// What the stub declares.
    pub(super) fn tree(&self) -> &ItemTree {
        self.tree.get_or_init(|| {
            let parsed = parse_file(&SourceFile::new(self.names[0], self.text), &[]);
            debug_assert!(parsed.error.is_none(), "stub {}: {:?}", self.names[0], parsed.error);
            parsed.tree
        })
    }
}

/// Whether each stub is wanted by an application that may name the crates in `dependencies` (names of
/// the registry with `_`): the standard library, these, and what they use in turn.
pub(super) fn wanted<'a>(dependencies: impl Iterator<Item = &'a str>) -> Vec<bool> {
    let mut wanted = vec![false; STUBS.len()];
    let mut open: Vec<&str> = dependencies.chain(["std"]).collect();
    while let Some(name) = open.pop() {
        if let Some(at) = STUBS.iter().position(|stub| stub.names.contains(&name))
            && !std::mem::replace(&mut wanted[at], true)
        {
            open.extend(STUBS[at].uses);
        }
    }
    wanted
}

/// Reads the trees of the `wanted` stubs, on all threads.
pub(super) fn read(wanted: &[bool]) {
    STUBS.par_iter().zip(wanted).filter(|&(_, &wanted)| wanted).for_each(|(stub, _)| {
        stub.tree();
    });
}

#[cfg(test)]
mod tests {
    use super::STUBS;

    /// Whether `text` has the word `name` before `::`, not as a part of a longer path.
    fn names(text: &str, name: &str) -> bool {
        text.match_indices(&format!("{name}::"))
            .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
    }

    #[test]
    fn a_stub_tells_which_stubs_it_uses() {
        for stub in &STUBS {
            for other in STUBS.iter().skip(1).filter(|other| other.names != stub.names) {
                let named = other
                    .names
                    .iter()
                    .any(|name| names(stub.text, name) && !stub.text.contains(&format!("mod {name} ")));
                let told = other.names.iter().any(|name| stub.uses.contains(name));
                assert!(told || !named, "{} uses {}", stub.names[0], other.names[0]);
            }
        }
    }
}
