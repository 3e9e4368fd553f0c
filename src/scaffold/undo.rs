//! The workspace of the functions without one of them.

use toml_edit::{DocumentMut, Item};

/// The manifest of the workspace without the members of a function, and whether none is left. `None` where
/// the text cannot be read or has no such member.
pub fn workspace_without(text: &str, name: &str) -> Option<(String, bool)> {
    let mut document: DocumentMut = text.parse().ok()?;
    let members = document.get_mut("workspace")?.get_mut("members").and_then(Item::as_array_mut)?;
    let prefix = format!("{name}/");
    let before = members.len();
    members.retain(|member| !member.as_str().is_some_and(|member| member.starts_with(&prefix)));
    let is_empty = members.is_empty();
    if members.len() == before {
        return None;
    }
    if is_empty {
        members.set_trailing("");
        members.set_trailing_comma(false);
    }
    super::watch::forget(&mut document, &format!("{name}-lambda"));
    Some((document.to_string(), is_empty))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_members_of_the_function_go() {
        let text = "# mine\n[workspace]\nmembers = [\n    \"a/app\",\n    \"ab/app\",\n]\n";
        let (left, is_empty) = workspace_without(text, "a").unwrap();
        assert_eq!(left, "# mine\n[workspace]\nmembers = [\n    \"ab/app\",\n]\n");
        assert!(!is_empty);
        assert_eq!(workspace_without(&left, "a"), None);
        assert_eq!(
            workspace_without(&left, "ab").unwrap(),
            ("# mine\n[workspace]\nmembers = []\n".into(), true)
        );
    }
}
