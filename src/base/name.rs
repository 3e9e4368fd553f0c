//! Interned identifiers.

use std::borrow::Borrow;
use std::cell::Cell;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{LazyLock, Mutex, PoisonError};

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};

use super::UnorderedMap;

/// An identifier, interned: eight bytes, compared and hashed by address, ordered by text.
///
/// Conscious exception to "no global interner": names are made on every worker while files are
/// parsed, are compared many millions of times, and are ordered by text alone, so that the order in
/// which threads intern them cannot be seen.
#[derive(Clone, Copy)]
pub struct Name(&'static Text);

/// The text of a name; it lives as long as the program.
struct Text(Box<str>);

/// All names, by what their texts begin and end with, so that threads seldom meet. The interners of the
/// registry either stop all threads at one lock, or begin with room for a million names, which takes longer
/// than analysing a small application.
static KNOWN: LazyLock<[Mutex<UnorderedMap<&'static Text, Name>>; 64]> =
    LazyLock::new(|| std::array::from_fn(|_| Mutex::new(UnorderedMap::new())));

thread_local! {
    /// Names that this thread asked for of late: most are asked for again within the same file.
    static RECENT: [Cell<Option<(&'static str, Name)>>; 1024] =
        const { [const { Cell::new(None) }; 1024] };
}

/// The place of a text among [`RECENT`], by its first and last eight bytes and its length.
fn slot(text: &[u8]) -> usize {
    let word = |bytes: &[u8]| bytes.iter().take(8).fold(0_u64, |word, &byte| word << 8 | u64::from(byte));
    let (first, last) = match (text.first_chunk(), text.last_chunk()) {
        (Some(&first), Some(&last)) => (u64::from_le_bytes(first), u64::from_le_bytes(last)),
        _ => (word(text), 0),
    };
    // Knuth's multiplicative hash: 2^64 by the golden ratio.
    let mixed = (first ^ last.rotate_left(23) ^ text.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 54) as usize
}

impl Name {
    /// Interns `text`. A raw identifier's `r#` belongs to the syntax and is left out.
    pub fn new(text: &str) -> Self {
        let text = text.strip_prefix("r#").unwrap_or(text);
        RECENT.with(|recent| {
            let slot = &recent[slot(text.as_bytes())];
            match slot.get() {
                Some((known, name)) if known == text => name,
                _ => {
                    let name = Self::among_all(text);
                    slot.set(Some((name.as_str(), name)));
                    name
                }
            }
        })
    }
    /// Looks up or adds a name among those of all threads.
    fn among_all(text: &str) -> Self {
        let ends = text.as_bytes().first().zip(text.as_bytes().last());
        let (first, last) = ends.map_or((0, 0), |(&first, &last)| (usize::from(first), usize::from(last)));
        let shard = (text.len() * 11 + first * 5 + last) % KNOWN.len();
        let mut known = KNOWN[shard].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&found) = known.get(text) {
            return found;
        }
        let made: &'static Text = Box::leak(Box::new(Text(text.into())));
        known.insert(made, Self(made));
        Self(made)
    }
    /// The text.
    pub fn as_str(self) -> &'static str {
        &self.0.0
    }
}

impl Borrow<str> for &'static Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Text {}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::hash(self.0, state);
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Name;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an identifier")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Name, E> {
                Ok(Name::new(text))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one_name_on_all_threads() {
        let make = || ["orders", "r#type", "", "größe"].map(Name::new);
        let other = std::thread::spawn(make).join().unwrap();
        assert_eq!(make(), other);
        assert_eq!(other.map(Name::as_str), ["orders", "type", "", "größe"]);
        assert!(Name::new("a") != Name::new("b") && Name::new("a") < Name::new("b"));
    }
}
