//! `splitter init`, `completions`, `man`.

use std::io::Write;

use clap::CommandFactory;

use super::args::{Cli, Completions, Init};
use super::artifacts::{app_dir, below};
use super::console;
use crate::config;
use crate::error::Error;

/// What `init` writes: every key, commented out, with its meaning.
const TEMPLATE: &str = include_str!("splitter.toml");

/// Writes the commented configuration; a file that is there stays as it is.
pub(super) fn init(args: &Init) -> Result<(), Error> {
    let path = below(&app_dir(&args.path), config::FILE_NAME);
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).open(&path).map_err(|source| {
            if source.kind() == std::io::ErrorKind::AlreadyExists {
                Error::Occupied { path: path.clone() }
            } else {
                Error::Write { path: path.clone(), source }
            }
        })?;
    file.write_all(TEMPLATE.as_bytes()).map_err(|source| Error::Write { path: path.clone(), source })?;
    console::data(&format!("{}\n", path.display()))
}

/// Prints a completion script.
pub(super) fn completions(args: &Completions) -> Result<(), Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "splitter", &mut script);
    console::data(&String::from_utf8_lossy(&script))
}

/// Prints the manual page, with one section per command.
pub(super) fn man() -> Result<(), Error> {
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
    rendered.map_err(|source| Error::Write { path: "the manual page".into(), source })?;
    console::data(&String::from_utf8_lossy(&page))
}
