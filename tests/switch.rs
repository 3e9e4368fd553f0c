//! `scaffold --apply` and `--undo`: the application gets its switch and loses it again, to the byte.

mod common;

use std::fs;
use std::process::Command;

use common::{Dir, SHOP, splitter};

const APPLY: &[&str] = &["scaffold", "GET /items", ".", "--cut", "copy", "--apply"];

fn git(dir: &Dir, args: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(dir.root()).args(["-c", "user.name=n", "-c", "user.email=n@example.org"]);
    command.args(args).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().expect("git is installed");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The shop in a repository of its own, committed.
fn committed() -> Dir {
    let dir = Dir::with(SHOP);
    git(&dir, &["init", "-q"]);
    git(&dir, &["add", "-A"]);
    git(&dir, &["commit", "-q", "-m", "shop"]);
    dir
}

/// Everything but git's own files and the analysis.
fn files(dir: &Dir) -> Vec<(String, Vec<u8>)> {
    let mut files = dir.snapshot();
    files.retain(|(path, _)| !path.starts_with(".git/") && !path.starts_with("target/"));
    files
}

fn name(dir: &Dir) -> String {
    let mut dirs = fs::read_dir(dir.path("functions")).unwrap().flatten();
    dirs.find(|entry| entry.path().is_dir()).unwrap().file_name().into_string().unwrap()
}

#[test]
fn a_switch_comes_and_goes_to_the_byte() {
    let dir = committed();
    let before = files(&dir);
    let text = splitter(dir.root(), APPLY).ok();
    assert!(text.contains("The switch was put into Cargo.toml, src/main.rs, src/switch_"), "{text}");
    let main = fs::read_to_string(dir.path("src/main.rs")).unwrap();
    assert!(main.contains("mod orders;\nmod switch_"), "{main}");
    assert!(main.contains("app\n        .layer(axum::middleware::from_fn(crate::switch_"), "{main}");
    assert!(fs::read_to_string(dir.path("Cargo.toml")).unwrap().contains("\nreqwest = "));

    // Once more changes nothing, and a function does not take the switch along.
    splitter(dir.root(), &["analyze"]).ok();
    let again =
        splitter(dir.root(), &["scaffold", "GET /items", ".", "--cut", "copy", "--apply", "--force"]).ok();
    assert!(again.contains("has its switch already"), "{again}");
    let name = name(&dir);
    for (path, bytes) in files(&dir).iter().filter(|(path, _)| path.starts_with("functions/")) {
        let text = String::from_utf8_lossy(bytes);
        assert!(
            path.ends_with("monolith.patch") || path.ends_with("README.md") || !text.contains("switch_"),
            "{path}"
        );
    }

    let text = splitter(dir.root(), &["scaffold", "--undo", &name]).ok();
    assert!(text.contains("The switch was taken out of Cargo.toml, src/main.rs, src/switch_"), "{text}");
    assert_eq!(files(&dir), before);
}

#[test]
fn the_status_tells_what_changed_on_either_side() {
    let dir = committed();
    let status = || -> serde_json::Value {
        let text = splitter(dir.root(), &["status", "--format", "json"]).ok();
        serde_json::from_str(&text).unwrap()
    };
    let row = |name: &str| -> serde_json::Value {
        let all = status();
        let mut rows = all["functions"].as_array().unwrap().iter();
        rows.find(|row| row["name"] == name).unwrap().clone()
    };
    let before = status();
    assert_eq!(before["schema"], "splitter-status/1");
    for row in before["functions"].as_array().unwrap() {
        assert_eq!(row["stage"], "proposed", "{row}");
    }
    splitter(dir.root(), &APPLY[..5]).ok();
    let name = name(&dir);
    assert_eq!(row(&name)["stage"], "scaffolded");
    splitter(dir.root(), APPLY).ok();
    let now = row(&name);
    assert_eq!(now["stage"], "switched");
    assert_eq!((&now["changed"], &now["drifted"]), (&serde_json::json!([]), &serde_json::json!([])), "{now}");

    // The user's side, and the application's.
    fs::write(dir.path(&format!("functions/{name}/README.md")), "mine\n").unwrap();
    let items = dir.path("src/items.rs");
    let text = fs::read_to_string(&items).unwrap();
    let at = text.find("pub async fn ").unwrap();
    let body = at + text[at..].find("{\n").unwrap() + 2;
    fs::write(&items, format!("{}    // changed\n{}", &text[..body], &text[body..])).unwrap();
    let now = row(&name);
    assert_eq!(now["changed"], serde_json::json!([format!("{name}/README.md")]));
    assert_eq!(now["drifted"].as_array().unwrap().len(), 1, "{now}");
    assert_eq!(now["drifted"][0]["file"], "src/items.rs");
    let text = splitter(dir.root(), &["status"]).ok();
    assert!(text.contains("changed by you") && text.contains("not as it was moved"), "{text}");
}

#[test]
fn a_patch_is_what_git_applies() {
    let dir = committed();
    splitter(dir.root(), &APPLY[..5]).ok();
    let patch = format!("functions/{}/monolith.patch", name(&dir));
    git(&dir, &["apply", "--check", &patch]);
    git(&dir, &["apply", &patch]);
    let applied = files(&dir);
    git(&dir, &["apply", "-R", &patch]);
    splitter(dir.root(), APPLY).ok();
    assert_eq!(files(&dir), applied);
}

#[test]
fn an_application_with_open_changes_is_left_alone() {
    let dir = Dir::with(SHOP);
    let text = splitter(dir.root(), APPLY).fails(2);
    assert!(text.contains("in no git repository") && text.contains("--force"), "{text}");
    let dir = committed();
    fs::write(dir.path("src/items.rs"), fs::read_to_string(dir.path("src/items.rs")).unwrap() + "// mine\n")
        .unwrap();
    let before = files(&dir);
    let text = splitter(dir.root(), APPLY).fails(2);
    assert!(text.contains("not committed (M src/items.rs)"), "{text}");
    assert_eq!(files(&dir), before, "nothing was written");
    splitter(dir.root(), &[APPLY, &["--force"]].concat()).ok();
}

#[test]
fn what_was_changed_is_not_taken_back() {
    let dir = committed();
    splitter(dir.root(), APPLY).ok();
    let name = name(&dir);
    let readme = dir.path(&format!("functions/{name}/README.md"));
    let text = fs::read_to_string(&readme).unwrap();
    fs::write(&readme, "mine\n").unwrap();
    let before = files(&dir);
    let said = splitter(dir.root(), &["scaffold", "--undo", &name]).fails(2);
    assert!(said.contains("README.md") && said.contains("changed since"), "{said}");
    assert_eq!(files(&dir), before);

    fs::write(&readme, text).unwrap();
    let main = fs::read_to_string(dir.path("src/main.rs")).unwrap();
    fs::write(dir.path("src/main.rs"), main.replace(".layer(axum", ".layer(::axum")).unwrap();
    let said = splitter(dir.root(), &["scaffold", "--undo", &name]).fails(2);
    assert!(said.contains("src/main.rs does not hold"), "{said}");
    assert!(dir.path("functions").exists());

    // What the user added to the folder stays there.
    fs::write(dir.path("src/main.rs"), main).unwrap();
    fs::write(dir.path(&format!("functions/{name}/notes.txt")), "mine\n").unwrap();
    splitter(dir.root(), &["scaffold", "--undo", &name]).ok();
    let left: Vec<String> = files(&dir).into_iter().map(|(path, _)| path).collect();
    assert!(left.contains(&format!("functions/{name}/notes.txt")), "{left:?}");
    assert_eq!(left.iter().filter(|path| path.starts_with("functions/")).count(), 1, "{left:?}");
}

#[test]
fn one_function_goes_and_the_other_stays() {
    let dir = committed();
    splitter(dir.root(), &["scaffold", "GET /items", ".", "--cut", "copy"]).ok();
    let first = name(&dir);
    let before = files(&dir);
    splitter(dir.root(), &["scaffold", "GET /orders/{id}", ".", "--cut", "copy"]).ok();
    let second = fs::read_dir(dir.path("functions")).unwrap().flatten().map(|entry| entry.file_name());
    let second = second.map(|name| name.into_string().unwrap());
    let second = second.filter(|name| *name != first && dir.path(&format!("functions/{name}")).is_dir());
    let second: Vec<String> = second.collect();
    splitter(dir.root(), &["scaffold", "--undo", &second[0]]).ok();
    let kept = |files: Vec<(String, Vec<u8>)>| -> Vec<(String, Vec<u8>)> {
        files.into_iter().filter(|(path, _)| !path.ends_with(".splitter.json")).collect()
    };
    assert_eq!(kept(files(&dir)), kept(before));
    let said = splitter(dir.root(), &["scaffold", "--undo", &second[0]]).fails(2);
    assert!(said.contains(&format!("there is {first}")), "{said}");
}
