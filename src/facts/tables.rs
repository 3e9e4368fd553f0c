//! Who reads and writes which table, by the texts of statements.
//!
//! Two ways lead to a statement: a macro, function or method of a database layer that takes one, and a
//! text that can only be SQL. Every text is read once.

use std::sync::{Mutex, OnceLock};

use rayon::prelude::*;

use crate::base::{Name, Place, UnorderedMap, UnorderedSet};
use crate::model::{Certainty, FunctionId, TableOp, UnknownSql};
use crate::parse::tree::body::{Body, Expr, ExprId, Literal, MacroCall};
use crate::resolve::{DefId, DefKind, Res};

use super::catalog::{Database, names_path};
use super::cx::{BodyView, Callee, Cx, krate_of};
use super::render::path_names;
use super::sql::{self, Access, HOLE, SchemaChange, Statement, TableName};
use super::strings::{self, Text};

mod fragments;
mod literal;
mod loops;
mod migrations;
mod offline;

pub(super) use loops::loop_ranges;
pub(super) use migrations::migrations;

use fragments::Builder;
use literal::first_literal;
use offline::Offline;

/// An access as found; tables are still names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub function: FunctionId,
    pub site: Place,
    pub table: TableName,
    pub op: TableOp,
    pub certainty: Certainty,
    pub in_loop: bool,
    pub joined: bool,
}

/// What the bodies say about tables.
#[derive(Default)]
pub(super) struct TableFacts {
    pub accesses: Vec<Found>,
    pub unknown: Vec<UnknownSql>,
    /// Statements that no dialect takes and that were scanned word by word.
    pub scanned: Vec<Place>,
    /// Schema changes in texts of the code, at their places.
    pub schema: Vec<(Place, SchemaChange)>,
    /// Those of `unknown` that are macros with a prepared statement.
    prepared: Vec<(UnknownSql, DefId)>,
    /// What a function appends to the statement that this parameter of it is.
    passed_in: Vec<(DefId, usize, Access)>,
}

/// Reads all bodies.
pub(super) fn tables(cx: &Cx) -> TableFacts {
    let reader = Reader::new(cx);
    let per_body: Vec<TableFacts> = cx.def_of.as_slice().par_iter().map(|&def| reader.body(def)).collect();
    let mut all = TableFacts::default();
    for mut one in per_body {
        all.accesses.append(&mut one.accesses);
        all.unknown.append(&mut one.unknown);
        all.scanned.append(&mut one.scanned);
        all.schema.append(&mut one.schema);
        all.prepared.append(&mut one.prepared);
        all.passed_in.append(&mut one.passed_in);
    }
    reader.hand_out(&mut all);
    reader.claim(&mut all);
    all.accesses.sort_unstable();
    all.accesses.dedup();
    all.unknown.sort_unstable();
    all.unknown.dedup();
    all
}

struct Reader<'c, 'a> {
    cx: &'c Cx<'a>,
    /// Last segments that may name something of a database layer, to pass over bodies quickly.
    names: UnorderedSet<Name>,
    /// Constants and statics whose value is a statement.
    constants: UnorderedMap<DefId, String>,
    statements: Mutex<UnorderedMap<String, Statement>>,
    has_offline: bool,
    offline: OnceLock<Offline>,
    /// Texts that were met, where prepared statements are compared with them.
    claimed: Mutex<UnorderedSet<String>>,
}

/// How a call takes its statement.
enum Takes {
    /// As text among these arguments, the first that is one.
    Sql(Vec<ExprId>),
    /// As path of a file with it.
    File(Vec<ExprId>),
    /// As a macro whose arguments could not be read.
    Tokens,
    /// As a part of a statement.
    Fragment(ExprId),
    /// In pieces, put together here.
    Pieces(String),
}

impl<'c, 'a> Reader<'c, 'a> {
    fn new(cx: &'c Cx<'a>) -> Self {
        let mut names = UnorderedSet::new();
        for db in &cx.catalogs.databases {
            let lists = [
                &db.sql_macros,
                &db.sql_file_macros,
                &db.sql_functions,
                &db.sql_methods,
                &db.fragment_methods,
            ];
            for name in lists.into_iter().flatten() {
                names.insert(Name::new(name.rsplit("::").next().unwrap_or(name)));
            }
        }
        let values = cx
            .program
            .defs
            .iter_enumerated()
            .filter(|(_, def)| matches!(def.kind, DefKind::Const | DefKind::Static));
        let constants = values
            .filter(|&(id, _)| strings::is_text_constant(cx, id))
            .filter_map(|(id, _)| Some((id, strings::constant_text(cx, id)?)))
            .filter(|(_, text)| sql::looks_like_sql(text, true))
            .collect();
        Self {
            cx,
            names,
            constants,
            statements: Mutex::new(UnorderedMap::new()),
            has_offline: cx.workspace.assets.iter().any(|asset| offline::is_prepared(&asset.path)),
            offline: OnceLock::new(),
            claimed: Mutex::new(UnorderedSet::new()),
        }
    }

    fn statement(&self, text: &str) -> Statement {
        if let Some(known) = self.statements.lock().expect("no thread panicked").get(text) {
            return known.clone();
        }
        if self.has_offline {
            self.claimed.lock().expect("no thread panicked").insert(offline::even(text));
        }
        let statement = sql::analyze(text);
        self.statements.lock().expect("no thread panicked").insert(text.to_owned(), statement.clone());
        statement
    }

    /// Statements that stand in attributes: `#[sql("SELECT …")]`.
    fn attributes(&self, def: DefId, facts: &mut TableFacts) {
        let Some(function) = self.cx.function_of[def] else { return };
        for attr in &self.cx.item(def).attrs.list {
            let known = attr.path.last().is_some_and(|name| {
                self.cx.catalogs.databases.iter().any(|db| {
                    db.sql_attributes.iter().any(|known| name == **known)
                        && self.cx.depends_on(def, &db.crates)
                })
            });
            let text = known.then(|| first_literal(&attr.args)).flatten();
            // Control words between the quoted parts are the layer's own.
            let Some(text) = text.map(|text| text.replace('`', " ")) else { continue };
            let statement = self.statement(&text);
            for (table, op) in statement.accesses {
                let site = self.cx.place_at(def, attr.range.start);
                facts.accesses.push(Found {
                    function,
                    site,
                    table,
                    op,
                    certainty: if statement.exact { Certainty::Certain } else { Certainty::Likely },
                    in_loop: false,
                    joined: false,
                });
            }
        }
    }

    fn body(&self, def: DefId) -> TableFacts {
        let mut facts = TableFacts::default();
        let Some(body) = self.cx.body(def) else { return facts };
        self.attributes(def, &mut facts);
        let interesting: Vec<ExprId> = body.exprs.ids().filter(|&expr| self.may_matter(body, expr)).collect();
        let paths = &self.cx.program.paths[def];
        let constants: Vec<ExprId> = if self.constants.is_empty() {
            Vec::new()
        } else {
            let is_statement = |res: &Res| matches!(res, Res::Def(def) if self.constants.contains_key(def));
            paths.iter().filter(|(_, res)| is_statement(res)).map(|&(expr, _)| expr).collect()
        };
        if interesting.is_empty() && constants.is_empty() {
            return facts;
        }
        let (Some(view), Some(function)) = (BodyView::new(self.cx.program, def), self.cx.function_of[def])
        else {
            return facts;
        };
        let loops = loop_ranges(body);
        let mut used: Vec<ExprId> = Vec::new();
        let built = self.built(&view, &interesting);
        let mut site = Site { function, def, loops: &loops, built: &built, facts: &mut facts };
        for &expr in &interesting {
            if let Some((db, takes)) = self.takes(&view, expr) {
                self.database_call(&view, expr, db, takes, &mut site, &mut used);
            }
        }
        for &expr in interesting.iter().chain(&constants) {
            if !used.contains(&expr)
                && !matches!(view.expr(expr), Expr::Call { .. } | Expr::MethodCall { .. })
            {
                self.loose_text(&view, expr, &mut site, &mut used);
            }
        }
        facts
    }

    /// A cheap first look at an expression.
    fn may_matter(&self, body: &Body, expr: ExprId) -> bool {
        match &body.exprs[expr] {
            Expr::Literal(Literal::Str(text)) => sql::looks_like_sql(text, false),
            Expr::Macro(call) => call.path.last().is_some_and(|name| {
                self.names.contains(&name)
                    || name == "format"
                    || name == "concat"
                    || fragments::may_take_pieces(name)
            }),
            Expr::MethodCall { name, args, .. } => !args.is_empty() && self.names.contains(name),
            Expr::Call { callee, args } => {
                !args.is_empty()
                    && matches!(&body.exprs[*callee], Expr::Path(path) if path.last().is_some_and(|name| self.names.contains(&name)))
            }
            _ => false,
        }
    }

    /// Whether a call or macro is one of a database layer.
    fn takes(&self, view: &BodyView, expr: ExprId) -> Option<(&'a Database, Takes)> {
        let all = self.cx.catalogs.databases.iter();
        match view.expr(expr) {
            Expr::Macro(call) => {
                let name = call.path.last()?;
                let krate = call
                    .path
                    .segments
                    .first()
                    .filter(|_| call.path.segments.len() > 1)
                    .map(|segment| segment.name);
                let file = |db: &Database| db.sql_file_macros.iter().any(|macro_| name == **macro_);
                let sql = |db: &Database| db.sql_macros.iter().any(|macro_| name == **macro_);
                let mut known = all.clone();
                let Some(db) = known.find(|db| {
                    (file(db) || sql(db))
                        && (krate.is_some_and(|krate| db.crates.iter().any(|known| krate == **known))
                            || self.cx.depends_on(view.def, &db.crates))
                }) else {
                    // A macro of the application's own that puts a statement together.
                    let pieces = self.pieces(view, call)?;
                    let mut all = all.filter(|db| !db.sql_macros.is_empty());
                    let db = all.find(|db| self.cx.depends_on(view.def, &db.crates))?;
                    return Some((db, Takes::Pieces(pieces)));
                };
                let args = call.args.to_vec();
                Some((
                    db,
                    if !call.complete && args.is_empty() {
                        Takes::Tokens
                    } else if file(db) {
                        Takes::File(args)
                    } else {
                        Takes::Sql(args)
                    },
                ))
            }
            Expr::Call { callee, args } => {
                let path = match super::cx::callee(view.target(expr)) {
                    Callee::External(path) => path.to_owned(),
                    Callee::Open => {
                        let Expr::Path(path) = view.expr(*callee) else { return None };
                        path_names(path)
                    }
                    Callee::Own => return None,
                };
                let db = all.into_iter().find(|db| {
                    names_path(&db.crates, &db.sql_functions, &path)
                        || (db
                            .sql_functions
                            .iter()
                            .any(|name| name.contains("::") && super::catalog::ends_with(&path, name))
                            && self.cx.depends_on(view.def, &db.crates))
                })?;
                Some((db, Takes::Sql(args.to_vec())))
            }
            Expr::MethodCall { name, args, .. } => {
                let by_crate = match super::cx::callee(view.target(expr)) {
                    Callee::External(path) => Some(krate_of(path)),
                    Callee::Open => None,
                    Callee::Own => return None,
                };
                for db in all {
                    let is = |list: &[String]| list.iter().any(|known| name == &**known);
                    let known = match by_crate {
                        Some(krate) => db.crates.iter().any(|known| known == krate),
                        None => self.cx.depends_on(view.def, &db.crates),
                    };
                    if known && is(&db.sql_methods) {
                        return Some((db, Takes::Sql(args.to_vec())));
                    }
                    if known && is(&db.fragment_methods) {
                        return Some((db, Takes::Fragment(args[0])));
                    }
                }
                None
            }
            _ => None,
        }
    }

    fn database_call(
        &self,
        view: &BodyView,
        expr: ExprId,
        _db: &Database,
        takes: Takes,
        site: &mut Site,
        used: &mut Vec<ExprId>,
    ) {
        let is_method = matches!(view.expr(expr), Expr::MethodCall { .. });
        let start = self.cx.expr_start(view.body, expr);
        match takes {
            Takes::Sql(args) => {
                for &arg in &args {
                    let Some(mut text) = strings::text_of(self.cx, view, arg) else { continue };
                    if let Some(rest) = site.built.iter().find(|(made, _)| *made == expr) {
                        text.values.iter_mut().for_each(|value| value.push_str(&rest.1));
                    }
                    if !text.values.iter().any(|value| sql::looks_like_sql(value, false)) {
                        continue;
                    }
                    used.extend(&text.used);
                    let text = if is_method { text } else { self.prepared(text) };
                    self.add_text(&text, expr, start, site);
                    return;
                }
                // `SELECT 1`, `PRAGMA …`, `BEGIN`: known, and without a table.
                let constant = args.iter().find_map(|&arg| strings::text_of(self.cx, view, arg));
                if constant.is_some_and(|text| text.values.iter().all(|value| !value.contains(HOLE))) {
                    return;
                }
                // A method of that name may have nothing to do with SQL (`query.execute(pool)`), and a
                // statement may have come in as argument.
                let first = args.first().copied();
                let is_text =
                    first.is_some_and(|arg| self.is_run_time_text(view, arg)) || runs_text(view, expr);
                if (!is_method || is_text) && !self.is_statement_elsewhere(view, &args, used) {
                    self.unknown(view, expr, "built-at-run-time", site);
                }
            }
            Takes::File(args) => {
                let paths: Vec<Text> =
                    args.iter().filter_map(|&arg| strings::text_of(self.cx, view, arg)).collect();
                let file = paths.iter().find_map(|path| {
                    let path = path.exact()?;
                    strings::included(self.cx.workspace, self.cx.def(view.def).file, path)
                });
                match file {
                    Some(file) => {
                        let text = self.cx.workspace.sources.files[file].text.to_string();
                        self.add_text(&Text { values: vec![text], used: Vec::new() }, expr, start, site);
                    }
                    None => self.unknown(view, expr, "missing-file", site),
                }
            }
            Takes::Tokens => {
                let Expr::Macro(call) = view.expr(expr) else { return };
                if let Some(text) = first_literal(self.cx.text(view.def, call.tokens)) {
                    self.add_text(&Text { values: vec![text], used: Vec::new() }, expr, start, site);
                }
            }
            Takes::Pieces(text) => {
                let range = view.body.ranges[expr];
                used.extend(view.body.exprs.ids().filter(|&part| range.contains(view.body.ranges[part])));
                self.add_text(&Text { values: vec![text], used: Vec::new() }, expr, start, site);
            }
            Takes::Fragment(arg) => {
                let Some(text) = strings::text_of(self.cx, view, arg) else { return };
                used.extend(&text.used);
                if let Builder::Made(made) = self.builder(view, expr)
                    && site.built.iter().any(|(known, _)| *known == made)
                {
                    return;
                }
                let mut parts: Vec<Access> =
                    text.values.iter().flat_map(|value| sql::fragment(value)).collect();
                parts.dedup();
                if parts.is_empty() {
                    return;
                }
                match self.builder(view, expr) {
                    Builder::Made(made) => {
                        let start = self.cx.expr_start(view.body, made);
                        for access in parts {
                            site.add(self.cx, access, start, made, view.body, Certainty::Likely, true);
                        }
                    }
                    Builder::Parameter(at) => {
                        site.facts.passed_in.extend(parts.into_iter().map(|access| (site.def, at, access)));
                    }
                    Builder::Other => {
                        for access in parts {
                            site.add(self.cx, access, start, expr, view.body, Certainty::Likely, true);
                        }
                    }
                }
            }
        }
    }

    fn unknown(&self, view: &BodyView, expr: ExprId, reason: &str, site: &mut Site) {
        let place = self.cx.place_at(site.def, self.cx.expr_start(view.body, expr));
        let unknown = UnknownSql { function: site.function, site: place, reason: reason.to_owned() };
        if self.has_offline && matches!(view.expr(expr), Expr::Macro(_)) {
            site.facts.prepared.push((unknown.clone(), site.def));
        }
        site.facts.unknown.push(unknown);
    }

    /// Whether an argument is text that was put together, not a value that holds a statement already.
    fn is_run_time_text(&self, view: &BodyView, arg: ExprId) -> bool {
        match view.expr(arg) {
            Expr::Macro(call) => call.path.last().is_some_and(|name| name == "format" || name == "concat"),
            Expr::Ref { expr, .. } => match view.expr(*expr) {
                Expr::Path(path) => path.as_name().is_some_and(|name| {
                    matches!(strings::last_let(view.body, name, arg).map(|init| view.expr(init)), Some(Expr::Macro(call)) if call.path.last().is_some_and(|name| name == "format"))
                }),
                Expr::Macro(_) => self.is_run_time_text(view, *expr),
                _ => false,
            },
            _ => false,
        }
    }

    /// `transaction.execute(sqlx::query(…))`: the argument's own call has been read.
    fn is_statement_elsewhere(&self, view: &BodyView, args: &[ExprId], used: &[ExprId]) -> bool {
        args.iter().any(|&arg| {
            used.contains(&arg) || self.takes(view, arg).is_some() || fragments::is_built_query(view, arg)
        })
    }

    /// A text outside any known call: only where it can be nothing but SQL.
    fn loose_text(&self, view: &BodyView, expr: ExprId, site: &mut Site, used: &mut Vec<ExprId>) {
        let Some(text) = strings::text_of(self.cx, view, expr) else { return };
        if text.used.iter().any(|part| *part != expr && used.contains(part)) {
            return;
        }
        if !text.values.iter().any(|value| sql::looks_like_sql(value, true)) || is_message(view.body, expr) {
            return;
        }
        used.extend(&text.used);
        self.add_text(&text, expr, view.body.ranges[expr].start, site);
    }

    fn add_text(&self, text: &Text, expr: ExprId, start: u32, site: &mut Site) {
        let place = self.cx.place_at(site.def, start);
        for value in &text.values {
            // What tests make up is no table of the application.
            if declares(value) && !self.cx.def(site.def).is_test {
                site.facts.schema.extend(sql::read_schema(value).into_iter().map(|change| (place, change)));
            }
            let statement = self.statement(value);
            let certainty = if statement.exact { Certainty::Certain } else { Certainty::Likely };
            if !statement.exact && !value.contains(HOLE) && !self.cx.def(site.def).is_test {
                site.facts.scanned.push(place);
            }
            let n_tables = statement
                .accesses
                .iter()
                .map(|(table, _)| table)
                .collect::<std::collections::BTreeSet<_>>()
                .len();
            if statement.accesses.is_empty() && value.contains(HOLE) {
                let reason = "built-at-run-time".to_owned();
                site.facts.unknown.push(UnknownSql { function: site.function, site: place, reason });
            }
            let Some(body) = self.cx.body(site.def) else { continue };
            for access in statement.accesses {
                site.add(self.cx, access, start, expr, body, certainty, n_tables > 1);
            }
        }
    }
}

/// Where accesses of one body go.
struct Site<'f> {
    function: FunctionId,
    def: DefId,
    loops: &'f [crate::base::TextRange],
    /// What is appended to statements under construction, by the calls that make these.
    built: &'f [(ExprId, String)],
    facts: &'f mut TableFacts,
}

impl Site<'_> {
    #[expect(clippy::too_many_arguments, reason = "all of them are the access")]
    fn add(
        &mut self,
        cx: &Cx,
        (table, op): Access,
        start: u32,
        expr: ExprId,
        body: &Body,
        certainty: Certainty,
        joined: bool,
    ) {
        let range = body.ranges[expr];
        let in_loop = self.loops.iter().any(|around| around.contains(range));
        let site = cx.place_at(self.def, start);
        self.facts.accesses.push(Found {
            function: self.function,
            site,
            table,
            op,
            certainty,
            in_loop,
            joined,
        });
    }
}

/// Methods of those names take nothing but a text.
fn runs_text(view: &BodyView, call: ExprId) -> bool {
    const ONLY_TEXT: &[&str] = &["batch_execute", "execute_batch", "execute_unprepared", "simple_query"];
    matches!(view.expr(call), Expr::MethodCall { name, .. } if ONLY_TEXT.contains(&name.as_str()))
}

fn declares(text: &str) -> bool {
    let head = text.trim_start().get(..6).unwrap_or("");
    ["create", "alter ", "drop t", "drop v"].iter().any(|word| head.eq_ignore_ascii_case(word))
}

/// Whether a text is an argument of something that prints or reports.
fn is_message(body: &Body, text: ExprId) -> bool {
    const MACROS: &[&str] = &[
        "println",
        "eprintln",
        "print",
        "eprint",
        "info",
        "warn",
        "error",
        "debug",
        "trace",
        "log",
        "panic",
        "bail",
        "anyhow",
        "ensure",
        "assert",
        "assert_eq",
        "assert_ne",
        "debug_assert",
        "unreachable",
        "todo",
        "unimplemented",
        "expect",
        "info_span",
        "debug_span",
        "span",
        "event",
        "instrument",
    ];
    let range = body.ranges[text];
    body.exprs.iter_enumerated().any(|(id, expr)| match expr {
        Expr::Macro(call) => is_message_macro(call, MACROS) && body.ranges[id].contains(range),
        Expr::MethodCall { name, args, .. } => {
            matches!(name.as_str(), "expect" | "context" | "wrap_err" | "about" | "help" | "long_about")
                && args.contains(&text)
        }
        _ => false,
    })
}

fn is_message_macro(call: &MacroCall, macros: &[&str]) -> bool {
    call.path.last().is_some_and(|name| macros.contains(&name.as_str()))
}

#[cfg(test)]
mod tests;
