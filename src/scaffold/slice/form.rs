//! How `serde` writes a struct or enum, read from its text.

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Item, Lit, Meta, Token};

use super::types::Ty;

/// What is written for a value of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scaffold) enum Form {
    /// A struct.
    Struct(Members),
    /// An enum: how its variants are told apart, and the variants.
    Enum(Tagging, Vec<(String, Members)>),
}

/// Fields as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scaffold) struct Members {
    /// Whether they have names.
    pub named: bool,
    /// The fields in order.
    pub all: Vec<Member>,
}

/// A field as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scaffold) struct Member {
    /// Its name on the wire.
    pub name: String,
    /// Its type.
    pub ty: Ty,
    /// Its fields stand among those of the whole.
    pub flat: bool,
    /// It may be missing.
    pub optional: bool,
}

/// How a variant is told from the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::scaffold) enum Tagging {
    /// `{"Name": …}`, or `"Name"` without fields.
    #[default]
    Outside,
    /// By a field among the variant's own.
    Inside(String),
    /// By a field beside the one of the content.
    Beside(String, String),
    /// Not at all.
    Untagged,
}

/// Reads the text of a struct or enum; `None` for other items, where it has parameters, and where it is
/// written by code of the application.
pub(in crate::scaffold) fn form(text: &str) -> Option<Form> {
    let found = match syn::parse_str::<Item>(text).ok()? {
        Item::Struct(item) if item.generics.params.is_empty() => {
            let own = Words::of(&item.attrs)?;
            members(&item.fields, text, own.all.as_deref(), own.default).map(Form::Struct)
        }
        Item::Enum(item) if item.generics.params.is_empty() => enumeration(&item, text),
        _ => None,
    };
    proc_macro2::extra::invalidate_current_thread_spans();
    found
}

fn enumeration(item: &syn::ItemEnum, text: &str) -> Option<Form> {
    let own = Words::of(&item.attrs)?;
    let mut variants = Vec::new();
    for variant in &item.variants {
        let words = Words::of(&variant.attrs)?;
        if words.skip || variant.attrs.iter().any(|attr| attr.path().is_ident("cfg")) {
            continue;
        }
        let name = variant.ident.to_string();
        let name = words
            .rename
            .unwrap_or_else(|| own.all.as_deref().map_or(name.clone(), |how| cased(&name, how, true)));
        let case = words.all.as_deref().or(own.fields.as_deref());
        variants.push((name, members(&variant.fields, text, case, false)?));
    }
    let tagging = match (own.tag, own.content, own.untagged) {
        (_, _, true) => Tagging::Untagged,
        (Some(tag), Some(content), _) => Tagging::Beside(tag, content),
        (Some(tag), None, _) => Tagging::Inside(tag),
        _ => Tagging::Outside,
    };
    Some(Form::Enum(tagging, variants))
}

fn members(fields: &syn::Fields, text: &str, case: Option<&str>, default: bool) -> Option<Members> {
    let mut all = Vec::new();
    for (idx, field) in fields.iter().enumerate() {
        let words = Words::of(&field.attrs)?;
        if words.skip || field.attrs.iter().any(|attr| attr.path().is_ident("cfg")) {
            continue;
        }
        let own = field.ident.as_ref().map(|ident| ident.to_string().trim_start_matches("r#").to_owned());
        let name = match (words.rename, own) {
            (Some(name), _) => name,
            (None, Some(own)) => case.map_or(own.clone(), |how| cased(&own, how, false)),
            (None, None) => idx.to_string(),
        };
        let ty = super::types::lower(&field.ty, text);
        let optional = default || words.default || ty.name() == "Option";
        all.push(Member { name, ty, flat: words.flat, optional });
    }
    Some(Members { named: matches!(fields, syn::Fields::Named(_)), all })
}

/// What the `serde` attributes of one place say.
#[derive(Default)]
struct Words {
    rename: Option<String>,
    /// `rename_all`.
    all: Option<String>,
    /// `rename_all_fields`.
    fields: Option<String>,
    tag: Option<String>,
    content: Option<String>,
    untagged: bool,
    skip: bool,
    flat: bool,
    default: bool,
}

impl Words {
    /// `None` where the application writes or reads it by code of its own.
    fn of(attrs: &[Attribute]) -> Option<Self> {
        let mut words = Self::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("serde")) {
            let list = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
            for meta in list {
                let name = meta.path().get_ident()?.to_string();
                match name.as_str() {
                    "rename" => words.rename = Some(text_of(&meta, "deserialize")?),
                    "rename_all" => words.all = Some(text_of(&meta, "deserialize")?),
                    "rename_all_fields" => words.fields = Some(text_of(&meta, "deserialize")?),
                    "tag" => words.tag = Some(text_of(&meta, "")?),
                    "content" => words.content = Some(text_of(&meta, "")?),
                    "untagged" => words.untagged = true,
                    "skip" | "skip_deserializing" => words.skip = true,
                    "flatten" => words.flat = true,
                    "default" => words.default = true,
                    "alias"
                    | "bound"
                    | "borrow"
                    | "crate"
                    | "deny_unknown_fields"
                    | "expecting"
                    | "skip_serializing"
                    | "skip_serializing_if"
                    | "serialize_with"
                    | "transparent" => {}
                    _ => return None,
                }
            }
        }
        Some(words)
    }
}

/// The text in `name = "text"` or `name(side = "text")`.
fn text_of(meta: &Meta, side: &str) -> Option<String> {
    match meta {
        Meta::NameValue(pair) => match &pair.value {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        Meta::List(list) => {
            let inner = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
            text_of(inner.iter().find(|meta| meta.path().is_ident(side))?, "")
        }
        Meta::Path(_) => None,
    }
}

/// A name in the case that `rename_all` names. Variants are written in capitals at first, fields with `_`.
fn cased(name: &str, how: &str, variant: bool) -> String {
    let mut words: Vec<String> = Vec::new();
    if variant {
        for c in name.chars() {
            if c.is_uppercase() || words.is_empty() {
                words.push(String::new());
            }
            words.last_mut().expect("just pushed").extend(c.to_lowercase());
        }
    } else {
        words.extend(name.split('_').filter(|word| !word.is_empty()).map(str::to_owned));
    }
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    match how {
        "lowercase" if variant => words.concat(),
        "UPPERCASE" if variant => words.concat().to_uppercase(),
        "lowercase" | "snake_case" => words.join("_"),
        "UPPERCASE" | "SCREAMING_SNAKE_CASE" => words.join("_").to_uppercase(),
        "PascalCase" => words.iter().map(|word| capital(word)).collect(),
        "camelCase" => {
            let rest = words.iter().skip(1).map(|word| capital(word));
            words.first().cloned().into_iter().chain(rest).collect()
        }
        "kebab-case" => words.join("-"),
        "SCREAMING-KEBAB-CASE" => words.join("-").to_uppercase(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        match form(text).expect("a form") {
            Form::Struct(members) => members.all.into_iter().map(|member| member.name).collect(),
            Form::Enum(_, variants) => variants.into_iter().map(|(name, _)| name).collect(),
        }
    }

    #[test]
    fn names_are_those_of_the_wire() {
        let text = r#"
            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
            struct NewItem { daily_rate: i64, #[serde(rename = "kind")] r#type: String, #[serde(skip)] id: i64 }
        "#;
        assert_eq!(names(text), ["dailyRate", "kind"]);
        assert_eq!(
            names(r#"#[serde(rename_all = "SCREAMING_SNAKE_CASE")] enum A { InUse, Idle }"#),
            ["IN_USE", "IDLE"]
        );
        assert_eq!(names(r#"#[serde(rename_all = "lowercase")] enum A { InUse }"#), ["inuse"]);
        assert_eq!(
            names(
                r#"#[serde(rename_all(serialize = "UPPERCASE", deserialize = "kebab-case"))] struct A { in_use: u8 }"#
            ),
            ["in-use"]
        );
    }

    #[test]
    fn what_may_be_missing_and_what_lies_flat_is_told() {
        let Some(Form::Struct(members)) =
            form("struct A { a: Option<u8>, #[serde(default)] b: u8, #[serde(flatten)] c: C, d: u8 }")
        else {
            panic!("a struct");
        };
        let told: Vec<(bool, bool)> =
            members.all.iter().map(|member| (member.optional, member.flat)).collect();
        assert_eq!(told, [(true, false), (true, false), (false, true), (false, false)]);
    }

    #[test]
    fn tags_are_told() {
        let tagging = |text: &str| match form(text) {
            Some(Form::Enum(tagging, _)) => tagging,
            other => panic!("{other:?}"),
        };
        assert_eq!(tagging("enum A { B }"), Tagging::Outside);
        assert_eq!(tagging(r#"#[serde(tag = "t")] enum A { B }"#), Tagging::Inside("t".into()));
        assert_eq!(
            tagging(r#"#[serde(tag = "t", content = "c")] enum A { B }"#),
            Tagging::Beside("t".into(), "c".into())
        );
        assert_eq!(tagging("#[serde(untagged)] enum A { B }"), Tagging::Untagged);
    }

    #[test]
    fn what_the_application_writes_itself_has_no_known_form() {
        assert_eq!(form(r#"struct A { #[serde(with = "hex")] a: Vec<u8> }"#), None);
        assert_eq!(form(r#"#[serde(try_from = "String")] struct A(String);"#), None);
        assert_eq!(form("struct A<T> { a: T }"), None);
    }
}
