//! Rules of the order domain.

use std::collections::BTreeSet;

use sqlx::{Sqlite, Transaction};

use super::cart::MAX_QUANTITY;
use super::types::{
    LineRequest, ListParams, OrderLine, OrderRow, OrderSummary, OrderView, OverdueOrder,
    PlaceOrderRequest, Quote, QuoteLine,
};
use super::{pricing, repo};
use crate::error::AppError;
use crate::events::{RENTAL_RETURNED, RentalReturned};
use crate::helpers::{
    Page, PageParams, RentalPeriod, Validator, format_cents, parse_date, percent_of,
};
use crate::inventory::types::Unit;
use crate::payments::types::OrderCharge;
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::{inventory, payments, users};

/// How far ahead a quote looks for the next free days.
const LOOK_AHEAD_DAYS: u64 = 60;

const STATUSES: [&str; 4] = ["placed", "picked_up", "returned", "cancelled"];

/// Works out what a rental would cost and whether everything is free.
pub async fn quote(
    state: &AppState,
    period: RentalPeriod,
    wanted: &[LineRequest],
) -> Result<Quote, AppError> {
    check_lines(wanted)?;
    let days = period.days();
    let mut lines = Vec::with_capacity(wanted.len());
    for line in wanted {
        let price = inventory::service::price_of(state, line.item_id).await?; //~ n-plus-one ; calls photo_rental::inventory::service::price_of
        let free = inventory::service::free_count(state, line.item_id, period).await?; //~ n-plus-one ; calls photo_rental::inventory::service::free_count
        let next_free_on = if free < line.quantity {
            next_window(state, line, period).await?
        } else {
            None
        };
        lines.push(QuoteLine {
            line: OrderLine {
                item_id: line.item_id,
                item_name: price.name,
                quantity: line.quantity,
                daily_rate_cents: price.daily_rate_cents,
                line_total_cents: pricing::line_total(price.daily_rate_cents, line.quantity, days),
            },
            deposit_cents: price.deposit_cents * line.quantity,
            free,
            next_free_on,
        });
    }
    let subtotal_cents: i64 = lines.iter().map(|l| l.line.line_total_cents).sum();
    let discount_percent = pricing::duration_discount(days);
    let discount_cents = percent_of(subtotal_cents, discount_percent); //~ calls photo_rental::helpers::money::percent_of
    let total_cents = subtotal_cents - discount_cents;
    Ok(Quote {
        period,
        days,
        subtotal_cents,
        discount_percent,
        discount_cents,
        deposit_cents: lines.iter().map(|l| l.deposit_cents).sum(),
        total_cents,
        total: format_cents(total_cents, &state.config.currency), //~ calls photo_rental::helpers::money::format_cents
        available: lines.iter().all(|l| l.free >= l.line.quantity),
        lines,
    })
}

async fn next_window(
    state: &AppState,
    line: &LineRequest,
    period: RentalPeriod,
) -> Result<Option<chrono::NaiveDate>, AppError> {
    let ahead = RentalPeriod::starting(period.from, LOOK_AHEAD_DAYS);
    let calendar = inventory::service::calendar(state, line.item_id, ahead).await?; //~ calls photo_rental::inventory::service::calendar
    if calendar.bookable(line.quantity).next().is_none() { //~ calls photo_rental::inventory::calendar::AvailabilityCalendar::bookable
        return Ok(None);
    }
    Ok(calendar.first_window(line.quantity, period.days())) //~ calls photo_rental::inventory::calendar::AvailabilityCalendar::first_window
}

fn check_lines(lines: &[LineRequest]) -> Result<(), AppError> {
    let distinct: BTreeSet<i64> = lines.iter().map(|l| l.item_id).collect();
    Validator::new()
        .check(!lines.is_empty(), "lines must not be empty")
        .check(
            distinct.len() == lines.len(),
            "an item may stand in one line only",
        )
        .check(
            lines
                .iter()
                .all(|l| (1..=MAX_QUANTITY).contains(&l.quantity)),
            format!("quantity must lie between 1 and {MAX_QUANTITY}"),
        )
        .finish()
}

/// Places an order: stores it, blocks the stock and takes the money, all or nothing.
pub async fn place(
    state: &AppState,
    current: &CurrentUser,
    req: PlaceOrderRequest,
) -> Result<OrderView, AppError> {
    let period = RentalPeriod::parse(&req.from, &req.to)?;
    if period.from < state.clock.today() { //~ calls photo_rental::clock::Clock::today
        return Err(AppError::Invalid("the rental starts in the past".into()));
    }
    let from_cart = req.lines.is_empty();
    let wanted = if from_cart {
        repo::cart(&state.pool, current.id()).await?
    } else {
        req.lines
    };
    if let Some(address_id) = req.address_id {
        users::service::require_address(state, current.id(), address_id).await?; //~ calls photo_rental::users::service::require_address
    }
    let quote = quote(state, period, &wanted).await?; //~ calls photo_rental::orders::service::quote

    // Takes the write lock at once: two customers must not both see the last unit free.
    let mut tx = state.pool.begin_with("BEGIN IMMEDIATE").await?; //~ transaction
    let now = state.now_text();
    let order_id = repo::insert_order(&mut *tx, current.id(), req.address_id, &quote, &now).await?;
    for QuoteLine { line, .. } in &quote.lines {
        repo::insert_line(&mut *tx, order_id, line).await?;
        inventory::service::hold_units( //~ n-plus-one ; calls photo_rental::inventory::service::hold_units
            &mut tx,
            order_id,
            line.item_id,
            line.quantity,
            period,
            Unit::wear_rank, //~ calls photo_rental::inventory::types::Unit::wear_rank
        )
        .await?;
    }
    let charge = OrderCharge {
        order_id,
        user_id: current.id(),
        total_cents: quote.total_cents,
        deposit_cents: quote.deposit_cents,
        payment_token: req.payment_token,
    };
    payments::service::charge_order(&mut tx, state, &charge).await?; //~ calls photo_rental::payments::service::charge_order
    repo::insert_event(&mut *tx, order_id, "placed", &period.to_string(), &now).await?;
    if from_cart {
        repo::clear_cart(&mut *tx, current.id()).await?;
    }
    tx.commit().await?;

    state.metrics.order_placed(); //~ calls photo_rental::metrics::Metrics::order_placed
    confirm_by_mail(state, current, order_id, &quote.total);
    show(state, current, order_id).await
}

/// Sends the confirmation without letting the customer wait for the mail server.
fn confirm_by_mail(state: &AppState, current: &CurrentUser, order_id: i64, total: &str) {
    let state = state.clone();
    let to = current.user.email.clone();
    let body = format!("Your order {order_id} is confirmed: {total}, paid by card.");
    tokio::spawn(async move { //~ detached
        let subject = format!("Order {order_id} confirmed");
        state.mailer.send(&to, subject, body).await; //~ calls photo_rental::mailer::Mailer::send
        state.metrics.mail_sent();
    });
}

/// One page of the user's orders.
pub async fn list(
    state: &AppState,
    user_id: i64,
    params: &ListParams,
) -> Result<Page<OrderSummary>, AppError> {
    let window = PageParams {
        page: params.page,
        per_page: params.per_page,
    }
    .window()?; //~ calls photo_rental::helpers::paging::PageParams::window
    if let Some(status) = &params.status
        && !STATUSES.contains(&status.as_str())
    {
        return Err(AppError::Invalid(format!(
            "status must be one of {}",
            STATUSES.join(", ")
        )));
    }
    let (rows, total) = repo::list(&state.pool, user_id, params.status.as_deref(), window).await?;
    let mut summaries = Vec::with_capacity(rows.len());
    for row in rows {
        let paid_cents = payments::service::paid_total(state, row.id).await?; //~ n-plus-one ; calls photo_rental::payments::service::paid_total
        summaries.push(OrderSummary {
            number: row.number(), //~ calls photo_rental::orders::types::OrderRow::number
            id: row.id,
            status: row.status,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            total_cents: row.total_cents,
            paid_cents,
        });
    }
    Ok(Page::new(summaries, window, total)) //~ calls photo_rental::helpers::paging::Page::new
}

/// One order with lines and diary, for its owner or the staff.
pub async fn show(state: &AppState, current: &CurrentUser, id: i64) -> Result<OrderView, AppError> {
    let row = require_order(state, current, id).await?;
    view(state, row).await
}

/// The order, if the asker may see it.
pub async fn require_order(
    state: &AppState,
    current: &CurrentUser,
    id: i64,
) -> Result<OrderRow, AppError> {
    repo::order(&state.pool, id)
        .await?
        .filter(|row| row.user_id == current.id() || current.user.is_admin()) //~ calls photo_rental::users::types::UserRow::is_admin
        .ok_or(AppError::NotFound("order"))
}

async fn view(state: &AppState, row: OrderRow) -> Result<OrderView, AppError> {
    let lines = repo::lines(&state.pool, row.id).await?;
    let events = repo::events(&state.pool, row.id).await?;
    Ok(OrderView {
        number: row.number(),
        days: row.period()?.days(), //~ calls photo_rental::orders::types::OrderRow::period ; calls photo_rental::helpers::dates::RentalPeriod::days
        total: format_cents(row.total_cents, &state.config.currency),
        id: row.id,
        status: row.status,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        address_id: row.address_id,
        subtotal_cents: row.subtotal_cents,
        discount_cents: row.discount_cents,
        deposit_cents: row.deposit_cents,
        total_cents: row.total_cents,
        late_fee_cents: row.late_fee_cents,
        disputed: row.disputed,
        placed_at: row.placed_at,
        picked_up_at: row.picked_up_at,
        returned_at: row.returned_at,
        lines,
        events,
    })
}

/// Cancels an order that was not picked up and pays back what the terms allow.
pub async fn cancel(
    state: &AppState,
    current: &CurrentUser,
    id: i64,
) -> Result<OrderView, AppError> {
    let row = require_order(state, current, id).await?;
    let percent = pricing::refund_percent(row.period()?.from, state.clock.today());
    let mut tx = state.pool.begin().await?; //~ transaction
    if !repo::cancel(&mut *tx, id).await? { //~ calls photo_rental::orders::repo::cancel
        return Err(AppError::conflict(
            "not_cancellable",
            format!("the order is {}", row.status),
        ));
    }
    inventory::service::release(&mut tx, id).await?; //~ calls photo_rental::inventory::service::release
    let refunded = payments::service::refund_order(&mut tx, state, id, percent).await?; //~ calls photo_rental::payments::service::refund_order
    let detail = format!(
        "refunded {}",
        format_cents(refunded, &state.config.currency)
    );
    repo::insert_event(&mut *tx, id, "cancelled", &detail, &state.now_text()).await?;
    tx.commit().await?;
    show(state, current, id).await
}

/// The customer takes everything along.
pub async fn pick_up(
    state: &AppState,
    staff: &CurrentUser,
    id: i64,
) -> Result<OrderView, AppError> {
    let row = require_order(state, staff, id).await?;
    if row.period()?.from > state.clock.today() {
        return Err(AppError::conflict(
            "too_early",
            format!("the rental starts on {}", row.starts_on),
        ));
    }
    let now = state.now_text();
    let mut tx = state.pool.begin().await?; //~ transaction
    if !repo::mark_picked_up(&mut *tx, id, &now).await? {
        return Err(AppError::conflict(
            "not_ready",
            format!("the order is {}", row.status),
        ));
    }
    let n_units = inventory::service::hand_out(&mut tx, id).await?; //~ calls photo_rental::inventory::service::hand_out
    let detail = format!("{n_units} units handed out");
    repo::insert_event(&mut *tx, id, "picked_up", &detail, &now).await?;
    tx.commit().await?;
    show(state, staff, id).await
}

/// The customer brings everything back. A late fee is kept from the deposit.
pub async fn give_back(
    state: &AppState,
    staff: &CurrentUser,
    id: i64,
) -> Result<OrderView, AppError> {
    let row = require_order(state, staff, id).await?;
    let lines = repo::lines(&state.pool, id).await?;
    let today = state.clock.today();
    let fee = pricing::late_fee(daily_total(&lines), row.due_on()?, today);
    let now = state.now_text();
    let mut tx = state.pool.begin().await?; //~ transaction
    if !repo::mark_returned(&mut *tx, id, fee, &now).await? {
        return Err(AppError::conflict(
            "not_out",
            format!("the order is {}", row.status),
        ));
    }
    inventory::service::take_back(&mut tx, id).await?; //~ calls photo_rental::inventory::service::take_back
    let kept = payments::service::settle_return(&mut tx, state, id, fee).await?; //~ calls photo_rental::payments::service::settle_return
    let detail = format!("late fee {}", format_cents(kept, &state.config.currency));
    repo::insert_event(&mut *tx, id, "returned", &detail, &now).await?;
    tx.commit().await?;

    let event = RentalReturned {
        order_id: id,
        user_id: row.user_id,
        item_ids: lines.iter().map(|l| l.item_id).collect(),
        returned_on: today.to_string(),
    };
    state.events.publish(RENTAL_RETURNED, &event); //~ calls photo_rental::events::EventBus::publish
    show(state, staff, id).await
}

fn daily_total(lines: &[OrderLine]) -> i64 {
    lines.iter().map(|l| l.daily_rate_cents * l.quantity).sum()
}

/// Orders that are late on the given day, with whom to call.
pub async fn overdue(state: &AppState, on: Option<&str>) -> Result<Vec<OverdueOrder>, AppError> {
    let day = match on {
        Some(text) => parse_date("on", text)?,
        None => state.clock.today(),
    };
    let mut late = Vec::new();
    for row in repo::overdue(&state.pool, &day.to_string()).await? {
        let contact = users::service::contact_of(state, row.user_id).await?; //~ n-plus-one ; calls photo_rental::users::service::contact_of
        let lines = repo::lines(&state.pool, row.id).await?;
        let due_on = row.due_on()?;
        late.push(OverdueOrder {
            id: row.id,
            number: row.number(),
            days_late: (day - due_on).num_days(),
            late_fee_cents: pricing::late_fee(daily_total(&lines), due_on, day),
            customer: contact.display_name,
            email: contact.email,
            ends_on: row.ends_on,
        });
    }
    Ok(late)
}

/// Reminds every late customer once a day. Returns how many mails were sent.
pub async fn remind_overdue(state: &AppState) -> Result<usize, AppError> {
    let today = state.clock.today().to_string();
    let mut n_sent = 0;
    for row in repo::overdue(&state.pool, &today).await? {
        if row.reminded_on.as_deref() == Some(today.as_str()) {
            continue;
        }
        let contact = users::service::contact_of(state, row.user_id).await?; //~ n-plus-one ; calls photo_rental::users::service::contact_of
        let subject = format!("Order {} is overdue", row.number());
        let body = format!(
            "Hello {}, your rental was due on {}.",
            contact.display_name, row.ends_on
        );
        state.mailer.send(&contact.email, subject, body).await;
        state.metrics.mail_sent();
        repo::set_reminded(&state.pool, row.id, &today).await?;
        n_sent += 1;
    }
    Ok(n_sent)
}

/// How many orders of a user are still open.
pub async fn open_order_count(state: &AppState, user_id: i64) -> Result<i64, AppError> {
    repo::open_count(&state.pool, user_id).await
}

/// Whether an order is delivered to the address.
pub async fn address_in_use(state: &AppState, address_id: i64) -> Result<bool, AppError> {
    repo::uses_address(&state.pool, address_id).await
}

/// Marks an order whose payment the customer disputes.
pub async fn flag_disputed( //~ unsendable
    tx: &mut Transaction<'_, Sqlite>,
    state: &AppState,
    order_id: i64,
) -> Result<(), AppError> {
    repo::mark_disputed(&mut **tx, order_id).await?;
    repo::insert_event(&mut **tx, order_id, "disputed", "", &state.now_text()).await
}

/// Writes a refund into the order's diary.
pub async fn note_refund( //~ unsendable
    tx: &mut Transaction<'_, Sqlite>,
    state: &AppState,
    order_id: i64,
    amount_cents: i64,
) -> Result<(), AppError> {
    let detail = format_cents(amount_cents, &state.config.currency);
    repo::insert_event(&mut **tx, order_id, "refunded", &detail, &state.now_text()).await
}
