//! Counters of this process; logged with the nightly report.

use std::sync::atomic::{AtomicU64, Ordering};

/// What the process has done since it started.
#[derive(Debug, Default)]
pub struct Metrics {
    requests: AtomicU64,
    orders_placed: AtomicU64,
    payments_declined: AtomicU64,
    mails_sent: AtomicU64,
}

impl Metrics {
    /// Counts a request.
    pub fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a placed order.
    pub fn order_placed(&self) {
        self.orders_placed.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a declined payment.
    pub fn payment_declined(&self) {
        self.payments_declined.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a mail.
    pub fn mail_sent(&self) {
        self.mails_sent.fetch_add(1, Ordering::Relaxed);
    }

    /// Writes the counters to the log.
    pub fn log(&self) {
        tracing::info!(
            requests = self.requests.load(Ordering::Relaxed),
            orders_placed = self.orders_placed.load(Ordering::Relaxed),
            payments_declined = self.payments_declined.load(Ordering::Relaxed),
            mails_sent = self.mails_sent.load(Ordering::Relaxed),
            "counters since start"
        );
    }
}
