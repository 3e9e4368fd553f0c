//! `use` items, flattened.

use syn::UseTree;

use super::Lower;
use crate::base::{Name, TextRange};
use crate::parse::tree::items::{UseKind, UseLeaf};
use crate::parse::tree::types::{Path, PathStart, Segment};

/// Groups may nest this deep.
const MAX_DEPTH: u32 = 200;

impl Lower<'_> {
    pub(super) fn use_leaves(&mut self, item: &syn::ItemUse) -> Vec<UseLeaf> {
        let mut leaves = Vec::new();
        let global = item.leading_colon.map(|colon| self.start(colon.spans[0]));
        self.use_tree(&item.tree, global.is_some(), &mut vec![], global, &mut leaves, 0);
        leaves.shrink_to_fit();
        leaves
    }

    /// `from` is where the leaf's own text starts, once inside of a path.
    fn use_tree<'t>(
        &mut self,
        mut tree: &'t UseTree,
        global: bool,
        prefix: &mut Vec<&'t syn::Ident>,
        mut from: Option<u32>,
        leaves: &mut Vec<UseLeaf>,
        depth: u32,
    ) {
        let n_before = prefix.len();
        while let UseTree::Path(path) = tree {
            if from.is_none() {
                from = Some(self.start(path.ident.span()));
            }
            prefix.push(&path.ident);
            tree = &path.tree;
        }
        match tree {
            UseTree::Name(name) if name.ident == "self" && !prefix.is_empty() => {
                let last = prefix[prefix.len() - 1];
                let kind = UseKind::Named(self.name(last));
                leaves.push(self.use_leaf(global, prefix, kind, from, name.ident.span(), name.ident.span()));
            }
            UseTree::Name(name) => {
                prefix.push(&name.ident);
                let kind = UseKind::Named(self.name(&name.ident));
                leaves.push(self.use_leaf(global, prefix, kind, from, name.ident.span(), name.ident.span()));
            }
            UseTree::Rename(rename) => {
                if rename.ident != "self" || prefix.is_empty() {
                    prefix.push(&rename.ident);
                }
                let kind = if rename.rename == "_" {
                    UseKind::Anonymous
                } else {
                    UseKind::Named(self.name(&rename.rename))
                };
                leaves.push(self.use_leaf(
                    global,
                    prefix,
                    kind,
                    from,
                    rename.ident.span(),
                    rename.rename.span(),
                ));
            }
            UseTree::Glob(glob) => {
                let star = glob.star_token.span;
                leaves.push(self.use_leaf(global, prefix, UseKind::Glob, from, star, star));
            }
            UseTree::Group(group) if depth < MAX_DEPTH => {
                for tree in &group.items {
                    self.use_tree(tree, global, prefix, None, leaves, depth + 1);
                }
            }
            UseTree::Group(_) | UseTree::Path(_) => {}
        }
        prefix.truncate(n_before);
    }

    fn use_leaf(
        &mut self,
        global: bool,
        idents: &[&syn::Ident],
        kind: UseKind,
        from: Option<u32>,
        first: proc_macro2::Span,
        last: proc_macro2::Span,
    ) -> UseLeaf {
        let (start, n_start) =
            if global { (PathStart::Global, 0) } else { self.start_of(idents.iter().copied()) };
        let segments =
            idents[n_start..].iter().map(|ident| Segment { name: self.name(ident), args: None }).collect();
        let range = TextRange::new(from.unwrap_or_else(|| self.start(first)), self.end(last));
        UseLeaf { path: Path { start, segments }, kind, range }
    }
}

/// The name that an `extern crate` binds.
pub(super) fn extern_name(lower: &mut Lower<'_>, item: &syn::ItemExternCrate) -> (Name, Name) {
    let krate = lower.name(&item.ident);
    let name = item.rename.as_ref().map_or(krate, |(_, rename)| lower.name(rename));
    (krate, name)
}
