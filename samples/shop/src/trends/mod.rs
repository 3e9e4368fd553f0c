//! What customers put into their carts: written by the consumer of `cart.item_added`.

pub mod consumer;
pub mod handlers;
