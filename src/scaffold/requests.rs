//! Requests for the parity test: one file per route, to be edited by whoever knows the data.

use std::collections::BTreeMap;

use serde::Serialize;

/// A request as it stands in `requests/*.json`.
#[derive(Clone, Debug, Serialize)]
struct Recorded {
    name: String,
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: Option<serde_json::Value>,
}

/// File name → text, for some routes; `signed_in` says for each whether a guard stands before it.
pub(super) fn files(routes: &[(String, String)], signed_in: &[bool]) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for ((method, path), signed_in) in routes.iter().zip(signed_in) {
        let writes = !matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS");
        let body = writes.then(|| serde_json::json!({}));
        let mut list = Vec::new();
        let mut add = |name: &str, path: String, signed_in: bool| {
            let mut headers = BTreeMap::new();
            if signed_in {
                headers.insert("authorization".to_owned(), "Bearer ${TOKEN}".to_owned());
            }
            if body.is_some() {
                headers.insert("content-type".to_owned(), "application/json".to_owned());
            }
            list.push(Recorded {
                name: name.into(),
                method: method.clone(),
                path,
                headers,
                body: body.clone(),
            });
        };
        let method_path = fill(path, "1");
        add("found", method_path.clone(), *signed_in);
        if *signed_in {
            add("unauthorized", method_path, false);
        }
        if path.contains('{') || path.contains(':') || path.contains('<') {
            add("not found", fill(path, "999999999"), *signed_in);
            add("invalid", fill(path, "not-a-number"), *signed_in);
        }
        let name = super::naming::kebab(&format!("{method} {path}"));
        let text = serde_json::to_string_pretty(&list).expect("plain data");
        out.insert(format!("{name}.json"), text + "\n");
    }
    out
}

/// The path with its parameters filled in.
fn fill(path: &str, value: &str) -> String {
    let filled: Vec<&str> = path
        .split('/')
        .map(|part| if part.starts_with(['{', ':', '<', '*']) { value } else { part })
        .collect();
    filled.join("/")
}
