//! From the cart to the order: quotes, vouchers, orders.

pub mod admin;
pub mod handlers;
pub mod models;
pub mod pricing;
pub mod routes;
pub mod service;
pub mod vouchers;
