//! Names that are safe as file, package and variable names, whatever the application calls its things.

/// Kebab-case of ASCII letters and digits, never empty, never a path: `../Über x` becomes `ber-x`.
pub(super) fn kebab(text: &str) -> String {
    let mut out = String::new();
    let mut lower = false;
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            if letter.is_ascii_uppercase() && lower {
                out.push('-');
            }
            lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
            out.push(letter.to_ascii_lowercase());
        } else {
            lower = false;
            if !out.is_empty() && !out.ends_with('-') {
                out.push('-');
            }
        }
    }
    let mut out = out.trim_matches('-').to_owned();
    out.truncate(48);
    let out = out.trim_matches('-').to_owned();
    if out.is_empty() {
        return "function".into();
    }
    // A package name that starts with a digit or is a keyword or device name is refused by cargo.
    if out.starts_with(|first: char| first.is_ascii_digit())
        || RESERVED.contains(&out.as_str())
        || KEYWORDS.contains(&out.as_str())
    {
        return format!("fn-{out}");
    }
    out
}

const RESERVED: &[&str] = &[
    "aux",
    "build",
    "con",
    "deps",
    "examples",
    "incremental",
    "nul",
    "prn",
    "target",
    "test",
    "core",
    "std",
    "alloc",
    "proc-macro",
];

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Snake-case variable name.
pub(super) fn snake(text: &str) -> String {
    kebab(text).replace('-', "_")
}

/// A path segment, raw where it is a keyword.
pub(super) fn raw(segment: &str) -> String {
    if KEYWORDS.contains(&segment) { format!("r#{segment}") } else { segment.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_safe() {
        assert_eq!(kebab("../../etc/passwd"), "etc-passwd");
        assert_eq!(kebab("Nightly Report"), "nightly-report");
        assert_eq!(kebab("rental.returned"), "rental-returned");
        assert_eq!(kebab("AppState"), "app-state");
        assert_eq!(kebab("GET /api/{id}"), "get-api-id");
        assert_eq!(kebab("…"), "function");
        assert_eq!(kebab("2fa"), "fn-2fa");
        assert_eq!(kebab("test"), "fn-test");
        assert_eq!(snake("Type"), "fn_type");
    }
}
