//! Writes model and plan as text: the HTML report, and every `export`.
//!
//! In: a [`Model`], a [`Plan`], and the [`Sources`] for snippets. Out: text. Cannot happen here: I/O.

mod csp;
mod export;
mod layout;
mod names;
mod page;
mod service_map;
mod text;

#[cfg(test)]
mod tests;

pub use export::{Format, What, export, schemas};

use crate::base::Sources;
use crate::model::{Model, Plan};

/// The report: one HTML page that needs nothing but itself.
///
/// `sources` gives the lines of code that are shown; what is not in them is shown by its place alone.
pub fn html(model: &Model, plan: &Plan, sources: &Sources) -> String {
    text::reveal(page::render(model, plan, sources))
}
