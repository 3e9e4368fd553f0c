//! Stable names of definitions.

use std::cell::RefCell;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The name of a definition across runs: `shop::orders::place`, `shop::orders::Cart::total`, and
/// `shop::orders::<Cart as Priced>::total` for a method of a trait's implementation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct DefPath(Arc<str>);

impl DefPath {
    /// Takes the text of a path.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(text.as_ref().into())
    }
    /// The path one level further down.
    pub fn child(&self, name: impl fmt::Display) -> Self {
        thread_local! {
            /// Room to put a path together, so that it is allocated once, in its final length.
            static ROOM: RefCell<String> = const { RefCell::new(String::new()) };
        }
        ROOM.with_borrow_mut(|text| {
            text.clear();
            text.push_str(&self.0);
            text.push_str("::");
            write!(text, "{name}").expect("written to a string");
            Self(text.as_str().into())
        })
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The segments; `<Cart as shop::Priced>` is one of them.
    pub fn segments(&self) -> Vec<&str> {
        let mut depth = 0_u32;
        let mut start = 0;
        let mut segments = Vec::with_capacity(6);
        let bytes = self.0.as_bytes();
        for (at, &byte) in bytes.iter().enumerate() {
            match byte {
                b'<' => depth += 1,
                b'>' => depth = depth.saturating_sub(1),
                b':' if depth == 0 && at > start && bytes[at - 1] == b':' => {
                    segments.push(&self.0[start..at - 1]);
                    start = at + 1;
                }
                _ => {}
            }
        }
        segments.push(&self.0[start..]);
        segments
    }
    /// The last segment.
    pub fn name(&self) -> &str {
        // Most paths have no segment in brackets, whose `::` would not count.
        match self.0.contains('>') {
            true => self.segments().last().copied().unwrap_or(""),
            false => self.0.rsplit(':').next().unwrap_or(""),
        }
    }
    /// The first segment: the crate.
    pub fn krate(&self) -> &str {
        self.0.split(':').next().unwrap_or("")
    }
}

impl fmt::Display for DefPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DefPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_implementation_is_one_segment() {
        let path = DefPath::new("shop::orders::<Cart as shop::Priced>::total");
        assert_eq!(path.segments(), ["shop", "orders", "<Cart as shop::Priced>", "total"]);
        assert_eq!(path.name(), "total");
        assert_eq!(path.krate(), "shop");
        assert_eq!(DefPath::new("shop::orders").name(), "orders");
        assert_eq!((DefPath::new("shop").name(), DefPath::new("shop").krate()), ("shop", "shop"));
    }
}
