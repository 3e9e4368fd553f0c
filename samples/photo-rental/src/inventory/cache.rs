//! Categories hardly ever change, so the process remembers them.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::types::Category;

/// Categories by id.
static CATEGORIES: LazyLock<Mutex<HashMap<i64, Category>>> = LazyLock::new(Mutex::default); //~ state

/// A remembered category.
pub fn get(id: i64) -> Option<Category> {
    let categories = CATEGORIES.lock().unwrap_or_else(PoisonError::into_inner);
    categories.get(&id).cloned()
}

/// Remembers a category.
pub fn put(category: &Category) {
    let mut categories = CATEGORIES.lock().unwrap_or_else(PoisonError::into_inner);
    categories.insert(category.id, category.clone());
}

/// Forgets everything.
pub fn clear() {
    let mut categories = CATEGORIES.lock().unwrap_or_else(PoisonError::into_inner);
    categories.clear();
}
