//! The cart of each customer.

pub mod handlers;
pub mod jobs;
pub mod models;
pub mod service;

use actix_web::{Scope, web};

/// `/api/cart`.
pub fn scope() -> Scope {
    web::scope("/cart")
        .service(handlers::show)
        .service(handlers::clear)
        .service(
            web::scope("/lines")
                .service(handlers::add)
                .service(handlers::change)
                .service(handlers::remove),
        )
}
