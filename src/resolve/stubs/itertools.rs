// itertools.
pub trait Itertools: Iterator {
    fn collect_vec(self) -> Vec<Self::Item> {}
    fn join(&mut self, sep: &str) -> String {}
    fn sorted(self) -> impl Iterator<Item = Self::Item> {}
    fn sorted_by<F: FnMut(&Self::Item, &Self::Item) -> std::cmp::Ordering>(self, cmp: F) -> impl Iterator<Item = Self::Item> {}
    fn sorted_by_key<K, F: FnMut(&Self::Item) -> K>(self, f: F) -> impl Iterator<Item = Self::Item> {}
    fn unique(self) -> impl Iterator<Item = Self::Item> {}
    fn unique_by<V, F: FnMut(&Self::Item) -> V>(self, f: F) -> impl Iterator<Item = Self::Item> {}
    fn dedup(self) -> impl Iterator<Item = Self::Item> {}
    fn map_ok<F: FnMut(T) -> U, T, U, E>(self, f: F) -> impl Iterator<Item = Result<U, E>> where Self: Iterator<Item = Result<T, E>> {}
    fn try_collect<T, U: FromIterator<T>, E>(self) -> Result<U, E> where Self: Iterator<Item = Result<T, E>> {}
    fn process_results<F, T, E, R>(self, f: F) -> Result<R, E> {}
    fn into_group_map<K, V>(self) -> std::collections::HashMap<K, Vec<V>> where Self: Iterator<Item = (K, V)> {}
    fn into_group_map_by<K, V, F: FnMut(&V) -> K>(self, f: F) -> std::collections::HashMap<K, Vec<V>> where Self: Iterator<Item = V> {}
    fn tuple_windows<T>(self) -> impl Iterator<Item = T> {}
    fn tuples<T>(self) -> impl Iterator<Item = T> {}
    fn chunk_by<K, F: FnMut(&Self::Item) -> K>(self, key: F) -> ChunkBy<K, Self::Item> {}
    fn chunks(self, size: usize) -> IntoChunks<Self::Item> {}
    fn partition_map<A, B, F>(self, predicate: F) -> (A, B) {}
    fn partition_result<A, B, T, E>(self) -> (A, B) where Self: Iterator<Item = Result<T, E>> {}
    fn interleave<J>(self, other: J) -> impl Iterator<Item = Self::Item> {}
    fn intersperse(self, element: Self::Item) -> impl Iterator<Item = Self::Item> {}
    fn cartesian_product<J: IntoIterator>(self, other: J) -> impl Iterator<Item = (Self::Item, <J as IntoIterator>::Item)> {}
    fn exactly_one(self) -> Result<Self::Item, ()> {}
    fn at_most_one(self) -> Result<Option<Self::Item>, ()> {}
    fn find_position<P: FnMut(&Self::Item) -> bool>(&mut self, pred: P) -> Option<(usize, Self::Item)> {}
    fn all_equal(&mut self) -> bool {}
    fn counts(self) -> std::collections::HashMap<Self::Item, usize> {}
    fn zip_eq<J: IntoIterator>(self, other: J) -> impl Iterator<Item = (Self::Item, <J as IntoIterator>::Item)> {}
    fn filter_ok<F: FnMut(&T) -> bool, T, E>(self, f: F) -> impl Iterator<Item = Result<T, E>> where Self: Iterator<Item = Result<T, E>> {}
    fn fold_ok<A, E, B, F: FnMut(B, A) -> B>(&mut self, start: B, f: F) -> Result<B, E> where Self: Iterator<Item = Result<A, E>> {}
}
impl<T: Iterator> Itertools for T {}
pub struct ChunkBy<K, T> {}
impl<K, T> IntoIterator for &ChunkBy<K, T> {
    type Item = (K, Group<T>);
    type IntoIter = ();
}
pub struct IntoChunks<T> {}
impl<T> IntoIterator for &IntoChunks<T> {
    type Item = Group<T>;
    type IntoIter = ();
}
pub struct Group<T> {}
impl<T> Iterator for Group<T> {
    type Item = T;
}
