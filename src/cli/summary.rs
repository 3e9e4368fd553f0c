//! What `analyze` says at its end: what was read, how much was understood, the verdict, the next step.

use std::fmt::Write as _;
use std::path::Path;

use super::console::{BOLD, DIM, GREEN, RESET, YELLOW, count, plain, thousands};
use crate::base::Id as _;
use crate::model::{EntryPointKind, FunctionId, Model, Plan, TableOp, VerdictKind};
use crate::pipeline::Analysis;

/// Width of the first column.
const LABEL: usize = 14;

/// The summary. `path` is the application as the user wrote it, `report` the page.
pub(super) fn text(analysis: &Analysis, path: &Path, report: &Path) -> String {
    let (model, plan) = (&analysis.model, &analysis.plan);
    let mut text = String::new();
    _ = writeln!(text, "{BOLD}{}{RESET}", plain(&model.name));
    line(&mut text, "Read", &read(model));
    line(&mut text, "Calls", &calls(model));
    line(&mut text, "Entry points", &entry_points(model));
    line(&mut text, "Tables", &tables(model));
    observed(&mut text, plan);
    text.push('\n');
    verdict(&mut text, plan);
    first_step(&mut text, plan, path);
    line(&mut text, "Blind spots", &blind_spots(model));
    if model.packages.is_empty() {
        // Nothing was read: the first reason is the one to look at.
        let reason = model.blind_spots.first().map_or("no package was found", |spot| spot.message.as_str());
        line(&mut text, "", reason);
    }
    line(&mut text, "Report", &report.display().to_string());
    text
}

fn line(text: &mut String, label: &str, rest: &str) {
    _ = writeln!(text, "{DIM}{label:<LABEL$}{RESET}{}", plain(rest));
}

fn read(model: &Model) -> String {
    let rust: Vec<_> = model.files.iter().filter(|file| file.path.ends_with(".rs")).collect();
    let lines: usize = rust.iter().map(|file| file.n_lines as usize).sum();
    let unparsed = rust.iter().filter(|file| !file.parsed).count();
    let mut text = format!(
        "{}, {} of Rust in {}",
        count(rust.len(), "file"),
        count(lines, "line"),
        count(model.packages.len(), "package")
    );
    if unparsed > 0 {
        _ = write!(text, "; {} could not be parsed", count(unparsed, "file"));
    }
    text
}

fn calls(model: &Model) -> String {
    let known = &model.resolution;
    let all = known.certain + known.likely + known.one_of + known.external + known.unknown;
    if all == 0 {
        return "none".into();
    }
    let kinds = [
        (known.certain, "inside"),
        (known.likely, "inside, likely"),
        (known.one_of, "to one of several"),
        (known.external, "to other crates"),
    ];
    let kinds = kinds.into_iter().filter(|&(n, _)| n > 0);
    let kinds: Vec<_> = kinds.map(|(n, kind)| format!("{} {kind}", thousands(n as usize))).collect();
    let mut text =
        format!("{:.1}% of {} resolved: {}", known.percent(), thousands(all as usize), kinds.join(", "));
    if known.unknown > 0 {
        let mut reasons: Vec<_> = known.unknown_by_reason.iter().collect();
        reasons.sort_by_key(|&(reason, n)| (std::cmp::Reverse(*n), reason.clone()));
        let reasons: Vec<_> = reasons.iter().take(3).map(|(reason, n)| format!("{n} {reason}")).collect();
        _ = write!(text, "; {} unknown ({})", thousands(known.unknown as usize), reasons.join(", "));
    }
    text
}

fn entry_points(model: &Model) -> String {
    let mut kinds: Vec<(EntryPointKind, usize)> = Vec::new();
    for entry in &model.entry_points {
        match kinds.iter_mut().find(|(kind, _)| *kind == entry.kind) {
            Some((_, n)) => *n += 1,
            None => kinds.push((entry.kind, 1)),
        }
    }
    kinds.sort();
    let kinds: Vec<_> = kinds.iter().map(|(kind, n)| format!("{n} {}", kind_word(*kind))).collect();
    if kinds.is_empty() {
        "none found".into()
    } else {
        format!("{} ({})", model.entry_points.len(), kinds.join(", "))
    }
}

fn kind_word(kind: EntryPointKind) -> &'static str {
    match kind {
        EntryPointKind::Http => "HTTP",
        EntryPointKind::Grpc => "gRPC",
        EntryPointKind::Graphql => "GraphQL",
        other => other.as_str(),
    }
}

fn tables(model: &Model) -> String {
    if model.tables.is_empty() {
        return "none found".into();
    }
    let mut touched = vec![(false, false); model.tables.len()];
    // Test code touches tables too; it is no part of the application.
    let runs = |function: FunctionId| !model.functions[function].test;
    for access in model.accesses.iter().filter(|access| runs(access.function)) {
        let table = &mut touched[access.table.idx()];
        match access.op {
            TableOp::Read => table.0 = true,
            _ => table.1 = true,
        }
    }
    let written = touched.iter().filter(|table| table.1).count();
    let only_read = touched.iter().filter(|table| table.0 && !table.1).count();
    let unused = touched.len() - written - only_read;
    let kinds = [(written, "written"), (only_read, "only read"), (unused, "not touched by any function")];
    let kinds = kinds.into_iter().filter(|&(n, _)| n > 0);
    let kinds: Vec<String> = kinds.map(|(n, kind)| format!("{n} {kind}")).collect();
    let mut text = format!("{} ({})", model.tables.len(), kinds.join(", "));
    let transactions = model.transactions.iter().filter(|transaction| runs(transaction.opened_by)).count();
    if transactions > 0 {
        _ = write!(text, ", {}", count(transactions, "transaction"));
    }
    let unknown = model.unknown_sql.iter().filter(|sql| runs(sql.function)).count();
    if unknown > 0 {
        _ = write!(text, ", {} that could not be read", count(unknown, "statement"));
    }
    text
}

/// What was taken into account beside the source.
fn observed(text: &mut String, plan: &Plan) {
    for source in &plan.observed {
        let (used, left_out) = (source.used as usize, source.left_out as usize);
        if source.kind == "history" {
            let large = "large or of other files";
            line(
                text,
                "History",
                &format!("{}; {} left out, {large}", count(used, "commit"), thousands(left_out)),
            );
            continue;
        }
        let mut told = format!("{} of {} known", thousands(used), count(used + left_out, "name"));
        if let Some(first) = source.unknown.first() {
            _ = write!(told, "; unknown are {first}{}", if left_out > 1 { ", …" } else { "" });
        }
        line(text, "Traces", &told);
    }
}

fn verdict(text: &mut String, plan: &Plan) {
    let color = match plan.verdict.kind {
        VerdictKind::Split | VerdictKind::Extract => GREEN,
        VerdictKind::Leave => YELLOW,
    };
    _ = writeln!(text, "{DIM}{:<LABEL$}{RESET}{color}{}{RESET}", "Verdict", plain(&plan.verdict.summary));
    let width = plan.services.iter().map(|service| service.name.chars().count()).max().unwrap_or(0);
    for service in &plan.services {
        let parts: Vec<_> = service.deployables.iter().map(|part| part.name.as_str()).collect();
        _ = writeln!(
            text,
            "{:LABEL$}{BOLD}{:<width$}{RESET}  {:>17}  {:>9}  {DIM}{}{RESET}",
            "",
            plain(&service.name),
            count(service.entry_points.len(), "entry point"),
            count(service.tables.len(), "table"),
            plain(&parts.join(", ")),
        );
    }
}

fn first_step(text: &mut String, plan: &Plan, path: &Path) {
    let Some(step) = plan.steps.first() else { return };
    let why = step.why.first().map_or_else(String::new, |why| format!(": {why}"));
    let label = if plan.verdict.kind == VerdictKind::Leave { "If at all" } else { "First step" };
    line(text, label, &format!("{} ({} risk){why}", step.deployable, step.risk.as_str()));
    if !step.blocked_by.is_empty() {
        line(text, "", &format!("to solve before: {}", step.blocked_by.join("; ")));
    }
    _ = writeln!(
        text,
        "{:LABEL$}{BOLD}splitter scaffold {}{}{RESET}",
        "",
        plain(&step.deployable),
        path_argument(path)
    );
}

/// The path as an argument, left out where it is the default.
fn path_argument(path: &Path) -> String {
    let shown = plain(&path.display().to_string());
    if shown == "." {
        String::new()
    } else if shown.contains(|c: char| c.is_whitespace() || "'\"$`\\&;|<>()*?!".contains(c)) {
        format!(" '{}'", shown.replace('\'', "'\\''"))
    } else {
        format!(" {shown}")
    }
}

fn blind_spots(model: &Model) -> String {
    if model.blind_spots.is_empty() {
        return "none".into();
    }
    let mut codes: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for spot in &model.blind_spots {
        *codes.entry(spot.code.as_str()).or_default() += 1;
    }
    let mut codes: Vec<_> = codes.into_iter().collect();
    codes.sort_by_key(|&(code, n)| (std::cmp::Reverse(n), code));
    let shown: Vec<_> = codes.iter().take(4).map(|(code, n)| format!("{n} {code}")).collect();
    let more = if codes.len() > 4 { ", …" } else { "" };
    format!("{} ({}{more}), listed in the report", thousands(model.blind_spots.len()), shown.join(", "))
}
