//! Learns from finished rentals.

use super::{repo, service};
use crate::error::AppError;
use crate::events::RentalReturned;
use crate::state::AppState;

/// Counts the items of a returned rental and ties them together. An event that is delivered
/// twice counts once.
pub async fn on_rental_returned(state: &AppState, event: RentalReturned) -> Result<(), AppError> { //~ entry consumer rental.returned
    let mut tx = state.pool.begin().await?; //~ transaction
    let mut fresh = false;
    for &item_id in &event.item_ids {
        if repo::insert_history(
            &mut *tx,
            event.order_id,
            event.user_id,
            item_id,
            &event.returned_on,
        )
        .await?
        {
            repo::bump_popularity(&mut *tx, item_id, &event.returned_on).await?;
            fresh = true;
        }
    }
    if fresh {
        for (item_id, other) in service::pairs(&event.item_ids) { //~ calls photo_rental::recommendations::service::pairs
            repo::bump_affinity(&mut *tx, item_id, other).await?;
        }
    }
    tx.commit().await?;
    tracing::debug!(order_id = event.order_id, fresh, "rental counted");
    Ok(())
}
