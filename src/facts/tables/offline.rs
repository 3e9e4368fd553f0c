//! The statements that sqlx has prepared, `.sqlx/query-*.json`: they hold the text of macros of which the
//! source shows a part or nothing.

use crate::base::UnorderedSet;
use crate::facts::cx::Cx;
use crate::facts::sql::{self, HOLE};
use crate::facts::strings::Text;
use crate::model::Certainty;

use super::{Found, Reader, TableFacts};

/// More statements than this that nobody claims are of another time than the code.
const MAX_LEFT: usize = 16;

/// The prepared statements of the workspace, blanks made alike, in order and each once.
pub(super) struct Offline {
    texts: Vec<String>,
}

impl Offline {
    pub(super) fn new(cx: &Cx) -> Self {
        let prepared = cx.workspace.assets.iter().filter(|asset| is_prepared(&asset.path));
        let text = |text: &str| {
            let query: serde_json::Value = serde_json::from_str(text).ok()?;
            Some(even(query.get("query")?.as_str()?))
        };
        let mut texts: Vec<String> = prepared.filter_map(|asset| text(&asset.text)).collect();
        texts.sort_unstable();
        texts.dedup();
        Self { texts }
    }

    /// Those that a text may be of which parts are only known when it runs.
    pub(super) fn like(&self, text: &str) -> Vec<String> {
        let text = even(text);
        let parts: Vec<&str> = text.split(HOLE).map(str::trim).collect();
        let is_like = |prepared: &&String| {
            let mut rest = prepared.as_str();
            parts.iter().enumerate().all(|(n, part)| {
                let at = if n == 0 { rest.starts_with(part).then_some(0) } else { rest.find(part) };
                at.is_some_and(|at| {
                    rest = &rest[at + part.len()..];
                    n + 1 < parts.len() || n == 0 || part.is_empty() || rest.is_empty()
                })
            })
        };
        let is_known = parts.iter().map(|part| part.len()).sum::<usize>() >= 12;
        self.texts.iter().filter(|_| is_known).filter(is_like).cloned().collect()
    }

    /// Those that no text of the code is, which are given by [`even`].
    pub(super) fn left(&self, claimed: &UnorderedSet<String>) -> Vec<String> {
        let left: Vec<String> = self.texts.iter().filter(|text| !claimed.contains(*text)).cloned().collect();
        if left.len() > MAX_LEFT { Vec::new() } else { left }
    }
}

impl Reader<'_, '_> {
    /// The prepared statements that a macro's text may be of which parts are not known.
    pub(super) fn prepared(&self, text: Text) -> Text {
        if !self.has_offline || !text.values.iter().any(|value| value.contains(HOLE)) {
            return text;
        }
        let offline = self.offline.get_or_init(|| Offline::new(self.cx));
        let values = text.values.into_iter().flat_map(|value| {
            let like = if value.contains(HOLE) { offline.like(&value) } else { Vec::new() };
            if like.is_empty() { vec![value] } else { like }
        });
        Text { values: values.collect(), used: text.used }
    }

    /// Gives the prepared statements that no text of the code is to the one macro whose text is not known.
    pub(super) fn claim(&self, all: &mut TableFacts) {
        let [(unknown, def)] = &all.prepared[..] else { return };
        let offline = self.offline.get_or_init(|| Offline::new(self.cx));
        let left = offline.left(&self.claimed.lock().expect("no thread panicked"));
        if left.is_empty() || self.cx.def(*def).is_test {
            return;
        }
        let accesses = left.iter().flat_map(|text| sql::analyze(text).accesses);
        all.accesses.extend(accesses.map(|(table, op)| Found {
            function: unknown.function,
            site: unknown.site,
            table,
            op,
            certainty: Certainty::Likely,
            in_loop: false,
            joined: left.len() > 1,
        }));
        all.unknown.retain(|other| other != unknown);
    }
}

/// Whether a file is one of sqlx's prepared statements.
pub(super) fn is_prepared(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    parts.next().is_some_and(|name| name.starts_with("query-")) && parts.next() == Some(".sqlx")
}

/// A text with one blank for many.
pub(super) fn even(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
