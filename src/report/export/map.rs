//! The service map in the languages of drawing programs.

use std::fmt::Write as _;

use crate::report::service_map::{MapEdge, MapNode, ServiceMap};

use crate::report::names::Names;

/// Boxes in a drawing; beyond, the services that cross least are one box.
const MAX_BOXES: usize = 30;

fn map(names: &Names<'_>) -> ServiceMap {
    ServiceMap::new(names.model, names.plan, MAX_BOXES)
}

fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn contents(node: &MapNode) -> String {
    format!(
        "{}, {}",
        plural(node.n_entry_points, "entry point", "entry points"),
        plural(node.n_tables, "table", "tables")
    )
}

fn kinds(edge: &MapEdge) -> String {
    let kinds: Vec<_> = edge.kinds.iter().map(|(kind, n)| format!("{n} {}", kind.as_str())).collect();
    kinds.join(", ")
}

/// Graphviz.
pub(super) fn dot(names: &Names<'_>) -> String {
    let map = map(names);
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], " ");
    let mut out = format!(
        "digraph \"{}\" {{\n  rankdir=LR;\n  node [shape=box, fontname=\"Helvetica\"];\n  edge [fontname=\"Helvetica\"];\n",
        quoted(&names.model.name)
    );
    for (idx, node) in map.nodes.iter().enumerate() {
        let _ = writeln!(out, "  s{idx} [label=\"{}\\n{}\"];", quoted(&node.name), contents(node));
    }
    for edge in &map.edges {
        let width = 1.0 + (edge.total() as f64).log2() / 2.0;
        let _ = writeln!(
            out,
            "  s{} -> s{} [label=\"{}\", penwidth={width:.1}];",
            edge.from,
            edge.to,
            kinds(edge)
        );
    }
    out.push_str("}\n");
    out
}

/// Mermaid.
pub(super) fn mermaid(names: &Names<'_>) -> String {
    let map = map(names);
    // Mermaid reads labels as HTML with its own entities.
    let quoted = |text: &str| {
        let mut out = String::new();
        for letter in text.chars() {
            match letter {
                '"' => out.push_str("#quot;"),
                '<' => out.push_str("#lt;"),
                '>' => out.push_str("#gt;"),
                '&' => out.push_str("#amp;"),
                '#' => out.push_str("#35;"),
                '\n' | '\r' => out.push(' '),
                other => out.push(other),
            }
        }
        out
    };
    let mut out = String::from("flowchart LR\n");
    for (idx, node) in map.nodes.iter().enumerate() {
        let _ = writeln!(out, "  s{idx}[\"{}<br/>{}\"]", quoted(&node.name), contents(node));
    }
    for edge in &map.edges {
        let arrow = if edge.total() >= 5 { "==>" } else { "-->" };
        let _ = writeln!(out, "  s{} {arrow}|\"{}\"| s{}", edge.from, kinds(edge), edge.to);
    }
    out
}

/// GraphML.
pub(super) fn graphml(names: &Names<'_>) -> String {
    let map = map(names);
    let escaped = |text: &str| {
        // XML 1.0 has no way to write most control characters.
        let text: String = text.chars().filter(|letter| !letter.is_control()).collect();
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n\
         \x20 <key id=\"name\" for=\"node\" attr.name=\"name\" attr.type=\"string\"/>\n\
         \x20 <key id=\"entry_points\" for=\"node\" attr.name=\"entry_points\" attr.type=\"int\"/>\n\
         \x20 <key id=\"functions\" for=\"node\" attr.name=\"functions\" attr.type=\"int\"/>\n\
         \x20 <key id=\"tables\" for=\"node\" attr.name=\"tables\" attr.type=\"int\"/>\n\
         \x20 <key id=\"cuts\" for=\"edge\" attr.name=\"cuts\" attr.type=\"int\"/>\n\
         \x20 <key id=\"kinds\" for=\"edge\" attr.name=\"kinds\" attr.type=\"string\"/>\n\
         \x20 <graph edgedefault=\"directed\">\n",
    );
    for (idx, node) in map.nodes.iter().enumerate() {
        let _ = writeln!(
            out,
            "    <node id=\"s{idx}\"><data key=\"name\">{}</data><data key=\"entry_points\">{}</data>\
             <data key=\"functions\">{}</data><data key=\"tables\">{}</data></node>",
            escaped(&node.name),
            node.n_entry_points,
            node.n_functions,
            node.n_tables
        );
    }
    for edge in &map.edges {
        let _ = writeln!(
            out,
            "    <edge source=\"s{}\" target=\"s{}\"><data key=\"cuts\">{}</data><data key=\"kinds\">{}</data></edge>",
            edge.from,
            edge.to,
            edge.total(),
            kinds(edge)
        );
    }
    out.push_str("  </graph>\n</graphml>\n");
    out
}
