//! Customers and staff: accounts, sessions, delivery addresses.

pub mod addresses;
pub mod auth;
pub mod handlers;
pub mod jobs;
pub mod models;
pub mod service;

use actix_web::web;

pub use auth::AuthUser;

/// Below `/api`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::scope("/auth")
            .service(handlers::register)
            .service(handlers::login)
            .service(handlers::logout),
    )
    .service(
        web::scope("/me")
            .service(handlers::me)
            .service(handlers::update_me)
            .service(
                web::resource("/addresses")
                    .route(web::get().to(addresses::list))
                    .route(web::post().to(addresses::create)),
            )
            .service(
                web::resource("/addresses/{id}")
                    .route(web::put().to(addresses::update))
                    .route(web::delete().to(addresses::delete)),
            ),
    );
}

/// Below `/api/admin`.
pub fn admin_routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/users", web::get().to(handlers::list_users));
}
