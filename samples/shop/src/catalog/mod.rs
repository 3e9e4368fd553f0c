//! What is sold: categories, products, stock, reviews.

pub mod admin;
pub mod cache;
pub mod handlers;
pub mod import;
pub mod models;
pub mod reviews;
pub mod search;
pub mod service;

use actix_web::web;

/// Below `/api/catalog`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(handlers::categories).service(
        web::scope("/products")
            .service(handlers::search)
            .service(handlers::show)
            .service(
                web::resource("/{sku}/reviews")
                    .get(reviews::list)
                    .post(reviews::write),
            ),
    );
}
