//! Fields of GraphQL's root types.

use std::collections::BTreeSet;

use crate::base::Name;
use crate::facts::cx::{BodyView, Callee, Cx, callee};
use crate::facts::render::path_names;
use crate::facts::strings;
use crate::model::{EntryPoint, EntryPointKind};
use crate::parse::tree::body::{Expr, ExprId};
use crate::resolve::{DefId, DefKind};

use super::entry;

/// Functions that are given a query, a mutation and a subscription root, in this order.
const ROOTS: &[&str] =
    &["Schema::build", "Schema::new", "RootNode::new", "Schema::build_with_ignore_name_conflicts"];
/// Attributes of implementations whose methods are fields.
const FIELDS: &[&str] =
    &["Object", "Subscription", "graphql_object", "graphql_subscription", "object", "subscription"];

/// `Query/orders`, `Mutation/placeOrder`.
pub(super) fn fields(cx: &Cx) -> Vec<EntryPoint> {
    let krates = ["async_graphql".to_owned(), "juniper".to_owned()];
    let mut roots: BTreeSet<(usize, DefId)> = BTreeSet::new();
    for &def in &cx.def_of {
        if cx.def(def).is_test || !cx.depends_on(def, &krates) {
            continue;
        }
        let Some(view) = BodyView::new(cx.program, def) else { continue };
        for (id, expr) in view.body.exprs.iter_enumerated() {
            let Expr::Call { callee: called, args } = expr else { continue };
            let path = match (callee(view.target(id)), view.expr(*called)) {
                (Callee::External(path), _) => path.to_owned(),
                (Callee::Open, Expr::Path(path)) => path_names(path),
                _ => continue,
            };
            if ROOTS.iter().any(|root| crate::facts::catalog::ends_with(&path, root)) {
                for (at, &arg) in args.iter().take(3).enumerate() {
                    root_types(cx, &view, arg, at, &mut roots);
                }
            }
        }
    }
    let mut entries = Vec::new();
    for (at, ty) in roots {
        for &def in &cx.def_of {
            let found = cx.def(def);
            let Some(parent) = found.parent.filter(|&parent| {
                let parent = cx.def(parent);
                parent.kind == DefKind::Impl
                    && parent.impl_of.as_ref().is_some_and(|of| of.self_local == Some(ty))
            }) else {
                continue;
            };
            let is_field = cx
                .item(parent)
                .attrs
                .list
                .iter()
                .any(|attr| attr.path.last().is_some_and(|name| FIELDS.contains(&name.as_str())));
            let hidden = cx.item(def).attrs.find("graphql").is_some_and(|attr| attr.args.contains("skip"));
            if is_field && !hidden && !found.is_test {
                let root = ["Query", "Mutation", "Subscription"][at];
                let name = format!("{root}/{}", camel(found.name.as_str()));
                entries.push(entry(cx, EntryPointKind::Graphql, name, def, cx.place_of(def)));
            }
        }
    }
    entries
}

/// The types of a root: its own, and those that `#[derive(MergedObject)]` puts together.
fn root_types(cx: &Cx, view: &BodyView, expr: ExprId, at: usize, roots: &mut BTreeSet<(usize, DefId)>) {
    let path = match view.expr(expr) {
        Expr::Path(path) => match path.as_name().and_then(|name| strings::last_let(view.body, name, expr)) {
            Some(init) => return root_types(cx, view, init, at, roots),
            None => path,
        },
        Expr::Struct { path, .. } => path,
        Expr::Call { callee, .. } => match view.expr(*callee) {
            Expr::Path(path) => path,
            _ => return,
        },
        _ => return,
    };
    let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
    let mut stack: Vec<DefId> = cx.program.mentions[view.def]
        .iter()
        .copied()
        .filter(|&ty| cx.def(ty).kind == DefKind::Struct && names.contains(&cx.def(ty).name))
        .collect();
    while let Some(ty) = stack.pop() {
        if roots.insert((at, ty)) && is_merged(cx, ty) {
            let parts = cx.program.mentions[ty].iter().copied();
            stack.extend(parts.filter(|&part| cx.def(part).kind == DefKind::Struct));
        }
    }
}

fn is_merged(cx: &Cx, ty: DefId) -> bool {
    match &cx.item(ty).kind {
        crate::parse::tree::items::ItemKind::Adt(adt) => {
            adt.derives.iter().any(|path| path.last().is_some_and(|name| name.as_str().starts_with("Merged")))
        }
        _ => false,
    }
}

/// `place_order` is `placeOrder`.
fn camel(name: &str) -> String {
    let mut out = String::new();
    let mut upper = false;
    for c in name.chars() {
        if c == '_' {
            upper = !out.is_empty();
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}
