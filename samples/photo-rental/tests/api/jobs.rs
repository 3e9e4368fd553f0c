use std::time::Duration;

use photo_rental::orders::jobs::overdue_reminder;
use photo_rental::orders::service::remind_overdue;
use photo_rental::reporting::jobs::nightly_report;
use photo_rental::server::Background;

use crate::common::TestApp;

#[tokio::test]
async fn late_customers_are_reminded_once_a_day() {
    let app = TestApp::new().await;
    assert_eq!(remind_overdue(&app.state).await.unwrap(), 1);
    assert_eq!(remind_overdue(&app.state).await.unwrap(), 0);
    let mails = app.state.mailer.sent();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "Order PR-2026-000003 is overdue");
}

#[tokio::test]
async fn the_reminder_loop_starts_at_once() {
    let app = TestApp::new().await;
    let task = tokio::spawn(overdue_reminder(app.state.clone()));
    for _ in 0..200 {
        if !app.state.mailer.sent().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(app.state.mailer.sent().len(), 1);
    task.abort();
}

#[tokio::test]
async fn the_nightly_report_closes_yesterday() {
    let app = TestApp::new().await;
    nightly_report(&app.state).await.unwrap();
    let rows = "SELECT COUNT(*) FROM daily_reports WHERE day = '2026-06-14'";
    assert_eq!(app.count(rows).await, 1);
}

#[tokio::test]
async fn background_work_starts_and_stops() {
    let app = TestApp::new().await;
    let background = Background::start(&app.state).await.unwrap();
    background.stop().await.unwrap();
}
