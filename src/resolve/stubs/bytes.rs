// bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Bytes {}
impl Bytes {
    pub const fn new() -> Bytes {}
    pub const fn from_static(bytes: &'static [u8]) -> Bytes {}
    pub fn copy_from_slice(data: &[u8]) -> Bytes {}
    pub fn slice<R>(&self, range: R) -> Bytes {}
}
impl std::ops::Deref for Bytes {
    type Target = [u8];
}
impl<T> From<T> for Bytes {}
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct BytesMut {}
impl BytesMut {
    pub fn new() -> BytesMut {}
    pub fn with_capacity(capacity: usize) -> BytesMut {}
    pub fn freeze(self) -> Bytes {}
}
impl std::ops::Deref for BytesMut {
    type Target = [u8];
}
