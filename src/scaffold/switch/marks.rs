//! What switches of earlier steps have added to the sources: it stays behind when code moves.

use std::collections::BTreeMap;

use crate::base::{FileId, Sources, TextRange};
use crate::scaffold::slice::lex;

/// What every added line names: a module of a switch, or one that answers other processes.
const MARKS: &[&str] = &["crate::switch_", "crate::answers_", "crate::asks_"];

/// The lines that switches added, by file.
pub(in crate::scaffold) fn marks(sources: &Sources) -> BTreeMap<FileId, Vec<TextRange>> {
    let mut out: BTreeMap<FileId, Vec<TextRange>> = BTreeMap::new();
    for (file, source) in sources.files.iter_enumerated() {
        let all = MARKS.iter().flat_map(|mark| source.text.match_indices(mark));
        for (at, _) in all {
            let found: Vec<TextRange> = match port(&source.text, at) {
                Some(both) => both.to_vec(),
                None => around(&source.text, at).into_iter().collect(),
            };
            for range in found {
                let all = out.entry(file).or_default();
                if !all.contains(&range) {
                    all.push(range);
                }
            }
        }
    }
    out
}

/// What was put before and behind a function's body, so that it can be asked for elsewhere.
fn port(text: &str, at: usize) -> Option<[TextRange; 2]> {
    const OPEN: &str = ").or(async move {";
    let line = text[at..].split('\n').next()?;
    let open = at + line.find(OPEN)? + OPEN.len();
    let close = lex::closing(text, open)?;
    let rest = &text[close..];
    let ending = rest.strip_prefix("})")?.trim_start();
    let end = text.len() - ending.strip_prefix(".await")?.len();
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let alone = text[line_start..at].trim().is_empty();
    // What comes before the first byte stays, because another question may be put there.
    let before = if alone { line_start } else { at };
    let behind = match alone {
        true => open + text[open..].find('\n')? + 1,
        false => open + usize::from(text[open..].starts_with(' ')),
    };
    // On lines of its own it was put before the line of the closing brace, else before the brace.
    let (from, until) = if alone {
        let from = text[..close].rfind('\n').map_or(0, |newline| newline + 1);
        (from, end + text[end..].find('\n')? + 1)
    } else {
        (close, end + 1)
    };
    Some([TextRange::new(before as u32, behind as u32), TextRange::new(from as u32, until as u32)])
}

/// The whole of an added line, or of the added block, from the end of the line before it.
fn around(text: &str, at: usize) -> Option<TextRange> {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before = text[..line].trim_end_matches('\n').trim_end_matches('\r').len();
    let own = &text[line..];
    let trimmed = own.trim_start();
    let length = if [".layer(", ".map(|router|", ".wrap_fn(", ".configure("]
        .iter()
        .any(|link| trimmed.starts_with(link))
    {
        let name = ["::switch)", "::answer)", "::within)", "::routes)"]
            .iter()
            .find_map(|end| Some(own.find(end)? + end.len() - 1))?;
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
    fn what_lets_actix_web_answer_is_found_to_the_byte() {
        let text = "fn app() {\n    App::new()\n        .configure(crate::answers_a::routes)\n        .configure(own)\n}\n";
        assert_eq!(left(text), "fn app() {\n    App::new()\n        .configure(own)\n}\n");
    }

    #[test]
    fn what_asks_other_processes_is_found_to_the_byte() {
        for body in ["\n    let x = \"}\";\n    { x }\n", "\n", " x "] {
            let own = format!("pub async fn f(x: &str) -> R {{{body}}}\nfn g() {{}}\n");
            let open = own.find('{').unwrap() + 1;
            let close = own.find("}\nfn g").unwrap();
            let asked = if body.starts_with('\n') {
                format!(
                    "{}\n    crate::asks_a::f(&x).or(async move {{{}    }})\n    .await\n{}",
                    &own[..open],
                    &own[open..close],
                    &own[close..]
                )
            } else {
                format!(
                    "{} crate::asks_a::f(&x).or(async move {{{}}}).await {}",
                    &own[..open],
                    &own[open..close],
                    &own[close..]
                )
            };
            assert_eq!(left(&asked), own);
        }
    }

    #[test]
    fn added_blocks_are_found_to_the_byte() {
        let text = "fn job() {\n    if crate::switch_a::elsewhere() {\n        crate::switch_a::deliver(&e).await;\n        return;\n    }\n    work();\n}\n";
        assert_eq!(left(text), "fn job() {\n    work();\n}\n");
    }
}
