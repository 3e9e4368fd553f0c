//! How much stack the parser may need for a text, found by one pass over its bytes.
//!
//! The parser recurses for each open delimiter and for many tokens in a row (`!!!!x`, `a.b().c()`,
//! `&&&&T`): the count of tokens since the last `;`, `,` or block end, added up over the open
//! delimiters, bounds the depth of the syntax tree.

/// Stack per open delimiter.
const PER_DELIMITER: usize = if cfg!(debug_assertions) { 24 * 1024 } else { 6 * 1024 };
/// Stack per token of a row.
const PER_TOKEN: usize = if cfg!(debug_assertions) { 3 * 1024 } else { 1024 };
/// What is always there.
const BASE: usize = 256 * 1024;
/// Beyond, a file is not parsed. Reserved, not used: pages count only once touched.
const MAX_STACK: usize = 2 * 1024 * 1024 * 1024;

/// The stack to parse `text` with, or the 1-based line where it is nested too deeply.
pub(super) fn stack_for(text: &str) -> Result<usize, u32> {
    let mut scan =
        Scan { bytes: text.as_bytes(), at: 0, open: vec![], row: 0, sum: 0, worst: 0, worst_at: 0 };
    scan.run();
    let stack = scan.worst.saturating_add(BASE);
    if stack > MAX_STACK {
        return Err(text[..scan.worst_at].matches('\n').count() as u32 + 1);
    }
    Ok(stack)
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Tokens of the row around each open delimiter.
    open: Vec<usize>,
    /// Tokens of the innermost row.
    row: usize,
    /// Sum of `open`.
    sum: usize,
    worst: usize,
    worst_at: usize,
}

impl Scan<'_> {
    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            let start = self.at;
            self.at += 1;
            match byte {
                b' ' | b'\n' | b'\t' | b'\r' => continue,
                b'/' if self.peek() == Some(b'/') => {
                    self.skip_while(|byte| byte != b'\n');
                    continue;
                }
                b'/' if self.peek() == Some(b'*') => {
                    self.block_comment();
                    continue;
                }
                b'(' | b'[' | b'{' => {
                    self.open.push(self.row);
                    self.sum += self.row;
                    self.row = 0;
                }
                b')' | b']' | b'}' => {
                    self.row = self.open.pop().unwrap_or(0);
                    self.sum -= self.row;
                    if byte == b'}' && self.ends_statement() {
                        self.row = 0;
                    }
                }
                b';' | b',' => self.row = 0,
                b'"' => {
                    self.string();
                    self.row += 1;
                }
                b'\'' => {
                    self.quote();
                    self.row += 1;
                }
                b'r' | b'b' | b'c' if self.raw_string(start) => self.row += 1,
                byte if is_word(byte) => {
                    self.skip_while(is_word);
                    self.row += 1;
                }
                _ => self.row += 1,
            }
            let depth = self.open.len() * PER_DELIMITER + (self.sum + self.row) * PER_TOKEN;
            if depth > self.worst {
                self.worst = depth;
                self.worst_at = start;
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_while(&mut self, mut want: impl FnMut(u8) -> bool) {
        while self.peek().is_some_and(&mut want) {
            self.at += 1;
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

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
