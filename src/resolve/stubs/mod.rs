//! Signatures of what is outside: Rust files that declare what carries user types through. Bodies and
//! what nobody's types pass through are left out; a method that is not found in a stub is taken for one
//! that the stub leaves out.
//!
//! The files are parsed like any other source, but not in every run: `trees/` holds what parsing them
//! gives, and a test that it is still that (`SPLITTER_BLESS=1 cargo test stubs` writes it anew).

use std::sync::OnceLock;

use crate::base::arena::Arena;
use crate::parse::tree::body::Body;
use crate::parse::tree::items::{ItemKind, ItemTree};

/// A crate that stubs declare.
pub(super) struct Stub {
    /// Its name in the registry with `_`, and further names that mean the same.
    pub(super) names: &'static [&'static str],
    #[cfg(test)]
    text: &'static str,
    /// What it declares, in postcard's format.
    packed: &'static [u8],
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
                #[cfg(test)]
                text: include_str!(concat!($file, ".rs")),
                packed: include_bytes!(concat!("trees/", $file, ".bin")),
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
    "arc_swap": "arc_swap";
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
    /// What the stub declares. Bodies say nothing here, and are empty.
    pub(super) fn tree(&self) -> &ItemTree {
        self.tree.get_or_init(|| {
            let mut tree: ItemTree = postcard::from_bytes(self.packed).expect("a test has read it");
            let bodies = tree.items.iter().filter_map(|item| match &item.kind {
                ItemKind::Fn(decl) => decl.body,
                ItemKind::Value { body, .. } => *body,
                _ => None,
            });
            let n_bodies = bodies.map(|body| body.0 + 1).max().unwrap_or(0);
            tree.bodies = (0..n_bodies).map(|_| Body::default()).collect();
            tree
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

/// Reads the trees of the `wanted` stubs: the standard library's, which is as large as all others, beside
/// those. They are never given back, and so lie in an arena each, in a row.
pub(super) fn read(wanted: &[bool]) {
    let read = |stubs: std::ops::Range<usize>| {
        let _arena = Arena::open();
        for (stub, _) in STUBS[stubs.clone()].iter().zip(&wanted[stubs]).filter(|&(_, &wanted)| wanted) {
            stub.tree();
        }
    };
    rayon::join(|| read(0..1), || read(1..STUBS.len()));
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::STUBS;
    use crate::base::SourceFile;
    use crate::parse::parse_file;
    use crate::parse::tree::items::ItemKind;

    /// Whether `text` has the word `name` before `::`, not as a part of a longer path.
    fn names(text: &str, name: &str) -> bool {
        text.match_indices(&format!("{name}::"))
            .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
    }

    #[test]
    fn the_packed_trees_are_what_the_files_say() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/resolve/stubs/trees");
        for stub in &STUBS {
            let name = stub.names[0];
            let parsed = parse_file(&SourceFile::new(name, stub.text), &[]);
            assert_eq!(parsed.error, None, "stub {name}");
            let packed = postcard::to_stdvec(&parsed.tree).expect("written to memory");
            if std::env::var_os("SPLITTER_BLESS").is_some() {
                std::fs::write(dir.join(name).with_extension("bin"), packed).expect("a writable checkout");
            } else {
                let next = "write it anew with `SPLITTER_BLESS=1 cargo test stubs`";
                assert!(packed == stub.packed, "the tree of the stub {name} is not today's: {next}");
                // Heads are packed by themselves, and read where one is asked for.
                for (item, written) in stub.tree().items.iter().zip(&parsed.tree.items) {
                    if let (ItemKind::Fn(head), ItemKind::Fn(written)) = (&item.kind, &written.kind) {
                        assert_eq!(format!("{:?}", **head), format!("{:?}", **written), "{}", item.name);
                    }
                }
            }
        }
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
