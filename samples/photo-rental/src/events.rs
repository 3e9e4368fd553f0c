//! The in-process event channel between the domains.

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;

use crate::recommendations;
use crate::state::AppState;

/// Topic of [`RentalReturned`].
pub const RENTAL_RETURNED: &str = "rental.returned";

const CAPACITY: usize = 256;

/// A customer brought everything back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RentalReturned {
    pub order_id: i64,
    pub user_id: i64,
    pub item_ids: Vec<i64>,
    /// The day of the return, `YYYY-MM-DD`.
    pub returned_on: String,
}

/// A message on the channel: topic and payload, as a broker would carry it.
#[derive(Clone, Debug)]
pub struct Envelope {
    pub topic: &'static str,
    pub payload: serde_json::Value,
}

/// The sending end; clones share one channel.
#[derive(Clone, Debug)]
pub struct EventBus {
    sender: broadcast::Sender<Envelope>, //~ state
}

impl EventBus {
    /// A channel nobody listens to yet.
    pub fn new() -> Self {
        let (sender, _) = broadcast::channel(CAPACITY);
        Self { sender }
    }

    /// Publishes an event. Without a listener it is lost, as it always was.
    pub fn publish<E: Serialize>(&self, topic: &'static str, event: &E) {
        match serde_json::to_value(event) {
            Ok(payload) => {
                if self.sender.send(Envelope { topic, payload }).is_err() {
                    tracing::debug!(topic, "event without a listener");
                }
            }
            Err(err) => tracing::error!(topic, %err, "event cannot be written"),
        }
    }

    /// A new listener; it sees what is published from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Envelope> {
        self.sender.subscribe()
    }
}

impl Default for EventBus {
    fn default() -> Self {
        Self::new()
    }
}

/// Starts the task that hands events to the domains. It ends when the handle is aborted.
pub fn spawn_consumer(state: &AppState) -> JoinHandle<()> {
    // Subscribed before the task runs, so that nothing published meanwhile is missed.
    let receiver = state.events.subscribe();
    let state = state.clone();
    tokio::spawn(async move { consume(state, receiver).await }) //~ calls photo_rental::events::consume
}

async fn consume(state: AppState, mut receiver: broadcast::Receiver<Envelope>) {
    loop {
        match receiver.recv().await {
            Ok(envelope) => dispatch(&state, envelope).await,
            Err(RecvError::Lagged(n)) => tracing::warn!(n, "events were lost"),
            Err(RecvError::Closed) => break,
        }
    }
}

async fn dispatch(state: &AppState, envelope: Envelope) {
    let outcome = match envelope.topic {
        RENTAL_RETURNED => match serde_json::from_value::<RentalReturned>(envelope.payload) {
            Ok(event) => recommendations::consumer::on_rental_returned(state, event).await, //~ calls photo_rental::recommendations::consumer::on_rental_returned
            Err(err) => Err(crate::error::AppError::Internal(err.to_string())),
        },
        other => {
            tracing::warn!(topic = other, "no handler");
            Ok(())
        }
    };
    if let Err(err) = outcome {
        tracing::error!(topic = envelope.topic, %err, "event handler failed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_listener_sees_what_is_published() {
        let bus = EventBus::new();
        let mut receiver = bus.subscribe();
        let event = RentalReturned {
            order_id: 1,
            user_id: 2,
            item_ids: vec![3],
            returned_on: "2026-06-15".into(),
        };
        bus.publish(RENTAL_RETURNED, &event);
        let envelope = receiver.recv().await.unwrap();
        assert_eq!(envelope.topic, RENTAL_RETURNED);
        let read: RentalReturned = serde_json::from_value(envelope.payload).unwrap();
        assert_eq!(read, event);
    }
}
