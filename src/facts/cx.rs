//! What every detector is given: the program, and the way from its definitions to the model's things.

use crate::base::{Id, IndexVec, Name, Place, Span, TextRange, UnorderedMap, UnorderedSet};
use crate::discover::Workspace;
use crate::model::{FunctionId, TypeId};
use crate::parse::tree::body::{Body, Expr, ExprId};
use crate::parse::tree::function::FnDecl;
use crate::parse::tree::items::{Item, ItemKind};
use crate::resolve::{Call, CallTarget, Def, DefId, DefKind, Program, Res};

use super::catalog::Catalogs;

/// The room's view of the application.
pub(super) struct Cx<'a> {
    pub workspace: &'a Workspace,
    pub program: &'a Program,
    pub catalogs: &'a Catalogs,
    /// The model's function of each definition.
    pub function_of: IndexVec<DefId, Option<FunctionId>>,
    /// The definition of each function.
    pub def_of: IndexVec<FunctionId, DefId>,
    /// The model's type of each definition.
    pub type_of: IndexVec<DefId, Option<TypeId>>,
    /// Bodies and heads, which nearly every detector asks for: found once, not by way of the trees.
    bodies: IndexVec<DefId, Option<&'a Body>>,
    decls: IndexVec<DefId, Option<&'a FnDecl>>,
    /// The crates that each package depends on: as the code calls them, and as they are called themselves.
    crates_of: Vec<Vec<(String, String)>>,
    /// All those names, by package.
    crate_names: Vec<UnorderedSet<String>>,
    /// Constants and statics by name, for names that only a text mentions.
    constants: UnorderedMap<Name, Vec<DefId>>,
}

impl<'a> Cx<'a> {
    pub(super) fn new(workspace: &'a Workspace, program: &'a Program, catalogs: &'a Catalogs) -> Self {
        let mut function_of = IndexVec::with_capacity(program.defs.len());
        let mut type_of = IndexVec::with_capacity(program.defs.len());
        let mut def_of: IndexVec<FunctionId, DefId> = IndexVec::new();
        let mut constants: UnorderedMap<Name, Vec<DefId>> = UnorderedMap::new();
        let (mut bodies, mut decls) =
            (IndexVec::with_capacity(program.defs.len()), IndexVec::with_capacity(program.defs.len()));
        let mut n_types = 0;
        for (id, def) in program.defs.iter_enumerated() {
            function_of.push((def.kind == DefKind::Fn).then(|| def_of.push(id)));
            // What a derive declares is no type of its own in the model: its struct stands for it.
            type_of.push((is_type(def.kind) && !program.is_derived(id)).then(|| {
                n_types += 1;
                TypeId::from_usize(n_types - 1)
            }));
            bodies.push(program.body(id));
            decls.push(match &program.item(id).kind {
                ItemKind::Fn(decl) => Some(decl),
                _ => None,
            });
            if matches!(def.kind, DefKind::Const | DefKind::Static) {
                constants.get_or_insert_with(def.name, Vec::new).push(id);
            }
        }
        let crates = |package: &crate::discover::Package| {
            let dependencies = package.dependencies.iter();
            dependencies.map(|dep| (dep.krate.clone(), dep.package.replace('-', "_"))).collect()
        };
        let crates_of: Vec<Vec<(String, String)>> = workspace.packages.iter().map(crates).collect();
        let names = |crates: &Vec<(String, String)>| {
            crates.iter().flat_map(|(called, own)| [called, own]).cloned().collect()
        };
        let crate_names = crates_of.iter().map(names).collect();
        Self {
            workspace,
            program,
            catalogs,
            function_of,
            def_of,
            type_of,
            bodies,
            decls,
            crates_of,
            crate_names,
            constants,
        }
    }

    pub(super) fn def(&self, def: DefId) -> &'a Def {
        &self.program.defs[def]
    }
    pub(super) fn item(&self, def: DefId) -> &'a Item {
        self.program.item(def)
    }
    pub(super) fn body(&self, def: DefId) -> Option<&'a Body> {
        self.bodies[def]
    }
    /// The head of a function.
    pub(super) fn fn_decl(&self, def: DefId) -> Option<&'a FnDecl> {
        self.decls[def]
    }
    /// Place of a definition's keyword.
    pub(super) fn place_of(&self, def: DefId) -> Place {
        let file = self.def(def).file;
        Place { file, line: self.workspace.sources.files[file].line(self.item(def).keyword) }
    }
    /// Place of a byte offset in a definition's file.
    pub(super) fn place_at(&self, def: DefId, offset: u32) -> Place {
        let file = self.def(def).file;
        Place { file, line: self.workspace.sources.files[file].line(offset) }
    }
    pub(super) fn span(&self, def: DefId, range: TextRange) -> Span {
        Span { file: self.def(def).file, range }
    }
    pub(super) fn text(&self, def: DefId, range: TextRange) -> &'a str {
        self.workspace.sources.files[self.def(def).file].slice(range)
    }
    /// Where an expression starts for a reader: the called name of a method call, else its first byte.
    pub(super) fn expr_start(&self, body: &Body, expr: ExprId) -> u32 {
        match &body.exprs[expr] {
            Expr::MethodCall { name_at, .. } => *name_at,
            _ => body.ranges[expr].start,
        }
    }
    /// Whether the definition's package depends on one of `krates`, under whatever name.
    pub(super) fn depends_on(&self, def: DefId, krates: &[String]) -> bool {
        let names = &self.crate_names[self.package_of(def)];
        krates.iter().any(|krate| names.contains(krate))
    }
    /// Whether any package of the workspace does.
    pub(super) fn workspace_depends_on(&self, krates: &[String]) -> bool {
        self.crate_names.iter().any(|names| krates.iter().any(|krate| names.contains(krate)))
    }
    /// What a crate is called that the definition's package calls `name`.
    pub(super) fn crate_called(&self, def: DefId, name: Name) -> Name {
        let renamed = self.crates_of(def).iter().find(|(called, _)| name == **called);
        renamed.map_or(name, |(_, own)| Name::new(own))
    }
    fn crates_of(&self, def: DefId) -> &[(String, String)] {
        &self.crates_of[self.package_of(def)]
    }
    /// The index of a definition's package.
    pub(super) fn package_of(&self, def: DefId) -> usize {
        self.program.krates[self.def(def).krate].package.idx()
    }
    /// The constant that a bare name means in the module of `def`, by name: the same module's, else the
    /// only one of that name.
    pub(super) fn constant_named(&self, def: DefId, name: Name) -> Option<DefId> {
        let all = self.constants.get(&name)?;
        let module = self.def(def).module;
        let near = all.iter().copied().find(|&other| self.def(other).module == module);
        near.or(match all[..] {
            [only] => Some(only),
            _ => None,
        })
    }
}

/// What a call means to a catalog.
#[derive(Clone, Copy)]
pub(super) enum Callee<'p> {
    /// Something of the workspace.
    Own,
    /// This path outside.
    External(&'p str),
    /// Outside or not known: only the name can say.
    Open,
}

/// Reads a call's target. Where the type of a receiver comes from outside and is not known, resolution
/// gives `_` for its crate.
pub(super) fn callee(target: Option<&CallTarget>) -> Callee<'_> {
    match target {
        Some(CallTarget::External(path)) if path.krate() == "_" => Callee::Open,
        Some(CallTarget::External(path)) => Callee::External(path.as_str()),
        Some(CallTarget::Unknown(_)) | None => Callee::Open,
        _ => Callee::Own,
    }
}

/// The crate of a path.
pub(super) fn krate_of(path: &str) -> &str {
    path.split("::").next().unwrap_or("")
}

/// Whether a definition is a type of the model.
pub(super) fn is_type(kind: DefKind) -> bool {
    matches!(kind, DefKind::Struct | DefKind::Enum | DefKind::Union | DefKind::Trait | DefKind::TypeAlias)
}

/// The calls and paths of one body, looked up by expression.
pub(super) struct BodyView<'a> {
    pub def: DefId,
    pub body: &'a Body,
    calls: Vec<(ExprId, &'a Call)>,
    paths: &'a [(ExprId, Res)],
}

impl<'a> BodyView<'a> {
    pub(super) fn new(program: &'a Program, def: DefId) -> Option<Self> {
        let body = program.body(def)?;
        let mut calls: Vec<(ExprId, &Call)> =
            program.calls[def].iter().filter_map(|call| Some((call.expr?, call))).collect();
        calls.sort_by_key(|&(expr, call)| (expr, call.kind));
        Some(Self { def, body, calls, paths: &program.paths[def] })
    }
    pub(super) fn expr(&self, expr: ExprId) -> &'a Expr {
        &self.body.exprs[expr]
    }
    /// What the call or method call at `expr` means.
    pub(super) fn target(&self, expr: ExprId) -> Option<&'a CallTarget> {
        self.call(expr).map(|call| &call.target)
    }
    pub(super) fn call(&self, expr: ExprId) -> Option<&'a Call> {
        let at = self.calls.partition_point(|&(at, _)| at < expr);
        self.calls.get(at).filter(|&&(found, _)| found == expr).map(|&(_, call)| call)
    }
    /// What the path at `expr` means.
    pub(super) fn path(&self, expr: ExprId) -> Option<&'a Res> {
        self.paths.binary_search_by_key(&expr, |&(at, _)| at).ok().map(|at| &self.paths[at].1)
    }
    /// The function that the path at `expr` means.
    pub(super) fn function(&self, expr: ExprId) -> Option<DefId> {
        if let Some(Res::Def(def)) = self.path(expr) {
            return Some(*def);
        }
        match self.target(expr)? {
            CallTarget::Resolved(def) => Some(*def),
            CallTarget::OneOf(defs) => defs.first().copied(),
            _ => None,
        }
    }
}
