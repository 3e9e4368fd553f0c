//! The schema that a row of changes leaves behind.

use std::collections::BTreeMap;

use super::{Access, TableName};

/// One change of the schema, with the byte offset of its statement.
#[derive(Clone, Debug)]
pub(in crate::facts) struct SchemaChange {
    pub at: u32,
    pub what: Change,
}

/// What changes.
#[derive(Clone, Debug)]
pub(in crate::facts) enum Change {
    Create {
        table: TableName,
        columns: Vec<ColumnDecl>,
        keys: Vec<KeyDecl>,
        unless_exists: bool,
    },
    View {
        view: TableName,
        reads: Vec<Access>,
    },
    /// A trigger on a table; what its body does, where it has one, else the function that it calls.
    Trigger {
        table: TableName,
        does: Vec<Access>,
        calls: Option<String>,
    },
    /// A function or procedure: what its body does.
    Routine {
        name: String,
        does: Vec<Access>,
    },
    AddColumn {
        table: TableName,
        column: ColumnDecl,
        keys: Vec<KeyDecl>,
    },
    AddKey {
        table: TableName,
        key: KeyDecl,
    },
    PrimaryKey {
        table: TableName,
        columns: Vec<String>,
    },
    DropColumn {
        table: TableName,
        column: String,
    },
    RenameColumn {
        table: TableName,
        from: String,
        to: String,
    },
    Rename {
        from: TableName,
        to: TableName,
    },
    Drop {
        table: TableName,
    },
    /// A table of one connection only.
    Temporary {
        table: TableName,
    },
    /// A declaration that was not understood to its end.
    Broken {
        what: String,
    },
}

impl Change {
    /// The table that has to be there already.
    fn needs(&self) -> Option<&TableName> {
        match self {
            Self::Trigger { table, .. }
            | Self::AddColumn { table, .. }
            | Self::AddKey { table, .. }
            | Self::PrimaryKey { table, .. }
            | Self::DropColumn { table, .. }
            | Self::RenameColumn { table, .. }
            | Self::Drop { table }
            | Self::Rename { from: table, .. } => Some(table),
            Self::Create { .. }
            | Self::Temporary { .. }
            | Self::View { .. }
            | Self::Routine { .. }
            | Self::Broken { .. } => None,
        }
    }
}

/// A column as declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::facts) struct ColumnDecl {
    pub name: String,
    pub ty: String,
    pub primary_key: bool,
    pub nullable: bool,
}

/// A foreign key as declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::facts) struct KeyDecl {
    pub columns: Vec<String>,
    pub table: TableName,
    pub on_delete: String,
    /// Whether the code's mapper declares it as well.
    pub mapped: bool,
}

/// A table or view after all changes so far.
#[derive(Clone, Debug)]
pub(in crate::facts) struct TableDecl<P> {
    pub place: P,
    pub view: bool,
    pub columns: Vec<ColumnDecl>,
    pub keys: Vec<KeyDecl>,
    /// What a view reads and what the table's triggers do.
    pub derived: Vec<Access>,
}

/// The schema that a row of migrations leaves behind. `P` is the place of a declaration.
#[derive(Clone, Debug)]
pub(in crate::facts) struct Schema<P> {
    pub tables: BTreeMap<TableName, TableDecl<P>>,
    routines: BTreeMap<String, Vec<Access>>,
    /// Tables that were declared again without being dropped before: the second place.
    pub twice: Vec<(TableName, P)>,
    /// Declarations that were not understood.
    pub broken: Vec<(String, P)>,
}

impl<P> Default for Schema<P> {
    fn default() -> Self {
        Self { tables: BTreeMap::new(), routines: BTreeMap::new(), twice: Vec::new(), broken: Vec::new() }
    }
}

impl<P: Clone> Schema<P> {
    /// The schema that several histories leave behind. Each is one of its own: those of two database systems
    /// declare the same tables. What changes a table that its history has not may mean another's.
    pub(in crate::facts) fn of_histories(
        histories: impl IntoIterator<Item = Vec<(P, SchemaChange)>>,
    ) -> Self {
        let mut all = Self::default();
        for history in histories {
            let mut own = Self::default();
            for (place, SchemaChange { what, .. }) in history {
                let elsewhere = what.needs().is_some_and(|table| own.find(table).is_none());
                if elsewhere { all.apply(what, place) } else { own.apply(what, place) }
            }
            for (name, decl) in own.tables {
                all.tables.entry(name).or_insert(decl);
            }
            for (name, does) in own.routines {
                all.routines.entry(name).or_insert(does);
            }
            all.twice.append(&mut own.twice);
            all.broken.append(&mut own.broken);
        }
        all
    }

    /// Applies one change; `place` is where its statement stands.
    pub(in crate::facts) fn apply(&mut self, change: Change, place: P) {
        match change {
            Change::Create { table, columns, keys, unless_exists } => {
                if self.tables.contains_key(&table) {
                    if !unless_exists {
                        self.twice.push((table, place));
                    }
                    return;
                }
                self.tables
                    .insert(table, TableDecl { place, view: false, columns, keys, derived: Vec::new() });
            }
            Change::View { view, reads } => {
                let decl =
                    TableDecl { place, view: true, columns: Vec::new(), keys: Vec::new(), derived: reads };
                self.tables.insert(view, decl);
            }
            Change::Routine { name, does } => {
                self.routines.insert(name, does);
            }
            Change::Trigger { table, does, calls } => {
                let called = calls.and_then(|name| self.routines.get(&name)).cloned().unwrap_or_default();
                if let Some(decl) = self.find(&table) {
                    decl.derived.extend(does);
                    decl.derived.extend(called);
                }
            }
            Change::AddColumn { table, column, keys } => {
                if let Some(decl) = self.find(&table) {
                    decl.columns.retain(|known| known.name != column.name);
                    decl.columns.push(column);
                    decl.keys.extend(keys);
                }
            }
            Change::AddKey { table, key } => {
                if let Some(decl) = self.find(&table) {
                    decl.keys.push(key);
                }
            }
            Change::PrimaryKey { table, columns } => {
                if let Some(decl) = self.find(&table) {
                    mark_primary(&mut decl.columns, &columns);
                }
            }
            Change::DropColumn { table, column } => {
                if let Some(decl) = self.find(&table) {
                    decl.columns.retain(|known| known.name != column);
                    decl.keys.retain(|key| !key.columns.contains(&column));
                }
            }
            Change::RenameColumn { table, from, to } => {
                if let Some(decl) = self.find(&table) {
                    decl.columns
                        .iter_mut()
                        .filter(|known| known.name == from)
                        .for_each(|known| known.name = to.clone());
                    decl.keys
                        .iter_mut()
                        .flat_map(|key| &mut key.columns)
                        .filter(|known| **known == from)
                        .for_each(|known| *known = to.clone());
                }
            }
            Change::Rename { from, to } => {
                let to = TableName { schema: to.schema.or_else(|| from.schema.clone()), name: to.name };
                if let Some(decl) = self.tables.remove(&from) {
                    self.tables.insert(to.clone(), decl);
                    let keys = self.tables.values_mut().flat_map(|decl| &mut decl.keys);
                    keys.filter(|key| key.table == from).for_each(|key| key.table = to.clone());
                    // Views and triggers follow the table.
                    let derived = self.tables.values_mut().flat_map(|decl| &mut decl.derived);
                    derived.filter(|(table, _)| *table == from).for_each(|(table, _)| *table = to.clone());
                }
            }
            Change::Temporary { .. } => {}
            Change::Broken { what } => self.broken.push((what, place)),
            Change::Drop { table } => {
                if self.tables.remove(&table).is_none() && table.schema.is_none() {
                    let same: Vec<_> =
                        self.tables.keys().filter(|known| known.name == table.name).cloned().collect();
                    if let [only] = &same[..] {
                        self.tables.remove(only);
                    }
                }
            }
        }
    }

    fn find(&mut self, table: &TableName) -> Option<&mut TableDecl<P>> {
        if self.tables.contains_key(table) {
            return self.tables.get_mut(table);
        }
        self.tables.iter_mut().find(|(known, _)| known.name == table.name).map(|(_, decl)| decl)
    }
}

/// Makes columns the primary key.
pub(in crate::facts) fn mark_primary(columns: &mut [ColumnDecl], names: &[String]) {
    for column in columns.iter_mut().filter(|column| names.contains(&column.name)) {
        column.primary_key = true;
        column.nullable = false;
    }
}
