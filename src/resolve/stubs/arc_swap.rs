// arc_swap.
#[derive(Default, Debug)]
pub struct ArcSwapAny<T> {}
pub type ArcSwap<T> = ArcSwapAny<std::sync::Arc<T>>;
pub type ArcSwapOption<T> = ArcSwapAny<Option<std::sync::Arc<T>>>;
impl<T> ArcSwapAny<T> {
    pub fn new(val: T) -> ArcSwapAny<T> {}
    pub fn load(&self) -> Guard<T> {}
    pub fn load_full(&self) -> T {}
    pub fn store(&self, val: T) {}
    pub fn swap(&self, new: T) -> T {}
    pub fn into_inner(self) -> T {}
}
impl<T> ArcSwapAny<std::sync::Arc<T>> {
    pub fn from_pointee(val: T) -> ArcSwapAny<std::sync::Arc<T>> {}
}
pub struct Guard<T> {}
impl<T> std::ops::Deref for Guard<T> {
    type Target = T;
}
