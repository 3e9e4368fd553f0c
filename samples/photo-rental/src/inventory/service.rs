//! Rules of the inventory domain.

use std::collections::HashMap;
use std::sync::PoisonError;

use sqlx::{Sqlite, Transaction};

use super::calendar::AvailabilityCalendar;
use super::types::{
    Category, ItemCard, ItemDetail, ItemPatch, ItemRow, MaintenanceJob, NewCategory, NewItem,
    NewMaintenance, Price, SearchParams, Unit,
};
use super::{cache, repo};
use crate::error::AppError;
use crate::helpers::{Page, PageParams, RentalPeriod, Validator, format_cents, slugify};
use crate::state::AppState;

const MAX_RATE_CENTS: i64 = 500_000;
const MAX_DEPOSIT_CENTS: i64 = 5_000_000;

/// Searches the active items.
pub async fn search(state: &AppState, params: &SearchParams) -> Result<Page<ItemCard>, AppError> {
    let window = PageParams {
        page: params.page,
        per_page: params.per_page,
    }
    .window()?;
    let period = match (&params.from, &params.to) {
        (Some(from), Some(to)) => Some(RentalPeriod::parse(from, to)?),
        (None, None) => None,
        _ => {
            return Err(AppError::Invalid(
                "from and to belong together: give both or none".into(),
            ));
        }
    };
    let (rows, total) = repo::search(&state.pool, params, period, window).await?;
    let cards = cards_of(state, rows).await?;
    Ok(Page::new(cards, window, total))
}

/// An item with its stock.
pub async fn detail(state: &AppState, id: i64) -> Result<ItemDetail, AppError> {
    let row = require_item(state, id).await?;
    let units = repo::units(&state.pool, id).await?;
    let category = category_of(state, row.category_id).await?;
    let count = |status: &str| units.iter().filter(|u| u.status == status).count() as i64;
    Ok(ItemDetail {
        description: row.description.clone(),
        active: row.active,
        units_total: units.len() as i64 - count("retired"),
        units_in_stock: count("in_stock"),
        card: card_of(state, row, &category),
        category_name: category.name,
    })
}

/// The free units of an item, day by day.
pub async fn calendar(
    state: &AppState,
    item_id: i64,
    period: RentalPeriod,
) -> Result<AvailabilityCalendar, AppError> {
    require_item(state, item_id).await?;
    let units = repo::units(&state.pool, item_id).await?;
    let in_service = units.iter().filter(|u| u.status != "retired").count() as i64;
    let blocked = repo::blocked(&state.pool, item_id, period).await?;
    Ok(AvailabilityCalendar::build(
        item_id, in_service, period, &blocked,
    ))
}

/// How many units of an item are free on every day of the period.
pub async fn free_count(
    state: &AppState,
    item_id: i64,
    period: RentalPeriod,
) -> Result<i64, AppError> {
    let units = repo::free_units(&state.pool, item_id, period).await?;
    Ok(units.len() as i64)
}

/// What an item costs; from the cache if it is there.
pub async fn price_of(state: &AppState, item_id: i64) -> Result<Price, AppError> {
    let cached = {
        let prices = state
            .price_cache
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        prices.get(&item_id).cloned()
    };
    if let Some(price) = cached {
        return Ok(price);
    }
    let price = repo::price(&state.pool, item_id)
        .await?
        .ok_or(AppError::NotFound("item"))?;
    state
        .price_cache
        .write()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(item_id, price.clone());
    Ok(price)
}

/// The cards of some items, in the order of the ids; unknown and inactive ones are left out.
pub async fn cards_by_ids(state: &AppState, ids: &[i64]) -> Result<Vec<ItemCard>, AppError> {
    let rows = repo::items_by_ids(&state.pool, ids).await?;
    let mut by_id: HashMap<i64, ItemRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    let ordered = ids
        .iter()
        .filter_map(|id| by_id.remove(id))
        .filter(|row| row.active)
        .collect();
    cards_of(state, ordered).await
}

async fn cards_of(state: &AppState, rows: Vec<ItemRow>) -> Result<Vec<ItemCard>, AppError> {
    let mut cards = Vec::with_capacity(rows.len());
    for row in rows {
        let category = category_of(state, row.category_id).await?;
        cards.push(card_of(state, row, &category));
    }
    Ok(cards)
}

fn card_of(state: &AppState, row: ItemRow, category: &Category) -> ItemCard {
    ItemCard {
        id: row.id,
        daily_rate: format_cents(row.daily_rate_cents, &state.config.currency), //~ calls photo_rental::helpers::money::format_cents
        slug: row.slug,
        name: row.name,
        brand: row.brand,
        mount: row.mount,
        category: category.slug.clone(),
        daily_rate_cents: row.daily_rate_cents,
        deposit_cents: row.deposit_cents,
    }
}

async fn category_of(state: &AppState, id: i64) -> Result<Category, AppError> {
    if let Some(category) = cache::get(id) { //~ calls photo_rental::inventory::cache::get
        return Ok(category);
    }
    let category = repo::category(&state.pool, id)
        .await?
        .ok_or(AppError::NotFound("category"))?;
    cache::put(&category);
    Ok(category)
}

async fn require_item(state: &AppState, id: i64) -> Result<ItemRow, AppError> {
    repo::item(&state.pool, id)
        .await?
        .ok_or(AppError::NotFound("item"))
}

/// Blocks units for an order inside the caller's transaction. `rank` decides which of the free
/// units are taken: the lowest rank first.
pub async fn hold_units<F>( //~ unsendable
    tx: &mut Transaction<'_, Sqlite>,
    order_id: i64,
    item_id: i64,
    wanted: i64,
    period: RentalPeriod,
    rank: F,
) -> Result<Vec<Unit>, AppError>
where
    F: Fn(&Unit) -> i64,
{
    let mut free = repo::free_units(&mut **tx, item_id, period).await?;
    if (free.len() as i64) < wanted {
        return Err(AppError::OutOfStock {
            item_id,
            wanted,
            free: free.len() as i64,
        });
    }
    free.sort_by_key(|unit| (rank(unit), unit.id));
    free.truncate(wanted as usize);
    for unit in &free {
        repo::insert_reservation(&mut **tx, unit.id, order_id, period).await?;
    }
    Ok(free)
}

/// Frees the held units of an order.
pub async fn release(tx: &mut Transaction<'_, Sqlite>, order_id: i64) -> Result<(), AppError> { //~ unsendable
    repo::move_reservations(&mut **tx, order_id, "held", "released").await?;
    Ok(())
}

/// The units of an order leave the shop.
pub async fn hand_out(tx: &mut Transaction<'_, Sqlite>, order_id: i64) -> Result<u64, AppError> { //~ unsendable
    repo::set_status_of_ordered_units(&mut **tx, order_id, "out").await?;
    repo::move_reservations(&mut **tx, order_id, "held", "out").await
}

/// The units of an order are back on the shelf.
pub async fn take_back(tx: &mut Transaction<'_, Sqlite>, order_id: i64) -> Result<u64, AppError> { //~ unsendable
    repo::set_status_of_ordered_units(&mut **tx, order_id, "in_stock").await?;
    repo::move_reservations(&mut **tx, order_id, "out", "released").await
}

/// Adds a category.
pub async fn create_category(state: &AppState, new: NewCategory) -> Result<Category, AppError> {
    Validator::new().text("name", &new.name, 60).finish()?;
    let slug = slugify(&new.name);
    let inserted = repo::insert_category(
        &state.pool,
        &slug,
        new.name.trim(),
        new.sort_order.unwrap_or(100),
    )
    .await;
    match inserted {
        Err(err) if err.is_unique_violation() => Err(AppError::conflict(
            "category_exists",
            format!("there is a category `{slug}`"),
        )),
        other => {
            cache::clear();
            other
        }
    }
}

/// Adds an item together with its first units.
pub async fn create_item(state: &AppState, new: NewItem) -> Result<ItemDetail, AppError> {
    Validator::new()
        .text("name", &new.name, 120)
        .text("brand", &new.brand, 60)
        .range("daily_rate_cents", new.daily_rate_cents, 1, MAX_RATE_CENTS)
        .range("deposit_cents", new.deposit_cents, 0, MAX_DEPOSIT_CENTS)
        .finish()?;
    let category = repo::category_by_slug(&state.pool, &new.category)
        .await?
        .ok_or_else(|| AppError::Invalid(format!("no category `{}`", new.category)))?;
    let slug = slugify(&format!("{} {}", new.brand, new.name));
    let created_at = state.now_text();
    let insert = repo::ItemInsert {
        category_id: category.id,
        slug: &slug,
        name: new.name.trim(),
        brand: new.brand.trim(),
        mount: new.mount.as_deref(),
        description: new.description.trim(),
        daily_rate_cents: new.daily_rate_cents,
        deposit_cents: new.deposit_cents,
        created_at: &created_at,
    };
    let mut tx = state.pool.begin().await?; //~ transaction
    let id = insert.execute(&mut *tx).await.map_err(taken)?; //~ calls photo_rental::inventory::repo::ItemInsert::execute ; calls photo_rental::inventory::service::taken
    repo::insert_units(&mut *tx, id, &new.serials)
        .await
        .map_err(taken)?;
    tx.commit().await?;
    detail(state, id).await
}

fn taken(err: AppError) -> AppError {
    if err.is_unique_violation() {
        AppError::conflict(
            "already_exists",
            "an item of that name or a unit of that serial exists",
        )
    } else {
        err
    }
}

/// Changes rates, description or whether an item is offered.
pub async fn update_item(
    state: &AppState,
    id: i64,
    patch: ItemPatch,
) -> Result<ItemDetail, AppError> {
    let mut item = require_item(state, id).await?;
    item.daily_rate_cents = patch.daily_rate_cents.unwrap_or(item.daily_rate_cents);
    item.deposit_cents = patch.deposit_cents.unwrap_or(item.deposit_cents);
    item.active = patch.active.unwrap_or(item.active);
    if let Some(description) = patch.description {
        item.description = description;
    }
    Validator::new()
        .range("daily_rate_cents", item.daily_rate_cents, 1, MAX_RATE_CENTS)
        .range("deposit_cents", item.deposit_cents, 0, MAX_DEPOSIT_CENTS)
        .finish()?;
    repo::update_item(&state.pool, &item).await?;
    // Only this process hears of it.
    state
        .price_cache
        .write()
        .unwrap_or_else(PoisonError::into_inner)
        .remove(&id);
    detail(state, id).await
}

/// All units of an item.
pub async fn list_units(state: &AppState, item_id: i64) -> Result<Vec<Unit>, AppError> {
    require_item(state, item_id).await?;
    repo::units(&state.pool, item_id).await
}

/// Adds units to an item.
pub async fn add_units(
    state: &AppState,
    item_id: i64,
    serials: &[String],
) -> Result<Vec<Unit>, AppError> {
    Validator::new()
        .check(!serials.is_empty(), "serials must not be empty")
        .check(
            serials.iter().all(|s| !s.trim().is_empty()),
            "a serial must not be blank",
        )
        .finish()?;
    require_item(state, item_id).await?;
    repo::insert_units(&state.pool, item_id, serials)
        .await
        .map_err(taken)?;
    repo::units(&state.pool, item_id).await
}

/// Takes a unit out of service for some days; refused while it is reserved.
pub async fn schedule_maintenance(
    state: &AppState,
    unit_id: i64,
    new: NewMaintenance,
) -> Result<MaintenanceJob, AppError> {
    Validator::new().text("reason", &new.reason, 200).finish()?;
    let period = RentalPeriod::parse(&new.from, &new.to)?;
    let unit = repo::unit(&state.pool, unit_id)
        .await?
        .ok_or(AppError::NotFound("unit"))?;
    if repo::reservations_of_unit(&state.pool, unit.id, period).await? > 0 {
        return Err(AppError::conflict(
            "unit_reserved",
            format!("unit {} is reserved between {period}", unit.serial),
        ));
    }
    let mut tx = state.pool.begin().await?; //~ transaction
    let job = repo::insert_maintenance(&mut *tx, unit.id, new.reason.trim(), period).await?;
    if period.contains(state.clock.today()) {
        repo::set_unit_status(&mut *tx, unit.id, "maintenance").await?;
    }
    tx.commit().await?;
    Ok(job)
}

/// Puts a unit back on the shelf.
pub async fn finish_maintenance(state: &AppState, job_id: i64) -> Result<MaintenanceJob, AppError> {
    let mut tx = state.pool.begin().await?; //~ transaction
    let job = repo::close_maintenance(&mut *tx, job_id, &state.now_text())
        .await?
        .ok_or(AppError::NotFound("open maintenance job"))?;
    repo::set_unit_status(&mut *tx, job.unit_id, "in_stock").await?;
    tx.commit().await?;
    Ok(job)
}
