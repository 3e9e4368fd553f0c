//! The kinds of reasons, and how much each weighs.

use std::collections::BTreeMap;

use super::error::ProposeError;

/// A kind of reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Criterion {
    Entry,
    Calls,
    Tables,
    Flow,
    Transaction,
    ForeignKeys,
    Types,
    Payload,
    Module,
    Route,
    Words,
    State,
    Trace,
    History,
    Authors,
}

impl Criterion {
    /// In the order of their numbers.
    pub(super) const ALL: [Self; 15] = [
        Self::Entry,
        Self::Calls,
        Self::Tables,
        Self::Flow,
        Self::Transaction,
        Self::ForeignKeys,
        Self::Types,
        Self::Payload,
        Self::Module,
        Self::Route,
        Self::Words,
        Self::State,
        Self::Trace,
        Self::History,
        Self::Authors,
    ];
    /// The word of the formats and of `weights.toml`.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Calls => "calls",
            Self::Tables => "tables",
            Self::Flow => "flow",
            Self::Transaction => "transaction",
            Self::ForeignKeys => "foreign-keys",
            Self::Types => "types",
            Self::Payload => "payload",
            Self::Module => "module",
            Self::Route => "route",
            Self::Words => "words",
            Self::State => "state",
            Self::Trace => "trace",
            Self::History => "history",
            Self::Authors => "authors",
        }
    }
}

/// The weight of each criterion in thousandths.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    of: [i64; Criterion::ALL.len()],
    /// What `words` weighs by default: their ties come in the scale of the others already.
    pub words: i64,
}

impl Weights {
    /// The defaults with the user's wishes laid over.
    ///
    /// # Errors
    /// Where a wish names no criterion.
    pub(super) fn new(wishes: &BTreeMap<String, i64>) -> Result<Self, ProposeError> {
        let defaults: BTreeMap<String, i64> =
            toml::from_str(include_str!("weights.toml")).expect("weights.toml is part of the program");
        let mut weights = [0; Criterion::ALL.len()];
        for (slot, criterion) in weights.iter_mut().zip(Criterion::ALL) {
            *slot = defaults[criterion.as_str()];
        }
        for (name, &weight) in wishes {
            let Some(at) = Criterion::ALL.iter().position(|criterion| criterion.as_str() == name) else {
                let known: Vec<_> = Criterion::ALL.iter().map(|criterion| criterion.as_str()).collect();
                return Err(ProposeError::UnknownCriterion { name: name.clone(), known: known.join(", ") });
            };
            weights[at] = weight.max(0);
        }
        Ok(Self { of: weights, words: defaults[Criterion::Words.as_str()] })
    }
    /// The weight of one.
    pub(super) fn of(&self, criterion: Criterion) -> i64 {
        self.of[criterion as usize]
    }
}
