//! The tables of the model: what is declared, and what only statements name.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Code, Diagnostic, IndexVec, Place, Severity};
use crate::model::{Certainty, Column, ForeignKey, FunctionId, Table, TableAccess, TableId};

use super::sql::{Access, Change, ColumnDecl, KeyDecl, Schema, SchemaChange, TableName};
use super::tables::Found;

/// The tables and who touches them.
#[derive(Default)]
pub(super) struct Tables {
    pub tables: IndexVec<TableId, Table>,
    pub accesses: Vec<TableAccess>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Puts together what migrations declare, what the code declares, and what statements name.
pub(super) fn assemble(
    migrations: Vec<Vec<(Place, SchemaChange)>>,
    declared: Vec<(Place, SchemaChange)>,
    typed: Vec<(Place, SchemaChange)>,
    mut accesses: Vec<Found>,
    is_test: impl Fn(FunctionId) -> bool,
    is_code: impl Fn(Place) -> bool,
) -> Tables {
    // What a migration takes away does not come back because the code holds the text of an earlier one.
    let gone: BTreeSet<String> = migrations
        .iter()
        .flatten()
        .filter_map(|(_, change)| match &change.what {
            Change::Drop { table, .. } | Change::Rename { from: table, .. } => Some(table.name.clone()),
            _ => None,
        })
        .collect();
    let mut schema: Schema<Place> = Schema::of_histories(migrations);
    schema.tables.retain(|table, _| !table.is_bookkeeping());
    let mut diagnostics = Vec::new();
    let migrated = !schema.tables.is_empty();
    for (what, place) in std::mem::take(&mut schema.broken) {
        let spot =
            Diagnostic::note(Code::new("sql-not-understood"), Some(place), format!("cannot read {what}"));
        diagnostics.push(spot.with_severity(Severity::Low).with_help("the rest of the file was read"));
    }
    for (table, place) in std::mem::take(&mut schema.twice) {
        let message = format!("table {} is declared again without having been dropped", table.name);
        diagnostics.push(Diagnostic::note(Code::new("table-declared-twice"), Some(place), message));
    }
    let temporary: BTreeSet<String> = declared
        .iter()
        .filter_map(|(_, change)| match &change.what {
            Change::Temporary { table } => Some(table.name.clone()),
            _ => None,
        })
        .collect();
    let mut described: BTreeSet<TableName> = BTreeSet::new();
    // Declarations in code describe the same tables once more, and may add some; they take none away.
    let declared = declared.into_iter().map(|(place, change)| (place, change, false));
    for (place, change, is_type) in
        declared.chain(typed.into_iter().map(|(place, change)| (place, change, true)))
    {
        if matches!(change.what, Change::Create { .. } | Change::View { .. } | Change::AddKey { .. }) {
            let known = match &change.what {
                Change::Create { table, .. } => schema.tables.keys().any(|other| other.name == table.name),
                Change::View { view, .. } => schema.tables.keys().any(|other| other.name == view.name),
                _ => false,
            };
            if let (Change::Create { table, .. }, false, false) = (&change.what, known, is_type)
                && gone.contains(&table.name)
            {
                continue;
            }
            let system = match &change.what {
                Change::Create { table, .. } | Change::View { view: table, .. } => table.is_system(),
                _ => false,
            };
            if let (Change::Create { table, columns, .. }, true) = (&change.what, migrated && !system) {
                diagnostics.extend(contradiction(&schema, table, columns, place));
            }
            // Where migrations are code as well, the declaration says more: it is the type of the rows.
            if let Change::Create { table, columns, .. } = &change.what {
                let same = schema
                    .tables
                    .iter_mut()
                    .find(|(other, decl)| other.name == table.name && is_code(decl.place));
                if let Some((_, decl)) = same.filter(|(name, _)| described.insert((*name).clone())) {
                    decl.place = place;
                    let made = std::mem::replace(&mut decl.columns, columns.clone());
                    let more =
                        made.into_iter().filter(|made| columns.iter().all(|own| own.name != made.name));
                    decl.columns.extend(more);
                }
            }
            // A key that the database has and the code relies on says more than one; one that is written in
            // two places of the code does not.
            let again = match &change.what {
                Change::AddKey { table, key } => {
                    let same = |known: &&mut KeyDecl| {
                        known.columns == key.columns && known.table.name == key.table.name
                    };
                    let of = schema.tables.iter_mut().filter(|(other, _)| other.name == table.name);
                    let known = of.filter_map(|(_, decl)| {
                        let in_code = is_code(decl.place);
                        decl.keys.iter_mut().find(same).map(|known| known.mapped |= !in_code)
                    });
                    known.count() > 0
                }
                _ => false,
            };
            if !known && !system && !again {
                schema.apply(change.what, place);
            }
        }
    }
    // What only tests make up, and what one connection keeps for itself, is no table of the application.
    accesses.retain(|access| {
        !is_test(access.function) && !temporary.contains(&access.table.name)
            || schema.tables.keys().any(|table| table.name == access.table.name)
    });
    let names = Names::new(&schema, &accesses);
    let mut tables: BTreeMap<String, Declared> = BTreeMap::new();
    for (name, decl) in schema.tables {
        tables.insert(
            names.of(&name),
            Declared {
                place: Some(decl.place),
                view: decl.view,
                columns: decl.columns,
                keys: decl.keys,
                derived: decl.derived,
            },
        );
    }
    for name in names.mentioned(&accesses, &tables, &mut diagnostics) {
        tables.entry(name).or_default();
    }
    let ids: BTreeMap<String, TableId> =
        tables.keys().enumerate().map(|(n, name)| (name.clone(), crate::base::Id::from_usize(n))).collect();
    let id = |name: &TableName| ids.get(&names.of(name)).copied();
    let mut found = Tables { diagnostics, ..Tables::default() };
    for (name, decl) in &tables {
        let keys = decl.keys.iter().filter_map(|key| {
            Some(ForeignKey {
                columns: key.columns.clone(),
                table: id(&key.table)?,
                on_delete: key.on_delete.clone(),
                mapped: key.mapped,
            })
        });
        let derived: BTreeSet<TableId> = decl.derived.iter().filter_map(|(table, _)| id(table)).collect();
        found.tables.push(Table {
            name: name.clone(),
            view: decl.view,
            declared_at: decl.place,
            columns: decl.columns.iter().map(column).collect(),
            foreign_keys: keys.collect(),
            derived_from: derived.into_iter().collect(),
        });
    }
    for access in accesses {
        let Some(table) = id(&access.table) else { continue };
        let Found { function, site, op, certainty, in_loop, joined, .. } = access;
        found.accesses.push(TableAccess { function, site, table, op, certainty, in_loop, joined });
    }
    found.accesses.sort_unstable();
    found.accesses.dedup();
    found
}

/// What a declaration in code has and the migrations do not make. A table that only code declares may be of
/// another database.
fn contradiction(
    schema: &Schema<Place>,
    table: &TableName,
    columns: &[ColumnDecl],
    place: Place,
) -> Option<Diagnostic> {
    let known =
        schema.tables.iter().find(|(known, decl)| known.name == table.name && !decl.columns.is_empty());
    let code = Code::new("schema-contradicts-migrations");
    let Some((_, known)) = known else {
        // A view, or a table whose columns were not read.
        let declared = schema.tables.keys().any(|known| known.name == table.name);
        let message = format!("{} is declared here, but no migration makes it", table.name);
        return (!declared).then(|| Diagnostic::note(code, Some(place), message));
    };
    let has = |name: &str| known.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    let more: Vec<&str> =
        columns.iter().map(|column| column.name.as_str()).filter(|name| !has(name)).collect();
    let message = format!("{} has columns here that no migration makes: {}", table.name, more.join(", "));
    (!more.is_empty()).then(|| Diagnostic::note(code, Some(place), message))
}

#[derive(Default)]
struct Declared {
    place: Option<Place>,
    view: bool,
    columns: Vec<ColumnDecl>,
    keys: Vec<KeyDecl>,
    derived: Vec<Access>,
}

fn column(decl: &ColumnDecl) -> Column {
    Column {
        name: decl.name.clone(),
        ty: decl.ty.clone(),
        primary_key: decl.primary_key,
        nullable: decl.nullable,
    }
}

/// How tables are called: by the bare name, with the schema where two schemas share it.
struct Names {
    shared: BTreeSet<String>,
}

impl Names {
    fn new(schema: &Schema<Place>, accesses: &[Found]) -> Self {
        let mut schemas: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let named = schema.tables.keys().chain(accesses.iter().map(|access| &access.table));
        for table in named {
            if let Some(schema) = &table.schema {
                schemas.entry(&table.name).or_default().insert(schema);
            }
        }
        // A bare name beside one schema is the same table, unless both are declared.
        let of_schemas: BTreeSet<&str> = schema
            .tables
            .keys()
            .filter(|table| table.schema.is_some())
            .map(|table| table.name.as_str())
            .collect();
        for table in schema.tables.keys().filter(|table| table.schema.is_none()) {
            if of_schemas.contains(table.name.as_str()) {
                schemas.entry(&table.name).or_default().insert("");
            }
        }
        Self {
            shared: schemas
                .into_iter()
                .filter(|(_, schemas)| schemas.len() > 1)
                .map(|(name, _)| name.to_owned())
                .collect(),
        }
    }
    fn of(&self, table: &TableName) -> String {
        match &table.schema {
            Some(schema) if self.shared.contains(&table.name) => format!("{schema}.{}", table.name),
            _ => table.name.clone(),
        }
    }
    /// Names that statements use and nothing declares. Where there is a schema, a name that was only
    /// guessed, or that is only read, is an old table, a sequence or a slip of ours.
    fn mentioned(
        &self,
        accesses: &[Found],
        declared: &BTreeMap<String, Declared>,
        spots: &mut Vec<Diagnostic>,
    ) -> BTreeSet<String> {
        let has_schema = !declared.is_empty();
        let mut mentioned = BTreeSet::new();
        let mut doubtful: BTreeMap<String, Place> = BTreeMap::new();
        for access in accesses {
            let name = self.of(&access.table);
            if declared.contains_key(&name) {
                continue;
            }
            if !has_schema || (access.certainty == Certainty::Certain && access.op.is_write()) {
                mentioned.insert(name);
            } else {
                doubtful.entry(name).or_insert(access.site);
            }
        }
        for (name, site) in doubtful {
            if !mentioned.contains(&name) {
                let message =
                    format!("{name} is read here, but nothing declares or writes a table of that name");
                spots.push(Diagnostic::note(Code::new("undeclared-table"), Some(site), message));
            }
        }
        mentioned
    }
}

/// Severity of what hides tables.
pub(super) fn unknown_sql(place: Place, reason: &str) -> Diagnostic {
    let (code, message) = match reason {
        "missing-file" => ("missing-sql-file", "the file with the statement was not found"),
        _ => ("unknown-sql", "this statement is put together at run time; its tables are not known"),
    };
    Diagnostic::note(Code::new(code), Some(place), message)
        .with_severity(Severity::Low)
        .with_help("write the tables into splitter.toml, or make the statement a constant")
}

/// A statement whose tables were read word by word.
pub(super) fn scanned_sql(place: Place) -> Diagnostic {
    let message = "no dialect's parser takes this statement; its tables were read word by word";
    Diagnostic::note(Code::new("sql-scanned"), Some(place), message)
}
