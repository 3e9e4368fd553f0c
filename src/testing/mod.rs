//! Fixtures for unit tests.

mod fixture;

pub use fixture::fixture;
