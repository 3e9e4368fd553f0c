//! Tables with who touches them, and transactions.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::Id;

use super::{Csv, Document, Lines};
use crate::report::names::{FunctionRef, Names, PlaceRef};

pub(super) const SCHEMA: &str = "splitter-tables/1";
pub(super) const TRANSACTIONS_SCHEMA: &str = "splitter-transactions/1";

/// `splitter export tables`.
#[derive(Serialize, JsonSchema)]
pub(super) struct Tables<'a> {
    /// `splitter-tables/1`.
    schema: &'static str,
    /// Sorted by name.
    tables: Vec<TableRow<'a>>,
}

/// A table or view.
#[derive(Serialize, JsonSchema)]
struct TableRow<'a> {
    /// Bare name; schema-qualified where two schemas share it.
    name: &'a str,
    /// `table` or `view`.
    kind: &'static str,
    /// The service that owns it.
    service: Option<&'a str>,
    /// Where it is declared; null where only queries name it.
    declared_at: Option<PlaceRef<'a>>,
    /// In declaration order; empty where unknown.
    columns: Vec<ColumnRow<'a>>,
    foreign_keys: Vec<ForeignKeyRow<'a>>,
    /// Sorted by function, site, op.
    access: Vec<AccessRow<'a>>,
}

/// A column.
#[derive(Serialize, JsonSchema)]
struct ColumnRow<'a> {
    name: &'a str,
    /// SQL type as written.
    #[serde(rename = "type")]
    ty: &'a str,
    primary_key: bool,
    nullable: bool,
}

/// A foreign key.
#[derive(Serialize, JsonSchema)]
struct ForeignKeyRow<'a> {
    columns: Vec<&'a str>,
    /// The table that is referred to.
    table: &'a str,
    /// `cascade` and the like; empty for none.
    on_delete: &'a str,
}

/// An access.
#[derive(Serialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
struct AccessRow<'a> {
    /// Path of the function whose body holds the statement.
    function: &'a str,
    /// File of the function.
    file: &'a str,
    /// Line of the function.
    line: u32,
    /// Place of the statement.
    site: PlaceRef<'a>,
    /// `read`, `insert`, `update`, `delete`.
    op: &'static str,
    /// `certain` or `likely`.
    certainty: &'static str,
}

impl<'a> Tables<'a> {
    pub fn new(names: &Names<'a>) -> Self {
        let model = names.model;
        let mut access: Vec<Vec<AccessRow<'a>>> = Vec::new();
        access.resize_with(model.tables.len(), Vec::new);
        for found in model.accesses.iter().filter(|found| names.shows(found.function)) {
            let FunctionRef { path, file, line, .. } = names.function(found.function);
            access[found.table.idx()].push(AccessRow {
                function: path,
                file,
                line,
                site: names.place(found.site),
                op: found.op.as_str(),
                certainty: found.certainty.as_str(),
            });
        }
        let mut tables: Vec<_> = (model.tables.iter_enumerated().zip(access))
            .map(|((id, table), mut access)| {
                access.sort_unstable();
                access.dedup();
                TableRow {
                    name: &table.name,
                    kind: if table.view { "view" } else { "table" },
                    service: names.home(names.homes.tables[id]),
                    declared_at: table.declared_at.map(|place| names.place(place)),
                    columns: (table.columns.iter())
                        .map(|column| ColumnRow {
                            name: &column.name,
                            ty: &column.ty,
                            primary_key: column.primary_key,
                            nullable: column.nullable,
                        })
                        .collect(),
                    foreign_keys: (table.foreign_keys.iter())
                        .map(|key| ForeignKeyRow {
                            columns: key.columns.iter().map(String::as_str).collect(),
                            table: &model.tables[key.table].name,
                            on_delete: &key.on_delete,
                        })
                        .collect(),
                    access,
                }
            })
            .collect();
        tables.sort_by_key(|table| table.name);
        Self { schema: SCHEMA, tables }
    }
}

impl Document for Tables<'_> {
    fn jsonl(&self, out: &mut Lines) -> serde_json::Result<()> {
        out.all(&self.tables)
    }
    fn csv(&self, out: &mut Csv) {
        out.row(["table", "service", "function", "op", "file", "line"]);
        for table in &self.tables {
            let service = table.service.unwrap_or("");
            if table.access.is_empty() {
                out.row([table.name, service, "", "", "", ""]);
            }
            for row in &table.access {
                let line = row.site.line.to_string();
                out.row([table.name, service, row.function, row.op, row.site.file, &line]);
            }
        }
    }
}

/// `splitter export transactions`.
#[derive(Serialize, JsonSchema)]
pub(super) struct Transactions<'a> {
    /// `splitter-transactions/1`.
    schema: &'static str,
    /// Sorted by place.
    transactions: Vec<TransactionRow<'a>>,
}

/// A transaction.
#[derive(Serialize, JsonSchema)]
struct TransactionRow<'a> {
    opened_by: FunctionRef<'a>,
    site: PlaceRef<'a>,
    /// Paths of the functions that run inside, the opener included.
    functions: Vec<&'a str>,
    /// Names of the tables touched inside.
    tables: Vec<&'a str>,
    /// Names of the tables written inside.
    writes: Vec<&'a str>,
    /// Services that own the written tables.
    services: Vec<&'a str>,
    /// Calls inside that use the pool: they are not rolled back.
    escapes: Vec<PlaceRef<'a>>,
}

impl<'a> Transactions<'a> {
    pub fn new(names: &Names<'a>) -> Self {
        let model = names.model;
        let sorted = |mut list: Vec<&'a str>| {
            list.sort_unstable();
            list.dedup();
            list
        };
        let mut transactions: Vec<_> = (model.transactions.iter())
            .filter(|transaction| names.shows(transaction.opened_by))
            .map(|transaction| {
                let written = || transaction.tables.iter().filter(|(_, op)| op.is_write());
                TransactionRow {
                    opened_by: names.function(transaction.opened_by),
                    site: names.place(transaction.site),
                    functions: names.paths(&transaction.functions),
                    tables: sorted(
                        transaction.tables.iter().map(|&(id, _)| &*model.tables[id].name).collect(),
                    ),
                    writes: sorted(written().map(|&(id, _)| &*model.tables[id].name).collect()),
                    services: sorted(
                        written().filter_map(|&(id, _)| names.home(names.homes.tables[id])).collect(),
                    ),
                    escapes: transaction.escapes.iter().map(|&place| names.place(place)).collect(),
                }
            })
            .collect();
        transactions.sort_by_key(|row| (row.site, row.opened_by));
        Self { schema: TRANSACTIONS_SCHEMA, transactions }
    }
}

impl Document for Transactions<'_> {
    fn jsonl(&self, out: &mut Lines) -> serde_json::Result<()> {
        out.all(&self.transactions)
    }
    fn csv(&self, out: &mut Csv) {
        out.row(["opened_by", "file", "line", "functions", "tables", "writes", "services"]);
        for row in &self.transactions {
            out.row([
                row.opened_by.path,
                row.site.file,
                &row.site.line.to_string(),
                &row.functions.join(" "),
                &row.tables.join(" "),
                &row.writes.join(" "),
                &row.services.join(" "),
            ]);
        }
    }
}
