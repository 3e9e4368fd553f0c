//! Hand-made applications for tests: a notation that reads like an outline of an application, turned
//! into sources, model and plan.
//!
//! Included by the unit tests and by `tests/report.rs`; therefore it names the crate from outside.
#![allow(dead_code, reason = "each test uses its part")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use splitter::base::{Code, DefPath, Diagnostic, FileId, Id, Place, Severity, SourceFile, Sources};
use splitter::model::*;

#[path = "sample/variants.rs"]
mod variants;

pub use variants::{hostile, large};

/// A rental platform for photography equipment: six services, a kernel, a shell.
pub const RENTAL: &str = include_str!("sample/rental.txt");

/// Sources, model and plan of an outline.
///
/// ```text
/// service orders                       opens a section; also `kernel`, `shell`
/// table orders id customer_id>users total
/// state PRICES cache mut               in the section
/// fn orders::create POST /api/orders   then, one level deeper, what its body does:
///   tx                                 opens a transaction over the rest of the body
///   read|insert|update|delete TABLE
///   join TABLE                         a read in one statement with others
///   call PATH / each PATH              a call, a call in a loop
///   touch STATE / spawn / opaque NAME REASON / raw
/// step NAME low|medium|high why; why | blocked; blocked
/// ```
pub fn build(outline: &str) -> (Sources, Model, Plan) {
    let mut build = Build::default();
    build.read(outline);
    build.finish()
}

#[derive(Default)]
struct Op {
    verb: String,
    words: Vec<String>,
    line: u32,
}

#[derive(Default)]
struct Func {
    section: String,
    path: String,
    entry: Option<(String, String)>,
    ops: Vec<Op>,
    line: u32,
    n_lines: u32,
}

#[derive(Default)]
struct Build {
    sections: Vec<String>,
    tables: Vec<(String, String, Vec<String>)>,
    states: Vec<(String, String, String, bool)>,
    funcs: Vec<Func>,
    steps: Vec<(String, String, String)>,
}

impl Build {
    fn read(&mut self, outline: &str) {
        let mut section = String::from("shell");
        for line in outline.lines().filter(|line| !line.trim().is_empty()) {
            let words: Vec<String> = line.split_whitespace().map(String::from).collect();
            match words[0].as_str() {
                "service" | "kernel" | "shell" => {
                    section = words.last().unwrap().clone();
                    if words.len() > 1 {
                        self.sections.push(section.clone());
                    }
                }
                "table" => {
                    self.tables.push((words[1].clone(), section.clone(), words[2..].to_vec()));
                }
                "state" => self.states.push((
                    words[1].clone(),
                    section.clone(),
                    words[2].clone(),
                    words.get(3).is_some_and(|word| word == "mut"),
                )),
                "fn" => self.funcs.push(Func {
                    section: section.clone(),
                    path: words[1].clone(),
                    entry: words.get(3).map(|name| (words[2].clone(), name.clone())),
                    ..Func::default()
                }),
                "step" => self.steps.push((words[1].clone(), words[2].clone(), words[3..].join(" "))),
                verb => self.funcs.last_mut().expect("a function above").ops.push(Op {
                    verb: verb.to_string(),
                    words: words[1..].to_vec(),
                    line: 0,
                }),
            }
        }
        self.sections.sort();
        self.tables.sort();
        self.states.sort();
        self.funcs.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// Writes the source text and notes the lines.
    fn sources(&mut self) -> Sources {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        let mut schema = String::from("-- The schema.\n");
        for (name, _, columns) in &self.tables {
            let _ = writeln!(schema, "CREATE TABLE {name} ({});", columns.join(", "));
        }
        files.insert("migrations/0001_init.sql".into(), schema);
        for func in &mut self.funcs {
            let (module, name) = func.path.rsplit_once("::").unwrap();
            let file = files
                .entry(format!("src/{}.rs", module.replace("::", "/")))
                .or_insert_with(|| format!("//! {module}.\n\nuse crate::prelude::*;\n"));
            let line = |file: &String| file.matches('\n').count() as u32 + 1;
            let _ = writeln!(file, "\n/// Does what `{name}` says.");
            func.line = line(file);
            let _ = writeln!(file, "pub async fn {name}(app: &App, input: Input) -> Result<Output> {{");
            let mut in_tx = false;
            for op in &mut func.ops {
                let word = op.words.first().cloned().unwrap_or_default();
                let db = if in_tx { "&mut *tx" } else { "&app.db" };
                let short = word.rsplit("::").next().unwrap().to_string();
                if op.verb == "each" {
                    file.push_str("    for line in &input.lines {\n");
                }
                op.line = line(file);
                let _ = match op.verb.as_str() {
                    "tx" => {
                        in_tx = true;
                        writeln!(file, "    let mut tx = app.db.begin().await?;")
                    }
                    "read" => {
                        writeln!(
                            file,
                            "    let row = sqlx::query!(\"SELECT * FROM {word} WHERE id = ?\", input.id).fetch_one({db}).await?;"
                        )
                    }
                    "join" => {
                        writeln!(
                            file,
                            "    let rows = sqlx::query!(\"SELECT * FROM {}\").fetch_all({db}).await?;",
                            op.words.join(" JOIN ")
                        )
                    }
                    "insert" => {
                        writeln!(
                            file,
                            "    sqlx::query!(\"INSERT INTO {word} VALUES (?, ?)\", input.id, input.value).execute({db}).await?;"
                        )
                    }
                    "update" => {
                        writeln!(
                            file,
                            "    sqlx::query!(\"UPDATE {word} SET value = ? WHERE id = ?\", input.value, input.id).execute({db}).await?;"
                        )
                    }
                    "delete" => {
                        writeln!(
                            file,
                            "    sqlx::query!(\"DELETE FROM {word} WHERE id = ?\", input.id).execute({db}).await?;"
                        )
                    }
                    "call" => writeln!(file, "    let found = {short}(app, &input).await?;"),
                    "each" => {
                        writeln!(file, "        let found = {short}(app, line.id).await?;\n    }}")
                    }
                    "touch" => writeln!(file, "    {word}.lock().unwrap().insert(input.id, input.value);"),
                    "spawn" => writeln!(file, "    tokio::spawn(async move {{ notify(app, input).await }});"),
                    "raw" => writeln!(
                        file,
                        "    let rows = sqlx::query(&format!(\"SELECT {{columns}} FROM {{table}}\")).fetch_all({db}).await?;"
                    ),
                    other => writeln!(file, "    {word}!(input); // {other}"),
                };
            }
            if in_tx {
                file.push_str("    tx.commit().await?;\n");
            }
            file.push_str("    Ok(Output::default())\n}\n");
            func.n_lines = line(file) - func.line;
        }
        Sources { files: files.iter().map(|(path, text)| SourceFile::new(path, text)).collect() }
    }

    fn finish(mut self) -> (Sources, Model, Plan) {
        let sources = self.sources();
        let mut model = Model { name: "rental".into(), ..Model::default() };
        model.files = (sources.files.iter())
            .map(|file| File {
                path: file.path.clone(),
                hash: String::new(),
                n_lines: file.n_lines(),
                parsed: file.path.ends_with(".rs"),
            })
            .collect();
        let file_of = |func: &Func| {
            let module = func.path.rsplit_once("::").unwrap().0.replace("::", "/");
            sources.find(&format!("src/{module}.rs")).unwrap()
        };
        self.things(&mut model, &file_of);
        self.facts(&mut model, &file_of);
        let plan = self.plan(&model);
        (sources, model, plan)
    }

    fn things(&self, model: &mut Model, file_of: &dyn Fn(&Func) -> FileId) {
        let table_id = |name: &str| {
            let idx = self.tables.iter().position(|table| table.0 == name);
            TableId::from_usize(idx.unwrap_or_else(|| panic!("table {name}")))
        };
        for (idx, (name, _, columns)) in self.tables.iter().enumerate() {
            let mut table = Table {
                name: name.clone(),
                view: false,
                declared_at: Some(Place { file: FileId(0), line: idx as u32 + 2 }),
                columns: Vec::new(),
                foreign_keys: Vec::new(),
                derived_from: Vec::new(),
            };
            for column in columns {
                let (column, target) =
                    column.split_once('>').map_or((&**column, None), |(a, b)| (a, Some(b)));
                table.columns.push(Column {
                    name: column.into(),
                    ty: "text".into(),
                    primary_key: column == "id",
                    nullable: false,
                });
                if let Some(target) = target {
                    table.foreign_keys.push(ForeignKey {
                        columns: vec![column.into()],
                        table: table_id(target.trim_end_matches('!')),
                        on_delete: if target.ends_with('!') { "cascade".into() } else { String::new() },
                        mapped: false,
                    });
                }
            }
            model.tables.push(table);
        }
        for (name, _, kind, mutable) in &self.states {
            let kind = match kind.as_str() {
                "static" => StateKind::Static,
                "shared" => StateKind::Shared,
                "cache" => StateKind::Cache,
                "channel" => StateKind::Channel,
                _ => StateKind::Handle,
            };
            model.state_cells.push(StateCell {
                path: DefPath::new(format!("rental::{name}")),
                kind,
                ty: "LazyLock<Mutex<HashMap<String, i64>>>".into(),
                place: Place { file: FileId(1), line: 3 },
                item: None,
                mutable: *mutable,
            });
        }
        for (idx, func) in self.funcs.iter().enumerate() {
            let place = Place { file: file_of(func), line: func.line };
            model.functions.push(Function {
                path: DefPath::new(format!("rental::{}", func.path)),
                name: func.path.rsplit("::").next().unwrap().into(),
                item: ItemId(idx as u32),
                module: ModuleIdx(0),
                place,
                n_lines: func.n_lines,
                self_type: None,
                of_trait: None,
                params: vec![
                    Parameter { name: "app".into(), ty: "&App".into() },
                    Parameter { name: "input".into(), ty: "Input".into() },
                ],
                ret: "Result<Output>".into(),
                receiver: None,
                is_async: true,
                is_generic: false,
                is_public: true,
                test: false,
                pure: func.section == "kernel",
            });
            if let Some((kind, name)) = &func.entry {
                let (kind, method) = match kind.as_str() {
                    "cron" => (EntryPointKind::Cron, None),
                    "consumer" => (EntryPointKind::Consumer, None),
                    "command" => (EntryPointKind::Command, None),
                    method => (EntryPointKind::Http, Some(method.to_string())),
                };
                model.entry_points.push(EntryPoint {
                    kind,
                    method,
                    path: Some(name.clone()),
                    reason: None,
                    handler: Some(FunctionId::from_usize(idx)),
                    place,
                    declared_at: place,
                    guards: Vec::new(),
                    middleware: Vec::new(),
                    schedule: (kind == EntryPointKind::Cron).then(|| "0 3 * * *".into()),
                });
            }
        }
    }

    fn facts(&self, model: &mut Model, file_of: &dyn Fn(&Func) -> FileId) {
        let function_id = |path: &str| {
            let idx = self.funcs.iter().position(|func| func.path == path);
            FunctionId::from_usize(idx.unwrap_or_else(|| panic!("function {path}")))
        };
        let table_id =
            |name: &str| TableId::from_usize(self.tables.iter().position(|table| table.0 == name).unwrap());
        for (idx, func) in self.funcs.iter().enumerate() {
            let function = FunctionId::from_usize(idx);
            let mut transaction: Option<Transaction> = None;
            for op in &func.ops {
                let site = Place { file: file_of(func), line: op.line };
                let word = op.words.first().map_or("", String::as_str);
                let table_op = match op.verb.as_str() {
                    "read" | "join" => Some(TableOp::Read),
                    "insert" => Some(TableOp::Insert),
                    "update" => Some(TableOp::Update),
                    "delete" => Some(TableOp::Delete),
                    _ => None,
                };
                if let Some(table_op) = table_op {
                    for name in &op.words {
                        let table = table_id(name);
                        model.accesses.push(TableAccess {
                            function,
                            site,
                            table,
                            op: table_op,
                            certainty: Certainty::Certain,
                            in_loop: false,
                            joined: op.verb == "join",
                        });
                        if let Some(transaction) = &mut transaction {
                            transaction.tables.push((table, table_op));
                        }
                    }
                    continue;
                }
                match op.verb.as_str() {
                    "tx" => {
                        transaction = Some(Transaction {
                            opened_by: function,
                            site,
                            functions: vec![function],
                            tables: Vec::new(),
                            escapes: Vec::new(),
                        });
                    }
                    "call" | "each" => model.calls.push(CallEdge {
                        caller: function,
                        site,
                        callee: function_id(word),
                        kind: CallKind::Path,
                        certainty: Certainty::Certain,
                        in_loop: op.verb == "each",
                        needs_result: true,
                    }),
                    "touch" => model.state_uses.push(StateUse {
                        function,
                        cell: StateId::from_usize(self.states.iter().position(|s| s.0 == word).unwrap()),
                        site,
                        write: true,
                    }),
                    "spawn" => model.detached_tasks.push(DetachedTask {
                        function,
                        site,
                        by: "tokio::spawn".into(),
                        span: splitter::base::Span { file: site.file, range: Default::default() },
                    }),
                    "opaque" => model.unresolved.push(UnresolvedCall {
                        caller: function,
                        site,
                        name: word.into(),
                        reason: op.words[1].clone(),
                    }),
                    "raw" => model.unknown_sql.push(UnknownSql {
                        function,
                        site,
                        reason: "built-at-run-time".into(),
                    }),
                    other => panic!("what is `{other}`?"),
                }
            }
            model.transactions.extend(transaction.map(|mut transaction| {
                transaction.tables.sort();
                transaction.tables.dedup();
                transaction
            }));
        }
        let n_unknown = model.unresolved.len() as u32;
        let mut by_reason = BTreeMap::new();
        for call in &model.unresolved {
            *by_reason.entry(call.reason.clone()).or_default() += 1;
        }
        model.resolution = Resolution {
            certain: model.calls.len() as u32,
            likely: 3,
            one_of: 2,
            external: 4 * model.calls.len() as u32,
            unknown: n_unknown,
            unknown_by_reason: by_reason,
        };
        model.blind_spots.push(
            Diagnostic::note(
                Code::new("orphan-file"),
                Some(Place { file: FileId(1), line: 0 }),
                "the file belongs to no module",
            )
            .with_help("add a `mod` line or delete it"),
        );
    }

    fn home(&self, section: &str) -> Option<ServiceId> {
        self.sections.iter().position(|name| name == section).map(ServiceId::from_usize)
    }

    fn plan(&self, model: &Model) -> Plan {
        let mut plan = Plan { name: model.name.clone(), ..Plan::default() };
        plan.verdict = Verdict {
            kind: VerdictKind::Extract,
            summary: "extract recommendations and reporting, leave the rest together".into(),
            reasons: vec![
                "recommendations writes no table of another service".into(),
                "orders, payments and inventory share one transaction".into(),
                "93% of calls stay inside their service".into(),
            ],
        };
        for section in &self.sections {
            plan.services.push(ServiceCandidate { name: section.clone(), ..ServiceCandidate::default() });
        }
        for (idx, func) in self.funcs.iter().enumerate() {
            let id = FunctionId::from_usize(idx);
            match (self.home(&func.section), func.section.as_str()) {
                (Some(service), _) => plan.services[service].functions.push(id),
                (None, "kernel") => plan.kernel.functions.push(id),
                _ => plan.shell.functions.push(id),
            }
        }
        for (idx, (_, section, _)) in self.tables.iter().enumerate() {
            if let Some(service) = self.home(section) {
                plan.services[service].tables.push(TableId::from_usize(idx));
            }
        }
        for (idx, (_, section, ..)) in self.states.iter().enumerate() {
            if let Some(service) = self.home(section) {
                plan.services[service].state.push(StateId::from_usize(idx));
            }
        }
        for (id, entry) in model.entry_points.iter_enumerated() {
            let Some(service) = self.home(&self.funcs[entry.handler.unwrap().idx()].section) else {
                plan.shell.entry_points.push(id);
                continue;
            };
            let service = &mut plan.services[service];
            service.entry_points.push(id);
            let (name, trigger) = match entry.kind {
                EntryPointKind::Http => (format!("{}-http", service.name), "http"),
                kind => (format!("{}-{}", service.name, entry.path.as_ref().unwrap()), kind.as_str()),
            };
            match service.deployables.iter_mut().find(|deployable| deployable.name == name) {
                Some(deployable) => deployable.entry_points.push(id),
                None => service.deployables.push(Deployable {
                    name,
                    trigger: trigger.into(),
                    entry_points: vec![id],
                }),
            }
        }
        self.cuts(model, &mut plan);
        for (name, risk, text) in &self.steps {
            let (why, blocked) = text.split_once('|').unwrap_or((text, ""));
            let list = |text: &str| {
                text.split(';').map(|part| part.trim().to_string()).filter(|part| !part.is_empty()).collect()
            };
            for (service, candidate) in plan.services.iter_enumerated() {
                for deployable in candidate.deployables.iter().filter(|found| found.name == *name) {
                    plan.steps.push(MigrationStep {
                        service,
                        deployable: name.clone(),
                        entry_points: deployable.entry_points.clone(),
                        why: list(why),
                        risk: match risk.as_str() {
                            "low" => Risk::Low,
                            "medium" => Risk::Medium,
                            _ => Risk::High,
                        },
                        blocked_by: list(blocked),
                    });
                }
            }
        }
        for (name, low, value, high) in [
            ("cohesion", 0.58, 0.61, 0.66),
            ("inter-call-percentage", 11.0, 12.5, 17.0),
            ("data-exclusivity", 0.8, 0.85, 0.85),
        ] {
            plan.metrics.insert(name.into(), MetricRange { low, value, high });
        }
        plan
    }

    fn cuts(&self, model: &Model, plan: &mut Plan) {
        let homes = Homes::new(model, plan);
        let mut cut = |from: Home,
                       to: Home,
                       kind,
                       function,
                       target,
                       site,
                       (in_loop, severity, remedy): (bool, Severity, &str)| {
            if let (Home::Service(from), Home::Service(to)) = (from, to)
                && from != to
            {
                plan.cuts.push(CutEdge {
                    from,
                    to,
                    kind,
                    function,
                    target,
                    site,
                    in_loop,
                    needs_result: true,
                    severity,
                    remedy: remedy.into(),
                });
            }
        };
        for call in &model.calls {
            let how = if call.in_loop {
                (
                    true,
                    Severity::High,
                    "ask for all of them at once: a batch endpoint that takes the ids and gives a map",
                )
            } else {
                (false, Severity::Medium, "call it through a client behind the same signature")
            };
            let (from, to) = (homes.functions[call.caller], homes.functions[call.callee]);
            cut(from, to, CutKind::Call, call.caller, NodeRef::Function(call.callee), call.site, how);
        }
        for access in &model.accesses {
            let how = if access.op.is_write() {
                (false, Severity::Blocker, "one owner: let the owning service write, on a call or an event")
            } else {
                (false, Severity::Medium, "read through the owner's endpoint, or keep a read copy")
            };
            let (from, to) = (homes.functions[access.function], homes.tables[access.table]);
            cut(from, to, CutKind::Data, access.function, NodeRef::Table(access.table), access.site, how);
        }
        for transaction in &model.transactions {
            for &(table, _) in transaction.tables.iter().filter(|(_, op)| op.is_write()) {
                let how = (
                    false,
                    Severity::Blocker,
                    "keep the writers together, or an outbox with an idempotent consumer",
                );
                let (from, to) = (homes.functions[transaction.opened_by], homes.tables[table]);
                let target = NodeRef::Table(table);
                cut(from, to, CutKind::Transaction, transaction.opened_by, target, transaction.site, how);
            }
        }
    }
}
