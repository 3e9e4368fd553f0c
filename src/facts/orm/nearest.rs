//! Modules of one name, told apart by where a path leads.

use crate::base::Name;
use crate::facts::cx::Cx;
use crate::resolve::ModuleId;

/// Of entities in modules of one name, the one that a path leads to, as it is written in `near`: all but the
/// last of its names.
pub(super) fn nearest(
    cx: &Cx,
    near: Option<ModuleId>,
    names: &[Name],
    all: &[(ModuleId, usize)],
) -> Option<usize> {
    let segments = |module: ModuleId| cx.program.modules[module].path.segments();
    let here = near.map(segments).unwrap_or_default();
    let mut base = here.clone();
    let mut rest = names;
    while let [first, more @ ..] = rest {
        match first.as_str() {
            "crate" => base.truncate(1),
            "super" => _ = base.pop(),
            "self" => {}
            _ => break,
        }
        rest = more;
    }
    let is_relative = rest.len() < names.len();
    let rest: Vec<&str> = rest.iter().map(|name| name.as_str()).collect();
    let wanted = if is_relative { [&base[..], &rest].concat() } else { rest.clone() };
    let likeness = |path: &[&str]| {
        let said = path.iter().rev().zip(rest.iter().rev()).take_while(|(a, b)| a == b).count();
        let shared = path.iter().zip(&here).take_while(|(a, b)| a == b).count();
        (path == wanted, said, shared)
    };
    let ranked = all.iter().enumerate();
    ranked
        .max_by_key(|&(at, &(module, _))| (likeness(&segments(module)), std::cmp::Reverse(at)))
        .map(|(_, &(_, entity))| entity)
}
