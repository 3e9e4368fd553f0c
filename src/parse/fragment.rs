//! Text that stands in no file: what a macro expands to.

use super::lower::Lower;
use super::tree::items::ItemTree;
use super::{nesting, with_tree};
use crate::base::{SourceFile, TextRange};

/// `__dollar_crate_shop::a` in a fragment means `$crate::a` of a macro that crate `shop` defines.
pub const DOLLAR_CRATE: &str = "__dollar_crate_";

/// Parses the expansion of a macro as items; ranges are those of `text`. None where it does not parse.
pub(super) fn parse_expansion(text: &str, features: &[String]) -> Option<ItemTree> {
    let file = SourceFile::new("", text);
    let stack = nesting::stack_for(&file.text).ok()?;
    with_tree(&file.text, stack, |parsed| {
        let ast = parsed.ok()?;
        let mut lower = Lower::new(&file, features, None);
        lower.expansion = true;
        lower.file(&ast);
        Some(lower.finish())
    })
}

/// Parses the expansion of a macro as items; for an expression or statements, wrap the text into a
/// function. Every range is `call_site`. `features` are those that are on in the package.
///
/// # Errors
/// The 1-based line in `text` and the parser's sentence, where it does not parse.
pub fn parse_fragment(
    text: &str,
    call_site: TextRange,
    features: &[String],
) -> Result<ItemTree, (u32, String)> {
    let file = SourceFile::new("", text);
    let stack = nesting::stack_for(&file.text)
        .map_err(|line| (line, "the code is nested too deeply to be read".to_owned()))?;
    with_tree(&file.text, stack, |parsed| match parsed {
        Ok(ast) => {
            let mut lower = Lower::new(&file, features, Some(call_site));
            lower.file(&ast);
            Ok(lower.finish())
        }
        Err(err) => Err((err.span().start().line.max(1) as u32, err.to_string())),
    })
}
