//! Outgoing mail. Nothing leaves the process: mails are logged and kept in a small outbox.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How many mails the outbox remembers.
const OUTBOX_SIZE: usize = 100;

/// One mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub from: String,
    pub to: String,
    pub subject: String,
    pub body: String,
}

/// Sends mail; clones share one outbox.
#[derive(Clone, Debug)]
pub struct Mailer {
    from: String,
    outbox: Arc<Mutex<VecDeque<Mail>>>, //~ state
}

impl Mailer {
    /// A mailer with an empty outbox.
    pub fn new(from: &str) -> Self {
        Self {
            from: from.to_owned(),
            outbox: Arc::default(),
        }
    }

    /// Sends a mail.
    pub async fn send(&self, to: &str, subject: String, body: String) {
        tracing::info!(to, subject, "mail");
        let mail = Mail {
            from: self.from.clone(),
            to: to.to_owned(),
            subject,
            body,
        };
        let mut outbox = self.outbox.lock().unwrap_or_else(PoisonError::into_inner);
        if outbox.len() == OUTBOX_SIZE {
            outbox.pop_front();
        }
        outbox.push_back(mail);
    }

    /// The mails sent lately, oldest first.
    pub fn sent(&self) -> Vec<Mail> {
        let outbox = self.outbox.lock().unwrap_or_else(PoisonError::into_inner);
        outbox.iter().cloned().collect()
    }
}
