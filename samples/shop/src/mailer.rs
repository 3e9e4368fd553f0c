//! Outgoing mail. Nothing leaves the process: mails are logged and kept in a small outbox.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How many mails the outbox remembers.
const OUTBOX_SIZE: usize = 50;

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
    pub fn send(&self, to: &str, subject: &str, body: String) {
        log::info!("mail to {to}: {subject}");
        let mail = Mail {
            from: self.from.clone(),
            to: to.to_owned(),
            subject: subject.to_owned(),
            body,
        };
        let mut outbox = self.outbox.lock().unwrap_or_else(PoisonError::into_inner);
        outbox.truncate(OUTBOX_SIZE - 1);
        outbox.push_front(mail);
    }

    /// The mails sent lately, newest first.
    pub fn sent(&self) -> Vec<Mail> {
        let outbox = self.outbox.lock().unwrap_or_else(PoisonError::into_inner);
        outbox.iter().cloned().collect()
    }
}
