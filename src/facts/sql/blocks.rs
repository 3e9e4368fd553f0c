//! What blocks of code in migrations do to the schema: `DO $$ BEGIN … END $$`, and routines that the same
//! file makes and calls.

use super::ddl::{changes_of, statement_end};
use super::lex::{Token, TokenKind, lex};
use super::schema::Change;

/// Words behind which a statement of a block begins.
const BEFORE: &[&str] = &["begin", "then", "else", "loop"];

const MAX_DEPTH: u32 = 4;

/// The routines that a file has made so far, with their bodies.
#[derive(Default)]
pub(super) struct Blocks<'a> {
    routines: Vec<(&'a str, &'a str)>,
}

impl<'a> Blocks<'a> {
    /// What a statement changes by the block that it runs.
    pub(super) fn run_by(&mut self, statement: &[Token<'a>]) -> Vec<Change> {
        let Some(first) = statement.first() else { return Vec::new() };
        let body = || statement.iter().find(|token| token.kind == TokenKind::Text).map(|token| token.text);
        if first.is("do") {
            return body().map(|body| block(body, 0)).unwrap_or_default();
        }
        if first.is("create") {
            let kind = statement.iter().take(4).position(|token| token.is_any(&["function", "procedure"]));
            let name = kind.and_then(|at| routine_name(&statement[at + 1..]));
            self.routines.extend(name.zip(body()));
        } else if first.is_any(&["select", "call", "perform"])
            && let Some(name) = routine_name(&statement[1..])
            && let Some((_, body)) = self.routines.iter().rev().find(|(known, _)| *known == name)
        {
            return block(body, 0);
        }
        Vec::new()
    }
}

/// `public.fill(`: `fill`.
fn routine_name<'a>(tokens: &[Token<'a>]) -> Option<&'a str> {
    let open = tokens.iter().take(4).position(|token| token.is_punct('('))?;
    let name = tokens.get(open.checked_sub(1)?)?;
    name.is_name().then_some(name.text)
}

/// What the statements of a block change. Which of its branches runs is not known: all of them count.
fn block(body: &str, depth: u32) -> Vec<Change> {
    let tokens = lex(body);
    let mut changes = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let begins = at == 0 || tokens[at - 1].is_punct(';') || tokens[at - 1].is_any(BEFORE);
        if begins && tokens[at].is_any(&["create", "alter", "drop", "rename"]) {
            let end = statement_end(&tokens, at);
            changes.extend(changes_of(body, &tokens[at..end]));
            at = end;
        } else if begins
            && tokens[at].is("execute")
            && let Some(text) = tokens.get(at + 1).filter(|token| token.kind == TokenKind::Text)
            && depth < MAX_DEPTH
        {
            changes.extend(block(&text.text.replace("''", "'"), depth + 1));
        }
        at += 1;
    }
    for change in &mut changes {
        if let Change::Create { unless_exists, .. } = change {
            *unless_exists = true;
        }
    }
    changes
}
