//! The one error type of the application and how it looks to a client.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Everything that can go wrong while answering a request or running a job.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("{0} not found")]
    NotFound(&'static str),
    #[error("{0}")]
    Malformed(String),
    #[error("{0}")]
    Invalid(String),
    #[error("{0}")]
    Unauthorized(&'static str),
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("{message}")]
    Conflict { code: &'static str, message: String },
    #[error("only {free} of {wanted} units of item {item_id} are free in that period")]
    OutOfStock {
        item_id: i64,
        wanted: i64,
        free: i64,
    },
    #[error("payment declined: {0}")]
    PaymentDeclined(String),
    #[error("too many attempts, try again later")]
    TooManyAttempts,
    #[error("configuration: {0}")]
    Config(String),
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("internal: {0}")]
    Internal(String),
}

impl AppError {
    /// A conflict with a machine-readable code.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        AppError::Conflict {
            code,
            message: message.into(),
        }
    }

    /// The status and the code that a client sees.
    pub fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            AppError::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            AppError::Malformed(_) => (StatusCode::BAD_REQUEST, "malformed"),
            AppError::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            AppError::Unauthorized(_) => (StatusCode::UNAUTHORIZED, "unauthorized"),
            AppError::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            AppError::Conflict { code, .. } => (StatusCode::CONFLICT, code),
            AppError::OutOfStock { .. } => (StatusCode::CONFLICT, "out_of_stock"),
            AppError::PaymentDeclined(_) => (StatusCode::PAYMENT_REQUIRED, "payment_declined"),
            AppError::TooManyAttempts => (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts"),
            AppError::Config(_)
            | AppError::Database(_)
            | AppError::Migration(_)
            | AppError::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }

    /// Whether a unique index refused the write.
    pub fn is_unique_violation(&self) -> bool {
        match self {
            AppError::Database(sqlx::Error::Database(err)) => err.is_unique_violation(),
            _ => false,
        }
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        let message = if status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(error = %self, "request failed");
            // Details of our own failures stay in the log.
            "something went wrong".to_owned()
        } else {
            self.to_string()
        };
        (
            status,
            Json(json!({ "error": { "code": code, "message": message } })),
        )
            .into_response()
    }
}

impl From<axum::extract::rejection::JsonRejection> for AppError {
    fn from(rejection: axum::extract::rejection::JsonRejection) -> Self {
        use axum::extract::rejection::JsonRejection;
        match rejection {
            JsonRejection::JsonDataError(err) => AppError::Invalid(err.body_text()),
            other => AppError::Malformed(other.body_text()),
        }
    }
}

impl From<axum::extract::rejection::QueryRejection> for AppError {
    fn from(rejection: axum::extract::rejection::QueryRejection) -> Self {
        AppError::Malformed(rejection.body_text())
    }
}

impl From<axum::extract::rejection::PathRejection> for AppError {
    fn from(_: axum::extract::rejection::PathRejection) -> Self {
        // An id that is no number names nothing.
        AppError::NotFound("page")
    }
}

impl From<tokio::task::JoinError> for AppError {
    fn from(err: tokio::task::JoinError) -> Self {
        AppError::Internal(err.to_string())
    }
}

impl From<tokio_cron_scheduler::JobSchedulerError> for AppError {
    fn from(err: tokio_cron_scheduler::JobSchedulerError) -> Self {
        AppError::Config(format!("cron: {err}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_failures_hide_their_details() {
        let response = AppError::Internal("secret".into()).into_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn conflicts_keep_their_code() {
        let err = AppError::conflict("email_taken", "x");
        assert_eq!(err.status_and_code(), (StatusCode::CONFLICT, "email_taken"));
    }
}
