//! Maps for looking things up, and nothing else.

use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};

/// A hash map that can be asked but not walked.
///
/// No iterator on purpose: walking it would let hash order into the report. What will be walked is a
/// `BTreeMap`.
#[derive(Clone, Debug)]
pub struct UnorderedMap<K, V>(FxHashMap<K, V>);

impl<K: Eq + Hash, V> UnorderedMap<K, V> {
    /// An empty map.
    pub fn new() -> Self {
        Self(FxHashMap::default())
    }
    /// An empty map with room for `n` entries.
    pub fn with_capacity(n: usize) -> Self {
        Self(FxHashMap::with_capacity_and_hasher(n, Default::default()))
    }
    /// The value of `key`.
    pub fn get<Q: ?Sized + Eq + Hash>(&self, key: &Q) -> Option<&V>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.0.get(key)
    }
    /// The value of `key`, mutable.
    pub fn get_mut<Q: ?Sized + Eq + Hash>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.0.get_mut(key)
    }
    /// Whether `key` has a value.
    pub fn contains_key<Q: ?Sized + Eq + Hash>(&self, key: &Q) -> bool
    where
        K: std::borrow::Borrow<Q>,
    {
        self.0.contains_key(key)
    }
    /// Sets the value of `key` and gives the former one.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.0.insert(key, value)
    }
    /// Takes the value of `key` out.
    pub fn remove<Q: ?Sized + Eq + Hash>(&mut self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.0.remove(key)
    }
    /// The value of `key`, made by `make` where there was none.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        self.0.entry(key).or_insert_with(make)
    }
    /// Number of entries.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Eq + Hash, V> Default for UnorderedMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Eq + Hash, V> FromIterator<(K, V)> for UnorderedMap<K, V> {
    fn from_iter<It: IntoIterator<Item = (K, V)>>(iter: It) -> Self {
        Self(iter.into_iter().collect())
    }
}

/// A hash set that can be asked but not walked; see [`UnorderedMap`].
#[derive(Clone, Debug)]
pub struct UnorderedSet<K>(FxHashSet<K>);

impl<K: Eq + Hash> UnorderedSet<K> {
    /// An empty set.
    pub fn new() -> Self {
        Self(FxHashSet::default())
    }
    /// Adds `key`; false where it was there already.
    pub fn insert(&mut self, key: K) -> bool {
        self.0.insert(key)
    }
    /// Takes all out; the memory stays.
    pub fn clear(&mut self) {
        self.0.clear();
    }
    /// Whether `key` is in the set.
    pub fn contains<Q: ?Sized + Eq + Hash>(&self, key: &Q) -> bool
    where
        K: std::borrow::Borrow<Q>,
    {
        self.0.contains(key)
    }
    /// Takes `key` out; false where it was not in.
    pub fn remove<Q: ?Sized + Eq + Hash>(&mut self, key: &Q) -> bool
    where
        K: std::borrow::Borrow<Q>,
    {
        self.0.remove(key)
    }
    /// Number of elements.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Eq + Hash> Default for UnorderedSet<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Eq + Hash> FromIterator<K> for UnorderedSet<K> {
    fn from_iter<It: IntoIterator<Item = K>>(iter: It) -> Self {
        Self(iter.into_iter().collect())
    }
}
