//! The targets, a file each.

mod aws_lambda;
mod azure;
mod container;
mod schedule;

pub use aws_lambda::AwsLambda;
pub use azure::Azure;
pub use container::Container;

/// An environment variable as the templates name it.
struct Variable {
    name: String,
    /// CamelCase, for CloudFormation.
    parameter: String,
}

fn variables(env: &[String]) -> Vec<Variable> {
    env.iter()
        // The platform sets it.
        .filter(|name| !matches!(name.as_str(), "PORT" | "HOST"))
        .filter(|name| name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_'))
        .map(|name| Variable { name: name.clone(), parameter: camel(name) })
        .collect()
}

/// `DATABASE_URL` becomes `DatabaseUrl`.
fn camel(text: &str) -> String {
    text.split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(|part| part[..1].to_ascii_uppercase() + &part[1..].to_ascii_lowercase())
        .collect()
}

/// How long one run may take, in seconds.
fn timeout(trigger: &super::Trigger) -> u32 {
    match trigger {
        super::Trigger::Http(_) => 29,
        super::Trigger::Cron(_) => 900,
        super::Trigger::Consumer(_) => 60,
    }
}
