//! What templates say about ports.

use askama::Template;

use super::wire::{ErrorWire, Wire};
use super::{Group, Param, ParamKind, Pass, Port};
use crate::scaffold::entry::render;
use crate::scaffold::naming;
use crate::scaffold::supply::path_from;

/// A field of a request.
pub(super) struct FieldText {
    pub name: String,
    pub ty: String,
}

/// A port as templates show it.
pub(super) struct PortText {
    pub name: String,
    pub shown: String,
    pub constant: String,
    /// Type of the request.
    pub asked: String,
    /// Type of the question, in the asking side.
    pub ask: String,
    pub fields: Vec<FieldText>,
    pub version: String,
    pub reads: bool,
    pub takes: String,
    pub made: String,
    pub ok: String,
    pub error: String,
    pub own_ok: String,
    pub own_error: String,
    pub ok_there: String,
    pub ok_back: String,
    pub error_there: String,
    pub error_back: String,
    pub failed: String,
    /// For the answering side: the arguments, the call, and what comes of it by value.
    pub lines: Vec<String>,
    pub call: String,
    pub ok_answer: String,
    pub error_answer: String,
    pub asked_sample: String,
    pub ok_sample: String,
    pub error_samples: Vec<String>,
}

#[derive(Template)]
#[template(path = "scaffold/calls/contract.rs.j2")]
struct ContractText<'a> {
    ports: &'a [PortText],
    declarations: String,
    fixed: bool,
    /// Errors with a sample of each variant.
    errors: Vec<(String, String)>,
}

/// The contract of a group as text.
pub(super) fn contract(group: &Group<'_, '_>, ports: &[PortText]) -> String {
    let declarations = group.contract.declarations();
    let declarations: String = declarations
        .lines()
        .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") })
        .collect();
    let fixed = declarations.contains("fixed(") || ports.iter().any(|port| port.ok_back.contains("fixed("));
    let mut errors: Vec<(String, String)> = Vec::new();
    for port in ports {
        for sample in &port.error_samples {
            let row = (port.error.clone(), sample.clone());
            if !errors.contains(&row) {
                errors.push(row);
            }
        }
    }
    let declarations = declarations.trim_end().to_owned();
    let text = render(&ContractText { ports, declarations, fixed, errors });
    text.trim_end().to_owned()
}

/// The ports of a group; `context` names the field that holds a value which the process has anyway.
pub(super) fn ports(group: &Group<'_, '_>, context: &dyn Fn(&super::Own) -> String) -> Vec<PortText> {
    group.ports.iter().map(|port| text(group, port, context)).collect()
}

fn text(group: &Group<'_, '_>, port: &Port, context: &dyn Fn(&super::Own) -> String) -> PortText {
    let contract = &group.contract;
    let names = contract.names;
    let function = &names.model.functions[port.function];
    let path = path_from(names, group.root, function.item).unwrap_or_else(|| function.path.to_string());
    let camel: String = port
        .name
        .split('_')
        .map(|word| {
            word.get(..1).unwrap_or_default().to_ascii_uppercase() + word.get(1..).unwrap_or_default()
        })
        .collect();
    let travelling = || {
        port.params.iter().filter_map(|param| match &param.kind {
            ParamKind::Travels(wire, pass) => Some((param, wire, *pass)),
            ParamKind::Own(_) => None,
        })
    };
    let own_type = |wire: &Wire, pass: Pass| match pass {
        // `&T` was taken off.
        Pass::Ref if !matches!(wire, Wire::Str { .. } | Wire::Ref(_)) => {
            format!("&{}", contract.own_text(wire))
        }
        _ => contract.own_text(wire),
    };
    let made = |param: &Param, wire: &Wire, pass: Pass| match pass {
        Pass::Ref if !matches!(wire, Wire::Str { .. } | Wire::Ref(_)) => {
            contract.there(wire, &format!("(*{})", param.name), true)
        }
        _ => contract.there(wire, &param.name, true),
    };
    let mut lines = Vec::new();
    for (param, wire, _) in travelling() {
        let back = contract.back(wire, &format!("asked.{}", param.name));
        lines.push(format!("let {}: {} = {back};", param.name, owned_text(contract, wire)));
    }
    let args: Vec<String> = port
        .params
        .iter()
        .map(|param| match &param.kind {
            ParamKind::Travels(_, Pass::Value) => param.name.clone(),
            ParamKind::Travels(_, Pass::Ref) => format!("&{}", param.name),
            ParamKind::Travels(_, Pass::AsRef) => format!("{}.as_ref()", param.name),
            ParamKind::Travels(_, Pass::AsDeref) => format!("{}.as_deref()", param.name),
            ParamKind::Own(own) if own.by_ref => format!("&context.{}", context(own)),
            ParamKind::Own(own) => format!("context.{}.clone()", context(own)),
        })
        .collect();
    let call = match &port.receiver {
        Some(own) => format!("context.{}.{}({})", context(own), naming::raw(&function.name), args.join(", ")),
        None => format!("{path}({})", args.join(", ")),
    };
    let mut asked = serde_json::Map::new();
    for (param, wire, _) in travelling() {
        asked.insert(param.name.clone(), contract.sample(wire, 0));
    }
    let (error, own_error, error_there, error_answer, error_back, failed) = match &port.error {
        ErrorWire::Named { decl, failed } => {
            let decl = &contract.decls[*decl];
            let name = decl.name.clone();
            let there = format!("{name}::of(error)");
            let answer = format!("{name}::of(&error)");
            (name, decl.path.clone(), there, answer, "error.back()".to_owned(), failed.clone())
        }
        ErrorWire::Text { own, there, back } => {
            let back_of = format!("{{ let text = error; {back} }}");
            let answer = format!("{{ let error = &error; {there} }}");
            ("String".to_owned(), own.clone(), there.clone(), answer, back_of, back.clone())
        }
    };
    let error_samples = match &port.error {
        ErrorWire::Named { decl, .. } => contract.samples(*decl, 0).iter().map(ToString::to_string).collect(),
        ErrorWire::Text { .. } => vec!["\"text\"".to_owned()],
    };
    PortText {
        shown: path.strip_prefix("crate::").unwrap_or(&path).to_owned(),
        constant: format!("CALL_{}", port.name.to_uppercase()),
        asked: format!("{camel}Asked"),
        ask: format!("Ask{camel}"),
        fields: travelling()
            .map(|(param, wire, _)| FieldText { name: param.name.clone(), ty: contract.text(wire) })
            .collect(),
        version: port.version.clone(),
        reads: port.reads,
        takes: travelling()
            .map(|(param, wire, pass)| format!("{}: &{}", param.name, own_type(wire, pass)))
            .collect::<Vec<_>>()
            .join(", "),
        made: travelling()
            .map(|(param, wire, pass)| format!("{}: {}", param.name, made(param, wire, pass)))
            .collect::<Vec<_>>()
            .join(", "),
        ok: contract.text(&port.ok),
        own_ok: contract.own_text(&port.ok),
        ok_there: contract.there(&port.ok, "value", true),
        ok_back: contract.back(&port.ok, "value"),
        ok_answer: contract.there(&port.ok, "(&value)", true),
        error,
        own_error,
        error_there,
        error_back,
        error_answer,
        failed,
        lines,
        call,
        asked_sample: serde_json::Value::Object(asked).to_string(),
        ok_sample: contract.sample(&port.ok, 0).to_string(),
        error_samples,
        name: port.name.clone(),
    }
}

/// The type of the owned value from which an argument is borrowed.
fn owned_text(contract: &super::Contract<'_, '_>, wire: &Wire) -> String {
    match wire {
        Wire::Str { .. } => "String".into(),
        Wire::Ref(inner) => owned_text(contract, inner),
        Wire::Slice(inner) => format!("Vec<{}>", owned_text(contract, inner)),
        Wire::Option(inner) => format!("Option<{}>", owned_text(contract, inner)),
        other => contract.own_text(other),
    }
}
