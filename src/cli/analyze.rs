//! `splitter analyze`: the whole line, then the three files.

use super::args::Analyze;
use super::artifacts::{Content, MODEL, OutDir, PLAN, REPORT, app_dir, out_dir};
use super::console::{self, Progress};
use super::{analyse_beside, summary};
use crate::error::Error;
use crate::model::{Model, to_json};
use crate::report;

pub(super) fn run(args: &Analyze) -> Result<(), Error> {
    let app = app_dir(&args.path);
    let dir = out_dir(&app, args.out.as_deref());
    let out = OutDir::open(&dir, args.force)?;
    // Said before the work is done, not after.
    out.check([REPORT, MODEL, PLAN])?;

    // The model is the largest file, and known before the proposal.
    let write_model = |model: &Model| {
        let content: Content<'_> = Box::new(|out| to_json(model, out).map_err(Into::into));
        out.stage(MODEL, &content)
    };
    let (analysis, staged) = analyse_beside(&args.path, &args.analysis, write_model)?;
    let (model, plan) = (&analysis.model, &analysis.plan);

    let progress = Progress::new(args.analysis.quiet);
    progress.say("writing the report");
    let html = || report::html(model, plan, &analysis.sources);
    let files: Vec<(String, Content<'_>)> = vec![
        (REPORT.into(), Box::new(|out| out.write_all(html().as_bytes()))),
        (PLAN.into(), Box::new(|out| to_json(plan, out).map_err(Into::into))),
    ];
    out.write_with(vec![staged?], files)?;
    drop(progress);

    console::data(&summary::text(&analysis, &args.path, &dir.join(REPORT)))
}
