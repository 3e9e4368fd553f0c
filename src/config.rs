//! `splitter.toml`: the user's decisions.
