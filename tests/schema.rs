//! `docs/schema/*.json` is what other programs rely on.
//!
//! After a change on purpose, write them anew: `SPLITTER_BLESS=1 cargo test --test schema`.

use std::path::Path;

use splitter::model::{Artifact, Model, Plan};

#[test]
fn the_schemas_in_docs_are_those_of_the_code() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema");
    let bless = std::env::var_os("SPLITTER_BLESS").is_some();
    let mut schemas: Vec<(String, schemars::Schema)> =
        splitter::report::schemas().into_iter().map(|(stem, schema)| (stem.to_string(), schema)).collect();
    schemas.push((format!("model.v{}", Model::MAJOR), schemars::schema_for!(Model)));
    schemas.push((format!("plan.v{}", Plan::MAJOR), schemars::schema_for!(Plan)));

    let mut stale = Vec::new();
    for (stem, schema) in &schemas {
        let text = serde_json::to_string_pretty(schema).unwrap() + "\n";
        let path = dir.join(format!("{stem}.json"));
        if bless {
            std::fs::create_dir_all(&dir).unwrap();
            std::fs::write(&path, text).unwrap();
        } else if std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n") != text {
            stale.push(stem.as_str());
        }
    }
    assert!(
        stale.is_empty(),
        "docs/schema: {} differ from the code; if the change is meant, run `SPLITTER_BLESS=1 cargo test --test schema`",
        stale.join(", ")
    );
}
