//! Names, addresses and CSV cells.

/// Turns a name into the form used in URLs: `Sønic 50mm f/1.8` becomes `s-nic-50mm-f-1-8`.
pub fn slugify(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// E-mail addresses are compared in lower case.
pub fn normalise_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Quotes a CSV cell where it needs it.
pub fn csv_field(value: &str) -> String {
    if value.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}

/// The pattern for a `LIKE … ESCAPE '\'` search.
pub fn like_pattern(term: &str) -> String {
    let mut pattern = String::from("%");
    for c in term.trim().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain() {
        assert_eq!(slugify("  Halo 50mm f/1.8 (II)"), "halo-50mm-f-1-8-ii");
        assert_eq!(slugify("!!!"), "");
    }

    #[test]
    fn cells_are_quoted_on_need() {
        assert_eq!(csv_field("plain"), "plain");
        assert_eq!(csv_field("a,\"b\""), "\"a,\"\"b\"\"\"");
    }

    #[test]
    fn wildcards_are_escaped() {
        assert_eq!(like_pattern("50%_"), "%50\\%\\_%");
    }
}
