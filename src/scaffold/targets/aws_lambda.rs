//! AWS Lambda: a binary on the custom runtime, laid out for cargo-lambda, and a SAM template.

use askama::Template;

use super::{Package, Variable, camel, schedule, timeout, variables};
use crate::scaffold::entry::render;
use crate::scaffold::{FileSet, Grant, ServiceSlice, Target, Trigger};

/// AWS Lambda.
pub struct AwsLambda;

#[derive(Template)]
#[template(path = "scaffold/aws_lambda/manifest.toml.j2")]
struct Manifest<'a> {
    of: Package<'a>,
}

#[derive(Template)]
#[template(path = "scaffold/aws_lambda/main_http.rs.j2")]
struct HttpMain<'a> {
    name: &'a str,
    module: &'a str,
}

#[derive(Template)]
#[template(path = "scaffold/aws_lambda/main_served.rs.j2")]
struct ServedMain<'a> {
    name: &'a str,
    module: &'a str,
}

#[derive(Template)]
#[template(path = "scaffold/aws_lambda/main_cron.rs.j2")]
struct CronMain<'a> {
    name: &'a str,
    module: &'a str,
    quiet: bool,
}

#[derive(Template)]
#[template(path = "scaffold/aws_lambda/main_consumer.rs.j2")]
struct ConsumerMain<'a> {
    name: &'a str,
    module: &'a str,
}

struct Route {
    id: String,
    method: String,
    path: String,
}

#[derive(Template)]
#[template(path = "scaffold/aws_lambda/template.yaml.j2")]
struct Sam<'a> {
    name: &'a str,
    env: Vec<Variable>,
    grants: &'a [Grant],
    open: Vec<&'static str>,
    routes: Vec<Route>,
    cron: bool,
    consumer: bool,
    needs_schedule: bool,
    schedule: String,
    topic: &'a str,
    timeout: u32,
    visibility: u32,
}

impl Target for AwsLambda {
    fn name(&self) -> &'static str {
        "aws-lambda"
    }

    fn deploy(&self, service: &ServiceSlice) -> String {
        format!(
            "AWS Lambda: `sam build -t {0}/template.yaml && sam deploy --guided` (needs SAM and cargo-lambda)",
            service.name
        )
    }

    fn obstacle(&self, service: &ServiceSlice) -> Option<String> {
        let http = matches!(service.trigger, Trigger::Http(_));
        (http && service.old_http && !service.served).then(|| {
            format!(
                "AWS Lambda is left out: its runtime serves axum 0.7 and newer, the application has {}",
                service.axum
            )
        })
    }

    fn emit(&self, service: &ServiceSlice, out: &mut FileSet) -> Vec<String> {
        let (name, module) = (service.name.as_str(), service.module.as_str());
        let main = match &service.trigger {
            Trigger::Http(_) if service.served => render(&ServedMain { name, module }),
            Trigger::Http(_) => render(&HttpMain { name, module }),
            Trigger::Cron(_) => render(&CronMain { name, module, quiet: service.quiet }),
            Trigger::Consumer(_) => render(&ConsumerMain { name, module }),
        };
        out.text("lambda/src/main.rs", main);
        let cron = matches!(service.trigger, Trigger::Cron(_));
        let manifest = Manifest { of: Package::of(service) };
        out.text("lambda/Cargo.toml", render(&manifest));
        let known = match &service.trigger {
            Trigger::Cron(Some(text)) => schedule::event_bridge(text),
            _ => None,
        };
        let topic: String = match &service.trigger {
            Trigger::Consumer(topic) => topic.chars().filter(|letter| !letter.is_control()).collect(),
            _ => String::new(),
        };
        let timeout = timeout(&service.trigger);
        let sam = Sam {
            name,
            env: variables(&service.env),
            grants: &service.grants,
            open: service
                .grants
                .iter()
                .filter(|grant| grant.resources.is_empty())
                .map(|grant| grant.service)
                .collect(),
            routes: routes(service),
            cron,
            consumer: matches!(service.trigger, Trigger::Consumer(_)),
            needs_schedule: cron && known.is_none(),
            schedule: known.map_or_else(|| "!Ref RunAt".into(), |schedule| format!("\"{schedule}\"")),
            topic: &topic,
            timeout,
            visibility: timeout * 6,
        };
        out.text("template.yaml", render(&sam));
        vec!["lambda".into()]
    }
}

fn routes(service: &ServiceSlice) -> Vec<Route> {
    let Trigger::Http(routes) = &service.trigger else { return Vec::new() };
    // What other services ask comes by the same way.
    let asked = service.answers.iter().map(|prefix| ("POST".to_owned(), format!("{prefix}{{*function}}")));
    routes
        .iter()
        .cloned()
        .chain(asked)
        .enumerate()
        .map(|(idx, (method, path))| {
            let id = format!("{}{}{}", camel(&method), camel(&path), idx + 1);
            Route { id, method, path: api_path(&path) }
        })
        .collect()
}

/// Path parameters as API Gateway writes them: `:id` and `{id}` become `{id}`, a catch-all `{rest+}`.
fn api_path(path: &str) -> String {
    let name = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect()
    };
    let parts: Vec<String> = path
        .split('/')
        .map(|part| {
            if let Some(rest) = part.strip_prefix("{*").or_else(|| part.strip_prefix('*')) {
                format!("{{{}+}}", name(rest))
            } else if part.starts_with([':', '<', '{']) {
                // `{id:[0-9]+}` has its pattern behind the colon.
                let own = part
                    .split_once(':')
                    .filter(|(first, _)| first.len() > 1)
                    .map_or(part, |(first, _)| first);
                format!("{{{}}}", name(own))
            } else {
                part.replace(['"', '\\'], "")
            }
        })
        .collect();
    let joined = parts.join("/");
    let trimmed = joined.trim_end_matches('/');
    if trimmed.is_empty() { "/".into() } else { trimmed.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_as_the_gateway_wants_them() {
        assert_eq!(api_path("/api/items/{id}"), "/api/items/{id}");
        assert_eq!(api_path("/api/items/:id"), "/api/items/{id}");
        assert_eq!(api_path("/files/{*path}"), "/files/{path+}");
        assert_eq!(api_path("/a/{id:[0-9]+}"), "/a/{id}");
        assert_eq!(api_path("/api/"), "/api");
    }
}
