// secrecy.
#[derive(Clone, Debug, Default)]
pub struct Secret<S> {}
impl<S> Secret<S> {
    pub fn new(secret: S) -> Secret<S> {}
}
impl<S> From<S> for Secret<S> {}
pub type SecretBox<S> = Secret<S>;
pub type SecretString = Secret<String>;
pub type SecretVec<S> = Secret<Vec<S>>;
pub trait ExposeSecret<S> {
    fn expose_secret(&self) -> &S;
}
impl<S> ExposeSecret<S> for Secret<S> {
    fn expose_secret(&self) -> &S {}
}
