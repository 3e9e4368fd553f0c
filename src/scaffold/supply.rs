//! Finds the values that moved code needs at start: the state, and what the state is made of.
//!
//! A value of a type is made by the monolith's own function that returns that type; its parameters are
//! made the same way. What serving code calls wins, then what is nearest to `main`, because that is how the
//! monolith itself does it.

use std::cell::RefCell;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use crate::model::{EntryPointKind, FunctionId, ItemId, Model, ModuleIdx};

use super::Gap;
use super::names::Names;
use super::slice::types::Ty;

/// Marks a use of a variable in generated text until it is known which one is the last.
const MARK: char = '\u{1}';

/// Makes values for generated code in one crate.
pub(super) struct Supplier<'a, 'm> {
    names: &'a Names<'m>,
    model: &'m Model,
    /// Root module of the crate in which the generated code stands.
    host: ModuleIdx,
    facts: &'a Facts,
    /// `let` lines so far.
    pub lines: Vec<String>,
    made: BTreeMap<Key, String>,
    on_way: Vec<Key>,
    /// What could not be made on the way to the argument at hand.
    failed: BTreeSet<Key>,
    /// Items that the lines name.
    pub roots: BTreeSet<ItemId>,
    /// What nobody makes.
    pub gaps: Vec<Gap>,
    /// Whether a line awaits.
    pub awaits: bool,
}

/// What of a model matters for every supplier.
#[derive(Debug)]
pub(super) struct Facts {
    distance: BTreeMap<FunctionId, u32>,
    called_by_serving: BTreeSet<FunctionId>,
    /// What each function returns: one type, or the parts of a tuple.
    parts: RefCell<BTreeMap<FunctionId, Rc<[Option<Key>]>>>,
}

impl Facts {
    fn new(model: &Model) -> Self {
        let serving = serving(model);
        let called_by_serving = model
            .calls
            .iter()
            .filter(|call| serving.contains(&call.caller))
            .map(|call| call.callee)
            .collect();
        Self { distance: distances(model), called_by_serving, parts: RefCell::default() }
    }
}

/// Types of values beside the numbers.
const PLAIN: &[&str] =
    &["BTreeMap", "BTreeSet", "Cow", "Duration", "HashMap", "HashSet", "Option", "PathBuf", "String", "Vec"];

/// A type, the same however it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Item(ItemId, Vec<Key>),
    External(String, Vec<Key>),
}

impl<'a, 'm> Supplier<'a, 'm> {
    /// A supplier for the crate with the root module `host`.
    pub fn new(names: &'a Names<'m>, host: ModuleIdx) -> Self {
        let model = names.model;
        Self {
            names,
            model,
            host,
            facts: names.supply.get_or_init(|| Facts::new(model)),
            lines: Vec::new(),
            made: BTreeMap::new(),
            on_way: Vec::new(),
            failed: BTreeSet::new(),
            roots: BTreeSet::new(),
            gaps: Vec::new(),
            awaits: false,
        }
    }

    fn key(&self, ty: &Ty, module: ModuleIdx, self_type: Option<ItemId>) -> Option<Key> {
        match ty {
            Ty::Ref(inner) => self.key(inner, module, self_type),
            Ty::Path(segments, args) => {
                let args: Vec<_> = args.iter().filter_map(|arg| self.key(arg, module, self_type)).collect();
                let found = self.names.resolve(module, segments, false, self_type);
                Some(match found.last.first() {
                    Some(&item) => Key::Item(item, args),
                    None => Key::External(segments.last()?.clone(), args),
                })
            }
            Ty::Slice(_) | Ty::Tuple(_) | Ty::Unit | Ty::Other(_) => None,
        }
    }

    /// Whether a type is made by a function of the application (so that it is state, not a request).
    pub fn can_make(&self, ty: &Ty, module: ModuleIdx) -> bool {
        let Some(key) = self.key(ty.behind_refs(), module, None) else { return false };
        self.made.contains_key(&key)
            || self.first_provider(&key).is_some()
            || unwrap(&key).is_some_and(|inner| self.first_provider(inner).is_some())
            || self.meant(&key).is_some_and(|plain| {
                let inner = unwrap(&plain);
                self.first_provider(&plain).is_some()
                    || inner.is_some_and(|inner| self.first_provider(inner).is_some())
            })
    }

    /// What an alias stands for; none of a plain value, which says nothing of what it is for.
    fn meant(&self, key: &Key) -> Option<Key> {
        let Key::Item(item, args) = key else { return None };
        let ty = self.names.aliases.get(item).filter(|_| args.is_empty())?;
        let key = self.key(ty, self.model.items[*item].module, None)?;
        let is_plain = match &key {
            Key::External(name, _) => {
                PLAIN.contains(&name.as_str()) || name.starts_with(|first: char| first.is_ascii_lowercase())
            }
            Key::Item(..) => false,
        };
        (!is_plain).then_some(key)
    }

    /// Whether a part of what a function returns is the type that is wanted, or an alias of it. What is wanted by the
    /// name of one alias does not come by that of another.
    fn gives(&self, part: Option<&Key>, wanted: &Key) -> bool {
        let by_alias = |part| {
            self.meant(part).as_ref() == Some(wanted)
                && self.on_way.iter().all(|key| self.meant(key).as_ref() != Some(wanted))
        };
        part.is_some_and(|part| part == wanted || by_alias(part))
    }

    fn first_provider(&self, key: &Key) -> Option<FunctionId> {
        self.providers(key).first().copied()
    }

    /// The text of an argument of type `ty`, written in `module`. What nobody makes becomes a marked
    /// `todo!` and a gap.
    pub fn argument(&mut self, ty: &Ty, module: ModuleIdx, what: &str) -> String {
        let by_ref = matches!(ty, Ty::Ref(_));
        let inner = ty.behind_refs();
        let key = self.key(inner, module, None);
        let made = key.as_ref().and_then(|key| self.value(key));
        match made {
            Some(var) if by_ref => format!("&{MARK}{var}{MARK}&"),
            Some(var) => format!("{MARK}{var}{MARK}"),
            None => {
                let name = match inner {
                    Ty::Path(segments, _) => segments.join("::"),
                    Ty::Other(text) => text.clone(),
                    _ => "()".into(),
                };
                self.gaps.push(Gap::new(
                    None,
                    format!("{what} needs a `{name}`, and no function of the application makes one from nothing; write that line in the generated entry"),
                ));
                format!("todo!(\"make a value of type {} for {what}\")", name.replace('"', "'"))
            }
        }
    }

    /// A variable that holds a value of a type.
    fn value(&mut self, key: &Key) -> Option<String> {
        if let Some(var) = self.made.get(key) {
            return Some(var.clone());
        }
        if self.on_way.contains(key) || self.on_way.len() > 16 || self.failed.contains(key) {
            return None;
        }
        self.on_way.push(key.clone());
        let made = self
            .by_provider(key)
            .or_else(|| self.by_wrapping(key))
            .or_else(|| self.meant(key).and_then(|plain| self.value(&plain)));
        self.on_way.pop();
        if made.is_none() {
            self.failed.insert(key.clone());
        }
        if self.on_way.is_empty() {
            self.failed.clear();
        }
        made
    }

    fn by_provider(&mut self, key: &Key) -> Option<String> {
        for provider in self.providers(key) {
            let function = &self.model.functions[provider];
            let before = (self.lines.len(), self.made.clone(), self.roots.clone(), self.awaits);
            let mut args = Vec::new();
            for param in &function.params {
                let ty = Ty::parse(&param.ty);
                let by_ref = matches!(ty, Ty::Ref(_));
                let Some(key) = self.key(&ty, function.module, self.self_type(provider)) else { break };
                let Some(var) = self.value(&key) else { break };
                args.push(if by_ref { format!("&{MARK}{var}{MARK}&") } else { format!("{MARK}{var}{MARK}") });
            }
            if args.len() != function.params.len() {
                self.lines.truncate(before.0);
                (self.made, self.roots, self.awaits) = (before.1, before.2, before.3);
                continue;
            }
            let Some(path) = self.path_of(function.item) else { continue };
            let call = format!("{path}({})", args.join(", "));
            let call = self.finish_call(call, provider);
            let var = self.fresh(key);
            let parts = self.parts(provider);
            match parts.iter().position(|part| self.gives(part.as_ref(), key)) {
                Some(at) if parts.len() > 1 => {
                    let pattern: Vec<&str> =
                        (0..parts.len()).map(|idx| if idx == at { var.as_str() } else { "_" }).collect();
                    self.lines.push(format!("let ({}) = {call};", pattern.join(", ")));
                }
                _ => self.lines.push(format!("let {var} = {call};")),
            }
            self.roots.insert(function.item);
            self.made.insert(key.clone(), var.clone());
            return Some(var);
        }
        None
    }

    /// `Arc<T>`, `Data<T>` and the like from a `T`.
    fn by_wrapping(&mut self, key: &Key) -> Option<String> {
        let Key::External(name, args) = key else { return None };
        let [inner] = args.as_slice() else { return None };
        let wrap = match name.as_str() {
            "Arc" => "std::sync::Arc::new",
            "Box" => "Box::new",
            _ => return None,
        };
        let value = self.value(inner)?;
        let var = self.fresh(key);
        self.lines.push(format!("let {var} = {wrap}({MARK}{value}{MARK});"));
        self.made.insert(key.clone(), var.clone());
        Some(var)
    }

    /// `.await` and `?` as the signature wants them.
    pub fn finish_call(&mut self, mut call: String, function: FunctionId) -> String {
        let function = &self.model.functions[function];
        if function.is_async {
            call += ".await";
            self.awaits = true;
        }
        let ret = Ty::parse(&function.ret);
        if self.is_result(&ret, function.module) {
            call += &self.question_mark(&ret, function.module);
        }
        call
    }

    /// Whether a return type is a `Result`, an alias of that name included.
    pub fn is_result(&self, ret: &Ty, _module: ModuleIdx) -> bool {
        ret.name() == "Result" || ret.name().ends_with("Result")
    }

    /// `?`, with the error turned into text where it is no `std::error::Error`.
    pub fn question_mark(&self, ret: &Ty, module: ModuleIdx) -> String {
        let error = ret.args().get(1).and_then(|error| self.key(error, module, None));
        let plain = match error {
            Some(Key::Item(item, _)) => self.is_error(item),
            _ => !self.stays_here(ret, module),
        };
        if plain { "?".into() } else { ".map_err(|error| format!(\"{error:?}\"))?".into() }
    }

    /// Whether an error is no text and may not leave its thread, as `Box<dyn Error>` may not.
    fn stays_here(&self, ret: &Ty, module: ModuleIdx) -> bool {
        let bound = |text: &str| text.contains("dyn ") && !(text.contains("Send") && text.contains("Sync"));
        match ret.args().get(1) {
            Some(Ty::Path(_, args)) => args.iter().any(|arg| matches!(arg, Ty::Other(text) if bound(text))),
            Some(Ty::Unit | Ty::Tuple(_)) => true,
            Some(_) => false,
            None => {
                let Ty::Path(segments, _) = ret else { return false };
                let found = self.names.resolve(module, segments, false, None);
                // An alias that names neither a type of the application nor a crate holds a boxed error.
                let alias = found.last.first().map(|&item| &self.model.items[item]);
                let of_std = |krate: &String| matches!(krate.as_str(), "std" | "core" | "alloc");
                alias.is_some_and(|alias| alias.mentions.is_empty() && alias.externs.iter().all(of_std))
            }
        }
    }

    fn is_error(&self, item: ItemId) -> bool {
        let derives = self.model.types.iter().find(|ty| ty.item == item).map_or(&[][..], |ty| &ty.derives);
        derives.iter().any(|derive| derive == "Error")
            || self.model.items.iter().filter_map(|other| other.implements.as_ref()).any(|sides| {
                sides.type_item == Some(item)
                    && sides.trait_path.as_ref().is_some_and(|tr| tr.name() == "Error")
            })
    }

    fn self_type(&self, function: FunctionId) -> Option<ItemId> {
        let parent = self.model.items[self.model.functions[function].item].parent?;
        self.model.items[parent].implements.as_ref().and_then(|sides| sides.type_item)
    }

    /// Functions that return a type, the best first.
    fn providers(&self, wanted: &Key) -> Vec<FunctionId> {
        let mut found: Vec<_> = self
            .model
            .functions
            .iter_enumerated()
            .filter(|(id, function)| {
                !function.test
                    && function.receiver.is_none()
                    && !function.is_generic
                    && function.of_trait.is_none()
                    && self.visible(*id)
                    && self.parts(*id).iter().any(|part| self.gives(part.as_ref(), wanted))
            })
            .map(|(id, function)| {
                let far = self.facts.distance.get(&id).copied().unwrap_or(u32::MAX);
                let serves = self.facts.called_by_serving.contains(&id);
                let as_alias = !self.parts(id).iter().any(|part| part.as_ref() == Some(wanted));
                (as_alias, !serves, far, function.params.len(), id)
            })
            .collect();
        found.sort();
        found.into_iter().map(|(.., id)| id).collect()
    }

    /// The types that a function returns: one, or the parts of a tuple.
    fn parts(&self, function: FunctionId) -> Rc<[Option<Key>]> {
        if let Some(known) = self.facts.parts.borrow().get(&function) {
            return known.clone();
        }
        let facts = &self.model.functions[function];
        let ret = Ty::parse(&facts.ret);
        let key = |ty: &Ty| match ty {
            Ty::Path(..) => self.key(ty, facts.module, self.self_type(function)),
            _ => None,
        };
        let parts: Rc<[Option<Key>]> = match ret.success().0 {
            Ty::Tuple(parts) => parts.iter().map(key).collect(),
            ty => Rc::new([key(ty)]),
        };
        self.facts.parts.borrow_mut().insert(function, parts.clone());
        parts
    }

    fn visible(&self, function: FunctionId) -> bool {
        let root = self.names.root_of(self.model.functions[function].module);
        root == self.host
            || self.model.packages.iter().any(|package| {
                package.lib.as_deref().map(|lib| lib.replace('-', "_")).as_deref()
                    == Some(self.model.modules[root].krate.as_str())
            })
    }

    /// The path under which generated code reaches a function.
    pub fn path_of_function(&self, function: FunctionId) -> String {
        let function = &self.model.functions[function];
        self.path_of(function.item).unwrap_or_else(|| function.path.to_string())
    }

    /// Parameter types, module and path of a function.
    pub fn signature(&self, function: FunctionId) -> (Vec<Ty>, ModuleIdx, String) {
        let function = &self.model.functions[function];
        let params = function.params.iter().map(|param| Ty::parse(&param.ty)).collect();
        (params, function.module, function.path.to_string())
    }

    /// The path under which generated code reaches an item.
    pub fn path_of(&self, item: ItemId) -> Option<String> {
        path_from(self.names, self.host, item)
    }

    fn fresh(&self, key: &Key) -> String {
        let name = match key {
            Key::Item(item, _) => self.model.items[*item].name.clone(),
            Key::External(name, args) => match args.first() {
                Some(Key::Item(item, _)) => format!("{name}_{}", self.model.items[*item].name),
                _ => name.clone(),
            },
        };
        let base = super::naming::snake(&name);
        let taken = |name: &str| self.made.values().any(|other| other == name);
        let mut name = base.clone();
        let mut n = 2;
        while taken(&name) {
            name = format!("{base}_{n}");
            n += 1;
        }
        name
    }
}

/// Puts moves and clones for the marked variables: the last use by value moves, earlier ones clone.
pub(super) fn settle(lines: &[String]) -> Vec<String> {
    let text = lines.join("\n");
    let mut uses: Vec<(usize, usize, String, bool)> = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(MARK).map(|found| found + at) {
        let Some(end) = text[start + 1..].find(MARK).map(|found| found + start + 1) else { break };
        let by_ref = text[end + 1..].starts_with('&');
        uses.push((start, end + 1 + usize::from(by_ref), text[start + 1..end].to_owned(), by_ref));
        at = end + 1;
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (idx, (start, end, var, by_ref)) in uses.iter().enumerate() {
        out.push_str(&text[at..*start]);
        out.push_str(var);
        let later = uses[idx + 1..].iter().any(|(_, _, other, _)| other == var);
        if !by_ref && later {
            out.push_str(".clone()");
        }
        at = *end;
    }
    out.push_str(&text[at..]);
    out.lines().map(str::to_owned).collect()
}

fn unwrap(key: &Key) -> Option<&Key> {
    match key {
        Key::External(name, args) if matches!(name.as_str(), "Arc" | "Box") => args.first(),
        _ => None,
    }
}

/// The path under which code in the crate of `host` reaches an item.
pub(super) fn path_from(names: &Names<'_>, host: ModuleIdx, item: ItemId) -> Option<String> {
    let model = names.model;
    let facts = &model.items[item];
    let mut segments: Vec<String> = match facts.parent {
        // Free of `<…>`: the type's path and the name.
        Some(parent) => {
            let sides = model.items[parent].implements.as_ref()?;
            let ty = &model.items[sides.type_item?];
            let mut segments: Vec<String> = ty.path.segments().into_iter().map(str::to_owned).collect();
            segments.push(facts.name.clone());
            segments
        }
        None => facts.path.segments().into_iter().map(str::to_owned).collect(),
    };
    let root = names.root_of(facts.module);
    let krate = segments.first_mut()?;
    *krate = if root == host { "crate".into() } else { model.modules[root].krate.clone() };
    Some(segments.iter().map(|segment| super::naming::raw(segment)).collect::<Vec<_>>().join("::"))
}

/// Functions on whose way something is served: they reach a router, a job or a consumer. What they make
/// the state with is what serving needs; a maintenance command may do less.
fn serving(model: &Model) -> BTreeSet<FunctionId> {
    let routers = model
        .functions
        .iter_enumerated()
        .filter(|(_, function)| !function.test && function.ret.contains("Router"))
        .filter(|(_, function)| Ty::parse(&function.ret).success().0.name() == "Router")
        .map(|(id, _)| id);
    let handlers = model
        .entry_points
        .iter()
        .filter(|entry| !matches!(entry.kind, EntryPointKind::Startup | EntryPointKind::Command))
        .filter_map(|entry| entry.handler);
    let mut found = BTreeSet::new();
    let mut stack: Vec<FunctionId> = routers.chain(handlers).collect();
    let mut callers: BTreeMap<FunctionId, Vec<FunctionId>> = BTreeMap::new();
    for call in &model.calls {
        callers.entry(call.callee).or_default().push(call.caller);
    }
    while let Some(function) = stack.pop() {
        for &caller in callers.get(&function).into_iter().flatten() {
            if found.insert(caller) {
                stack.push(caller);
            }
        }
    }
    found
}

/// Calls between `main` and each function, at least.
fn distances(model: &Model) -> BTreeMap<FunctionId, u32> {
    let mut distance = BTreeMap::new();
    let mut queue = VecDeque::new();
    let starts = model
        .functions
        .iter_enumerated()
        .filter(|(_, function)| function.name == "main" && !function.test)
        .map(|(id, _)| id)
        .chain(
            model
                .entry_points
                .iter()
                .filter(|entry| matches!(entry.kind, EntryPointKind::Startup))
                .filter_map(|entry| entry.handler),
        );
    for start in starts {
        if distance.insert(start, 0).is_none() {
            queue.push_back(start);
        }
    }
    while let Some(caller) = queue.pop_front() {
        let far = distance[&caller] + 1;
        let from = model.calls.partition_point(|call| call.caller < caller);
        for call in model.calls[from..].iter().take_while(|call| call.caller == caller) {
            if let Entry::Vacant(entry) = distance.entry(call.callee) {
                entry.insert(far);
                queue.push_back(call.callee);
            }
        }
    }
    distance
}
