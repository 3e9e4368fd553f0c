//! State that lives in the process, and who touches it.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::{DefPath, IndexVec, Name, Place};
use crate::model::{StateCell, StateId, StateKind, StateUse};
use crate::parse::tree::body::{Body, Expr, ExprId, Pat, PatId};
use crate::parse::tree::items::{AdtKind, Field, ItemKind};
use crate::parse::tree::types::TypeRef;
use crate::resolve::{DefId, DefKind, Res};

use super::cx::Cx;
use super::nodes::{item_id, self_type};
use super::render::{type_names, type_text};

/// Types whose value changes behind a shared reference.
const CHANGING: &[&str] = &[
    "Mutex",
    "RwLock",
    "RefCell",
    "Cell",
    "UnsafeCell",
    "FairMutex",
    "ReentrantMutex",
    "AtomicBool",
    "AtomicUsize",
    "AtomicU64",
    "AtomicU32",
    "AtomicI64",
    "AtomicI32",
    "AtomicU8",
    "AtomicU16",
    "AtomicIsize",
    "AtomicPtr",
    "ArcSwap",
    "ArcSwapOption",
    "Notify",
    "Semaphore",
    "RateLimiter",
    "MemoryStore",
    "AtomicCell",
];
/// Caches and concurrent maps.
const CACHES: &[&str] = &[
    "DashMap",
    "DashSet",
    "Cache",
    "LruCache",
    "TimedCache",
    "SizedCache",
    "SkipMap",
    "HopSlotMap",
    "TtlCache",
];
/// Ends of channels.
const CHANNELS: &[&str] =
    &["Sender", "Receiver", "UnboundedSender", "UnboundedReceiver", "SyncSender", "WeakSender"];
/// Pools and clients: they hold no truth of their own.
const HANDLES: &[&str] = &[
    "Pool",
    "PgPool",
    "SqlitePool",
    "MySqlPool",
    "AnyPool",
    "DatabaseConnection",
    "Client",
    "ClientWithMiddleware",
    "ConnectionManager",
    "MultiplexedConnection",
    "RedisPool",
    "DbPool",
    "Database",
    "SmtpTransport",
    "AsyncSmtpTransport",
    "Channel",
];
/// Types that a framework hands shared state over in.
const HOLDERS: &[&str] = &["State", "Data", "Extension", "AddExtension", "FromRef"];

/// The cells and their uses.
#[derive(Default)]
pub(super) struct StateFacts {
    pub cells: IndexVec<StateId, StateCell>,
    pub uses: Vec<StateUse>,
}

struct Found {
    cell: StateCell,
    /// The static, or the struct and field.
    owner: DefId,
    field: Option<Name>,
}

pub(super) fn state(cx: &Cx) -> StateFacts {
    let structs = Structs::new(cx);
    let mut found: Vec<Found> = Vec::new();
    for (id, def) in cx.program.defs.iter_enumerated() {
        if def.kind == DefKind::Static && !def.is_test {
            found.extend(static_cell(cx, &structs, id));
        }
    }
    let roots = shared_types(cx);
    let mut inner: BTreeSet<DefId> = BTreeSet::new();
    for &root in &roots {
        fields(cx, root, |field| {
            let (kind, mutable) = structs.kind_of(cx, root, &field.ty, 0);
            found.push(field_cell(cx, root, field, kind, mutable));
            structs.reach(cx, root, &field.ty, &mut inner);
        });
    }
    // What a part of the state shares by itself: `struct Mailer { outbox: Arc<Mutex<…>> }`.
    for &part in inner.difference(&roots) {
        fields(cx, part, |field| {
            let mut names = Vec::new();
            type_names(&field.ty, &mut names);
            let shares =
                names.iter().any(|name| is(name, &["Arc"]) || is(name, CHANNELS) || is(name, CACHES));
            let (kind, mutable) = structs.direct(&names);
            if shares && mutable {
                found.push(field_cell(cx, part, field, kind, mutable));
            }
        });
    }
    found.sort_by(|a, b| (&a.cell.path, a.cell.place).cmp(&(&b.cell.path, b.cell.place)));
    let uses = uses(cx, &found);
    StateFacts { cells: found.into_iter().map(|found| found.cell).collect(), uses }
}

fn is(name: &Name, list: &[&str]) -> bool {
    list.contains(&name.as_str())
}

fn static_cell(cx: &Cx, structs: &Structs, id: DefId) -> Option<Found> {
    let ItemKind::Value { ty, mutable, .. } = &cx.item(id).kind else { return None };
    let (mut kind, mut changes) = structs.kind_of(cx, id, ty, 0);
    if kind == StateKind::Shared {
        kind = StateKind::Static;
    }
    changes |= *mutable;
    let mut names = Vec::new();
    type_names(ty, &mut names);
    let lazy = names.iter().any(|name| is(name, &["LazyLock", "Lazy", "OnceLock", "OnceCell", "LazyCell"]));
    // A plain constant table is no state.
    if !changes && !lazy && kind == StateKind::Static {
        return None;
    }
    let cell = StateCell {
        path: cx.def(id).path.clone(),
        kind,
        ty: type_text(ty),
        place: cx.place_of(id),
        item: Some(item_id(id)),
        mutable: changes,
    };
    Some(Found { cell, owner: id, field: None })
}

fn field_cell(cx: &Cx, owner: DefId, field: &Field, kind: StateKind, mutable: bool) -> Found {
    let def = cx.def(owner);
    let cell = StateCell {
        path: DefPath::new(format!("{}.{}", def.path, field.name)),
        kind,
        ty: type_text(&field.ty),
        place: field_place(cx, owner, field),
        item: Some(item_id(owner)),
        mutable,
    };
    Found { cell, owner, field: Some(field.name) }
}

/// The line of a field: the first of the item that declares it.
fn field_place(cx: &Cx, owner: DefId, field: &Field) -> Place {
    let item = cx.item(owner);
    let text = cx.text(owner, item.range);
    let name = field.name.as_str();
    let mut from = 0;
    while let Some(at) = text[from..].find(name) {
        let start = from + at;
        let before = text[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let after = text[start + name.len()..].trim_start();
        if before && after.starts_with(':') && !after.starts_with("::") {
            return cx.place_at(owner, item.range.start + start as u32);
        }
        from = start + name.len();
    }
    cx.place_of(owner)
}

fn fields(cx: &Cx, def: DefId, mut visit: impl FnMut(&Field)) {
    if let ItemKind::Adt(adt) = &cx.item(def).kind
        && adt.kind == AdtKind::Struct
    {
        adt.variants.iter().flat_map(|variant| &variant.fields).for_each(&mut visit);
    }
}

/// Structs of the workspace that a framework shares between handlers.
fn shared_types(cx: &Cx) -> BTreeSet<DefId> {
    let shared = |&def: &DefId| {
        let mut found = Vec::new();
        let Some(decl) = cx.fn_decl(def).filter(|_| !cx.def(def).is_test) else { return found };
        for param in &decl.params {
            let Some(inner) = held(unaliased(cx, def, &param.ty)) else { continue };
            let mut names = Vec::new();
            inner.iter().for_each(|ty| type_names(ty, &mut names));
            // Request-local values travel in `Extension`, too; only what is cloned as a whole is state.
            found.extend(structs_named(cx, def, &names));
        }
        found
    };
    cx.def_of.as_slice().par_iter().flat_map_iter(shared).collect()
}

/// The arguments of `State<T>`, `&State<T>`, `web::Data<T>`.
fn held(ty: &TypeRef) -> Option<&[TypeRef]> {
    match ty {
        TypeRef::Ref { inner, .. } => held(inner),
        TypeRef::Path(path) => {
            let last = path.segments.last()?;
            HOLDERS.contains(&last.name.as_str()).then(|| last.args.as_ref().map(|args| &args.types[..]))?
        }
        _ => None,
    }
}

/// What an alias of the workspace stands for: `type Db = State<Arc<Database>>`.
fn unaliased<'a>(cx: &Cx<'a>, def: DefId, ty: &'a TypeRef) -> &'a TypeRef {
    let TypeRef::Path(path) = ty else { return ty };
    let alias = cx.program.mentions[def].iter().copied().find(|&mention| {
        cx.def(mention).kind == DefKind::TypeAlias && path.last() == Some(cx.def(mention).name)
    });
    match alias.map(|alias| &cx.item(alias).kind) {
        Some(ItemKind::TypeAlias { ty: Some(ty), .. }) => ty,
        _ => ty,
    }
}

/// Cells by the type under which a framework hands them out by themselves (`FromRef`), where only one has it.
fn by_type(cx: &Cx, found: &[Found]) -> BTreeMap<String, StateId> {
    let written = cx.program.defs.iter_enumerated().any(|(id, def)| {
        def.kind == DefKind::Impl
            && matches!(&cx.item(id).kind, ItemKind::Impl { trait_: Some(path), .. }
                if path.last().is_some_and(|name| name == "FromRef"))
    });
    let derived = |owner: DefId| match &cx.item(owner).kind {
        ItemKind::Adt(adt) => {
            adt.derives.iter().any(|path| path.last().is_some_and(|name| name == "FromRef"))
        }
        _ => false,
    };
    let mut cells: BTreeMap<String, Vec<StateId>> = BTreeMap::new();
    for (idx, found) in found.iter().enumerate() {
        if found.field.is_some() && (written || derived(found.owner)) {
            cells.entry(found.cell.ty.clone()).or_default().push(crate::base::Id::from_usize(idx));
        }
    }
    cells.into_iter().filter(|(_, cells)| cells.len() == 1).map(|(ty, cells)| (ty, cells[0])).collect()
}

/// The name that an extractor's pattern binds: `State(db)`.
fn extracted(body: &Body, pat: PatId) -> Option<Name> {
    match &body.pats[pat] {
        Pat::Bind { name, .. } => Some(*name),
        Pat::Typed { pat, .. } | Pat::Ref(pat) => extracted(body, *pat),
        Pat::TupleStruct { pats, .. } => pats.first().and_then(|&pat| extracted(body, pat)),
        _ => None,
    }
}

fn structs_named(cx: &Cx, def: DefId, names: &[Name]) -> Vec<DefId> {
    let mentions = cx.program.mentions[def].iter().copied();
    mentions.filter(|&ty| cx.def(ty).kind == DefKind::Struct && names.contains(&cx.def(ty).name)).collect()
}

/// What the fields of structs are made of.
struct Structs;

impl Structs {
    fn new(_: &Cx) -> Self {
        Self
    }

    /// By the names of a type alone.
    fn direct(&self, names: &[Name]) -> (StateKind, bool) {
        let any = |list: &[&str]| names.iter().any(|name| is(name, list));
        if any(CACHES) {
            (StateKind::Cache, true)
        } else if any(CHANNELS) {
            (StateKind::Channel, true)
        } else if any(CHANGING) {
            (StateKind::Shared, true)
        } else if any(HANDLES) {
            (StateKind::Handle, false)
        } else {
            (StateKind::Shared, false)
        }
    }

    /// The same through the structs of the workspace that the type mentions.
    fn kind_of(&self, cx: &Cx, owner: DefId, ty: &TypeRef, depth: u32) -> (StateKind, bool) {
        let mut names = Vec::new();
        type_names(ty, &mut names);
        let direct = self.direct(&names);
        if direct.1 || direct.0 == StateKind::Handle || depth > 4 {
            return direct;
        }
        let mut result = direct;
        for part in structs_named(cx, owner, &names) {
            fields(cx, part, |field| {
                let inner = self.kind_of(cx, part, &field.ty, depth + 1);
                if inner.1 && !result.1 {
                    result = inner;
                }
            });
        }
        result
    }

    /// Structs of the workspace that a type is made of.
    fn reach(&self, cx: &Cx, owner: DefId, ty: &TypeRef, seen: &mut BTreeSet<DefId>) {
        let mut names = Vec::new();
        type_names(ty, &mut names);
        for part in structs_named(cx, owner, &names) {
            if seen.insert(part) {
                fields(cx, part, |field| self.reach(cx, part, &field.ty, seen));
            }
        }
    }
}

/// Methods that only look.
const LOOKING: &[&str] = &[
    "read",
    "get",
    "load",
    "load_full",
    "clone",
    "subscribe",
    "iter",
    "len",
    "is_empty",
    "contains_key",
    "contains",
    "borrow",
    "peek",
    "as_ref",
    "as_deref",
    "is_some",
    "is_none",
    "to_owned",
    "deref",
    "try_read",
    "get_many",
    "values",
    "keys",
    "name",
];

fn uses(cx: &Cx, found: &[Found]) -> Vec<StateUse> {
    let mut statics: BTreeMap<DefId, StateId> = BTreeMap::new();
    let mut by_field: BTreeMap<Name, Vec<(DefId, StateId)>> = BTreeMap::new();
    for (idx, found) in found.iter().enumerate() {
        let id: StateId = crate::base::Id::from_usize(idx);
        match found.field {
            Some(field) => by_field.entry(field).or_default().push((found.owner, id)),
            None => _ = statics.insert(found.owner, id),
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    let by_type = by_type(cx, found);
    let of_function = |&def: &DefId| {
        let mut uses = Vec::new();
        let mut extra = Vec::new();
        let (Some(body), Some(function)) = (cx.body(def), cx.function_of[def]) else { return uses };
        for (expr, res) in &cx.program.paths[def] {
            if let Res::Def(target) = res
                && let Some(&cell) = statics.get(target)
            {
                let write = is_write(body, *expr);
                let site = cx.place_at(def, body.ranges[*expr].start);
                uses.push(StateUse { function, cell, site, write });
            }
        }
        let params = cx.fn_decl(def).map_or(&[][..], |decl| &decl.params);
        for (param, &pat) in params.iter().zip(&body.params).filter(|_| !by_type.is_empty()) {
            // `State(db): State<Database>`: a part of the state by itself.
            let held = held(unaliased(cx, def, &param.ty)).unwrap_or(&[]);
            let Some(&cell) = held.iter().find_map(|ty| by_type.get(&type_text(ty))) else { continue };
            let name = extracted(body, pat);
            let is_it = |expr: &&(ExprId, &Expr)| matches!(expr.1, Expr::Path(path) if path.as_name().is_some() && path.as_name() == name);
            let parts: Vec<(ExprId, &Expr)> =
                body.exprs.iter_enumerated().filter(|part| is_it(&part)).collect();
            let write = parts.iter().any(|&(expr, _)| is_write(body, expr) && cells_change(found, cell));
            let at = parts.first().map_or(cx.item(def).keyword, |&(expr, _)| body.ranges[expr].start);
            uses.push(StateUse { function, cell, site: cx.place_at(def, at), write });
        }
        let mut add = |expr: ExprId, at: u32, cell: StateId| {
            let write = is_write(body, expr);
            uses.push(StateUse { function, cell, site: cx.place_at(def, at), write });
        };
        if !by_field.is_empty() {
            // `State(AppState { db, .. })`.
            for pat in &body.pats {
                let Pat::Struct { path, fields, .. } = pat else { continue };
                for (name, _) in fields {
                    let of = |&&(ty, _): &&(DefId, StateId)| path.last() == Some(cx.def(ty).name);
                    if let Some(&(_, cell)) = by_field.get(name).and_then(|cells| cells.iter().find(of)) {
                        let site = cx.place_at(def, cx.item(def).keyword);
                        extra.push(StateUse { function, cell, site, write: false });
                    }
                }
            }
            let owner = self_type(cx, def);
            for (id, expr) in body.exprs.iter_enumerated() {
                let Expr::Field { name, .. } = expr else { continue };
                let Some(cells) = by_field.get(name) else { continue };
                let of = |&&(ty, _): &&(DefId, StateId)| {
                    owner == Some(ty) || cx.program.mentions[def].contains(&ty)
                };
                if let Some(&(_, cell)) = cells.iter().find(of) {
                    add(id, body.ranges[id].end, cell);
                }
            }
        }
        uses.append(&mut extra);
        uses
    };
    let mut all: Vec<StateUse> = cx.def_of.as_slice().par_iter().flat_map_iter(of_function).collect();
    all.par_sort_unstable();
    all.dedup();
    all
}

fn cells_change(found: &[Found], cell: StateId) -> bool {
    found[crate::base::Id::idx(cell)].cell.mutable
}

/// Whether the first method that is called on a cell changes it.
fn is_write(body: &Body, cell: ExprId) -> bool {
    for (_, expr) in body.exprs.iter_enumerated() {
        match expr {
            Expr::MethodCall { receiver, name, .. } if *receiver == cell => {
                return !LOOKING.contains(&name.as_str());
            }
            Expr::Assign { left, .. } if *left == cell => return true,
            Expr::Binary { op, left, .. } if *left == cell => {
                return op.ends_with('=') && !matches!(*op, "==" | "<=" | ">=" | "!=");
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests;
