//! The call graph, who uses which type, and how much was resolved.

use rayon::prelude::*;

use crate::base::Name;
use crate::model::{self, CallEdge, Certainty, Resolution, TypeRole, TypeUse, UnresolvedCall};
use crate::parse::tree::body::{Body, Expr, ExprId, Pat, Stmt};
use crate::resolve::{self, Call, CallTarget, DefId};

use super::cx::Cx;
use super::nodes::self_type;
use super::render::type_names;

/// The calls of all functions.
#[derive(Default)]
pub(super) struct Calls {
    pub edges: Vec<CallEdge>,
    pub unresolved: Vec<UnresolvedCall>,
    pub resolution: Resolution,
}

pub(super) fn calls(cx: &Cx) -> Calls {
    let per_function: Vec<Calls> = cx.def_of.as_slice().par_iter().map(|&def| calls_of(cx, def)).collect();
    let mut all = Calls::default();
    for mut one in per_function {
        all.edges.append(&mut one.edges);
        all.unresolved.append(&mut one.unresolved);
        let (sum, part) = (&mut all.resolution, one.resolution);
        sum.certain += part.certain;
        sum.likely += part.likely;
        sum.one_of += part.one_of;
        sum.external += part.external;
        sum.unknown += part.unknown;
        for (reason, n) in part.unknown_by_reason {
            *sum.unknown_by_reason.entry(reason).or_default() += n;
        }
    }
    all.edges.append(&mut super::messages::messages(cx));
    all.edges.par_sort_unstable();
    all.edges.dedup();
    all.unresolved.par_sort_unstable();
    all
}

fn calls_of(cx: &Cx, def: DefId) -> Calls {
    let mut found = Calls::default();
    let calls = &cx.program.calls[def];
    let (Some(caller), false) = (cx.function_of[def], calls.is_empty()) else { return found };
    let body = cx.body(def);
    let unused = body.map_or_else(Vec::new, |body| unused_values(cx, def, body));
    let count = !cx.def(def).is_test;
    for call in calls {
        let site = cx.place_at(def, call.site.start);
        if count {
            tally(call, &mut found.resolution);
        }
        let (targets, certainty): (&[DefId], _) = match (&call.target, call.certainty) {
            (CallTarget::Resolved(callee), resolve::Certainty::Certain) => {
                (std::slice::from_ref(callee), Certainty::Certain)
            }
            (CallTarget::Resolved(callee), resolve::Certainty::Likely) => {
                (std::slice::from_ref(callee), Certainty::Likely)
            }
            (CallTarget::OneOf(callees), _) => (callees, Certainty::OneOf),
            (CallTarget::Unknown(reason), _) => {
                let (name, reason) = (call.name.to_string(), reason.as_str().to_owned());
                found.unresolved.push(UnresolvedCall { caller, site, name, reason });
                continue;
            }
            _ => continue,
        };
        let needs_result = call.expr.is_none_or(|expr| unused.binary_search(&expr).is_err());
        for &target in targets {
            let Some(callee) = cx.function_of[target] else { continue };
            let kind = call_kind(call.kind);
            found.edges.push(CallEdge {
                caller,
                site,
                callee,
                kind,
                certainty,
                in_loop: call.in_loop,
                needs_result,
            });
        }
    }
    found
}

fn tally(call: &Call, resolution: &mut Resolution) {
    let count = match (&call.target, call.certainty) {
        (CallTarget::Resolved(_), resolve::Certainty::Certain) => &mut resolution.certain,
        (CallTarget::Resolved(_), resolve::Certainty::Likely) => &mut resolution.likely,
        (CallTarget::OneOf(_), _) => &mut resolution.one_of,
        (CallTarget::External(_) | CallTarget::Constructor(_) | CallTarget::Local, _) => {
            &mut resolution.external
        }
        (CallTarget::Unknown(reason), _) => {
            *resolution.unknown_by_reason.entry(reason.as_str().to_owned()).or_default() += 1;
            &mut resolution.unknown
        }
    };
    *count += 1;
}

fn call_kind(kind: resolve::CallKind) -> model::CallKind {
    match kind {
        resolve::CallKind::Path => model::CallKind::Path,
        resolve::CallKind::Method => model::CallKind::Method,
        resolve::CallKind::Reference => model::CallKind::Reference,
        resolve::CallKind::Attribute => model::CallKind::Attribute,
        resolve::CallKind::Guard => model::CallKind::Guard,
    }
}

/// Expressions whose value is thrown away: `f();`, `f().await;`, `let _ = f();`, and the tail of a
/// function without a return type. Sorted.
pub(super) fn unused_values(cx: &Cx, def: DefId, body: &Body) -> Vec<ExprId> {
    let mut unused = Vec::new();
    for expr in &body.exprs {
        let Expr::Block { stmts, .. } = expr else { continue };
        for stmt in stmts {
            match stmt {
                Stmt::Expr { expr, semicolon: true } => peel(body, *expr, &mut unused),
                Stmt::Let { pat, init: Some(init), .. } if matches!(body.pats[*pat], Pat::Wild) => {
                    peel(body, *init, &mut unused);
                }
                _ => {}
            }
        }
    }
    if cx.fn_decl(def).is_some_and(|decl| decl.ret.is_none())
        && let Some(Expr::Block { tail: Some(tail), .. }) = body.root.map(|root| &body.exprs[root])
    {
        peel(body, *tail, &mut unused);
    }
    unused.sort_unstable();
    unused
}

fn peel(body: &Body, mut expr: ExprId, unused: &mut Vec<ExprId>) {
    loop {
        unused.push(expr);
        match &body.exprs[expr] {
            Expr::Await(inner) => expr = *inner,
            Expr::MethodCall { receiver, name, .. } if name == "ok" => expr = *receiver,
            _ => return,
        }
    }
}

/// Which function uses which type: by the mentions that resolution found, told apart by where the
/// type's name stands in the head.
pub(super) fn type_uses(cx: &Cx) -> Vec<TypeUse> {
    let uses_of = |&def: &DefId| {
        let mut uses = Vec::new();
        let Some(function) = cx.function_of[def] else { return uses };
        let (mut taken, mut given): (Vec<Name>, Vec<Name>) = Default::default();
        if let Some(decl) = cx.fn_decl(def) {
            decl.params.iter().for_each(|param| type_names(&param.ty, &mut taken));
            decl.generics.bounds.iter().for_each(|bound| type_names(&bound.ty, &mut taken));
            decl.ret.iter().for_each(|ty| type_names(ty, &mut given));
        }
        let receiver = self_type(cx, def);
        if let Some(ty) = receiver.and_then(|ty| cx.type_of[ty]) {
            uses.push(TypeUse { function, ty, role: TypeRole::Receiver });
        }
        for &mention in &cx.program.mentions[def] {
            let Some(ty) = cx.type_of[mention] else { continue };
            let name = cx.def(mention).name;
            let is_self = receiver == Some(mention);
            let names =
                |names: &[Name]| names.iter().any(|&found| found == name || (is_self && found == "Self"));
            let (takes, gives) = (names(&taken), names(&given));
            if takes {
                uses.push(TypeUse { function, ty, role: TypeRole::Parameter });
            }
            if gives {
                uses.push(TypeUse { function, ty, role: TypeRole::Return });
            }
            if !takes && !gives && !is_self {
                uses.push(TypeUse { function, ty, role: TypeRole::Body });
            }
        }
        uses
    };
    let mut uses: Vec<TypeUse> = cx.def_of.as_slice().par_iter().flat_map_iter(uses_of).collect();
    uses.par_sort_unstable();
    uses.dedup();
    uses
}
