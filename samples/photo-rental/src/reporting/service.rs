//! Puts the reports together.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::NaiveDate;

use super::repo;
use super::types::{CustomerRow, DailyReport, RevenueReport, UtilisationRow};
use crate::error::AppError;
use crate::helpers::{RentalPeriod, format_cents};
use crate::inventory;
use crate::state::AppState;

/// Set while a day is being rebuilt, so that a second click does not start it again.
static REBUILDING: AtomicBool = AtomicBool::new(false); //~ state

const MAX_CUSTOMERS: i64 = 50;

/// How much each item was used in the period.
pub async fn utilisation(
    state: &AppState,
    period: RentalPeriod,
    today: NaiveDate,
) -> Result<Vec<UtilisationRow>, AppError> {
    let now = RentalPeriod::starting(today, 1);
    let mut rows = Vec::new();
    for count in repo::utilisation(&state.pool, period).await? {
        let free_today = inventory::service::free_count(state, count.item_id, now).await?; //~ n-plus-one ; calls photo_rental::inventory::service::free_count
        let possible_days = count.units * period.days();
        rows.push(UtilisationRow {
            permille: permille(count.rented_days, possible_days),
            item_id: count.item_id,
            name: count.name,
            category: count.category,
            units: count.units,
            rented_days: count.rented_days,
            possible_days,
            free_today,
        });
    }
    rows.sort_by_key(|row| (-row.permille, row.item_id));
    Ok(rows)
}

fn permille(part: i64, whole: i64) -> i64 {
    if whole == 0 { 0 } else { part * 1000 / whole }
}

/// What the shop earned in the period.
pub async fn revenue(state: &AppState, period: RentalPeriod) -> Result<RevenueReport, AppError> {
    let categories = repo::revenue_by_category(&state.pool, period).await?;
    let (charged_cents, refunded_cents) = repo::charged_and_refunded(&state.pool, period).await?;
    let net_cents = charged_cents - refunded_cents;
    Ok(RevenueReport {
        from: period.from.to_string(),
        to: period.to.to_string(),
        categories,
        charged_cents,
        refunded_cents,
        net_cents,
        net: format_cents(net_cents, &state.config.currency),
    })
}

/// The best customers of the period.
pub async fn customers(
    state: &AppState,
    period: RentalPeriod,
) -> Result<Vec<CustomerRow>, AppError> {
    repo::customers(&state.pool, period, MAX_CUSTOMERS).await
}

/// The stored reports of the period.
pub async fn daily(state: &AppState, period: RentalPeriod) -> Result<Vec<DailyReport>, AppError> {
    repo::daily(&state.pool, period).await
}

/// Works out the report of a day and stores it.
pub async fn rebuild_day(state: &AppState, day: NaiveDate) -> Result<DailyReport, AppError> {
    if day > state.clock.today() {
        return Err(AppError::Invalid("that day has not been yet".into()));
    }
    if REBUILDING.swap(true, Ordering::SeqCst) {
        return Err(AppError::conflict(
            "report_running",
            "a report is being built already",
        ));
    }
    let outcome = build_and_store(state, day).await;
    REBUILDING.store(false, Ordering::SeqCst);
    outcome
}

async fn build_and_store(state: &AppState, day: NaiveDate) -> Result<DailyReport, AppError> {
    let day = day.to_string();
    // One snapshot for all figures, and the lock for storing them before they are read.
    let mut tx = state.pool.begin_with("BEGIN IMMEDIATE").await?; //~ transaction
    let orders = repo::order_figures(&mut *tx, &day).await?;
    let money = repo::money_figures(&mut *tx, &day).await?;
    let utilisation_permille = repo::utilisation_permille(&mut *tx, &day).await?;
    let report = DailyReport {
        day,
        orders_placed: orders.placed,
        orders_returned: orders.returned,
        orders_cancelled: orders.cancelled,
        revenue_cents: money.revenue_cents,
        refunds_cents: money.refunds_cents,
        deposits_held_cents: money.deposits_held_cents,
        utilisation_permille,
        generated_at: state.now_text(),
    };
    repo::store(&mut *tx, &report).await?;
    tx.commit().await?;
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_rent_is_no_division() {
        assert_eq!(permille(5, 0), 0);
        assert_eq!(permille(5, 20), 250);
    }
}
