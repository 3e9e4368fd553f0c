//! String literals in the text of a macro.

/// The first string literal of a text.
pub(super) fn first_literal(tokens: &str) -> Option<String> {
    let quote = tokens.find('"')?;
    let before = tokens[..quote].trim_end_matches('#');
    let start = before.strip_suffix('r').map_or(quote, str::len);
    Some(literal(&tokens[start..])?.0)
}

/// The string literal at the start of a text, `"a"` or `r#"a"#`, and its length in the text.
pub(super) fn literal(text: &str) -> Option<(String, usize)> {
    if let Some(raw) = text.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let body = raw[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        let len = body.find(&end)?;
        return Some((body[..len].to_owned(), 1 + hashes + 1 + len + end.len()));
    }
    let body = text.strip_prefix('"')?;
    let mut out = String::new();
    let mut chars = body.chars();
    loop {
        match chars.next()? {
            '"' => return Some((out, text.len() - chars.as_str().len())),
            '\\' => match chars.next()? {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                '\n' => chars = chars.as_str().trim_start().chars(),
                c => out.push(c),
            },
            c => out.push(c),
        }
    }
}
