//! The targets, a file each.

mod aws_lambda;
mod azure;
mod container;
mod schedule;
mod vercel;

pub use aws_lambda::AwsLambda;
pub use azure::Azure;
pub use container::Container;
pub use vercel::Vercel;

use super::{ServiceSlice, Trigger};

/// What the manifest of every target's package says.
struct Package<'a> {
    /// Name of the function.
    name: &'a str,
    /// Package that holds the moved code, and its directory.
    package: &'a str,
    package_dir: &'a str,
    /// Requirement of axum.
    axum: &'a str,
    http: bool,
    served: bool,
    logs: bool,
    cron: bool,
}

impl<'a> Package<'a> {
    fn of(service: &'a ServiceSlice) -> Self {
        Self {
            name: &service.name,
            package: &service.package,
            package_dir: &service.package_dir,
            axum: &service.axum,
            http: matches!(service.trigger, Trigger::Http(_)),
            served: service.served,
            logs: service.logs,
            cron: matches!(service.trigger, Trigger::Cron(_)),
        }
    }
}

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
fn timeout(trigger: &Trigger) -> u32 {
    match trigger {
        Trigger::Http(_) => 29,
        Trigger::Cron(_) => 900,
        Trigger::Consumer(_) => 60,
    }
}
