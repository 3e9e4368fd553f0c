//! Groups the model into service candidates and orders their extraction.
//!
//! In: a [`Model`]. Out: a [`Plan`]. Cannot happen here: I/O, randomness, dependence on thread count.

use crate::model::{Model, Plan};

/// The user's wishes.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Wished number of services; `None` leaves it to stability.
    pub services: Option<usize>,
    /// -2 (few, large) to 2 (many, small).
    pub granularity: i32,
    /// Weight per criterion where it differs from the default.
    pub weights: std::collections::BTreeMap<String, i64>,
    /// Thing by its name (`table orders`, `GET /x`, a definition path, a module path) → service.
    pub pins: Vec<(String, String)>,
    /// Things that must be in one service.
    pub together: Vec<Vec<String>>,
    /// Pairs that must be in two.
    pub apart: Vec<(String, String)>,
}

/// Proposes a split.
pub fn propose(model: &Model, options: &Options) -> Plan {
    let _ = (model, options);
    todo!("proposal")
}
