//! Fixtures for unit tests.

mod fixture;
mod model;
pub mod sample;

pub use fixture::fixture;
pub use model::model;
