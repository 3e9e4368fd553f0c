//! HTTP handlers of accounts.

use actix_web::{HttpResponse, get, patch, post, rt, web};

use super::auth::AuthUser;
use super::models::{Credentials, ProfileChanges, Registration, User, UserEntry};
use super::service;
use crate::db;
use crate::error::AppError;
use crate::state::AppState;
use crate::support::{Checks, Page, PageParams};

/// Creates a customer account and signs it in. The welcome mail follows.
#[post("/register")]
pub async fn register( //~ entry POST /api/auth/register
    state: web::Data<AppState>,
    body: web::Json<Registration>,
) -> Result<HttpResponse, AppError> {
    let registration = body.into_inner();
    let (now, days) = (state.now(), state.config.session_days);
    let signed_in = db::with_conn(&state.pool, move |conn| {
        let user = service::create_account(conn, &registration, "customer", now)?; //~ calls shop::accounts::service::create_account
        service::start_session(conn, user, now, days)
    })
    .await?;

    let mailer = state.mailer.clone();
    let (email, name) = (signed_in.user.email.clone(), signed_in.user.name.clone());
    rt::spawn(async move { //~ detached
        let body = format!("Hello {name}, the kettle is on.");
        mailer.send(&email, "Welcome", body); //~ calls shop::mailer::Mailer::send
    });
    Ok(HttpResponse::Created().json(signed_in))
}

/// Checks the password and starts a session.
#[post("/login")]
pub async fn login( //~ entry POST /api/auth/login
    state: web::Data<AppState>,
    body: web::Json<Credentials>,
) -> Result<HttpResponse, AppError> {
    let signed_in = web::block(move || {
        let mut conn = state.pool.get()?;
        service::login(&state, &mut conn, &body) //~ calls shop::accounts::service::login
    })
    .await??;
    Ok(HttpResponse::Ok().json(signed_in))
}

/// Ends the session of the presented token.
#[post("/logout")]
pub async fn logout( //~ entry POST /api/auth/logout
    state: web::Data<AppState>,
    current: AuthUser,
) -> Result<HttpResponse, AppError> {
    db::with_conn(&state.pool, move |conn| {
        service::end_session(conn, &current.token_hash) //~ calls shop::accounts::service::end_session
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The signed-in user.
#[get("")]
pub async fn me(current: AuthUser) -> web::Json<User> { //~ entry GET /api/me
    web::Json(current.user)
}

/// Changes the signed-in user's profile.
#[patch("")]
pub async fn update_me( //~ entry PATCH /api/me
    state: web::Data<AppState>,
    current: AuthUser,
    body: web::Json<ProfileChanges>,
) -> Result<web::Json<User>, AppError> {
    let changes = body.into_inner();
    if let Some(name) = &changes.name {
        Checks::new().text("name", name, 80).done()?;
    }
    if changes.name.is_none() && changes.newsletter.is_none() {
        return Err(AppError::Invalid("nothing to change".to_owned()));
    }
    let user = db::with_conn(&state.pool, move |conn| {
        service::update_profile(conn, &current.user, &changes)
    })
    .await?;
    Ok(web::Json(user))
}

/// The staff's list of users.
pub async fn list_users( //~ entry GET /api/admin/users
    state: web::Data<AppState>,
    params: web::Query<PageParams>,
) -> Result<web::Json<Page<UserEntry>>, AppError> {
    let page = web::block(move || {
        let mut conn = state.pool.get()?;
        service::list_users(&mut conn, params.into_inner())
    })
    .await??;
    Ok(web::Json(page))
}
