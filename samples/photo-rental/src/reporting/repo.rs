//! SQL of the reports. Reads everybody's tables; writes `daily_reports` only.

use sqlx::{SqliteExecutor, SqlitePool};

use super::types::{
    CustomerRow, DailyReport, MoneyFigures, OrderFigures, RevenueRow, UtilisationCount,
};
use crate::error::AppError;
use crate::helpers::RentalPeriod;

/// Units and rented days by item.
pub async fn utilisation(
    pool: &SqlitePool,
    period: RentalPeriod,
) -> Result<Vec<UtilisationCount>, AppError> {
    let rows = sqlx::query_as::<_, UtilisationCount>(include_str!("utilisation.sql")) //~ reads items, categories, units, reservations, orders
        .bind(period.from.to_string())
        .bind(period.to.to_string())
        .fetch_all(pool)
        .await?;
    Ok(rows)
}

/// Order lines by category.
pub async fn revenue_by_category(
    pool: &SqlitePool,
    period: RentalPeriod,
) -> Result<Vec<RevenueRow>, AppError> {
    let rows = sqlx::query_as::<_, RevenueRow>( //~ reads rental_facts
        "SELECT f.category_slug AS category, f.category_name AS name,
                COUNT(DISTINCT f.order_id) AS orders, SUM(f.line_total_cents) AS gross_cents
         FROM rental_facts f
         WHERE f.status <> 'cancelled' AND f.placed_on BETWEEN ?1 AND ?2
         GROUP BY f.category_slug, f.category_name
         ORDER BY gross_cents DESC, category",
    )
    .bind(period.from.to_string())
    .bind(period.to.to_string())
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// Money taken and paid back in the period.
pub async fn charged_and_refunded(
    pool: &SqlitePool,
    period: RentalPeriod,
) -> Result<(i64, i64), AppError> {
    let (from, to) = (period.from.to_string(), period.to.to_string());
    let charged = sqlx::query_scalar( //~ reads payments
        "SELECT COALESCE(SUM(amount_cents), 0) FROM payments
         WHERE kind <> 'deposit' AND substr(created_at, 1, 10) BETWEEN ?1 AND ?2",
    )
    .bind(&from)
    .bind(&to)
    .fetch_one(pool)
    .await?;
    let refunded = sqlx::query_scalar( //~ reads refunds
        "SELECT COALESCE(SUM(amount_cents), 0) FROM refunds
         WHERE substr(created_at, 1, 10) BETWEEN ?1 AND ?2",
    )
    .bind(&from)
    .bind(&to)
    .fetch_one(pool)
    .await?;
    Ok((charged, refunded))
}

/// The customers who spent most.
pub async fn customers(
    pool: &SqlitePool,
    period: RentalPeriod,
    limit: i64,
) -> Result<Vec<CustomerRow>, AppError> {
    let rows = sqlx::query_as( //~ reads orders, payments, users, addresses
        "WITH spent AS (
             SELECT o.user_id, COUNT(DISTINCT o.id) AS orders, SUM(p.amount_cents) AS cents
             FROM orders o
             JOIN payments p ON p.order_id = o.id AND p.kind <> 'deposit'
             WHERE o.status <> 'cancelled' AND substr(o.placed_at, 1, 10) BETWEEN ?1 AND ?2
             GROUP BY o.user_id
         )
         SELECT u.id AS user_id, u.display_name, a.city, s.orders, s.cents AS spent_cents
         FROM spent s
         JOIN users u ON u.id = s.user_id
         LEFT JOIN addresses a ON a.user_id = u.id AND a.is_default = 1
         ORDER BY spent_cents DESC, u.id LIMIT ?3",
    )
    .bind(period.from.to_string())
    .bind(period.to.to_string())
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// How many orders were placed, returned and cancelled on a day.
pub async fn order_figures(
    db: impl SqliteExecutor<'_>,
    day: &str,
) -> Result<OrderFigures, AppError> {
    let row = sqlx::query_as::<_, OrderFigures>( //~ reads orders, order_events
        "SELECT (SELECT COUNT(*) FROM orders WHERE substr(placed_at, 1, 10) = ?1) AS placed,
                (SELECT COUNT(*) FROM orders WHERE substr(returned_at, 1, 10) = ?1) AS returned,
                (SELECT COUNT(*) FROM order_events
                 WHERE kind = 'cancelled' AND substr(created_at, 1, 10) = ?1) AS cancelled",
    )
    .bind(day)
    .fetch_one(db)
    .await?;
    Ok(row)
}

/// What was earned, paid back and is still held as deposits on a day.
pub async fn money_figures(
    db: impl SqliteExecutor<'_>,
    day: &str,
) -> Result<MoneyFigures, AppError> {
    let row = sqlx::query_as( //~ reads payments, refunds
        "SELECT (SELECT COALESCE(SUM(amount_cents), 0) FROM payments
                 WHERE kind <> 'deposit' AND substr(created_at, 1, 10) = ?1) AS revenue_cents,
                (SELECT COALESCE(SUM(amount_cents), 0) FROM refunds
                 WHERE substr(created_at, 1, 10) = ?1) AS refunds_cents,
                (SELECT COALESCE(SUM(amount_cents), 0) FROM payments
                 WHERE kind = 'deposit' AND status = 'held'
                   AND substr(created_at, 1, 10) <= ?1) AS deposits_held_cents",
    )
    .bind(day)
    .fetch_one(db)
    .await?;
    Ok(row)
}

/// The share of units that were reserved on a day, in thousandths.
pub async fn utilisation_permille(db: impl SqliteExecutor<'_>, day: &str) -> Result<i64, AppError> {
    let permille = sqlx::query_scalar( //~ reads reservations, orders, units
        "SELECT COALESCE(1000 * (SELECT COUNT(DISTINCT r.unit_id)
                                 FROM reservations r JOIN orders o ON o.id = r.order_id
                                 WHERE o.status <> 'cancelled'
                                   AND ?1 BETWEEN r.starts_on AND r.ends_on)
                / NULLIF((SELECT COUNT(*) FROM units WHERE status <> 'retired'), 0), 0)",
    )
    .bind(day)
    .fetch_one(db)
    .await?;
    Ok(permille)
}

/// Stores the report of a day in place of an older one.
pub async fn store(db: impl SqliteExecutor<'_>, report: &DailyReport) -> Result<(), AppError> {
    sqlx::query( //~ inserts daily_reports ; updates daily_reports
        "INSERT INTO daily_reports
             (day, orders_placed, orders_returned, orders_cancelled, revenue_cents, refunds_cents,
              deposits_held_cents, utilisation_permille, generated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (day) DO UPDATE SET
             orders_placed = excluded.orders_placed,
             orders_returned = excluded.orders_returned,
             orders_cancelled = excluded.orders_cancelled,
             revenue_cents = excluded.revenue_cents,
             refunds_cents = excluded.refunds_cents,
             deposits_held_cents = excluded.deposits_held_cents,
             utilisation_permille = excluded.utilisation_permille,
             generated_at = excluded.generated_at",
    )
    .bind(&report.day)
    .bind(report.orders_placed)
    .bind(report.orders_returned)
    .bind(report.orders_cancelled)
    .bind(report.revenue_cents)
    .bind(report.refunds_cents)
    .bind(report.deposits_held_cents)
    .bind(report.utilisation_permille)
    .bind(&report.generated_at)
    .execute(db)
    .await?;
    Ok(())
}

/// The stored reports of some days.
pub async fn daily(pool: &SqlitePool, period: RentalPeriod) -> Result<Vec<DailyReport>, AppError> {
    let rows =
        sqlx::query_as("SELECT * FROM daily_reports WHERE day BETWEEN ?1 AND ?2 ORDER BY day") //~ reads daily_reports
            .bind(period.from.to_string())
            .bind(period.to.to_string())
            .fetch_all(pool)
            .await?;
    Ok(rows)
}
