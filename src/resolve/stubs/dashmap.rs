// dashmap.
#[derive(Clone, Default, Debug)]
pub struct DashMap<K, V, S = ()> {}
impl<K, V, S> DashMap<K, V, S> {
    pub fn new() -> DashMap<K, V, S> {}
    pub fn with_capacity(capacity: usize) -> DashMap<K, V, S> {}
    pub fn insert(&self, key: K, value: V) -> Option<V> {}
    pub fn remove<Q>(&self, key: &Q) -> Option<(K, V)> {}
    pub fn get<Q>(&self, key: &Q) -> Option<Ref<V>> {}
    pub fn get_mut<Q>(&self, key: &Q) -> Option<Ref<V>> {}
    pub fn contains_key<Q>(&self, key: &Q) -> bool {}
    pub fn entry(&self, key: K) -> std::collections::hash_map::Entry<K, V> {}
    pub fn iter(&self) -> impl Iterator<Item = Ref<V>> {}
    pub fn retain<F: FnMut(&K, &mut V) -> bool>(&self, f: F) {}
    pub fn len(&self) -> usize {}
    pub fn is_empty(&self) -> bool {}
    pub fn clear(&self) {}
}
pub struct Ref<V> {}
impl<V> Ref<V> {
    pub fn value(&self) -> &V {}
    pub fn value_mut(&mut self) -> &mut V {}
}
impl<V> std::ops::Deref for Ref<V> {
    type Target = V;
}
pub mod mapref {}
