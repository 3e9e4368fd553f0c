//! A container that serves HTTP on `PORT`: Cloud Run, Knative, or any other host.

use askama::Template;

use super::{Package, Variable, schedule, timeout, variables};
use crate::scaffold::entry::render;
use crate::scaffold::{FileSet, ServiceSlice, Target, Trigger};

/// A container.
pub struct Container;

#[derive(Template)]
#[template(path = "scaffold/container/manifest.toml.j2")]
struct Manifest<'a> {
    of: Package<'a>,
}

#[derive(Template)]
#[template(path = "scaffold/container/main.rs.j2")]
struct Main<'a> {
    name: &'a str,
    module: &'a str,
    http: bool,
    old_http: bool,
    served: bool,
    logs: bool,
    quiet: bool,
}

#[derive(Template)]
#[template(path = "scaffold/common/parity.rs.j2")]
struct Parity;

#[derive(Template)]
#[template(path = "scaffold/container/Dockerfile.j2")]
struct Dockerfile<'a> {
    name: &'a str,
}

#[derive(Template)]
#[template(path = "scaffold/container/service.yaml.j2")]
struct Service<'a> {
    name: &'a str,
    service: &'a str,
    env: Vec<Variable>,
    timeout: u32,
    cron: bool,
    schedule: String,
    schedule_note: String,
    consumer: bool,
    topic: String,
}

impl Target for Container {
    fn name(&self) -> &'static str {
        "container"
    }

    fn deploy(&self, service: &ServiceSlice) -> String {
        format!(
            "Container: `docker build -f {0}/Dockerfile -t {0} .` in the workspace's directory, then apply `{0}/service.yaml`",
            service.name
        )
    }

    fn emit(&self, service: &ServiceSlice, out: &mut FileSet) -> Vec<String> {
        let http = matches!(service.trigger, Trigger::Http(_));
        let name = service.name.as_str();
        out.text(
            "container/src/main.rs",
            render(&Main {
                name,
                module: &service.module,
                http,
                old_http: service.old_http,
                served: service.served,
                logs: service.logs,
                quiet: service.quiet,
            }),
        );
        let manifest = Manifest { of: Package::of(service) };
        out.text("container/Cargo.toml", render(&manifest));
        if http {
            out.text("container/tests/parity.rs", render(&Parity));
        }
        out.text("Dockerfile", render(&Dockerfile { name }));
        let (schedule, schedule_note) = match &service.trigger {
            Trigger::Cron(Some(text)) => {
                (schedule::crontab(text), text.chars().filter(|letter| !letter.is_control()).collect())
            }
            _ => (None, "not known: set it".to_owned()),
        };
        let topic = match &service.trigger {
            Trigger::Consumer(topic) => serde_json::to_string(topic).unwrap_or_default(),
            _ => String::new(),
        };
        let yaml = Service {
            name,
            service: &service.service,
            env: variables(&service.env),
            timeout: timeout(&service.trigger),
            cron: matches!(service.trigger, Trigger::Cron(_)),
            schedule: schedule.unwrap_or_else(|| "0 3 * * *".into()),
            schedule_note,
            consumer: matches!(service.trigger, Trigger::Consumer(_)),
            topic,
        };
        out.text("service.yaml", render(&yaml));
        vec!["container".into()]
    }
}
