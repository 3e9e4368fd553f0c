//! Routes that attributes declare: `#[get("/a")]`, `#[route("/a", method = "GET")]`, `#[utoipa::path(…)]`.

use crate::base::Name;
use crate::facts::catalog::Web;
use crate::facts::cx::Cx;
use crate::facts::strings::field_text;
use crate::parse::tree::items::Attr;
use crate::resolve::DefId;

/// Methods and paths that a function's attributes declare for this framework.
pub(super) fn routes_of(cx: &Cx, def: DefId, web: &Web) -> Vec<(Option<String>, Option<String>)> {
    let attrs = &cx.item(def).attrs.list;
    let mut routes: Vec<(Option<String>, Option<String>)> = Vec::new();
    for attr in attrs {
        let Some(name) = attr.path.last() else { continue };
        let krate = (attr.path.segments.len() > 1).then(|| cx.crate_called(def, attr.path.segments[0].name));
        if krate.is_some_and(|krate| !web.crates.iter().any(|known| krate == **known)) {
            continue;
        }
        if let Some(method) = web.attributes.verbs.get(name.as_str()) {
            routes.push((Some(method.clone()), path_of(cx, def, attr)));
        } else if !web.attributes.route.is_empty() && name == *web.attributes.route {
            let methods = methods_of(attr);
            let path = path_of(cx, def, attr);
            if methods.is_empty() {
                routes.push((None, path));
            } else {
                routes.extend(methods.into_iter().map(|method| (Some(method), path.clone())));
            }
        }
    }
    if routes.is_empty() {
        // The only source where the framework's own attributes are not used.
        let documented = attrs.iter().find(|attr| attr.path.last().is_some_and(|name| name == "path"));
        if let Some(attr) =
            documented.filter(|attr| attr.path.segments.first().is_some_and(|first| first.name == "utoipa"))
        {
            let methods = documented_methods(&attr.args);
            let path = named_text(&attr.args, "path");
            routes.extend(methods.into_iter().map(|method| (Some(method), path.clone())));
        }
    }
    routes
}

/// The path of an attribute without its query: `"/a/<id>?<q>"`.
fn path_of(cx: &Cx, def: DefId, attr: &Attr) -> Option<String> {
    if let Some(path) = named_text(&attr.args, "path") {
        return if path.starts_with('/') { Some(path) } else { expression_text(cx, def, &path) };
    }
    let text = match named_text(&attr.args, "uri") {
        Some(text) => text,
        None if attr.args.trim_start().starts_with(['"', 'r']) => first_text(&attr.args)?,
        // `GET, "/a"` is Rocket's; of actix-web `PATH, method = "GET"` the text is no path.
        None => first_text(before_named(&attr.args))?,
    };
    Some(text[..query_at(&text)].to_owned())
}

/// Where the query of a path begins; a `?` of a parameter's pattern, `{site:.+?}`, begins none.
fn query_at(path: &str) -> usize {
    let mut depth = 0_u32;
    let at = path.char_indices().find(|&(_, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '?' && depth == 0
    });
    at.map_or(path.len(), |(at, _)| at)
}

/// `path = "crate::ROUTES.orders.list"`: an expression, not the path.
fn expression_text(cx: &Cx, def: DefId, expression: &str) -> Option<String> {
    let mut parts = expression.trim().trim_start_matches('&').split('.').map(str::trim);
    let path = parts.next()?;
    let constant = cx.program.value_at(cx.def(def).module, path).or_else(|| {
        let name = path.rsplit("::").next().unwrap_or(path);
        cx.constant_named(def, Name::new(name))
    })?;
    let fields: Vec<Name> = parts.map(Name::new).collect();
    field_text(cx, constant, &fields)
}

/// The arguments before the first `key = value`.
fn before_named(args: &str) -> &str {
    let end = args.find('=').map_or(args.len(), |at| args[..at].rfind(',').unwrap_or(0));
    &args[..end]
}

/// `method = "GET"` of actix-web, `GET, uri = …` of Rocket.
fn methods_of(attr: &Attr) -> Vec<String> {
    const METHODS: &[&str] =
        &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"];
    let outside = attr.args.split(|c: char| !c.is_ascii_alphabetic());
    let mut methods: Vec<String> = outside.filter(|word| METHODS.contains(word)).map(str::to_owned).collect();
    methods.dedup();
    methods
}

/// `get` at the start of `#[utoipa::path(get, …)]`, or `method(get, head)`.
fn documented_methods(args: &str) -> Vec<String> {
    const METHODS: &[&str] =
        &["get", "post", "put", "patch", "delete", "head", "options", "trace", "connect"];
    let list = match args.split_once("method(") {
        Some((_, rest)) => rest.split(')').next().unwrap_or(""),
        None => args.split('(').next().unwrap_or(args),
    };
    let words = list.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| METHODS.contains(word));
    words.map(str::to_ascii_uppercase).collect()
}

/// The first string literal.
pub(super) fn first_text(args: &str) -> Option<String> {
    let (_, rest) = args.split_once('"')?;
    rest.split_once('"').map(|(text, _)| text.to_owned())
}

/// `key = "text"`.
pub(super) fn named_text(args: &str, key: &str) -> Option<String> {
    let mut rest = args;
    while let Some(at) = rest.find(key) {
        let before = rest[..at].trim_end();
        let after = rest[at + key.len()..].trim_start();
        if (before.is_empty() || before.ends_with(',') || before.ends_with('(')) && after.starts_with('=') {
            return first_text(after);
        }
        rest = &rest[at + key.len()..];
    }
    None
}
