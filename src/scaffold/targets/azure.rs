//! Azure Functions: a custom handler, which is a program that the host forwards to.

use askama::Template;

use super::{Package, schedule};
use crate::scaffold::entry::render;
use crate::scaffold::naming::kebab;
use crate::scaffold::{FileSet, ServiceSlice, Target, Trigger};

/// Azure Functions with a custom handler.
pub struct Azure;

#[derive(Template)]
#[template(path = "scaffold/azure/manifest.toml.j2")]
struct Manifest<'a> {
    of: Package<'a>,
}

#[derive(Template)]
#[template(path = "scaffold/azure/main.rs.j2")]
struct Main<'a> {
    name: &'a str,
    module: &'a str,
    http: bool,
    old_http: bool,
    served: bool,
}

#[derive(Template)]
#[template(path = "scaffold/azure/host.json.j2")]
struct Host {
    http: bool,
}

#[derive(Template)]
#[template(path = "scaffold/azure/function.json.j2")]
struct Function {
    http: bool,
    cron: bool,
    schedule: String,
    queue: String,
}

impl Target for Azure {
    fn name(&self) -> &'static str {
        "azure-functions"
    }

    fn deploy(&self, service: &ServiceSlice) -> String {
        let name = &service.name;
        let settings = match &service.trigger {
            Trigger::Cron(_) => ", with the application setting `RUN_AT` (six fields, seconds first)",
            _ => "",
        };
        let settings = if needs_setting(&service.trigger) { settings } else { "" };
        format!(
            "Azure Functions: `cargo build --release -p {name}-azure --target x86_64-unknown-linux-musl`, copy the binary to \
             `{name}/azure/app/handler`, then `func azure functionapp publish APP --custom` in `{name}/azure/app`{settings}"
        )
    }

    fn emit(&self, service: &ServiceSlice, out: &mut FileSet) -> Vec<String> {
        let http = matches!(service.trigger, Trigger::Http(_));
        let name = service.name.as_str();
        let (module, old_http, served) = (service.module.as_str(), service.old_http, service.served);
        out.text("azure/src/main.rs", render(&Main { name, module, http, old_http, served }));
        let manifest = Manifest { of: Package::of(service) };
        out.text("azure/Cargo.toml", render(&manifest));
        out.text("azure/app/host.json", render(&Host { http }));
        let schedule = match &service.trigger {
            Trigger::Cron(Some(text)) => schedule::ncrontab(text),
            _ => None,
        };
        let queue = match &service.trigger {
            Trigger::Consumer(topic) => kebab(topic),
            _ => String::new(),
        };
        let function = Function {
            http,
            cron: matches!(service.trigger, Trigger::Cron(_)),
            schedule: schedule.unwrap_or_else(|| "%RUN_AT%".into()),
            queue,
        };
        // The host forwards HTTP as it came, and other triggers to the folder's name.
        out.text("azure/app/run/function.json", render(&function));
        vec!["azure".into()]
    }
}

fn needs_setting(trigger: &Trigger) -> bool {
    match trigger {
        Trigger::Cron(Some(text)) => schedule::ncrontab(text).is_none(),
        Trigger::Cron(None) => true,
        _ => false,
    }
}
