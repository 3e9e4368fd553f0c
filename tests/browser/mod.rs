//! A real browser, driven over two pipes: JSON messages that end with NUL (the DevTools protocol).
//!
//! No driver, no socket, no async. Everything has a time limit; the process ends with its owner.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long one answer may take; generous, for busy machines.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Browser {
    child: Child,
    to: Option<ChildStdin>,
    from: Receiver<Value>,
    profile: tempfile::TempDir,
    session: Option<String>,
    n_sent: u64,
    /// What happened on the page since it was opened.
    pub events: Vec<Value>,
}

/// The browser's path: `SPLITTER_CHROMIUM`, or a known name on the path.
fn find() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("SPLITTER_CHROMIUM") {
        return Some(PathBuf::from(path)).filter(|path| path.is_file());
    }
    let names = ["chromium", "chromium-browser", "chromium-headless-shell", "google-chrome", "chrome"];
    let dirs: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    names.iter().find_map(|name| dirs.iter().map(|dir| dir.join(name)).find(|path| path.is_file()))
}

impl Browser {
    /// Starts a browser, or says that the test is skipped.
    ///
    /// # Panics
    /// Where there is none and `SPLITTER_REQUIRE_CHROMIUM` is set, and where it does not start.
    pub fn start() -> Option<Self> {
        let found = if cfg!(unix) { find() } else { None };
        let Some(path) = found else {
            let required = std::env::var_os("SPLITTER_REQUIRE_CHROMIUM").is_some_and(|value| value == "1");
            assert!(
                !required,
                "SPLITTER_REQUIRE_CHROMIUM=1, but no Chromium was found; install it or set SPLITTER_CHROMIUM"
            );
            eprintln!(
                "skipped: no Chromium was found; install it or set SPLITTER_CHROMIUM to run the browser tests"
            );
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        // The protocol is spoken over descriptors 3 and 4; the shell moves the two standard ones there.
        let mut child = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null"#])
            .arg(&path)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-dev-shm-usage",
            ])
            .arg("--remote-debugging-pipe")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (sender, from) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while out.read_until(0, &mut message).is_ok_and(|n| n > 0) {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else { break };
                if sender.send(value).is_err() {
                    break;
                }
                message.clear();
            }
        });
        let to = child.stdin.take();
        let mut browser = Self { child, to, from, profile, session: None, n_sent: 0, events: Vec::new() };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", attach);
        browser.session = session["sessionId"].as_str().map(String::from);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    fn send(&mut self, method: &str, params: Value) -> u64 {
        self.n_sent += 1;
        let mut message = json!({ "id": self.n_sent, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        if let Some(to) = &mut self.to {
            // A browser that is gone shows as an answer that does not come.
            let _ = to.write_all(&bytes).and_then(|()| to.flush());
        }
        self.n_sent
    }

    fn next(&mut self, deadline: Instant) -> Value {
        match self.from.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => panic!("the browser did not answer within {PATIENCE:?}"),
            Err(RecvTimeoutError::Disconnected) => panic!("the browser is gone"),
        }
    }

    /// Asks, and waits for the answer; events that come before are kept.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, params);
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut message = self.next(deadline);
            if message["id"] == id {
                assert!(message.get("error").is_none(), "{method}: {}", message["error"]);
                return message["result"].take();
            }
            self.events.push(message);
        }
    }

    /// Opens a file and waits until it is loaded.
    pub fn open(&mut self, path: &Path) {
        self.events.clear();
        self.call("Page.navigate", json!({ "url": format!("file://{}", path.display()) }));
        let deadline = Instant::now() + PATIENCE;
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let message = self.next(deadline);
            self.events.push(message);
        }
    }

    /// The value of an expression on the page.
    pub fn eval(&mut self, expression: &str) -> Value {
        let params = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let mut answer = self.call("Runtime.evaluate", params);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].take()
    }

    /// Presses a key of the keyboard.
    pub fn press(&mut self, key: &str) {
        for kind in ["keyDown", "keyUp"] {
            self.call("Input.dispatchKeyEvent", json!({ "type": kind, "key": key, "code": key }));
        }
    }

    pub fn size(&mut self, width: u32) {
        let params = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.call("Emulation.setDeviceMetricsOverride", params);
    }

    pub fn scheme(&mut self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.call("Emulation.setEmulatedMedia", json!({ "features": [feature] }));
    }

    /// Addresses that were asked for since the page was opened.
    pub fn requests(&self) -> Vec<String> {
        (self.events.iter())
            .filter(|event| event["method"] == "Network.requestWillBeSent")
            .map(|event| event["params"]["request"]["url"].as_str().unwrap_or("?").to_string())
            .collect()
    }

    /// Errors and warnings of the console since the page was opened.
    pub fn complaints(&self) -> Vec<String> {
        (self.events.iter())
            .filter(|event| match event["method"].as_str() {
                Some("Runtime.exceptionThrown") => true,
                Some("Runtime.consoleAPICalled") => {
                    matches!(event["params"]["type"].as_str(), Some("error" | "warning" | "assert"))
                }
                Some("Log.entryAdded") => {
                    matches!(event["params"]["entry"]["level"].as_str(), Some("error" | "warning"))
                }
                _ => false,
            })
            .map(|event| event["params"].to_string())
            .collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.session = None;
        self.send("Browser.close", json!({}));
        // Without its pipe the browser ends as well.
        self.to = None;
        for _ in 0..100 {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        eprintln!("the browser of {} had to be killed", self.profile.path().display());
    }
}
