//! Rules of orders.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::models::{
    NewOrder, Order, OrderForm, OrderLine, OrderSummary, OrderView, Quote, QuoteLine, StaffOrder,
    StaffParams,
};
use super::{pricing, vouchers};
use crate::accounts::{self, AuthUser};
use crate::cart;
use crate::catalog;
use crate::error::AppError;
use crate::payment;
use crate::payment::models::Bill;
use crate::schema::{addresses, order_lines, orders, users};
use crate::state::AppState;
use crate::support::{Page, PageParams, format_cents};

/// What the user's cart would cost.
pub fn quote(
    conn: &mut SqliteConnection,
    state: &AppState,
    user_id: i32,
    voucher: Option<&str>,
) -> Result<Quote, AppError> {
    let mut lines = Vec::new();
    for line in cart::service::lines_of(conn, user_id)? { //~ calls shop::cart::service::lines_of
        let offer = catalog::service::offer(conn, line.product_id)?; //~ n-plus-one ; calls shop::catalog::service::offer
        lines.push(QuoteLine {
            product_id: line.product_id,
            name: offer.name,
            quantity: line.quantity,
            price_cents: offer.price_cents,
        });
    }
    let discount = match voucher {
        Some(code) => Some((code, vouchers::percent_of_voucher(conn, code, state.now())?)),
        None => None,
    };
    Ok(pricing::quote(lines, discount)) //~ calls shop::checkout::pricing::quote
}

/// Turns the cart into an order: takes the goods off the shelf and asks for the money, all or
/// nothing.
pub fn place(
    conn: &mut SqliteConnection,
    state: &AppState,
    current: &AuthUser,
    form: &OrderForm,
) -> Result<OrderView, AppError> {
    let now = state.now();
    accounts::addresses::owned_by(conn, current.id, form.address_id)?; //~ calls shop::accounts::addresses::owned_by
    // Takes the write lock at once: two customers must not both get the last tin.
    conn.immediate_transaction(|conn| { //~ transaction
        let quote = quote(conn, state, current.id, form.voucher.as_deref())?; //~ calls shop::checkout::service::quote
        if quote.lines.is_empty() {
            return Err(AppError::conflict("cart_empty", "the cart is empty"));
        }
        let order: Order = diesel::insert_into(orders::table) //~ inserts orders
            .values(NewOrder {
                user_id: current.id,
                address_id: form.address_id,
                status: "placed",
                subtotal_cents: quote.subtotal_cents,
                discount_cents: quote.discount_cents,
                shipping_cents: quote.shipping_cents,
                total_cents: quote.total_cents,
                voucher_code: quote.voucher.as_deref(),
                placed_at: now,
            })
            .returning(Order::as_returning())
            .get_result(conn)?;
        for line in quote.lines {
            catalog::service::take_stock(conn, line.product_id, line.quantity, now)?; //~ n-plus-one ; calls shop::catalog::service::take_stock
            diesel::insert_into(order_lines::table) //~ inserts order_lines
                .values(OrderLine {
                    order_id: order.id,
                    product_id: line.product_id,
                    product_name: line.name,
                    quantity: line.quantity,
                    price_cents: line.price_cents,
                })
                .execute(conn)?;
        }
        if let Some(code) = &quote.voucher {
            vouchers::redeem(conn, code)?;
        }
        let bill = Bill {
            order_id: order.id,
            user_id: current.id,
            amount_cents: order.total_cents,
            payment_token: form.payment_token.clone(),
        };
        let payment = payment::service::charge(conn, state.provider.as_ref(), &bill, now)?; //~ calls shop::payment::service::charge
        if payment.status == "captured" {
            set_status(conn, order.id, "paid")?;
        }
        cart::service::clear(conn, current.id)?; //~ calls shop::cart::service::clear
        show(conn, current, order.id)
    })
}

/// One page of the user's orders, newest first.
pub fn list(
    conn: &mut SqliteConnection,
    current: &AuthUser,
    params: PageParams,
) -> Result<Page<OrderSummary>, AppError> {
    let (limit, offset) = params.limit_offset()?;
    let owned = orders::table.filter(orders::user_id.eq(current.id)); //~ reads orders
    let total = owned.count().get_result(conn)?;
    let rows: Vec<Order> = owned
        .order((orders::placed_at.desc(), orders::id.desc()))
        .limit(limit)
        .offset(offset)
        .select(Order::as_select())
        .load(conn)?;
    let lines = OrderLine::belonging_to(&rows) //~ reads order_lines
        .select(OrderLine::as_select())
        .load(conn)?
        .grouped_by(&rows);
    let mut items = Vec::with_capacity(rows.len());
    for (order, lines) in rows.into_iter().zip(lines) {
        let paid_cents = payment::service::paid_cents(conn, order.id)?; //~ n-plus-one ; calls shop::payment::service::paid_cents
        items.push(OrderSummary {
            id: order.id,
            status: order.status,
            placed_at: order.placed_at,
            total_cents: order.total_cents,
            paid_cents,
            items: lines.iter().map(|line| line.quantity).sum(),
        });
    }
    Ok(Page { items, total })
}

/// The order, if the asker may see it.
pub fn require_order(
    conn: &mut SqliteConnection,
    current: &AuthUser,
    order_id: i32,
) -> Result<Order, AppError> {
    orders::table //~ reads orders
        .find(order_id)
        .select(Order::as_select())
        .first(conn)
        .optional()?
        .filter(|order| order.user_id == current.id || current.is_staff()) //~ calls shop::accounts::models::User::is_staff
        .ok_or(AppError::NotFound("order"))
}

/// One order with its lines.
pub fn show(
    conn: &mut SqliteConnection,
    current: &AuthUser,
    order_id: i32,
) -> Result<OrderView, AppError> {
    let order = require_order(conn, current, order_id)?;
    let lines = OrderLine::belonging_to(&order) //~ reads order_lines
        .order(order_lines::product_id)
        .select(OrderLine::as_select())
        .load(conn)?;
    Ok(OrderView {
        total: format_cents(order.total_cents),
        order,
        lines,
    })
}

/// Cancels an order that was not shipped and pays everything back. A trigger puts the goods back
/// on the shelf.
pub fn cancel(
    conn: &mut SqliteConnection,
    state: &AppState,
    current: &AuthUser,
    order_id: i32,
) -> Result<OrderView, AppError> {
    conn.immediate_transaction(|conn| { //~ transaction
        let order = require_order(conn, current, order_id)?;
        if order.status != "placed" && order.status != "paid" {
            return Err(AppError::conflict(
                "not_cancellable",
                format!("the order is {}", order.status),
            ));
        }
        set_status(conn, order.id, "cancelled")?;
        let refunded = payment::service::refund_order(conn, state, order.id)?; //~ calls shop::payment::service::refund_order
        log::info!(
            "order {} cancelled, {} back",
            order.id,
            format_cents(refunded)
        );
        show(conn, current, order_id)
    })
}

/// Sets the status of an order; a cancelled one stays cancelled.
pub fn set_status( //~ unsendable
    conn: &mut SqliteConnection,
    order_id: i32,
    new_status: &str,
) -> Result<(), AppError> {
    use crate::schema::orders::dsl;

    let open = dsl::orders.filter(dsl::id.eq(order_id).and(dsl::status.ne("cancelled")));
    diesel::update(open) //~ updates orders
        .set(dsl::status.eq(new_status))
        .execute(conn)?;
    Ok(())
}

/// Notes that an order has left the house, and returns whom to tell.
pub fn ship(
    conn: &mut SqliteConnection,
    state: &AppState,
    order_id: i32,
) -> Result<accounts::models::Contact, AppError> {
    use crate::schema::orders::dsl::*;

    let paid = orders.find(order_id).filter(status.eq("paid"));
    let shipped: Option<i32> = diesel::update(paid) //~ updates orders
        .set((status.eq("shipped"), shipped_at.eq(state.now())))
        .returning(user_id)
        .get_result(conn)
        .optional()?;
    let Some(owner) = shipped else {
        return Err(AppError::conflict(
            "not_paid",
            "only paid orders are shipped",
        ));
    };
    accounts::service::contact_of(conn, owner)
}

/// The staff's list of orders, oldest first.
pub fn staff_list(
    conn: &mut SqliteConnection,
    params: &StaffParams,
) -> Result<Vec<StaffOrder>, AppError> {
    let mut query = orders::table //~ reads orders, users, addresses
        .inner_join(users::table)
        .inner_join(addresses::table)
        .select((
            orders::id,
            orders::status,
            orders::placed_at,
            orders::total_cents,
            users::name,
            addresses::city,
        ))
        .order((orders::placed_at, orders::id))
        .into_boxed();
    if let Some(status) = &params.status {
        query = query.filter(orders::status.eq(status));
    }
    if let Some(text) = &params.q {
        let pattern = format!("%{text}%");
        query = query.filter(
            users::name
                .like(pattern.clone())
                .or(users::email.like(pattern)),
        );
    }
    Ok(query.load(conn)?)
}

/// How much a user has ordered.
pub fn order_count(conn: &mut SqliteConnection, owner: i32) -> Result<i64, AppError> {
    use crate::schema::orders::dsl::*;

    let n = orders.filter(user_id.eq(owner)).count().get_result(conn)?; //~ reads orders
    Ok(n)
}

/// Whether an order is delivered to the address.
pub fn address_in_use(conn: &mut SqliteConnection, address: i32) -> Result<bool, AppError> {
    let used = diesel::select(exists(orders::table.filter(orders::address_id.eq(address)))); //~ reads orders
    Ok(used.get_result(conn)?)
}

/// Whether the user has bought the product and kept it.
pub fn has_bought(
    conn: &mut SqliteConnection,
    user_id: i32,
    product_id: i32,
) -> Result<bool, AppError> {
    let bought = order_lines::table //~ reads order_lines, orders
        .inner_join(orders::table)
        .filter(order_lines::product_id.eq(product_id))
        .filter(orders::user_id.eq(user_id))
        .filter(orders::status.ne("cancelled"));
    Ok(diesel::select(exists(bought)).get_result(conn)?)
}
