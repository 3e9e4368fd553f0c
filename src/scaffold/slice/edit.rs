//! Cuts and replacements in one text.

use crate::base::TextRange;

/// Replaces ranges of one text. An edit inside a larger one is swallowed by it.
#[derive(Clone, Debug, Default)]
pub(in crate::scaffold) struct Edits {
    edits: Vec<(TextRange, String)>,
}

impl Edits {
    /// Cuts a range as it is.
    pub fn cut(&mut self, range: TextRange) {
        self.replace(range, String::new());
    }

    /// Puts `with` in the place of a range.
    pub fn replace(&mut self, range: TextRange, with: impl Into<String>) {
        self.edits.push((range, with.into()));
    }

    /// Cuts an item together with the comments that stand directly above it and the rest of its last line.
    pub fn cut_item(&mut self, text: &str, range: TextRange) {
        self.cut(item_range(text, range));
    }

    /// The text after all edits.
    pub fn apply(mut self, text: &str) -> String {
        self.edits.sort_by(|a, b| {
            (a.0.start, std::cmp::Reverse(a.0.end)).cmp(&(b.0.start, std::cmp::Reverse(b.0.end)))
        });
        let mut out = String::with_capacity(text.len());
        let mut at = 0_usize;
        for (range, with) in &self.edits {
            let (start, end) = (range.start as usize, range.end as usize);
            if end > text.len() || !text.is_char_boundary(start) || !text.is_char_boundary(end) {
                continue;
            }
            if start < at {
                // Cuts of neighbours share a blank line; whatever else begins inside a cut goes with it.
                if with.is_empty() {
                    at = at.max(end);
                }
                continue;
            }
            out.push_str(&text[at..start]);
            out.push_str(with);
            at = end;
            if with.is_empty() {
                at += close_gap(&mut out, &text[at..]);
            }
        }
        out.push_str(&text[at..]);
        out
    }
}

/// A text without the `lazy_static!` calls of which nothing is left: the macro is no longer imported then.
pub(in crate::scaffold) fn without_hollow(mut text: String) -> String {
    const CALL: &str = "lazy_static!";
    let mut from = 0;
    while let Some(at) = text[from..].find(CALL).map(|at| at + from) {
        from = at + CALL.len();
        let Some(inner) = text[from..].trim_start().strip_prefix('{') else { continue };
        let Some(length) = inner.find('}') else { continue };
        let is_comment = |line: &str| line.trim().is_empty() || line.trim().starts_with("//");
        if !inner[..length].lines().all(is_comment) {
            continue;
        }
        let end = text.len() - inner.len() + length + 1;
        let start = at - if text[..at].ends_with("lazy_static::") { "lazy_static::".len() } else { 0 };
        let range = item_range(&text, TextRange::new(start as u32, end as u32));
        text.replace_range(range.as_range(), "");
        from = range.start as usize;
    }
    text
}

/// Where whole lines were cut, leaves one blank line at most, and none at the ends of a block; gives how
/// much of `rest` to skip.
fn close_gap(out: &mut String, rest: &str) -> usize {
    if !(out.is_empty() || out.ends_with('\n')) {
        return 0;
    }
    let blank_before =
        out.is_empty() || ["\n\n", "\r\n\r\n", "{\n", "{\r\n"].iter().any(|end| out.ends_with(end));
    let mut skipped = 0;
    if blank_before {
        for line in rest.split_inclusive('\n') {
            if !line.ends_with('\n') || !line.trim().is_empty() {
                break;
            }
            skipped += line.len();
        }
    }
    if rest[skipped..].trim_start_matches([' ', '\t']).starts_with('}') || rest[skipped..].is_empty() {
        while out.ends_with("\n\n") {
            out.pop();
        }
    }
    skipped
}

/// The range of an item with what belongs to it: comments and attributes directly above, a comment behind
/// it, and its line break.
pub(in crate::scaffold) fn item_range(text: &str, range: TextRange) -> TextRange {
    let (mut start, mut end) = (range.start as usize, range.end as usize);
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |found| found + 1);
    let alone = text[line_start(start)..start].trim().is_empty();
    if alone {
        start = line_start(start);
        while start > 0 {
            let above = line_start(start - 1);
            let line = text[above..start].trim();
            let comment = line.starts_with("//") && !line.starts_with("//!");
            let attribute = line.starts_with("#[") && line.ends_with(']');
            if !comment && !attribute {
                break;
            }
            start = above;
        }
    }
    let rest = text[end..].split('\n').next().unwrap_or("");
    let rest_trimmed = rest.trim();
    if alone && (rest_trimmed.is_empty() || rest_trimmed.starts_with("//")) {
        end += rest.len();
        if text[end..].starts_with('\n') {
            end += 1;
        }
    }
    TextRange::new(start as u32, end as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hollow_macro_goes() {
        let text =
            "fn f() {}\n\n// Read once.\nlazy_static::lazy_static! {\n    // All of them.\n}\nfn g() {}\n";
        assert_eq!(without_hollow(text.into()), "fn f() {}\n\nfn g() {}\n");
        let text = "lazy_static! {\n    static ref A: u8 = { 1 };\n}\n";
        assert_eq!(without_hollow(text.into()), text);
    }

    #[test]
    fn neighbours_that_share_a_blank_line_both_go() {
        let text = "i {\n    a\n\n    b\n\n    c\n}\n";
        let mut edits = Edits::default();
        for what in ["b", "c"] {
            let start = text.find(what).unwrap() as u32;
            edits.cut_item(text, TextRange::new(start, start + 1));
        }
        assert_eq!(edits.apply(text), "i {\n    a\n}\n");
    }

    fn cut(text: &str, what: &str) -> String {
        let start = text.find(what).unwrap() as u32;
        let mut edits = Edits::default();
        edits.cut_item(text, TextRange::new(start, start + what.len() as u32));
        edits.apply(text)
    }

    #[test]
    fn the_comment_above_and_the_blank_line_go_along() {
        assert_eq!(cut("a();\n\n// why\nb();\n\nc();\n", "b();"), "a();\n\nc();\n");
    }

    #[test]
    fn a_heading_apart_stays() {
        assert_eq!(cut("// Part one\n\nb();  // note\nc();\n", "b();"), "// Part one\n\nc();\n");
    }

    #[test]
    fn the_last_of_a_block_takes_its_blank_line() {
        assert_eq!(cut("m {\n    a\n\n    b\n}\n", "b"), "m {\n    a\n}\n");
    }

    #[test]
    fn what_shares_a_line_is_cut_alone() {
        assert_eq!(cut("a(); b(); c();\n", "b();"), "a();  c();\n");
    }
}
