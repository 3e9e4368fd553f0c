//! Lists in which one item names what belongs to all: the document that `utoipa` makes of an application.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::lex;
use crate::base::TextRange;

/// One entry of such a list.
#[derive(Clone, Debug)]
pub(in crate::scaffold) struct Entry {
    /// With its comma, and with its line where it stands alone.
    pub range: TextRange,
    /// The paths in it: the handler, or the type with its arguments.
    pub paths: Vec<lex::PathMention>,
}

const LISTS: &[&str] = &["paths", "handlers", "schemas", "responses"];

/// The entries that `#[openapi(…)]` lists before an item.
pub(in crate::scaffold) fn entries(text: &str) -> Vec<Entry> {
    let Ok(stream) = text.parse::<TokenStream>() else { return Vec::new() };
    let mut found = Vec::new();
    let mut trees = stream.into_iter();
    while let Some(TokenTree::Punct(hash)) = trees.next()
        && hash.as_char() == '#'
        && let Some(TokenTree::Group(attribute)) = trees.next()
    {
        for (name, list) in lists(attribute.stream()) {
            if name == "openapi" {
                of_document(list.stream(), &mut found);
            }
        }
    }
    proc_macro2::extra::invalidate_current_thread_spans();
    for entry in &mut found {
        entry.paths = lex::scan(&text[entry.range.as_range()], &[]).paths;
        entry.range = with_line(text, entry.range);
    }
    found
}

fn of_document(stream: TokenStream, out: &mut Vec<Entry>) {
    for (name, list) in lists(stream) {
        if LISTS.contains(&name.as_str()) {
            split(&list, out);
        } else if name == "components" {
            of_document(list.stream(), out);
        }
    }
}

/// Each name that parentheses follow, with them.
fn lists(stream: TokenStream) -> Vec<(String, Group)> {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let pairs = trees.windows(2).filter_map(|pair| match pair {
        [TokenTree::Ident(name), TokenTree::Group(list)] if list.delimiter() == Delimiter::Parenthesis => {
            Some((name.to_string(), list.clone()))
        }
        _ => None,
    });
    pairs.collect()
}

/// Splits a list at its commas; those between angle brackets belong to a type.
fn split(list: &Group, out: &mut Vec<Entry>) {
    let mut open: Option<TextRange> = None;
    let mut angles = 0_u32;
    for tree in list.stream() {
        let bytes = tree.span().byte_range();
        let range = open.get_or_insert(TextRange::new(bytes.start as u32, bytes.end as u32));
        range.end = bytes.end as u32;
        let TokenTree::Punct(punct) = &tree else { continue };
        match punct.as_char() {
            '<' => angles += 1,
            '>' => angles = angles.saturating_sub(1),
            ',' if angles == 0 => out.extend(open.take().map(|range| Entry { range, paths: Vec::new() })),
            _ => {}
        }
    }
    out.extend(open.map(|range| Entry { range, paths: Vec::new() }));
}

/// The range with its whole line, or else with the blanks behind it.
fn with_line(text: &str, range: TextRange) -> TextRange {
    let (start, end) = (range.start as usize, range.end as usize);
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let rest = text[end..].split('\n').next().unwrap_or("");
    let alone = text[line..start].trim().is_empty() && !text[start..end].contains('\n');
    let behind = rest.trim_start();
    if alone && (behind.is_empty() || behind.starts_with("//")) && text[end + rest.len()..].starts_with('\n')
    {
        return TextRange::new(line as u32, (end + rest.len() + 1) as u32);
    }
    let blanks = rest.len() - rest.trim_start_matches(' ').len();
    TextRange::new(range.start, (end + blanks) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_a_document_are_found_with_their_lines_and_paths() {
        let text = "#[derive(OpenApi)]\n#[openapi(\n    info(title = \"Shop\"),\n    paths(\n        orders::show, // theirs\n        \
                    stock::list\n    ),\n    components(schemas(Page<Order, Stock>, Item)),\n    modifiers(&Auth)\n)]\nstruct Docs;\n";
        let found: Vec<_> = entries(text)
            .iter()
            .map(|entry| {
                let paths = entry.paths.iter().map(|path| path.segments.join("::")).collect::<Vec<_>>();
                (&text[entry.range.as_range()], paths.join(" "))
            })
            .collect();
        expect_test::expect![[r#"
            [
                (
                    "        orders::show, // theirs\n",
                    "orders::show",
                ),
                (
                    "        stock::list\n",
                    "stock::list",
                ),
                (
                    "Page<Order, Stock>, ",
                    "Page Order Stock",
                ),
                (
                    "Item",
                    "Item",
                ),
            ]
        "#]]
        .assert_debug_eq(&found);
    }
}
