//! HTTP handlers of the reports; all for the staff.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::types::{CustomerRow, DailyReport, ReportParams, RevenueReport, UtilisationRow};
use super::{csv, service};
use crate::error::AppError;
use crate::helpers::{QueryParams, RentalPeriod, parse_date};
use crate::state::AppState;
use crate::users::AdminUser;

/// Query of the utilisation report.
#[derive(Debug, Deserialize)]
pub struct UtilisationParams {
    pub from: String,
    pub to: String,
    /// The day that counts as today; the clock's if missing.
    pub today: Option<String>,
}

/// How much each item was used.
pub async fn utilisation( //~ entry GET /api/reports/utilisation
    State(state): State<AppState>,
    _admin: AdminUser,
    QueryParams(params): QueryParams<UtilisationParams>,
) -> Result<Json<Vec<UtilisationRow>>, AppError> {
    let period = RentalPeriod::parse(&params.from, &params.to)?;
    let today = match &params.today {
        Some(text) => parse_date("today", text)?,
        None => state.clock.today(),
    };
    Ok(Json(service::utilisation(&state, period, today).await?))
}

/// What was earned.
pub async fn revenue( //~ entry GET /api/reports/revenue
    State(state): State<AppState>,
    _admin: AdminUser,
    QueryParams(params): QueryParams<ReportParams>,
) -> Result<Json<RevenueReport>, AppError> {
    Ok(Json(service::revenue(&state, params.period()?).await?)) //~ calls photo_rental::reporting::types::ReportParams::period ; calls photo_rental::reporting::service::revenue
}

/// Who spent most.
pub async fn customers( //~ entry GET /api/reports/customers
    State(state): State<AppState>,
    _admin: AdminUser,
    QueryParams(params): QueryParams<ReportParams>,
) -> Result<Json<Vec<CustomerRow>>, AppError> {
    Ok(Json(service::customers(&state, params.period()?).await?))
}

/// The stored daily reports.
pub async fn daily( //~ entry GET /api/reports/daily
    State(state): State<AppState>,
    _admin: AdminUser,
    QueryParams(params): QueryParams<ReportParams>,
) -> Result<Json<Vec<DailyReport>>, AppError> {
    Ok(Json(service::daily(&state, params.period()?).await?))
}

/// The stored daily reports as a file.
pub async fn daily_csv( //~ entry GET /api/reports/daily.csv
    State(state): State<AppState>,
    _admin: AdminUser,
    QueryParams(params): QueryParams<ReportParams>,
) -> Result<impl IntoResponse, AppError> {
    let reports = service::daily(&state, params.period()?).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!(
                "attachment; filename=\"daily-{}-{}.csv\"",
                params.from, params.to
            ),
        ),
    ];
    Ok((headers, csv::write(&reports)))
}

/// Works a day out again.
pub async fn rebuild( //~ entry POST /api/reports/daily/{day}
    State(state): State<AppState>,
    _admin: AdminUser,
    Path(day): Path<String>,
) -> Result<(StatusCode, Json<DailyReport>), AppError> {
    let day = parse_date("day", &day)?;
    let report = service::rebuild_day(&state, day).await?;
    Ok((StatusCode::CREATED, Json(report)))
}
