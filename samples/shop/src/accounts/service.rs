//! Rules of accounts.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

use argon2::Argon2;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;

use super::models::{
    Address, Contact, Credentials, NewSession, NewUser, ProfileChanges, Registration, SignedIn,
    User, UserEntry,
};
use crate::checkout;
use crate::error::AppError;
use crate::schema::{sessions, users};
use crate::state::AppState;
use crate::support::tokens::{digest, random_token};
use crate::support::{Checks, Page, PageParams};

const MIN_PASSWORD: usize = 10;
const MAX_FAILURES: u32 = 5;

/// Creates an account with a role; used by the registration and by the command line.
pub fn create_account(
    conn: &mut SqliteConnection,
    registration: &Registration,
    role: &str,
    now: NaiveDateTime,
) -> Result<User, AppError> {
    Checks::new()
        .email("email", &registration.email)
        .text("name", &registration.name, 80)
        .that(
            registration.password.chars().count() >= MIN_PASSWORD,
            format!("password must have at least {MIN_PASSWORD} characters"),
        )
        .done()?;
    let password_hash = hash_password(&registration.password)?;
    let new = NewUser {
        email: &normal_email(&registration.email),
        name: registration.name.trim(),
        password_hash: &password_hash,
        role,
        newsletter: registration.newsletter,
        created_at: now,
    };
    diesel::insert_into(users::table) //~ inserts users
        .values(&new)
        .returning(User::as_returning())
        .get_result(conn)
        .map_err(|err| {
            AppError::from(err).or_taken("email_taken", "an account with this address exists")
        })
}

/// Checks the password and starts a session.
pub fn login(
    state: &AppState,
    conn: &mut SqliteConnection,
    credentials: &Credentials,
) -> Result<SignedIn, AppError> {
    let email = normal_email(&credentials.email);
    if failures(state).get(&email).copied().unwrap_or(0) >= MAX_FAILURES {
        return Err(AppError::TooManyAttempts);
    }
    let user = User::by_email(conn, &email)? //~ calls shop::accounts::models::User::by_email
        .filter(|user| password_matches(&credentials.password, &user.password_hash));
    let Some(user) = user else {
        *failures(state).entry(email).or_default() += 1;
        return Err(AppError::Unauthorized("wrong e-mail address or password"));
    };
    failures(state).remove(&email);
    start_session(conn, user, state.now(), state.config.session_days)
}

fn failures(state: &AppState) -> MutexGuard<'_, HashMap<String, u32>> {
    state
        .login_failures
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

/// Signs a user in.
pub fn start_session(
    conn: &mut SqliteConnection,
    user: User,
    now: NaiveDateTime,
    days: i64,
) -> Result<SignedIn, AppError> {
    let token = random_token();
    let expires_at = now + Duration::days(days);
    diesel::insert_into(sessions::table) //~ inserts sessions
        .values(NewSession {
            token_hash: &digest(&token),
            user_id: user.id,
            created_at: now,
            expires_at,
        })
        .execute(conn)?;
    Ok(SignedIn {
        token,
        expires_at,
        user,
    })
}

/// Ends a session.
pub fn end_session(conn: &mut SqliteConnection, hash: &str) -> Result<(), AppError> {
    use crate::schema::sessions::dsl::{sessions, token_hash};

    diesel::delete(sessions.filter(token_hash.eq(hash))).execute(conn)?; //~ deletes sessions
    Ok(())
}

/// Forgets the sessions that have ended and returns how many these were.
pub fn sweep_sessions(conn: &mut SqliteConnection, now: NaiveDateTime) -> Result<usize, AppError> {
    let ended = sessions::table.filter(sessions::expires_at.le(now));
    Ok(diesel::delete(ended).execute(conn)?) //~ deletes sessions
}

/// Applies the given changes.
pub fn update_profile(
    conn: &mut SqliteConnection,
    user: &User,
    changes: &ProfileChanges,
) -> Result<User, AppError> {
    let user = diesel::update(user) //~ updates users
        .set(changes)
        .returning(User::as_returning())
        .get_result(conn)?;
    Ok(user)
}

/// One page of all users, with how much they have ordered and where they live.
pub fn list_users(
    conn: &mut SqliteConnection,
    params: PageParams,
) -> Result<Page<UserEntry>, AppError> {
    let (limit, offset) = params.limit_offset()?;
    let total = users::table.count().get_result(conn)?; //~ reads users
    let rows: Vec<User> = users::table //~ reads users
        .order(users::id)
        .limit(limit)
        .offset(offset)
        .select(User::as_select())
        .load(conn)?;
    let addresses = Address::belonging_to(&rows) //~ reads addresses
        .select(Address::as_select())
        .load(conn)?
        .grouped_by(&rows);
    let mut items = Vec::with_capacity(rows.len());
    for (user, addresses) in rows.into_iter().zip(addresses) {
        let orders = checkout::service::order_count(conn, user.id)?; //~ n-plus-one ; calls shop::checkout::service::order_count
        items.push(UserEntry {
            user,
            orders,
            city: addresses.into_iter().next().map(|address| address.city),
        });
    }
    Ok(Page { items, total })
}

/// Name and address of a user, for mails.
pub fn contact_of(conn: &mut SqliteConnection, user_id: i32) -> Result<Contact, AppError> {
    let user = User::by_id(conn, user_id)?;
    Ok(Contact {
        name: user.name,
        email: user.email,
    })
}

fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

fn hash_password(password: &str) -> Result<String, AppError> {
    let salt = SaltString::generate(&mut OsRng);
    Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|err| AppError::Internal(err.to_string()))
}

fn password_matches(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|parsed| {
        Argon2::default()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_match_their_hash_only() {
        let hash = hash_password("correct-horse-9").unwrap();
        assert!(password_matches("correct-horse-9", &hash));
        assert!(!password_matches("correct-horse-8", &hash));
        assert!(!password_matches("correct-horse-9", "no hash"));
    }
}
