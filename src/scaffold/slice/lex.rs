//! What a piece of Rust text mentions, read from its tokens.
//!
//! Tokens, not syntax: macro bodies, attributes and text from which parts were cut are read the same
//! way as everything else. What is found may be more than what the compiler would find (a local variable
//! that is named like a function), never less as far as names are written out.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::base::TextRange;

/// A path as written: `repo::by_id`, `crate::state::AppState`, `Json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scaffold) struct PathMention {
    /// Its segments; the first may be `crate`, `self`, `super`, `Self`.
    pub segments: Vec<String>,
    /// Starts with `::`.
    pub leading: bool,
    /// Followed by `!`.
    pub is_macro: bool,
    /// Offset of the first segment in the scanned text.
    pub at: u32,
}

/// A file that is read while compiling.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::scaffold) struct AssetMention {
    /// Name of the macro or attribute: `include_str`, `migrate`, `template`.
    pub by: String,
    /// The first string literal, if there is one.
    pub path: Option<String>,
    /// Whether the path hangs on `CARGO_MANIFEST_DIR`.
    pub from_manifest_dir: bool,
}

/// Everything that a text mentions.
#[derive(Clone, Debug, Default)]
pub(in crate::scaffold) struct Scan {
    /// Paths in source order.
    pub paths: Vec<PathMention>,
    /// Names after a dot that are called, and names behind `<…>::`, with their offsets.
    pub methods: Vec<(String, u32)>,
    /// Every identifier, with the number of times it stands there.
    pub idents: BTreeMap<String, u32>,
    /// Files that are read while compiling.
    pub assets: Vec<AssetMention>,
    /// String literals (SQL among them), without quotes and escapes where they parse.
    pub strings: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Ident,
    Punct(char),
    Open(char),
    Close(char),
    Literal,
}

#[derive(Clone, Debug)]
struct Token {
    kind: Kind,
    text: String,
    range: TextRange,
}

/// Scans `text`, leaving out the tokens inside `cuts` (ranges of `text`).
pub(in crate::scaffold) fn scan(text: &str, cuts: &[TextRange]) -> Scan {
    let Ok(stream) = text.parse::<TokenStream>() else { return Scan::default() };
    let mut tokens = Vec::new();
    flatten(stream, &mut tokens);
    // Offsets are copied by now; the thread's map of spans would only grow.
    proc_macro2::extra::invalidate_current_thread_spans();
    tokens.retain(|token| !cuts.iter().any(|cut| cut.contains(token.range)));
    Scanner { tokens: &tokens, scan: Scan::default(), aliases: BTreeMap::new() }.run()
}

/// Offset of the first brace outside of attributes: where the body of an item begins.
pub(in crate::scaffold) fn body_start(text: &str) -> Option<u32> {
    let stream = text.parse::<TokenStream>().ok()?;
    let found = stream.into_iter().find_map(|tree| match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            Some(group.span_open().byte_range().start as u32)
        }
        _ => None,
    });
    proc_macro2::extra::invalidate_current_thread_spans();
    found
}

/// Where the brace closes that opens just before `open`.
pub(in crate::scaffold) fn closing(text: &str, open: usize) -> Option<usize> {
    fn find(stream: TokenStream, open: usize) -> Option<usize> {
        stream.into_iter().find_map(|tree| {
            let TokenTree::Group(group) = tree else { return None };
            if group.span_open().byte_range().end == open {
                return Some(group.span_close().byte_range().start);
            }
            let whole = group.span().byte_range();
            if whole.contains(&open) { find(group.stream(), open) } else { None }
        })
    }
    let found = find(text.parse().ok()?, open);
    proc_macro2::extra::invalidate_current_thread_spans();
    found
}

/// The visibility of an item's text with its range, and where it stands or would stand.
pub(in crate::scaffold) fn visibility(text: &str) -> (Option<(TextRange, String)>, u32) {
    let Ok(stream) = text.parse::<TokenStream>() else { return (None, 0) };
    let mut trees = stream.into_iter().peekable();
    let mut found = (None, 0);
    while let Some(tree) = trees.next() {
        let bytes = tree.span().byte_range();
        match &tree {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                trees.next_if(|next| matches!(next, TokenTree::Punct(_)));
                trees.next();
            }
            TokenTree::Ident(ident) if ident == "pub" => {
                let mut end = bytes.end;
                if let Some(TokenTree::Group(group)) = trees.peek()
                    && group.delimiter() == Delimiter::Parenthesis
                {
                    end = group.span().byte_range().end;
                }
                let range = TextRange::new(bytes.start as u32, end as u32);
                found = (Some((range, text[range.as_range()].to_owned())), range.start);
                break;
            }
            _ => {
                found = (None, bytes.start as u32);
                break;
            }
        }
    }
    proc_macro2::extra::invalidate_current_thread_spans();
    found
}

fn flatten(stream: TokenStream, out: &mut Vec<Token>) {
    // Macro-heavy code nests deeply; the stack grows with it.
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
        for tree in stream {
            let bytes = tree.span().byte_range();
            let range = TextRange::new(bytes.start as u32, bytes.end as u32);
            match tree {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ('(', ')'),
                        Delimiter::Brace => ('{', '}'),
                        Delimiter::Bracket => ('[', ']'),
                        Delimiter::None => (' ', ' '),
                    };
                    let at = TextRange::new(range.start, range.start + 1);
                    out.push(Token { kind: Kind::Open(open), text: String::new(), range: at });
                    flatten(group.stream(), out);
                    let at = TextRange::new(range.end.saturating_sub(1), range.end);
                    out.push(Token { kind: Kind::Close(close), text: String::new(), range: at });
                }
                TokenTree::Ident(ident) => {
                    let text = ident.to_string();
                    let text = text.strip_prefix("r#").unwrap_or(&text).to_owned();
                    out.push(Token { kind: Kind::Ident, text, range });
                }
                TokenTree::Punct(punct) => {
                    out.push(Token { kind: Kind::Punct(punct.as_char()), text: String::new(), range });
                }
                TokenTree::Literal(literal) => {
                    out.push(Token { kind: Kind::Literal, text: literal.to_string(), range });
                }
            }
        }
    });
}

struct Scanner<'t> {
    tokens: &'t [Token],
    scan: Scan,
    /// Names that `use` items inside the text bind, with the path that they stand for.
    aliases: BTreeMap<String, Vec<String>>,
}

const DEFINING: &[&str] =
    &["fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod", "let", "macro_rules"];
const KEYWORDS: &[&str] = &[
    "as",
    "async",
    "await",
    "break",
    "const",
    "continue",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "fn",
    "for",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "match",
    "mod",
    "move",
    "mut",
    "pub",
    "ref",
    "return",
    "static",
    "struct",
    "trait",
    "true",
    "type",
    "unsafe",
    "use",
    "where",
    "while",
    "union",
    "macro_rules",
];
/// Macros that read files, and attributes that do.
const READERS: &[&str] = &[
    "include_str",
    "include_bytes",
    "include",
    "include_dir",
    "migrate",
    "embed_migrations",
    "query_file",
    "query_file_as",
    "query_file_scalar",
    "query_file_unchecked",
    "query_file_as_unchecked",
];
const READING_ATTRIBUTES: &[&str] = &["template", "folder", "grammar", "include_proto"];
/// Macros of sqlx that look at the prepared query data.
const CHECKED_QUERIES: &[&str] =
    &["query", "query_as", "query_scalar", "query_unchecked", "query_as_unchecked"];

impl Scanner<'_> {
    fn run(mut self) -> Scan {
        self.collect_aliases();
        let mut attribute_until = 0;
        let mut doc = false;
        for idx in 0..self.tokens.len() {
            let token = &self.tokens[idx];
            match token.kind {
                Kind::Punct('#') => {
                    let open = if self.punct(idx + 1, '!') { idx + 2 } else { idx + 1 };
                    if self.tokens.get(open).is_some_and(|token| token.kind == Kind::Open('[')) {
                        attribute_until = self.closing(open);
                        doc = self.tokens.get(open + 1).is_some_and(|token| token.text == "doc");
                    }
                }
                Kind::Literal => self.literal(idx, idx < attribute_until && !doc),
                Kind::Ident => self.ident(idx, idx < attribute_until),
                _ => {}
            }
        }
        self.scan
    }

    fn punct(&self, idx: usize, wanted: char) -> bool {
        self.tokens.get(idx).is_some_and(|token| token.kind == Kind::Punct(wanted))
    }

    fn colons(&self, idx: usize) -> bool {
        self.punct(idx, ':') && self.punct(idx + 1, ':')
    }

    fn closing(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        for (idx, token) in self.tokens.iter().enumerate().skip(open) {
            match token.kind {
                Kind::Open(_) => depth += 1,
                Kind::Close(_) => {
                    depth -= 1;
                    if depth == 0 {
                        return idx;
                    }
                }
                _ => {}
            }
        }
        self.tokens.len()
    }

    fn text(&self, idx: usize) -> &str {
        self.tokens.get(idx).map_or("", |token| token.text.as_str())
    }

    fn is_ident(&self, idx: usize) -> bool {
        self.tokens.get(idx).is_some_and(|token| token.kind == Kind::Ident)
    }

    /// `use` items inside the text bind names for the whole of it; good enough for bodies.
    fn collect_aliases(&mut self) {
        for idx in 0..self.tokens.len() {
            if self.text(idx) == "use" && self.is_ident(idx) {
                let mut leaves = Vec::new();
                self.use_tree(idx + 1, &mut Vec::new(), &mut leaves);
                for (name, segments) in leaves {
                    self.scan.paths.push(PathMention {
                        segments: segments.clone(),
                        leading: false,
                        is_macro: false,
                        at: self.tokens[idx].range.start,
                    });
                    if segments.len() > 1 || segments.first() != Some(&name) {
                        self.aliases.insert(name, segments);
                    }
                }
            }
        }
    }

    /// Reads the tree at `idx`; gives the index after it.
    fn use_tree(
        &self,
        mut idx: usize,
        prefix: &mut Vec<String>,
        out: &mut Vec<(String, Vec<String>)>,
    ) -> usize {
        let depth = prefix.len();
        if self.colons(idx) {
            idx += 2;
        }
        while let Some(token) = self.tokens.get(idx) {
            match token.kind {
                Kind::Ident => {
                    if token.text != "self" || prefix.is_empty() {
                        prefix.push(token.text.clone());
                    }
                    idx += 1;
                    if self.colons(idx) {
                        idx += 2;
                        continue;
                    }
                    let mut name = prefix.last().cloned().unwrap_or_default();
                    if self.text(idx) == "as" {
                        name = self.text(idx + 1).to_owned();
                        idx += 2;
                    }
                    out.push((name, prefix.clone()));
                }
                Kind::Open('{') => {
                    let end = self.closing(idx);
                    idx += 1;
                    while idx < end {
                        let next = self.use_tree(idx, prefix, out);
                        idx = next.max(idx + 1);
                        if self.punct(idx, ',') {
                            idx += 1;
                        }
                    }
                    idx = end + 1;
                }
                Kind::Punct('*') => {
                    out.push(("*".into(), prefix.clone()));
                    idx += 1;
                }
                _ => {}
            }
            break;
        }
        prefix.truncate(depth);
        idx
    }

    fn literal(&mut self, idx: usize, in_attribute: bool) {
        let token = &self.tokens[idx];
        let Ok(literal) = syn::parse_str::<syn::LitStr>(&token.text) else { return };
        let value = literal.value();
        let at = token.range.start;
        if in_attribute && is_path(&value) {
            let segments = value.split("::").map(str::to_owned).collect();
            self.push(segments, false, false, at);
        }
        for name in captured(&value) {
            self.push(vec![name], false, false, at);
        }
        self.scan.strings.push(value);
    }

    fn push(&mut self, mut segments: Vec<String>, leading: bool, is_macro: bool, at: u32) {
        if !leading && let Some(path) = self.aliases.get(&segments[0]) {
            segments.splice(0..1, path.iter().cloned());
        }
        self.scan.paths.push(PathMention { segments, leading, is_macro, at });
    }

    fn ident(&mut self, idx: usize, in_attribute: bool) {
        let token = &self.tokens[idx];
        *self.scan.idents.entry(token.text.clone()).or_default() += 1;
        let at = token.range.start;
        if KEYWORDS.contains(&token.text.as_str()) {
            return;
        }
        let before = |back: usize| idx.checked_sub(back).map(|idx| &self.tokens[idx]);
        let kind_before = |back: usize| before(back).map(|token| token.kind);
        let called = self.tokens.get(idx + 1).is_some_and(|token| token.kind == Kind::Open('('))
            || self.colons(idx + 1) && self.punct(idx + 3, '<');
        let binds_mutable = before(1).is_some_and(|token| token.text == "mut")
            && before(2).is_some_and(|token| token.text == "let");
        match kind_before(1) {
            _ if binds_mutable => return,
            Some(Kind::Punct('\'')) => return,
            Some(Kind::Punct('$')) if token.text != "crate" => return,
            Some(Kind::Punct('.')) if kind_before(2) != Some(Kind::Punct('.')) => {
                if called {
                    let text = token.text.clone();
                    self.scan.methods.push((text, at));
                }
                return;
            }
            Some(Kind::Punct(':')) if kind_before(2) == Some(Kind::Punct(':')) => {
                match kind_before(3) {
                    // A later segment of a path that was read from its start.
                    Some(Kind::Ident) if before(3).is_some_and(|t| !KEYWORDS.contains(&t.text.as_str())) => {
                        return;
                    }
                    Some(Kind::Punct('>')) => {
                        let text = token.text.clone();
                        self.scan.methods.push((text, at));
                        return;
                    }
                    _ => {}
                }
            }
            Some(Kind::Ident) if before(1).is_some_and(|before| DEFINING.contains(&before.text.as_str())) => {
                // `let Some(x) = …` mentions a path, `let x = …` binds a name.
                let binds = !self.colons(idx + 1)
                    && !matches!(self.tokens.get(idx + 1).map(|t| t.kind), Some(Kind::Open(_)));
                if binds || before(1).is_some_and(|before| before.text == "fn" || before.text == "mod") {
                    return;
                }
            }
            _ => {}
        }
        let leading = kind_before(1) == Some(Kind::Punct(':')) && kind_before(2) == Some(Kind::Punct(':'));
        let mut segments = vec![token.text.clone()];
        let mut end = idx + 1;
        while self.colons(end) && self.is_ident(end + 2) {
            segments.push(self.text(end + 2).to_owned());
            end += 3;
        }
        let is_macro = self.punct(end, '!')
            && self.tokens.get(end + 1).is_some_and(|token| matches!(token.kind, Kind::Open(_)));
        if segments.len() == 1 && self.punct(end, ':') && !self.colons(end) && !in_attribute {
            return; // A field, parameter or bound generic.
        }
        let last = segments.last().cloned().unwrap_or_default();
        if is_macro && (READERS.contains(&last.as_str()) || CHECKED_QUERIES.contains(&last.as_str())) {
            self.asset(last, end + 1, self.closing(end + 1));
        } else if in_attribute && READING_ATTRIBUTES.contains(&last.as_str()) {
            self.asset(last, end, (end + 8).min(self.tokens.len()));
        }
        self.push(segments, leading, is_macro, at);
    }

    fn asset(&mut self, by: String, from: usize, until: usize) {
        let tokens = self.tokens.get(from..until).unwrap_or_default();
        // The build script makes it, and is carried along.
        if tokens.iter().any(|token| token.text == "\"OUT_DIR\"") {
            return;
        }
        let from_manifest_dir = tokens.iter().any(|token| token.text.contains("CARGO_MANIFEST_DIR"));
        let path = tokens
            .iter()
            .filter(|token| token.kind == Kind::Literal && token.text != "\"CARGO_MANIFEST_DIR\"")
            .find_map(|token| syn::parse_str::<syn::LitStr>(&token.text).ok())
            .map(|literal| literal.value());
        self.scan.assets.push(AssetMention { by, path, from_manifest_dir });
    }
}

fn is_path(text: &str) -> bool {
    !text.is_empty()
        && text.split("::").all(|segment| {
            segment.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
                && segment.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        })
}

/// Constants that a format string captures: `{MAX}`.
fn captured(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in text.split('{').skip(1) {
        let name: String =
            part.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
        let rest = &part[name.len()..];
        if name.starts_with(|first: char| first.is_ascii_uppercase()) && rest.starts_with(['}', ':']) {
            found.push(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> String {
        let scan = scan(text, &[]);
        let paths: Vec<_> = scan.paths.iter().map(|path| path.segments.join("::")).collect();
        let methods: Vec<_> = scan.methods.iter().map(|(name, _)| format!(".{name}")).collect();
        [paths, methods].concat().join(" ")
    }

    #[test]
    fn paths_methods_and_macros_are_read() {
        assert_eq!(
            paths("fn f(x: &Cart) { x.total(); repo::load::<Row>(x.id).await?; vec![Self::new(helper)] }"),
            "Cart x repo::load Row x vec Self::new helper .total"
        );
    }

    #[test]
    fn a_use_inside_a_body_renames() {
        assert_eq!(
            paths("fn f() { use crate::orders::{service as s, Cart}; s::place(Cart) }")
                .split(" ")
                .filter(|p| p.starts_with("crate::orders"))
                .count(),
            7
        );
    }

    #[test]
    fn attributes_and_format_strings_mention() {
        assert_eq!(paths(r#"#[serde(default = "page")] struct A;"#), "serde default page");
        assert!(paths(r#"fn f() { format!("{MAX} {x}") }"#).contains("MAX"));
    }

    #[test]
    fn what_is_cut_is_not_mentioned() {
        let text = "fn f() { a(); b() }";
        let scan = scan(text, &[TextRange::new(9, 13)]);
        assert_eq!(scan.paths.len(), 1);
        assert_eq!(scan.paths[0].segments, ["b"]);
    }
}
