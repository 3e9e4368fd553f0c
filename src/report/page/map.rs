//! The service map as SVG, and as a table.

use std::fmt::Write as _;

use crate::base::{Id, Severity};
use crate::model::CutKind;
use crate::report::layout::{BOX_H, BOX_W, layout};
use crate::report::service_map::{MapEdge, ServiceMap};
use crate::report::text::{count, reveal, thousands};

use super::{Badge, View};

/// Boxes in the picture; beyond, a picture tells less than a list.
const MAX_BOXES: usize = 20;
/// Arrows in the picture: so many per box, but never fewer than the least.
const ARROWS_PER_BOX: usize = 3;
const FEWEST_ARROWS: usize = 18;
/// Room for a name in its box.
const NAME_WIDTH: u32 = 158;

pub(super) struct Map {
    pub left: i32,
    pub top: i32,
    pub width: i32,
    pub height: i32,
    pub boxes: Vec<MapBox>,
    pub lines: Vec<MapLine>,
    /// The same as a table, heaviest first.
    pub rows: Vec<MapRow>,
    pub n_more_rows: usize,
    /// One sentence for those who do not see the picture.
    pub title: String,
    pub aggregated: bool,
    /// Arrows that are left to the table.
    pub n_hidden: usize,
}

pub(super) struct MapBox {
    pub x: i32,
    pub y: i32,
    pub cx: i32,
    pub name_y: i32,
    pub note_y: i32,
    pub name: String,
    pub full: String,
    pub note: String,
    /// Index of the service, to jump to it.
    pub service: Option<usize>,
}

pub(super) struct MapLine {
    pub path: String,
    pub width: String,
    pub class: &'static str,
    pub label: String,
    pub label_x: i32,
    pub label_y: i32,
    pub pill_x: i32,
    pub pill_y: i32,
    pub pill_w: i32,
    pub title: String,
}

pub(super) struct MapRow {
    pub from: String,
    pub to: String,
    pub total: usize,
    pub kinds: [usize; 6],
    pub worst: Badge,
}

const KINDS: [CutKind; 6] =
    [CutKind::Call, CutKind::Data, CutKind::Type, CutKind::Transaction, CutKind::State, CutKind::Event];

impl Map {
    pub fn new(view: &View<'_>) -> Self {
        let mut map = ServiceMap::new(view.model, view.plan, MAX_BOXES);
        let whole_map = map.clone();
        let n_hidden = keep_heaviest(&mut map);
        let layout = layout(&map);
        let boxes = (map.nodes.iter().zip(&layout.boxes))
            .map(|(node, &(cx, cy))| MapBox {
                x: cx - BOX_W / 2,
                y: cy - BOX_H / 2,
                cx,
                name_y: cy - 4,
                note_y: cy + 16,
                name: fit(&node.name),
                full: format!(
                    "{}: {}, {}, {}",
                    node.name,
                    count(node.n_entry_points, "entry point"),
                    count(node.n_functions, "function"),
                    count(node.n_tables, "table")
                ),
                note: format!("{} in · {}", node.n_entry_points, count(node.n_tables, "table")),
                service: node.service.map(Id::idx),
            })
            .collect();
        let lines = (map.edges.iter().zip(&layout.edges))
            .map(|(edge, drawn)| {
                let label = match edge.worst {
                    Severity::Blocker => format!("{}!", thousands(edge.total())),
                    _ => thousands(edge.total()),
                };
                let pill_w = 14 + 8 * label.len() as i32;
                MapLine {
                    path: drawn.path.clone(),
                    width: format!("{:.1}", (1.2 + (edge.total() as f64).sqrt() * 0.55).min(7.0)),
                    class: edge.worst.as_str(),
                    label,
                    label_x: drawn.label.0,
                    label_y: drawn.label.1 + 4,
                    pill_x: drawn.label.0 - pill_w / 2,
                    pill_y: drawn.label.1 - 10,
                    pill_w,
                    title: format!(
                        "{} to {}: {}",
                        map.nodes[edge.from].name,
                        map.nodes[edge.to].name,
                        kinds(edge)
                    ),
                }
            })
            .collect();
        // The table has the real services where the picture had to aggregate.
        let whole = if view.plan.services.len() > MAX_BOXES {
            ServiceMap::new(view.model, view.plan, usize::MAX)
        } else {
            whole_map
        };
        let mut rows: Vec<_> = (whole.edges.iter())
            .map(|edge| MapRow {
                from: whole.nodes[edge.from].name.clone(),
                to: whole.nodes[edge.to].name.clone(),
                total: edge.total(),
                kinds: KINDS.map(|kind| edge.kinds.get(&kind).copied().unwrap_or(0)),
                worst: Badge(edge.worst),
            })
            .collect();
        rows.sort_by_key(|row| (row.worst.0, std::cmp::Reverse(row.total)));
        let n_more_rows = rows.len().saturating_sub(200);
        rows.truncate(200);
        let mut title = String::new();
        let _ = write!(
            title,
            "Service map: {}, {} between them.",
            count(map.nodes.len(), "box").replace("boxs", "boxes"),
            count(map.edges.len(), "arrow")
        );
        Self {
            left: layout.origin.0,
            top: layout.origin.1,
            width: layout.width,
            height: layout.height,
            boxes,
            lines,
            rows,
            n_more_rows,
            title,
            aggregated: view.plan.services.len() > MAX_BOXES,
            n_hidden,
        }
    }
}

/// Leaves the heaviest arrows and says how many went: a picture with all of them shows none.
fn keep_heaviest(map: &mut ServiceMap) -> usize {
    let most = FEWEST_ARROWS.max(map.nodes.len() * ARROWS_PER_BOX);
    if map.edges.len() <= most {
        return 0;
    }
    let n_hidden = map.edges.len() - most;
    map.edges.sort_by_key(|edge| (std::cmp::Reverse(edge.total()), edge.worst, edge.from, edge.to));
    map.edges.truncate(most);
    map.edges.sort_by_key(|edge| (edge.from, edge.to));
    n_hidden
}

/// A name cut to its box. Fonts differ; the widths are those of a wide one.
fn fit(name: &str) -> String {
    let width = |letter: char| match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | '-' | '\'' | '|' | '!' | ' ' | ':' => 7,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 16,
        letter if letter.is_ascii_lowercase() || letter.is_ascii_digit() => 10,
        letter if letter.is_ascii() => 13,
        _ => 18,
    };
    let name = reveal(name.to_string());
    if name.chars().map(width).sum::<u32>() <= NAME_WIDTH {
        return name;
    }
    let mut left = NAME_WIDTH - 14;
    let head = name.chars().take_while(|&letter| {
        let fits = width(letter) <= left;
        left = left.saturating_sub(width(letter));
        fits
    });
    head.chain(['…']).collect()
}

fn kinds(edge: &MapEdge) -> String {
    let kinds: Vec<_> = (edge.kinds.iter())
        .map(|(kind, &n)| match kind {
            CutKind::Call => count(n, "call"),
            CutKind::Data => count(n, "table access").replace("accesss", "accesses"),
            CutKind::Type => count(n, "shared type"),
            CutKind::Transaction => count(n, "shared transaction"),
            CutKind::State => count(n, "state access").replace("accesss", "accesses"),
            CutKind::Event => count(n, "event"),
        })
        .collect();
    kinds.join(", ")
}
