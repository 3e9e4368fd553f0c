//! `use` items: their leaves, and the item with some of them taken out.

use syn::UseTree;

/// A leaf of a `use` item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scaffold) struct Leaf {
    /// The whole path as written, without the name that follows `as`.
    pub segments: Vec<String>,
    /// Name that it binds; `None` for a glob and `as _`.
    pub name: Option<String>,
    /// Starts with `::`.
    pub leading: bool,
}

/// The leaves of a `use` item in source order; `None` where the text is no `use` item.
pub(in crate::scaffold) fn leaves(text: &str) -> Option<(bool, Vec<Leaf>)> {
    let item: syn::ItemUse = syn::parse_str(text).ok()?;
    let mut found = Vec::new();
    collect(&item.tree, &mut Vec::new(), item.leading_colon.is_some(), &mut found);
    proc_macro2::extra::invalidate_current_thread_spans();
    Some((!matches!(item.vis, syn::Visibility::Inherited), found))
}

fn collect(tree: &UseTree, prefix: &mut Vec<String>, leading: bool, out: &mut Vec<Leaf>) {
    let own = |prefix: &[String], ident: &syn::Ident| {
        let mut segments = prefix.to_vec();
        if ident != "self" || segments.is_empty() {
            segments.push(plain(ident));
        }
        segments
    };
    match tree {
        UseTree::Path(path) => {
            prefix.push(plain(&path.ident));
            collect(&path.tree, prefix, leading, out);
            prefix.pop();
        }
        UseTree::Name(name) => {
            let segments = own(prefix, &name.ident);
            let name = segments.last().cloned();
            out.push(Leaf { segments, name, leading });
        }
        UseTree::Rename(rename) => {
            let segments = own(prefix, &rename.ident);
            let name = (rename.rename != "_").then(|| plain(&rename.rename));
            out.push(Leaf { segments, name, leading });
        }
        UseTree::Glob(_) => out.push(Leaf { segments: prefix.clone(), name: None, leading }),
        UseTree::Group(group) => {
            for tree in &group.items {
                collect(tree, prefix, leading, out);
            }
        }
    }
}

fn plain(ident: &syn::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}

/// The text of a `use` item with only the leaves for which `keep` has true, in one line or, where that is
/// too long, broken as rustfmt does. Attributes and visibility stay as they are.
pub(in crate::scaffold) fn trim(text: &str, keep: &[bool]) -> Option<String> {
    let item: syn::ItemUse = syn::parse_str(text).ok()?;
    let head_end = item.use_token.span.byte_range().end;
    let mut at = 0;
    let tree = keep_tree(&item.tree, keep, &mut at)?;
    proc_macro2::extra::invalidate_current_thread_spans();
    let colons = if item.leading_colon.is_some() { "::" } else { "" };
    let line = format!("{} {colons}{};", &text[..head_end], print(&tree, None));
    let width = line.rsplit('\n').next().unwrap_or("").len();
    if width <= 100 {
        return Some(line);
    }
    Some(format!("{} {colons}{};", &text[..head_end], print(&tree, Some(0))))
}

enum Kept {
    Path(String, Box<Kept>),
    Leaf(String),
    Group(Vec<Kept>),
}

fn keep_tree(tree: &UseTree, keep: &[bool], at: &mut usize) -> Option<Kept> {
    let mut leaf = |text: String| {
        *at += 1;
        keep.get(*at - 1).copied().unwrap_or(true).then_some(Kept::Leaf(text))
    };
    match tree {
        UseTree::Path(path) => {
            let inner = keep_tree(&path.tree, keep, at)?;
            Some(Kept::Path(path.ident.to_string(), Box::new(inner)))
        }
        UseTree::Name(name) => leaf(name.ident.to_string()),
        UseTree::Rename(rename) => leaf(format!("{} as {}", rename.ident, rename.rename)),
        UseTree::Glob(_) => leaf("*".into()),
        UseTree::Group(group) => {
            let mut kept: Vec<_> = group.items.iter().filter_map(|tree| keep_tree(tree, keep, at)).collect();
            match kept.len() {
                0 => None,
                // `{self}` needs its braces.
                1 if !matches!(&kept[0], Kept::Leaf(name) if name.starts_with("self")) => kept.pop(),
                _ => Some(Kept::Group(kept)),
            }
        }
    }
}

fn print(tree: &Kept, broken: Option<usize>) -> String {
    match tree {
        Kept::Path(segment, rest) => format!("{segment}::{}", print(rest, broken)),
        Kept::Leaf(text) => text.clone(),
        Kept::Group(trees) => match broken {
            None => {
                let inner: Vec<_> = trees.iter().map(|tree| print(tree, None)).collect();
                format!("{{{}}}", inner.join(", "))
            }
            Some(depth) => {
                let pad = "    ".repeat(depth + 1);
                let inner: String =
                    trees.iter().map(|tree| format!("{pad}{},\n", print(tree, None))).collect();
                format!("{{\n{inner}{}}}", "    ".repeat(depth))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_are_listed_in_source_order() {
        let (public, leaves) = leaves("pub use a::{self, b::{c as d, e}, f::*};").unwrap();
        assert!(public);
        let shown: Vec<_> = leaves
            .iter()
            .map(|leaf| format!("{}={}", leaf.segments.join("::"), leaf.name.as_deref().unwrap_or("*")))
            .collect();
        assert_eq!(shown, ["a=a", "a::b::c=d", "a::b::e=e", "a::f=*"]);
    }

    #[test]
    fn a_trimmed_list_loses_needless_braces() {
        let text = "#[allow(unused)]\nuse a::{self, b::{c as d, e}, f::*};";
        assert_eq!(trim(text, &[false, true, false, false]).unwrap(), "#[allow(unused)]\nuse a::b::c as d;");
        assert_eq!(trim(text, &[true, false, false, false]).unwrap(), "#[allow(unused)]\nuse a::{self};");
        assert_eq!(trim(text, &[false; 4]), None);
    }
}
