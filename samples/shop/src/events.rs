//! The in-process queue between the domains.

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::error::AppError;
use crate::state::AppState;
use crate::trends;

/// Topic of [`CartItemAdded`].
pub const CART_ITEM_ADDED: &str = "cart.item_added";

/// A customer put something into the cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartItemAdded {
    pub user_id: i32,
    pub product_id: i32,
    pub quantity: i32,
}

/// A message in the queue: topic and payload, as a broker would carry it.
#[derive(Clone, Debug)]
pub struct Envelope {
    pub topic: &'static str,
    pub payload: serde_json::Value,
}

/// Where events arrive.
pub type EventReceiver = UnboundedReceiver<Envelope>;

/// The sending end; clones share one queue.
#[derive(Clone, Debug)]
pub struct EventBus {
    sender: UnboundedSender<Envelope>, //~ state
}

impl EventBus {
    /// An empty queue.
    pub fn new() -> (Self, EventReceiver) {
        let (sender, receiver) = unbounded_channel();
        (Self { sender }, receiver)
    }

    /// Puts an event into the queue. It is lost when the process ends before it was handled.
    pub fn emit<E: Serialize>(&self, topic: &'static str, event: &E) {
        let payload = match serde_json::to_value(event) {
            Ok(payload) => payload,
            Err(err) => return log::error!("{topic} cannot be written: {err}"),
        };
        if self.sender.send(Envelope { topic, payload }).is_err() {
            log::warn!("nobody listens to {topic}");
        }
    }
}

/// Hands events to the domains until the queue is closed.
pub async fn consume(state: AppState, mut receiver: EventReceiver) {
    while let Some(envelope) = receiver.recv().await {
        let topic = envelope.topic;
        if let Err(err) = dispatch(&state, envelope).await { //~ calls shop::events::dispatch
            log::error!("handling {topic} failed: {err}");
        }
    }
}

/// Handles what is in the queue now and returns how much that was.
pub async fn drain(state: &AppState, receiver: &mut EventReceiver) -> Result<usize, AppError> {
    let mut n_handled = 0;
    while let Ok(envelope) = receiver.try_recv() {
        dispatch(state, envelope).await?;
        n_handled += 1;
    }
    Ok(n_handled)
}

async fn dispatch(state: &AppState, envelope: Envelope) -> Result<(), AppError> {
    match envelope.topic {
        CART_ITEM_ADDED => {
            let event: CartItemAdded = read(envelope.payload)?;
            trends::consumer::on_cart_item_added(state, event).await //~ calls shop::trends::consumer::on_cart_item_added
        }
        other => {
            log::warn!("no handler for {other}");
            Ok(())
        }
    }
}

fn read<E: for<'de> Deserialize<'de>>(payload: serde_json::Value) -> Result<E, AppError> {
    serde_json::from_value(payload).map_err(|err| AppError::Internal(err.to_string()))
}
