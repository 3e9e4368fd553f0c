//! `splitter explain`: why something is where it is.

use super::args::Explain;
use super::{analyse, console};
use crate::error::Error;

pub(super) fn run(args: &Explain) -> Result<(), Error> {
    let analysis = analyse(&args.path, &args.analysis)?;
    let _ = (analysis, &args.item);
    console::data("")
}
