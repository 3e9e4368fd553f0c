//! Vercel: a function of its Rust runtime, to which every path is rewritten.

use askama::Template;

use super::{Package, schedule};
use crate::scaffold::entry::render;
use crate::scaffold::{FileSet, ServiceSlice, Target, Trigger};

/// Vercel.
pub struct Vercel;

#[derive(Template)]
#[template(path = "scaffold/vercel/manifest.toml.j2")]
struct Manifest<'a> {
    of: Package<'a>,
    /// The router is handed to the runtime as it is.
    direct: bool,
}

#[derive(Template)]
#[template(path = "scaffold/vercel/main.rs.j2")]
struct Main<'a> {
    name: &'a str,
    module: &'a str,
    http: bool,
    served: bool,
}

#[derive(Template)]
#[template(path = "scaffold/vercel/vercel.json.j2")]
struct Configuration {
    /// Where it is a cron job.
    schedule: Option<String>,
}

impl Target for Vercel {
    fn name(&self) -> &'static str {
        "vercel"
    }

    fn by_default(&self) -> bool {
        false
    }

    fn deploy(&self, service: &ServiceSlice) -> String {
        let secret = match &service.trigger {
            Trigger::Cron(_) => "; set `CRON_SECRET`, without which it runs for nobody",
            _ => "",
        };
        format!(
            "Vercel: `vercel deploy` from the workspace's directory, with `{}/vercel` as root directory of the project and files outside of \
             it included{secret}",
            service.name
        )
    }

    fn obstacle(&self, service: &ServiceSlice) -> Option<String> {
        match &service.trigger {
            Trigger::Consumer(_) => Some(
                "Vercel is left out: it brings no messages of a queue; let something forward them over HTTP"
                    .into(),
            ),
            Trigger::Http(_) if !service.served && !is_current(&service.axum) => Some(format!(
                "Vercel is left out: its runtime serves axum 0.8, the application has {}",
                service.axum
            )),
            _ => None,
        }
    }

    fn emit(&self, service: &ServiceSlice, out: &mut FileSet) -> Vec<String> {
        let http = matches!(service.trigger, Trigger::Http(_));
        let (name, module, served) = (service.name.as_str(), service.module.as_str(), service.served);
        out.text("vercel/api/index.rs", render(&Main { name, module, http, served }));
        let manifest = Manifest { of: Package::of(service), direct: http && !served };
        out.text("vercel/Cargo.toml", render(&manifest));
        let schedule = match &service.trigger {
            // Once a day where nothing is known.
            Trigger::Cron(text) => {
                Some(text.as_deref().and_then(schedule::crontab).unwrap_or_else(|| "0 3 * * *".into()))
            }
            _ => None,
        };
        out.text("vercel/vercel.json", render(&Configuration { schedule }));
        vec!["vercel".into()]
    }
}

/// Whether a requirement means axum 0.8.
fn is_current(requirement: &str) -> bool {
    requirement.trim_start_matches(|first: char| !first.is_ascii_digit()).starts_with("0.8")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scaffold::slice::testing::parses;

    fn emitted(trigger: Trigger, served: bool) -> FileSet {
        let service = ServiceSlice {
            name: "orders".into(),
            service: "orders".into(),
            trigger,
            package: "orders-shop".into(),
            package_dir: "shop".into(),
            module: "function".into(),
            axum: "0.8".into(),
            old_http: false,
            served,
            logs: false,
            quiet: false,
            answers: None,
            env: Vec::new(),
            grants: Vec::new(),
            build_context: Vec::new(),
        };
        assert_eq!(Vercel.obstacle(&service), None);
        let mut out = FileSet::default();
        assert_eq!(Vercel.emit(&service, &mut out), ["vercel"]);
        assert!(parses(out.get("vercel/api/index.rs").unwrap()));
        let manifest: toml::Table = out.get("vercel/Cargo.toml").unwrap().parse().unwrap();
        assert_eq!(manifest["bin"][0]["path"].as_str(), Some("api/index.rs"));
        out
    }

    /// Of the platform's schema, what is used of it.
    fn configuration(out: &FileSet) -> serde_json::Value {
        let value: serde_json::Value = serde_json::from_str(out.get("vercel/vercel.json").unwrap()).unwrap();
        for (key, part) in value.as_object().unwrap() {
            match key.as_str() {
                "$schema" => assert_eq!(part, "https://openapi.vercel.sh/vercel.json"),
                "rewrites" => assert!(part[0]["source"].is_string() && part[0]["destination"].is_string()),
                "crons" => {
                    assert!(part[0]["path"].as_str().unwrap().starts_with('/'));
                    assert_eq!(part[0]["schedule"].as_str().unwrap().split(' ').count(), 5);
                }
                other => panic!("{other} is no key of it"),
            }
        }
        value
    }

    #[test]
    fn every_path_leads_to_the_function() {
        for served in [false, true] {
            let out = emitted(Trigger::Http(vec![("GET".into(), "/orders".into())]), served);
            assert_eq!(configuration(&out)["rewrites"][0]["destination"], "/api/index");
            assert!(configuration(&out).get("crons").is_none());
        }
    }

    #[test]
    fn a_job_runs_by_its_schedule() {
        let out = emitted(Trigger::Cron(Some("0 15 2 * * *".into())), false);
        assert_eq!(configuration(&out)["crons"][0]["schedule"], "15 2 * * *");
        assert!(out.get("vercel/api/index.rs").unwrap().contains("CRON_SECRET"));
    }
}
