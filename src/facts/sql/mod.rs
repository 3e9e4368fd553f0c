//! Tables and operations of SQL texts.
//!
//! A statement is parsed with `sqlparser` in the dialect that takes it; what no dialect takes is
//! scanned word by word, and the answer says so. Schemas are read word by word always, because
//! migrations hold much that no parser takes (functions, grants, dumps).

mod blocks;
mod ddl;
mod lex;
mod scan;
mod schema;
mod statement;

pub(super) use ddl::read_schema;
pub(super) use schema::{Change, ColumnDecl, KeyDecl, Schema, SchemaChange, mark_primary};
pub(super) use statement::{Statement, analyze, fragment};

use crate::model::TableOp;

/// A table as a statement names it, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct TableName {
    /// The bare name.
    pub name: String,
    /// The schema, where one is written.
    pub schema: Option<String>,
}

impl TableName {
    /// From the parts of a dotted name; a catalog before the schema is dropped.
    fn new<'a>(parts: impl DoubleEndedIterator<Item = &'a str>) -> Option<Self> {
        let mut parts = parts.rev();
        let name = parts.next()?.trim().to_lowercase();
        // The schemas that a bare name means.
        let schema = parts
            .next()
            .map(str::to_lowercase)
            .filter(|schema| !matches!(schema.as_str(), "public" | "main" | "dbo"));
        // `"{table}"` is a hole of a text that is filled in elsewhere.
        (!name.is_empty() && !name.contains(['{', '}'])).then_some(Self { name, schema })
    }
    /// Whether it belongs to the database system, not to the application.
    pub(super) fn is_system(&self) -> bool {
        let schema = self.schema.as_deref().unwrap_or("");
        matches!(schema, "information_schema" | "pg_catalog" | "sys" | "mysql" | "performance_schema")
            || matches!(self.name.as_str(), "dual" | "excluded")
            || self.is_bookkeeping()
            || (schema.is_empty() && self.name.starts_with("pg_"))
    }
    /// Whether it is where a tool, or SQLite, keeps what it did; dumps of schemas declare these too.
    pub(super) fn is_bookkeeping(&self) -> bool {
        matches!(
            self.name.as_str(),
            "_sqlx_migrations"
                | "__diesel_schema_migrations"
                | "seaql_migrations"
                | "refinery_schema_history"
                | "schema_migrations"
                | "_prisma_migrations"
                | "flyway_schema_history"
                | "goose_db_version"
                | "alembic_version"
                | "ar_internal_metadata"
                | "kysely_migration"
                | "kysely_migration_lock"
                | "__drizzle_migrations"
                | "knex_migrations"
                | "knex_migrations_lock"
        ) || self.name.starts_with("sqlite_")
    }
}

/// A table and what is done to it.
pub(super) type Access = (TableName, TableOp);

/// Stands in a text for a part that is known at run time only.
pub(super) const HOLE: &str = "splitter_hole_";

/// Whether a text starts like a statement that reads or writes tables, or declares them. `strict`
/// wants what prose does not have: keywords in capitals, or marks that only SQL has.
pub(super) fn looks_like_sql(text: &str, strict: bool) -> bool {
    let head = skip_comments(text);
    let end = head.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(head.len());
    let word = &head[..end];
    if !(4..=8).contains(&word.len())
        || !head[end..].starts_with(|c: char| c.is_whitespace() || c == '(' || c == '"')
    {
        return false;
    }
    let upper = word.to_ascii_uppercase();
    let wanted: &[&str] = match upper.as_str() {
        "SELECT" => &["FROM"],
        "INSERT" | "REPLACE" | "MERGE" => &["INTO"],
        "UPDATE" => &["SET"],
        "DELETE" => &["FROM"],
        "WITH" => &["AS"],
        "TRUNCATE" => &[""],
        "CREATE" | "ALTER" | "DROP" => &["TABLE", "VIEW", "TRIGGER"],
        _ => return false,
    };
    let rest = &head[end..];
    let found = wanted.iter().any(|want| want.is_empty() || has_word(rest, want));
    if !found {
        return false;
    }
    !strict
        || word == upper
        || (word.bytes().all(|byte| byte.is_ascii_lowercase())
            && rest.contains(['=', '*', '$', '?', '(', ',']))
}

/// Case-insensitive search for a whole word.
fn has_word(text: &str, word: &str) -> bool {
    let bytes = text.as_bytes();
    let n = word.len();
    (0..bytes.len().saturating_sub(n - 1)).any(|at| {
        bytes[at..at + n].eq_ignore_ascii_case(word.as_bytes())
            && (at == 0 || !is_word_byte(bytes[at - 1]))
            && bytes.get(at + n).is_none_or(|&byte| !is_word_byte(byte))
    })
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn skip_comments(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
        if text.starts_with("--") {
            text = text.split_once('\n').map_or("", |(_, rest)| rest);
        } else if text.starts_with("/*") {
            text = text.split_once("*/").map_or("", |(_, rest)| rest);
        } else {
            return text;
        }
    }
}

#[cfg(test)]
mod tests;
