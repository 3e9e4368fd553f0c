//! What switches of earlier steps have added to the sources: it stays behind when code moves.

use std::collections::BTreeMap;

use crate::base::{FileId, Sources, TextRange};

/// What every added line names: a module of a switch, or one that answers other processes.
const MARKS: &[&str] = &["crate::switch_", "crate::answers_"];

/// The lines that switches added, by file.
pub(in crate::scaffold) fn marks(sources: &Sources) -> BTreeMap<FileId, Vec<TextRange>> {
    let mut out: BTreeMap<FileId, Vec<TextRange>> = BTreeMap::new();
    for (file, source) in sources.files.iter_enumerated() {
        let all = MARKS.iter().flat_map(|mark| source.text.match_indices(mark));
        for (at, _) in all {
            if let Some(range) = around(&source.text, at) {
                let all = out.entry(file).or_default();
                if !all.contains(&range) {
                    all.push(range);
                }
            }
        }
    }
    out
}

/// The whole of an added line, or of the added block, from the end of the line before it.
fn around(text: &str, at: usize) -> Option<TextRange> {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before = text[..line].trim_end_matches('\n').trim_end_matches('\r').len();
    let own = &text[line..];
    let trimmed = own.trim_start();
    let length = if [".layer(", ".map(|router|", ".wrap_fn("].iter().any(|link| trimmed.starts_with(link)) {
        let name = ["::switch)", "::answer)"].iter().find_map(|end| Some(own.find(end)? + end.len() - 1))?;
        // As many as the line has opened; what follows closes what stood there before.
        name + own[..name].matches('(').count() - own[..name].matches(')').count()
    } else if trimmed.starts_with("let answers_") {
        own.find(';')? + 1
    } else if trimmed.starts_with("if crate::switch_") {
        own.find('}')? + 1
    } else {
        return None;
    };
    Some(TextRange::new(before as u32, (line + length) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SourceFile;

    fn left(text: &str) -> String {
        let mut sources = Sources::default();
        sources.files.push(SourceFile::new("src/lib.rs", text));
        let mut out = text.to_owned();
        for ranges in marks(&sources).into_values() {
            for range in ranges.into_iter().rev() {
                out.replace_range(range.as_range(), "");
            }
        }
        out
    }

    #[test]
    fn added_lines_are_found_to_the_byte() {
        let layer = "\n        .layer(axum::middleware::from_fn(crate::switch_a_http::switch))";
        let text = format!(
            "fn app() -> Router {{\n    Router::new()\n        .with(s){layer}{}\n}}\n",
            layer.replace("a_http", "b")
        );
        assert_eq!(left(&text), "fn app() -> Router {\n    Router::new()\n        .with(s)\n}\n");
        let text = "fn app() { Ok(r\n    .layer(axum::middleware::from_fn(crate::switch_a::switch))) }";
        assert_eq!(left(text), "fn app() { Ok(r) }");
    }

    #[test]
    fn what_answers_other_processes_is_found_to_the_byte() {
        let text = "fn app(s: S) -> Router {\n    let answers_a = crate::answers_a::Context::of(&s);\n    Router::new()\n        .with(s)\n        .layer(axum::middleware::from_fn_with_state(answers_a, crate::answers_a::answer))\n}\n";
        assert_eq!(left(text), "fn app(s: S) -> Router {\n    Router::new()\n        .with(s)\n}\n");
    }

    #[test]
    fn added_blocks_are_found_to_the_byte() {
        let text = "fn job() {\n    if crate::switch_a::elsewhere() {\n        crate::switch_a::deliver(&e).await;\n        return;\n    }\n    work();\n}\n";
        assert_eq!(left(text), "fn job() {\n    work();\n}\n");
    }
}
