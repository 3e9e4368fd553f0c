//! Frameworks and database layers as data.

/// All catalogs: the built-in ones and the user's.
#[derive(Clone, Debug, Default)]
pub struct Catalogs {}

impl Catalogs {
    /// The built-in catalogs.
    pub fn builtin() -> Self {
        Self {}
    }
}
