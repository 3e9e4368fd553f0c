//! Bad input and bad disks: each a clear message, and nothing lost.
//!
//! The tests may run as root, whom permissions do not stop; so what cannot be read or written is made of
//! things that stop root too.

mod common;

use std::fs;
use std::path::Path;

use common::{Dir, SHOP, command, export, splitter};

/// Runs `analyze` and expects it to be refused with a message that has all of `words`; nothing in the
/// directory may have changed.
#[track_caller]
fn refused(dir: &Dir, args: &[&str], words: &[&str]) {
    let before = dir.snapshot();
    let message = splitter(dir.root(), args).fails(2);
    for word in words {
        assert!(message.contains(word), "`{word}` is missing in: {message}");
    }
    assert!(!message.contains("panicked"), "{message}");
    let after = dir.snapshot();
    assert_eq!(names(&before), names(&after));
    assert!(before == after, "a file changed");
}

fn names(files: &[(String, Vec<u8>)]) -> Vec<&str> {
    files.iter().map(|(path, _)| path.as_str()).collect()
}

/// The blind spots of the last analysis: code and message.
fn blind_spots(dir: &Dir) -> Vec<String> {
    let text = fs::read_to_string(dir.path("target/splitter/model.json")).unwrap();
    let model: serde_json::Value = serde_json::from_str(&text).unwrap();
    let spots = model["content"]["blind_spots"].as_array().unwrap();
    spots
        .iter()
        .map(|spot| format!("{}: {}", spot["code"].as_str().unwrap(), spot["message"].as_str().unwrap()))
        .collect()
}

/// Analyses and expects a blind spot that has all of `words`.
#[track_caller]
fn blind(dir: &Dir, words: &[&str]) {
    splitter(dir.root(), &["analyze"]).ok();
    let spots = blind_spots(dir);
    assert!(
        spots.iter().any(|spot| words.iter().all(|word| spot.contains(word))),
        "no blind spot with {words:?} in {spots:#?}"
    );
}

#[test]
fn a_directory_without_manifest() {
    let dir = Dir::with("//- /src/main.rs\nfn main() {}\n");
    refused(&dir, &["analyze"], &["no Cargo.toml in", "give the directory of a Rust package"]);
}

#[test]
fn a_directory_above_the_manifest_names_what_lies_below() {
    let dir = Dir::with(
        "//- /server/Cargo.toml\n[package]\nname = \"server\"\n//- /server/src/main.rs\nfn main() {}\n",
    );
    refused(&dir, &["analyze"], &["no Cargo.toml in", "server"]);
}

#[test]
fn a_path_that_is_not_there() {
    refused(&Dir::new(), &["analyze", "nowhere"], &["cannot read", "nowhere", "check that it exists"]);
}

#[test]
fn a_file_that_is_no_manifest() {
    let dir = Dir::with("//- /notes.txt\nhello\n");
    refused(&dir, &["analyze", "notes.txt"], &["notes.txt"]);
}

#[test]
fn a_manifest_that_is_no_toml() {
    let dir = Dir::with("//- /Cargo.toml\n[package\nname = 1\n//- /src/lib.rs\n");
    refused(&dir, &["analyze"], &["cannot read the manifest", "Cargo.toml", "correct it"]);
}

#[test]
fn a_directory_in_the_place_of_the_manifest() {
    let dir = Dir::with("//- /Cargo.toml/keep\n\n");
    refused(&dir, &["analyze"], &["Cargo.toml"]);
}

#[test]
fn the_manifest_itself_may_be_named() {
    let dir = Dir::with(SHOP);
    let text = splitter(dir.root(), &["analyze", "Cargo.toml"]).ok();
    assert!(text.contains("shop"), "{text}");
    assert!(dir.path("target/splitter/report.html").is_file());
}

#[test]
fn a_virtual_workspace() {
    let dir = Dir::with(
        r#"
//- /Cargo.toml
[workspace]
members = ["crates/*"]
//- /crates/a/Cargo.toml
[package]
name = "a"
version = "0.1.0"
edition = "2024"
[dependencies]
b = { path = "../b" }
//- /crates/a/src/main.rs
fn main() { b::help() }
//- /crates/b/Cargo.toml
[package]
name = "b"
version = "0.1.0"
edition = "2024"
//- /crates/b/src/lib.rs
pub fn help() {}
"#,
    );
    let calls = export(dir.root(), "calls");
    assert_eq!(calls["edges"][0]["caller"]["path"], "a::main");
    assert_eq!(calls["edges"][0]["callee"]["path"], "b::help");
}

#[test]
fn a_workspace_whose_member_is_missing() {
    let dir = Dir::with(
        "//- /Cargo.toml\n[workspace]\nmembers = [\"gone\", \"here\"]\n//- /here/Cargo.toml\n[package]\nname = \"here\"\n//- /here/src/lib.rs\npub fn f() {}\n",
    );
    blind(&dir, &["gone"]);
}

#[test]
fn an_empty_package() {
    let dir = Dir::with("//- /Cargo.toml\n[package]\nname = \"empty\"\nversion = \"0.1.0\"\n");
    let text = splitter(dir.root(), &["analyze"]).ok();
    assert!(text.contains("Entry points  none found"), "{text}");
}

#[test]
fn a_missing_module_file() {
    let dir = Dir::with(SHOP);
    fs::remove_file(dir.path("src/items.rs")).unwrap();
    blind(&dir, &["items"]);
    let entries = export(dir.root(), "entry-points");
    assert!(entries.to_string().contains("/orders"), "the rest is still read: {entries}");
}

#[test]
fn a_file_that_does_not_parse() {
    let dir = Dir::with(SHOP);
    fs::write(dir.path("src/items.rs"), "pub fn broken( {").unwrap();
    let text = splitter(dir.root(), &["analyze"]).ok();
    assert!(text.contains("1 file could not be parsed"), "{text}");
    assert!(!blind_spots(&dir).is_empty());
}

#[test]
fn invalid_utf8() {
    let dir = Dir::with(SHOP);
    fs::write(dir.path("src/items.rs"), b"// \xff\xfe\npub fn take() {}").unwrap();
    blind(&dir, &["invalid-utf8", "line 1"]);
}

#[test]
fn a_file_of_nul_bytes_and_an_empty_one() {
    let dir = Dir::with(SHOP);
    fs::write(dir.path("src/items.rs"), [0_u8; 4096]).unwrap();
    fs::write(dir.path("src/orders.rs"), "").unwrap();
    splitter(dir.root(), &["analyze"]).ok();
}

#[test]
fn code_that_is_nested_very_deeply() {
    let n = 20_000;
    let around = |before: &str, open: &str, inner: &str, close: &str, after: &str| {
        format!("{before}{}{inner}{}{after}", open.repeat(n), close.repeat(n))
    };
    let sources = [
        ("parentheses", around("pub fn f() { let _ = ", "(", "1", ")", "; }")),
        ("blocks", around("pub fn f() { let _ = ", "{", "1", "}", "; }")),
        ("arrays", around("pub fn f() { let _ = ", "[", "1", "]", "; }")),
        ("matches", around("pub fn f() { ", "match x { _ => ", "1", "}", " }")),
        ("macros", around("pub fn f() { ", "vec![", "1", "]", " }")),
        ("patterns", around("pub fn f() { let ", "(", "a", ",)", " = x; }")),
        ("types", around("pub fn f(x: ", "Vec<", "u8", ">", ") {}")),
        ("modules", around("", "mod a { ", "", "}", "")),
        ("functions", around("", "fn a() { ", "", "}", "")),
        ("imports", around("use ", "a::{", "b", "}", ";")),
        ("attributes", around("#[a(", "(", "", ")", ")] fn f() {}")),
        ("references", format!("pub fn f(x: {}u8) {{}}", "&".repeat(n))),
        ("negations", format!("pub fn f() -> bool {{ {}x }}", "!".repeat(n))),
        ("closures", format!("pub fn f() {{ {}1 }}", "|| ".repeat(n))),
        ("else", format!("pub fn f() {{ {}{{}} }}", "if a {} else ".repeat(n))),
        ("calls", format!("pub fn f(x: X) {{ x{}; }}", ".go()".repeat(n))),
        ("sums", format!("pub fn f() -> u64 {{ 0{} }}", " + 1".repeat(n))),
        ("paths", format!("pub fn f() {{ {}b() }}", "a::".repeat(n))),
    ];
    let dir = Dir::with(SHOP);
    for (name, source) in sources {
        fs::write(dir.path("src/items.rs"), source).unwrap();
        let run = splitter(dir.root(), &["analyze", "--quiet"]);
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_in_a_loop() {
    let dir = Dir::with(SHOP);
    std::os::unix::fs::symlink("..", dir.path("src/again")).unwrap();
    std::os::unix::fs::symlink("me", dir.path("src/me")).unwrap();
    let text = splitter(dir.root(), &["analyze"]).ok();
    assert!(text.contains("3 files"), "no file is read twice: {text}");
}

#[cfg(unix)]
#[test]
fn a_source_that_cannot_be_read() {
    // A link that leads to itself: no permission helps to read it.
    let dir = Dir::with(SHOP);
    fs::remove_file(dir.path("src/items.rs")).unwrap();
    std::os::unix::fs::symlink("items.rs", dir.path("src/items.rs")).unwrap();
    blind(&dir, &["items"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_source() {
    let dir = Dir::with(SHOP);
    fs::remove_file(dir.path("src/items.rs")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(dir.path("src/items.rs")).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no mkfifo here");
        return;
    }
    // Reading it would wait for ever.
    blind(&dir, &["items"]);
}

#[cfg(unix)]
#[test]
fn a_directory_that_may_not_be_entered() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::with(SHOP);
    dir.add("//- /src/secret/mod.rs\npub fn hidden() {}\n");
    let secret = dir.path("src/secret");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();
    let stopped = fs::read_dir(&secret).is_err();
    if stopped {
        blind(&dir, &["src/secret"]);
    } else {
        eprintln!("skipped: permissions do not stop this user");
    }
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn an_output_of_somebody_else_is_kept() {
    let dir = Dir::with(SHOP);
    dir.add("//- /target/splitter/report.html\nmine\n");
    refused(&dir, &["analyze"], &["target/splitter/report.html", "was not written by splitter", "--force"]);
    splitter(dir.root(), &["analyze", "--force"]).ok();
    assert_ne!(fs::read_to_string(dir.path("target/splitter/report.html")).unwrap(), "mine\n");
}

#[test]
fn an_output_that_was_changed_is_kept() {
    let dir = Dir::with(SHOP);
    splitter(dir.root(), &["analyze"]).ok();
    splitter(dir.root(), &["analyze"]).ok();
    let report = dir.path("target/splitter/report.html");
    let notes = fs::read_to_string(&report).unwrap() + "<!-- my notes -->";
    fs::write(&report, &notes).unwrap();
    refused(&dir, &["analyze"], &["report.html", "changed since"]);
    refused(&dir, &["report"], &["report.html", "changed since"]);
    assert_eq!(fs::read_to_string(&report).unwrap(), notes);
}

#[test]
fn a_directory_in_the_place_of_an_output_is_kept() {
    let dir = Dir::with(SHOP);
    dir.add("//- /target/splitter/model.json/keep\nmine\n");
    refused(&dir, &["analyze"], &["model.json"]);
    refused(&dir, &["analyze", "--force"], &["model.json"]);
}

#[test]
fn a_record_of_somebody_else_is_kept() {
    let dir = Dir::with(SHOP);
    dir.add("//- /target/splitter/.splitter.json\nnot ours\n");
    refused(&dir, &["analyze"], &[".splitter.json"]);
}

#[test]
fn an_output_directory_below_a_file() {
    let dir = Dir::with(SHOP);
    dir.add("//- /occupied\nmine\n");
    refused(&dir, &["analyze", "--out", "occupied/deeper"], &["cannot write", "occupied", "--out"]);
}

#[test]
fn an_output_path_that_is_too_long() {
    let dir = Dir::with(SHOP);
    refused(&dir, &["analyze", "--out", &"x".repeat(5000)], &["cannot write", "--out"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_read_only() {
    // Nobody can make a file there, root neither.
    let dir = Dir::with(SHOP);
    refused(&dir, &["analyze", "--out", "/proc/splitter"], &["cannot write", "/proc/splitter", "--out"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_keeps_the_last_analysis() {
    let dir = Dir::with(SHOP);
    splitter(dir.root(), &["analyze"]).ok();
    let before = dir.snapshot();
    dir.add("//- /src/more.rs\npub fn more() {}\n");
    // A limit on file size gives the same error path as a full disk, without mounting anything.
    let run = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" analyze", env!("CARGO_BIN_EXE_splitter")])
        .current_dir(dir.root())
        .output()
        .unwrap();
    let run = common::Run::from(run);
    let message = run.fails(2);
    assert!(message.contains("cannot write") && message.contains("nothing was changed there"), "{message}");
    fs::remove_file(dir.path("src/more.rs")).unwrap();
    assert!(before == dir.snapshot(), "the last analysis is as it was, and nothing lies beside it");
}

#[test]
fn standard_output_that_takes_nothing() {
    let dir = Dir::with(SHOP);
    if !Path::new("/dev/full").exists() {
        eprintln!("skipped: there is no /dev/full here");
        return;
    }
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command().current_dir(dir.root()).args(["export", "calls"]).stdout(full).output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains("cannot write standard output"), "{message}");
}

#[test]
fn a_broken_configuration_names_its_line() {
    let dir = Dir::with(SHOP);
    dir.add("//- /splitter.toml\ngranularity = 1\nservcies = 3\n");
    refused(&dir, &["analyze"], &["splitter.toml:2", "servcies", "did you mean `services`?"]);
    refused(&dir, &["analyze", "--config", "gone.toml"], &["cannot read gone.toml"]);
}

#[test]
fn an_analysis_of_another_version_is_refused() {
    let dir = Dir::with(SHOP);
    splitter(dir.root(), &["analyze"]).ok();
    let model = dir.path("target/splitter/model.json");
    let text = fs::read_to_string(&model).unwrap();
    fs::write(&model, text.replacen("\"major\":1", "\"major\":99", 1)).unwrap();
    refused(&dir, &["report"], &["model.json", "99", "rerun `splitter analyze`"]);
    fs::write(&model, "{").unwrap();
    refused(&dir, &["report"], &["model.json", "is no artifact of splitter"]);
}

#[test]
fn a_report_without_analysis() {
    refused(&Dir::with(SHOP), &["report"], &["no analysis in", "run `splitter analyze .` first"]);
}

#[test]
fn hostile_names_do_not_steer_the_terminal() {
    let dir = Dir::with(SHOP);
    dir.add("//- /migrations/0002.sql\nCREATE TABLE \"a\u{1b}[2Jb\" (id INTEGER);\n");
    let text = splitter(dir.root(), &["analyze"]).ok();
    assert!(!text.contains('\u{1b}'), "{text:?}");
    let text = splitter(dir.root(), &["explain", "table orders"]).ok();
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn a_scaffold_that_was_changed_is_kept() {
    let dir = Dir::with(SHOP);
    let scaffold: &[&str] = &["scaffold", "GET /items", ".", "--cut", "copy"];
    splitter(dir.root(), scaffold).ok();
    splitter(dir.root(), scaffold).ok();
    let written = dir
        .snapshot()
        .into_iter()
        .map(|(path, _)| path)
        .find(|path| path.ends_with("items.rs") && path.starts_with("functions/"));
    let written = written.expect("the module was moved");
    fs::write(dir.path(&written), "// mine\n").unwrap();
    refused(&dir, scaffold, &[&written, "changed since", "--force"]);
    splitter(dir.root(), &["scaffold", "GET /items", ".", "--cut", "copy", "--force"]).ok();
    assert_ne!(fs::read_to_string(dir.path(&written)).unwrap(), "// mine\n");
}

#[test]
fn a_scaffold_keeps_what_the_user_added_to_the_shared_manifest() {
    let dir = Dir::with(SHOP);
    splitter(dir.root(), &["scaffold", "GET /items", ".", "--cut", "copy"]).ok();
    let manifest = dir.path("functions/Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap() + "\n# mine\n[profile.bench]\ndebug = true\n";
    fs::write(&manifest, &text).unwrap();
    splitter(dir.root(), &["scaffold", "GET /items", ".", "--cut", "copy"]).ok();
    assert!(fs::read_to_string(&manifest).unwrap().contains("# mine\n[profile.bench]"));
}

#[cfg(unix)]
#[test]
fn a_scaffold_does_not_follow_links_out_of_its_folder() {
    let dir = Dir::with(SHOP);
    let outside = Dir::new();
    splitter(dir.root(), &["scaffold", "GET /items", ".", "--cut", "copy", "--out", "first"]).ok();
    let name = fs::read_dir(dir.path("first"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .find(|entry| entry.path().is_dir());
    fs::create_dir(dir.path("functions")).unwrap();
    let link = dir.path("functions").join(name.unwrap().file_name());
    std::os::unix::fs::symlink(outside.root(), link).unwrap();
    splitter(dir.root(), &["scaffold", "GET /items", ".", "--cut", "copy", "--force"]).fails(2);
    assert!(outside.snapshot().is_empty());
}

#[test]
fn a_source_that_changed_is_not_scaffolded() {
    let dir = Dir::with(SHOP);
    splitter(dir.root(), &["analyze"]).ok();
    fs::write(dir.path("src/items.rs"), "// rewritten\n").unwrap();
    refused(
        &dir,
        &["scaffold", "GET /items"],
        &["src/items.rs changed since it was analysed", "rerun `splitter analyze`"],
    );
}
