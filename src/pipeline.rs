//! The whole line on one page.
