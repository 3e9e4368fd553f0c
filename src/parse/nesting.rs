//! How much stack the parser may need for a text, found by one pass over its bytes.
//!
//! The parser recurses for each open delimiter and for prefixes in a row (`!!!!x`, `a = b = c`, `&&T`,
//! `return return`); dropping the tree also recurses for what was parsed in a loop (`a.b().c()`). So
//! the tokens since the last `;`, `,` or block end, weighed and added up over the open delimiters,
//! bound the depth. The weights are measured, with a margin. The same pass finds documentation, which
//! the parser is spared.

use std::borrow::Cow;

/// Stack per open delimiter.
const DELIMITER: usize = if cfg!(debug_assertions) { 80 * 1024 } else { 12 * 1024 };
/// Stack per token that the parser may recurse for.
const PREFIX: usize = if cfg!(debug_assertions) { 56 * 1024 } else { 8 * 1024 };
/// Stack per other token.
const TOKEN: usize = if cfg!(debug_assertions) { 3 * 1024 } else { 512 };
/// What is always there.
const BASE: usize = 256 * 1024;
/// Beyond, a file is not parsed. Reserved, not used: pages count only once touched.
const MAX_STACK: usize = if cfg!(debug_assertions) { 2048 } else { 512 } * 1024 * 1024;

/// Open braces beyond which a file is not parsed: hand-written code stays below a hundred.
const MAX_BRACES: usize = 2_000;

/// What one pass over a text tells.
pub(super) struct Survey {
    /// The stack to parse it with, in bytes.
    pub stack: usize,
    /// Where the sign stands that makes a comment a documentation comment.
    docs: Vec<usize>,
    /// Where something stands that is documented from outside, and where its documentation begins.
    documented: Vec<(usize, usize)>,
}

impl Survey {
    /// Where the documentation of what stands at `start` begins.
    pub fn docs_of(&self, start: usize) -> Option<usize> {
        let idx = self.documented.binary_search_by_key(&start, |&(at, _)| at).ok()?;
        Some(self.documented[idx].1)
    }

    /// The text with plain comments in place of documentation comments, byte for byte as long. The parser
    /// makes an attribute of four tokens out of each line of documentation, and nobody here reads it.
    pub fn without_docs<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.docs.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut bytes = text.as_bytes().to_vec();
        for &at in &self.docs {
            bytes[at] = b' ';
        }
        // One ASCII sign in place of another.
        String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
    }
}

/// The stack to parse `text` with, or the 1-based line where it is nested too deeply.
pub(super) fn stack_for(text: &str) -> Result<usize, u32> {
    survey(text).map(|survey| survey.stack)
}

/// Reads over `text`; fails with the 1-based line where it is nested too deeply.
pub(super) fn survey(text: &str) -> Result<Survey, u32> {
    let mut scan = Scan {
        bytes: text.as_bytes(),
        at: 0,
        open: vec![],
        row: 0,
        sum: 0,
        worst: 0,
        worst_at: 0,
        braces: 0,
        most_braces: 0,
        docs: vec![],
        documented: vec![],
        outer_doc: None,
    };
    scan.run();
    let stack = scan.worst.saturating_add(BASE);
    if stack > MAX_STACK || scan.most_braces > MAX_BRACES {
        return Err(text.as_bytes()[..scan.worst_at].iter().filter(|&&byte| byte == b'\n').count() as u32 + 1);
    }
    Ok(Survey { stack, docs: scan.docs, documented: scan.documented })
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Weight of the row around each open delimiter.
    open: Vec<usize>,
    /// Weight of the innermost row.
    row: usize,
    /// Sum of `open`.
    sum: usize,
    worst: usize,
    worst_at: usize,
    /// Braces that are open, and the most at once.
    braces: usize,
    most_braces: usize,
    docs: Vec<usize>,
    documented: Vec<(usize, usize)>,
    /// Where documentation begins that belongs to what comes next.
    outer_doc: Option<usize>,
}

impl Scan<'_> {
    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            let start = self.at;
            self.at += 1;
            match byte {
                b' ' | b'\n' | b'\t' | b'\r' => {
                    self.skip_while(|byte| byte == b' ');
                    continue;
                }
                b'/' if self.peek() == Some(b'/') => {
                    self.note_doc(start, b'/');
                    let rest = &self.bytes[self.at..];
                    self.at += rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
                    continue;
                }
                b'/' if self.peek() == Some(b'*') => {
                    self.note_doc(start, b'*');
                    self.block_comment();
                    continue;
                }
                b'(' | b'[' | b'{' => {
                    self.open.push(self.row);
                    if byte == b'{' {
                        self.braces += 1;
                        self.most_braces = self.most_braces.max(self.braces);
                    }
                    self.sum += self.row;
                    self.row = 0;
                }
                b')' | b']' | b'}' => {
                    self.row = self.open.pop().unwrap_or(0);
                    self.sum -= self.row;
                    if byte == b'}' {
                        self.braces = self.braces.saturating_sub(1);
                        if self.ends_statement() {
                            self.row = 0;
                        }
                    }
                }
                b';' | b',' => self.row = 0,
                b'"' => {
                    self.string();
                    self.row += TOKEN;
                }
                b'\'' => {
                    self.quote();
                    self.row += TOKEN;
                }
                b'r' | b'b' | b'c' if self.raw_string(start) => self.row += TOKEN,
                byte if is_word(byte) => {
                    self.skip_while(is_word);
                    self.row += word_weight(&self.bytes[start..self.at]);
                }
                b'<' => self.row += DELIMITER,
                b'!' if start > 0 && is_word(self.bytes[start - 1]) => self.row += TOKEN,
                b'.' | b'?' | b':' | b'>' | b'#' | b'$' => self.row += TOKEN,
                _ => self.row += PREFIX,
            }
            if let Some(doc) = self.outer_doc.take() {
                self.documented.push((start, doc));
            }
            let depth = self.open.len() * DELIMITER + self.sum + self.row;
            if depth > self.worst {
                self.worst = depth;
                self.worst_at = start;
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_while(&mut self, want: impl Fn(u8) -> bool) {
        let rest = &self.bytes[self.at.min(self.bytes.len())..];
        self.at += rest.iter().position(|&byte| !want(byte)).unwrap_or(rest.len());
    }

    /// Notes whether the comment that starts at `start` is documentation: `///`, `//!`, `/**`, `/*!`, but
    /// neither `////` nor `/***` nor `/**/`.
    fn note_doc(&mut self, start: usize, sign: u8) {
        let third = self.bytes.get(start + 2).copied();
        let fourth = self.bytes.get(start + 3).copied();
        let outer = third == Some(sign) && fourth != Some(sign) && !(sign == b'*' && fourth == Some(b'/'));
        if outer || third == Some(b'!') {
            self.docs.push(start + 2);
        }
        if outer && self.outer_doc.is_none() {
            self.outer_doc = Some(start);
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 1;
        self.at += 1;
        while depth > 0 && self.at < self.bytes.len() {
            match (self.bytes[self.at], self.bytes.get(self.at + 1)) {
                (b'*', Some(b'/')) => {
                    depth -= 1;
                    self.at += 1;
                }
                (b'/', Some(b'*')) => {
                    depth += 1;
                    self.at += 1;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    fn string(&mut self) {
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'"' => break,
                _ => {}
            }
        }
    }

    /// A character or a lifetime.
    fn quote(&mut self) {
        match self.peek() {
            Some(b'\\') => {
                self.at += 2;
                self.skip_while(|byte| byte != b'\'' && byte != b'\n');
                self.at += 1;
            }
            Some(byte) if is_word(byte) => {
                let start = self.at;
                self.skip_while(is_word);
                // `'a'` or a character of several bytes; else a lifetime.
                let len = self.at - start;
                if self.peek() == Some(b'\'') && (len == 1 || byte >= 0x80) {
                    self.at += 1;
                }
            }
            // A delimiter or other sign as a character.
            Some(_) if self.bytes.get(self.at + 1) == Some(&b'\'') => self.at += 2,
            _ => {}
        }
    }

    /// Skips `r"…"`, `r#"…"#`, `br"…"`, `b"…"`, `c"…"`, `b'x'` that starts at `start`; false where it
    /// is a word.
    fn raw_string(&mut self, start: usize) -> bool {
        let mut at = start;
        while at < start + 2 && matches!(self.bytes.get(at), Some(b'r' | b'b' | b'c')) {
            at += 1;
        }
        let raw = self.bytes[at - 1] == b'r';
        let hashes = self.bytes[at..].iter().take_while(|&&byte| byte == b'#').count();
        if (hashes > 0 && !raw) || self.bytes.get(at + hashes) != Some(&b'"') {
            return false;
        }
        self.at = at + hashes + 1;
        if !raw {
            self.string();
            return true;
        }
        while self.at < self.bytes.len() {
            if self.bytes[self.at] == b'"'
                && self.bytes[self.at + 1..].iter().take(hashes).filter(|&&byte| byte == b'#').count()
                    == hashes
            {
                self.at += 1 + hashes;
                break;
            }
            self.at += 1;
        }
        true
    }

    /// Whether after this `}` a new statement, arm or item begins.
    fn ends_statement(&self) -> bool {
        let rest = &self.bytes[self.at..];
        let rest = rest.trim_ascii_start();
        match rest.first() {
            Some(
                b'.' | b'?' | b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^' | b'=' | b'<' | b'>',
            ) => {
                // A comment tells nothing; `#` begins an attribute.
                rest.starts_with(b"//") || rest.starts_with(b"/*")
            }
            _ => !rest.starts_with(b"else") && !rest.starts_with(b"as ") && !rest.starts_with(b"::"),
        }
    }
}

/// Keywords that an expression or pattern can begin with any number of times.
fn word_weight(word: &[u8]) -> usize {
    // Most words are something else, as their length and first letter tell.
    if !(2..=6).contains(&word.len()) || !b"rbymasldfi".contains(&word[0]) {
        return TOKEN;
    }
    match word {
        b"return" | b"break" | b"yield" | b"move" | b"async" | b"static" | b"const" | b"let" | b"box"
        | b"dyn" | b"for" | b"if" => PREFIX,
        _ => TOKEN,
    }
}

fn is_word(byte: u8) -> bool {
    /// By byte: most of a text is words.
    const WORD: [bool; 256] = {
        let mut word = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            word[byte] = (byte as u8).is_ascii_alphanumeric() || byte == b'_' as usize || byte >= 0x80;
            byte += 1;
        }
        word
    };
    WORD[usize::from(byte)]
}
