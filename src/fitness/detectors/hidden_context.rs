//! A guard of another service that runs before a handler: every request would make that call first.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Severity;
use crate::fitness::Detector;
use crate::fitness::app::{App, Found, count};
use crate::model::{CallEdge, CallKind, FunctionId};

pub const DETECTOR: Detector = Detector {
    code: "hidden-context",
    remedy: "carry what the guard finds in the request: a signed token with the claims, checked without a call",
    look,
};

fn look(app: &App<'_>, found: &mut Found<'_>) {
    let mut guards: BTreeMap<FunctionId, Vec<&CallEdge>> = BTreeMap::new();
    for call in app.model.calls.iter().filter(|call| call.kind == CallKind::Guard && app.live(call.caller)) {
        let (Some(from), Some(to)) = (app.service(call.caller), app.service(call.callee)) else { continue };
        if from != to {
            guards.entry(call.callee).or_default().push(call);
        }
    }
    for (guard, calls) in guards {
        let handlers: BTreeSet<_> = calls.iter().map(|call| call.caller).collect();
        let services: BTreeSet<_> = handlers.iter().filter_map(|&handler| app.service(handler)).collect();
        let owner = app.service(guard).expect("looked at above");
        let first = calls.iter().min_by_key(|call| call.site).expect("not empty");
        found
            .add(
                Severity::Medium,
                format!(
                    "{} of {} {} `{}` of {} before anything else",
                    count(handlers.len(), "handler"),
                    app.list(&services),
                    if handlers.len() == 1 { "runs the guard" } else { "run the guard" },
                    name(app, guard),
                    app.service_name(owner)
                ),
            )
            .of(Some(owner))
            .within(app, first.caller)
            .at(first.site);
    }
}

/// A guard is known by its type: `CurrentUser`, not the method that makes it.
fn name<'a>(app: &App<'a>, guard: FunctionId) -> &'a str {
    let function = &app.model.functions[guard];
    match function.self_type.and_then(|ty| app.model.types.get(ty)) {
        Some(ty) if function.of_trait.is_some() => &ty.name,
        _ => app.function(guard),
    }
}
