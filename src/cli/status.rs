//! `splitter status`: what has been extracted, and what changed since on either side.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::args::{JsonFormat, Status};
use super::artifacts::{OutDir, app_dir, below};
use super::console::{self, BOLD, DIM, GREEN, RESET, YELLOW, count, plain};
use super::{analyse, monolith};
use crate::error::Error;
use crate::model::Model;
use crate::pipeline::Analysis;
use crate::scaffold::{self, Drift};

/// A function of the plan, or one that was written.
struct Row {
    name: String,
    service: String,
    stage: Stage,
    /// Files that the user changed or removed, relative to the functions' workspace.
    changed: Vec<String>,
    /// Items of the application that are no longer what was moved.
    drifted: Vec<Drift>,
}

enum Stage {
    /// Of the plan only.
    Proposed,
    /// Written out; the application holds no switch for it.
    Scaffolded,
    /// The application can hand over to it.
    Switched,
}

impl Stage {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Scaffolded => "scaffolded",
            Self::Switched => "switched",
        }
    }
}

pub(super) fn run(args: &Status) -> Result<(), Error> {
    let app = app_dir(&args.path);
    let dir = args.out.clone().unwrap_or_else(|| below(&app, "functions"));
    let out = OutDir::open(&dir, false)?;
    let analysis = analyse(&args.path, &args.analysis)?;
    let rows = rows(&app, &dir, &out, &analysis);
    console::data(&match args.format {
        Some(JsonFormat::Json) => as_json(&rows, &analysis.model)?,
        None => as_text(&rows, &analysis.model),
    })
}

fn rows(app: &Path, dir: &Path, out: &OutDir, analysis: &Analysis) -> Vec<Row> {
    let (model, sources) = (&analysis.model, &analysis.sources);
    let mut written: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in out.written() {
        if let Some((function, _)) = file.split_once('/') {
            written.entry(function).or_default().push(file);
        }
    }
    let planned = scaffold::all(model, &analysis.plan);
    let mut rows: Vec<Row> = Vec::new();
    for (name, files) in &written {
        let record = std::fs::read_to_string(dir.join(name).join(scaffold::MOVED_FILE)).unwrap_or_default();
        let by_plan = || {
            let unit = planned.iter().find(|unit| unit.name == *name);
            unit.map_or_else(String::new, |unit| unit.service.clone())
        };
        let (service, drifted) =
            scaffold::drift(&record, model, sources).unwrap_or_else(|| (by_plan(), Vec::new()));
        let stage = match monolith::holds_patch(app, &dir.join(name)) {
            Some(true) => Stage::Switched,
            _ => Stage::Scaffolded,
        };
        let changed = out.changed(files.iter().copied()).into_iter().map(str::to_owned).collect();
        rows.push(Row { name: (*name).to_owned(), service, stage, changed, drifted });
    }
    for unit in planned.iter().filter(|unit| !written.contains_key(unit.name.as_str())) {
        rows.push(Row {
            name: unit.name.clone(),
            service: unit.service.clone(),
            stage: Stage::Proposed,
            changed: Vec::new(),
            drifted: Vec::new(),
        });
    }
    rows.sort_by(|a, b| (&a.service, &a.name).cmp(&(&b.service, &b.name)));
    rows
}

fn as_json(rows: &[Row], model: &Model) -> Result<String, Error> {
    let drift = |drift: &Drift| {
        let file = drift.place.and_then(|place| model.files.get(place.file));
        json!({
            "item": drift.item,
            "file": file.map(|file| file.path.as_str()),
            "line": drift.place.map(|place| place.line),
        })
    };
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "name": row.name,
                "service": row.service,
                "stage": row.stage.as_str(),
                "changed": row.changed,
                "drifted": row.drifted.iter().map(drift).collect::<Vec<_>>(),
            })
        })
        .collect();
    let document = json!({"schema": "splitter-status/1", "functions": rows});
    serde_json::to_string_pretty(&document)
        .map(|text| text + "\n")
        .map_err(|error| Error::Usage(error.to_string()))
}

fn as_text(rows: &[Row], model: &Model) -> String {
    let mut text = String::new();
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    for row in rows {
        let color = match row.stage {
            Stage::Proposed => DIM,
            Stage::Scaffolded => "",
            Stage::Switched => GREEN,
        };
        let stage = row.stage.as_str();
        _ = writeln!(
            text,
            "{BOLD}{:<width$}{RESET}  {color}{stage:<10}{RESET}  {DIM}{}{RESET}",
            plain(&row.name),
            plain(&row.service)
        );
        for file in &row.changed {
            _ = writeln!(text, "  {YELLOW}changed by you{RESET} {}", plain(file));
        }
        for drift in &row.drifted {
            let place = match drift.place.and_then(|place| Some((model.files.get(place.file)?, place.line))) {
                Some((file, line)) => format!("{}:{line}", file.path),
                None => "no longer there".into(),
            };
            let what = format!("{} ({place})", drift.item);
            _ = writeln!(text, "  {YELLOW}not as it was moved{RESET} {}", plain(&what));
        }
    }
    let n_written = rows.iter().filter(|row| !matches!(row.stage, Stage::Proposed)).count();
    let n_drifted = rows.iter().filter(|row| !row.drifted.is_empty()).count();
    _ = writeln!(text, "{} of {} extracted", n_written, count(rows.len(), "function"));
    if n_drifted > 0 {
        _ = writeln!(
            text,
            "The application changed since {} was moved: make the change there too, or scaffold again",
            count(n_drifted, "function")
        );
    }
    text
}
