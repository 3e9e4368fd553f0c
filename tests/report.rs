//! The report in a real browser.

#[path = "../src/testing/sample.rs"]
mod sample;

use std::path::PathBuf;

fn write(name: &str, html: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.html"));
    std::fs::write(&path, html).unwrap();
    path
}

#[test]
fn dump() {
    let (sources, model, plan) = sample::build(sample::RENTAL);
    let html = splitter::report::html(&model, &plan, &sources);
    println!("{} bytes at {}", html.len(), write("rental", &html).display());
}
