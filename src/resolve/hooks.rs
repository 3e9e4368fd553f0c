//! Calls that no call expression shows: functions that attributes name, and what a framework calls
//! for a handler's arguments.

use crate::base::{Name, TextRange, UnorderedSet};
use crate::parse::tree::items::{Attrs, ItemKind};
use crate::parse::tree::types::{Path, PathStart, Segment, Segments};

use super::index::Db;
use super::program::{Call, CallKind, CallTarget, Certainty, DefId, DefKind, ModuleId};
use super::scope::{Bind, Ns};
use super::ty::{TraitHead, Ty};

/// A path in an attribute's arguments.
pub(super) struct AttrPath {
    pub(super) path: Path,
    /// The word before `=`; empty where there is none.
    pub(super) key: String,
    /// Offset in the arguments' text.
    at: u32,
    len: u32,
}

/// The functions that the attributes of a definition name, appended to its calls.
pub(super) fn calls(db: Db<'_>, def: DefId, calls: &mut Vec<Call>) {
    let item = db.item(def);
    let scope = db.def(def).module;
    let before = calls.len();
    let mut add = |attrs: &Attrs| {
        for attr in &attrs.list {
            attribute(db, scope, attr, calls);
        }
    };
    add(&item.attrs);
    match &item.kind {
        ItemKind::Adt(adt) => {
            for variant in &adt.variants {
                add(&variant.attrs);
                variant.fields.iter().for_each(|field| add(&field.attrs));
            }
        }
        ItemKind::Fn(decl) => decl.params.iter().for_each(|param| add(&param.attrs)),
        _ => {}
    }
    if calls.len() > before {
        calls.sort_by_key(|call| (call.site, call.expr, call.kind));
    }
}

fn attribute(db: Db<'_>, scope: ModuleId, attr: &crate::parse::tree::items::Attr, calls: &mut Vec<Call>) {
    if attr.path.last().is_some_and(|last| matches!(last.as_str(), "doc" | "derive" | "instrument")) {
        return;
    }
    for found in paths_in(&attr.args) {
        let targets = match (found.key.as_str(), db.resolve_from(scope, &found.path, Ns::Values, false)) {
            (_, Ok(hit)) if hit.used == found.path.segments.len() => match hit.bind {
                Bind::Def(def) if db.is_local(def) && db.def(def).kind == DefKind::Fn => vec![def],
                _ => vec![],
            },
            ("with", _) => with_functions(db, scope, &found.path),
            (_, Ok(hit)) => method(db, hit.bind, &found.path.segments[hit.used..]).into_iter().collect(),
            _ => vec![],
        };
        for target in targets {
            let name = db.def(target).name;
            // Where the arguments stand in the attribute's own text is not kept; its start is.
            let site = TextRange::new(attr.range.start, attr.range.end.max(attr.range.start));
            let _ = (found.at, found.len);
            calls.push(Call {
                expr: None,
                kind: CallKind::Attribute,
                target: CallTarget::Resolved(target),
                certainty: Certainty::Certain,
                site,
                name,
                in_loop: false,
            });
        }
    }
}

/// `Type::function` in an attribute.
fn method(db: Db<'_>, bind: Bind, rest: &[Segment]) -> Option<DefId> {
    let (Bind::Def(def), [segment]) = (bind, rest) else { return None };
    let head = super::ty::Head::Adt(def);
    let &(_, member) = db.ix.impls.inherent(head, segment.name).first()?;
    db.is_local(member).then_some(member)
}

/// The functions of the module that `with = "…"` names.
pub(super) fn with_functions(db: Db<'_>, scope: ModuleId, path: &Path) -> Vec<DefId> {
    let Ok(found) = db.resolve_from(scope, path, Ns::Types, false) else { return Vec::new() };
    let Bind::Module(module) = found.bind else { return Vec::new() };
    ["serialize", "deserialize"]
        .iter()
        .filter_map(|name| match db.ix.scopes[module].get(Ns::Values, Name::new(name))?.bind {
            Bind::Def(def) if db.is_local(def) => Some(def),
            _ => None,
        })
        .collect()
}

/// Paths in the arguments of an attribute: strings that are paths, and paths behind `=`.
pub(super) fn paths_in(args: &str) -> Vec<AttrPath> {
    let mut found = Vec::new();
    let bytes = args.as_bytes();
    let mut key = String::new();
    let mut after_equals = false;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let end = args[at + 1..].find('"').map_or(args.len(), |end| at + 1 + end);
                let text = &args[at + 1..end];
                if after_equals && let Some(path) = parse_path(text) {
                    found.push(AttrPath {
                        path,
                        key: key.clone(),
                        at: at as u32 + 1,
                        len: text.len() as u32,
                    });
                }
                after_equals = false;
                at = end + 1;
            }
            b'=' if bytes.get(at + 1) != Some(&b'=') && bytes.get(at + 1) != Some(&b'>') => {
                after_equals = true;
                at += 1;
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':');
                let len = bytes[at..].iter().take_while(|byte| is_word(byte)).count();
                let text = &args[at..at + len];
                if after_equals {
                    if let Some(path) = parse_path(text) {
                        found.push(AttrPath { path, key: key.clone(), at: at as u32, len: len as u32 });
                    }
                    after_equals = false;
                } else {
                    text.clone_into(&mut key);
                }
                at += len;
            }
            byte => {
                if byte == b',' {
                    after_equals = false;
                }
                at += 1;
            }
        }
    }
    found
}

/// `a::b::c`, with `crate`, `self` and `super` at its start.
pub(super) fn parse_path(text: &str) -> Option<Path> {
    let text = text.trim();
    let is_ident = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !part.starts_with(|first: char| first.is_ascii_digit())
    };
    let text = text.split('<').next().unwrap_or(text);
    let parts: Vec<&str> = text.split("::").collect();
    if !parts.iter().all(|part| is_ident(part)) || matches!(parts[0], "true" | "false") {
        return None;
    }
    let supers = parts.iter().take_while(|part| **part == "super").count();
    let (start, skip) = match parts[0] {
        "crate" => (PathStart::Crate, 1),
        "self" => (PathStart::SelfModule, 1),
        "super" => (PathStart::Super(supers as u8), supers),
        _ => (PathStart::Plain, 0),
    };
    let segments: Segments =
        parts[skip..].iter().map(|part| Segment { name: Name::new(part), args: None }).collect();
    (!segments.is_empty()).then_some(Path { start, segments })
}

/// Names of functions that frameworks call to make an argument of a handler.
const GUARD_FUNCTIONS: &[&str] =
    &["from_request", "from_request_parts", "from_param", "from_form", "from_data", "from_segments"];
const GUARD_TRAITS: &[&str] = &[
    "FromRequest",
    "FromRequestParts",
    "OptionalFromRequest",
    "OptionalFromRequestParts",
    "FromParam",
    "FromForm",
    "FromData",
    "FromSegments",
];

/// Adds calls of guards to every handler: functions that a route attribute stands on, or that are
/// handed on as values.
pub(super) fn guards(db: Db<'_>, calls: &mut [Vec<Call>]) {
    let mut handlers: UnorderedSet<DefId> = UnorderedSet::new();
    for call in calls.iter().flatten() {
        if let (CallKind::Reference, CallTarget::Resolved(def)) = (call.kind, &call.target) {
            handlers.insert(*def);
        }
    }
    for (at, calls) in calls.iter_mut().enumerate() {
        let def = <DefId as crate::base::Id>::from_usize(at);
        let data = db.def(def);
        if data.kind != DefKind::Fn || !(handlers.contains(&def) || is_routed(db, def)) {
            continue;
        }
        let Some(sig) = db.fn_sig(def) else { continue };
        let mut targets: Vec<DefId> = Vec::new();
        for param in &sig.params {
            guard_of(db, param, 0, &mut targets);
        }
        for target in targets {
            let site = TextRange::new(db.item(def).keyword, db.item(def).keyword + 2);
            calls.push(Call {
                expr: None,
                kind: CallKind::Guard,
                target: CallTarget::Resolved(target),
                certainty: Certainty::Certain,
                site,
                name: db.def(target).name,
                in_loop: false,
            });
        }
        calls.sort_by_key(|call| (call.site, call.expr, call.kind));
    }
}

fn is_routed(db: Db<'_>, def: DefId) -> bool {
    db.item(def).attrs.list.iter().any(|attr| {
        attr.path.last().is_some_and(|last| {
            matches!(
                last.as_str(),
                "get"
                    | "post"
                    | "put"
                    | "delete"
                    | "patch"
                    | "head"
                    | "options"
                    | "route"
                    | "connect"
                    | "trace"
                    | "routes"
                    | "catch"
            )
        })
    })
}

/// The guard functions of a parameter's type and of the types in it.
fn guard_of(db: Db<'_>, ty: &Ty, depth: u32, targets: &mut Vec<DefId>) {
    if depth > 4 {
        return;
    }
    if let Some(head) = ty.head() {
        for name in GUARD_FUNCTIONS {
            let name = Name::new(name);
            for &(imp, member) in db.ix.impls.guard_members(head, name) {
                let is_guard = db.impl_sig(imp).and_then(|sig| sig.trait_.as_ref()).is_some_and(|bound| {
                    let name = match bound.head {
                        TraitHead::Def(def) => db.def(def).name.as_str(),
                        TraitHead::Ext(path) => path.as_str().rsplit("::").next().unwrap_or(""),
                    };
                    GUARD_TRAITS.contains(&name)
                });
                if is_guard && db.is_local(member) && !targets.contains(&member) {
                    targets.push(member);
                }
            }
        }
    }
    match ty {
        Ty::Adt(_, args) | Ty::Ext(_, args) | Ty::Tuple(args) => {
            args.iter().for_each(|ty| guard_of(db, ty, depth + 1, targets));
        }
        Ty::Ref(_, inner) => guard_of(db, inner, depth + 1, targets),
        _ => {}
    }
}
