//! Vouchers.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::models::Voucher;
use crate::error::AppError;
use crate::schema::vouchers;
use crate::support::Checks;

/// The percentage of a voucher that can be used now.
pub fn percent_of_voucher(
    conn: &mut SqliteConnection,
    wanted: &str,
    now: NaiveDateTime,
) -> Result<i32, AppError> {
    use crate::schema::vouchers::dsl::*;

    vouchers //~ reads vouchers
        .filter(
            code.eq(wanted)
                .and(uses_left.gt(0))
                .and(valid_until.ge(now)),
        )
        .select(percent)
        .first(conn)
        .optional()?
        .ok_or_else(|| AppError::Invalid(format!("`{wanted}` is no valid voucher")))
}

/// Uses a voucher once.
pub fn redeem(conn: &mut SqliteConnection, code: &str) -> Result<(), AppError> {
    diesel::update(vouchers::table.find(code)) //~ updates vouchers
        .set(vouchers::uses_left.eq(vouchers::uses_left - 1))
        .execute(conn)?;
    Ok(())
}

/// All vouchers.
pub fn all(conn: &mut SqliteConnection) -> Result<Vec<Voucher>, AppError> {
    let rows = vouchers::table //~ reads vouchers
        .order(vouchers::code)
        .select(Voucher::as_select())
        .load(conn)?;
    Ok(rows)
}

/// Adds a voucher or changes it.
pub fn save(conn: &mut SqliteConnection, voucher: &Voucher) -> Result<(), AppError> {
    Checks::new()
        .text("code", &voucher.code, 20)
        .that(
            (1..=100).contains(&voucher.percent),
            "percent must lie between 1 and 100",
        )
        .that(voucher.uses_left >= 0, "uses_left must not be negative")
        .done()?;
    diesel::insert_into(vouchers::table) //~ inserts vouchers ; updates vouchers
        .values(voucher)
        .on_conflict(vouchers::code)
        .do_update()
        .set(voucher)
        .execute(conn)?;
    Ok(())
}
