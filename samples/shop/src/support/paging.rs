//! Pages of long lists.

use serde::{Deserialize, Serialize};

use crate::error::AppError;

const MAX_PER_PAGE: i64 = 100;

/// Which page a client asks for.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct PageParams {
    pub page: Option<i64>,
    pub per_page: Option<i64>,
}

impl PageParams {
    /// The checked limit and offset.
    pub fn limit_offset(&self) -> Result<(i64, i64), AppError> {
        let (page, per_page) = (self.page.unwrap_or(1), self.per_page.unwrap_or(20));
        if page < 1 || !(1..=MAX_PER_PAGE).contains(&per_page) {
            return Err(AppError::Invalid(format!(
                "page starts with 1, per_page lies between 1 and {MAX_PER_PAGE}"
            )));
        }
        Ok((per_page, (page - 1).saturating_mul(per_page)))
    }
}

/// Part of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub total: i64,
}
