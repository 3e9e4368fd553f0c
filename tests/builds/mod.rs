//! What the tests compile beside our own code: the samples, and the functions made of them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// One target directory for all that is compiled, so that dependencies are compiled once; beside our
/// own build, so that `cargo clean` takes both.
pub fn target_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/samples")
}

/// Cargo in `dir`. Nobody debugs what comes out, and some forty programs of it lie on the disk at
/// once: they are kept small.
pub fn cargo(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(dir).env("CARGO_TARGET_DIR", target_dir()).env_remove("RUSTFLAGS");
    command.env("CARGO_INCREMENTAL", "0").env("CARGO_PROFILE_DEV_DEBUG", "0");
    command.env("CARGO_PROFILE_DEV_STRIP", "symbols");
    command
}
