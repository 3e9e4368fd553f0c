//! What people see: progress and errors on standard error, data on standard output.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::time::Duration;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use indicatif::{ProgressBar, ProgressStyle};

use crate::error::{ConfigError, Error};
use crate::pipeline::Stage;

/// Decides once whether output is coloured: `NO_COLOR`, then `FORCE_COLOR`, then `CLICOLOR_FORCE`,
/// then whether it is a terminal.
pub fn set_color_choice() {
    let value = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let choice = if value("NO_COLOR").is_some() {
        anstream::ColorChoice::Never
    } else if value("FORCE_COLOR").is_some_and(|value| value != "0") || value("CLICOLOR_FORCE").is_some() {
        anstream::ColorChoice::Always
    } else {
        return;
    };
    choice.write_global();
}

/// Writes data to standard output. A reader that has left (`| head`) is no error.
///
/// # Errors
/// Where it cannot be written for another reason.
pub fn data(text: &str) -> Result<(), Error> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(source) if source.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::Write { path: "standard output".into(), source })
        }
        _ => Ok(()),
    }
}

/// Writes a line for people to standard error. Nobody to read it is no error.
pub fn say(text: &str) {
    _ = writeln!(anstream::stderr(), "{text}");
}

/// Takes away a line of progress that may stand there.
pub fn clear_line() {
    if std::io::stderr().is_terminal() {
        _ = write!(anstream::stderr(), "\r\x1b[2K");
    }
}

/// Writes a warning to standard error.
pub fn warn(text: &str) {
    say(&format!("{YELLOW}warning{RESET}: {}", plain(text)));
}

/// Writes an error to standard error, with the line of a configuration that is wrong.
pub fn error(error: &Error) {
    match error {
        Error::Config(error) if error.range.is_some() => say(&config_error(error)),
        _ => say(&format!("{RED}error{RESET}: {}", plain(&error.to_string()))),
    }
}

fn config_error(error: &ConfigError) -> String {
    let path = error.path.display().to_string();
    let range = error.range.clone().unwrap_or_default();
    let snippet = Snippet::source(error.text.as_str())
        .path(path.as_str())
        .annotation(AnnotationKind::Primary.span(range));
    let mut group = Group::with_title(Level::ERROR.primary_title(error.message.as_str())).element(snippet);
    if let Some(help) = &error.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    Renderer::styled().render(&[group]).to_string()
}

/// Text from the analysed code as it may be shown: control characters, which could steer the terminal,
/// are written out.
pub fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && c != '\n' && c != '\t' {
            _ = write!(shown, "{}", c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Starts bold text.
pub const BOLD: &str = "\x1b[1m";
/// Starts faint text.
pub const DIM: &str = "\x1b[2m";
/// Starts an error.
pub const RED: &str = "\x1b[1;31m";
/// Starts good news.
pub const GREEN: &str = "\x1b[1;32m";
/// Starts a warning.
pub const YELLOW: &str = "\x1b[1;33m";
/// Ends any of them.
pub const RESET: &str = "\x1b[0m";

/// A line on standard error that says what is being done; only where a person looks.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A new line, hidden where standard error is no terminal.
    pub fn new(quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden() };
        }
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed:>}").expect("a valid template");
        let bar = ProgressBar::new_spinner().with_style(style);
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar }
    }
    /// Says what comes next.
    pub fn say(&self, text: impl Into<std::borrow::Cow<'static, str>>) {
        self.bar.set_message(text);
    }
    /// Says what the pipeline does next.
    pub fn stage(&self, stage: Stage) {
        match stage {
            Stage::Discover => self.say("reading the workspace"),
            Stage::Parse { n_files } => self.say(format!("parsing {n_files} files")),
            Stage::Resolve => self.say("resolving names and calls"),
            Stage::Facts => self.say("finding entry points, tables and state"),
            Stage::Propose => self.say("proposing services"),
            Stage::Fitness => self.say("checking the split"),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// `1204567` as `1,204,567`.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 file`, `2 files`, `3 entries`.
pub fn count(n: usize, noun: &str) -> String {
    let number = thousands(n);
    match noun.strip_suffix('y') {
        _ if n == 1 => format!("{number} {noun}"),
        Some(stem) if !noun.ends_with("ay") => format!("{number} {stem}ies"),
        _ => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_nouns_counted() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(1_204_567), "1,204,567");
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(1000, "entry"), "1,000 entries");
        assert_eq!(count(0, "day"), "0 days");
    }

    #[test]
    fn control_characters_are_shown_not_obeyed() {
        assert_eq!(plain("a\x1b[2Jb\r"), "a\\u{1b}[2Jb\\u{d}");
    }
}
