//! A struct that nearly every service takes along: one state for all, one error for all.
//!
//! Small values (ids, newtypes) are fine to share.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Severity;
use crate::fitness::Detector;
use crate::fitness::app::{App, Found};
use crate::model::{ServiceId, TypeId, TypeRole};

pub const DETECTOR: Detector = Detector {
    code: "hub",
    remedy: "give each service the part that it uses: a narrower struct, or `FromRef` for single fields; copy small shared types into a kernel crate",
    look,
};

/// Fields of which a struct is more than a value.
const MANY_FIELDS: usize = 5;

fn look(app: &App<'_>, found: &mut Found<'_>) {
    let n = app.plan.services.len();
    let many = usize::max(3, n.div_ceil(2));
    let mut users: BTreeMap<TypeId, BTreeSet<ServiceId>> = BTreeMap::new();
    for used in app.model.type_uses.iter().filter(|used| app.live(used.function)) {
        if matches!(used.role, TypeRole::Parameter | TypeRole::Receiver)
            && let Some(service) = app.service(used.function)
        {
            users.entry(used.ty).or_default().insert(service);
        }
    }
    for (id, services) in users {
        let ty = &app.model.types[id];
        if ty.test || services.len() < many || ty.fields.len() < MANY_FIELDS {
            continue;
        }
        found
            .add(
                Severity::Medium,
                format!(
                    "`{}` with its {} fields is taken by {} of {n} services: {}",
                    app.short(ty.path.as_str()),
                    ty.fields.len(),
                    services.len(),
                    app.list(&services)
                ),
            )
            .at(ty.place);
    }
}
