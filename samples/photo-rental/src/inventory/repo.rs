//! SQL of the inventory domain.

use sqlx::{QueryBuilder, Sqlite, SqliteExecutor, SqlitePool};

use super::types::{
    Blocked, Category, CategoryView, ItemRow, MaintenanceJob, Price, SearchParams, SearchSort, Unit,
};
use crate::error::AppError;
use crate::helpers::RentalPeriod;
use crate::helpers::paging::Window;
use crate::helpers::text::like_pattern;

/// Units of an item that nothing blocks between two days.
const FREE_UNITS: &str = "SELECT u.* FROM units u
     WHERE u.item_id = ?1 AND u.status <> 'retired'
       AND NOT EXISTS (SELECT 1 FROM reservations r
                       WHERE r.unit_id = u.id AND r.status IN ('held', 'out')
                         AND r.starts_on <= ?3 AND r.ends_on >= ?2)
       AND NOT EXISTS (SELECT 1 FROM maintenance_jobs m
                       WHERE m.unit_id = u.id AND m.finished_at IS NULL
                         AND m.starts_on <= ?3 AND m.ends_on >= ?2)
     ORDER BY u.id";

/// All categories with their number of items.
pub async fn categories(pool: &SqlitePool) -> Result<Vec<CategoryView>, AppError> {
    let rows = sqlx::query_as::<_, CategoryView>( //~ reads categories, items
        "SELECT c.slug, c.name, COUNT(i.id) AS n_items
         FROM categories c LEFT JOIN items i ON i.category_id = c.id AND i.active = 1
         GROUP BY c.id ORDER BY c.sort_order, c.name",
    )
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// One category.
pub async fn category(pool: &SqlitePool, id: i64) -> Result<Option<Category>, AppError> {
    let row = sqlx::query_as("SELECT * FROM categories WHERE id = ?1") //~ reads categories
        .bind(id)
        .fetch_optional(pool)
        .await?;
    Ok(row)
}

/// The category with this slug.
pub async fn category_by_slug(pool: &SqlitePool, slug: &str) -> Result<Option<Category>, AppError> {
    let row = sqlx::query_as("SELECT * FROM categories WHERE slug = ?1") //~ reads categories
        .bind(slug)
        .fetch_optional(pool)
        .await?;
    Ok(row)
}

/// Adds a category.
pub async fn insert_category(
    pool: &SqlitePool,
    slug: &str,
    name: &str,
    sort_order: i64,
) -> Result<Category, AppError> {
    let row = sqlx::query_as( //~ inserts categories
        "INSERT INTO categories (slug, name, sort_order) VALUES (?1, ?2, ?3) RETURNING *",
    )
    .bind(slug)
    .bind(name)
    .bind(sort_order)
    .fetch_one(pool)
    .await?;
    Ok(row)
}

/// One page of the active items that match, and how many match.
pub async fn search(
    pool: &SqlitePool,
    params: &SearchParams,
    period: Option<RentalPeriod>,
    window: Window,
) -> Result<(Vec<ItemRow>, i64), AppError> {
    let mut count = QueryBuilder::<Sqlite>::new( //~ reads items, categories, units, reservations, maintenance_jobs
        "SELECT COUNT(*) FROM items i JOIN categories c ON c.id = i.category_id WHERE i.active = 1",
    );
    push_filters(&mut count, params, period);
    let total: i64 = count.build_query_scalar().fetch_one(pool).await?;

    let mut rows = QueryBuilder::<Sqlite>::new( //~ reads items, categories, units, reservations, maintenance_jobs
        "SELECT i.* FROM items i JOIN categories c ON c.id = i.category_id WHERE i.active = 1",
    );
    push_filters(&mut rows, params, period);
    rows.push(match params.sort {
        SearchSort::Name => " ORDER BY i.name, i.id",
        SearchSort::RateAsc => " ORDER BY i.daily_rate_cents, i.id",
        SearchSort::RateDesc => " ORDER BY i.daily_rate_cents DESC, i.id",
        SearchSort::Newest => " ORDER BY i.created_at DESC, i.id DESC",
    });
    rows.push(" LIMIT ").push_bind(window.per_page);
    rows.push(" OFFSET ").push_bind(window.offset());
    let items = rows.build_query_as::<ItemRow>().fetch_all(pool).await?;
    Ok((items, total))
}

fn push_filters(
    query: &mut QueryBuilder<Sqlite>,
    params: &SearchParams,
    period: Option<RentalPeriod>,
) {
    if let Some(term) = params.q.as_deref().filter(|q| !q.trim().is_empty()) {
        let pattern = like_pattern(term);
        query
            .push(" AND (i.name LIKE ")
            .push_bind(pattern.clone())
            .push(" ESCAPE '\\' OR i.description LIKE ")
            .push_bind(pattern)
            .push(" ESCAPE '\\')");
    }
    if let Some(category) = &params.category {
        query.push(" AND c.slug = ").push_bind(category.clone());
    }
    if let Some(brand) = &params.brand {
        query
            .push(" AND lower(i.brand) = ")
            .push_bind(brand.to_lowercase());
    }
    if let Some(mount) = &params.mount {
        query
            .push(" AND lower(i.mount) = ")
            .push_bind(mount.to_lowercase());
    }
    if let Some(max) = params.max_rate_cents {
        query.push(" AND i.daily_rate_cents <= ").push_bind(max);
    }
    if let Some(period) = period {
        let (from, to) = (period.from.to_string(), period.to.to_string());
        query
            .push(" AND EXISTS (SELECT 1 FROM units u WHERE u.item_id = i.id")
            .push(" AND u.status <> 'retired' AND NOT EXISTS (SELECT 1 FROM reservations r")
            .push(" WHERE r.unit_id = u.id AND r.status IN ('held', 'out') AND r.starts_on <= ")
            .push_bind(to.clone())
            .push(" AND r.ends_on >= ")
            .push_bind(from.clone())
            .push(") AND NOT EXISTS (SELECT 1 FROM maintenance_jobs m WHERE m.unit_id = u.id")
            .push(" AND m.finished_at IS NULL AND m.starts_on <= ")
            .push_bind(to)
            .push(" AND m.ends_on >= ")
            .push_bind(from)
            .push("))");
    }
}

/// One item, active or not.
pub async fn item(db: impl SqliteExecutor<'_>, id: i64) -> Result<Option<ItemRow>, AppError> {
    let row = sqlx::query_as("SELECT * FROM items WHERE id = ?1") //~ reads items
        .bind(id)
        .fetch_optional(db)
        .await?;
    Ok(row)
}

/// The items with these ids, in any order.
pub async fn items_by_ids(pool: &SqlitePool, ids: &[i64]) -> Result<Vec<ItemRow>, AppError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::<Sqlite>::new("SELECT * FROM items WHERE id IN ("); //~ reads items
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
    query.push(")");
    Ok(query.build_query_as::<ItemRow>().fetch_all(pool).await?)
}

/// What an active item costs.
pub async fn price(pool: &SqlitePool, item_id: i64) -> Result<Option<Price>, AppError> {
    let row = sqlx::query_as( //~ reads items
        "SELECT id AS item_id, name, daily_rate_cents, deposit_cents
         FROM items WHERE id = ?1 AND active = 1",
    )
    .bind(item_id)
    .fetch_optional(pool)
    .await?;
    Ok(row)
}

/// The columns of a new item.
pub struct ItemInsert<'a> {
    pub category_id: i64,
    pub slug: &'a str,
    pub name: &'a str,
    pub brand: &'a str,
    pub mount: Option<&'a str>,
    pub description: &'a str,
    pub daily_rate_cents: i64,
    pub deposit_cents: i64,
    pub created_at: &'a str,
}

impl ItemInsert<'_> {
    /// Stores the item and returns its id.
    pub async fn execute(&self, db: impl SqliteExecutor<'_>) -> Result<i64, AppError> {
        let id = sqlx::query_scalar( //~ inserts items
            "INSERT INTO items (category_id, slug, name, brand, mount, description,
                                daily_rate_cents, deposit_cents, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id",
        )
        .bind(self.category_id)
        .bind(self.slug)
        .bind(self.name)
        .bind(self.brand)
        .bind(self.mount)
        .bind(self.description)
        .bind(self.daily_rate_cents)
        .bind(self.deposit_cents)
        .bind(self.created_at)
        .fetch_one(db)
        .await?;
        Ok(id)
    }
}

/// Overwrites what may change about an item.
pub async fn update_item(pool: &SqlitePool, item: &ItemRow) -> Result<(), AppError> {
    sqlx::query( //~ updates items
        "UPDATE items SET description = ?2, daily_rate_cents = ?3, deposit_cents = ?4, active = ?5
         WHERE id = ?1",
    )
    .bind(item.id)
    .bind(&item.description)
    .bind(item.daily_rate_cents)
    .bind(item.deposit_cents)
    .bind(item.active)
    .execute(pool)
    .await?;
    Ok(())
}

/// Adds units in one statement.
pub async fn insert_units(
    db: impl SqliteExecutor<'_>,
    item_id: i64,
    serials: &[String],
) -> Result<(), AppError> {
    if serials.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO units (item_id, serial) "); //~ inserts units
    query.push_values(serials, |mut row, serial| {
        row.push_bind(item_id).push_bind(serial.trim().to_owned());
    });
    query.build().execute(db).await?;
    Ok(())
}

/// All units of an item.
pub async fn units(pool: &SqlitePool, item_id: i64) -> Result<Vec<Unit>, AppError> {
    let rows = sqlx::query_as("SELECT * FROM units WHERE item_id = ?1 ORDER BY id") //~ reads units
        .bind(item_id)
        .fetch_all(pool)
        .await?;
    Ok(rows)
}

/// One unit.
pub async fn unit(db: impl SqliteExecutor<'_>, id: i64) -> Result<Option<Unit>, AppError> {
    let row = sqlx::query_as("SELECT * FROM units WHERE id = ?1") //~ reads units
        .bind(id)
        .fetch_optional(db)
        .await?;
    Ok(row)
}

/// Sets the status of a unit.
pub async fn set_unit_status(
    db: impl SqliteExecutor<'_>,
    id: i64,
    status: &str,
) -> Result<(), AppError> {
    sqlx::query("UPDATE units SET status = ?2 WHERE id = ?1") //~ updates units
        .bind(id)
        .bind(status)
        .execute(db)
        .await?;
    Ok(())
}

/// Units of an item that are free on every day of the period.
pub async fn free_units(
    db: impl SqliteExecutor<'_>,
    item_id: i64,
    period: RentalPeriod,
) -> Result<Vec<Unit>, AppError> {
    let rows = sqlx::query_as(FREE_UNITS) //~ reads units, reservations, maintenance_jobs
        .bind(item_id)
        .bind(period.from.to_string())
        .bind(period.to.to_string())
        .fetch_all(db)
        .await?;
    Ok(rows)
}

/// Everything that blocks units of an item within the period.
pub async fn blocked(
    pool: &SqlitePool,
    item_id: i64,
    period: RentalPeriod,
) -> Result<Vec<Blocked>, AppError> {
    let rows = sqlx::query_as::<_, Blocked>( //~ reads reservations, units, maintenance_jobs
        "SELECT r.unit_id, r.starts_on, r.ends_on
         FROM reservations r JOIN units u ON u.id = r.unit_id
         WHERE u.item_id = ?1 AND u.status <> 'retired' AND r.status IN ('held', 'out')
           AND r.starts_on <= ?3 AND r.ends_on >= ?2
         UNION ALL
         SELECT m.unit_id, m.starts_on, m.ends_on
         FROM maintenance_jobs m JOIN units u ON u.id = m.unit_id
         WHERE u.item_id = ?1 AND u.status <> 'retired' AND m.finished_at IS NULL
           AND m.starts_on <= ?3 AND m.ends_on >= ?2",
    )
    .bind(item_id)
    .bind(period.from.to_string())
    .bind(period.to.to_string())
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// Blocks a unit for an order.
pub async fn insert_reservation(
    db: impl SqliteExecutor<'_>,
    unit_id: i64,
    order_id: i64,
    period: RentalPeriod,
) -> Result<(), AppError> {
    sqlx::query( //~ inserts reservations
        "INSERT INTO reservations (unit_id, order_id, starts_on, ends_on) VALUES (?1, ?2, ?3, ?4)",
    )
    .bind(unit_id)
    .bind(order_id)
    .bind(period.from.to_string())
    .bind(period.to.to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// Moves the reservations of an order from one status to another.
pub async fn move_reservations(
    db: impl SqliteExecutor<'_>,
    order_id: i64,
    from: &str,
    to: &str,
) -> Result<u64, AppError> {
    let done =
        sqlx::query("UPDATE reservations SET status = ?3 WHERE order_id = ?1 AND status = ?2") //~ updates reservations
            .bind(order_id)
            .bind(from)
            .bind(to)
            .execute(db)
            .await?;
    Ok(done.rows_affected())
}

/// Sets the status of every unit that is reserved for an order.
pub async fn set_status_of_ordered_units(
    db: impl SqliteExecutor<'_>,
    order_id: i64,
    status: &str,
) -> Result<(), AppError> {
    sqlx::query( //~ updates units ; reads reservations
        "UPDATE units SET status = ?2
         WHERE id IN (SELECT unit_id FROM reservations WHERE order_id = ?1 AND status <> 'released')",
    )
    .bind(order_id)
    .bind(status)
    .execute(db)
    .await?;
    Ok(())
}

/// How many reservations block a unit within the period.
pub async fn reservations_of_unit(
    pool: &SqlitePool,
    unit_id: i64,
    period: RentalPeriod,
) -> Result<i64, AppError> {
    let n = sqlx::query_scalar( //~ reads reservations
        "SELECT COUNT(*) FROM reservations
         WHERE unit_id = ?1 AND status IN ('held', 'out') AND starts_on <= ?3 AND ends_on >= ?2",
    )
    .bind(unit_id)
    .bind(period.from.to_string())
    .bind(period.to.to_string())
    .fetch_one(pool)
    .await?;
    Ok(n)
}

/// Notes upkeep of a unit.
pub async fn insert_maintenance(
    db: impl SqliteExecutor<'_>,
    unit_id: i64,
    reason: &str,
    period: RentalPeriod,
) -> Result<MaintenanceJob, AppError> {
    let row = sqlx::query_as( //~ inserts maintenance_jobs
        "INSERT INTO maintenance_jobs (unit_id, reason, starts_on, ends_on)
         VALUES (?1, ?2, ?3, ?4) RETURNING *",
    )
    .bind(unit_id)
    .bind(reason)
    .bind(period.from.to_string())
    .bind(period.to.to_string())
    .fetch_one(db)
    .await?;
    Ok(row)
}

/// Closes a maintenance job that is still open.
pub async fn close_maintenance(
    db: impl SqliteExecutor<'_>,
    id: i64,
    now: &str,
) -> Result<Option<MaintenanceJob>, AppError> {
    let row = sqlx::query_as( //~ updates maintenance_jobs
        "UPDATE maintenance_jobs SET finished_at = ?2
         WHERE id = ?1 AND finished_at IS NULL RETURNING *",
    )
    .bind(id)
    .bind(now)
    .fetch_optional(db)
    .await?;
    Ok(row)
}
