//! The routes of `cargo lambda watch`: which function answers what on one's own machine. In the form of
//! cargo-lambda's `[workspace.metadata.lambda.watch.router]`: path → list of method and function.

use std::collections::BTreeMap;

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

const WAY: [&str; 4] = ["metadata", "lambda", "watch", "router"];

/// Methods of a route that takes all.
const ALL: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Writes the routes of a function's Lambda, in place of those that it had.
pub(super) fn route(document: &mut DocumentMut, function: &str, routes: &[(String, String)]) {
    forget(document, function);
    let mut added: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (method, path) in routes {
        let methods = added.entry(pattern(path)).or_default();
        match method.as_str() {
            "ANY" => methods.extend(ALL),
            method => methods.push(method),
        }
    }
    if added.is_empty() {
        return;
    }
    let mut at = document.get_mut("workspace").and_then(Item::as_table_mut);
    for part in WAY {
        at = at.and_then(|table| {
            let mut inner = Table::new();
            inner.set_implicit(part != "router");
            table.entry(part).or_insert(Item::Table(inner)).as_table_mut()
        });
    }
    // Written in another way, the table is the user's.
    let Some(router) = at else { return };
    for (path, methods) in added {
        let mut list = router.get(&path).and_then(Item::as_array).cloned().unwrap_or_default();
        for method in methods {
            let mut entry = InlineTable::new();
            entry.insert("function", function.into());
            entry.insert("method", method.into());
            list.push(Value::InlineTable(entry));
        }
        router.insert(&path, toml_edit::value(list));
    }
}

/// Takes the routes of a function's Lambda away, and the table with the last of them.
pub(super) fn forget(document: &mut DocumentMut, function: &str) {
    fn table<'d>(document: &'d mut DocumentMut, way: &[&str]) -> Option<&'d mut Table> {
        let at = document.get_mut("workspace")?.as_table_mut()?;
        way.iter().try_fold(at, |at, part| at.get_mut(part)?.as_table_mut())
    }
    let Some(router) = table(document, &WAY) else { return };
    let paths: Vec<String> = router.iter().map(|(path, _)| path.to_owned()).collect();
    for path in paths {
        let Some(list) = router.get_mut(&path).and_then(Item::as_array_mut) else { continue };
        let is_own = |entry: &Value| {
            let name =
                entry.as_inline_table().and_then(|entry| entry.get("function")).and_then(Value::as_str);
            name == Some(function)
        };
        let kept: Array = list.iter().filter(|entry| !is_own(entry)).cloned().collect();
        if kept.is_empty() {
            router.remove(&path);
        } else {
            *list = kept;
        }
    }
    for depth in (1..=WAY.len()).rev() {
        let is_empty = table(document, &WAY[..depth]).is_some_and(|table| table.is_empty());
        if is_empty && let Some(parent) = table(document, &WAY[..depth - 1]) {
            parent.remove(WAY[depth - 1]);
        }
    }
}

/// A path as that router reads it. Parameters are called by their place: it takes no two names for one place.
fn pattern(path: &str) -> String {
    let mut n = 0;
    let parts: Vec<String> = path
        .split('/')
        .map(|part| {
            if !part.starts_with(['{', ':', '<', '*']) {
                return part.to_owned();
            }
            n += 1;
            let all = part.starts_with('*') || part.contains("*") || part.contains("..");
            if all { format!("{{*p{n}}}") } else { format!("{{p{n}}}") }
        })
        .collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn each_path_leads_to_the_functions_that_answer_it() {
        let routes = |list: &[(&str, &str)]| -> Vec<(String, String)> {
            list.iter().map(|&(method, path)| (method.to_owned(), path.to_owned())).collect()
        };
        let mut document: DocumentMut = "[workspace]\nmembers = []\n".parse().unwrap();
        let cart = routes(&[("GET", "/cart"), ("PUT", "/cart/{line}"), ("GET", "/files/*rest")]);
        route(&mut document, "cart-http-lambda", &cart);
        route(&mut document, "orders-http-lambda", &routes(&[("POST", "/cart"), ("GET", "/orders/:id")]));
        // Once more: it stands there once.
        route(&mut document, "cart-http-lambda", &cart);
        expect![[r#"
            [workspace]
            members = []

            [workspace.metadata.lambda.watch.router]
            "/cart" = [{ function = "orders-http-lambda", method = "POST" }, { function = "cart-http-lambda", method = "GET" }]
            "/orders/{p1}" = [{ function = "orders-http-lambda", method = "GET" }]
            "/cart/{p1}" = [{ function = "cart-http-lambda", method = "PUT" }]
            "/files/{*p1}" = [{ function = "cart-http-lambda", method = "GET" }]
        "#]]
        .assert_eq(&document.to_string());
        forget(&mut document, "cart-http-lambda");
        forget(&mut document, "orders-http-lambda");
        assert_eq!(document.to_string(), "[workspace]\nmembers = []\n");
    }
}
