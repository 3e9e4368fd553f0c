//! The queries behind the reports.

use chrono::NaiveDate;
use diesel::dsl::{count, sql, sum};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde::Serialize;

use crate::error::AppError;
use crate::schema::{addresses, order_facts, orders, users};

/// What a category sold.
#[derive(Debug, Queryable, Serialize)]
pub struct CategorySales {
    pub category: String,
    pub quantity: Option<i64>,
    pub cents: i64,
}

/// What came in and went out in a month.
#[derive(Debug, QueryableByName, Serialize)]
pub struct MonthRevenue {
    #[diesel(sql_type = Text)]
    pub month: String,
    #[diesel(sql_type = BigInt)]
    pub orders: i64,
    #[diesel(sql_type = BigInt)]
    pub captured_cents: i64,
    #[diesel(sql_type = BigInt)]
    pub refunded_cents: i64,
}

/// A customer and how much the customer ordered.
#[derive(Debug, Queryable, Serialize)]
pub struct BestCustomer {
    pub name: String,
    pub city: Option<String>,
    pub orders: i64,
}

/// Sales by category between two days.
pub fn sales(
    conn: &mut SqliteConnection,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<CategorySales>, AppError> {
    let rows = order_facts::table //~ reads order_facts
        .filter(order_facts::placed_on.between(from, to))
        .filter(order_facts::status.ne("cancelled"))
        .group_by(order_facts::category)
        .order(order_facts::category)
        .select((
            order_facts::category,
            sum(order_facts::quantity),
            sql::<BigInt>("SUM(line_cents)"),
        ))
        .load(conn)?;
    Ok(rows)
}

/// Revenue by month of a year.
pub fn revenue(conn: &mut SqliteConnection, year: i32) -> Result<Vec<MonthRevenue>, AppError> {
    let rows = diesel::sql_query( //~ reads orders, payments, refunds
        "WITH back AS (
             SELECT payment_id, SUM(amount_cents) AS cents FROM refunds GROUP BY payment_id
         )
         SELECT strftime('%Y-%m', o.placed_at)      AS month,
                COUNT(DISTINCT o.id)                AS orders,
                COALESCE(SUM(p.amount_cents), 0)    AS captured_cents,
                COALESCE(SUM(back.cents), 0)        AS refunded_cents
         FROM orders o
         JOIN payments p ON p.order_id = o.id AND p.status <> 'pending'
         LEFT JOIN back ON back.payment_id = p.id
         WHERE strftime('%Y', o.placed_at) = ?
         GROUP BY month ORDER BY month",
    )
    .bind::<Text, _>(year.to_string())
    .load(conn)?;
    Ok(rows)
}

/// The customers with most orders.
pub fn best_customers(
    conn: &mut SqliteConnection,
    limit: i64,
) -> Result<Vec<BestCustomer>, AppError> {
    let rows = users::table //~ reads users, orders, addresses
        .inner_join(orders::table)
        .left_join(addresses::table.on(addresses::id.eq(orders::address_id)))
        .filter(orders::status.ne("cancelled"))
        .group_by((users::id, users::name))
        .order((count(orders::id).desc(), users::id))
        .limit(limit)
        .select((
            users::name,
            sql::<diesel::sql_types::Nullable<Text>>("MAX(addresses.city)"),
            count(orders::id),
        ))
        .load(conn)?;
    Ok(rows)
}
