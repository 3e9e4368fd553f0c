// anyhow, eyre and color-eyre.
#[derive(Debug)]
pub struct Error {}
impl Error {
    pub fn new<E>(error: E) -> Error {}
    pub fn msg<M>(message: M) -> Error {}
    pub fn context<C>(self, context: C) -> Error {}
    pub fn wrap_err<C>(self, context: C) -> Error {}
    pub fn chain(&self) -> impl Iterator<Item = &dyn std::error::Error> {}
    pub fn root_cause(&self) -> &dyn std::error::Error {}
    pub fn downcast<E>(self) -> std::result::Result<E, Error> {}
    pub fn downcast_ref<E>(&self) -> Option<&E> {}
    pub fn is<E>(&self) -> bool {}
}
impl<E> From<E> for Error {}
impl std::ops::Deref for Error {
    type Target = dyn std::error::Error;
}
impl std::fmt::Display for Error {}
pub type Report = Error;
pub type Result<T, E = Error> = std::result::Result<T, E>;
pub trait Context<T, E> {
    fn context<C>(self, context: C) -> std::result::Result<T, Error>;
    fn with_context<C, F: FnOnce() -> C>(self, f: F) -> std::result::Result<T, Error>;
    fn wrap_err<C>(self, context: C) -> std::result::Result<T, Error>;
    fn wrap_err_with<C, F: FnOnce() -> C>(self, f: F) -> std::result::Result<T, Error>;
}
impl<T, E> Context<T, E> for std::result::Result<T, E> {}
impl<T> Context<T, ()> for Option<T> {}
pub use Context as WrapErr;
pub fn Ok<T>(t: T) -> Result<T> {}
