//! Generates one extracted function: the user's own text, sliced, with a thin binary around it.
//!
//! In: a [`Model`], its [`Plan`], the [`Sources`] and manifests. Out: a [`FileSet`] in memory. Cannot
//! happen here: I/O.

/// Generated files: relative path → content, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSet {
    /// The files.
    pub files: std::collections::BTreeMap<String, Vec<u8>>,
}
