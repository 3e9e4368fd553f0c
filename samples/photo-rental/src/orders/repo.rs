//! SQL of the order domain.

use sqlx::{QueryBuilder, Sqlite, SqliteExecutor, SqlitePool};

use super::types::{LineRequest, OrderEvent, OrderLine, OrderRow, Quote};
use crate::error::AppError;
use crate::helpers::paging::Window;

const INSERT_ORDER: &str = "INSERT INTO orders
         (user_id, address_id, status, starts_on, ends_on, subtotal_cents, discount_cents,
          deposit_cents, total_cents, placed_at)
     VALUES (?1, ?2, 'placed', ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id";

/// Stores an order and returns its id.
pub async fn insert_order(
    db: impl SqliteExecutor<'_>,
    user_id: i64,
    address_id: Option<i64>,
    quote: &Quote,
    now: &str,
) -> Result<i64, AppError> {
    let id = sqlx::query_scalar(INSERT_ORDER) //~ inserts orders
        .bind(user_id)
        .bind(address_id)
        .bind(quote.period.from.to_string())
        .bind(quote.period.to.to_string())
        .bind(quote.subtotal_cents)
        .bind(quote.discount_cents)
        .bind(quote.deposit_cents)
        .bind(quote.total_cents)
        .bind(now)
        .fetch_one(db)
        .await?;
    Ok(id)
}

/// Stores a line of an order.
pub async fn insert_line(
    db: impl SqliteExecutor<'_>,
    order_id: i64,
    line: &OrderLine,
) -> Result<(), AppError> {
    sqlx::query( //~ inserts order_lines
        "INSERT INTO order_lines
             (order_id, item_id, item_name, quantity, daily_rate_cents, line_total_cents)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(order_id)
    .bind(line.item_id)
    .bind(&line.item_name)
    .bind(line.quantity)
    .bind(line.daily_rate_cents)
    .bind(line.line_total_cents)
    .execute(db)
    .await?;
    Ok(())
}

/// Writes to the order's diary.
pub async fn insert_event(
    db: impl SqliteExecutor<'_>,
    order_id: i64,
    kind: &str,
    detail: &str,
    now: &str,
) -> Result<(), AppError> {
    let insert = sqlx::query( //~ inserts order_events
        "INSERT INTO order_events (order_id, kind, detail, created_at) VALUES (?1, ?2, ?3, ?4)",
    );
    insert
        .bind(order_id)
        .bind(kind)
        .bind(detail)
        .bind(now)
        .execute(db)
        .await?;
    Ok(())
}

/// One order.
pub async fn order(db: impl SqliteExecutor<'_>, id: i64) -> Result<Option<OrderRow>, AppError> {
    let row = sqlx::query_as::<_, OrderRow>("SELECT * FROM orders WHERE id = ?1") //~ reads orders
        .bind(id)
        .fetch_optional(db)
        .await?;
    Ok(row)
}

/// The lines of an order.
pub async fn lines(db: impl SqliteExecutor<'_>, order_id: i64) -> Result<Vec<OrderLine>, AppError> {
    let rows = sqlx::query_as::<_, OrderLine>( //~ reads order_lines
        "SELECT item_id, item_name, quantity, daily_rate_cents, line_total_cents
         FROM order_lines WHERE order_id = ?1 ORDER BY id",
    )
    .bind(order_id)
    .fetch_all(db)
    .await?;
    Ok(rows)
}

/// The diary of an order.
pub async fn events(pool: &SqlitePool, order_id: i64) -> Result<Vec<OrderEvent>, AppError> {
    let rows = sqlx::query_as( //~ reads order_events
        "SELECT kind, detail, created_at FROM order_events WHERE order_id = ?1 ORDER BY id",
    )
    .bind(order_id)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// One page of a user's orders, newest first, and how many there are.
pub async fn list(
    pool: &SqlitePool,
    user_id: i64,
    status: Option<&str>,
    window: Window,
) -> Result<(Vec<OrderRow>, i64), AppError> {
    let mut count = QueryBuilder::<Sqlite>::new("SELECT COUNT(*) FROM orders WHERE user_id = "); //~ reads orders
    count.push_bind(user_id);
    let mut rows = QueryBuilder::<Sqlite>::new("SELECT * FROM orders WHERE user_id = "); //~ reads orders
    rows.push_bind(user_id);
    if let Some(status) = status {
        count.push(" AND status = ").push_bind(status.to_owned());
        rows.push(" AND status = ").push_bind(status.to_owned());
    }
    rows.push(" ORDER BY placed_at DESC, id DESC LIMIT ")
        .push_bind(window.per_page)
        .push(" OFFSET ")
        .push_bind(window.offset());
    let total = count.build_query_scalar::<i64>().fetch_one(pool).await?;
    let orders = rows.build_query_as().fetch_all(pool).await?;
    Ok((orders, total))
}

/// Cancels an order; false unless it was waiting to be picked up.
pub async fn cancel(db: impl SqliteExecutor<'_>, id: i64) -> Result<bool, AppError> {
    // The trigger on this column frees the stock, too.
    let done =
        sqlx::query("UPDATE orders SET status = 'cancelled' WHERE id = ?1 AND status = 'placed'") //~ updates orders
            .bind(id)
            .execute(db)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that the customer took everything along; false unless the order was waiting for that.
pub async fn mark_picked_up(
    db: impl SqliteExecutor<'_>,
    id: i64,
    now: &str,
) -> Result<bool, AppError> {
    let done = sqlx::query( //~ updates orders
        "UPDATE orders SET status = 'picked_up', picked_up_at = ?2
         WHERE id = ?1 AND status = 'placed'",
    )
    .bind(id)
    .bind(now)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that everything is back; false unless it was out.
pub async fn mark_returned(
    db: impl SqliteExecutor<'_>,
    id: i64,
    late_fee_cents: i64,
    now: &str,
) -> Result<bool, AppError> {
    let done = sqlx::query( //~ updates orders
        "UPDATE orders SET status = 'returned', returned_at = ?3, late_fee_cents = ?2
         WHERE id = ?1 AND status = 'picked_up'",
    )
    .bind(id)
    .bind(late_fee_cents)
    .bind(now)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks an order whose payment is disputed.
pub async fn mark_disputed(db: impl SqliteExecutor<'_>, id: i64) -> Result<(), AppError> {
    sqlx::query("UPDATE orders SET disputed = 1 WHERE id = ?1") //~ updates orders
        .bind(id)
        .execute(db)
        .await?;
    Ok(())
}

/// Orders that were due before the day and are still out.
pub async fn overdue(pool: &SqlitePool, day: &str) -> Result<Vec<OrderRow>, AppError> {
    let rows = sqlx::query_as( //~ reads orders
        "SELECT * FROM orders WHERE status = 'picked_up' AND ends_on < ?1 ORDER BY ends_on, id",
    )
    .bind(day)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// Remembers that the customer was reminded.
pub async fn set_reminded(pool: &SqlitePool, id: i64, day: &str) -> Result<(), AppError> {
    sqlx::query("UPDATE orders SET reminded_on = ?2 WHERE id = ?1") //~ updates orders
        .bind(id)
        .bind(day)
        .execute(pool)
        .await?;
    Ok(())
}

/// How many orders of a user are neither returned nor cancelled.
pub async fn open_count(pool: &SqlitePool, user_id: i64) -> Result<i64, AppError> {
    let n = sqlx::query_scalar( //~ reads orders
        "SELECT COUNT(*) FROM orders WHERE user_id = ?1 AND status IN ('placed', 'picked_up')",
    )
    .bind(user_id)
    .fetch_one(pool)
    .await?;
    Ok(n)
}

/// Whether any order names the address.
pub async fn uses_address(pool: &SqlitePool, address_id: i64) -> Result<bool, AppError> {
    let found: i64 =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM orders WHERE address_id = ?1)") //~ reads orders
            .bind(address_id)
            .fetch_one(pool)
            .await?;
    Ok(found != 0)
}

/// The lines of a user's cart.
pub async fn cart(pool: &SqlitePool, user_id: i64) -> Result<Vec<LineRequest>, AppError> {
    let rows = sqlx::query_as( //~ reads cart_items
        "SELECT item_id, quantity FROM cart_items WHERE user_id = ?1 ORDER BY item_id",
    )
    .bind(user_id)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// Sets the quantity of an item in the cart.
pub async fn put_cart_item(
    pool: &SqlitePool,
    user_id: i64,
    item_id: i64,
    quantity: i64,
) -> Result<(), AppError> {
    sqlx::query( //~ inserts cart_items ; updates cart_items
        "INSERT INTO cart_items (user_id, item_id, quantity) VALUES (?1, ?2, ?3)
         ON CONFLICT (user_id, item_id) DO UPDATE SET quantity = excluded.quantity",
    )
    .bind(user_id)
    .bind(item_id)
    .bind(quantity)
    .execute(pool)
    .await?;
    Ok(())
}

/// Takes an item out of the cart; false if it was not in it.
pub async fn delete_cart_item(
    pool: &SqlitePool,
    user_id: i64,
    item_id: i64,
) -> Result<bool, AppError> {
    let done = sqlx::query("DELETE FROM cart_items WHERE user_id = ?1 AND item_id = ?2") //~ deletes cart_items
        .bind(user_id)
        .bind(item_id)
        .execute(pool)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Empties the cart.
pub async fn clear_cart(db: impl SqliteExecutor<'_>, user_id: i64) -> Result<(), AppError> {
    sqlx::query("DELETE FROM cart_items WHERE user_id = ?1") //~ deletes cart_items
        .bind(user_id)
        .execute(db)
        .await?;
    Ok(())
}
