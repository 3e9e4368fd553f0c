//! Rules of the cart.

use chrono::NaiveDateTime;
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::models::{AddForm, Cart, CartLine, CartView, LineView};
use crate::catalog;
use crate::error::AppError;
use crate::schema::{cart_lines, cart_reminders, carts};
use crate::support::{Checks, format_cents};

/// The largest quantity of one product in an order.
pub const MAX_QUANTITY: i32 = 50;

/// The lines of the user's cart, in the order in which they were added.
pub fn lines_of(conn: &mut SqliteConnection, user_id: i32) -> Result<Vec<CartLine>, AppError> {
    let lines = cart_lines::table //~ reads cart_lines, carts
        .inner_join(carts::table)
        .filter(carts::user_id.eq(user_id))
        .order((cart_lines::added_at, cart_lines::product_id))
        .select(CartLine::as_select())
        .load(conn)?;
    Ok(lines)
}

/// The cart with names and prices.
pub fn view(conn: &mut SqliteConnection, user_id: i32) -> Result<CartView, AppError> {
    let mut lines = Vec::new();
    for line in lines_of(conn, user_id)? {
        let offer = catalog::service::offer(conn, line.product_id)?; //~ n-plus-one ; calls shop::catalog::service::offer
        lines.push(LineView {
            product_id: line.product_id,
            name: offer.name,
            quantity: line.quantity,
            price_cents: offer.price_cents,
            available: offer.on_hand >= line.quantity,
        });
    }
    let total_cents = lines.iter().map(LineView::total_cents).sum(); //~ calls shop::cart::models::LineView::total_cents
    Ok(CartView {
        lines,
        total_cents,
        total: format_cents(total_cents),
    })
}

/// Puts something into the cart; what is in it already becomes more.
pub fn add(
    conn: &mut SqliteConnection,
    user_id: i32,
    form: AddForm,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    check_quantity(form.quantity)?;
    // Asking for the offer also tells whether the product is sold at all.
    catalog::service::offer(conn, form.product_id)?; //~ calls shop::catalog::service::offer
    conn.transaction(|conn| { //~ transaction
        let cart = touch(conn, user_id, now)?; //~ calls shop::cart::service::touch
        let quantity: i32 = diesel::insert_into(cart_lines::table) //~ inserts cart_lines ; updates cart_lines
            .values(CartLine {
                cart_id: cart.id,
                product_id: form.product_id,
                quantity: form.quantity,
                added_at: now,
            })
            .on_conflict((cart_lines::cart_id, cart_lines::product_id))
            .do_update()
            .set(cart_lines::quantity.eq(cart_lines::quantity + form.quantity))
            .returning(cart_lines::quantity)
            .get_result(conn)?;
        check_quantity(quantity)
    })
}

fn touch(conn: &mut SqliteConnection, owner: i32, now: NaiveDateTime) -> Result<Cart, AppError> {
    use crate::schema::carts::dsl::*;

    let cart = diesel::insert_into(carts) //~ inserts carts ; updates carts
        .values((user_id.eq(owner), updated_at.eq(now)))
        .on_conflict(user_id)
        .do_update()
        .set(updated_at.eq(now))
        .returning(Cart::as_returning())
        .get_result(conn)?;
    Ok(cart)
}

/// Sets the quantity of a line.
pub fn set_quantity(
    conn: &mut SqliteConnection,
    user_id: i32,
    product_id: i32,
    quantity: i32,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    check_quantity(quantity)?;
    let line = line(conn, user_id, product_id)?;
    diesel::update(&line) //~ updates cart_lines
        .set(cart_lines::quantity.eq(quantity))
        .execute(conn)?;
    touch(conn, user_id, now)?;
    Ok(())
}

/// Takes a line out.
pub fn remove(
    conn: &mut SqliteConnection,
    user_id: i32,
    product_id: i32,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    let line = line(conn, user_id, product_id)?;
    diesel::delete(&line).execute(conn)?; //~ deletes cart_lines
    touch(conn, user_id, now)?;
    Ok(())
}

fn line(conn: &mut SqliteConnection, user_id: i32, product_id: i32) -> Result<CartLine, AppError> {
    lines_of(conn, user_id)?
        .into_iter()
        .find(|line| line.product_id == product_id)
        .ok_or(AppError::NotFound("line"))
}

/// Empties the cart of a user.
pub fn clear(conn: &mut SqliteConnection, owner: i32) -> Result<(), AppError> { //~ unsendable
    let owned = carts::table.filter(carts::user_id.eq(owner));
    diesel::delete(cart_lines::table.filter(cart_lines::cart_id.eq_any(owned.select(carts::id)))) //~ deletes cart_lines ; reads carts
        .execute(conn)?;
    Ok(())
}

/// Carts with something in them that nobody has touched since `before`, and without a reminder
/// since then.
pub fn abandoned(
    conn: &mut SqliteConnection,
    before: NaiveDateTime,
) -> Result<Vec<Cart>, AppError> {
    let reminder = cart_reminders::table
        .filter(cart_reminders::cart_id.eq(carts::id))
        .filter(cart_reminders::sent_at.ge(carts::updated_at));
    let filled = cart_lines::table.filter(cart_lines::cart_id.eq(carts::id));
    let rows = carts::table //~ reads carts, cart_lines, cart_reminders
        .filter(carts::updated_at.lt(before))
        .filter(exists(filled))
        .filter(not(exists(reminder)))
        .order(carts::id)
        .select(Cart::as_select())
        .load(conn)?;
    Ok(rows)
}

/// Remembers that the owner of a cart was written to.
pub fn note_reminder(
    conn: &mut SqliteConnection,
    cart: &Cart,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    use crate::schema::cart_reminders::dsl::*;

    diesel::insert_into(cart_reminders) //~ inserts cart_reminders
        .values((cart_id.eq(cart.id), sent_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

/// How many things are in a cart.
pub fn n_items(conn: &mut SqliteConnection, cart: &Cart) -> Result<i64, AppError> {
    let lines: Vec<CartLine> = CartLine::belonging_to(cart) //~ reads cart_lines
        .select(CartLine::as_select())
        .load(conn)?;
    Ok(lines.iter().map(|line| i64::from(line.quantity)).sum())
}

fn check_quantity(quantity: i32) -> Result<(), AppError> {
    Checks::new()
        .that(
            (1..=MAX_QUANTITY).contains(&quantity),
            format!("quantity must lie between 1 and {MAX_QUANTITY}"),
        )
        .done()
}
