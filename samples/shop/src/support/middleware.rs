//! What happens around every request.

use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::{self, JsonConfig, PathConfig, QueryConfig};
use actix_web::{Error, HttpMessage};

use crate::accounts::auth::{AuthUser, bearer_token, find_user};
use crate::error::AppError;
use crate::state::AppState;

/// Requests since the process started.
static N_REQUESTS: AtomicU64 = AtomicU64::new(0); //~ state

/// How many requests the process has seen.
pub fn n_requests() -> u64 {
    N_REQUESTS.load(Ordering::Relaxed)
}

/// Counts a request.
pub async fn count_requests<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    N_REQUESTS.fetch_add(1, Ordering::Relaxed);
    next.call(request).await
}

/// Lets nobody through but the staff. Handlers behind it find the member as `ReqData<AuthUser>`.
pub async fn staff_only<B: MessageBody>(
    state: web::Data<AppState>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let token = bearer_token(request.request()).ok_or(AppError::Unauthorized("sign in first"))?;
    let user: AuthUser = find_user(&state, token).await?; //~ calls shop::accounts::auth::find_user
    if !user.is_staff() { //~ calls shop::accounts::models::User::is_staff
        return Err(AppError::Forbidden("staff only").into());
    }
    request.extensions_mut().insert(user);
    next.call(request).await
}

/// Makes the extractors complain in the shop's own words.
pub fn extractors(cfg: &mut web::ServiceConfig) {
    cfg.app_data(JsonConfig::default().error_handler(|err, _| AppError::from(err).into()))
        .app_data(
            QueryConfig::default()
                .error_handler(|err, _| AppError::Malformed(err.to_string()).into()),
        )
        // An id that is no number names nothing.
        .app_data(PathConfig::default().error_handler(|_, _| AppError::NotFound("page").into()));
}
