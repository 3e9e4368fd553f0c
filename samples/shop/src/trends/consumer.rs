//! Learns from carts.

use diesel::prelude::*;

use crate::db;
use crate::error::AppError;
use crate::events::CartItemAdded;
use crate::schema::{interest_events, product_interest};
use crate::state::AppState;

/// Counts what was added to a cart.
pub async fn on_cart_item_added(state: &AppState, event: CartItemAdded) -> Result<(), AppError> { //~ entry consumer cart.item_added
    let now = state.now();
    db::with_conn(&state.pool, move |conn| {
        conn.transaction(|conn| { //~ transaction
            diesel::insert_into(interest_events::table) //~ inserts interest_events
                .values((
                    interest_events::user_id.eq(event.user_id),
                    interest_events::product_id.eq(event.product_id),
                    interest_events::quantity.eq(event.quantity),
                    interest_events::at.eq(now),
                ))
                .execute(conn)?;
            diesel::insert_into(product_interest::table) //~ inserts product_interest ; updates product_interest
                .values((
                    product_interest::product_id.eq(event.product_id),
                    product_interest::times_added.eq(1),
                    product_interest::last_added_at.eq(now),
                ))
                .on_conflict(product_interest::product_id)
                .do_update()
                .set((
                    product_interest::times_added.eq(product_interest::times_added + 1),
                    product_interest::last_added_at.eq(now),
                ))
                .execute(conn)?;
            Ok(())
        })
    })
    .await
}
