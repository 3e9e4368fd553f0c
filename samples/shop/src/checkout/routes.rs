//! Where the handlers of the checkout are mounted.

use actix_web::{Scope, web};

use super::{admin, handlers};

/// `/api/orders`.
pub fn scope() -> Scope {
    web::scope("/orders")
        .service(
            web::resource("")
                .route(web::get().to(handlers::list))
                .route(web::post().to(handlers::place)),
        )
        .service(handlers::quote)
        .service(handlers::show)
        .service(handlers::cancel)
}

/// Below `/api/admin`.
pub fn admin(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::scope("/orders")
            .route("", web::get().to(admin::list))
            .route("/{id}/ship", web::post().to(admin::ship)),
    )
    .service(
        web::resource("/vouchers")
            .route(web::get().to(admin::vouchers))
            .route(web::post().to(admin::save_voucher)),
    );
}
