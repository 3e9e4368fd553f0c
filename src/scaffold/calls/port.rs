//! Whether a function can be asked for from afar, and how: plain data travels, each side has its own state, and a
//! failure of the network has a way back.

use std::collections::BTreeSet;

use crate::model::{FunctionId, ItemKind, ModuleIdx, ServiceId};
use crate::scaffold::closure::is_trait;
use crate::scaffold::naming;
use crate::scaffold::slice::shape;
use crate::scaffold::slice::types::Ty;
use crate::scaffold::supply::path_from;

use super::wire::{Contract, ErrorWire, Stuck, Wire, stuck};
use super::{Own, Param, ParamKind, Pass, Port, Site};

impl<'a, 'm> Site<'a, 'm> {
    /// The port of a function that code elsewhere asks for.
    pub(super) fn port(
        &self,
        contract: &mut Contract<'a, 'm>,
        function: FunctionId,
        kept: &BTreeSet<FunctionId>,
        name: String,
    ) -> Result<Port, Stuck> {
        let facts = &self.names.model.functions[function];
        self.callable(function, kept)?;
        let receiver = match facts.receiver.as_deref() {
            None => None,
            Some(receiver) => Some(self.receiver(function, receiver, contract)?),
        };
        let mut params = Vec::new();
        for param in &facts.params {
            let about = |why: Stuck| Stuck { reason: format!("`{}` {}", param.name, why.reason), ..why };
            let plain = !param.name.is_empty()
                && param.name != "_"
                && param.name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
            let ty = Ty::parse(&param.ty);
            let kind = if let Some(own) = self.own(&ty, facts.module, contract) {
                ParamKind::Own(own)
            } else if param.ty.contains("&mut") {
                return Err(about(stuck(
                    format!(
                        "is a `{}`: what changes here cannot change there too, and a connection may be inside of a transaction",
                        param.ty
                    ),
                    "hand over the pool and plain data, and give back what changes",
                )));
            } else if !plain {
                return Err(stuck(
                    "one of its parameters has no name of its own",
                    "give each parameter a name",
                ));
            } else {
                let (owned, pass) = owned(&ty);
                let wire = contract.wire(&owned, facts.module, false).map_err(about)?;
                if borrows(&wire) {
                    return Err(about(stuck("borrows in several places", "hand over owned data")));
                }
                ParamKind::Travels(wire, pass)
            };
            params.push(Param { name: param.name.clone(), kind });
        }
        let (ok, error) = self.result(&facts.ret, facts.module, contract)?;
        let mut described = format!("{}\n", facts.path);
        for param in &params {
            if let ParamKind::Travels(wire, _) = &param.kind {
                described += &format!("{}: {}\n", param.name, contract.described(wire, 0));
            }
        }
        described += &contract.described(&ok, 0);
        if let ErrorWire::Named { decl, .. } = &error {
            described += &contract.described(&Wire::Named(*decl), 0);
        }
        let version = blake3::hash(described.as_bytes()).to_hex()[..16].to_owned();
        contract.items.insert(facts.item);
        Ok(Port { function, name, params, ok, error, reads: self.reads(function), version, receiver })
    }

    /// The name of a function in its service's contract. Both sides must come to the same, whatever else they have, so
    /// that it hangs on nothing but the service.
    pub(super) fn name_of(&self, service: ServiceId, function: FunctionId) -> String {
        let functions = &self.names.model.functions;
        let own = functions[function].path.segments();
        let named = |of: &[&str], n: usize| naming::snake(&of[of.len().saturating_sub(n)..].join(" "));
        for n in 1..own.len() {
            let name = named(&own, n);
            let is_taken = self.plan.services[service].functions.iter().any(|&other| {
                other != function
                    && !functions[other].test
                    && named(&functions[other].path.segments(), n) == name
            });
            if !is_taken {
                return name;
            }
        }
        named(&own, own.len())
    }

    /// Whether generated code elsewhere may call a function at all.
    fn callable(&self, function: FunctionId, kept: &BTreeSet<FunctionId>) -> Result<(), Stuck> {
        let model = self.names.model;
        let facts = &model.functions[function];
        let item = &model.items[facts.item];
        if self.handlers.contains(&function) {
            return Err(stuck("it answers requests itself", "call a function below it"));
        }
        if facts.is_generic || facts.params.iter().any(|param| param.ty.contains("impl ")) {
            return Err(stuck("it has type parameters", "give it concrete types, such as a pool"));
        }
        let of_trait = item.parent.is_some_and(|parent| {
            let parent = &model.items[parent];
            parent.kind == ItemKind::Trait || parent.implements.as_ref().is_some_and(is_trait)
        });
        if of_trait || facts.of_trait.is_some() {
            return Err(stuck("it belongs to a trait", "let it call a function of its own"));
        }
        if item.made_by.is_some() {
            return Err(stuck("a macro writes it", "write it out"));
        }
        if !facts.is_async {
            return Err(stuck("it is not `async`, and would block its thread", "make it `async`"));
        }
        let path = path_from(self.names, self.names.root_of(facts.module), facts.item);
        if path.is_none() || shape::body(self.inputs.sources.text(item.span)).is_none() {
            return Err(stuck("its text is not understood", "write it as a plain function"));
        }
        let inside = model.transactions.iter().find(|transaction| {
            transaction.functions.contains(&function)
                && kept.contains(&transaction.opened_by)
                && !self.reached(function).contains(&transaction.opened_by)
        });
        if let Some(transaction) = inside {
            let opener = &model.functions[transaction.opened_by].path;
            return Err(stuck(
                format!("it runs inside of a transaction that `{opener}` opens"),
                "split the transaction first: an outbox or a saga",
            ));
        }
        Ok(())
    }

    fn receiver(
        &self,
        function: FunctionId,
        receiver: &str,
        contract: &Contract<'_, '_>,
    ) -> Result<Own, Stuck> {
        let model = self.names.model;
        let facts = &model.functions[function];
        let no = || stuck(format!("it is called on a `{receiver}`"), "make it a free function");
        if receiver != "&self" {
            return Err(no());
        }
        let ty = model.items[facts.item]
            .parent
            .and_then(|parent| model.items[parent].implements.as_ref()?.type_item)
            .filter(|ty| self.states.contains(ty))
            .ok_or_else(no)?;
        let ty = &model.items[ty];
        let own = self.own(&Ty::Path(vec![ty.name.clone()], Vec::new()), ty.module, contract);
        own.map(|own| Own { by_ref: true, ..own }).ok_or_else(no)
    }

    /// A value that both processes have: shared state, a pool, either behind a reference or an `Arc`.
    pub(super) fn own(&self, ty: &Ty, module: ModuleIdx, contract: &Contract<'_, '_>) -> Option<Own> {
        let by_ref = matches!(ty, Ty::Ref(_));
        let inner = match ty {
            Ty::Ref(inner) => &**inner,
            other => other,
        };
        let Ty::Path(segments, args) = inner else { return None };
        let found = self.names.resolve(module, segments, false, None);
        let text = match found.last.first() {
            Some(item) if self.states.contains(item) && args.is_empty() => {
                path_from(self.names, contract.root(), *item).filter(|path| path.starts_with("crate::"))?
            }
            Some(_) => return None,
            None => {
                let name = segments.last().map_or("", String::as_str);
                match args.as_slice() {
                    [inner] if name == "Arc" => {
                        format!("std::sync::Arc<{}>", self.own(inner, module, contract)?.text)
                    }
                    [] if name.ends_with("Pool") || name == "DatabaseConnection" => {
                        contract.outside_path(segments, module)?
                    }
                    [Ty::Path(driver, _)] if name == "Pool" => {
                        let pool = contract.outside_path(segments, module)?;
                        format!("{pool}<{}>", contract.outside_path(driver, module)?)
                    }
                    _ => return None,
                }
            }
        };
        Some(Own { ty: inner.clone(), module, text, by_ref })
    }

    /// What comes back: a value, or an error that a failure of the network can become.
    fn result(
        &self,
        ret: &str,
        module: ModuleIdx,
        contract: &mut Contract<'a, 'm>,
    ) -> Result<(Wire, ErrorWire), Stuck> {
        let no_result = || {
            stuck(
                "it gives back no `Result`, so that a failure of the network has no way back",
                "let it return a `Result`",
            )
        };
        let (ok, error, at) = contract.result_parts(&Ty::parse(ret), module).ok_or_else(no_result)?;
        if ret.replace("&'static", "").contains('&') {
            return Err(stuck(format!("it gives back a `{ret}`, which borrows"), "give back owned data"));
        }
        let gives = |why: Stuck| Stuck { reason: format!("what it gives back {}", why.reason), ..why };
        let ok = contract.wire(&ok, at, true).map_err(gives)?;
        let error = contract
            .error(&error, at)
            .map_err(|why| Stuck { reason: format!("it {}", why.reason), ..why })?;
        Ok((ok, error))
    }
}

/// The type of an owned value, and how it is handed on.
fn owned(ty: &Ty) -> (Ty, Pass) {
    match ty {
        Ty::Ref(inner) if inner.name() == "str" => (ty.clone(), Pass::Ref),
        Ty::Ref(inner) => match &**inner {
            Ty::Slice(_) => (ty.clone(), Pass::Ref),
            inner => (inner.clone(), Pass::Ref),
        },
        Ty::Path(_, args) if ty.name() == "Option" && matches!(args.as_slice(), [Ty::Ref(_)]) => {
            let deref = match &args[0] {
                Ty::Ref(inner) => inner.name() == "str" || matches!(**inner, Ty::Slice(_)),
                _ => false,
            };
            (ty.clone(), if deref { Pass::AsDeref } else { Pass::AsRef })
        }
        other => (other.clone(), Pass::Value),
    }
}

/// Whether a value borrows deeper than it can be handed on.
fn borrows(wire: &Wire) -> bool {
    let holds = |wire: &Wire| wire.any(&|part| matches!(part, Wire::Ref(_) | Wire::Str { .. }));
    match wire {
        Wire::Str { .. } => false,
        Wire::Ref(inner) => match &**inner {
            Wire::Slice(element) => holds(element),
            inner => holds(inner),
        },
        Wire::Option(inner) => borrows(inner),
        other => holds(other),
    }
}
