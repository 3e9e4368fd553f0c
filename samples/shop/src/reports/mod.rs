//! Figures for the staff. Reads everybody's tables and writes none.

pub mod handlers;
pub mod queries;

use actix_web::web;

/// Below `/api/admin/reports`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(handlers::sales)
        .service(handlers::revenue)
        .service(handlers::customers)
        .service(handlers::price_list);
}
