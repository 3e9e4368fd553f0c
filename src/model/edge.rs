//! What ties the things of an application together.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::{Place, Span};

use super::node::{FunctionId, ResourceId, StateId, TableId, TypeId};

/// A call from one function of the workspace to another. Sorted by caller, site, callee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct CallEdge {
    /// The caller.
    pub caller: FunctionId,
    /// The place of the called name.
    pub site: Place,
    /// The callee.
    pub callee: FunctionId,
    /// How it is written.
    pub kind: CallKind,
    /// How sure.
    pub certainty: Certainty,
    /// Inside a loop or an iterator's closure.
    pub in_loop: bool,
    /// Whether the caller uses what comes back (a value other than `()`, or the `Result`).
    pub needs_result: bool,
}

/// How a call is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallKind {
    /// By path.
    Path,
    /// By method syntax.
    Method,
    /// A function used as a value.
    Reference,
    /// Named in an attribute.
    Attribute,
    /// Called by the framework for an argument.
    Guard,
    /// A message over a channel to which the sender waits for an answer.
    Message,
}

impl CallKind {
    /// The word of the formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Method => "method",
            Self::Reference => "reference",
            Self::Attribute => "attribute",
            Self::Guard => "guard",
            Self::Message => "message",
        }
    }
}

/// How sure an edge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Followed from definitions.
    Certain,
    /// By a heuristic.
    Likely,
    /// Dynamic dispatch: one of several.
    OneOf,
}

impl Certainty {
    /// The word of the formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::OneOf => "one-of",
        }
    }
}

/// A call that could not be resolved. Sorted by caller, site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct UnresolvedCall {
    /// The caller.
    pub caller: FunctionId,
    /// The place of the called name.
    pub site: Place,
    /// The name as written.
    pub name: String,
    /// Kebab-case reason: `untyped-receiver`.
    pub reason: String,
}

/// A function uses a type. Sorted by function, type, role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct TypeUse {
    /// The function.
    pub function: FunctionId,
    /// The type.
    pub ty: TypeId,
    /// How.
    pub role: TypeRole,
}

/// How a function uses a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TypeRole {
    /// Takes it.
    Parameter,
    /// Gives it.
    Return,
    /// Is a method of it.
    Receiver,
    /// Mentions it in its body.
    Body,
}

/// A function reads or writes a table. Sorted by function, site, table, op.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct TableAccess {
    /// The function whose body holds the statement.
    pub function: FunctionId,
    /// Place of the statement.
    pub site: Place,
    /// The table.
    pub table: TableId,
    /// What is done.
    pub op: TableOp,
    /// How sure: `likely` where the statement could only be scanned, not parsed.
    pub certainty: Certainty,
    /// Inside a loop.
    pub in_loop: bool,
    /// The statement names further tables beside this one (join, subquery).
    pub joined: bool,
}

/// What is done to a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TableOp {
    /// `SELECT`.
    Read,
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`, `TRUNCATE`.
    Delete,
}

impl TableOp {
    /// The word of the formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
    /// `C`, `R`, `U`, `D`.
    pub fn letter(self) -> char {
        match self {
            Self::Read => 'R',
            Self::Insert => 'C',
            Self::Update => 'U',
            Self::Delete => 'D',
        }
    }
    /// Whether it changes the table.
    pub fn is_write(self) -> bool {
        self != Self::Read
    }
}

/// A statement that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct UnknownSql {
    /// The function.
    pub function: FunctionId,
    /// Place of the call.
    pub site: Place,
    /// Why: `built-at-run-time`, `not-sql`.
    pub reason: String,
}

/// A database transaction. Sorted by place.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Transaction {
    /// The function that opens it.
    pub opened_by: FunctionId,
    /// Where.
    pub site: Place,
    /// Functions that run inside, the opener included; sorted.
    pub functions: Vec<FunctionId>,
    /// Tables touched inside, with what is done; sorted.
    pub tables: Vec<(TableId, TableOp)>,
    /// Calls inside the extent that use the pool instead: they are not rolled back.
    pub escapes: Vec<Place>,
}

/// A function touches a state cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct StateUse {
    /// The function.
    pub function: FunctionId,
    /// The cell.
    pub cell: StateId,
    /// Where.
    pub site: Place,
    /// Whether it changes it (`lock`, `insert`, `store`, `send`).
    pub write: bool,
}

/// A function uses a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct ResourceUse {
    /// The function.
    pub function: FunctionId,
    /// The resource.
    pub resource: ResourceId,
    /// Where.
    pub site: Place,
}

/// A task that outlives the function that starts it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct DetachedTask {
    /// The function.
    pub function: FunctionId,
    /// Where it is started.
    pub site: Place,
    /// What starts it: `tokio::spawn`.
    pub by: String,
    /// The text that runs.
    pub span: Span,
}

/// How much of the calls was resolved. Test code left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resolution {
    /// To one function of the workspace, from definitions.
    pub certain: u32,
    /// To one function, by a heuristic.
    pub likely: u32,
    /// To the implementors of a trait.
    pub one_of: u32,
    /// To something outside, constructors and local closures included.
    pub external: u32,
    /// Not at all.
    pub unknown: u32,
    /// The unknown ones by reason.
    pub unknown_by_reason: std::collections::BTreeMap<String, u32>,
}

impl Resolution {
    /// Share of calls whose target is known, in percent (100 where there is no call).
    pub fn percent(&self) -> f64 {
        let known = self.certain + self.likely + self.one_of + self.external;
        let all = known + self.unknown;
        if all == 0 { 100.0 } else { 100.0 * f64::from(known) / f64::from(all) }
    }
}
