//! `splitter partition`: the engine on a neutral graph.

use super::args::Partition;
use crate::error::Error;

pub(super) fn run(args: &Partition) -> Result<(), Error> {
    let _ = (&args.graph, args.services, args.format);
    todo!("partition")
}
