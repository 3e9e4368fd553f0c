//! Lowers syn's tree of one file, on the thread that parsed it.
//!
//! Positions are put together from the tokens that begin and end a construct; nothing is printed back
//! to tokens, because that would visit each subtree once per level.

mod attrs;
mod exprs;
mod items;
mod macro_grammar;
mod macros;
mod pats;
mod types;
mod uses;
mod written;

use std::fmt::Write as _;

use proc_macro2::Span;
use syn::punctuated::{Pair, Punctuated};

pub(in crate::parse) use attrs::join as join_cfg;

use super::nesting::Survey;
use super::tree::body::Body;
use super::tree::items::ItemTree;
use crate::base::{Name, SourceFile, TextRange};

/// The elements of a list of syn's; its own iterators allocate.
fn each<T, P>(list: &Punctuated<T, P>) -> impl DoubleEndedIterator<Item = &T> {
    list.pairs().map(Pair::into_value)
}

/// The work on one file.
pub(super) struct Lower<'a> {
    file: &'a SourceFile,
    ascii: bool,
    features: &'a [String],
    /// Where all ranges point to, for text that stands in no file.
    call_site: Option<TextRange>,
    /// Whether the text is what a macro expands to.
    pub expansion: bool,
    /// What is documented, where documentation was left out.
    pub survey: Option<&'a Survey>,
    tree: ItemTree,
    /// The body that is being lowered.
    body: Body,
    /// Empty bodies with room from those before.
    spare: Vec<Body>,
    /// Nesting of macro calls whose arguments are being read.
    macro_depth: u32,
    /// Nesting of items.
    item_depth: u32,
    /// Line of the first item that stands too deep to be lowered.
    pub too_deep: Option<u32>,
    buffer: String,
}

impl<'a> Lower<'a> {
    pub fn new(file: &'a SourceFile, features: &'a [String], call_site: Option<TextRange>) -> Self {
        Self {
            file,
            ascii: file.text.is_ascii(),
            features,
            call_site,
            expansion: call_site.is_some(),
            survey: None,
            tree: ItemTree::default(),
            body: Body::default(),
            spare: Vec::new(),
            macro_depth: 0,
            item_depth: 0,
            too_deep: None,
            buffer: String::new(),
        }
    }

    pub fn file(&mut self, ast: &syn::File) {
        self.tree.attrs = self.attrs(&ast.attrs);
        let mut top = Vec::new();
        for item in &ast.items {
            self.item(item, &mut top);
        }
        self.tree.top = top;
    }

    pub fn finish(mut self) -> ItemTree {
        self.tree.items.shrink_to_fit();
        self.tree.bodies.shrink_to_fit();
        self.tree.top.shrink_to_fit();
        self.tree
    }

    /// Byte offset in the text of a span's start.
    fn text_start(&self, span: Span) -> u32 {
        self.text_offset(span.start())
    }

    /// Byte offset in the text of a span's end.
    fn text_end(&self, span: Span) -> u32 {
        self.text_offset(span.end())
    }

    fn text_offset(&self, at: proc_macro2::LineColumn) -> u32 {
        if self.ascii {
            self.file.line_start(at.line as u32) + at.column as u32
        } else {
            self.file.offset(at.line, at.column)
        }
    }

    /// Where a span starts, for a range.
    fn start(&self, span: Span) -> u32 {
        self.call_site.map_or_else(|| self.text_start(span), |site| site.start)
    }

    /// Where a span ends, for a range.
    fn end(&self, span: Span) -> u32 {
        self.call_site.map_or_else(|| self.text_end(span), |site| site.end)
    }

    fn range(&self, span: Span) -> TextRange {
        match self.call_site {
            Some(site) => site,
            None => TextRange::new(self.text_start(span), self.text_end(span)),
        }
    }

    /// The text between two spans' ends and starts.
    fn text_between(&self, open: Span, close: Span) -> &'a str {
        let (start, end) = (self.text_end(open) as usize, self.text_start(close) as usize);
        self.file.text.get(start..end).unwrap_or("")
    }

    fn name(&mut self, ident: &syn::Ident) -> Name {
        self.buffer.clear();
        write!(self.buffer, "{ident}").expect("written to a string");
        Name::new(&self.buffer)
    }

    fn number(&mut self, number: u32) -> Name {
        self.buffer.clear();
        write!(self.buffer, "{number}").expect("written to a string");
        Name::new(&self.buffer)
    }

    fn member(&mut self, member: &syn::Member) -> Name {
        match member {
            syn::Member::Named(ident) => self.name(ident),
            syn::Member::Unnamed(index) => self.number(index.index),
        }
    }
}
