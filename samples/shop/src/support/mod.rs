//! Small things that every domain uses.

pub mod middleware;
pub mod money;
pub mod paging;
pub mod tokens;
pub mod validate;

pub use money::{format_cents, percent_of};
pub use paging::{Page, PageParams};
pub use validate::Checks;
