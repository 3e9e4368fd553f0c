//! Charges and refunds through a payment provider.

pub mod handlers;
pub mod models;
pub mod provider;
pub mod service;
pub mod webhook;

use actix_web::{Scope, web};

/// `/api/payments`.
pub fn scope() -> Scope {
    web::scope("/payments")
        .route("/webhook", web::post().to(webhook::receive))
        .service(handlers::show)
}

/// Below `/api/orders`, beside the routes of the checkout.
pub fn order_routes(cfg: &mut web::ServiceConfig) {
    cfg.service(handlers::of_order);
}

/// Below `/api/admin`.
pub fn admin_routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/payments/{id}/refunds").route(web::post().to(handlers::refund)));
}
