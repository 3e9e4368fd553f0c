//! Which functions routes may hang on, so that the others need not be run.

use rayon::prelude::*;

use crate::base::{IndexVec, Name, UnorderedMap, UnorderedSet};
use crate::facts::cx::Cx;
use crate::facts::render::type_names;
use crate::parse::tree::body::{Body, Expr};
use crate::parse::tree::types::TypeRef;
use crate::resolve::{CallTarget, DefId, Res};

/// Functions that build routers, directly or through others.
pub(super) struct Relevant {
    functions: IndexVec<DefId, bool>,
    types: UnorderedMap<Name, Vec<usize>>,
    /// Callers of each function among the relevant ones.
    pub roots: Vec<DefId>,
    /// All relevant functions.
    pub all: Vec<DefId>,
}

impl Relevant {
    pub(super) fn new(cx: &Cx) -> Self {
        let mut crates: UnorderedSet<&str> = UnorderedSet::new();
        let mut types = UnorderedMap::new();
        let mut macros: UnorderedSet<Name> = UnorderedSet::new();
        let mut names: UnorderedSet<Name> = UnorderedSet::new();
        for (idx, web) in cx.catalogs.web.iter().enumerate() {
            web.crates.iter().for_each(|krate| {
                crates.insert(krate);
            });
            web.router.types.iter().for_each(|ty| {
                types.get_or_insert_with(Name::new(ty), Vec::new).push(idx);
            });
            web.router.list_macros.iter().chain(&web.router.mount_macros).for_each(|name| {
                macros.insert(Name::new(name));
            });
            if web.router.filters {
                for name in ["path", "any", "header", "optional", "headers_cloned", "cookie"] {
                    names.insert(Name::new(name));
                }
            }
            let functions = web
                .router
                .new
                .iter()
                .chain(&web.router.scopes)
                .chain(&web.router.api)
                .chain(web.handlers.verbs.keys())
                .chain(&web.handlers.on);
            let functions =
                functions.chain(&web.handlers.empty).map(|name| name.rsplit("::").next().unwrap_or(name));
            for name in functions.chain(web.router.methods.keys().map(String::as_str)) {
                names.insert(Name::new(name));
            }
        }
        let mut relevant = Self { functions: IndexVec::new(), types, roots: Vec::new(), all: Vec::new() };
        let direct = |idx: usize| {
            let def: DefId = crate::base::Id::from_usize(idx);
            if cx.function_of[def].is_none() {
                return false;
            }
            let in_head = cx.fn_decl(def).is_some_and(|decl| {
                decl.ret
                    .iter()
                    .chain(decl.params.iter().map(|param| &param.ty))
                    .any(|ty| relevant.router_type(cx, def, ty).is_some())
            });
            in_head
                || cx.program.calls[def].iter().any(|call| {
                    names.contains(&call.name)
                        && matches!(&call.target, CallTarget::External(path) if crates.contains(path.krate()))
                })
                || cx.program.paths[def].iter().any(|(_, res)| {
                    matches!(res, Res::External(path) if crates.contains(path.krate()) && names.contains(&Name::new(path.name())))
                })
                || cx.body(def).is_some_and(|body| mentions_macro(body, &macros))
        };
        let functions: Vec<bool> = (0..cx.program.defs.len()).into_par_iter().map(direct).collect();
        relevant.functions = functions.into();
        relevant.close(cx);
        relevant
    }

    /// Adds the callers of relevant functions; roots are those that no relevant function calls.
    fn close(&mut self, cx: &Cx) {
        let mut callers: IndexVec<DefId, Vec<DefId>> = cx.program.defs.iter().map(|_| Vec::new()).collect();
        for (&caller, calls) in cx.def_of.iter().map(|def| (def, &cx.program.calls[*def])) {
            for call in calls {
                match &call.target {
                    CallTarget::Resolved(callee) => callers[*callee].push(caller),
                    CallTarget::OneOf(callees) => {
                        callees.iter().for_each(|callee| callers[*callee].push(caller))
                    }
                    _ => {}
                }
            }
        }
        let mut stack: Vec<DefId> = cx.def_of.iter().copied().filter(|&def| self.functions[def]).collect();
        while let Some(callee) = stack.pop() {
            for &caller in &callers[callee] {
                if !std::mem::replace(&mut self.functions[caller], true) {
                    stack.push(caller);
                }
            }
        }
        let live = |def: &DefId| self.functions[*def] && !cx.def(*def).is_test;
        self.all = cx.def_of.iter().copied().filter(live).collect();
        let is_called = |def: DefId| callers[def].iter().any(|caller| *caller != def && live(caller));
        self.roots = self.all.iter().copied().filter(|&def| !is_called(def)).collect();
    }

    pub(super) fn is(&self, def: DefId) -> bool {
        self.functions[def]
    }

    /// The catalog whose router a type is: by its name, as types of other crates are not resolved, among
    /// the frameworks that the package uses, else those that it may get from another package.
    pub(super) fn router_type(&self, cx: &Cx, def: DefId, ty: &TypeRef) -> Option<usize> {
        let mut names = Vec::new();
        type_names(ty, &mut names);
        names.iter().find_map(|name| {
            let webs = self.types.get(name)?;
            let used = |web: &&usize| cx.depends_on(def, &cx.catalogs.web[**web].crates);
            let uses_any = || cx.catalogs.web.iter().any(|web| cx.depends_on(def, &web.crates));
            let around = |web: &&usize| cx.workspace_depends_on(&cx.catalogs.web[**web].crates);
            webs.iter().find(used).or_else(|| webs.iter().find(around).filter(|_| !uses_any())).copied()
        })
    }
}

fn mentions_macro(body: &Body, macros: &UnorderedSet<Name>) -> bool {
    body.exprs
        .iter()
        .any(|expr| matches!(expr, Expr::Macro(call) if call.path.last().is_some_and(|name| macros.contains(&name))))
}
