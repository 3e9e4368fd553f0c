//! Small things that every domain uses.

pub mod dates;
pub mod extract;
pub mod money;
pub mod paging;
pub mod text;
pub mod tokens;
pub mod validate;

pub use dates::{RentalPeriod, parse_date, timestamp};
pub use extract::{JsonBody, PathId, QueryParams};
pub use money::{format_cents, percent_of};
pub use paging::{Page, PageParams};
pub use text::{csv_field, normalise_email, slugify};
pub use validate::Validator;
