//! Turns a Rust monolith into serverless functions, one safe step at a time.
//!
//! The rooms, in reading order; `docs/architecture.md` shows who may import whom. The stable promises
//! are the command line and the JSON files, not this API.

// `clippy.toml` says what is banned and why; unit tests may do what they like.
#![cfg_attr(not(test), warn(clippy::disallowed_methods, clippy::disallowed_types))]
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types))]

pub mod base;
pub mod config;
pub mod error;
pub mod model;

#[allow(clippy::disallowed_methods, reason = "reads the application")]
pub mod discover;
pub mod parse;
pub mod resolve;

pub mod facts;

pub mod fitness;
pub mod propose;
pub mod report;
pub mod scaffold;

#[allow(clippy::disallowed_methods, reason = "reads and writes artifacts, runs what the user asks for")]
pub mod cli;
pub mod pipeline;

// Test support is shared with `tests/`, where this crate has its name.
#[cfg(test)]
extern crate self as splitter;

#[cfg(test)]
pub mod testing;

#[cfg(test)]
#[global_allocator]
static ALLOCATOR: base::arena::Allocator = base::arena::Allocator;
