//! `splitter report`: the page again, from the last analysis.

use std::path::Path;
use std::process::{Command, Stdio};

use super::args::Report;
use super::artifacts::{OutDir, REPORT, app_dir, out_dir, read_analysis};
use super::console;
use crate::base::{SourceFile, Sources};
use crate::error::Error;
use crate::model::Model;
use crate::report;

pub(super) fn run(args: &Report) -> Result<(), Error> {
    let app = app_dir(&args.path);
    let dir = out_dir(&app, args.out.as_deref());
    let out = OutDir::open(&dir, args.force)?;
    out.check([REPORT])?;
    let (model, plan) = read_analysis(&app, &dir)?;
    let (sources, changed) = reread(&app, &model);
    if let Some(first) = changed.first() {
        console::warn(&format!(
            "{} changed since the analysis ({first}{}), so the report shows no code of {}; run `splitter analyze {}` for a \
             report of the present state",
            console::count(changed.len(), "file"),
            if changed.len() > 1 { ", …" } else { "" },
            if changed.len() > 1 { "them" } else { "it" },
            args.path.display(),
        ));
    }
    let html = report::html(&model, &plan, &sources);
    out.write(vec![(REPORT.into(), Box::new(|out| out.write_all(html.as_bytes())))])?;

    let page = dir.join(REPORT);
    console::data(&format!("{}\n", page.display()))?;
    if args.open { open(&page) } else { Ok(()) }
}

/// Reads the analysed files again. Gives an empty text for those that changed or went, and their paths.
pub(super) fn reread(app: &Path, model: &Model) -> (Sources, Vec<String>) {
    let mut changed = Vec::new();
    let files = model.files.iter().map(|file| {
        // As `discover` does: what is no text counts as empty.
        let text = std::fs::read_to_string(app.join(&file.path)).unwrap_or_default();
        let source = SourceFile::new(file.path.as_str(), &text);
        if blake3::hash(source.text.as_bytes()).to_hex().as_str() == file.hash {
            return source;
        }
        changed.push(file.path.clone());
        SourceFile::new(file.path.as_str(), "")
    });
    let files = files.collect();
    (Sources { files }, changed)
}

/// Shows a page with the system's own opener.
fn open(page: &Path) -> Result<(), Error> {
    let opener: &[&str] = if cfg!(target_os = "macos") {
        &["open"]
    } else if cfg!(windows) {
        &["cmd", "/C", "start", ""]
    } else {
        &["xdg-open"]
    };
    let failed = |why: String| {
        Error::Usage(format!(
            "cannot open {} with {}: {why}; open it in a browser yourself",
            page.display(),
            opener[0]
        ))
    };
    let status = Command::new(opener[0])
        .args(&opener[1..])
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| failed(error.to_string()))?;
    if status.success() { Ok(()) } else { Err(failed(status.to_string())) }
}
