//! The switch of a cron job, a loop or a consumer: the job ends at once, and the loop rests, where its function
//! does the work.

use askama::Template;

use crate::model::{EntryPointKind, ModuleIdx};
use crate::scaffold::entry::render;
use crate::scaffold::slice::lex;
use crate::scaffold::slice::types::Ty;
use crate::scaffold::supply::Supplier;

use super::{Refused, Seam, Site, indent, line_end, refused};

#[derive(Template)]
#[template(path = "scaffold/switch/job.rs.j2")]
struct Job<'a> {
    name: &'a str,
    variable: &'a str,
    log: &'a str,
    http_crate: &'a str,
    tokio_crate: &'a str,
    json_crate: &'a str,
    serde_crate: &'a str,
    source: String,
    topic: String,
    shadows: bool,
    http: bool,
    sends: bool,
}

pub(super) fn seam(site: &Site<'_, '_>) -> Result<Option<Seam>, Refused> {
    let model = site.names.model;
    let entry = &model.entry_points[site.unit.entry_points[0]];
    let Some(handler) = entry.handler else { return Ok(None) };
    let function = &model.functions[handler];
    let root = site.names.root_of(function.module);
    if site.is_there(root) {
        return Ok(None);
    }
    let ret = Ty::parse(&function.ret);
    let rests = site.unit.kind == EntryPointKind::Loop && function.is_async;
    let nothing = match ret.success() {
        (Ty::Unit, false) => "",
        (Ty::Unit, true) => " Ok(())",
        // An alias such as `AppResult<()>`.
        _ if ret.name().ends_with("Result") && ret.args().first() == Some(&Ty::Unit) => " Ok(())",
        // It never returns.
        _ if rests => "",
        _ => {
            let why =
                format!("`{}` returns a `{}` that something here waits for", function.path, function.ret);
            return Err(refused(Some(function.place), why));
        }
    };
    let callers: Vec<_> = model
        .calls
        .iter()
        .filter(|call| call.callee == handler && !model.functions[call.caller].test)
        .collect();
    if let [first, second, ..] = callers[..]
        && first.caller != second.caller
    {
        let why = format!(
            "`{}` is called by `{}` and by `{}`, and only one of them is the job",
            function.path, model.functions[first.caller].path, model.functions[second.caller].path
        );
        return Err(refused(Some(second.site), why));
    }
    let package = site.package(root);
    let mut seam = Seam { variable: site.variable(), ..Seam::default() };
    let event = (site.unit.kind == EntryPointKind::Consumer).then(|| event(site, root)).flatten();
    let serde = site.krate(package, "serde");
    let sends = event.is_some() && function.is_async && serde.is_some();
    let [http_crate, tokio_crate, json_crate] = if sends {
        [
            site.client(package, &mut seam),
            site.need(package, "tokio", r#"{ version = "1", features = ["time"] }"#, &mut seam),
            site.need(package, "serde_json", "\"1\"", &mut seam),
        ]
    } else {
        Default::default()
    };
    let quoted = |text: &str| format!("{text:?}");
    let text = render(&Job {
        name: &site.unit.name,
        variable: &site.variable(),
        log: &site.log(package),
        http_crate: &http_crate,
        tokio_crate: &tokio_crate,
        json_crate: &json_crate,
        serde_crate: serde.as_deref().unwrap_or_default(),
        source: quoted(&format!("/{}", model.packages[package].name)),
        topic: quoted(entry.path.as_deref().unwrap_or_default()),
        shadows: false,
        http: false,
        sends,
    });
    site.add_module(root, text, &mut seam);
    match (&event, sends, site.unit.kind) {
        (_, true, _) => {}
        (_, _, EntryPointKind::Cron | EntryPointKind::Loop) => {}
        _ => seam.notes.push(
            "What arrives here is not sent on, because its type cannot be written as JSON by `serde`; let a queue \
             or broker bring it to the function."
                .into(),
        ),
    }
    let span = model.items[function.item].span;
    let text = site.inputs.sources.text(span);
    let Some(open) = lex::body_start(text) else {
        return Err(refused(Some(function.place), format!("`{}` has no body to be read", function.path)));
    };
    let source = &site.inputs.sources.files[span.file].text;
    let open = (span.range.start + open) as usize + 1;
    let at = line_end(source, open);
    let indent = format!("{}    ", indent(source, open));
    let module = site.module();
    let deliver = match event.filter(|_| sends) {
        Some(event) => format!("\n{indent}    crate::{module}::deliver({event}).await;"),
        None => String::new(),
    };
    let then = if rests {
        // Whoever waits for a loop takes its end for a failure.
        "std::future::pending::<()>().await".to_owned()
    } else {
        format!("return{nothing}")
    };
    let block =
        format!("\n{indent}if crate::{module}::elsewhere() {{{deliver}\n{indent}    {then};\n{indent}}}");
    seam.inserts.insert((span.file, at as u32, block));
    Ok(Some(seam))
}

/// The argument that is the event, as a reference; `None` where it cannot be written as JSON.
fn event(site: &Site<'_, '_>, root: ModuleIdx) -> Option<String> {
    let model = site.names.model;
    let entry = &model.entry_points[site.unit.entry_points[0]];
    let function = &model.functions[entry.handler?];
    let supplier = Supplier::new(site.names, root);
    let (param, ty) = function
        .params
        .iter()
        .map(|param| (param, Ty::parse(&param.ty)))
        .find(|(_, ty)| !supplier.can_make(ty, function.module))?;
    let Ty::Path(segments, _) = ty.behind_refs() else { return None };
    let item = *site.names.resolve(function.module, segments, false, None).last.first()?;
    let facts = model.types.iter().find(|ty| ty.item == item)?;
    let writable = facts.derives.iter().any(|derive| derive == "Serialize");
    let name = &param.name;
    let plain = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    (writable && plain).then(|| if matches!(ty, Ty::Ref(_)) { name.clone() } else { format!("&{name}") })
}
