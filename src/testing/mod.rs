//! Fixtures for unit tests.

mod fixture;
pub mod sample;

pub use fixture::fixture;
