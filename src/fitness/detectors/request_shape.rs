//! Handlers whose requests or answers do not fit a function: sockets that stay open, large bodies.
//!
//! Read off the signature alone. Two checks that look at the same thing.

use crate::base::Severity;
use crate::fitness::Detector;
use crate::fitness::app::{App, Found};
use crate::model::{EntryPoint, Function};

pub const STREAMING_SOCKET: Detector = Detector {
    code: "streaming-socket",
    remedy: "keep the route on the server, or use the gateway's own WebSocket support",
    look: |app, found| {
        look(
            app,
            found,
            Severity::Blocker,
            &["WebSocketUpgrade", "WebSocket", "Sse"],
            "keeps a connection open",
        );
    },
};

pub const BIG_PAYLOAD: Detector = Detector {
    code: "big-payload",
    remedy: "let the client put the body into an object store by a signed address, and pass its name; functions take some megabytes at most",
    look: |app, found| {
        look(
            app,
            found,
            Severity::Medium,
            &["Multipart", "TempFile", "NamedFile"],
            "takes or gives a body without a small limit",
        );
    },
};

fn look(app: &App<'_>, found: &mut Found<'_>, severity: Severity, words: &[&str], what: &str) {
    for (id, entry) in app.model.entry_points.iter_enumerated() {
        let Some(handler) = entry.handler.filter(|&handler| app.live(handler)) else { continue };
        let function = &app.model.functions[handler];
        let Some(word) = words.iter().find(|word| mentions(function, word)) else { continue };
        found
            .add(severity, format!("{} {what} (`{word}`)", title(entry)))
            .of(app.homes.entry_points[id].service())
            .within(app, handler)
            .at(function.place)
            .deployable(deployable(app, id));
    }
}

fn deployable(app: &App<'_>, id: crate::model::EntryPointId) -> Option<String> {
    let service = app.homes.entry_points[id].service()?;
    let found = app.plan.services[service].deployables.iter().find(|part| part.entry_points.contains(&id))?;
    Some(found.name.clone())
}

fn title(entry: &EntryPoint) -> String {
    format!("`{}`", entry.title())
}

fn mentions(function: &Function, word: &str) -> bool {
    let whole = |ty: &str| {
        ty.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|part| part == word)
    };
    function.params.iter().any(|param| whole(&param.ty)) || whole(&function.ret)
}
