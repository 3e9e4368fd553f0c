//! Words of an SQL text, tolerantly: any dialect's quoting, comments and parameters.

use crate::base::TextRange;

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: TokenKind,
    /// The text; of a quoted identifier without the quotes.
    pub text: &'a str,
    pub range: TextRange,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A keyword or bare identifier.
    Word,
    /// `"a"`, `` `a` ``, `[a]`.
    Quoted,
    /// `'a'`, `$$a$$`.
    Text,
    /// `1`, `1.5`.
    Number,
    /// `?`, `$1`, `:name`, `@name`.
    Parameter,
    /// Any other character.
    Punct,
}

impl Token<'_> {
    /// Whether it is this keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword)
    }
    /// Whether it is one of these keywords.
    pub(super) fn is_any(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is(keyword))
    }
    /// Whether it is this character.
    pub(super) fn is_punct(&self, punct: char) -> bool {
        self.kind == TokenKind::Punct && self.text.starts_with(punct)
    }
    /// Whether it can be (part of) a name.
    pub(super) fn is_name(&self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::Quoted)
    }
}

/// The tokens of `sql`, comments and white space left out. What is not closed reaches to the end.
pub(super) fn lex(sql: &str) -> Vec<Token<'_>> {
    let bytes = sql.as_bytes();
    let mut tokens = Vec::with_capacity(sql.len() / 5);
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let byte = bytes[at];
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        let (kind, text) = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b'-' if next == b'-' => {
                at = line_end(bytes, at);
                continue;
            }
            // MySQL's `#` comments; Postgres has the operators `#>`, `#-` and `#=`.
            b'#' if matches!(next, b' ' | b'\t' | b'#') && (at == 0 || bytes[at - 1] == b'\n') => {
                at = line_end(bytes, at);
                continue;
            }
            // psql's own commands: `\connect app`.
            b'\\' if at == 0 || bytes[at - 1] == b'\n' => {
                at = line_end(bytes, at);
                continue;
            }
            b'/' if next == b'*' => {
                at = block_comment_end(bytes, at);
                continue;
            }
            b'\'' => {
                at = quoted_end(bytes, at, b'\'');
                (TokenKind::Text, inner(sql, start, at))
            }
            b'"' | b'`' => {
                at = quoted_end(bytes, at, byte);
                (TokenKind::Quoted, inner(sql, start, at))
            }
            // `[name]` of SQL Server and SQLite, but not `a[1]` and `array[…]`.
            b'[' if next.is_ascii_alphabetic()
                && !tokens.last().is_some_and(|last: &Token| subscripted(last)) =>
            {
                match sql[at..].find(']') {
                    Some(len) => at += len + 1,
                    None => at = bytes.len(),
                }
                (TokenKind::Quoted, inner(sql, start, at))
            }
            b'$' => match dollar_quote_end(sql, at) {
                Some((end, text)) => {
                    at = end;
                    (TokenKind::Text, text)
                }
                None => {
                    at = word_end(bytes, at + 1);
                    (TokenKind::Parameter, &sql[start..at])
                }
            },
            b'?' => {
                at = word_end(bytes, at + 1);
                (TokenKind::Parameter, &sql[start..at])
            }
            b':' | b'@' if next.is_ascii_alphabetic() || next == b'_' => {
                at = word_end(bytes, at + 1);
                (TokenKind::Parameter, &sql[start..at])
            }
            b':' if next == b':' => {
                at += 2;
                (TokenKind::Punct, &sql[start..at])
            }
            b'0'..=b'9' => {
                at = word_end(bytes, at);
                (TokenKind::Number, &sql[start..at])
            }
            _ if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 => {
                at = word_end(bytes, at);
                (TokenKind::Word, &sql[start..at])
            }
            _ => {
                at += 1;
                (TokenKind::Punct, &sql[start..at])
            }
        };
        tokens.push(Token { kind, text, range: TextRange::new(start as u32, at as u32) });
    }
    tokens
}

fn subscripted(last: &Token) -> bool {
    last.is_punct(']') || last.is_punct(')') || last.is("array") || (last.is_name() && !is_clause_word(last))
}

/// Words after which a name, not an index, follows.
fn is_clause_word(token: &Token) -> bool {
    token.is_any(&[
        "from", "join", "into", "update", "table", "select", "as", "by", "on", "and", "or", "where", "set",
    ])
}

fn inner(sql: &str, start: usize, end: usize) -> &str {
    let last = sql.as_bytes()[end - 1];
    let closed = end > start + 1 && matches!(last, b'\'' | b'"' | b'`' | b']');
    sql.get(start + 1..if closed { end - 1 } else { end }).unwrap_or("")
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |len| at + len)
}

/// Postgres nests block comments.
fn block_comment_end(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0_u32;
    while at + 1 < bytes.len() {
        match (bytes[at], bytes[at + 1]) {
            (b'/', b'*') => {
                depth += 1;
                at += 2;
            }
            (b'*', b'/') => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A doubled quote stands for itself; a backslash does not end MySQL's strings.
fn quoted_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        if bytes[at] == quote {
            if bytes.get(at + 1) == Some(&quote) {
                at += 2;
                continue;
            }
            return at + 1;
        }
        if bytes[at] == b'\\'
            && bytes.get(at + 1) == Some(&quote)
            && quote == b'\''
            && bytes.get(at + 2).is_some_and(|byte| byte.is_ascii_alphanumeric())
        {
            at += 1;
        }
        at += 1;
    }
    bytes.len()
}

/// `$$…$$` and `$tag$…$tag$`: the end and the inner text.
fn dollar_quote_end(sql: &str, start: usize) -> Option<(usize, &str)> {
    let bytes = sql.as_bytes();
    let mut at = start + 1;
    if bytes.get(at).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    while bytes.get(at).is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        at += 1;
    }
    if bytes.get(at) != Some(&b'$') {
        return None;
    }
    let tag = &sql[start..=at];
    let text_start = at + 1;
    match sql[text_start..].find(tag) {
        Some(len) => Some((text_start + len + tag.len(), &sql[text_start..text_start + len])),
        None => Some((sql.len(), &sql[text_start..])),
    }
}

fn word_end(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80) {
        at += 1;
    }
    at
}
