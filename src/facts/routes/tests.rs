use expect_test::{Expect, expect};

use crate::facts::tests::entries;

fn check(fixture: &str, expected: Expect) {
    expected.assert_eq(&entries(fixture));
}

mod actix;
mod axum;
mod guards;
mod others;
mod rocket;
