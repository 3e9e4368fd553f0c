//! Deployment files of scaffolds, checked by the tools of their platforms: SAM's translator, cfn-lint, hadolint and
//! schemas.
//!
//! The tools come from PyPI into a virtual environment below `target`. Where they cannot be installed the files are
//! counted and left unchecked, unless `SPLITTER_REQUIRE_IAC` is set.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use splitter::scaffold::{Cut, Inputs, Request, scaffold};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of an application that scaffolding reads, by relative path.
fn texts(root: &Path, dir: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            if !["target", "functions"].contains(&&*entry.file_name().to_string_lossy()) {
                texts(root, &path, found);
            }
        } else {
            let relative = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            found.insert(relative, std::fs::read(&path).unwrap());
        }
    }
}

/// Scaffolds every deployable of a sample; gives how many there are.
fn generate(sample: &str, out: &Path) -> usize {
    let root = repository().join("samples").join(sample);
    let analysis = splitter::pipeline::analyze(&root, &Default::default(), &|_| {}).unwrap();
    let mut assets = BTreeMap::new();
    texts(&root, &root, &mut assets);
    let manifests: BTreeMap<String, String> = assets
        .iter()
        .filter(|(path, _)| path.ends_with("Cargo.toml"))
        .map(|(path, text)| (path.clone(), String::from_utf8(text.clone()).unwrap()))
        .collect();
    let inputs = Inputs {
        sources: &analysis.sources,
        manifests: &manifests,
        lock: None,
        assets: &assets,
        existing: &BTreeMap::new(),
    };
    let request = Request { cut: Cut::Copy, ..Request::default() };
    let made = scaffold(&request, &analysis.model, &analysis.plan, &inputs).unwrap();
    for (path, bytes) in &made.files.files {
        let path = out.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    made.functions.len()
}

fn output(command: &mut Command) -> Result<Output, String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    match output.status.success() {
        true => Ok(output),
        false => Err(format!("{command:?}\n{}", String::from_utf8_lossy(&output.stderr))),
    }
}

/// The Python of an environment that has the tools.
fn tools() -> Result<PathBuf, String> {
    let wanted = repository().join("tests/iac/requirements.txt");
    let dir = repository().join("target/iac-tools");
    let python = if cfg!(windows) { dir.join("Scripts/python.exe") } else { dir.join("bin/python") };
    let installed = dir.join("requirements.txt");
    let text = std::fs::read(&wanted).unwrap();
    if python.exists() && std::fs::read(&installed).is_ok_and(|installed| installed == text) {
        return Ok(python);
    }
    output(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&dir))?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]);
    // Without a network it fails soon instead of trying again and again.
    output(pip.args(["--retries", "1", "--timeout", "20", "-r"]).arg(&wanted))?;
    std::fs::write(&installed, text).unwrap();
    Ok(python)
}

#[test]
fn deployment_files_are_what_their_platforms_take() {
    let out = tempfile::tempdir().unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let n = generate("photo-rental", &out.path().join("photo-rental"))
        + generate("shop", &out.path().join("shop"));
    assert!(n >= 5, "{n} deployables are too few to say anything");
    let python = match tools() {
        Ok(python) => python,
        Err(reason) if std::env::var_os("SPLITTER_REQUIRE_IAC").is_some() => panic!("{reason}"),
        Err(reason) => {
            eprintln!("skipped: the deployment files of {n} functions were not checked: {reason}");
            return;
        }
    };
    let mut check = Command::new(python);
    check.arg(repository().join("tests/iac/check.py")).arg(out.path()).arg(scratch.path());
    let done = output(&mut check).unwrap_or_else(|error| panic!("{error}"));
    let text = String::from_utf8(done.stdout).unwrap();
    let (problems, counts) = text.trim_end().rsplit_once('\n').unwrap_or(("", text.trim_end()));
    assert_eq!(problems, "");
    let counts: BTreeMap<String, usize> = serde_json::from_str(counts).unwrap_or_else(|_| panic!("{text}"));
    for (kind, count) in counts {
        assert!(count >= 5, "only {count} files called {kind} were checked");
    }
}
