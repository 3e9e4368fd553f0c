//! Lines of source around a place.

use crate::base::Place;
use crate::report::text::clip;

use super::View;

/// Lines before and after.
const AROUND: u32 = 2;
/// Letters of a line.
const MAX_WIDTH: usize = 150;

/// Some lines of code.
pub(super) struct Snippet {
    pub lines: Vec<Line>,
}

/// A line of code.
pub(super) struct Line {
    pub number: u32,
    pub text: String,
    /// Whether it is the one that is meant.
    pub here: bool,
}

impl Snippet {
    /// The lines around `place`, common indentation taken off; `None` where there is no such line.
    pub fn new(view: &View<'_>, place: Place) -> Option<Self> {
        let file = view.sources.files.get(place.file)?;
        let last = file.n_lines();
        if place.line == 0 || place.line > last {
            return None;
        }
        let (from, to) = (place.line.saturating_sub(AROUND).max(1), (place.line + AROUND).min(last));
        let line = |number: u32| {
            let (start, end) = (file.line_start(number) as usize, file.line_start(number + 1) as usize);
            file.text.get(start..end).unwrap_or("").trim_end()
        };
        // Blank lines at the rims show nothing.
        let from = (from..place.line).find(|&number| !line(number).trim().is_empty()).unwrap_or(place.line);
        let to =
            (place.line + 1..=to).rev().find(|&number| !line(number).trim().is_empty()).unwrap_or(place.line);
        let indent = |text: &str| text.len() - text.trim_start_matches([' ', '\t']).len();
        let common =
            (from..=to).map(line).filter(|text| !text.trim().is_empty()).map(indent).min().unwrap_or(0);
        let lines = (from..=to)
            .map(|number| Line {
                number,
                text: clip(line(number).get(common..).unwrap_or(""), MAX_WIDTH),
                here: number == place.line,
            })
            .collect();
        Some(Self { lines })
    }
}
