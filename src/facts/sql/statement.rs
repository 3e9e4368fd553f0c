//! What statements do to tables, by `sqlparser` where it takes them.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Cte, FromTable, Insert, ObjectName, OnConflictAction, OnInsert, Query, SqliteOnConflict,
    Statement as Ast, TableFactor, TableObject, TableWithJoins, Update, UpdateTableFromKind, Visit, Visitor,
};
use sqlparser::dialect::{Dialect, GenericDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

use crate::base::arena::Arena;
use crate::model::TableOp;

use super::lex::lex;
use super::scan::scan;
use super::{Access, HOLE, TableName};

/// A text's tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::facts) struct Statement {
    /// Tables and what is done to them, sorted.
    pub accesses: Vec<Access>,
    /// Whether a parser took the text; else it was scanned.
    pub exact: bool,
}

/// Above this, a text is scanned: generated statements of this size are lists of values.
const MAX_PARSED: usize = 64 * 1024;

/// Reads the statements of `sql`.
pub(in crate::facts) fn analyze(sql: &str) -> Statement {
    let arena = Arena::open();
    let parsed = if sql.len() <= MAX_PARSED { parse(sql) } else { None };
    arena.pause();
    if let Some(statements) = parsed {
        let mut reader = Reader::default();
        let _ = statements.visit(&mut reader);
        reader.found.sort();
        reader.found.dedup();
        return Statement { accesses: reader.found, exact: !sql.contains(HOLE) };
    }
    Statement { accesses: scan(&lex(sql)), exact: false }
}

/// Tables of a text that is a part of a statement: ` JOIN items ON …`.
pub(in crate::facts) fn fragment(sql: &str) -> Vec<Access> {
    scan(&lex(sql))
}

fn parse(sql: &str) -> Option<Vec<Ast>> {
    let postgres: &dyn Dialect = &PostgreSqlDialect {};
    let generic: &dyn Dialect = &GenericDialect {};
    let mysql: &dyn Dialect = &MySqlDialect {};
    let sqlite: &dyn Dialect = &SQLiteDialect {};
    let order = if sql.contains('`') {
        [mysql, sqlite, generic, postgres]
    } else if sql.contains('$') || sql.contains("::") {
        [postgres, generic, sqlite, mysql]
    } else {
        [sqlite, postgres, mysql, generic]
    };
    order.into_iter().find_map(|dialect| {
        Parser::new(dialect).with_recursion_limit(200).try_with_sql(sql).ok()?.parse_statements().ok()
    })
}

#[derive(Default)]
struct Reader {
    found: Vec<Access>,
    /// Names bound by the `WITH`s around.
    ctes: Vec<Vec<String>>,
    /// Addresses of the table factors that are targets of a write, or that name no table.
    done: Vec<usize>,
}

impl Reader {
    fn add(&mut self, name: &ObjectName, op: TableOp) {
        let parts: Option<Vec<&str>> =
            name.0.iter().map(|part| part.as_ident().map(|ident| ident.value.as_str())).collect();
        if let Some(table) = parts.and_then(|parts| TableName::new(parts.into_iter())) {
            self.add_table(table, op);
        }
    }

    fn add_table(&mut self, table: TableName, op: TableOp) {
        let is_cte = table.schema.is_none() && self.ctes.iter().flatten().any(|cte| *cte == table.name);
        if !is_cte && !table.is_system() && !table.name.contains(HOLE) {
            self.found.push((table, op));
        }
    }

    /// The target of a write; where it is an alias, the table that the alias means.
    fn target(&mut self, factor: &TableFactor, from: &[&TableWithJoins], op: TableOp) {
        let TableFactor::Table { name, args: None, .. } = factor else { return };
        self.done.push(std::ptr::from_ref(factor).addr());
        let aliased = factors(from).find_map(|factor| match factor {
            TableFactor::Table { name: real, alias: Some(alias), .. }
                if name.0.len() == 1 && name.to_string().eq_ignore_ascii_case(&alias.name.value) =>
            {
                Some(real)
            }
            _ => None,
        });
        self.add(aliased.unwrap_or(name), op);
    }

    fn insert(&mut self, insert: &Insert) {
        let TableObject::TableName(name) = &insert.table else { return };
        self.add(name, TableOp::Insert);
        let updates = match &insert.on {
            Some(OnInsert::DuplicateKeyUpdate(_)) => true,
            Some(OnInsert::OnConflict(on)) => matches!(on.action, OnConflictAction::DoUpdate(_)),
            _ => false,
        };
        if updates || insert.replace_into || matches!(insert.or, Some(SqliteOnConflict::Replace)) {
            self.add(name, TableOp::Update);
        }
    }

    fn update(&mut self, update: &Update) {
        let from: Vec<&TableWithJoins> = match &update.from {
            Some(UpdateTableFromKind::BeforeSet(from) | UpdateTableFromKind::AfterSet(from)) => {
                from.iter().collect()
            }
            None => Vec::new(),
        };
        self.target(&update.table.relation, &from, TableOp::Update);
    }
}

fn factors<'a>(tables: &[&'a TableWithJoins]) -> impl Iterator<Item = &'a TableFactor> {
    tables.iter().flat_map(|table| {
        std::iter::once(&table.relation).chain(table.joins.iter().map(|join| &join.relation))
    })
}

impl Visitor for Reader {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let ctes: &[Cte] = query.with.as_ref().map_or(&[], |with| &with.cte_tables);
        self.ctes.push(ctes.iter().map(|cte| cte.alias.name.value.to_lowercase()).collect());
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.ctes.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_statement(&mut self, statement: &Ast) -> ControlFlow<()> {
        match statement {
            Ast::Insert(insert) => self.insert(insert),
            Ast::Update(update) => self.update(update),
            Ast::Delete(delete) => {
                let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
                let all: Vec<&TableWithJoins> = from.iter().chain(delete.using.iter().flatten()).collect();
                if delete.tables.is_empty() {
                    for table in from {
                        self.target(&table.relation, &all, TableOp::Delete);
                    }
                } else {
                    // MySQL: `DELETE t FROM orders t JOIN …`.
                    for name in &delete.tables {
                        let factor = factors(&all).find(|factor| match factor {
                            TableFactor::Table { name: real, alias, .. } => {
                                real == name
                                    || alias.as_ref().is_some_and(|alias| {
                                        alias.name.value.eq_ignore_ascii_case(&name.to_string())
                                    })
                            }
                            _ => false,
                        });
                        if let Some(factor) = factor {
                            self.target(factor, &[], TableOp::Delete);
                        }
                    }
                }
            }
            Ast::Merge(merge) => {
                self.target(&merge.table, &[], TableOp::Insert);
                self.target(&merge.table, &[], TableOp::Update);
            }
            Ast::Truncate(truncate) => {
                for table in &truncate.table_names {
                    self.add(&table.name, TableOp::Delete);
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table { name, args: None, .. } = factor
            && !self.done.contains(&std::ptr::from_ref(factor).addr())
        {
            self.add(name, TableOp::Read);
        }
        ControlFlow::Continue(())
    }
}
