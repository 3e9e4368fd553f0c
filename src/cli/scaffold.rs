//! `splitter scaffold`: one service or entry point as a function of its own.

use super::args::Scaffold;
use crate::error::Error;

pub(super) fn run(args: &Scaffold) -> Result<(), Error> {
    let _ = args;
    todo!("scaffold")
}
