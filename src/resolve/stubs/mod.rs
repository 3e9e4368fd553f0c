//! Signatures of what is outside: Rust files that declare what carries user types through, parsed
//! like any other source. Bodies and what nobody's types pass through are left out; a method that is
//! not found in a stub is taken for one that the stub leaves out.

use std::sync::OnceLock;

use crate::base::SourceFile;
use crate::parse::parse_file;
use crate::parse::tree::items::ItemTree;

/// A crate that stubs declare.
pub(super) struct Stub {
    /// Its name in the registry with `_`, and further names that mean the same.
    pub(super) names: &'static [&'static str],
    text: &'static str,
}

macro_rules! stubs {
    ($($file:literal: $($name:literal)+;)*) => {
        /// All stubs. The first is the standard library.
        pub(super) const STUBS: &[Stub] = &[
            $(Stub { names: &[$($name),+], text: include_str!(concat!($file, ".rs")) },)*
        ];
    };
}

stubs! {
    "std": "std" "core" "alloc";
    "actix": "actix";
    "actix_web": "actix_web";
    "anyhow": "anyhow" "eyre" "color_eyre";
    "axum": "axum" "axum_core" "axum_extra";
    "base64": "base64";
    "bytes": "bytes";
    "chrono": "chrono";
    "clap": "clap";
    "dashmap": "dashmap";
    "diesel": "diesel";
    "diesel_async": "diesel_async";
    "futures": "futures" "futures_util" "futures_core" "tokio_stream" "futures_lite";
    "http": "http";
    "itertools": "itertools";
    "once_cell": "once_cell";
    "parking_lot": "parking_lot";
    "reqwest": "reqwest";
    "rocket": "rocket";
    "sea_orm": "sea_orm";
    "secrecy": "secrecy";
    "serde": "serde";
    "serde_json": "serde_json";
    "sqlx": "sqlx" "sqlx_core";
    "tokio": "tokio";
    "url": "url";
    "uuid": "uuid";
}

/// The parsed tree of the `idx`th stub.
pub(super) fn tree(idx: usize) -> &'static ItemTree {
    static TREES: OnceLock<Vec<ItemTree>> = OnceLock::new();
    let trees = TREES.get_or_init(|| {
        use rayon::prelude::*;
        STUBS
            .par_iter()
            .map(|stub| {
                let parsed = parse_file(&SourceFile::new(stub.names[0], stub.text), &[]);
                debug_assert!(parsed.error.is_none(), "stub {}: {:?}", stub.names[0], parsed.error);
                parsed.tree
            })
            .collect()
    });
    &trees[idx]
}
