//! Rules of the user domain.

use std::sync::PoisonError;

use argon2::Argon2;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use chrono::Duration;

use super::repo;
use super::types::{
    Address, Contact, LoginRequest, NewAddress, ProfilePatch, RegisterRequest, SessionView,
    UserListEntry, UserRow, UserView,
};
use crate::error::AppError;
use crate::helpers::tokens::{random_token, sha256_hex};
use crate::helpers::{Page, PageParams, Validator, normalise_email, timestamp};
use crate::orders;
use crate::state::AppState;

const MIN_PASSWORD: usize = 10;
const MAX_FAILURES: u32 = 5;

/// Creates a customer account and signs it in. The welcome mail follows later.
pub async fn register(state: &AppState, req: RegisterRequest) -> Result<SessionView, AppError> {
    let user = create_account(state, &req, "customer").await?;
    let mailer = state.mailer.clone();
    let metrics = state.metrics.clone();
    let (email, name) = (user.email.clone(), user.display_name.clone());
    tokio::spawn(async move { //~ detached
        let body = format!("Hello {name}, your account is ready. See you at the desk!");
        mailer.send(&email, "Welcome".to_owned(), body).await; //~ calls photo_rental::mailer::Mailer::send
        metrics.mail_sent();
    });
    start_session(state, user).await
}

/// Creates an account with a role; used by registration and by the command line.
pub async fn create_account(
    state: &AppState,
    req: &RegisterRequest,
    role: &str,
) -> Result<UserRow, AppError> {
    Validator::new()
        .email("email", &req.email)
        .text("display_name", &req.display_name, 80)
        .check(
            req.password.chars().count() >= MIN_PASSWORD,
            format!("password must have at least {MIN_PASSWORD} characters"),
        )
        .finish()?;
    let password_hash = hash_password(req.password.clone()).await?;
    let email = normalise_email(&req.email);
    let inserted = repo::insert_user(
        &state.pool,
        &email,
        req.display_name.trim(),
        req.phone.as_deref(),
        &password_hash,
        role,
        &state.now_text(),
    )
    .await;
    let id = match inserted {
        Err(err) if err.is_unique_violation() => {
            return Err(AppError::conflict(
                "email_taken",
                "an account with this e-mail address exists",
            ));
        }
        other => other?,
    };
    repo::by_id(&state.pool, id)
        .await?
        .ok_or(AppError::NotFound("user"))
}

/// Checks the password and starts a session.
pub async fn login(state: &AppState, req: LoginRequest) -> Result<SessionView, AppError> {
    let email = normalise_email(&req.email);
    if failures(state, &email) >= MAX_FAILURES {
        return Err(AppError::TooManyAttempts);
    }
    let user = repo::by_email(&state.pool, &email).await?;
    let known = match &user {
        Some(user) => verify_password(req.password, user.password_hash.clone()).await?,
        None => false,
    };
    let Some(user) = user.filter(|_| known) else {
        note_failure(state, &email);
        return Err(AppError::Unauthorized("wrong e-mail address or password"));
    };
    forget_failures(state, &email);
    repo::purge_sessions(&state.pool, user.id, &state.now_text()).await?;
    start_session(state, user).await
}

async fn start_session(state: &AppState, user: UserRow) -> Result<SessionView, AppError> {
    let token = random_token();
    let expires_at = timestamp(state.clock.now() + Duration::days(state.config.session_days));
    repo::insert_session(
        &state.pool,
        &sha256_hex(&token),
        user.id,
        &state.now_text(),
        &expires_at,
    )
    .await?;
    Ok(SessionView {
        token,
        expires_at,
        user: user.into(),
    })
}

/// Applies the given fields to the profile.
pub async fn update_profile(
    state: &AppState,
    user: UserRow,
    patch: ProfilePatch,
) -> Result<UserView, AppError> {
    let mut check = Validator::new();
    if let Some(name) = &patch.display_name {
        check.text("display_name", name, 80);
    }
    if let Some(phone) = &patch.phone {
        check.text("phone", phone, 30);
    }
    check.finish()?;
    let display_name = patch.display_name.unwrap_or(user.display_name);
    let phone = patch.phone.or(user.phone);
    repo::update_profile(&state.pool, user.id, display_name.trim(), phone.as_deref()).await?;
    let row = repo::by_id(&state.pool, user.id)
        .await?
        .ok_or(AppError::NotFound("user"))?;
    Ok(row.into()) //~ calls photo_rental::users::types::UserView::from
}

/// The staff's list of users with their open orders.
pub async fn list_users(
    state: &AppState,
    params: PageParams,
) -> Result<Page<UserListEntry>, AppError> {
    let window = params.window()?;
    let (rows, total) = repo::list(&state.pool, window).await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let open_orders = orders::service::open_order_count(state, row.id).await?; //~ n-plus-one ; calls photo_rental::orders::service::open_order_count
        entries.push(UserListEntry {
            user: row.into(),
            open_orders,
        });
    }
    Ok(Page::new(entries, window, total))
}

/// Where to reach a user.
pub async fn contact_of(state: &AppState, user_id: i64) -> Result<Contact, AppError> {
    repo::contact(&state.pool, user_id)
        .await?
        .ok_or(AppError::NotFound("user"))
}

/// Adds an address; the first one becomes the default.
pub async fn add_address(
    state: &AppState,
    user_id: i64,
    new: NewAddress,
) -> Result<Address, AppError> {
    Validator::new()
        .text("label", &new.label, 40)
        .text("line1", &new.line1, 120)
        .text("postcode", &new.postcode, 12)
        .text("city", &new.city, 80)
        .check(
            new.country.trim().len() == 2,
            "country must be a two-letter code",
        )
        .finish()?;
    let first = repo::addresses(&state.pool, user_id).await?.is_empty();
    let mut tx = state.pool.begin().await?; //~ transaction
    let id = repo::insert_address(&mut *tx, user_id, &new).await?;
    if new.is_default || first {
        repo::set_default_address(&mut *tx, user_id, id).await?;
    }
    let address = repo::address(&mut *tx, user_id, id).await?;
    tx.commit().await?;
    address.ok_or(AppError::NotFound("address"))
}

/// Chooses the default address.
pub async fn make_default_address(
    state: &AppState,
    user_id: i64,
    id: i64,
) -> Result<Vec<Address>, AppError> {
    require_address(state, user_id, id).await?;
    repo::set_default_address(&state.pool, user_id, id).await?;
    repo::addresses(&state.pool, user_id).await
}

/// Removes an address unless an open order is delivered there.
pub async fn remove_address(state: &AppState, user_id: i64, id: i64) -> Result<(), AppError> {
    require_address(state, user_id, id).await?;
    if orders::service::address_in_use(state, id).await? { //~ calls photo_rental::orders::service::address_in_use
        return Err(AppError::conflict(
            "address_in_use",
            "an order uses this address",
        ));
    }
    repo::delete_address(&state.pool, id).await
}

/// The address, if the user owns it.
pub async fn require_address(state: &AppState, user_id: i64, id: i64) -> Result<Address, AppError> {
    repo::address(&state.pool, user_id, id)
        .await?
        .ok_or(AppError::NotFound("address"))
}

async fn hash_password(password: String) -> Result<String, AppError> {
    // Hashing takes long on purpose; it must not hold up the other requests.
    tokio::task::spawn_blocking(move || {
        let salt = SaltString::generate(&mut OsRng);
        Argon2::default()
            .hash_password(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|err| AppError::Internal(err.to_string()))
    })
    .await?
}

async fn verify_password(password: String, stored: String) -> Result<bool, AppError> {
    tokio::task::spawn_blocking(move || {
        let hash = PasswordHash::new(&stored).map_err(|err| AppError::Internal(err.to_string()))?;
        Ok(Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok())
    })
    .await?
}

fn failures(state: &AppState, email: &str) -> u32 {
    let failures = state
        .login_failures
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    failures.get(email).copied().unwrap_or(0)
}

fn note_failure(state: &AppState, email: &str) {
    let mut failures = state
        .login_failures
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    *failures.entry(email.to_owned()).or_default() += 1;
}

fn forget_failures(state: &AppState, email: &str) {
    let mut failures = state
        .login_failures
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    failures.remove(email);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_verifies_its_own_password_only() {
        let hash = hash_password("correct horse".into()).await.unwrap();
        assert!(
            verify_password("correct horse".into(), hash.clone())
                .await
                .unwrap()
        );
        assert!(!verify_password("wrong horse".into(), hash).await.unwrap());
    }
}
