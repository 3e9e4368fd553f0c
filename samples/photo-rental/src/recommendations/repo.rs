//! SQL of the recommendation domain.

use sqlx::{SqliteExecutor, SqlitePool};

use super::types::{PopularItem, Scored};
use crate::error::AppError;

/// The most rented active items, with their names.
pub async fn popular(
    pool: &SqlitePool,
    category: Option<&str>,
    limit: i64,
) -> Result<Vec<PopularItem>, AppError> {
    let rows = sqlx::query_as::<_, PopularItem>( //~ reads item_popularity, items, categories
        "SELECT p.item_id, i.slug, i.name, c.slug AS category, i.daily_rate_cents,
                p.rentals, p.last_rented_on
         FROM item_popularity p
         JOIN items i ON i.id = p.item_id
         JOIN categories c ON c.id = i.category_id
         WHERE i.active = 1 AND (?1 IS NULL OR c.slug = ?1)
         ORDER BY p.rentals DESC, p.item_id LIMIT ?2",
    )
    .bind(category)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// Ids of the most rented items.
pub async fn popular_ids(pool: &SqlitePool, limit: i64) -> Result<Vec<Scored>, AppError> {
    let rows = sqlx::query_as( //~ reads item_popularity
        "SELECT item_id, rentals AS score FROM item_popularity
         ORDER BY rentals DESC, item_id LIMIT ?1",
    )
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// What is rented together with an item.
pub async fn together(
    pool: &SqlitePool,
    item_id: i64,
    limit: i64,
) -> Result<Vec<Scored>, AppError> {
    let rows = sqlx::query_as( //~ reads item_affinity
        "SELECT other_item_id AS item_id, score FROM item_affinity
         WHERE item_id = ?1 ORDER BY score DESC, other_item_id LIMIT ?2",
    )
    .bind(item_id)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// What goes with the things a user has rented and was not rented by the user yet.
pub async fn like_rentals_of(
    pool: &SqlitePool,
    user_id: i64,
    limit: i64,
) -> Result<Vec<Scored>, AppError> {
    let rows = sqlx::query_as::<_, Scored>( //~ reads rental_history, item_affinity
        "WITH mine AS (SELECT DISTINCT item_id FROM rental_history WHERE user_id = ?1)
         SELECT a.other_item_id AS item_id, SUM(a.score) AS score
         FROM mine m JOIN item_affinity a ON a.item_id = m.item_id
         WHERE a.other_item_id NOT IN (SELECT item_id FROM mine)
         GROUP BY a.other_item_id ORDER BY score DESC, a.other_item_id LIMIT ?2",
    )
    .bind(user_id)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// Remembers that an item was shown to a user.
pub async fn log_shown(
    pool: &SqlitePool,
    user_id: i64,
    item_id: i64,
    position: i64,
    day: &str,
) -> Result<(), AppError> {
    sqlx::query( //~ inserts recommendation_log
        "INSERT INTO recommendation_log (user_id, item_id, position, shown_on)
         VALUES (?1, ?2, ?3, ?4)",
    )
    .bind(user_id)
    .bind(item_id)
    .bind(position)
    .bind(day)
    .execute(pool)
    .await?;
    Ok(())
}

/// Notes a rented item; false if this order was counted before.
pub async fn insert_history(
    db: impl SqliteExecutor<'_>,
    order_id: i64,
    user_id: i64,
    item_id: i64,
    day: &str,
) -> Result<bool, AppError> {
    let done = sqlx::query( //~ inserts rental_history
        "INSERT OR IGNORE INTO rental_history (order_id, user_id, item_id, rented_on)
         VALUES (?1, ?2, ?3, ?4)",
    )
    .bind(order_id)
    .bind(user_id)
    .bind(item_id)
    .bind(day)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Counts one more rental of an item.
pub async fn bump_popularity(
    db: impl SqliteExecutor<'_>,
    item_id: i64,
    day: &str,
) -> Result<(), AppError> {
    sqlx::query( //~ inserts item_popularity ; updates item_popularity
        "INSERT INTO item_popularity (item_id, rentals, last_rented_on) VALUES (?1, 1, ?2)
         ON CONFLICT (item_id) DO UPDATE
         SET rentals = rentals + 1, last_rented_on = max(last_rented_on, excluded.last_rented_on)",
    )
    .bind(item_id)
    .bind(day)
    .execute(db)
    .await?;
    Ok(())
}

/// Strengthens the tie between two items, in one direction.
pub async fn bump_affinity(
    db: impl SqliteExecutor<'_>,
    item_id: i64,
    other_item_id: i64,
) -> Result<(), AppError> {
    sqlx::query( //~ inserts item_affinity ; updates item_affinity
        "INSERT INTO item_affinity (item_id, other_item_id, score) VALUES (?1, ?2, 1)
         ON CONFLICT (item_id, other_item_id) DO UPDATE SET score = score + 1",
    )
    .bind(item_id)
    .bind(other_item_id)
    .execute(db)
    .await?;
    Ok(())
}
