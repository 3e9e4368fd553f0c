//! The edges that cross services, each with its severity and remedy.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Severity;
use crate::model::{
    CallKind, CutEdge, CutKind, EntryPointKind, Home, Model, NodeRef, ServiceId, StateKind, TypeRole,
};

use super::nodes::Nodes;
use super::split::Split;

/// All cut edges: by services, kind, place.
pub(super) fn cuts(model: &Model, nodes: Nodes, split: &Split, names: &[String]) -> Vec<CutEdge> {
    let mut cuts = Vec::new();
    calls(model, nodes, split, names, &mut cuts);
    data(model, nodes, split, names, &mut cuts);
    types(model, nodes, split, names, &mut cuts);
    transactions(model, nodes, split, names, &mut cuts);
    state(model, nodes, split, names, &mut cuts);
    cuts.sort_by_key(|cut| (cut.from, cut.to, cut.kind, cut.site, cut.function, cut.target));
    cuts.dedup_by_key(|cut| (cut.from, cut.to, cut.kind, cut.site, cut.function, cut.target));
    cuts
}

fn name(names: &[String], service: ServiceId) -> &str {
    &names[service.0 as usize]
}

/// Both services, where the two things are in two.
fn crossing(split: &Split, from: u32, to: u32) -> Option<(ServiceId, ServiceId)> {
    match (split.homes[from as usize], split.homes[to as usize]) {
        (Home::Service(from), Home::Service(to)) if from != to => Some((from, to)),
        _ => None,
    }
}

fn calls(model: &Model, nodes: Nodes, split: &Split, names: &[String], cuts: &mut Vec<CutEdge>) {
    for call in &model.calls {
        let ends = crossing(split, nodes.function(call.caller), nodes.function(call.callee));
        let Some((from, to)) = ends else { continue };
        let callee = &model.functions[call.callee];
        let owner = name(names, to);
        let (severity, remedy) = if call.kind == CallKind::Guard {
            (
                Severity::Low,
                format!(
                    "check the caller's token in the function itself; ask {owner} only where the token cannot tell"
                ),
            )
        } else if callee.pure {
            (Severity::Low, format!("`{}` is pure: copy it or link it from the shared kernel", callee.name))
        } else if call.in_loop {
            (
                Severity::High,
                format!(
                    "a call per turn becomes a request per turn: give {owner} a batch version of `{}`",
                    callee.name
                ),
            )
        } else if call.needs_result {
            (
                Severity::Medium,
                format!("call {owner} through a generated client, with a time limit and a retry policy"),
            )
        } else {
            (Severity::Low, format!("nothing waits for the result: send {owner} an event instead"))
        };
        cuts.push(CutEdge {
            from,
            to,
            kind: CutKind::Call,
            function: call.caller,
            target: NodeRef::Function(call.callee),
            site: call.site,
            in_loop: call.in_loop,
            needs_result: call.needs_result,
            severity,
            remedy,
        });
    }
}

fn data(model: &Model, nodes: Nodes, split: &Split, names: &[String], cuts: &mut Vec<CutEdge>) {
    for access in &model.accesses {
        let ends = crossing(split, nodes.function(access.function), nodes.table(access.table));
        let Some((from, to)) = ends else { continue };
        let table = &model.tables[access.table].name;
        let (owner, reader) = (name(names, to), name(names, from));
        let (severity, remedy) = if access.op.is_write() {
            (
                Severity::Blocker,
                format!(
                    "only {owner} may write {table}: move the statement there and call it, or send an event"
                ),
            )
        } else if access.joined {
            (
                Severity::High,
                format!(
                    "the join over {table} breaks: ask {owner} for a batch by id, or keep a read copy in {reader}"
                ),
            )
        } else if access.in_loop {
            (
                Severity::High,
                format!("a query per turn becomes a request per turn: ask {owner} for a batch of {table}"),
            )
        } else {
            (Severity::Medium, format!("read {table} through {owner}, or keep a read copy in {reader}"))
        };
        cuts.push(CutEdge {
            from,
            to,
            kind: CutKind::Data,
            function: access.function,
            target: NodeRef::Table(access.table),
            site: access.site,
            in_loop: access.in_loop,
            needs_result: !access.op.is_write(),
            severity,
            remedy,
        });
    }
}

fn types(model: &Model, nodes: Nodes, split: &Split, names: &[String], cuts: &mut Vec<CutEdge>) {
    for usage in
        model.type_uses.iter().filter(|usage| matches!(usage.role, TypeRole::Parameter | TypeRole::Return))
    {
        let ends = crossing(split, nodes.function(usage.function), nodes.ty(usage.ty));
        let Some((from, to)) = ends else { continue };
        let function = &model.functions[usage.function];
        cuts.push(CutEdge {
            from,
            to,
            kind: CutKind::Type,
            function: usage.function,
            target: NodeRef::Type(usage.ty),
            site: function.place,
            in_loop: false,
            needs_result: true,
            severity: Severity::Low,
            remedy: format!(
                "put what travels of `{}` into the contract of {}",
                model.types[usage.ty].name,
                name(names, to)
            ),
        });
    }
}

fn transactions(model: &Model, nodes: Nodes, split: &Split, names: &[String], cuts: &mut Vec<CutEdge>) {
    for transaction in &model.transactions {
        let Home::Service(from) = split.homes[nodes.function(transaction.opened_by) as usize] else {
            continue;
        };
        let written: BTreeSet<_> =
            transaction.tables.iter().filter(|(_, op)| op.is_write()).map(|&(table, _)| table).collect();
        for table in written {
            let Home::Service(to) = split.homes[nodes.table(table) as usize] else { continue };
            if to != from {
                cuts.push(CutEdge {
                    from,
                    to,
                    kind: CutKind::Transaction,
                    function: transaction.opened_by,
                    target: NodeRef::Table(table),
                    site: transaction.site,
                    in_loop: false,
                    needs_result: true,
                    severity: Severity::Blocker,
                    remedy: format!(
                        "keep the writes of {} in one service, or write an outbox row here and let {} follow, with a compensation",
                        model.tables[table].name,
                        name(names, to)
                    ),
                });
            }
        }
    }
}

fn state(model: &Model, nodes: Nodes, split: &Split, names: &[String], cuts: &mut Vec<CutEdge>) {
    // Where an event of each channel is consumed: the functions that start consumers and look into it.
    let consumers: BTreeSet<_> = model
        .entry_points
        .iter()
        .filter(|entry| entry.kind == EntryPointKind::Consumer)
        .filter_map(|entry| entry.handler)
        .collect();
    let mut consumed: BTreeMap<_, ServiceId> = BTreeMap::new();
    for usage in &model.state_uses {
        if consumers.contains(&usage.function)
            && let Some(service) = split.service(nodes.function(usage.function))
        {
            consumed.entry(usage.cell).or_insert(service);
        }
    }
    for usage in &model.state_uses {
        let cell = &model.state_cells[usage.cell];
        let Home::Service(from) = split.homes[nodes.function(usage.function) as usize] else { continue };
        let channel = cell.kind == StateKind::Channel;
        let home = split.homes[nodes.cell(usage.cell) as usize].service();
        let Some(to) = (if channel { consumed.get(&usage.cell).copied().or(home) } else { home }) else {
            continue;
        };
        if to == from || !cell.mutable || cell.kind == StateKind::Handle {
            continue;
        }
        let what = cell.path.name();
        let (kind, severity, remedy) = if channel {
            (CutKind::Event, Severity::Low, format!("send through a queue that {} consumes", name(names, to)))
        } else if cell.kind == StateKind::Cache {
            (
                CutKind::State,
                Severity::Medium,
                format!(
                    "give {} a cache of its own, or share `{what}` outside the process",
                    name(names, from)
                ),
            )
        } else {
            (
                CutKind::State,
                Severity::High,
                format!("keep `{what}` in the database, or ask {} for it", name(names, to)),
            )
        };
        cuts.push(CutEdge {
            from,
            to,
            kind,
            function: usage.function,
            target: NodeRef::State(usage.cell),
            site: usage.site,
            in_loop: false,
            needs_result: !channel,
            severity,
            remedy,
        });
    }
}
