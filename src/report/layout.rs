//! Places the boxes of the service map: on an ellipse, so that no line runs through a box, in the order
//! that keeps heavy lines short.
//!
//! Deterministic: ties go to the smaller index, coordinates are whole numbers.

use super::service_map::ServiceMap;

/// Width of a box.
pub(super) const BOX_W: i32 = 176;
/// Height of a box.
pub(super) const BOX_H: i32 = 60;
/// Space that a label takes.
const LABEL_W: f64 = 34.0;
const LABEL_H: f64 = 24.0;
const MARGIN: f64 = 26.0;

/// Where everything stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// Left and upper rim.
    pub origin: (i32, i32),
    pub width: i32,
    pub height: i32,
    /// Centre of each box.
    pub boxes: Vec<(i32, i32)>,
    /// One per edge of the map, in its order.
    pub edges: Vec<EdgePath>,
}

/// A drawn edge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct EdgePath {
    /// SVG path data.
    pub path: String,
    /// Centre of its label.
    pub label: (i32, i32),
}

type Point = (f64, f64);

/// Lays out a map of at most a few dozen boxes.
pub(super) fn layout(map: &ServiceMap) -> Layout {
    let n = map.nodes.len();
    if n == 0 {
        return Layout::default();
    }
    let order = order(map);
    let (rx, ry) = radii(n);
    let (w, h) = (f64::from(BOX_W), f64::from(BOX_H));
    let (cx, cy) = (rx + w / 2.0 + MARGIN, ry + h / 2.0 + MARGIN);
    let mut centres = vec![(0.0, 0.0); n];
    for (slot, &node) in order.iter().enumerate() {
        let (x, y) = on_ellipse(slot, n, rx, ry);
        centres[node] = ((cx + x).round(), (cy + y).round());
    }
    let mut taken: Vec<Point> = Vec::new();
    let mut edges = vec![EdgePath::default(); map.edges.len()];
    // Heavy edges choose the place of their label first.
    let mut by_weight: Vec<usize> = (0..map.edges.len()).collect();
    by_weight.sort_by_key(|&idx| (std::cmp::Reverse(map.edges[idx].total()), idx));
    for idx in by_weight {
        let edge = &map.edges[idx];
        let both = map.edges.iter().any(|other| (other.from, other.to) == (edge.to, edge.from));
        let curve = Curve::between(centres[edge.from], centres[edge.to], (cx, cy), both);
        let label = curve.label_place(&taken, &centres);
        taken.push(label);
        edges[idx] = EdgePath { path: curve.path(), label: (label.0.round() as i32, label.1.round() as i32) };
    }
    Layout { origin: (0, 0), width: 0, height: 0, boxes: round(&centres), edges }.trimmed(&taken)
}

fn round(points: &[Point]) -> Vec<(i32, i32)> {
    points.iter().map(|&(x, y)| (x.round() as i32, y.round() as i32)).collect()
}

impl Layout {
    /// Sets the frame to what is drawn: few boxes do not fill their ellipse.
    fn trimmed(mut self, labels: &[Point]) -> Self {
        let (w, h, margin) = (BOX_W / 2, BOX_H / 2, MARGIN as i32);
        let labels = round(labels);
        let corners = (self.boxes.iter().map(|&(x, y)| (x, y, w, h)))
            .chain(labels.iter().map(|&(x, y)| (x, y, LABEL_W as i32 / 2, LABEL_H as i32 / 2)));
        let (mut left, mut top, mut right, mut bottom) = (i32::MAX, i32::MAX, i32::MIN, i32::MIN);
        for (x, y, w, h) in corners {
            (left, top) = (left.min(x - w), top.min(y - h));
            (right, bottom) = (right.max(x + w), bottom.max(y + h));
        }
        self.origin = (left - margin, top - margin);
        (self.width, self.height) = (right - left + 2 * margin, bottom - top + 2 * margin);
        self
    }
}

/// The place of a slot, relative to the centre. Two boxes stand side by side; more start at the top.
fn on_ellipse(slot: usize, n: usize, rx: f64, ry: f64) -> Point {
    let start = if n == 2 { std::f64::consts::PI } else { -std::f64::consts::FRAC_PI_2 };
    let angle = start + std::f64::consts::TAU * slot as f64 / n as f64;
    (rx * angle.cos(), ry * angle.sin())
}

/// The smallest ellipse on which no two boxes touch.
fn radii(n: usize) -> (f64, f64) {
    if n == 1 {
        return (0.0, 0.0);
    }
    let (w, h) = (f64::from(BOX_W) + 70.0, f64::from(BOX_H) + 44.0);
    let mut ry = if n == 2 { 40.0 } else { 150.0 };
    loop {
        let rx = f64::max(ry * 1.9, 210.0);
        let free = (0..n).all(|a| {
            (a + 1..n).all(|b| {
                let (p, q) = (on_ellipse(a, n, rx, ry), on_ellipse(b, n, rx, ry));
                (p.0 - q.0).abs() >= w || (p.1 - q.1).abs() >= h
            })
        });
        if free {
            return (rx, ry);
        }
        ry += 8.0;
    }
}

/// The order around the ellipse: starts with the names' order, swaps two while that shortens the sum of
/// weight times distance.
fn order(map: &ServiceMap) -> Vec<usize> {
    let n = map.nodes.len();
    let mut order: Vec<usize> = (0..n).collect();
    let cost = |order: &[usize]| -> usize {
        let mut slot = vec![0; n];
        for (at, &node) in order.iter().enumerate() {
            slot[node] = at;
        }
        (map.edges.iter())
            .map(|edge| {
                let apart = slot[edge.from].abs_diff(slot[edge.to]);
                let steps = apart.min(n - apart);
                // The square root keeps one heavy pair from deciding everything.
                (edge.total() as f64).sqrt().ceil() as usize * steps * steps
            })
            .sum()
    };
    let mut best = cost(&order);
    for _ in 0..n {
        let mut better = false;
        for a in 0..n {
            for b in a + 1..n {
                order.swap(a, b);
                let now = cost(&order);
                if now < best {
                    best = now;
                    better = true;
                } else {
                    order.swap(a, b);
                }
            }
        }
        if !better {
            break;
        }
    }
    order
}

/// A quadratic curve from one box's edge to another's.
struct Curve {
    from: Point,
    bend: Point,
    to: Point,
}

impl Curve {
    fn between(from: Point, to: Point, centre: Point, both: bool) -> Self {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(1.0);
        let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        // Towards the centre a little, so that lines between neighbours clear the boxes; two ways
        // between the same boxes bend to opposite sides.
        let inward = ((centre.0 - middle.0) * 0.22, (centre.1 - middle.1) * 0.22);
        let side = if both { f64::min(length * 0.13, 46.0) } else { 0.0 };
        let bend = (middle.0 + inward.0 - dy / length * side, middle.1 + inward.1 + dx / length * side);
        Self { from: leave(from, bend, 2.0), bend, to: leave(to, bend, 9.0) }
    }
    fn at(&self, t: f64) -> Point {
        let mix = |a: f64, b: f64, c: f64| (1.0 - t).powi(2) * a + 2.0 * (1.0 - t) * t * b + t * t * c;
        (mix(self.from.0, self.bend.0, self.to.0), mix(self.from.1, self.bend.1, self.to.1))
    }
    fn path(&self) -> String {
        let [a, b, c] = [self.from, self.bend, self.to].map(|(x, y)| format!("{x:.0} {y:.0}"));
        format!("M{a} Q{b} {c}")
    }
    /// The first place along the curve that is free of labels and boxes, else the freest.
    fn label_place(&self, taken: &[Point], boxes: &[Point]) -> Point {
        let room = |(x, y): Point| {
            let of_label = taken.iter().map(|&(a, b)| ((x - a).abs() / LABEL_W).max((y - b).abs() / LABEL_H));
            let of_box = boxes.iter().map(|&(a, b)| {
                let (w, h) = (f64::from(BOX_W) + LABEL_W, f64::from(BOX_H) + LABEL_H);
                (2.0 * (x - a).abs() / w).max(2.0 * (y - b).abs() / h)
            });
            of_label.chain(of_box).fold(f64::INFINITY, f64::min)
        };
        let mut best = (f64::NEG_INFINITY, self.at(0.5));
        for t in [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8] {
            let place = self.at(t);
            let free = room(place);
            if free >= 1.0 {
                return place;
            }
            if free > best.0 {
                best = (free, place);
            }
        }
        best.1
    }
}

/// Where the line from a box's centre to `towards` leaves the box, and `gap` further.
fn leave(centre: Point, towards: Point, gap: f64) -> Point {
    let (dx, dy) = (towards.0 - centre.0, towards.1 - centre.1);
    let length = dx.hypot(dy).max(1.0);
    let scale = f64::min(
        if dx.abs() < 0.01 { f64::INFINITY } else { f64::from(BOX_W) / 2.0 / dx.abs() },
        if dy.abs() < 0.01 { f64::INFINITY } else { f64::from(BOX_H) / 2.0 / dy.abs() },
    );
    let out = scale.min(0.8) + gap / length;
    (centre.0 + dx * out, centre.1 + dy * out)
}
