//! Reads the text of each file into an [`ItemTree`]; syn ends here.
//!
//! In: a [`Workspace`]. Out: [`ParsedFiles`], one entry per file in file order, whatever the number
//! of threads. Cannot happen here: I/O, and failure — a file that does not parse is an entry with an
//! error.

#[cfg(test)]
pub mod dump;
mod expand;
mod fragment;
mod lower;
mod nesting;
pub mod tree;

#[cfg(test)]
mod tests;

use rayon::prelude::*;

use crate::base::arena::{self, Arena};
use crate::base::{FileId, IndexVec, SourceFile, WRITTEN_BY_SPLITTER};
use crate::discover::{NO_TEXT_CODES, Workspace};
use lower::Lower;
use tree::items::ItemTree;

pub use fragment::{DOLLAR_CRATE, parse_fragment};

/// All files of a workspace after parsing.
#[derive(Clone, Debug, Default)]
pub struct ParsedFiles {
    /// One entry per file of `Workspace::sources`.
    pub files: IndexVec<FileId, ParsedFile>,
    /// What the user declares of crates outside: the crate's name in code, and its tree.
    pub stubs: Vec<(String, ItemTree)>,
}

/// One file after parsing.
#[derive(Clone, Debug, Default)]
pub struct ParsedFile {
    /// What it declares; empty where it could not be read.
    pub tree: ItemTree,
    /// Why it could not be read: the 1-based line and the parser's sentence.
    pub error: Option<(u32, String)>,
}

/// Files that one thread takes at once at most: towards the end no thread has much left while others wait.
const TOGETHER: usize = 4;

/// Bytes that are kept for each byte of text: of trees, and by all rooms together. Measured.
const KEPT: (usize, usize) = (9, 28);

/// Parses every Rust file of the workspace, in parallel on the rayon pool that it is called in. Code
/// that is nested deeply gets a stack of its own; threads with a few MiB of stack rarely need one.
pub fn parse(workspace: &Workspace) -> ParsedFiles {
    let features = FeaturesByDir::new(workspace);
    let files = workspace.sources.files.as_slice().par_iter().with_max_len(TOGETHER);
    let n_bytes: usize = workspace.sources.files.iter().map(|file| file.text.len()).sum();
    let expected = KEPT.1 * n_bytes / rayon::current_num_threads();
    let is_read =
        |file: &SourceFile| file.path.ends_with(".rs") && !file.text.starts_with(WRITTEN_BY_SPLITTER);
    let parsed = files.map(|file| match is_read(file) {
        true => {
            arena::make_room(KEPT.0 * file.text.len(), expected);
            parse_file(file, features.of(&file.path))
        }
        false => ParsedFile::default(),
    });
    let mut files: Vec<ParsedFile> = parsed.collect();
    for diagnostic in &workspace.diagnostics {
        if let Some(file) = diagnostic.file
            && NO_TEXT_CODES.contains(&diagnostic.code.as_str())
        {
            let line = diagnostic.line.max(1);
            files[file.0 as usize].error = Some((line, diagnostic.message.clone()));
        }
    }
    expand::expand(workspace, &mut files);
    ParsedFiles { files: files.into(), stubs: Vec::new() }
}

/// Parses one file; `features` are those that are on in its package.
pub fn parse_file(file: &SourceFile, features: &[String]) -> ParsedFile {
    let survey = match nesting::survey(&file.text) {
        Ok(survey) => survey,
        Err(line) => {
            let error = Some((line, "the code is nested too deeply to be read".to_owned()));
            return ParsedFile { tree: ItemTree::default(), error };
        }
    };
    with_tree(&survey.without_docs(&file.text), survey.stack, |parsed| match parsed {
        Ok(ast) => {
            let mut lower = Lower::new(file, features, None);
            lower.survey = Some(&survey);
            lower.file(&ast);
            let too_deep = "items stand too deep in each other to be read; those further in were left out";
            let error = lower.too_deep.map(|line| (line.max(1), too_deep.to_owned()));
            ParsedFile { tree: lower.finish(), error }
        }
        Err(err) => {
            let line = err.span().start().line.max(1) as u32;
            ParsedFile { tree: ItemTree::default(), error: Some((line, err.to_string())) }
        }
    })
}

/// Parses `text` on at least `stack` bytes of stack, and hands over what syn makes of it. The tree lies in an
/// arena; what `read` makes of it does not.
fn with_tree<T>(text: &str, stack: usize, read: impl FnOnce(syn::Result<syn::File>) -> T) -> T {
    let arena = Arena::open();
    // Parsing, lowering and dropping of the syntax tree all recurse.
    let made = on_stack(stack, || {
        let parsed = parse_text(text);
        arena.pause();
        read(parsed)
    });
    proc_macro2::extra::invalidate_current_thread_spans();
    made
}

/// Runs `job` with at least `bytes` of stack.
fn on_stack<T>(bytes: usize, job: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(bytes, bytes + 64 * 1024, job)
}

/// Like [`syn::parse_file`], but positions count from the start of `text` also behind a shebang line.
fn parse_text(text: &str) -> syn::Result<syn::File> {
    syn::parse_file(text)
}

/// The features that are on, by a package's directory.
struct FeaturesByDir<'a>(Vec<(&'a str, &'a [String])>);

impl<'a> FeaturesByDir<'a> {
    fn new(workspace: &'a Workspace) -> Self {
        let packages = workspace.packages.iter();
        let mut dirs: Vec<(&str, &[String])> =
            packages.map(|package| (package.dir.as_str(), package.default_features.as_slice())).collect();
        // The innermost package is met first.
        dirs.sort_by_key(|(dir, _)| std::cmp::Reverse(dir.len()));
        Self(dirs)
    }
    fn of(&self, path: &str) -> &'a [String] {
        let is_below =
            |dir: &str| dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
        self.0.iter().find(|(dir, _)| is_below(dir)).map_or(&[], |(_, features)| features)
    }
}
