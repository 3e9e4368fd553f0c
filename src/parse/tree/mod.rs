//! What a file is lowered to: no syn types, no spans that belong to a thread.

pub mod body;
pub mod function;
pub mod items;
pub mod types;
