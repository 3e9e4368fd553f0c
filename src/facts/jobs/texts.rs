//! Commands that are parsed out of texts (messages of a chat, lines of a console): nobody starts the
//! program with them.

use std::collections::BTreeSet;

use crate::base::Name;
use crate::facts::cx::{Cx, is_type};
use crate::facts::render::type_names;
use crate::facts::strings;
use crate::parse::tree::body::{Body, Expr, ExprId};
use crate::parse::tree::items::ItemKind;
use crate::resolve::DefId;

use super::targets;

/// Reads the program's arguments.
const OF_PROCESS: &[&str] =
    &["parse", "try_parse", "from_args", "from_args_safe", "augment_args", "augment_subcommands"];
/// Makes the reader; who asks it says where the words come from.
const MAKES: &[&str] = &["command", "into_app", "clap", "command_for_update"];
const ASKS: &[&str] =
    &["get_matches_from", "try_get_matches_from", "get_matches_from_mut", "try_get_matches_from_mut"];
/// Reads what it is given.
const OF_GIVEN: &[&str] =
    &["parse_from", "try_parse_from", "from_iter", "from_iter_safe", "update_from", "try_update_from"];

/// Of the types of commands, those that are only read from texts.
pub(super) fn read_from_texts(cx: &Cx, enums: &[DefId]) -> BTreeSet<DefId> {
    let parses = |def: DefId| {
        let ItemKind::Adt(adt) = &cx.item(def).kind else { return false };
        adt.derives
            .iter()
            .filter_map(|path| path.last())
            .any(|name| matches!(name.as_str(), "Parser" | "Args" | "Subcommand" | "StructOpt" | "FromArgs"))
    };
    let types: Vec<DefId> = (cx.program.defs.iter_enumerated())
        .filter(|(id, def)| is_type(def.kind) && parses(*id))
        .map(|(id, _)| id)
        .collect();
    let (mut process, mut texts): (BTreeSet<DefId>, BTreeSet<DefId>) = Default::default();
    let mut parsers: BTreeSet<DefId> = BTreeSet::new();
    for &def in cx.def_of.iter().filter(|def| !cx.def(**def).is_test) {
        let Some(body) = cx.body(def) else { continue };
        let asked = body.exprs.iter().find_map(|expr| match expr {
            Expr::MethodCall { name, args, .. } if ASKS.contains(&name.as_str()) => args.first().copied(),
            _ => None,
        });
        for expr in &body.exprs {
            let Expr::Call { callee, args } = expr else { continue };
            let Expr::Path(path) = &body.exprs[*callee] else { continue };
            let [.., ty, method] = &*path.segments else { continue };
            let method = method.name.as_str();
            let words = match () {
                () if OF_GIVEN.contains(&method) => args.first().copied(),
                () if MAKES.contains(&method) => asked,
                () if OF_PROCESS.contains(&method) => None,
                () => continue,
            };
            let named: Vec<DefId> = (types.iter().copied())
                .filter(|&id| cx.def(id).name == ty.name && cx.program.mentions[def].contains(&id))
                .collect();
            if words.is_none_or(|words| is_arguments(cx, def, body, words)) {
                process.extend(named);
            } else if named.is_empty() {
                // `T::try_parse_from(words)`: its callers say what `T` is.
                parsers.insert(def);
            } else {
                texts.extend(named);
            }
        }
    }
    for &def in cx.def_of.iter().filter(|def| !cx.def(**def).is_test) {
        if cx.program.calls[def].iter().any(|call| targets(call).iter().any(|to| parsers.contains(to))) {
            texts.extend(types.iter().copied().filter(|ty| cx.program.mentions[def].contains(ty)));
        }
    }
    enums.iter().copied().filter(|&id| only_texts(cx, &types, &process, &texts, id)).collect()
}

/// Whether a type, or one that holds it, is read from texts, and none from the program's arguments.
fn only_texts(
    cx: &Cx,
    types: &[DefId],
    process: &BTreeSet<DefId>,
    texts: &BTreeSet<DefId>,
    id: DefId,
) -> bool {
    let mut seen = BTreeSet::from([id]);
    let mut stack = vec![id];
    let mut from_text = false;
    while let Some(inner) = stack.pop() {
        if process.contains(&inner) {
            return false;
        }
        from_text |= texts.contains(&inner);
        for &outer in types {
            if cx.program.mentions[outer].contains(&inner)
                && holds(cx, outer, cx.def(inner).name)
                && seen.insert(outer)
            {
                stack.push(outer);
            }
        }
    }
    from_text
}

fn holds(cx: &Cx, outer: DefId, inner: Name) -> bool {
    let ItemKind::Adt(adt) = &cx.item(outer).kind else { return false };
    let mut names = Vec::new();
    let fields = adt.variants.iter().flat_map(|variant| &variant.fields);
    fields.for_each(|field| type_names(&field.ty, &mut names));
    names.contains(&inner)
}

/// `env::args_os()`, or a local of that, or what is called so, or what some caller gives as that.
fn is_arguments(cx: &Cx, def: DefId, body: &Body, arg: ExprId) -> bool {
    let mut text = cx.text(def, body.ranges[arg]).to_owned();
    if let Expr::Path(path) = &body.exprs[arg]
        && let Some(name) = path.as_name()
    {
        match strings::last_let(body, name, arg) {
            Some(init) => text.push_str(cx.text(def, body.ranges[init])),
            None => given(cx, def).into_iter().for_each(|args| text.push_str(args)),
        }
    }
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|word| matches!(word, "args" | "args_os" | "argv"))
}

/// What callers of a function give to it.
fn given<'a>(cx: &Cx<'a>, def: DefId) -> Vec<&'a str> {
    let mut found = Vec::new();
    for &caller in cx.def_of.iter().filter(|caller| !cx.def(**caller).is_test) {
        let Some(body) = cx.body(caller) else { continue };
        let calls = cx.program.calls[caller].iter().filter(|call| targets(call).contains(&def));
        for call in calls {
            let args = match call.expr.map(|expr| &body.exprs[expr]) {
                Some(Expr::Call { args, .. } | Expr::MethodCall { args, .. }) => args,
                _ => continue,
            };
            found.extend(args.iter().map(|&arg| cx.text(caller, body.ranges[arg])));
        }
    }
    found
}
