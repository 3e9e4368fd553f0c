//! A seeded application for a test, with a pinned clock and a database of its own.

// Each test binary uses only part of this.
#![allow(dead_code)]

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use chrono::{DateTime, Utc};
use http_body_util::BodyExt;
use photo_rental::clock::Clock;
use photo_rental::{AppState, Config, app, build_state};
use serde_json::Value;
use tower::ServiceExt;

pub const DESK: &str = "session-of-the-desk";
pub const MIRA: &str = "session-of-mira";
pub const JONAS: &str = "session-of-jonas";

static N_DATABASES: AtomicU32 = AtomicU32::new(0);

/// A database file that goes away with the test.
pub struct TempDatabase(PathBuf);

impl TempDatabase {
    pub fn new() -> Self {
        let n = N_DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("photo-rental-{}-{n}.db", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    pub fn url(&self) -> String {
        format!("sqlite://{}", self.0.display())
    }
}

impl Drop for TempDatabase {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut name = self.0.clone().into_os_string();
            name.push(suffix);
            let _ = std::fs::remove_file(name);
        }
    }
}

/// The day of the demonstration data.
pub fn noon(day: &str) -> Clock {
    let at: DateTime<Utc> = format!("{day}T09:00:00Z").parse().unwrap();
    Clock::Fixed(at)
}

pub fn config(database: &TempDatabase) -> Config {
    Config {
        port: 0,
        database_url: database.url(),
        payment_webhook_secret: "whsec_test".to_owned(),
        clock: noon("2026-06-15"),
        ..Config::default()
    }
}

pub struct TestApp {
    pub state: AppState,
    pub router: Router,
    // Dropped last: the pool is closed by then.
    pub database: TempDatabase,
}

/// An answer, with its body as JSON if it is JSON.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
    pub json: Value,
}

impl Answer {
    /// Asserts an error with this status and code.
    #[track_caller]
    pub fn assert_error(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.json);
        assert_eq!(self.json["error"]["code"], code, "{}", self.json);
        assert!(self.json["error"]["message"].is_string());
    }

    /// Asserts a status and returns the body.
    #[track_caller]
    pub fn ok(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.json);
        self.json
    }
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(|state| state).await
    }

    pub async fn on(day: &str) -> Self {
        let clock = noon(day);
        Self::with(|mut state| {
            state.clock = clock;
            state
        })
        .await
    }

    pub async fn with(change: impl FnOnce(AppState) -> AppState) -> Self {
        let database = TempDatabase::new();
        let state = build_state(&config(&database)).await.unwrap();
        sqlx::raw_sql(include_str!("../../seed.sql"))
            .execute(&state.pool)
            .await
            .unwrap();
        let state = change(state);
        Self {
            router: app(state.clone()),
            state,
            database,
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
        }
    }

    pub async fn call(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.send(request.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None, None).await
    }

    pub async fn get_as(&self, token: &str, path: &str) -> Answer {
        self.call("GET", path, Some(token), None).await
    }

    pub async fn post_as(&self, token: &str, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(token), Some(body)).await
    }

    /// A number out of the database.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(&self.state.pool)
            .await
            .unwrap()
    }
}
