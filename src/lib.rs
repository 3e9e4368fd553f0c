//! Turns a Rust monolith into serverless functions, one safe step at a time.
//!
//! The rooms, in reading order; `docs/architecture.md` shows who may import whom. The stable promises
//! are the command line and the JSON files, not this API.

pub mod base;
pub mod config;
pub mod error;
pub mod model;

pub mod discover;
pub mod parse;
pub mod resolve;

pub mod facts;

pub mod fitness;
pub mod propose;
pub mod report;
pub mod scaffold;

pub mod cli;
pub mod pipeline;

// Test support is shared with `tests/`, where this crate has its name.
#[cfg(test)]
extern crate self as splitter;

#[cfg(test)]
pub mod testing;
