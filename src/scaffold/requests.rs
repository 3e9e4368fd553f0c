//! Requests for the parity test: one file per route, to be edited by whoever knows the data.

use std::collections::BTreeMap;

use serde::Serialize;

use super::samples::Sample;

/// A request as it stands in `requests/*.json`.
#[derive(Clone, Debug, Serialize)]
struct Recorded {
    name: String,
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: Option<serde_json::Value>,
}

/// A route of the function.
#[derive(Clone, Debug)]
pub(super) struct Route<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its path, as the framework writes it.
    pub path: &'a str,
    /// Whether a guard stands before it.
    pub signed_in: bool,
    /// What it takes.
    pub sample: Sample,
}

/// File name → text, for some routes.
pub(super) fn files(routes: &[Route<'_>]) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for route in routes {
        let writes = !matches!(route.method, "GET" | "HEAD" | "OPTIONS");
        // What a route takes is not known where it reads the request itself.
        let known = route.sample.body.clone();
        let body = known
            .or_else(|| (writes && route.sample.query.is_empty()).then(|| (serde_json::json!({}), false)));
        let query: Vec<String> = route
            .sample
            .query
            .iter()
            .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
            .collect();
        let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
        let mut list = Vec::new();
        let mut add = |name: &str, path: String, signed_in: bool, body: Option<(serde_json::Value, bool)>| {
            let mut headers = BTreeMap::new();
            if signed_in {
                headers.insert("authorization".to_owned(), "Bearer ${TOKEN}".to_owned());
            }
            if let Some((_, form)) = &body {
                let kind = if *form { "application/x-www-form-urlencoded" } else { "application/json" };
                headers.insert("content-type".to_owned(), kind.to_owned());
            }
            list.push(Recorded {
                name: name.into(),
                method: route.method.to_owned(),
                path,
                headers,
                body: body.map(|(body, _)| body),
            });
        };
        let known = |name: &str, idx: usize| {
            let value = route.sample.named.get(name).or_else(|| route.sample.path.get(idx));
            value.map_or("1", String::as_str)
        };
        let found = fill(route.path, known) + &query;
        add("found", found.clone(), route.signed_in, body.clone());
        if route.signed_in {
            add("unauthorized", found.clone(), false, body.clone());
        }
        if route.sample.body.as_ref().is_some_and(|(body, _)| *body != serde_json::json!({})) {
            add(
                "incomplete",
                found.clone(),
                route.signed_in,
                body.clone().map(|(_, form)| (serde_json::json!({}), form)),
            );
        }
        if route.path.contains(['{', ':', '<']) {
            let other = |name: &str, idx: usize| match known(name, idx) {
                value if value.len() == 36 && value.contains('-') => "00000000-0000-4000-8000-000000000000",
                _ => "999999999",
            };
            add("not found", fill(route.path, other) + &query, route.signed_in, body.clone());
            add("invalid", fill(route.path, |_, _| "not-a-number") + &query, route.signed_in, body.clone());
        }
        let name = super::naming::kebab(&format!("{} {}", route.method, route.path));
        let text = serde_json::to_string_pretty(&list).expect("plain data");
        out.insert(format!("{name}.json"), text + "\n");
    }
    out
}

/// The path with its parameters filled in, each by its name and its position among them.
fn fill<'v>(path: &str, value: impl Fn(&str, usize) -> &'v str) -> String {
    let mut idx = 0;
    let filled: Vec<String> = path
        .split('/')
        .map(|part| {
            if !part.starts_with(['{', ':', '<', '*']) {
                return part.to_owned();
            }
            let name = part.trim_matches(['{', '}', ':', '<', '>', '*']);
            let name = name.split([':', '.']).next().unwrap_or(name);
            idx += 1;
            escaped(value(name, idx - 1))
        })
        .collect();
    filled.join("/")
}

/// A text as it stands in a URL.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}
