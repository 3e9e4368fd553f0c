//! The things of an application.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::{DefPath, Place, Span, define_id};

define_id! { /// A package of [`Model`](super::Model).
PackageIdx }
define_id! { /// A module of [`Model`](super::Model).
ModuleIdx }
define_id! { /// An item of [`Model`](super::Model).
ItemId }
define_id! { /// A function of [`Model`](super::Model).
FunctionId }
define_id! { /// A type of [`Model`](super::Model).
TypeId }
define_id! { /// A table of [`Model`](super::Model).
TableId }
define_id! { /// A state cell of [`Model`](super::Model).
StateId }
define_id! { /// A resource of [`Model`](super::Model).
ResourceId }
define_id! { /// An entry point of [`Model`](super::Model).
EntryPointId }

/// A file that was read.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct File {
    /// Relative path with `/`.
    pub path: String,
    /// BLAKE3 of the text, hexadecimal; `scaffold` refuses a file whose hash moved.
    pub hash: String,
    /// Number of lines.
    pub n_lines: u32,
    /// Whether it is Rust and parsed.
    pub parsed: bool,
}

/// A Cargo package.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Package {
    /// `package.name`.
    pub name: String,
    /// Relative directory, empty for the root.
    pub dir: String,
    /// Relative path of `Cargo.toml`.
    pub manifest: String,
    /// Edition.
    pub edition: String,
    /// Name of the library crate, where there is one.
    pub lib: Option<String>,
    /// Names of the binaries.
    pub bins: Vec<String>,
    /// External and local dependencies by the name used in code; dev-dependencies left out.
    pub dependencies: Vec<DependencyRef>,
    /// Whether it is a part of the application: a program of the workspace links it, with some features, or it
    /// answers requests.
    #[serde(default = "linked")]
    pub linked: bool,
}

/// What an artifact of before says.
fn linked() -> bool {
    true
}

/// A dependency as used in code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct DependencyRef {
    /// Name in code.
    pub krate: String,
    /// Name in the registry.
    pub package: String,
    /// The package of this workspace that it means.
    pub local: Option<PackageIdx>,
    /// The key in the manifest's `[dependencies]`.
    pub key: String,
}

/// A module.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Module {
    /// `shop::orders`.
    pub path: DefPath,
    /// Its package.
    pub package: PackageIdx,
    /// Name of its crate (a package can have several).
    pub krate: String,
    /// The enclosing module.
    pub parent: Option<ModuleIdx>,
    /// Its content: the file, and the range of the file (the whole one, or between the braces).
    pub content: Span,
    /// The `mod` item; `None` for a crate root.
    pub declared_at: Option<Span>,
    /// Whether the content stands between braces.
    pub inline: bool,
    /// In test code.
    pub test: bool,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// A function or method.
    Function,
    /// A struct.
    Struct,
    /// An enum.
    Enum,
    /// A union.
    Union,
    /// A trait.
    Trait,
    /// An implementation.
    Impl,
    /// A type alias or associated type.
    TypeAlias,
    /// A constant.
    Const,
    /// A static.
    Static,
    /// A `macro_rules!`.
    Macro,
    /// A macro call in item position.
    MacroCall,
}

/// An item: the unit that scaffolding moves.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// Stable name; an implementation is `shop::orders::<Cart as Priced>` or `shop::orders::<Cart>`.
    pub path: DefPath,
    /// What it is.
    pub kind: ItemKind,
    /// Its own name; empty for an implementation or macro call.
    pub name: String,
    /// The module that it stands in.
    pub module: ModuleIdx,
    /// The implementation, trait or function that it stands in.
    pub parent: Option<ItemId>,
    /// The macro call that it was expanded from: its text moves as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<ItemId>,
    /// The whole item with attributes and doc comments.
    pub span: Span,
    /// Line of the keyword (`fn`, `struct`, …), 1-based.
    pub line: u32,
    /// In test code.
    pub test: bool,
    /// Items that its text mentions, sorted; for an implementation those of its head.
    pub mentions: Vec<ItemId>,
    /// External crates that its text mentions, by the name in code; sorted.
    pub externs: Vec<String>,
    /// For an implementation: the trait and type.
    pub implements: Option<Implements>,
}

/// The two sides of an implementation.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Implements {
    /// The trait, where it is of the workspace.
    pub trait_item: Option<ItemId>,
    /// The trait's path, where it is external.
    pub trait_path: Option<DefPath>,
    /// The type, where it is of the workspace.
    pub type_item: Option<ItemId>,
}

/// A leaf of a `use`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Import {
    /// The module that it stands in.
    pub module: ModuleIdx,
    /// The whole `use` item, attributes included.
    pub item: Span,
    /// The leaf's own text (`b as c`).
    pub leaf: Span,
    /// The name that it binds; `None` for a glob and for `as _`.
    pub name: Option<String>,
    /// Whether it is a glob.
    pub glob: bool,
    /// What it means.
    pub targets: Vec<ImportTarget>,
}

/// What a `use` leaf means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImportTarget {
    /// An item.
    Item(ItemId),
    /// A module.
    Module(ModuleIdx),
    /// A variant of the enum.
    Variant(ItemId),
    /// Something external: the path as far as known.
    External(DefPath),
}

/// A function or method.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Function {
    /// Stable name.
    pub path: DefPath,
    /// Its own name.
    pub name: String,
    /// Its item.
    pub item: ItemId,
    /// Its module.
    pub module: ModuleIdx,
    /// Place of the `fn` keyword.
    pub place: Place,
    /// Number of lines of the item.
    pub n_lines: u32,
    /// The type whose method it is (implementation or trait).
    pub self_type: Option<TypeId>,
    /// The trait whose method it implements or declares, by name.
    pub of_trait: Option<String>,
    /// Parameters without `self`.
    pub params: Vec<Parameter>,
    /// Return type as written; empty for the unit.
    pub ret: String,
    /// `self`, `&self`, `&mut self`, or none.
    pub receiver: Option<String>,
    /// `async fn`.
    pub is_async: bool,
    /// Has type parameters or `impl Trait` arguments.
    pub is_generic: bool,
    /// `pub` in any form.
    pub is_public: bool,
    /// In test code.
    pub test: bool,
    /// Calls nothing impure that is known: no table, state, resource, await, external I/O (transitively).
    pub pure: bool,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Parameter {
    /// Its name, where it has one.
    pub name: String,
    /// Its type as written.
    pub ty: String,
}

/// A type.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Type {
    /// Stable name.
    pub path: DefPath,
    /// Its own name.
    pub name: String,
    /// Its item.
    pub item: ItemId,
    /// Its module.
    pub module: ModuleIdx,
    /// Place of the keyword.
    pub place: Place,
    /// Fields of a struct, or of all variants.
    pub fields: Vec<Parameter>,
    /// Derived traits by last segment (`Serialize`); sorted.
    pub derives: Vec<String>,
    /// In test code.
    pub test: bool,
}

/// A table or view.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Table {
    /// Bare lower-case name; schema-qualified where two schemas share it.
    pub name: String,
    /// Whether it is a view.
    pub view: bool,
    /// Where it is declared: migration, schema, entity; `None` where only queries name it.
    pub declared_at: Option<Place>,
    /// Columns in declaration order; empty where unknown.
    pub columns: Vec<Column>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Tables that a view or trigger reads or writes.
    pub derived_from: Vec<TableId>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its SQL type as written.
    pub ty: String,
    /// Part of the primary key.
    pub primary_key: bool,
    /// Whether it may be null.
    pub nullable: bool,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ForeignKey {
    /// Columns of this table.
    pub columns: Vec<String>,
    /// The table that is referred to.
    pub table: TableId,
    /// `ON DELETE CASCADE` and the like, lower case; empty for none.
    pub on_delete: String,
    /// Whether the code declares what the database has, too: it goes from one table to the other.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mapped: bool,
}

/// State that lives in the process.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StateCell {
    /// `shop::cache::PRICES`, or `shop::AppState.cache` for a field.
    pub path: DefPath,
    /// What kind.
    pub kind: StateKind,
    /// Its type as written.
    pub ty: String,
    /// Where it is declared.
    pub place: Place,
    /// Its item, or that of the struct that holds it.
    pub item: Option<ItemId>,
    /// Whether it can change after start.
    pub mutable: bool,
}

/// What kind of state cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StateKind {
    /// A `static`.
    Static,
    /// A field of shared application state.
    Shared,
    /// A cache.
    Cache,
    /// An end of a channel.
    Channel,
    /// A database pool or client handle (not truth of its own).
    Handle,
}

/// Something outside the process.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Resource {
    /// What kind.
    pub kind: ResourceKind,
    /// Name of the variable, path, host, bucket, topic.
    pub name: String,
}

/// What kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceKind {
    /// An environment variable.
    Env,
    /// A file or directory.
    File,
    /// A host that is called.
    Host,
    /// A bucket of an object store.
    Bucket,
    /// A queue or topic.
    Queue,
    /// A key of a key-value store; what is known at run time only is `…`.
    Key,
}

/// What starts work from outside.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EntryPoint {
    /// What kind.
    pub kind: EntryPointKind,
    /// HTTP method, upper case; `None` for other kinds, and `ANY` where a route takes all.
    pub method: Option<String>,
    /// Full path with `{param}` as the framework writes it; for other kinds the name (`nightly-report`,
    /// `rental.returned`); `None` where it cannot be known.
    pub path: Option<String>,
    /// Why `path` or `handler` is not known.
    pub reason: Option<String>,
    /// The function that is called; `None` where not known or external.
    pub handler: Option<FunctionId>,
    /// Where the handler stands: its `fn`, or the closure at the declaration.
    pub place: Place,
    /// Where it is declared: the `.route(…)`, the attribute, the scheduler call.
    pub declared_at: Place,
    /// Types of the guards and extractors among the handler's parameters, sorted.
    pub guards: Vec<TypeId>,
    /// Functions and types of middleware that stand around the handler where it is mounted, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub middleware: Vec<ItemId>,
    /// Schedule of a cron job, as written.
    pub schedule: Option<String>,
}

impl EntryPoint {
    /// `GET /api/orders`, or `cron nightly-report`: how people and files name it.
    pub fn title(&self) -> String {
        let path = self.path.as_deref().unwrap_or("?");
        match (&self.kind, &self.method) {
            (EntryPointKind::Http, Some(method)) => format!("{method} {path}"),
            (EntryPointKind::Http, None) => format!("ANY {path}"),
            (kind, _) => format!("{} {path}", kind.as_str()),
        }
    }
}

/// What kind of entry point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EntryPointKind {
    /// An HTTP route.
    Http,
    /// A gRPC method.
    Grpc,
    /// A field of a GraphQL root.
    Graphql,
    /// A scheduled job.
    Cron,
    /// A queue, topic or channel consumer.
    Consumer,
    /// A background loop.
    Loop,
    /// A command of the command line, or a binary.
    Command,
    /// Work before serving.
    Startup,
}

impl EntryPointKind {
    /// The word of the formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Grpc => "grpc",
            Self::Graphql => "graphql",
            Self::Cron => "cron",
            Self::Consumer => "consumer",
            Self::Loop => "loop",
            Self::Command => "command",
            Self::Startup => "startup",
        }
    }
}
