//! The names of categories hardly ever change, so the process remembers them.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use once_cell::sync::Lazy;

static CATEGORY_NAMES: Lazy<RwLock<HashMap<i32, String>>> = Lazy::new(RwLock::default); //~ state

/// A remembered name.
pub fn category_name(id: i32) -> Option<String> {
    let names = CATEGORY_NAMES
        .read()
        .unwrap_or_else(PoisonError::into_inner);
    names.get(&id).cloned()
}

/// Remembers a name.
pub fn remember(id: i32, name: &str) {
    let mut names = CATEGORY_NAMES
        .write()
        .unwrap_or_else(PoisonError::into_inner);
    names.insert(id, name.to_owned());
}
