//! Checks of what clients send.

use crate::error::AppError;

/// Collects complaints, so that a client hears of all of them at once.
#[derive(Debug, Default)]
pub struct Checks {
    complaints: Vec<String>,
}

impl Checks {
    /// No complaints yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Complains unless `ok`.
    pub fn that(mut self, ok: bool, complaint: impl Into<String>) -> Self {
        if !ok {
            self.complaints.push(complaint.into());
        }
        self
    }

    /// A text that is not blank and not too long.
    pub fn text(self, field: &str, value: &str, max: usize) -> Self {
        let n_chars = value.trim().chars().count();
        let complaint = format!("{field} must have 1 to {max} characters");
        self.that((1..=max).contains(&n_chars), complaint)
    }

    /// Something that looks like an e-mail address.
    pub fn email(self, field: &str, value: &str) -> Self {
        let ok = value.trim().split_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && host.contains('.') && !host.contains(['@', ' '])
        });
        self.that(ok, format!("{field} must be an e-mail address"))
    }

    /// One error for all complaints, or none.
    pub fn done(self) -> Result<(), AppError> {
        if self.complaints.is_empty() {
            Ok(())
        } else {
            Err(AppError::Invalid(self.complaints.join("; ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_complaints_are_reported() {
        let err = Checks::new()
            .text("name", " ", 10)
            .email("email", "nobody")
            .done()
            .unwrap_err();
        assert_eq!(
            err.to_string(),
            "name must have 1 to 10 characters; email must be an e-mail address"
        );
        assert!(Checks::new().email("email", "a@b.example").done().is_ok());
    }
}
