//! From what people wrote in their code to what stands on the page.
//!
//! Everything of the analysed code goes through the template's escaper or through here: nothing of it
//! is ever markup.

use std::fmt::{self, Write as _};

/// Text that is markup already: made here only, from escaped parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Markup(String);

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Markup {}

/// Names longer than this are cut on the page; the exports hold them whole.
const MAX_NAME: usize = 180;

fn push_escaped(out: &mut String, letter: char) {
    match letter {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        other => out.push(other),
    }
}

/// A sentence in which `backticks` mean code.
pub(super) fn prose(text: &str) -> Markup {
    let mut out = String::with_capacity(text.len() + 16);
    let mut code = false;
    let mut left = text.matches('`').count();
    for letter in text.chars() {
        if letter != '`' {
            push_escaped(&mut out, letter);
            continue;
        }
        left -= 1;
        // A last backtick without its partner is a backtick.
        match (code, left) {
            (false, 0) => out.push('`'),
            (false, _) => out.push_str("<code>"),
            (true, _) => out.push_str("</code>"),
        }
        code = !code && left > 0;
    }
    Markup(out)
}

/// A path of a definition, file or route: it may be broken after its separators.
pub(super) fn path(text: &str) -> Markup {
    let mut out = String::with_capacity(text.len() + 32);
    let mut before = ' ';
    for (idx, letter) in text.chars().enumerate() {
        if idx == MAX_NAME {
            out.push('…');
            break;
        }
        push_escaped(&mut out, letter);
        if (letter == ':' && before == ':') || (letter == '/' && idx > 0) || letter == '.' {
            out.push_str("<wbr>");
        }
        before = letter;
    }
    Markup(out)
}

/// `1 table`, `3 tables`, `1,204 tables`.
pub(super) fn count(n: usize, one: &str) -> String {
    if n == 1 {
        return format!("1 {one}");
    }
    let many = match one.strip_suffix('y') {
        Some(stem) if !one.ends_with("ay") && !one.ends_with("ey") => format!("{stem}ies"),
        _ => format!("{one}s"),
    };
    format!("{} {many}", thousands(n))
}

/// `12,345`.
pub(super) fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// At most two digits after the point, none where there is nothing to say.
pub(super) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// A sentence as it starts a line: a capital first, a full stop last.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.trim().chars();
    let Some(first) = letters.next() else { return String::new() };
    // A sentence that starts with code keeps its name as it is.
    let head: String = if first == '`' { first.to_string() } else { first.to_uppercase().collect() };
    let body = format!("{head}{}", letters.as_str());
    if body.ends_with(['.', '!', '?', ':', '…']) { body } else { format!("{body}.") }
}

/// `untyped-receiver` as words.
pub(super) fn words(kebab: &str) -> String {
    kebab.replace(['-', '_'], " ")
}

/// Cut to `max` letters with an ellipsis.
pub(super) fn clip(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_string();
    }
    let head: String = text.chars().take(max.saturating_sub(1)).collect();
    format!("{head}…")
}

/// Makes letters visible that would reorder or hide others: bidirectional controls, zero-width letters,
/// control codes. The templates hold none, so the whole page goes through here once.
pub(super) fn reveal(page: String) -> String {
    let hides = |letter: char| {
        matches!(letter,
            '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
            | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    // Nearly all is ASCII that hides nothing, which its bytes tell.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    let others = page.bytes().enumerate().filter(|&(_, byte)| !is_plain(byte));
    let mut letters = others.filter(|&(at, _)| page.is_char_boundary(at));
    if !letters.any(|(at, _)| page[at..].starts_with(hides)) {
        return page;
    }
    let mut out = String::with_capacity(page.len() + 64);
    for letter in page.chars() {
        match letter {
            '\r' => {}
            letter if hides(letter) => {
                let _ = write!(out, "⟨U+{:04X}⟩", letter as u32);
            }
            letter => out.push(letter),
        }
    }
    out
}

/// JSON that may stand in a `<script type="application/json">`: no `<` can end it.
pub(super) fn json_data(value: &impl serde::Serialize) -> Markup {
    let text = serde_json::to_string(value).unwrap_or_else(|_| "null".into());
    Markup(text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}

/// Text of ours that is embedded as it is: script and style.
pub(super) fn asset(text: &'static str) -> Markup {
    Markup(text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_are_code_and_markup_is_text() {
        assert_eq!(
            prose("`a<b>` writes <i> & `c`").to_string(),
            "<code>a&lt;b&gt;</code> writes &lt;i&gt; &amp; <code>c</code>"
        );
        assert_eq!(prose("it`s").to_string(), "it`s");
        assert_eq!(prose("`a` b`").to_string(), "<code>a</code> b`");
    }

    #[test]
    fn numbers_as_people_write_them() {
        assert_eq!(count(1, "table"), "1 table");
        assert_eq!(count(0, "query"), "0 queries");
        assert_eq!(count(1204, "route"), "1,204 routes");
        assert_eq!(number(0.5), "0.5");
        assert_eq!(number(12.0), "12");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(f64::NAN), "–");
    }

    #[test]
    fn what_would_reorder_the_line_is_shown_as_its_code() {
        assert_eq!(reveal("a\u{202e}b\r\n\u{7}".into()), "a⟨U+202E⟩b\n⟨U+0007⟩");
    }

    #[test]
    fn data_cannot_end_its_script() {
        assert_eq!(json_data(&"</script>").to_string(), "\"\\u003c/script\\u003e\"");
    }

    #[test]
    fn sentences_start_and_end() {
        assert_eq!(sentence("reads only"), "Reads only.");
        assert_eq!(sentence("`place` writes"), "`place` writes.");
        assert_eq!(sentence(""), "");
    }
}
