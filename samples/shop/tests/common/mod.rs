//! A seeded shop for a test, with a pinned clock and a database of its own.

// Each test binary uses only part of this.
#![allow(dead_code)]

use actix_web::body::to_bytes;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::{App, web};
use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::Value;
use shop::clock::Clock;
use shop::events::EventReceiver;
use shop::{AppState, Config, app, build_state};
use tempfile::TempDir;

pub const STAFF: &str = "session-of-the-staff";
pub const LENA: &str = "session-of-lena";
pub const TOM: &str = "session-of-tom";
pub const SECRET: &str = "whsec_test";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

pub fn config(folder: &TempDir) -> Config {
    let path = folder.path().join("shop.db");
    let now = NaiveDate::from_ymd_opt(2026, 6, 15).and_then(|day| day.and_hms_opt(9, 0, 0));
    Config {
        port: 0,
        database_url: path.to_str().unwrap().to_owned(),
        webhook_secret: SECRET.to_owned(),
        workers: 1,
        clock: Clock::Pinned(now.unwrap()),
        ..Config::default()
    }
}

pub struct Shop {
    pub state: AppState,
    pub receiver: EventReceiver,
    // Dropped last: the pool is closed by then.
    pub folder: TempDir,
}

/// An answer, with its body as JSON if it is JSON.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: web::Bytes,
    pub json: Value,
}

impl Answer {
    /// Asserts a status and returns the body.
    #[track_caller]
    pub fn ok(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.json);
        self.json
    }

    /// Asserts an error with this status and code.
    #[track_caller]
    pub fn fails(self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.json);
        assert_eq!(self.json["error"]["code"], code, "{}", self.json);
    }
}

impl Shop {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(&folder);
        change(&mut config);
        let (state, receiver) = build_state(&config).unwrap();
        let seed = include_str!("../../seed.sql");
        state.pool.get().unwrap().batch_execute(seed).unwrap();
        Self {
            state,
            receiver,
            folder,
        }
    }

    /// Sends a request through the application, without a socket.
    pub async fn send(&self, request: TestRequest) -> Answer {
        let service = init_service(App::new().configure(app(self.state.clone()))).await;
        let response = match try_call_service(&service, request.to_request()).await {
            Ok(response) => response.into_parts().1.map_into_boxed_body(),
            // What a middleware refuses becomes an answer only in a server.
            Err(err) => err.error_response(),
        };
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body()).await.unwrap();
        Answer {
            status,
            headers,
            json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
        }
    }

    pub async fn call(&self, method: &str, path: &str, token: &str, body: Value) -> Answer {
        let method: Method = method.parse().unwrap();
        let mut request = TestRequest::with_uri(path).method(method);
        if !token.is_empty() {
            request = request.insert_header(("authorization", format!("Bearer {token}")));
        }
        if !body.is_null() {
            request = request
                .insert_header((CONTENT_TYPE, "application/json"))
                .set_payload(body.to_string());
        }
        self.send(request).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, "", Value::Null).await
    }

    pub async fn get_as(&self, token: &str, path: &str) -> Answer {
        self.call("GET", path, token, Value::Null).await
    }

    pub async fn post_as(&self, token: &str, path: &str, body: Value) -> Answer {
        self.call("POST", path, token, body).await
    }

    /// How many rows a table has, or those that match.
    pub fn count(&self, from: &str) -> i64 {
        let query = diesel::sql_query(format!("SELECT COUNT(*) AS n FROM {from}"));
        let mut conn = self.state.pool.get().unwrap();
        query.get_result::<Count>(&mut conn).unwrap().n
    }

    pub fn stock(&self, product_id: i32) -> i64 {
        let query =
            format!("SELECT on_hand AS n FROM stock_levels WHERE product_id = {product_id}");
        let mut conn = self.state.pool.get().unwrap();
        diesel::sql_query(query)
            .get_result::<Count>(&mut conn)
            .unwrap()
            .n
    }
}
