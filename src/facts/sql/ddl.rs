//! Tables, views and triggers that SQL texts declare.
//!
//! Read word by word: migrations and dumps hold functions, grants and blocks of every dialect, and one
//! statement that is not understood must not hide the next.

use super::blocks::Blocks;
use super::lex::{Token, lex};
use super::schema::{Change, ColumnDecl, KeyDecl, SchemaChange, mark_primary};
use super::statement::analyze;
use super::{Access, HOLE, TableName};

/// The changes of the schema in `sql`, in order. In a file with both directions of a migration, only
/// the way up counts.
pub(in crate::facts) fn read_schema(sql: &str) -> Vec<SchemaChange> {
    let sql = way_up(sql);
    let tokens = lex(sql);
    let mut changes = Vec::new();
    let mut blocks = Blocks::default();
    let mut start = 0;
    while start < tokens.len() {
        let end = statement_end(&tokens, start);
        let statement = &tokens[start..end];
        if let Some(first) = statement.first() {
            let at = first.range.start;
            let found = changes_of(sql, statement).into_iter().chain(blocks.run_by(statement));
            changes.extend(found.map(|what| SchemaChange { at, what }));
        }
        start = end + 1;
    }
    changes
}

/// What one statement changes.
pub(super) fn changes_of(sql: &str, statement: &[Token]) -> Vec<Change> {
    let mut reader = Reader { sql, tokens: statement, at: 0, changes: Vec::new() };
    reader.statement();
    reader.changes
}

/// dbmate, goose and refinery keep both directions in one file, under comments.
fn way_up(sql: &str) -> &str {
    let mut at = 0;
    for line in sql.split_inclusive('\n') {
        let head = line.trim().trim_start_matches("--").trim();
        let head = head.trim_start_matches("+goose").trim_start_matches("+migrate").trim();
        let is_comment = line.trim_start().starts_with("--");
        if is_comment && (head.eq_ignore_ascii_case("down") || head.eq_ignore_ascii_case("migrate:down")) {
            return &sql[..at];
        }
        at += line.len();
    }
    sql
}

/// The `;` that ends the statement at `start`; a trigger's or routine's body in `BEGIN … END` holds
/// some of its own.
pub(super) fn statement_end(tokens: &[Token], start: usize) -> usize {
    let has_body = tokens.get(start).is_some_and(|token| token.is("create"))
        && tokens[start..].iter().take(6).any(|token| token.is_any(&["trigger", "function", "procedure"]));
    let mut depth = 0_u32;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        if has_body && token.is_any(&["begin", "case"]) {
            depth += 1;
        } else if has_body && token.is("end") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is_punct(';') {
            return at;
        }
    }
    tokens.len()
}

struct Reader<'a> {
    sql: &'a str,
    tokens: &'a [Token<'a>],
    at: usize,
    changes: Vec<Change>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at)
    }
    fn eat(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.is(word));
        self.at += usize::from(found);
        found
    }
    fn eat_any(&mut self, words: &[&str]) -> bool {
        let found = self.peek().is_some_and(|token| token.is_any(words));
        self.at += usize::from(found);
        found
    }
    fn punct(&mut self, punct: char) -> bool {
        let found = self.peek().is_some_and(|token| token.is_punct(punct));
        self.at += usize::from(found);
        found
    }
    fn ident(&mut self) -> Option<String> {
        let token = self.peek().filter(|token| token.is_name())?;
        self.at += 1;
        Some(token.text.to_lowercase())
    }
    fn name(&mut self) -> Option<TableName> {
        let mut parts = vec![self.ident()?];
        while self.punct('.') {
            parts.push(self.ident()?);
        }
        TableName::new(parts.iter().map(String::as_str))
    }
    /// `(a, b DESC)`: the names.
    fn idents(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        if !self.punct('(') {
            return names;
        }
        let mut depth = 1_u32;
        let mut first = true;
        while let Some(token) = self.peek() {
            self.at += 1;
            if token.is_punct('(') {
                depth += 1;
            } else if token.is_punct(')') {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            } else if token.is_punct(',') && depth == 1 {
                first = true;
            } else if first && token.is_name() {
                names.push(token.text.to_lowercase());
                first = false;
            }
        }
        names
    }
    /// Skips to the end of the parenthesis that was opened just before.
    fn skip_parens(&mut self) {
        let mut depth = 1_u32;
        while depth > 0
            && let Some(token) = self.peek()
        {
            self.at += 1;
            depth = depth + u32::from(token.is_punct('(')) - u32::from(token.is_punct(')'));
        }
    }
    fn if_exists(&mut self) -> bool {
        if !self.eat("if") {
            return false;
        }
        self.eat("not");
        self.eat("exists");
        true
    }
    /// The text from the current token to the statement's end.
    fn rest(&self) -> &'a str {
        match (self.peek(), self.tokens.last()) {
            (Some(first), Some(last)) => &self.sql[first.range.start as usize..last.range.end as usize],
            _ => "",
        }
    }

    fn statement(&mut self) {
        if self.eat("create") {
            self.create();
        } else if self.eat("alter") {
            self.alter();
        } else if self.eat("drop") {
            self.eat("materialized");
            self.eat("foreign");
            if self.eat_any(&["table", "view"]) {
                self.if_exists();
                while let Some(table) = self.name() {
                    self.changes.push(Change::Drop { table });
                    if !self.punct(',') {
                        break;
                    }
                }
            }
        } else if self.eat("rename") && self.eat("table") {
            while let Some(from) = self.name() {
                if self.eat("to")
                    && let Some(to) = self.name()
                    && !to.name.contains(HOLE)
                {
                    self.changes.push(Change::Rename { from, to });
                }
                if !self.punct(',') {
                    break;
                }
            }
        }
    }

    fn create(&mut self) {
        if self.eat("or") {
            self.eat_any(&["replace", "alter"]);
        }
        let temporary = self.eat_any(&["temp", "temporary"]);
        while self.eat_any(&[
            "unlogged",
            "materialized",
            "recursive",
            "constraint",
            "foreign",
            "global",
            "local",
            "virtual",
            "algorithm",
            "definer",
            "sql",
        ]) {
            // MySQL: `ALGORITHM = MERGE SQL SECURITY DEFINER VIEW`.
            if self.punct('=') {
                self.at += 1;
            }
        }
        if self.eat("table") {
            let unless_exists = self.if_exists();
            let Some(table) = self.name() else {
                self.changes.push(Change::Broken { what: "a table without a name".to_owned() });
                return;
            };
            if temporary {
                self.changes.push(Change::Temporary { table });
                return;
            }
            // A partition is a part of its table; a name that is made at run time is none.
            if self.eat("partition") || table.name.contains(HOLE) {
                return;
            }
            let (columns, keys) = self.table_body();
            if !self.closed() {
                let what = format!("the declaration of {}, which does not end", table.name);
                self.changes.push(Change::Broken { what });
            }
            self.changes.push(Change::Create { table, columns, keys, unless_exists });
        } else if self.eat("view") {
            self.if_exists();
            let Some(view) = self.name() else { return };
            while self.peek().is_some_and(|token| !token.is("as")) {
                self.at += 1;
            }
            self.eat("as");
            let reads = analyze(self.rest()).accesses;
            if !temporary && !view.name.contains(HOLE) {
                self.changes.push(Change::View { view, reads });
            }
        } else if self.eat("trigger") {
            self.trigger();
        } else if self.eat_any(&["function", "procedure"]) {
            let Some(name) = self.name() else { return };
            // The body is a quoted text (Postgres) or stands in `BEGIN … END`.
            let quoted = self.tokens.iter().filter(|token| token.kind == super::lex::TokenKind::Text);
            let mut does: Vec<Access> = quoted.flat_map(|token| body_accesses(token.text)).collect();
            does.extend(body_accesses(self.rest()));
            does.sort();
            does.dedup();
            self.changes.push(Change::Routine { name: name.name, does });
        }
    }

    /// Whether the statement has as many closing parentheses as opening ones.
    fn closed(&self) -> bool {
        let n = |punct: char| self.tokens.iter().filter(|token| token.is_punct(punct)).count();
        n('(') == n(')')
    }

    fn trigger(&mut self) {
        self.if_exists();
        self.name();
        // The event's `ON table`: `UPDATE OF a ON t`.
        while self.peek().is_some_and(|token| !token.is("on")) {
            self.at += 1;
        }
        self.eat("on");
        let Some(table) = self.name() else { return };
        let mut calls = None;
        let mut does = Vec::new();
        while let Some(token) = self.peek() {
            self.at += 1;
            if token.is("execute") && self.eat_any(&["function", "procedure"]) {
                calls = self.name().map(|name| name.name);
                break;
            }
            if token.is("begin") {
                does = body_accesses(self.rest());
                break;
            }
        }
        self.changes.push(Change::Trigger { table, does, calls });
    }

    fn table_body(&mut self) -> (Vec<ColumnDecl>, Vec<KeyDecl>) {
        let (mut columns, mut keys) = (Vec::new(), Vec::new());
        if !self.punct('(') {
            return (columns, keys);
        }
        loop {
            let constraint = self.peek().is_some_and(|token| {
                token.kind == super::lex::TokenKind::Word
                    && token.is_any(&[
                        "constraint",
                        "primary",
                        "foreign",
                        "unique",
                        "check",
                        "exclude",
                        "like",
                        "key",
                        "index",
                        "fulltext",
                        "spatial",
                        "period",
                    ])
            });
            // `key TEXT` is a column of that name, `key (a)` and `key k (a)` an index.
            let is_column = constraint
                && self.peek().is_some_and(|token| token.is_any(&["key", "index", "like", "period"]))
                && self.tokens.get(self.at + 1).is_some_and(|next| next.is_name())
                && !self.tokens.get(self.at + 2).is_some_and(|next| next.is_punct('('));
            if constraint && !is_column {
                self.table_constraint(&mut columns, &mut keys);
            } else if let Some(column) = self.column(&mut keys) {
                columns.push(column);
            } else {
                self.skip_element();
            }
            if !self.punct(',') {
                self.punct(')');
                return (columns, keys);
            }
        }
    }

    /// Skips to the `,` or `)` that ends the current element.
    fn skip_element(&mut self) {
        while let Some(token) = self.peek() {
            if token.is_punct(',') || token.is_punct(')') {
                return;
            }
            self.at += 1;
            if token.is_punct('(') {
                self.skip_parens();
            }
        }
    }

    fn table_constraint(&mut self, columns: &mut [ColumnDecl], keys: &mut Vec<KeyDecl>) {
        if self.eat("constraint") {
            self.ident();
        }
        if self.eat("primary") {
            self.eat("key");
            let names = self.idents();
            mark_primary(columns, &names);
        } else if self.eat("foreign") {
            self.eat("key");
            if self.peek().is_some_and(|token| token.is_name()) {
                self.at += 1;
            }
            let names = self.idents();
            if self.eat("references")
                && let Some(key) = self.references(names)
            {
                keys.push(key);
            }
        }
        self.skip_element();
    }

    /// Behind `REFERENCES`.
    fn references(&mut self, columns: Vec<String>) -> Option<KeyDecl> {
        let table = self.name()?;
        self.idents();
        let mut on_delete = String::new();
        loop {
            if self.eat("on") {
                let delete = self.eat("delete");
                if !delete {
                    self.at += 1;
                }
                let mut action = self.ident().unwrap_or_default();
                if matches!(action.as_str(), "set" | "no") {
                    action = format!("{action} {}", self.ident().unwrap_or_default());
                }
                if delete {
                    on_delete = action;
                }
            } else if self.eat("match") {
                self.at += 1;
            } else {
                return Some(KeyDecl { columns, table, on_delete, mapped: false });
            }
        }
    }

    fn column(&mut self, keys: &mut Vec<KeyDecl>) -> Option<ColumnDecl> {
        let name = self.ident()?;
        const OPTIONS: &[&str] = &[
            "primary",
            "not",
            "null",
            "default",
            "unique",
            "references",
            "check",
            "constraint",
            "generated",
            "collate",
            "auto_increment",
            "autoincrement",
            "comment",
            "on",
            "as",
            "encode",
            "key",
            "identity",
            "storage",
            "first",
            "after",
        ];
        let start = self.at;
        while let Some(token) = self.peek() {
            if token.is_punct(',') || token.is_punct(')') || token.is_any(OPTIONS) {
                break;
            }
            self.at += 1;
            if token.is_punct('(') {
                self.skip_parens();
            }
        }
        let ty = match self.tokens.get(start..self.at) {
            Some([first, .., last]) => &self.sql[first.range.start as usize..last.range.end as usize],
            Some([only]) => &self.sql[only.range.start as usize..only.range.end as usize],
            _ => "",
        };
        let mut column = ColumnDecl { ty: ty.to_owned(), primary_key: false, nullable: true, name };
        while let Some(token) = self.peek() {
            if token.is_punct(',') || token.is_punct(')') || token.is_punct(';') {
                break;
            }
            self.at += 1;
            if token.is("primary") {
                column.primary_key = true;
                column.nullable = false;
            } else if token.is("not") && self.eat("null") {
                column.nullable = false;
            } else if token.is("references") {
                keys.extend(self.references(vec![column.name.clone()]));
            } else if token.is_punct('(') {
                self.skip_parens();
            }
        }
        Some(column)
    }

    fn alter(&mut self) {
        self.eat("materialized");
        if !self.eat_any(&["table", "view"]) {
            return;
        }
        self.if_exists();
        self.eat("only");
        let Some(table) = self.name() else { return };
        loop {
            self.alteration(&table);
            self.skip_element();
            if !self.punct(',') {
                return;
            }
        }
    }

    fn alteration(&mut self, table: &TableName) {
        let table = table.clone();
        if self.eat("add") {
            if self
                .peek()
                .is_some_and(|token| token.is_any(&["constraint", "foreign", "primary", "unique", "check"]))
            {
                let (mut keys, mut columns) = (Vec::new(), Vec::new());
                let named = self.at;
                self.table_constraint(&mut columns, &mut keys);
                if keys.is_empty() {
                    self.at = named;
                    if self.eat("constraint") {
                        self.ident();
                    }
                    if self.eat("primary") && self.eat("key") {
                        let columns = self.idents();
                        self.changes.push(Change::PrimaryKey { table, columns });
                    }
                } else {
                    self.changes
                        .extend(keys.into_iter().map(|key| Change::AddKey { table: table.clone(), key }));
                }
                return;
            }
            if self.peek().is_some_and(|token| token.is_any(&["index", "key", "fulltext"])) {
                return;
            }
            self.eat("column");
            self.if_exists();
            let mut keys = Vec::new();
            if let Some(column) = self.column(&mut keys) {
                self.changes.push(Change::AddColumn { table, column, keys });
            }
        } else if self.eat("drop") {
            let constraint = self
                .peek()
                .is_some_and(|token| token.is_any(&["constraint", "primary", "foreign", "index", "key"]));
            self.eat("column");
            self.if_exists();
            if !constraint && let Some(column) = self.ident() {
                self.changes.push(Change::DropColumn { table, column });
            }
        } else if self.eat("rename") {
            if self.eat("to") || self.eat("as") {
                if let Some(to) = self.name().filter(|to| !to.name.contains(HOLE)) {
                    self.changes.push(Change::Rename { from: table, to });
                }
                return;
            }
            let constraint = self.peek().is_some_and(|token| token.is_any(&["constraint", "index"]));
            self.eat("column");
            if !constraint
                && let Some(from) = self.ident()
                && self.eat("to")
                && let Some(to) = self.ident()
            {
                self.changes.push(Change::RenameColumn { table, from, to });
            }
        }
    }
}

/// What the statements of a trigger's or routine's body do; row variables are no tables.
fn body_accesses(body: &str) -> Vec<Access> {
    let mut accesses = super::statement::fragment(body);
    accesses.retain(|(table, _)| !matches!(table.name.as_str(), "new" | "old"));
    accesses
}
