// once_cell.
pub mod sync {
    pub use std::sync::OnceLock as OnceCell;
    pub use std::sync::LazyLock as Lazy;
}
pub mod unsync {
    pub use std::cell::LazyCell as Lazy;
    pub use std::cell::OnceCell;
}
