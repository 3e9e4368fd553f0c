//! Collects what is wrong with an input, so that a client hears everything at once.

use crate::error::AppError;

/// Gathers complaints; `finish` turns them into one error.
#[derive(Debug, Default)]
pub struct Validator {
    complaints: Vec<String>,
}

impl Validator {
    /// Starts without complaints.
    pub fn new() -> Self {
        Self::default()
    }

    /// Complains unless the condition holds.
    pub fn check(&mut self, ok: bool, complaint: impl Into<String>) -> &mut Self {
        if !ok {
            self.complaints.push(complaint.into());
        }
        self
    }

    /// A text that must not be blank nor longer than `max` characters.
    pub fn text(&mut self, field: &str, value: &str, max: usize) -> &mut Self {
        let n = value.trim().chars().count();
        self.check(n > 0, format!("{field} must not be empty"));
        self.check(
            n <= max,
            format!("{field} must have at most {max} characters"),
        )
    }

    /// Something that looks like an e-mail address.
    pub fn email(&mut self, field: &str, value: &str) -> &mut Self {
        let ok = match value.trim().split_once('@') {
            Some((local, domain)) => {
                !local.is_empty() && domain.contains('.') && !domain.contains(['@', ' '])
            }
            None => false,
        };
        self.check(ok, format!("{field} must be an e-mail address"))
    }

    /// A number within bounds.
    pub fn range(&mut self, field: &str, value: i64, min: i64, max: i64) -> &mut Self {
        self.check(
            (min..=max).contains(&value),
            format!("{field} must lie between {min} and {max}"),
        )
    }

    /// One error for all complaints, or none.
    pub fn finish(&mut self) -> Result<(), AppError> {
        if self.complaints.is_empty() {
            return Ok(());
        }
        Err(AppError::Invalid(self.complaints.join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_complaints_are_reported() {
        let err = Validator::new()
            .text("name", "  ", 10)
            .email("email", "nobody")
            .range("quantity", 0, 1, 9)
            .finish()
            .unwrap_err();
        assert_eq!(
            err.to_string(),
            "name must not be empty; email must be an e-mail address; \
             quantity must lie between 1 and 9"
        );
    }

    #[test]
    fn good_input_passes() {
        assert!(
            Validator::new()
                .email("email", "a@b.example")
                .finish()
                .is_ok()
        );
    }
}
