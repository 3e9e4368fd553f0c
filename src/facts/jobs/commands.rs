//! Commands of the command line, and what each binary starts.

use std::collections::BTreeMap;

use crate::base::{Name, TextRange};
use crate::discover::TargetKind;
use crate::facts::cx::Cx;
use crate::facts::render::type_names;
use crate::model::{EntryPoint, EntryPointKind};
use crate::parse::tree::body::{Expr, ExprId, Pat, PatId};
use crate::parse::tree::items::{Attrs, ItemKind};
use crate::parse::tree::types::Path;
use crate::resolve::{CallTarget, DefId, DefKind};

use super::steps::steps;
use super::texts::read_from_texts;
use super::{Graph, entry, kebab, targets, worker};

/// A variant of an enum of commands.
struct Command {
    name: String,
    /// The enum of commands that it holds.
    inner: Option<DefId>,
}

/// Commands by clap's derive.
pub(super) fn commands(cx: &Cx) -> Vec<EntryPoint> {
    let mut enums: BTreeMap<DefId, BTreeMap<Name, Command>> = BTreeMap::new();
    let candidates: Vec<DefId> = cx
        .program
        .defs
        .iter_enumerated()
        .filter(|(_, def)| def.kind == DefKind::Enum && !def.is_test)
        .map(|(id, _)| id)
        .filter(|&id| match &cx.item(id).kind {
            ItemKind::Adt(adt) => adt.derives.iter().any(|path| {
                let clap = path
                    .segments
                    .first()
                    .is_some_and(|first| first.name == "clap" || first.name == "structopt");
                path.last().is_some_and(|name| {
                    name == "Subcommand" || (clap && name == "Parser") || name == "StructOpt"
                })
            }),
            _ => false,
        })
        .collect();
    let from_texts = read_from_texts(cx, &candidates);
    let candidates: Vec<DefId> = candidates.into_iter().filter(|id| !from_texts.contains(id)).collect();
    for &id in &candidates {
        let ItemKind::Adt(adt) = &cx.item(id).kind else { continue };
        let variants = adt.variants.iter().map(|variant| {
            let name = attr_name(&variant.attrs).unwrap_or_else(|| kebab(variant.name.as_str()));
            let mut names = Vec::new();
            variant.fields.iter().for_each(|field| type_names(&field.ty, &mut names));
            let inner = candidates
                .iter()
                .copied()
                .filter(|&other| other != id && names.contains(&cx.def(other).name))
                .max_by_key(|&other| (likeness(cx, id, other, &names), std::cmp::Reverse(other)));
            (variant.name, Command { name, inner })
        });
        enums.insert(id, variants.collect());
    }
    if enums.is_empty() {
        return Vec::new();
    }
    let mut entries = Vec::new();
    for &def in &cx.def_of {
        if cx.def(def).is_test {
            continue;
        }
        let Some(body) = cx.body(def) else { continue };
        for expr in &body.exprs {
            let arms: Vec<(PatId, ExprId)> = match expr {
                Expr::Match { arms, .. } => arms.iter().map(|arm| (arm.pat, arm.body)).collect(),
                // `if let Some(Command::Check) = args.command { … }`.
                Expr::If { cond, then, .. } => match &body.exprs[*cond] {
                    Expr::Let { pat, .. } => vec![(*pat, *then)],
                    _ => continue,
                },
                _ => continue,
            };
            for (pat, arm) in arms {
                let mut paths = Vec::new();
                pattern_paths(body, pat, &mut paths);
                for path in paths {
                    let Some((owner, variant, command)) = find(cx, def, &enums, path) else { continue };
                    if command.inner.is_some() {
                        continue;
                    }
                    let handler = arm_handler(cx, def, body, arm);
                    let place = cx.place_at(def, body.ranges[arm].start);
                    let name = full_name(&enums, owner, &command.name);
                    let made = entry(cx, EntryPointKind::Command, name, handler, place);
                    entries.push(((owner, variant), handler == def, made));
                }
            }
        }
    }
    // Matched on more than once, a command is what some arm runs.
    entries.sort_by(|(a, a_around, a_made), (b, b_around, b_made)| {
        (a, a_around, a_made.declared_at).cmp(&(b, b_around, b_made.declared_at))
    });
    entries.dedup_by(|b, a| a.0 == b.0);
    let mut entries: Vec<EntryPoint> = entries.into_iter().map(|(.., made)| made).collect();
    entries.sort_by(|a, b| (&a.path, a.declared_at).cmp(&(&b.path, b.declared_at)));
    entries
}

/// The function of the workspace that an arm runs; where there is none, the function around it.
fn arm_handler(cx: &Cx, def: DefId, body: &crate::parse::tree::body::Body, arm: ExprId) -> DefId {
    // What comes before the last step prepares it.
    let last = steps(cx, def, body, arm).pop();
    last.or_else(|| asked(cx, def, body.ranges[arm]))
        .or_else(|| worker(cx, def, body.ranges[arm]))
        .unwrap_or(def)
}

/// The last function that an arm waits for, whose value it shows: `let order = client.get(id).await?;`.
fn asked(cx: &Cx, def: DefId, arm: TextRange) -> Option<DefId> {
    let calls = cx.program.calls[def].iter().filter(|call| arm.contains(call.site));
    let mut own = calls.filter_map(|call| targets(call).first().copied());
    own.rfind(|&def| cx.fn_decl(def).is_some_and(|decl| decl.is_async))
}

fn attr_name(attrs: &Attrs) -> Option<String> {
    let attr = attrs.list.iter().find(|attr| {
        attr.path.last().is_some_and(|name| name == "command" || name == "clap" || name == "structopt")
    })?;
    let at = attr.args.find("name")?;
    let rest = attr.args[at + 4..].trim_start().strip_prefix('=')?.trim_start();
    let rest = rest.strip_prefix('"')?;
    rest.split_once('"').map(|(name, _)| name.to_owned())
}

/// The paths in a pattern: `Some(Command::Key { command: KeyCommand::New })` has three.
fn pattern_paths<'b>(body: &'b crate::parse::tree::body::Body, pat: PatId, out: &mut Vec<&'b Path>) {
    match &body.pats[pat] {
        Pat::Path(path) => out.push(path),
        Pat::TupleStruct { path, pats, .. } => {
            out.push(path);
            pats.iter().for_each(|&pat| pattern_paths(body, pat, out));
        }
        Pat::Struct { path, fields, .. } => {
            out.push(path);
            fields.iter().for_each(|&(_, pat)| pattern_paths(body, pat, out));
        }
        Pat::Ref(pat) | Pat::Typed { pat, .. } => pattern_paths(body, *pat, out),
        Pat::Or(pats) => pats.iter().for_each(|&pat| pattern_paths(body, pat, out)),
        Pat::Tuple { pats, .. } => pats.iter().for_each(|&pat| pattern_paths(body, pat, out)),
        // A bare name is no variant.
        Pat::Bind { sub: Some(sub), .. } => pattern_paths(body, *sub, out),
        _ => {}
    }
}

/// How likely a name that stands in `from` beside `names` means `ty`.
fn likeness(cx: &Cx, from: DefId, ty: DefId, names: &[Name]) -> u32 {
    let module = |def: DefId| cx.def(def).module;
    let qualified = names.contains(&Name::new(cx.program.modules[module(ty)].path.name()));
    8 * u32::from(qualified)
        + 4 * u32::from(cx.program.mentions[from].contains(&ty))
        + 2 * u32::from(module(from) == module(ty))
        + u32::from(cx.def(from).file == cx.def(ty).file)
}

/// The command that a pattern's path means.
fn find<'e>(
    cx: &Cx,
    def: DefId,
    enums: &'e BTreeMap<DefId, BTreeMap<Name, Command>>,
    path: &Path,
) -> Option<(DefId, Name, &'e Command)> {
    let segments = &path.segments;
    let variant = segments.last()?.name;
    let ty = segments.len().checked_sub(2).map(|at| segments[at].name)?;
    let names: Vec<Name> = segments.iter().map(|segment| segment.name).collect();
    let is_it = |id: DefId| match ty.as_str() {
        "Self" => super::super::nodes::self_type(cx, def) == Some(id),
        _ => cx.def(id).name == ty,
    };
    let named = enums.iter().filter(|(id, variants)| is_it(**id) && variants.contains_key(&variant));
    let (&id, variants) =
        named.max_by_key(|(id, _)| (likeness(cx, def, **id, &names), std::cmp::Reverse(**id)))?;
    Some((id, variant, &variants[&variant]))
}

/// `user create`: with the commands around it, each taken once, since a command may hold itself.
fn full_name(enums: &BTreeMap<DefId, BTreeMap<Name, Command>>, owner: DefId, name: &str) -> String {
    let mut words = vec![name];
    let mut seen = vec![owner];
    while let Some((id, command)) = enums.iter().find_map(|(&id, variants)| {
        let inside = *seen.last()?;
        let outer = variants.values().find(|command| command.inner == Some(inside))?;
        (!seen.contains(&id)).then_some((id, outer))
    }) {
        words.push(&command.name);
        seen.push(id);
    }
    words.reverse();
    words.join(" ")
}

/// The `main` of each binary: what runs before serving, or a command of its own.
pub(super) fn mains(cx: &Cx, graph: &Graph, commands: &[EntryPoint]) -> Vec<EntryPoint> {
    let mut mains: Vec<(String, DefId, bool)> = Vec::new();
    for package in &cx.workspace.packages {
        let bins = package.targets.iter().filter(|target| target.kind == TargetKind::Bin);
        for target in bins.filter(|target| !helps_tests(&target.krate)) {
            let main = cx.def_of.iter().copied().find(|&def| {
                let found = cx.def(def);
                // `#[launch] fn rocket()` makes the program's `main`.
                (found.name == "main" || cx.item(def).attrs.find("launch").is_some())
                    && found.file == target.root
                    && found.parent.is_none()
                    && is_root_module(cx, def)
            });
            if let Some(main) = main {
                let reached = graph.reach([main]);
                mains.push((target.krate.clone(), main, serves(cx, &reached)));
            }
        }
    }
    let n_serving = mains.iter().filter(|(_, _, serves)| *serves).count();
    let has_commands = |main: DefId| {
        let reached = graph.reach([main]);
        commands
            .iter()
            .any(|command| command.handler.is_some_and(|handler| reached.contains(&cx.def_of[handler])))
    };
    let mut entries = Vec::new();
    for (krate, main, serves) in mains {
        let place = cx.place_of(main);
        if serves {
            let name = if n_serving == 1 { "main".to_owned() } else { krate.replace('_', "-") };
            entries.push(entry(cx, EntryPointKind::Startup, name, main, place));
        } else if !has_commands(main) {
            entries.push(entry(cx, EntryPointKind::Command, krate.replace('_', "-"), main, place));
        }
    }
    entries
}

/// Whether a binary is for tests, by its name: `nextest_setup`, `bench_server`.
fn helps_tests(krate: &str) -> bool {
    krate.split('_').any(|word| matches!(word, "test" | "tests" | "nextest" | "bench" | "fuzz"))
}

fn is_root_module(cx: &Cx, def: DefId) -> bool {
    cx.program.modules[cx.def(def).module].parent.is_none()
}

/// Whether something of a web framework is called: the process answers requests.
fn serves(cx: &Cx, reached: &std::collections::BTreeSet<DefId>) -> bool {
    let is_web =
        |krate: &str| cx.catalogs.web.iter().any(|web| web.crates.iter().any(|known| known == krate));
    reached.iter().any(|&def| {
        cx.program.calls[def].iter().any(|call| match &call.target {
            CallTarget::External(path) => {
                is_web(path.krate())
                    || matches!(path.krate(), "hyper" | "tonic" | "warp" | "poem" | "salvo" | "tide")
            }
            _ => false,
        }) || cx.item(def).attrs.list.iter().any(|attr| attr.path.last().is_some_and(|name| name == "launch"))
    })
}

#[cfg(test)]
mod tests {
    use crate::facts::{Catalogs, facts};
    use crate::model::EntryPointKind;

    #[test]
    fn commands_that_hold_each_other_end() {
        let workspace = crate::testing::fixture(
            r#"
//- /src/main.rs deps:clap
#[derive(clap::Subcommand)]
enum Outer { Deeper(Inner), Leaf }
#[derive(clap::Subcommand)]
enum Inner { Back(Outer), Stop }
fn run(command: Inner) {
    match command { Inner::Stop => stop(), Inner::Back(_) => {} }
}
fn stop() {}
fn main() { run(Inner::Stop) }
"#,
        );
        let files = crate::parse::parse(&workspace);
        let program = crate::resolve::resolve(&workspace, files);
        let model = facts(&workspace, &program, &Catalogs::builtin());
        let commands: Vec<String> = model
            .entry_points
            .iter()
            .filter(|entry| entry.kind == EntryPointKind::Command)
            .map(|entry| entry.title())
            .collect();
        assert_eq!(commands, ["command deeper stop"]);
    }
}
