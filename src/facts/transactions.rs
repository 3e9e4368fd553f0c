//! Where a transaction opens, and what runs inside.
//!
//! The extent follows the value: from where it is bound to its commit, into every function that is given
//! it, and out to the caller of a function that gives it back.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::{IndexVec, Name, Place, TextRange};
use crate::model::{CallEdge, FunctionId, TableAccess, TableId, TableOp, Transaction};
use crate::parse::tree::body::{Body, Expr, ExprId};
use crate::parse::tree::items::ItemKind;
use crate::resolve::{CallKind, CallTarget, DefId};

use super::cx::{Callee, Cx, callee, krate_of};
use super::render::type_names;

mod shape;

use shape::{
    body_end, bound, closure_names, executes, in_closure, last_end, let_names, occurs, returns, root_name,
    runs_parameter, statements, with_aliases,
};

/// Finds all transactions. `accesses` are the model's, sorted by function.
pub(super) fn transactions(cx: &Cx, calls: &[CallEdge], accesses: &[TableAccess]) -> Vec<Transaction> {
    let finder = Finder::new(cx, calls, accesses);
    let mut found: Vec<Transaction> = Vec::new();
    // Functions of the application's own that run a closure of their caller's in a transaction.
    let mut helpers: BTreeSet<DefId> = BTreeSet::new();
    let opened_in = |&def: &DefId| -> Vec<(DefId, &Body, ExprId, How)> {
        let Some(body) = cx.body(def) else { return Vec::new() };
        let opened = body.exprs.iter_enumerated().filter_map(|(id, expr)| match expr {
            Expr::MethodCall { name, args, .. } => {
                finder.opens(def, id, *name, args, body).map(|how| (def, body, id, how))
            }
            _ => None,
        });
        opened.collect()
    };
    let opened: Vec<_> = cx.def_of.as_slice().par_iter().flat_map_iter(opened_in).collect();
    // Each value is followed for itself.
    let values = opened.par_iter().map(|&(def, body, id, ref how)| {
        let (mut found, mut helpers) = (Vec::new(), BTreeSet::new());
        if let How::Value = how {
            finder.value(Opening::new(cx, def, body, id), &mut found, &mut helpers, 0);
        }
        (found, helpers)
    });
    let values: Vec<_> = values.collect();
    for ((def, body, id, how), (inside, helping)) in opened.into_iter().zip(values) {
        found.extend(inside);
        helpers.extend(helping);
        match how {
            How::Value => {}
            How::Closure(closure)
                if runs_parameter(body, body.ranges[closure], &closure_names(body, closure)) =>
            {
                helpers.insert(def);
            }
            How::Closure(closure) => found.push(finder.closure(def, body, id, closure)),
            How::Parameter => {
                helpers.insert(def);
            }
        }
    }
    finder.helped(helpers, &mut found);
    found.sort_by_key(|transaction| (transaction.site, transaction.opened_by));
    found.dedup_by(|b, a| (a.site, a.opened_by) == (b.site, b.opened_by));
    found
}

enum How {
    /// `begin()`.
    Value,
    /// `transaction(|tx| …)`.
    Closure(ExprId),
    /// `transaction(work)`, where `work` is a parameter.
    Parameter,
}

/// A transaction as a value, at an expression that gives it.
struct Opening<'a> {
    def: DefId,
    body: &'a Body,
    expr: ExprId,
    opened_by: DefId,
    site: Place,
    extent: Extent,
}

impl<'a> Opening<'a> {
    fn new(cx: &Cx, def: DefId, body: &'a Body, expr: ExprId) -> Self {
        let site = cx.place_at(def, cx.expr_start(body, expr));
        Self { def, body, expr, opened_by: def, site, extent: Extent::default() }
    }
}

struct Finder<'c, 'a> {
    cx: &'c Cx<'a>,
    /// Accesses of each function.
    accesses: IndexVec<FunctionId, Vec<TableAccess>>,
    /// Functions that touch a table, directly or through others.
    touches: BTreeSet<DefId>,
    /// Callers of each definition.
    callers: BTreeMap<DefId, Vec<DefId>>,
}

/// What was found inside of one transaction.
#[derive(Clone, Default)]
struct Extent {
    functions: BTreeSet<FunctionId>,
    tables: BTreeSet<(TableId, TableOp)>,
    escapes: BTreeSet<Place>,
    /// Functions and names that were followed.
    seen: BTreeSet<(DefId, Name)>,
}

impl<'c, 'a> Finder<'c, 'a> {
    fn new(cx: &'c Cx<'a>, calls: &[CallEdge], accesses: &[TableAccess]) -> Self {
        let mut by_function: IndexVec<FunctionId, Vec<TableAccess>> =
            cx.def_of.iter().map(|_| Vec::new()).collect();
        for access in accesses {
            by_function[access.function].push(access.clone());
        }
        let mut callers: BTreeMap<DefId, Vec<DefId>> = BTreeMap::new();
        for call in calls {
            callers.entry(cx.def_of[call.callee]).or_default().push(cx.def_of[call.caller]);
        }
        let mut touches = BTreeSet::new();
        let mut stack: Vec<DefId> = by_function
            .iter_enumerated()
            .filter(|(_, accesses)| !accesses.is_empty())
            .map(|(id, _)| cx.def_of[id])
            .collect();
        while let Some(def) = stack.pop() {
            if touches.insert(def) {
                stack.extend(callers.get(&def).into_iter().flatten());
            }
        }
        Self { cx, accesses: by_function, touches, callers }
    }

    fn opens(&self, def: DefId, expr: ExprId, name: Name, args: &[ExprId], body: &Body) -> Option<How> {
        let mut catalogs = self.cx.catalogs.databases.iter();
        let before = match &body.exprs[expr] {
            Expr::MethodCall { receiver, .. } => match &body.exprs[*receiver] {
                Expr::MethodCall { name, .. } => Some(*name),
                _ => None,
            },
            _ => None,
        };
        let listed = |list: &[String]| {
            list.iter().any(|known| match known.split_once('.') {
                Some((receiver, method)) => name == *method && before.is_some_and(|name| name == *receiver),
                None => name == **known,
            })
        };
        catalogs.clone().find(|db| listed(&db.begin) || listed(&db.transaction))?;
        let target = self.cx.program.call_at(def, expr).map(|call| &call.target);
        catalogs.find_map(|db| {
            let known = match callee(target) {
                Callee::External(path) => {
                    db.crates.iter().any(|krate| krate == krate_of(path))
                        // A pool of another crate gives a connection of this one.
                        || self.cx.depends_on(def, &db.crates)
                            && !matches!(krate_of(path), "std" | "core" | "alloc")
                }
                Callee::Open => self.cx.depends_on(def, &db.crates),
                Callee::Own => false,
            };
            if !known {
                return None;
            }
            // `_batch((a, b))` runs what it is given.
            let runs = |arg: &ExprId| matches!(body.exprs[*arg], Expr::Closure { .. } | Expr::Tuple(_));
            let closure = args.iter().copied().find(runs);
            let is_parameter = |&arg: &ExprId| {
                root_name(body, arg).is_some_and(|name| {
                    body.params.iter().any(|&pat| bound(body, pat).is_some_and(|param| param == name))
                })
            };
            match closure {
                Some(closure) if listed(&db.transaction) => Some(How::Closure(closure)),
                None if listed(&db.transaction) && !args.is_empty() && args.iter().any(is_parameter) => {
                    Some(How::Parameter)
                }
                None if listed(&db.begin) && args.len() <= if name == "transaction" { 0 } else { 2 } => {
                    Some(How::Value)
                }
                _ => None,
            }
        })
    }

    /// The transaction of a call that is given a closure.
    fn closure(&self, def: DefId, body: &Body, expr: ExprId, closure: ExprId) -> Transaction {
        let mut extent = Extent::default();
        let mut names = closure_names(body, closure);
        // The closure may use the connection itself.
        if let Expr::MethodCall { receiver, .. } = &body.exprs[expr] {
            names.extend(root_name(body, *receiver));
        }
        self.inside(def, body, body.ranges[closure], &names, &mut extent);
        self.made(def, self.cx.place_at(def, self.cx.expr_start(body, expr)), extent)
    }

    fn made(&self, opened_by: DefId, site: Place, mut extent: Extent) -> Transaction {
        let opened_by = self.cx.function_of[opened_by].expect("only functions have bodies that are walked");
        extent.functions.insert(opened_by);
        Transaction {
            opened_by,
            site,
            functions: extent.functions.into_iter().collect(),
            tables: extent.tables.into_iter().collect(),
            escapes: extent.escapes.into_iter().collect(),
        }
    }

    /// Follows the value that an opening gives: the name that it is bound to, and the callers where it is
    /// given back. A function that only makes it opens none of its own: each of its callers does.
    fn value(
        &self,
        mut opening: Opening,
        found: &mut Vec<Transaction>,
        helpers: &mut BTreeSet<DefId>,
        depth: u32,
    ) {
        let Opening { def, body, expr, .. } = opening;
        let range = body.ranges[expr];
        let names = let_names(body, range);
        opening.extent.functions.extend(self.cx.function_of[def]);
        if let Some(names) = &names {
            let start = range.end;
            let end = last_end(body, names, start).unwrap_or_else(|| body_end(body));
            let extent_range = TextRange::new(start, end.max(start));
            if runs_parameter(body, extent_range, names) {
                helpers.insert(def);
                return;
            }
            self.inside(def, body, extent_range, names, &mut opening.extent);
        }
        let given_back = match &names {
            Some(names) => returns(body, |range| occurs(body, range, names)),
            None => returns(body, |tail| tail.contains(range)),
        };
        let given_back = given_back && !in_closure(body, expr) && self.gives_transaction(def);
        let sites = if given_back && depth <= 3 { self.sites(def) } else { Vec::new() };
        let does_work = !opening.extent.tables.is_empty() || !opening.extent.escapes.is_empty();
        let is_own = does_work && sites.len() == 1;
        for &(caller, outer, call) in &sites {
            let mut next = Opening::new(self.cx, caller, outer, call);
            next.extent = opening.extent.clone();
            if is_own {
                (next.opened_by, next.site) = (opening.opened_by, opening.site);
            }
            self.value(next, found, helpers, depth + 1);
        }
        if sites.is_empty() {
            found.push(self.made(opening.opened_by, opening.site, opening.extent));
        }
    }

    /// Whether a function waits for nothing and has no connection: all that it can do to a table is to
    /// make a query.
    fn makes_query(&self, def: DefId) -> bool {
        let Some(decl) = self.cx.fn_decl(def) else { return false };
        let mut names = Vec::new();
        decl.params.iter().for_each(|param| type_names(&param.ty, &mut names));
        let is_connection = |name: &Name| {
            self.cx.catalogs.databases.iter().any(|db| {
                let types = db.connections.iter().chain(&db.pools).chain(&db.transactions);
                types.into_iter().any(|ty| name == &**ty)
            })
        };
        !decl.is_async && decl.ret.is_some() && !names.iter().any(is_connection)
    }

    /// Whether a transaction may be in what a function gives back: by its type, or by the fields of the
    /// workspace's own types in it.
    fn gives_transaction(&self, def: DefId) -> bool {
        let Some(ret) = self.cx.fn_decl(def).and_then(|decl| decl.ret.as_ref()) else { return false };
        let mut names = Vec::new();
        type_names(ret, &mut names);
        let mut seen = BTreeSet::new();
        let mut stack = vec![(def, names)];
        while let Some((owner, names)) = stack.pop() {
            let known = |name: &Name| {
                name == "Self"
                    || self.cx.catalogs.databases.iter().any(|db| {
                        let types = db.transactions.iter().chain(&db.connections);
                        types.into_iter().any(|ty| name == &**ty)
                    })
            };
            if names.iter().any(known) {
                return true;
            }
            for &ty in &self.cx.program.mentions[owner] {
                if let ItemKind::Adt(adt) = &self.cx.item(ty).kind
                    && names.contains(&self.cx.def(ty).name)
                    && seen.insert(ty)
                {
                    let mut inner = Vec::new();
                    let fields = adt.variants.iter().flat_map(|variant| &variant.fields);
                    fields.for_each(|field| type_names(&field.ty, &mut inner));
                    stack.push((ty, inner));
                }
            }
        }
        false
    }

    /// The calls of a function, without those of tests.
    fn sites(&self, def: DefId) -> Vec<(DefId, &'a Body, ExprId)> {
        let mut callers: Vec<DefId> = self.callers.get(&def).into_iter().flatten().copied().collect();
        callers.sort_unstable();
        callers.dedup();
        let mut sites = Vec::new();
        for caller in callers {
            let (Some(outer), false) = (self.cx.body(caller), self.cx.def(caller).is_test) else { continue };
            for call in &self.cx.program.calls[caller] {
                let is_it = match &call.target {
                    CallTarget::Resolved(callee) => *callee == def,
                    CallTarget::OneOf(callees) => callees.contains(&def),
                    _ => false,
                };
                if let (true, Some(expr)) = (is_it && call.kind != CallKind::Reference, call.expr) {
                    sites.push((caller, outer, expr));
                }
            }
        }
        sites
    }

    /// The calls of functions that run a closure in a transaction; who passes a parameter of its own on is
    /// such a function, too.
    fn helped(&self, mut helpers: BTreeSet<DefId>, found: &mut Vec<Transaction>) {
        let mut stack: Vec<DefId> = helpers.iter().copied().collect();
        while let Some(helper) = stack.pop() {
            for (caller, body, call) in self.sites(helper) {
                let (Expr::Call { args, .. } | Expr::MethodCall { args, .. }) = &body.exprs[call] else {
                    continue;
                };
                match args.iter().copied().find(|&arg| matches!(body.exprs[arg], Expr::Closure { .. })) {
                    Some(closure)
                        if !runs_parameter(body, body.ranges[closure], &closure_names(body, closure)) =>
                    {
                        found.push(self.closure(caller, body, call, closure));
                    }
                    _ if helpers.insert(caller) => stack.push(caller),
                    _ => {}
                }
            }
        }
    }

    /// Reads a stretch of a body in which `names` are the transaction.
    fn inside(&self, def: DefId, body: &Body, range: TextRange, names: &[Name], extent: &mut Extent) {
        let Some(function) = self.cx.function_of[def] else { return };
        let names = &with_aliases(body, range, names)[..];
        let statements = statements(body, range);
        let lines = |range: TextRange| {
            let source = &self.cx.workspace.sources.files[self.cx.def(def).file];
            (source.line(range.start), source.line(range.end.saturating_sub(1)))
        };
        let all = lines(range);
        for access in &self.accesses[function] {
            let line = access.site.line;
            if line < all.0 || line > all.1 {
                continue;
            }
            let around = statements.iter().filter(|range| {
                let (first, last) = lines(**range);
                first <= line && line <= last
            });
            let statement = around.min_by_key(|range| range.end - range.start);
            let outside = statement
                .is_some_and(|&statement| !occurs(body, statement, names) && executes(body, statement));
            if outside {
                extent.escapes.insert(access.site);
            } else {
                extent.tables.insert((access.table, access.op));
            }
        }
        let run_on = |site: TextRange| {
            let around = statements.iter().filter(|range| range.contains(site));
            let statement = around.min_by_key(|range| range.end - range.start);
            statement.is_some_and(|&statement| occurs(body, statement, names))
        };
        for call in &self.cx.program.calls[def] {
            if !range.contains(call.site) || call.kind == CallKind::Reference {
                continue;
            }
            let targets: &[DefId] = match &call.target {
                CallTarget::Resolved(def) => std::slice::from_ref(def),
                CallTarget::OneOf(defs) => defs,
                _ => continue,
            };
            let Some(expr) = call.expr else { continue };
            for &callee in targets {
                match self.given(body, expr, callee, names) {
                    Some(name) => self.callee(callee, name, extent),
                    // A query that a function makes and the transaction runs: `Order::by_id(1).first(tx)`.
                    None if self.touches.contains(&callee)
                        && self.makes_query(callee)
                        && run_on(call.site) =>
                    {
                        let made = self.cx.function_of[callee];
                        extent.functions.extend(made);
                        let tables = made.into_iter().flat_map(|made| &self.accesses[made]);
                        extent.tables.extend(tables.map(|access| (access.table, access.op)));
                    }
                    None if self.touches.contains(&callee) => {
                        extent.escapes.insert(self.cx.place_at(def, call.site.start));
                    }
                    None => {}
                }
            }
        }
    }

    fn callee(&self, callee: DefId, name: Name, extent: &mut Extent) {
        let Some(function) = self.cx.function_of[callee] else { return };
        extent.functions.insert(function);
        if !extent.seen.insert((callee, name)) {
            return;
        }
        if let Some(body) = self.cx.body(callee)
            && let Some(root) = body.root
        {
            self.inside(callee, body, body.ranges[root], &[name], extent);
        }
    }

    /// The name under which a callee knows the transaction, where the call hands it over.
    fn given(&self, body: &Body, call: ExprId, callee: DefId, names: &[Name]) -> Option<Name> {
        let decl = self.cx.fn_decl(callee)?;
        let (receiver, args): (Option<ExprId>, &[ExprId]) = match &body.exprs[call] {
            Expr::MethodCall { receiver, args, .. } => (Some(*receiver), args),
            // `Repo::save(&repo, &mut tx)`: the first argument is the receiver.
            Expr::Call { args, .. } if decl.is_method => {
                (args.first().copied(), args.get(1..).unwrap_or(&[]))
            }
            Expr::Call { args, .. } => (None, args),
            _ => return None,
        };
        if receiver.is_some_and(|receiver| occurs(body, body.ranges[receiver], names)) {
            return Some(Name::new("self"));
        }
        let at = args.iter().position(|&arg| occurs(body, body.ranges[arg], names))?;
        let callee_body = self.cx.body(callee)?;
        bound(callee_body, *callee_body.params.get(at)?).or(Some(Name::new("")))
    }
}

#[cfg(test)]
mod tests;
