//! Work whose type is registered with a queue: `runner.register::<SendInvoice>()`, or that implements a
//! queue's trait.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::base::Name;
use crate::facts::cx::Cx;
use crate::facts::render::type_names;
use crate::facts::strings;
use crate::model::{EntryPoint, EntryPointKind};
use crate::parse::tree::body::{Expr, ExprId};
use crate::parse::tree::types::TypeRef;
use crate::resolve::{DefId, DefKind};

use super::{called_name, entry, kebab};

/// Methods by which a queue runs what was registered.
const RUNS: &[&str] =
    &["run", "run_async", "perform", "execute", "handle", "process", "work", "consume", "call", "run_job"];

/// The functions that queues run.
pub(super) fn registered(cx: &Cx) -> Vec<EntryPoint> {
    let impls: Vec<DefId> = cx
        .program
        .defs
        .iter_enumerated()
        .filter(|(_, def)| def.kind == DefKind::Impl && !def.is_test && def.impl_of.is_some())
        .map(|(id, _)| id)
        .collect();
    let code = cx.def_of.as_slice().par_iter().filter(|&&def| !cx.def(def).is_test);
    let types: BTreeSet<DefId> = code.flat_map_iter(|&def| mentioned_by_registration(cx, def)).collect();
    let mut entries = Vec::new();
    for &id in &impls {
        let Some(of) = cx.def(id).impl_of.as_ref() else { continue };
        let Some(ty) = of.self_local else { continue };
        let catalogued = of.trait_external.as_ref().is_some_and(|path| {
            cx.catalogs.jobs.iter().any(|jobs| {
                jobs.crates.iter().any(|krate| path.krate() == krate)
                    && jobs.traits.iter().any(|name| path.name() == name)
            })
        });
        // A handler of requests is registered as well; only what is called a job, task or worker counts.
        let named = of.trait_local.is_some_and(|of| is_job_trait(cx.def(of).name))
            || of.trait_external.as_ref().is_some_and(|path| is_job_trait(Name::new(path.name())));
        if !(catalogued || named && types.contains(&ty)) {
            continue;
        }
        if let Some(run) = cx
            .def_of
            .iter()
            .copied()
            .find(|&def| cx.def(def).parent == Some(id) && RUNS.contains(&cx.def(def).name.as_str()))
        {
            let name = job_name(cx, id).unwrap_or_else(|| kebab(cx.def(ty).name.as_str()));
            entries.push(entry(cx, EntryPointKind::Consumer, name, run, cx.place_of(run)));
        }
    }
    entries
}

fn is_job_trait(name: Name) -> bool {
    ["Job", "Task", "Worker", "Runnable", "Consumer", "EventHandler", "MessageHandler", "Subscriber"]
        .iter()
        .any(|end| name.as_str().ends_with(end))
}

/// `runner.register::<T>()`, `make_queue_and_consume::<T>(channel)`.
fn registers_by(name: Name) -> bool {
    ["register", "consume", "subscribe"].iter().any(|word| name.as_str().contains(word))
}

/// `const NAME: &str` of the implementation.
fn job_name(cx: &Cx, implementation: DefId) -> Option<String> {
    let (_, named) = cx
        .program
        .defs
        .iter_enumerated()
        .find(|(_, def)| {
            def.parent == Some(implementation)
                && def.kind == DefKind::Const
                && def.name.as_str().ends_with("NAME")
        })
        .map(|(id, def)| (def, id))?;
    strings::constant_text(cx, named)
}

/// Types in `register::<T>()` and `register(T)`, whatever the function is called beside that.
fn mentioned_by_registration(cx: &Cx, def: DefId) -> Vec<DefId> {
    let mut types = Vec::new();
    let registers = cx.program.calls[def].iter().any(|call| registers_by(call.name));
    let Some(body) = cx.body(def).filter(|_| registers) else { return types };
    for (id, expr) in body.exprs.iter_enumerated() {
        if !called_name(body, id).is_some_and(registers_by) {
            continue;
        }
        let mut names: Vec<Name> = Vec::new();
        let mut add = |types: &[TypeRef]| types.iter().for_each(|ty| type_names(ty, &mut names));
        let args: &[ExprId] = match expr {
            Expr::MethodCall { generics, args, .. } => {
                generics.iter().for_each(|types| add(types));
                args
            }
            Expr::Call { callee, args } => {
                if let Expr::Path(path) = &body.exprs[*callee] {
                    path.segments
                        .iter()
                        .filter_map(|segment| segment.args.as_ref())
                        .for_each(|args| add(&args.types));
                }
                args
            }
            _ => continue,
        };
        for &arg in args {
            match &body.exprs[arg] {
                Expr::Path(path) => names.extend(path.last()),
                Expr::Call { callee, .. } => {
                    if let Expr::Path(path) = &body.exprs[*callee] {
                        names.extend(path.segments.iter().map(|segment| segment.name));
                    }
                }
                Expr::Struct { path, .. } => names.extend(path.last()),
                _ => {}
            }
        }
        let mentions = cx.program.mentions[def].iter().copied();
        types
            .extend(mentions.filter(|&ty| {
                crate::facts::cx::is_type(cx.def(ty).kind) && names.contains(&cx.def(ty).name)
            }));
    }
    types
}
