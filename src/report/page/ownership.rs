//! Who reads and writes which table: tables by services, with the letters of CRUD.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::IndexVec;
use crate::model::{Home, TableId, TableOp};
use crate::report::text::{Markup, path};

use super::View;

/// Tables on the page; the export holds all.
const MAX_TABLES: usize = 400;

pub(super) struct Ownership {
    pub columns: Vec<String>,
    /// Many columns: their heads stand upright.
    pub upright: bool,
    pub groups: Vec<Group>,
    pub n_more: usize,
    pub n_shared_writes: usize,
    pub n_shared_reads: usize,
    pub n_unused: usize,
}

/// The tables of one owner.
pub(super) struct Group {
    pub owner: String,
    pub rows: Vec<Row>,
}

pub(super) struct Row {
    pub name: Markup,
    pub view: bool,
    pub place: Option<Markup>,
    pub cells: Vec<Cell>,
    pub verdict: &'static str,
    pub class: &'static str,
}

pub(super) struct Cell {
    /// `CRU`, empty for none.
    pub letters: String,
    pub owner: bool,
    /// Writes what it does not own.
    pub foreign_write: bool,
    /// Reads what it does not own.
    pub foreign_read: bool,
}

impl Ownership {
    pub fn new(view: &View<'_>) -> Self {
        let (model, homes) = (view.model, &view.names.homes);
        let mut ops: IndexVec<TableId, BTreeMap<Home, BTreeSet<TableOp>>> =
            vec![BTreeMap::new(); model.tables.len()].into();
        for access in model.accesses.iter().filter(|access| view.names.shows(access.function)) {
            let home = homes.functions[access.function];
            ops[access.table].entry(home).or_default().insert(access.op);
        }
        // Services in the plan's order, then what is no service but touches a table.
        let touching: BTreeSet<Home> = ops.iter().flat_map(BTreeMap::keys).copied().collect();
        let mut columns: Vec<(Home, String)> = (view.plan.services.iter_enumerated())
            .filter(|(id, service)| !service.tables.is_empty() || touching.contains(&Home::Service(*id)))
            .map(|(id, service)| (Home::Service(id), service.name.clone()))
            .collect();
        for (home, name) in [(Home::Kernel, "kernel"), (Home::Shell, "shell"), (Home::Nowhere, "elsewhere")] {
            if touching.contains(&home) {
                columns.push((home, name.into()));
            }
        }
        let mut groups: BTreeMap<Home, Vec<Row>> = BTreeMap::new();
        let (mut n_shared_writes, mut n_shared_reads, mut n_unused) = (0, 0, 0);
        for (id, table) in model.tables.iter_enumerated() {
            let owner = homes.tables[id];
            let cells: Vec<Cell> = (columns.iter())
                .map(|(home, _)| {
                    let found = ops[id].get(home);
                    let writes = found.is_some_and(|ops| ops.iter().any(|op| op.is_write()));
                    let mut letters: Vec<char> = found.into_iter().flatten().map(|op| op.letter()).collect();
                    letters.sort_by_key(|letter| "CRUD".find(*letter));
                    let foreign = *home != owner && matches!(home, Home::Service(_));
                    Cell {
                        letters: letters.into_iter().collect(),
                        owner: *home == owner,
                        foreign_write: foreign && writes,
                        foreign_read: foreign && !writes && found.is_some(),
                    }
                })
                .collect();
            let shared_write = cells.iter().any(|cell| cell.foreign_write);
            let shared_read = cells.iter().any(|cell| cell.foreign_read);
            let unused = ops[id].is_empty();
            n_shared_writes += usize::from(shared_write);
            n_shared_reads += usize::from(shared_read && !shared_write);
            n_unused += usize::from(unused);
            let (verdict, class) = match (shared_write, shared_read, unused) {
                (true, ..) => ("shared write", "blocker"),
                (_, true, _) => ("read by others", "medium"),
                (.., true) => ("no access found", "note"),
                _ => ("private", "ok"),
            };
            groups.entry(owner).or_default().push(Row {
                name: path(&table.name),
                view: table.view,
                place: table.declared_at.map(|place| view.place(place)),
                cells,
                verdict,
                class,
            });
        }
        let mut left = MAX_TABLES;
        let mut n_more = 0;
        let groups = (groups.into_iter())
            .map(|(home, mut rows)| {
                n_more += rows.len().saturating_sub(left);
                rows.truncate(left);
                left -= rows.len();
                let owner = match home {
                    Home::Service(service) => view.names.service(service).to_string(),
                    Home::Kernel => "kernel".into(),
                    Home::Shell => "shell".into(),
                    Home::Nowhere => "no owner".into(),
                };
                Group { owner, rows }
            })
            .filter(|group| !group.rows.is_empty())
            .collect();
        Self {
            upright: columns.len() > 9,
            columns: columns.into_iter().map(|(_, name)| name).collect(),
            groups,
            n_more,
            n_shared_writes,
            n_shared_reads,
            n_unused,
        }
    }
}
