//! What a type is made of, what an alias stands for, and where the body of a function is.

use syn::spanned::Spanned;

use super::types::Ty;
use crate::base::TextRange;

/// A struct or enum without type parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scaffold) struct Shape {
    /// Fields of a struct; the variants of an enum.
    pub kind: ShapeKind,
    /// Whether `serde` attributes change how it is written.
    pub serde: bool,
}

/// Struct or enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scaffold) enum ShapeKind {
    /// A struct.
    Struct(Fields),
    /// An enum: name, fields, and whether it is always there.
    Enum(Vec<(String, Fields, bool)>),
}

/// The fields of a struct or variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scaffold) struct Fields {
    /// Whether they have names.
    pub named: bool,
    /// The fields in order.
    pub all: Vec<Field>,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scaffold) struct Field {
    /// Its name; its index where it has none.
    pub name: String,
    /// Its type.
    pub ty: Ty,
    /// As written.
    pub text: String,
    /// Visible in its whole crate at least.
    pub open: bool,
    /// Not there in every build.
    pub conditional: bool,
}

/// Reads the text of a struct or enum; `None` for other items and where it has parameters.
pub(in crate::scaffold) fn shape(text: &str) -> Option<Shape> {
    let found = match syn::parse_str::<syn::Item>(text).ok()? {
        syn::Item::Struct(item) if plain(&item.generics) => Some(Shape {
            kind: ShapeKind::Struct(fields(&item.fields, text, false)),
            serde: has_serde(&item.attrs) || item.fields.iter().any(|field| has_serde(&field.attrs)),
        }),
        syn::Item::Enum(item) if plain(&item.generics) => Some(Shape {
            serde: has_serde(&item.attrs)
                || item.variants.iter().any(|variant| {
                    has_serde(&variant.attrs) || variant.fields.iter().any(|field| has_serde(&field.attrs))
                }),
            kind: ShapeKind::Enum(
                item.variants
                    .iter()
                    .map(|variant| {
                        let fields = fields(&variant.fields, text, true);
                        (variant.ident.to_string(), fields, !conditional(&variant.attrs))
                    })
                    .collect(),
            ),
        }),
        _ => None,
    };
    proc_macro2::extra::invalidate_current_thread_spans();
    found
}

fn plain(generics: &syn::Generics) -> bool {
    generics.params.is_empty()
}

fn has_serde(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| attr.path().is_ident("serde"))
}

fn conditional(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| attr.path().is_ident("cfg"))
}

fn fields(fields: &syn::Fields, text: &str, of_variant: bool) -> Fields {
    let all = fields
        .iter()
        .enumerate()
        .map(|(idx, field)| {
            let own = &text[field.ty.span().byte_range()];
            let open = match &field.vis {
                syn::Visibility::Public(_) => true,
                syn::Visibility::Restricted(restricted) => restricted.path.is_ident("crate"),
                syn::Visibility::Inherited => of_variant,
            };
            Field {
                name: field.ident.as_ref().map_or_else(|| idx.to_string(), ToString::to_string),
                ty: super::types::lower(&field.ty, text),
                text: own.to_owned(),
                open,
                conditional: conditional(&field.attrs),
            }
        })
        .collect();
    Fields { named: matches!(fields, syn::Fields::Named(_)), all }
}

/// A type parameter and its default.
type Param = (String, Option<Ty>);

/// What a type alias stands for: its parameters, and its type.
pub(in crate::scaffold) fn alias(text: &str) -> Option<(Vec<Param>, Ty)> {
    let syn::Item::Type(item) = syn::parse_str::<syn::Item>(text).ok()? else { return None };
    let default = |ty: &syn::Type| super::types::lower(ty, text);
    let params = item.generics.type_params();
    let params = params
        .map(|param| (param.ident.to_string(), param.default.as_ref().map(|(_, ty)| default(ty))))
        .collect();
    let ty = super::types::lower(&item.ty, text);
    proc_macro2::extra::invalidate_current_thread_spans();
    Some((params, ty))
}

/// The braces of a function's body.
pub(in crate::scaffold) fn body(text: &str) -> Option<TextRange> {
    let block = match syn::parse_str::<syn::ItemFn>(text) {
        Ok(func) => *func.block,
        Err(_) => syn::parse_str::<syn::ImplItemFn>(text).ok()?.block,
    };
    let bytes = block.span().byte_range();
    proc_macro2::extra::invalidate_current_thread_spans();
    Some(TextRange::new(bytes.start as u32, bytes.end as u32))
}

/// The environment variables that fields of a command line are read from: `#[arg(env)]`, `#[arg(env = "LOG")]`.
pub(in crate::scaffold) fn variables(text: &str) -> Vec<String> {
    let Ok(item) = syn::parse_str::<syn::ItemStruct>(text) else { return Vec::new() };
    let mut out = Vec::new();
    for field in &item.fields {
        for attr in &field.attrs {
            let own = ["arg", "clap", "structopt"].iter().any(|name| attr.path().is_ident(name));
            let Some(list) = attr.meta.require_list().ok().filter(|_| own) else { continue };
            let tokens: Vec<String> = list.tokens.clone().into_iter().map(|tree| tree.to_string()).collect();
            let Some(at) = tokens.iter().position(|token| token == "env") else { continue };
            let named = (tokens.get(at + 1).map(String::as_str) == Some("="))
                .then(|| syn::parse_str::<syn::LitStr>(tokens.get(at + 2)?).ok())
                .flatten();
            let own = field.ident.as_ref().map(|ident| ident.to_string().to_uppercase());
            out.extend(named.map(|literal| literal.value()).or(own));
        }
    }
    proc_macro2::extra::invalidate_current_thread_spans();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_say_who_may_see_them() {
        let found =
            shape("pub struct A { pub a: i64, pub(crate) b: Vec<B>, pub(super) c: u8, d: &'static str }");
        let ShapeKind::Struct(fields) = found.unwrap().kind else { panic!("a struct") };
        let open: Vec<_> = fields.all.iter().map(|field| (field.name.as_str(), field.open)).collect();
        assert_eq!(open, [("a", true), ("b", true), ("c", false), ("d", false)]);
        assert_eq!(fields.all[3].text, "&'static str");
        assert_eq!(shape("struct A<T>(T);"), None);
    }

    #[test]
    fn variants_keep_their_order_and_conditions() {
        let found = shape("enum E { #[error(\"x\")] A(String), #[cfg(test)] B { code: u16 }, C }");
        let ShapeKind::Enum(variants) = found.unwrap().kind else { panic!("an enum") };
        let shown: Vec<_> = variants
            .iter()
            .map(|(name, fields, always)| (name.as_str(), fields.all.len(), *always))
            .collect();
        assert_eq!(shown, [("A", 1, true), ("B", 1, false), ("C", 0, true)]);
    }

    #[test]
    fn an_alias_stands_for_its_type() {
        let (params, ty) = alias("pub type AppResult<T, E = AppError> = Result<T, E>;").unwrap();
        assert_eq!((ty.name(), ty.args().len()), ("Result", 2));
        assert_eq!(params[0], ("T".to_owned(), None));
        assert_eq!(params[1].1.as_ref().map(Ty::name), Some("AppError"));
    }

    #[test]
    fn a_body_is_found_behind_attributes_and_bounds() {
        let text = "#[a(b = {})] pub async fn f(x: impl Fn() -> i64) -> R<()> where X: Y { x() }";
        assert_eq!(&text[body(text).unwrap().as_range()], "{ x() }");
        assert_eq!(&"fn f(&self) { 1 }"[body("fn f(&self) { 1 }").unwrap().as_range()], "{ 1 }");
    }
}
