//! Expressions in attributes: the values that `#[instrument(fields(user = %user.name()))]` records.

use crate::parse::parse_fragment;
use crate::parse::tree::items::ItemKind;

use super::super::index::Db;
use super::super::lang::Lang;
use super::super::program::{Call, CallTarget, DefId};
use super::super::ty::Ty;
use super::Infer;

/// Calls of the workspace's functions in the fields of an `instrument` attribute. They have no
/// expression in the function's body.
pub(in crate::resolve) fn instrumented(db: Db<'_>, lang: &Lang, def: DefId) -> Vec<Call> {
    let ItemKind::Fn(decl) = &db.item(def).kind else { return Vec::new() };
    let mut found = Vec::new();
    for attr in &db.item(def).attrs.list {
        if attr.path.last().is_none_or(|last| last != "instrument") {
            continue;
        }
        let values = field_values(&attr.args);
        if values.is_empty() {
            continue;
        }
        let text = format!(
            "fn fields() {{ {} }}",
            values.iter().map(|value| format!("({value});")).collect::<String>()
        );
        let Ok(tree) = parse_fragment(&text, attr.range, &[]) else { continue };
        let Some(body) = tree.bodies.iter().next() else { continue };
        let mut infer = Infer::new(db, lang, def, body);
        infer.enter_bounds();
        if let Some(sig) = db.fn_sig(def) {
            if let Some(receiver) = &sig.receiver {
                infer.locals.push((crate::base::Name::new("self"), receiver.clone()));
            }
            for (param, ty) in decl.params.iter().zip(&sig.params) {
                if let Some(name) = param.name {
                    let ty = infer.normalize(ty);
                    infer.locals.push((name, ty));
                }
            }
        }
        if let Some(root) = body.root {
            infer.expr(root, &Ty::Unknown);
        }
        let calls = infer.finish(false).calls;
        found.extend(calls.into_iter().filter_map(|mut call| {
            call.expr = None;
            matches!(call.target, CallTarget::Resolved(_) | CallTarget::OneOf(_)).then_some(call)
        }));
    }
    found
}

/// The values in `fields(a = x, b = ?y.z(), %w)`.
fn field_values(args: &str) -> Vec<&str> {
    let Some(start) = args.find("fields") else { return Vec::new() };
    let rest = args[start + "fields".len()..].trim_start();
    let Some(rest) = rest.strip_prefix('(') else { return Vec::new() };
    let mut depth = 1_u32;
    let mut in_string = false;
    let mut from = 0;
    let mut parts = Vec::new();
    let mut previous = 0_u8;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'"' if previous != b'\\' => in_string = !in_string,
            _ if in_string => {}
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    parts.push(&rest[from..at]);
                    break;
                }
            }
            b',' if depth == 1 => {
                parts.push(&rest[from..at]);
                from = at + 1;
            }
            _ => {}
        }
        previous = byte;
    }
    parts
        .into_iter()
        .map(|part| match part.split_once('=') {
            Some((_, value)) => value,
            None => part,
        })
        .map(|value| value.trim().trim_start_matches(['?', '%']).trim())
        .filter(|value| value.contains('('))
        .collect()
}
