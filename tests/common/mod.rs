//! What the tests of the command line share: small applications on disk, and running the binary.
#![allow(dead_code, reason = "each test binary uses a part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A directory that goes away with the test.
pub struct Dir(tempfile::TempDir);

impl Dir {
    /// An empty directory.
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
    /// A directory with the files of `fixture`: a line `//- /path` starts each.
    pub fn with(fixture: &str) -> Self {
        let dir = Self::new();
        dir.add(fixture);
        dir
    }
    /// Adds the files of `fixture`.
    pub fn add(&self, fixture: &str) {
        for (path, text) in files(fixture) {
            let path = self.path(&path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    /// A path below the directory.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.0.path().join(relative)
    }
    /// The directory.
    pub fn root(&self) -> &Path {
        self.0.path()
    }
    /// Every file below the directory with its content, sorted; temporary leftovers would show.
    pub fn snapshot(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        collect(self.root(), self.root(), &mut found);
        found.sort();
        found
    }
}

/// The files of a fixture: path and text.
pub fn files(fixture: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in fixture.lines() {
        if let Some(path) = line.strip_prefix("//- /") {
            files.push((path.trim().to_string(), String::new()));
        } else if let Some((_, text)) = files.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    files
}

fn collect(root: &Path, dir: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let kind = fs::symlink_metadata(&path).unwrap();
        if kind.is_dir() {
            collect(root, &path, found);
        } else if kind.is_file() {
            let relative = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            found.push((relative, fs::read(&path).unwrap()));
        }
    }
}

/// What a run of splitter gave.
pub struct Run {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Run {
    /// Standard output of a run that succeeded.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, 0, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self.stdout
    }
    /// Standard error of a run that failed with `code`, having printed no data.
    #[track_caller]
    pub fn fails(self, code: i32) -> String {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        assert_eq!(self.stdout, "", "a command that fails prints no data");
        self.stderr
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The command `splitter`, with an environment that does not depend on who runs the tests.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_splitter"));
    for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command
}

/// Runs splitter in the directory `dir`.
pub fn splitter(dir: &Path, args: &[&str]) -> Run {
    command().current_dir(dir).args(args).output().unwrap().into()
}

/// The JSON that an export prints.
pub fn export(dir: &Path, what: &str) -> serde_json::Value {
    serde_json::from_str(&splitter(dir, &["export", what, "."]).ok()).unwrap()
}

/// A shop in one crate: three routes over two tables.
pub const SHOP: &str = r#"
//- /Cargo.toml
[package]
name = "shop"
version = "0.1.0"
edition = "2024"

[dependencies]
axum = "0.8"
sqlx = { version = "0.8", features = ["sqlite"] }
tokio = { version = "1", features = ["full"] }
//- /migrations/0001_shop.sql
CREATE TABLE orders (id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL REFERENCES items (id), amount INTEGER NOT NULL);
CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, stock INTEGER NOT NULL);
//- /src/main.rs
mod items;
mod orders;

use axum::Router;
use axum::routing::{get, post};
use sqlx::SqlitePool;

#[tokio::main]
async fn main() {
    let pool = SqlitePool::connect("sqlite::memory:").await.unwrap();
    let app = Router::new()
        .route("/items", get(items::list))
        .nest("/orders", Router::new().route("/", post(orders::place)).route("/{id}", get(orders::show)))
        .with_state(pool);
    let listener = tokio::net::TcpListener::bind("0.0.0.0:3000").await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
//- /src/items.rs
use axum::Json;
use axum::extract::State;
use sqlx::SqlitePool;

pub async fn list(State(pool): State<SqlitePool>) -> Json<Vec<String>> {
    let names = sqlx::query_scalar("SELECT name FROM items").fetch_all(&pool).await.unwrap();
    Json(names)
}

pub async fn take(pool: &SqlitePool, item: i64) {
    sqlx::query("UPDATE items SET stock = stock - 1 WHERE id = ?").bind(item).execute(pool).await.unwrap();
}
//- /src/orders.rs
use axum::Json;
use axum::extract::{Path, State};
use sqlx::SqlitePool;

use crate::items;

pub async fn place(State(pool): State<SqlitePool>, Json(item): Json<i64>) {
    sqlx::query("INSERT INTO orders (item_id, amount) VALUES (?, 1)").bind(item).execute(&pool).await.unwrap();
    items::take(&pool, item).await;
}

pub async fn show(State(pool): State<SqlitePool>, Path(id): Path<i64>) -> Json<i64> {
    Json(sqlx::query_scalar("SELECT amount FROM orders WHERE id = ?").bind(id).fetch_one(&pool).await.unwrap())
}
"#;
