//! The one error type of the shop and how it looks to a client.

use actix_web::error::{BlockingError, JsonPayloadError};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use diesel::r2d2::PoolError;
use diesel::result::{DatabaseErrorKind, Error as DbError};
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
    #[error("payment declined: {0}")]
    PaymentDeclined(String),
    #[error("too many attempts, try again later")]
    TooManyAttempts,
    #[error("configuration: {0}")]
    Config(String),
    #[error("database: {0}")]
    Database(#[from] DbError),
    #[error("connection: {0}")]
    Pool(#[from] PoolError),
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

    /// The code that a client sees.
    pub fn code(&self) -> &'static str {
        match self {
            AppError::NotFound(_) => "not_found",
            AppError::Malformed(_) => "malformed",
            AppError::Invalid(_) => "invalid",
            AppError::Unauthorized(_) => "unauthorized",
            AppError::Forbidden(_) => "forbidden",
            AppError::Conflict { code, .. } => code,
            AppError::PaymentDeclined(_) => "payment_declined",
            AppError::TooManyAttempts => "too_many_attempts",
            AppError::Config(_)
            | AppError::Database(_)
            | AppError::Pool(_)
            | AppError::Internal(_) => "internal",
        }
    }

    /// Another error if a unique index refused the write.
    pub fn or_taken(self, code: &'static str, message: &str) -> Self {
        match self {
            AppError::Database(DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
                AppError::conflict(code, message)
            }
            other => other,
        }
    }
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        match self {
            AppError::NotFound(_) => StatusCode::NOT_FOUND,
            AppError::Malformed(_) => StatusCode::BAD_REQUEST,
            AppError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            AppError::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            AppError::Forbidden(_) => StatusCode::FORBIDDEN,
            AppError::Conflict { .. } => StatusCode::CONFLICT,
            AppError::PaymentDeclined(_) => StatusCode::PAYMENT_REQUIRED,
            AppError::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
            AppError::Config(_)
            | AppError::Database(_)
            | AppError::Pool(_)
            | AppError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let message = if status.is_server_error() {
            log::error!("request failed: {self}");
            // Details of our own failures stay in the log.
            "something went wrong".to_owned()
        } else {
            self.to_string()
        };
        HttpResponse::build(status)
            .json(json!({ "error": { "code": self.code(), "message": message } }))
    }
}

impl From<BlockingError> for AppError {
    fn from(err: BlockingError) -> Self {
        AppError::Internal(err.to_string())
    }
}

impl From<JsonPayloadError> for AppError {
    fn from(err: JsonPayloadError) -> Self {
        match err {
            JsonPayloadError::Deserialize(err) if err.is_data() => {
                AppError::Invalid(err.to_string())
            }
            other => AppError::Malformed(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflicts_keep_their_code() {
        let err = AppError::conflict("email_taken", "x");
        assert_eq!(err.code(), "email_taken");
        assert_eq!(err.status_code(), StatusCode::CONFLICT);
    }

    #[test]
    fn only_unique_violations_are_translated() {
        let err = AppError::from(DbError::NotFound).or_taken("taken", "x");
        assert_eq!(err.code(), "internal");
    }
}
