//! `splitter explain`: why something is where it is, and for a function how its calls were understood.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::args::Explain;
use super::console::{BOLD, DIM, RESET, count, plain};
use super::find::{Thing, find, title};
use super::{analyse, console};
use crate::base::Place;
use crate::error::Error;
use crate::model::{
    DecidedBy, EntryPointId, FunctionId, Home, Homes, Model, NodeRef, Placement, Plan, ServiceId, StateId,
    TableId, TypeId,
};

pub(super) fn run(args: &Explain) -> Result<(), Error> {
    let analysis = analyse(&args.path, &args.analysis)?;
    let thing = find(&args.item, &analysis.model, &analysis.plan)?;
    console::data(&explain(thing, &analysis.model, &analysis.plan))
}

/// The page for one thing.
fn explain(thing: Thing, model: &Model, plan: &Plan) -> String {
    let mut page = Page { model, plan, homes: Homes::new(model, plan), text: String::new() };
    _ = writeln!(page.text, "{BOLD}{}{RESET}", plain(&title(thing, model, plan)));
    match thing {
        Thing::Service(id) => page.service(id),
        Thing::Node(node) => {
            page.identity(node);
            page.placement(node);
            match node {
                NodeRef::Function(id) => page.function(id),
                NodeRef::Table(id) => page.table(id),
                NodeRef::EntryPoint(id) => page.entry_point(id),
                NodeRef::Type(id) => page.ty(id),
                NodeRef::State(id) => page.state(id),
            }
        }
    }
    page.text
}

struct Page<'a> {
    model: &'a Model,
    plan: &'a Plan,
    homes: Homes,
    text: String,
}

impl Page<'_> {
    fn place(&self, place: Place) -> String {
        let path = self.model.files.get(place.file).map_or("?", |file| file.path.as_str());
        format!("{path}:{}", place.line)
    }

    fn line(&mut self, label: &str, rest: &str) {
        _ = writeln!(self.text, "{DIM}{label:<12}{RESET}{}", plain(rest));
    }

    /// A heading with rows; nothing where there are none.
    fn rows(&mut self, heading: &str, rows: &[String]) {
        if rows.is_empty() {
            return;
        }
        _ = writeln!(self.text, "\n{BOLD}{heading}{RESET}");
        for row in rows {
            _ = writeln!(self.text, "  {}", plain(row));
        }
    }

    fn home_name(&self, node: NodeRef) -> &str {
        match self.homes.of(node) {
            Home::Service(id) => &self.plan.services[id].name,
            Home::Kernel => "shared kernel",
            Home::Shell => "shell",
            Home::Nowhere => "nowhere",
        }
    }

    fn home(&self, node: NodeRef) -> String {
        format!("  [{}]", self.home_name(node))
    }

    /// What it is and where it stands.
    fn identity(&mut self, node: NodeRef) {
        let model = self.model;
        match node {
            NodeRef::Function(id) => {
                let function = &model.functions[id];
                let mut text =
                    format!("{}, {}", self.place(function.place), count(function.n_lines as usize, "line"));
                for (holds, word) in
                    [(function.is_async, "async"), (function.pure, "pure"), (function.test, "test code")]
                {
                    if holds {
                        _ = write!(text, ", {word}");
                    }
                }
                self.line("Defined at", &text);
            }
            NodeRef::Table(id) => {
                let table = &model.tables[id];
                let declared = table
                    .declared_at
                    .map_or_else(|| "only named in queries".into(), |place| self.place(place));
                self.line("Declared at", &declared);
                let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
                if !columns.is_empty() {
                    self.line("Columns", &columns.join(", "));
                }
            }
            NodeRef::EntryPoint(id) => {
                let entry = &model.entry_points[id];
                let declared = self.place(entry.declared_at);
                self.line("Declared at", &declared);
                let handler = match entry.handler {
                    Some(handler) => {
                        let function = &model.functions[handler];
                        format!("{}  {}", function.path, self.place(function.place))
                    }
                    None => entry.reason.clone().unwrap_or_else(|| "not known".into()),
                };
                self.line("Handler", &handler);
                if let Some(schedule) = &entry.schedule {
                    self.line("Schedule", schedule);
                }
            }
            NodeRef::Type(id) => {
                let defined = self.place(model.types[id].place);
                self.line("Defined at", &defined);
            }
            NodeRef::State(id) => {
                let cell = &model.state_cells[id];
                let declared = self.place(cell.place);
                self.line("Declared at", &declared);
                self.line("Type", &cell.ty);
            }
        }
    }

    fn placement(&mut self, node: NodeRef) {
        let plan = self.plan;
        let Some(placement) = plan.placements.iter().find(|placement| placement.node == node) else {
            self.line("Placed", "nowhere: test code, or nothing that runs uses it");
            return;
        };
        self.line("Placed in", &format!("{} ({})", placement.service, decided(placement.decided_by)));
        self.scores(placement);
        let evidence: Vec<String> = placement
            .evidence
            .iter()
            .map(|evidence| {
                let place =
                    evidence.place.map_or_else(String::new, |place| format!("  {}", self.place(place)));
                format!("{:>5} {}: {}{place}", weight(evidence.weight), evidence.criterion, evidence.text)
            })
            .collect();
        self.rows("Strongest evidence", &evidence);
    }

    fn scores(&mut self, placement: &Placement) {
        let total: i64 = placement.scores.values().sum();
        let mut scores: Vec<_> = placement.scores.iter().filter(|&(_, &score)| score != 0).collect();
        scores.sort_by_key(|&(criterion, &score)| (std::cmp::Reverse(score), criterion.clone()));
        let scores: Vec<_> =
            scores.iter().map(|&(criterion, &score)| format!("{criterion} {}", weight(score))).collect();
        if !scores.is_empty() {
            self.line("Score", &format!("{}: {}", weight(total), scores.join(", ")));
        }
        if let Some((service, score)) = &placement.runner_up {
            self.line(
                "Runner-up",
                &format!("{service} with {}; margin {:.0}%", weight(*score), placement.margin * 100.0),
            );
        }
        if placement.decided_by == DecidedBy::Engine {
            self.line(
                "Stability",
                &format!("{:.0}% of the perturbed runs agree", placement.stability * 100.0),
            );
        }
    }

    fn function(&mut self, id: FunctionId) {
        let model = self.model;
        let entries: Vec<String> = model
            .entry_points
            .iter()
            .filter(|entry| entry.handler == Some(id))
            .map(|entry| format!("{}  {}", entry.title(), self.place(entry.declared_at)))
            .collect();
        self.rows("Entry points", &entries);

        let mut calls: Vec<(Place, String)> = Vec::new();
        for call in model.calls.iter().filter(|call| call.caller == id) {
            let looped = if call.in_loop { ", in a loop" } else { "" };
            let text = format!(
                "{}  {}  ({}, {}{looped}){}",
                self.place(call.site),
                model.functions[call.callee].path,
                call.kind.as_str(),
                call.certainty.as_str(),
                self.home(NodeRef::Function(call.callee)),
            );
            calls.push((call.site, text));
        }
        for call in model.unresolved.iter().filter(|call| call.caller == id) {
            calls.push((
                call.site,
                format!("{}  {}  (unknown: {})", self.place(call.site), call.name, call.reason),
            ));
        }
        calls.sort();
        let calls: Vec<String> = calls.into_iter().map(|(_, text)| text).collect();
        self.rows("Calls inside the workspace", &calls);

        let callers: Vec<String> = model
            .calls
            .iter()
            .filter(|call| call.callee == id)
            .map(|call| {
                format!(
                    "{}  {}  ({}, {}){}",
                    self.place(call.site),
                    model.functions[call.caller].path,
                    call.kind.as_str(),
                    call.certainty.as_str(),
                    self.home(NodeRef::Function(call.caller)),
                )
            })
            .collect();
        self.rows("Called by", &callers);

        let tables: Vec<String> = model
            .accesses
            .iter()
            .filter(|access| access.function == id)
            .map(|access| {
                format!(
                    "{}  {} {}  ({}){}",
                    self.place(access.site),
                    access.op.as_str(),
                    model.tables[access.table].name,
                    access.certainty.as_str(),
                    self.home(NodeRef::Table(access.table)),
                )
            })
            .chain(model.unknown_sql.iter().filter(|sql| sql.function == id).map(|sql| {
                format!("{}  a statement that could not be read: {}", self.place(sql.site), sql.reason)
            }))
            .collect();
        self.rows("Tables", &tables);

        let transactions: Vec<String> = model
            .transactions
            .iter()
            .filter(|transaction| transaction.functions.contains(&id))
            .map(|transaction| {
                let opener = &model.functions[transaction.opened_by].path;
                format!("{}  opened by {opener}", self.place(transaction.site))
            })
            .collect();
        self.rows("Runs in transactions", &transactions);

        let state: Vec<String> = model
            .state_uses
            .iter()
            .filter(|used| used.function == id)
            .map(|used| {
                let verb = if used.write { "changes" } else { "reads" };
                format!("{}  {verb} {}", self.place(used.site), model.state_cells[used.cell].path)
            })
            .collect();
        self.rows("State", &state);

        let resources: Vec<String> = model
            .resource_uses
            .iter()
            .filter(|used| used.function == id)
            .map(|used| format!("{}  {}", self.place(used.site), model.resources[used.resource].name))
            .collect();
        self.rows("Resources", &resources);
    }

    fn table(&mut self, id: TableId) {
        let model = self.model;
        let table = &model.tables[id];
        let keys: Vec<String> = table
            .foreign_keys
            .iter()
            .map(|key| format!("{} → {}", key.columns.join(", "), model.tables[key.table].name))
            .collect();
        self.rows("Refers to", &keys);
        let accesses: Vec<String> = model
            .accesses
            .iter()
            .filter(|access| access.table == id)
            .map(|access| {
                format!(
                    "{}  {} by {}{}",
                    self.place(access.site),
                    access.op.as_str(),
                    model.functions[access.function].path,
                    self.home(NodeRef::Function(access.function)),
                )
            })
            .collect();
        self.rows("Accesses", &accesses);
    }

    fn entry_point(&mut self, id: EntryPointId) {
        let model = self.model;
        let Some(handler) = model.entry_points[id].handler else { return };
        let reached = crate::model::CallGraph::new(model).reachable([handler]);
        let mut homes: BTreeMap<&str, usize> = BTreeMap::new();
        for function in &reached {
            *homes.entry(self.home_name(NodeRef::Function(*function))).or_default() += 1;
        }
        let homes: Vec<String> =
            homes.iter().map(|(home, n)| format!("{home}: {}", count(*n, "function"))).collect();
        self.rows("Runs through", &homes);
        let mut tables: Vec<(&str, &str, TableId)> = model
            .accesses
            .iter()
            .filter(|access| reached.binary_search(&access.function).is_ok())
            .map(|access| (model.tables[access.table].name.as_str(), access.op.as_str(), access.table))
            .collect();
        tables.sort_unstable();
        tables.dedup();
        let tables: Vec<String> = tables
            .iter()
            .map(|&(name, op, table)| format!("{name}  {op}{}", self.home(NodeRef::Table(table))))
            .collect();
        self.rows("Tables on the way", &tables);
    }

    fn ty(&mut self, id: TypeId) {
        let model = self.model;
        let mut users: BTreeMap<&str, usize> = BTreeMap::new();
        for used in model.type_uses.iter().filter(|used| used.ty == id) {
            *users.entry(self.home_name(NodeRef::Function(used.function))).or_default() += 1;
        }
        let users: Vec<String> =
            users.iter().map(|(home, n)| format!("{home}: {}", count(*n, "use"))).collect();
        self.rows("Used in", &users);
    }

    fn state(&mut self, id: StateId) {
        let model = self.model;
        let uses: Vec<String> = model
            .state_uses
            .iter()
            .filter(|used| used.cell == id)
            .map(|used| {
                let verb = if used.write { "changed" } else { "read" };
                let function = &model.functions[used.function].path;
                format!(
                    "{}  {verb} by {function}{}",
                    self.place(used.site),
                    self.home(NodeRef::Function(used.function))
                )
            })
            .collect();
        self.rows("Uses", &uses);
    }

    fn service(&mut self, id: ServiceId) {
        let (model, plan) = (self.model, self.plan);
        let service = &plan.services[id];
        self.line("Named after", &service.words.join(", "));
        self.line("Functions", &service.functions.len().to_string());
        let mut rows = Vec::new();
        for part in &service.deployables {
            for &entry in &part.entry_points {
                rows.push(format!("{}  {}", part.name, model.entry_points[entry].title()));
            }
        }
        self.rows("Deployables and entry points", &rows);
        let tables: Vec<String> =
            service.tables.iter().map(|&table| model.tables[table].name.clone()).collect();
        self.rows("Owns the tables", &tables);
        let mut cuts: BTreeMap<(String, &str, &str), usize> = BTreeMap::new();
        for cut in plan.cuts.iter().filter(|cut| cut.from == id || cut.to == id) {
            let (direction, other) = if cut.from == id { ("to", cut.to) } else { ("from", cut.from) };
            *cuts.entry((plan.services[other].name.clone(), direction, cut.kind.as_str())).or_default() += 1;
        }
        let cuts: Vec<String> = cuts
            .iter()
            .map(|((other, direction, kind), n)| format!("{} {direction} {other}", count(*n, kind)))
            .collect();
        self.rows("Cuts", &cuts);
        let metrics: Vec<String> = service
            .metrics
            .iter()
            .map(|(name, range)| format!("{name} {:.2} ({:.2} to {:.2})", range.value, range.low, range.high))
            .collect();
        self.rows("Metrics", &metrics);
    }
}

/// Weights are in thousandths.
#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn weight(thousandths: i64) -> String {
    format!("{:.1}", thousandths as f64 / 1000.0)
}

fn decided(by: DecidedBy) -> &'static str {
    match by {
        DecidedBy::Engine => "by its score",
        DecidedBy::Pin => "pinned in splitter.toml",
        DecidedBy::Ownership => "as the one that writes it",
        DecidedBy::Rule => "by rule: pure helper, hub or wiring",
    }
}
