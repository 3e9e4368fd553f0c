//! Finds the thing that the user means by a name.

use crate::base::DefPath;
use crate::config::edit_distance;
use crate::error::Error;
use crate::model::{Model, NodeRef, Plan, ServiceId};

/// A thing that can be named on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    /// A service candidate.
    Service(ServiceId),
    /// Something that is placed.
    Node(NodeRef),
}

/// How many candidates a message lists.
const SHOWN: usize = 8;

/// Finds what `name` means: a service, `table orders`, `GET /api/orders`, or a definition path or the
/// end of one (`orders::place`).
///
/// # Errors
/// Where nothing or more than one thing has that name; the message lists the candidates.
pub(super) fn find(name: &str, model: &Model, plan: &Plan) -> Result<Thing, Error> {
    let name = name.trim();
    let names = names(model, plan);
    let mut found: Vec<Thing> =
        names.iter().filter(|(title, _)| title == name).map(|&(_, thing)| thing).collect();
    if found.is_empty() {
        let matches = names.iter().filter(|(title, _)| loosely(title, name));
        found = matches.map(|&(_, thing)| thing).collect();
    }
    found.sort_unstable();
    found.dedup();
    match found[..] {
        [only] => Ok(only),
        [] => Err(not_found(name, &names)),
        _ => {
            let mut titles: Vec<String> = found.iter().map(|&thing| title(thing, model, plan)).collect();
            titles.sort();
            titles.dedup();
            if let [_] = titles[..] {
                // Twins under different cfgs: the first one speaks for both.
                return Ok(found[0]);
            }
            let more = if titles.len() > SHOWN { ", …" } else { "" };
            titles.truncate(SHOWN);
            Err(Error::Usage(format!(
                "`{name}` means several things: {}{more}; name one of them",
                titles.join(", ")
            )))
        }
    }
}

/// A name that people read.
pub(super) fn title(thing: Thing, model: &Model, plan: &Plan) -> String {
    match thing {
        Thing::Service(id) => format!("service {}", plan.services[id].name),
        Thing::Node(node) => node_title(node, model),
    }
}

/// A name that people read.
pub(super) fn node_title(node: NodeRef, model: &Model) -> String {
    match node {
        NodeRef::EntryPoint(id) => model.entry_points[id].title(),
        NodeRef::Function(id) => model.functions[id].path.to_string(),
        NodeRef::Table(id) => format!("table {}", model.tables[id].name),
        NodeRef::Type(id) => model.types[id].path.to_string(),
        NodeRef::State(id) => model.state_cells[id].path.to_string(),
    }
}

fn names(model: &Model, plan: &Plan) -> Vec<(String, Thing)> {
    let mut names = Vec::new();
    let mut add = |title: String, node| names.push((title, Thing::Node(node)));
    for (id, entry) in model.entry_points.iter_enumerated() {
        add(entry.title(), NodeRef::EntryPoint(id));
    }
    for (id, table) in model.tables.iter_enumerated() {
        add(format!("table {}", table.name), NodeRef::Table(id));
    }
    for (id, function) in model.functions.iter_enumerated() {
        add(function.path.to_string(), NodeRef::Function(id));
    }
    for (id, ty) in model.types.iter_enumerated() {
        add(ty.path.to_string(), NodeRef::Type(id));
    }
    for (id, cell) in model.state_cells.iter_enumerated() {
        add(cell.path.to_string(), NodeRef::State(id));
    }
    for (id, service) in plan.services.iter_enumerated() {
        names.push((format!("service {}", service.name), Thing::Service(id)));
    }
    names
}

/// Whether `name` is the tail of `title`: its last words, path segments, or the same in another case.
fn loosely(title: &str, name: &str) -> bool {
    if title.eq_ignore_ascii_case(name) {
        return true;
    }
    let Some(rest) = title.strip_suffix(name) else { return false };
    rest.ends_with("::") || rest.ends_with(' ')
}

fn not_found(name: &str, names: &[(String, Thing)]) -> Error {
    let wanted = DefPath::new(name.to_lowercase());
    let wanted = wanted.name();
    let mut near: Vec<(usize, &str)> = names
        .iter()
        .map(|(title, _)| {
            let last = title.rsplit([' ', ':']).next().unwrap_or(title);
            (edit_distance(wanted, &last.to_lowercase()), title.as_str())
        })
        .filter(|(distance, _)| *distance <= 1 + wanted.chars().count() / 3)
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(3);
    let near: Vec<&str> = near.into_iter().map(|(_, title)| title).collect();
    let hint = if near.is_empty() {
        "; `splitter export services` lists what there is".to_string()
    } else {
        format!("; did you mean {}?", near.join(" or "))
    };
    Error::Usage(format!("nothing is called `{name}`{hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_path_is_enough() {
        assert!(loosely("shop::orders::place", "place"));
        assert!(loosely("shop::orders::place", "orders::place"));
        assert!(loosely("table orders", "orders"));
        assert!(loosely("GET /api/orders", "get /api/orders"));
        assert!(!loosely("shop::orders::replace", "place"));
    }
}
