//! The tolerant reader: tables of a statement by its words alone.

use crate::model::TableOp;

use super::lex::{Token, TokenKind};
use super::{Access, HOLE, TableName};

/// Tables and operations of the statements that `tokens` hold. A name that has a [`HOLE`] in it is
/// left out.
pub(super) fn scan(tokens: &[Token]) -> Vec<Access> {
    let ctes = cte_names(tokens);
    let mut scan = Scan { tokens, ctes: &ctes, found: Vec::new() };
    let mut at = 0;
    while at < tokens.len() {
        at = scan.step(at);
    }
    scan.found.sort();
    scan.found.dedup();
    scan.found
}

struct Scan<'a> {
    tokens: &'a [Token<'a>],
    ctes: &'a [String],
    found: Vec<Access>,
}

impl Scan<'_> {
    fn step(&mut self, at: usize) -> usize {
        let token = &self.tokens[at];
        if token.kind != TokenKind::Word {
            return at + 1;
        }
        let prev = at.checked_sub(1).map(|at| &self.tokens[at]);
        let prev_is = |words: &[&str]| prev.is_some_and(|prev| prev.is_any(words));
        match token.text.to_ascii_lowercase().as_str() {
            "from" if self.is_from_clause(at) => {
                let op = if prev_is(&["delete"]) { TableOp::Delete } else { TableOp::Read };
                self.list(at + 1, op)
            }
            "join" | "using" if !self.at(at + 1).is_some_and(|next| next.is_punct('(')) => {
                self.list(at + 1, TableOp::Read)
            }
            "into" if prev_is(&["insert", "replace", "ignore", "rollback", "abort", "fail", "overwrite"]) => {
                let replace = prev_is(&["replace"]);
                if replace {
                    self.table(at + 1, TableOp::Update);
                }
                let (end, table) = self.table(at + 1, TableOp::Insert);
                if self.upserts(end)
                    && let Some(table) = table
                {
                    self.found.push((table, TableOp::Update));
                }
                end
            }
            "into" if prev_is(&["merge"]) => {
                self.table(at + 1, TableOp::Insert);
                self.table(at + 1, TableOp::Update).0
            }
            "update"
                if !prev_is(&["for", "on", "do", "key", "no", "of"])
                    && !self.at(at + 1).is_some_and(|next| next.is("set")) =>
            {
                let mut at = at + 1;
                if self.at(at).is_some_and(|token| token.is("or")) {
                    at += 2;
                }
                self.list(at, TableOp::Update)
            }
            "truncate" => {
                let skip = usize::from(self.at(at + 1).is_some_and(|next| next.is("table")));
                self.list(at + 1 + skip, TableOp::Delete)
            }
            _ => at + 1,
        }
    }

    fn at(&self, at: usize) -> Option<&Token<'_>> {
        self.tokens.get(at)
    }

    /// Not `extract(year from x)`, `trim(both from x)`, `is distinct from`.
    fn is_from_clause(&self, at: usize) -> bool {
        if at >= 2 && self.tokens[at - 1].is("distinct") && self.tokens[at - 2].is_any(&["is", "not"]) {
            return false;
        }
        let mut depth = 0_u32;
        for back in (0..at).rev() {
            let token = &self.tokens[back];
            if token.is_punct(')') {
                depth += 1;
            } else if token.is_punct('(') {
                if depth == 0 {
                    let before = back.checked_sub(1).map(|at| &self.tokens[at]);
                    return !before.is_some_and(|token| {
                        token.is_any(&["extract", "substring", "trim", "overlay", "position", "substr"])
                    });
                }
                depth -= 1;
            } else if depth == 0 && token.is_any(&["select", "delete", "update", "with"]) {
                return true;
            }
        }
        true
    }

    /// `a, b c, d AS e JOIN …`: the position after the last table of the list.
    fn list(&mut self, mut at: usize, op: TableOp) -> usize {
        let mut op = op;
        loop {
            while self
                .at(at)
                .is_some_and(|token| token.is_any(&["only", "lateral", "low_priority", "ignore"]))
            {
                at += 1;
            }
            if self.at(at).is_some_and(|token| token.is_punct('(')) {
                // A subquery or a parenthesised join: read on inside; a list that goes on behind it is
                // found by the `FROM`, `JOIN` and `,` handling of its own words.
                let close = self.matching(at);
                let inner = &self.tokens[at + 1..close.min(self.tokens.len())];
                let is_query = inner.first().is_some_and(|token| token.is_any(&["select", "with", "values"]));
                let mut nested = Scan { tokens: self.tokens, ctes: self.ctes, found: Vec::new() };
                let mut inside = if is_query { at + 1 } else { nested.list(at + 1, op) };
                while inside < close {
                    inside = nested.step(inside);
                }
                self.found.append(&mut nested.found);
                at = close + 1;
            } else {
                let (end, _) = self.table(at, op);
                if end == at {
                    return at;
                }
                at = end;
            }
            // An alias, then perhaps the next table.
            if self.at(at).is_some_and(|token| token.is("as")) {
                at += 1;
            }
            if self.at(at).is_some_and(|token| token.is_name() && !is_keyword(token)) {
                at += 1;
                if self.at(at).is_some_and(|token| token.is_punct('(')) {
                    at = self.matching(at) + 1;
                }
            }
            if self.at(at).is_some_and(|token| token.is_punct(',')) {
                at += 1;
                if op == TableOp::Delete && !self.tokens.iter().any(|token| token.is("truncate")) {
                    op = TableOp::Read;
                }
            } else {
                return at;
            }
        }
    }

    fn matching(&self, open: usize) -> usize {
        let mut depth = 0_u32;
        for (at, token) in self.tokens.iter().enumerate().skip(open) {
            if token.is_punct('(') {
                depth += 1;
            } else if token.is_punct(')') {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
        }
        self.tokens.len()
    }

    /// A dotted name at `at`; a function call is no table.
    fn table(&mut self, mut at: usize, op: TableOp) -> (usize, Option<TableName>) {
        let start = at;
        let mut parts = Vec::new();
        while let Some(token) = self.tokens.get(at) {
            if !token.is_name() || (parts.is_empty() && token.kind == TokenKind::Word && is_keyword(token)) {
                break;
            }
            parts.push(token.text);
            at += 1;
            if self.at(at).is_some_and(|token| token.is_punct('.')) {
                at += 1;
            } else {
                break;
            }
        }
        let is_function = op == TableOp::Read && self.at(at).is_some_and(|token| token.is_punct('('));
        if is_function {
            return (self.matching(at) + 1, None);
        }
        let Some(table) = TableName::new(parts.iter().copied()) else { return (start, None) };
        let is_cte = table.schema.is_none() && self.ctes.contains(&table.name);
        if is_cte || table.is_system() || table.name.contains(HOLE) {
            return (at, None);
        }
        self.found.push((table.clone(), op));
        (at, Some(table))
    }

    /// Whether `ON CONFLICT … DO UPDATE` or `ON DUPLICATE KEY UPDATE` follows.
    fn upserts(&self, at: usize) -> bool {
        self.tokens[at.min(self.tokens.len())..]
            .windows(2)
            .any(|pair| pair[0].is_any(&["do", "key"]) && pair[1].is("update"))
    }
}

/// Names that `WITH a AS (…), b (x) AS MATERIALIZED (…)` binds.
fn cte_names(tokens: &[Token]) -> Vec<String> {
    if !tokens.iter().any(|token| token.is("with")) {
        return Vec::new();
    }
    let mut names = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if !token.is("as") {
            continue;
        }
        let mut open = at + 1;
        while tokens.get(open).is_some_and(|token| token.is_any(&["not", "materialized"])) {
            open += 1;
        }
        let is_query = tokens.get(open).is_some_and(|token| token.is_punct('('))
            && tokens.get(open + 1).is_some_and(|token| {
                token.is_any(&["select", "insert", "update", "delete", "with", "values", "merge"])
                    || token.is_punct('(')
            });
        if !is_query || at == 0 {
            continue;
        }
        let mut name = at - 1;
        if tokens[name].is_punct(')') {
            while name > 0 && !tokens[name].is_punct('(') {
                name -= 1;
            }
            name = name.saturating_sub(1);
        }
        let before = name.checked_sub(1).map(|at| &tokens[at]);
        let is_cte =
            before.is_some_and(|before| before.is_any(&["with", "recursive"]) || before.is_punct(','));
        if tokens[name].is_name() && is_cte {
            names.push(tokens[name].text.to_lowercase());
        }
    }
    names
}

/// Words that cannot be a table's name or alias where they stand bare.
fn is_keyword(token: &Token) -> bool {
    token.kind == TokenKind::Word
        && token.is_any(&[
            "select",
            "where",
            "set",
            "values",
            "on",
            "join",
            "left",
            "right",
            "inner",
            "outer",
            "full",
            "cross",
            "natural",
            "group",
            "order",
            "having",
            "limit",
            "offset",
            "union",
            "except",
            "intersect",
            "using",
            "returning",
            "for",
            "window",
            "fetch",
            "when",
            "then",
            "default",
            "as",
            "and",
            "or",
            "not",
            "from",
            "into",
            "with",
            "lateral",
            "do",
            "only",
            "force",
            "use",
            "tablesample",
            "restart",
            "cascade",
            "end",
            "begin",
            "if",
            "table",
            "exists",
        ])
}
