//! An online shop for tea: one process, one database, seven domains.

pub mod accounts;
pub mod cart;
pub mod catalog;
pub mod checkout;
pub mod clock;
pub mod commands;
pub mod config;
pub mod db;
pub mod error;
pub mod events;
pub mod mailer;
pub mod payment;
pub mod reports;
pub mod schema;
pub mod server;
pub mod state;
pub mod support;
pub mod trends;

use actix_web::middleware::from_fn;
use actix_web::{HttpResponse, get, web};
use diesel::RunQueryDsl;
use serde_json::json;

pub use config::Config;
pub use error::AppError;
pub use state::{AppState, build_state};
use support::middleware::{count_requests, extractors, n_requests, staff_only};

/// The whole application, for `App::configure`.
pub fn app(state: AppState) -> impl FnOnce(&mut web::ServiceConfig) {
    move |cfg| {
        cfg.app_data(web::Data::new(state))
            .configure(extractors)
            .configure(routes)
            .default_service(web::to(not_found));
    }
}

fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(health).service(
        web::scope("/api")
            .wrap(from_fn(count_requests))
            .service(version)
            .configure(accounts::routes) //~ calls shop::accounts::routes
            .service(web::scope("/catalog").configure(catalog::routes))
            .service(cart::scope()) //~ calls shop::cart::scope
            .service(checkout::routes::scope().configure(payment::order_routes))
            .service(payment::scope())
            .service(web::scope("/trends").service(trends::handlers::trending))
            .service(admin()),
    );
}

/// What only the staff may do.
fn admin() -> actix_web::Scope<
    impl actix_web::dev::ServiceFactory<
        actix_web::dev::ServiceRequest,
        Config = (),
        Response = actix_web::dev::ServiceResponse,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    web::scope("/admin")
        .wrap(from_fn(staff_only))
        .configure(catalog::admin::routes)
        .configure(checkout::routes::admin)
        .configure(payment::admin_routes)
        .configure(accounts::admin_routes)
        .service(web::scope("/reports").configure(reports::routes))
}

/// Whether the process is up and reaches its database.
#[get("/health")]
async fn health(state: web::Data<AppState>) -> Result<HttpResponse, AppError> { //~ entry GET /health
    db::with_conn(&state.pool, |conn| {
        diesel::sql_query("SELECT 1").execute(conn)?;
        Ok(())
    })
    .await?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ok" })))
}

/// Which release is running.
#[get("/version")]
async fn version() -> HttpResponse { //~ entry GET /api/version
    log::debug!("{} requests so far", n_requests()); //~ calls shop::support::middleware::n_requests
    HttpResponse::Ok().json(json!({
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
    }))
}

async fn not_found() -> Result<HttpResponse, AppError> {
    Err(AppError::NotFound("page"))
}
