//! Pagination by page number.

use serde::{Deserialize, Serialize};

use crate::error::AppError;

const DEFAULT_PER_PAGE: i64 = 20;
const MAX_PER_PAGE: i64 = 100;

/// Which page a client asks for.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct PageParams {
    pub page: Option<i64>,
    pub per_page: Option<i64>,
}

/// A checked page request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub page: i64,
    pub per_page: i64,
}

impl PageParams {
    /// Checks the numbers and fills in the defaults.
    pub fn window(&self) -> Result<Window, AppError> {
        let page = self.page.unwrap_or(1);
        let per_page = self.per_page.unwrap_or(DEFAULT_PER_PAGE);
        if page < 1 {
            return Err(AppError::Invalid("page starts at 1".into()));
        }
        if !(1..=MAX_PER_PAGE).contains(&per_page) {
            return Err(AppError::Invalid(format!(
                "per_page must lie between 1 and {MAX_PER_PAGE}"
            )));
        }
        Ok(Window { page, per_page })
    }
}

impl Window {
    /// Rows to skip.
    pub fn offset(&self) -> i64 {
        (self.page - 1).saturating_mul(self.per_page)
    }
}

/// One page of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub page: i64,
    pub per_page: i64,
    pub total: i64,
}

impl<T> Page<T> {
    /// A page of rows out of `total`.
    pub fn new(items: Vec<T>, window: Window, total: i64) -> Self {
        Self {
            items,
            page: window.page,
            per_page: window.per_page,
            total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_have_defaults_and_limits() {
        let window = PageParams::default().window().unwrap();
        assert_eq!(window.offset(), 0);
        let third = PageParams {
            page: Some(3),
            per_page: Some(10),
        };
        assert_eq!(third.window().unwrap().offset(), 20);
        let greedy = PageParams {
            page: None,
            per_page: Some(101),
        };
        assert!(greedy.window().is_err());
    }
}
