//! `splitter export`: one kind of fact or proposal on standard output.

use super::args::Export;
use super::{analyse, console};
use crate::error::Error;
use crate::model::{Model, Plan};
use crate::report::export;

pub(super) fn run(args: &Export) -> Result<(), Error> {
    let format = args.format.unwrap_or(args.what.formats()[0]);
    // A form that this export does not have is told at once, not after the analysis.
    export(args.what, format, &Model::default(), &Plan::default(), args.tests)?;
    let analysis = analyse(&args.path, &args.analysis)?;
    console::data(&export(args.what, format, &analysis.model, &analysis.plan, args.tests)?)
}
