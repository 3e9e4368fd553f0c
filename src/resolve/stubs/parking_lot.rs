// parking_lot.
#[derive(Default, Debug)]
pub struct Mutex<T> {}
impl<T> Mutex<T> {
    pub const fn new(val: T) -> Mutex<T> {}
    pub fn lock(&self) -> MutexGuard<T> {}
    pub fn try_lock(&self) -> Option<MutexGuard<T>> {}
    pub fn into_inner(self) -> T {}
}
pub struct MutexGuard<T> {}
impl<T> std::ops::Deref for MutexGuard<T> {
    type Target = T;
}
#[derive(Default, Debug)]
pub struct RwLock<T> {}
impl<T> RwLock<T> {
    pub const fn new(val: T) -> RwLock<T> {}
    pub fn read(&self) -> RwLockReadGuard<T> {}
    pub fn write(&self) -> RwLockWriteGuard<T> {}
    pub fn into_inner(self) -> T {}
}
pub struct RwLockReadGuard<T> {}
impl<T> std::ops::Deref for RwLockReadGuard<T> {
    type Target = T;
}
pub struct RwLockWriteGuard<T> {}
impl<T> std::ops::Deref for RwLockWriteGuard<T> {
    type Target = T;
}
