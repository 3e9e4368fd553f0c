//! Models from one readable string, for tests of the rooms behind `facts`.

use std::collections::BTreeMap;

use crate::base::{DefPath, FileId, Id, Place, Span, TextRange};
use crate::model::*;

/// Builds a model. One thing per line, its facts indented below:
///
/// ```text
/// table orders -> users                 # refers to users
/// state shop::cache::PRICES             # a cache that changes
/// type shop::orders::Order
/// fn shop::orders::place                # its module is shop::orders
///     calls shop::stock::reserve        # also: loops (a call in a loop), sends (result unused)
///     guard shop::auth::user
///     reads users                       # joins (a read in a join), writes, deletes
///     uses shop::orders::Order
///     state shop::cache::PRICES
///     host mail.example.org             # speaks with it
///     lost reserve                      # a call that was not followed
///     transaction                       # what this function and its callees write
///     pure
/// POST /orders -> shop::orders::place   # also: cron nightly -> …, consumer, loop, command
/// ```
///
/// Lines are numbered as in the string, in one file `src/lib.rs`. `fn main` without a path is the
/// program's.
///
/// # Panics
/// Where a line cannot be read or names what is not there: the test is wrong.
pub fn model(text: &str) -> Model {
    Builder::default().build(text)
}

#[derive(Default)]
struct Builder {
    model: Model,
    modules: BTreeMap<String, ModuleIdx>,
    functions: BTreeMap<String, FunctionId>,
    types: BTreeMap<String, TypeId>,
    tables: BTreeMap<String, TableId>,
    state: BTreeMap<String, StateId>,
}

fn place(line: usize) -> Place {
    Place { file: FileId(0), line: line as u32 }
}

impl Builder {
    fn build(mut self, text: &str) -> Model {
        let lines: Vec<(usize, &str)> = (1..)
            .zip(text.lines())
            .map(|(at, line)| (at, line.split('#').next().unwrap_or("").trim_end()))
            .filter(|(_, line)| !line.trim().is_empty())
            .collect();
        self.model.name = "shop".into();
        self.model.files.push(File {
            path: "src/lib.rs".into(),
            hash: String::new(),
            n_lines: 0,
            parsed: true,
        });
        self.declare(&lines);
        let mut function = None;
        for &(at, line) in &lines {
            let words: Vec<&str> = line.split_whitespace().collect();
            if line.starts_with(char::is_whitespace) {
                self.fact(function.expect("a fact belongs to a function"), at, &words);
            } else if words[0] == "fn" {
                function = Some(self.functions[words[1]]);
            } else if let Some((head, handler)) = line.split_once(" -> ").filter(|_| words[0] != "table") {
                self.entry(at, head, handler.trim());
            }
        }
        self.transactions();
        self.model.calls.sort();
        self.model.type_uses.sort();
        self.model.accesses.sort();
        self.model.entry_points = {
            let mut entries = std::mem::take(&mut self.model.entry_points).into_vec();
            entries.sort_by_key(|entry| (entry.kind, entry.path.clone(), entry.method.clone()));
            entries.into()
        };
        self.model
    }
    /// Names first, sorted, so that ids do not depend on the order of lines.
    fn declare(&mut self, lines: &[(usize, &str)]) {
        let of = |kind: &str| {
            let mut found: Vec<(&str, usize)> = lines
                .iter()
                .filter_map(|&(at, line)| Some((line.strip_prefix(kind)?.split_whitespace().next()?, at)))
                .collect();
            found.sort_unstable();
            found
        };
        let mut modules: Vec<&str> = Vec::new();
        for (path, _) in of("fn ").iter().chain(&of("type ")) {
            let mut path = *path;
            while let Some((module, _)) = path.rsplit_once("::") {
                modules.push(module);
                path = module;
            }
        }
        modules.sort_unstable();
        modules.dedup();
        for module in modules {
            let parent = module.rsplit_once("::").map(|(parent, _)| self.modules[parent]);
            let id = self.model.modules.push(Module {
                path: DefPath::new(module),
                package: PackageIdx(0),
                krate: "shop".into(),
                parent,
                content: Span { file: FileId(0), range: TextRange::default() },
                declared_at: None,
                inline: false,
                test: false,
            });
            self.modules.insert(module.into(), id);
        }
        for (name, at) in of("table ") {
            let id = self.model.tables.push(Table {
                name: name.into(),
                view: false,
                declared_at: Some(place(at)),
                columns: Vec::new(),
                foreign_keys: Vec::new(),
                derived_from: Vec::new(),
            });
            self.tables.insert(name.into(), id);
        }
        for &(_, line) in lines.iter().filter(|(_, line)| line.starts_with("table ")) {
            let Some((head, targets)) = line.split_once(" -> ") else { continue };
            let table = self.tables[head["table ".len()..].trim()];
            for target in targets.split(',') {
                let table_of = self.tables[target.trim()];
                let key = ForeignKey {
                    columns: Vec::new(),
                    table: table_of,
                    on_delete: String::new(),
                    mapped: false,
                };
                self.model.tables[table].foreign_keys.push(key);
            }
        }
        for (path, at) in of("state ") {
            let id = self.model.state_cells.push(StateCell {
                path: DefPath::new(path),
                kind: StateKind::Cache,
                ty: String::new(),
                place: place(at),
                item: None,
                mutable: true,
            });
            self.state.insert(path.into(), id);
        }
        for (path, at) in of("type ") {
            let id = self.model.types.push(Type {
                path: DefPath::new(path),
                name: path.rsplit("::").next().unwrap_or(path).into(),
                item: ItemId(u32::MAX),
                module: self.module_of(path),
                place: place(at),
                fields: Vec::new(),
                derives: Vec::new(),
                test: false,
            });
            self.types.insert(path.into(), id);
        }
        for (path, at) in of("fn ") {
            let id = self.model.functions.push(Function {
                path: DefPath::new(path),
                name: path.rsplit("::").next().unwrap_or(path).into(),
                item: ItemId(u32::MAX),
                module: self.module_of(path),
                place: place(at),
                n_lines: 1,
                self_type: None,
                of_trait: None,
                params: Vec::new(),
                ret: String::new(),
                receiver: None,
                is_async: true,
                is_generic: false,
                is_public: true,
                test: false,
                pure: false,
            });
            self.functions.insert(path.into(), id);
        }
    }
    fn module_of(&self, path: &str) -> ModuleIdx {
        path.rsplit_once("::").map_or(ModuleIdx(0), |(module, _)| self.modules[module])
    }
    fn fact(&mut self, function: FunctionId, at: usize, words: &[&str]) {
        let site = place(at);
        let names = || words[1..].iter().map(|name| name.trim_end_matches(','));
        match words[0] {
            verb @ ("calls" | "loops" | "sends" | "guard") => {
                for name in names() {
                    let callee = *self.functions.get(name).unwrap_or_else(|| panic!("no function {name}"));
                    self.model.calls.push(CallEdge {
                        caller: function,
                        site,
                        callee,
                        kind: if verb == "guard" { CallKind::Guard } else { CallKind::Path },
                        certainty: Certainty::Certain,
                        in_loop: verb == "loops",
                        needs_result: verb != "sends",
                    });
                }
            }
            verb @ ("reads" | "joins" | "writes" | "deletes") => {
                for name in names() {
                    let table = *self.tables.get(name).unwrap_or_else(|| panic!("no table {name}"));
                    self.model.accesses.push(TableAccess {
                        function,
                        site,
                        table,
                        op: match verb {
                            "writes" => TableOp::Insert,
                            "deletes" => TableOp::Delete,
                            _ => TableOp::Read,
                        },
                        certainty: Certainty::Certain,
                        in_loop: false,
                        joined: verb == "joins",
                    });
                }
            }
            "uses" => {
                for name in names() {
                    let ty = *self.types.get(name).unwrap_or_else(|| panic!("no type {name}"));
                    self.model.type_uses.push(TypeUse { function, ty, role: TypeRole::Parameter });
                }
            }
            "state" => {
                for name in names() {
                    let cell = *self.state.get(name).unwrap_or_else(|| panic!("no state {name}"));
                    self.model.state_uses.push(StateUse { function, cell, site, write: true });
                }
            }
            "host" => {
                for name in names() {
                    let kind = ResourceKind::Host;
                    let resource = self.model.resources.push(Resource { kind, name: name.into() });
                    self.model.resource_uses.push(ResourceUse { function, resource, site });
                }
            }
            "lost" => {
                for name in names() {
                    let (name, reason) = (name.to_owned(), "untyped-receiver".to_owned());
                    self.model.unresolved.push(UnresolvedCall { caller: function, site, name, reason });
                }
            }
            "transaction" => self.model.transactions.push(Transaction {
                opened_by: function,
                site,
                functions: Vec::new(),
                tables: Vec::new(),
                escapes: Vec::new(),
            }),
            "pure" => self.model.functions[function].pure = true,
            other => panic!("line {at}: {other} is no fact"),
        }
    }
    fn entry(&mut self, at: usize, head: &str, handler: &str) {
        let (kind, path) = head.split_once(' ').expect("an entry point has a kind and a path");
        let handler = *self.functions.get(handler).unwrap_or_else(|| panic!("no function {handler}"));
        let (kind, method) = match kind {
            "cron" => (EntryPointKind::Cron, None),
            "consumer" => (EntryPointKind::Consumer, None),
            "loop" => (EntryPointKind::Loop, None),
            "command" => (EntryPointKind::Command, None),
            "startup" => (EntryPointKind::Startup, None),
            "graphql" => (EntryPointKind::Graphql, None),
            method => (EntryPointKind::Http, Some(method.to_owned())),
        };
        self.model.entry_points.push(EntryPoint {
            kind,
            method,
            path: Some(path.trim().into()),
            reason: None,
            handler: Some(handler),
            place: self.model.functions[handler].place,
            declared_at: place(at),
            guards: Vec::new(),
            middleware: Vec::new(),
            schedule: None,
        });
    }
    fn transactions(&mut self) {
        let graph = CallGraph::new(&self.model);
        let accesses = &self.model.accesses;
        for transaction in &mut self.model.transactions {
            transaction.functions = graph.reachable([transaction.opened_by]);
            transaction.tables = accesses
                .iter()
                .filter(|access| transaction.functions.contains(&access.function))
                .map(|access| (access.table, access.op))
                .collect();
            transaction.tables.sort_unstable_by_key(|&(table, op)| (table, op));
            transaction.tables.dedup();
        }
    }
}

#[test]
fn a_model_is_read() {
    let model = model(
        "table a\ntable b -> a\nfn s::m::f\n    writes b\n    calls s::m::g\nfn s::m::g\n    reads a\nGET /x -> s::m::f",
    );
    assert_eq!(model.functions.len(), 2);
    assert_eq!(model.modules.iter().map(|module| module.path.as_str()).collect::<Vec<_>>(), ["s", "s::m"]);
    assert_eq!(model.tables[TableId::from_usize(1)].foreign_keys[0].table, TableId(0));
    assert_eq!(model.entry_points[EntryPointId(0)].title(), "GET /x");
}
