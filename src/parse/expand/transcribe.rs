//! The text that a rule gives for what its variables stand for.

use super::matcher::{Bindings, Bound};
use super::rules::{Kind, Part};
use crate::parse::DOLLAR_CRATE;

/// Repetitions within repetitions are followed this deep.
const MAX_DEPTH: u32 = 16;

/// The expansion of one call.
#[derive(Debug, Default)]
pub(super) struct Expansion {
    pub(super) text: String,
    /// Where text of the call went: its start here, its length, its start in the call's text.
    pub(super) pieces: Vec<Piece>,
}

/// Text that was copied from a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) at: u32,
    pub(super) len: u32,
    pub(super) from: u32,
}

/// What is needed to write an expansion.
pub(super) struct Transcriber<'a> {
    /// The call's text, and where it starts in the text around it.
    pub(super) args: &'a str,
    pub(super) args_start: u32,
    /// The crate that `$crate` means.
    pub(super) krate: &'a str,
    /// Bytes that may be written.
    pub(super) limit: usize,
    pub(super) out: Expansion,
}

impl Transcriber<'_> {
    /// Writes the parts; none where they do not go together or become too long.
    pub(super) fn write(&mut self, parts: &[Part], bindings: &Bindings) -> Option<()> {
        let scope: Vec<(&str, &Bound)> = bindings.iter().map(|(name, bound)| (&**name, bound)).collect();
        self.parts(parts, &scope, 0)
    }

    fn parts(&mut self, parts: &[Part], scope: &[(&str, &Bound)], depth: u32) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        for part in parts {
            if self.out.text.len() > self.limit {
                return None;
            }
            match part {
                Part::Text(text) => self.out.text.push_str(text),
                Part::Crate => {
                    self.out.text.push_str(DOLLAR_CRATE);
                    self.out.text.push_str(self.krate);
                }
                Part::Var(name, colons) => match scope.iter().find(|(known, _)| *known == &**name) {
                    Some((_, Bound::Fragment { start, end, kind, n_tokens })) => {
                        self.fragment(*start, *end, *kind, *n_tokens, *colons);
                    }
                    Some((_, Bound::Repeated(_))) => return None,
                    // `$name` that is no variable of this macro belongs to one that it declares.
                    None => return None,
                },
                Part::Repeat { inner, separator } => {
                    let mut names = Vec::new();
                    variables(inner, &mut names);
                    let repeated = |name: &str| match scope.iter().find(|(known, _)| *known == name) {
                        Some((_, Bound::Repeated(list))) => Some(list),
                        _ => None,
                    };
                    let n_times = names.iter().find_map(|name| repeated(name))?.len();
                    for n in 0..n_times {
                        if n > 0 {
                            self.out.text.push_str(separator);
                        }
                        let once: Vec<(&str, &Bound)> = scope
                            .iter()
                            .filter_map(|&(name, bound)| match bound {
                                Bound::Repeated(list) if names.contains(&name) => Some((name, list.get(n)?)),
                                _ => Some((name, bound)),
                            })
                            .collect();
                        self.parts(inner, &once, depth + 1)?;
                    }
                }
            }
        }
        Some(())
    }

    fn fragment(&mut self, start: u32, end: u32, kind: Kind, n_tokens: u32, colons: bool) {
        // What a variable stands for stays one whatever stands around it.
        let (open, close) = match kind {
            Kind::Expr if n_tokens > 1 && !self.is_path(start, end) => ("(", ")"),
            Kind::Ty if colons && n_tokens > 1 && !self.is_path(start, end) => ("<", ">"),
            _ => (" ", " "),
        };
        let text = self.args.get(start as usize..end as usize).unwrap_or("");
        // A doc comment is the attribute that it stands for, or a part of that.
        if matches!(kind, Kind::Literal | Kind::Expr | Kind::Meta)
            && let Some(doc) = text.strip_prefix("///").or_else(|| text.strip_prefix("/**"))
        {
            let name = if kind == Kind::Meta { "doc = " } else { "" };
            self.out.text.push_str(&format!(" {name}{doc:?} "));
            return;
        }
        self.out.text.push_str(open);
        let at = self.out.text.len() as u32;
        self.out.text.push_str(text);
        if !text.is_empty() {
            self.out.pieces.push(Piece { at, len: text.len() as u32, from: self.args_start + start });
        }
        // A line comment at the end would hide what follows.
        if text.contains("//") {
            self.out.text.push('\n');
        }
        self.out.text.push_str(close);
    }

    fn is_path(&self, start: u32, end: u32) -> bool {
        let text = self.args.get(start as usize..end as usize).unwrap_or("");
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b' '))
            && !text.bytes().any(|byte| byte == b' ')
    }
}

fn variables<'p>(parts: &'p [Part], names: &mut Vec<&'p str>) {
    for part in parts {
        match part {
            Part::Var(name, _) => names.push(name),
            Part::Repeat { inner, .. } => variables(inner, names),
            Part::Text(_) | Part::Crate => {}
        }
    }
}
