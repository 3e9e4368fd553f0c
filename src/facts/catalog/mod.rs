//! Frameworks and database layers as data.
//!
//! A catalog names what a framework's functions, methods, macros and attributes are for; the shapes
//! that give the names their meaning are code (`entry_points`, `tables`). A new framework is one file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a method of a router does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Shape {
    /// `(path, handlers)`, or `(handlers)` at the router's own path.
    Route,
    /// `(path, service)`: something that is no function answers.
    RouteService,
    /// `(handler)`: the path is declared by the type of the handler's first parameter.
    Typed,
    /// `(handler)`: all methods at the router's own path.
    Handler,
    /// `(handler)`: the method of that name at the router's own path.
    Verb,
    /// `(path, router)`, or `(router)` at the router's own path.
    Nest,
    /// `(router)`, or a function with an attribute, or a list of these.
    Merge,
    /// `(function)`: the function is given the router.
    Configure,
    /// `(path)`: the router seen from a path below.
    At,
    /// `(path)`: puts everything of the router below a path.
    Prefix,
    /// `(middleware)`: stands around all routes of the router.
    Guard,
    /// `(middleware)`: stands around the routes that the router has so far.
    GuardSoFar,
    /// Adds no entry point.
    Skip,
    /// Gives something that serves no entry point: documentation of the routes.
    Leave,
}

/// A web framework.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Web {
    /// For messages.
    pub name: String,
    /// The crates whose paths count.
    pub crates: Vec<String>,
    pub router: RouterNames,
    pub handlers: HandlerNames,
    pub attributes: AttributeNames,
    pub guards: GuardNames,
}

/// How routers are made and added to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RouterNames {
    /// A parameter of such a type is a router.
    pub types: Vec<String>,
    /// Functions that give an empty router.
    pub new: Vec<String>,
    /// Functions that give an empty router below the path that they take.
    pub scopes: Vec<String>,
    /// Functions that give the routes of the types in their first argument.
    pub api: Vec<String>,
    /// Whether routes are filters that are combined by `and` and `or`.
    pub filters: bool,
    /// Macros that list functions with attributes.
    pub list_macros: Vec<String>,
    /// Macros that take a router, a base path, settings, and then paths with routes.
    pub mount_macros: Vec<String>,
    /// Whether a nested `/` adds nothing to its prefix.
    pub empty_slash: bool,
    pub methods: BTreeMap<String, Shape>,
}

/// How methods and functions are put together.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct HandlerNames {
    /// Function, and method that continues a chain → HTTP method.
    pub verbs: BTreeMap<String, String>,
    /// Functions whose first argument says the methods.
    pub on: Vec<String>,
    /// Verbs that take a service, `post_service`: it may be a function with layers around, or none.
    pub services: Vec<String>,
    /// Functions that start a chain without method and handler.
    pub empty: Vec<String>,
    /// Methods of a chain that give it its handler.
    pub set_handler: Vec<String>,
    /// Methods of a chain that give it its method.
    pub set_method: Vec<String>,
}

/// Attributes of handlers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct AttributeNames {
    /// Attribute → HTTP method; its first argument is the path.
    pub verbs: BTreeMap<String, String>,
    /// The attribute that names its method among its arguments.
    pub route: String,
    /// The attribute of an implementation whose methods are routes, and that of such a method.
    pub api: String,
    /// See `api`.
    pub api_method: String,
    /// The attribute of a trait whose methods are routes that each implementation answers.
    pub api_trait: String,
}

/// What runs before a handler.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct GuardNames {
    /// Traits of extractors.
    pub traits: Vec<String>,
    /// Traits of what stands around handlers.
    pub middleware: Vec<String>,
}

/// A database layer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Database {
    /// For messages.
    pub name: String,
    /// The crates whose paths count.
    pub crates: Vec<String>,
    /// Macros that take a statement's text.
    pub sql_macros: Vec<String>,
    /// Macros that take the path of a file with a statement.
    pub sql_file_macros: Vec<String>,
    /// Functions whose first argument is a statement's text.
    pub sql_functions: Vec<String>,
    /// Methods that take a statement's text.
    pub sql_methods: Vec<String>,
    /// Attributes of functions that hold the statement which they run.
    pub sql_attributes: Vec<String>,
    /// Methods that append to a statement.
    pub fragment_methods: Vec<String>,
    /// Methods that open a transaction and give it back; `a.b` is the method `b` of what a method `a` gives.
    pub begin: Vec<String>,
    /// Methods that run a closure in a transaction, or a tuple of requests.
    pub transaction: Vec<String>,
    /// Types of connection pools.
    pub pools: Vec<String>,
    /// Types of open transactions.
    pub transactions: Vec<String>,
    /// Types and traits that stand for a connection or a transaction alike.
    pub connections: Vec<String>,
    /// Methods whose argument names a table.
    pub table_methods: Vec<String>,
    /// Types of handles on one table.
    pub handles: Vec<String>,
    /// What is done to a table that a method named.
    pub operations: Operations,
    /// Structs that are rows of a table and have its methods.
    pub rows: Rows,
}

/// Structs that an attribute, a derive or a macro makes the rows of a table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Rows {
    /// Attributes that name the table: `#[table(orders)]`, `#[ormlite(table = "orders")]`.
    pub attributes: Vec<String>,
    /// Attributes that name none: the table is called as the struct.
    pub marks: Vec<String>,
    /// Derives that do the same.
    pub derives: Vec<String>,
    /// Whether a table that nothing names is called as the struct is written, `OpenOrder`, not `open_order`.
    pub as_written: bool,
    /// Whether such a table is called by the plural, `open_orders`.
    pub plural: bool,
    /// Macros that insert the struct that they are given: `create!(Order { … })`.
    pub insert_macros: Vec<String>,
    /// Macros beside the struct: `crud!(Order {}, "orders")`.
    pub macros: Vec<String>,
    /// Methods that insert; a name may end with `*`.
    pub insert: Vec<String>,
    /// That update.
    pub update: Vec<String>,
    /// That delete.
    pub delete: Vec<String>,
    /// That read.
    pub read: Vec<String>,
}

impl Rows {
    /// Whether the layer has none.
    pub(super) fn is_empty(&self) -> bool {
        self.attributes.is_empty()
            && self.marks.is_empty()
            && self.derives.is_empty()
            && self.macros.is_empty()
    }
}

/// Methods by what they do to a table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Operations {
    /// That insert.
    pub insert: Vec<String>,
    /// That update.
    pub update: Vec<String>,
    /// That delete.
    pub delete: Vec<String>,
    /// That read.
    pub read: Vec<String>,
}

/// What runs work by schedule or by message.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Jobs {
    /// For messages.
    pub name: String,
    /// The crates whose paths count.
    pub crates: Vec<String>,
    /// Functions that take a schedule and a closure or function.
    pub functions: Vec<String>,
    /// Methods that take the closure or function last.
    pub methods: Vec<String>,
    /// A name that the receiver of such a method must hold.
    pub chain: Vec<String>,
    /// Traits whose implementations are run by the crate.
    pub traits: Vec<String>,
    /// Whether the work is a message's, not a schedule's.
    pub consumer: bool,
    /// Methods whose argument is the topic that a consumer listens to.
    pub topics: Vec<String>,
    /// Methods that wait for messages, whatever they are called on.
    pub receives: Vec<String>,
}

/// All catalogs: the built-in ones and the user's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Catalogs {
    pub(super) web: Vec<Web>,
    pub(super) databases: Vec<Database>,
    pub(super) jobs: Vec<Jobs>,
}

/// The built-in catalogs in postcard's format, so that no run reads their texts.
const BUILTIN: &[u8] = include_bytes!("builtin.bin");

/// Lists the built-in catalogs: the file's name and its text. A test packs them into [`BUILTIN`].
#[cfg(test)]
macro_rules! catalogs {
    ($($dir:ident: $($file:literal)*;)*) => {
        $(const $dir: &[(&str, &str)] = &[$(($file, include_str!($file))),*];)*
    };
}

#[cfg(test)]
catalogs! {
    WEB: "web/axum.toml" "web/actix-web.toml" "web/rocket.toml" "web/poem.toml" "web/salvo.toml" "web/tide.toml"
        "web/loco.toml" "web/warp.toml" "web/poem-openapi.toml" "web/dropshot.toml";
    DATABASES: "db/sqlx.toml" "db/rusqlite.toml" "db/tokio-postgres.toml" "db/mysql.toml"
        "db/diesel.toml" "db/sea-orm.toml" "db/mongodb.toml" "db/dynamodb.toml"
        "db/ormlite.toml" "db/welds.toml" "db/butane.toml" "db/rbatis.toml" "db/wither.toml" "db/surrealdb.toml"
        "db/toasty.toml" "db/own-rows.toml" "db/sled.toml" "db/fjall.toml" "db/prisma.toml";
    JOBS: "jobs/tokio-cron-scheduler.toml" "jobs/job-scheduler.toml" "jobs/clokwerk.toml" "jobs/apalis.toml"
        "jobs/actix-rt.toml" "jobs/brokers.toml" "jobs/queues.toml"
        "jobs/lambda.toml";
}

/// A catalog of the user's: which kind it is, and the same content as a built-in one.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum UserCatalog {
    Web(Box<Web>),
    Database(Box<Database>),
    Jobs(Box<Jobs>),
}

impl Catalogs {
    /// The built-in catalogs.
    ///
    /// # Panics
    /// Where a built-in catalog is broken, which a test excludes.
    pub fn builtin() -> Self {
        postcard::from_bytes(BUILTIN).expect("a test has packed them")
    }

    /// The built-in catalogs from their texts.
    #[cfg(test)]
    fn written() -> Self {
        fn all<T: serde::de::DeserializeOwned>(files: &[(&str, &str)]) -> Vec<T> {
            let read = |(file, text): &(&str, &str)| match toml::from_str(text) {
                Ok(catalog) => catalog,
                Err(error) => panic!("{file}: {error}"),
            };
            files.iter().map(read).collect()
        }
        Self { web: all(WEB), databases: all(DATABASES), jobs: all(JOBS) }
    }

    /// The same with catalogs of the user's: TOML with one table, `[web]`, `[database]` or `[jobs]`, that holds
    /// what a built-in catalog holds.
    ///
    /// # Errors
    /// The sentence that says what is wrong with the text.
    pub fn with_user(mut self, text: &str) -> Result<Self, String> {
        match toml::from_str(text).map_err(|error| error.to_string())? {
            UserCatalog::Web(web) => self.web.push(*web),
            UserCatalog::Database(database) => self.databases.push(*database),
            UserCatalog::Jobs(jobs) => self.jobs.push(*jobs),
        }
        Ok(self)
    }
}

impl Default for Catalogs {
    fn default() -> Self {
        Self::builtin()
    }
}

/// Whether a path outside the workspace is one of `names` of `crates`: `Router::new` meets
/// `axum::routing::Router::new`, `get` meets `axum::routing::method_routing::get`.
pub(super) fn names_path(crates: &[String], names: &[String], path: &str) -> bool {
    let mut segments = path.split("::");
    let krate = segments.next().unwrap_or("");
    crates.iter().any(|known| known == krate) && names.iter().any(|name| ends_with(path, name))
}

/// Whether `path` ends with the segments of `name`.
pub(super) fn ends_with(path: &str, name: &str) -> bool {
    path.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
}

#[cfg(test)]
mod tests;
