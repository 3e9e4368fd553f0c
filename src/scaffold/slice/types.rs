//! Types as written in signatures.

use syn::spanned::Spanned;

/// As much of a type as matters for finding a value of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::scaffold) enum Ty {
    /// `&T`, `&mut T`.
    Ref(Box<Ty>),
    /// A path and the type arguments of its last segment.
    Path(Vec<String>, Vec<Ty>),
    /// `[T]`, which stands behind a reference or box only.
    Slice(Box<Ty>),
    /// `(A, B)`.
    Tuple(Vec<Ty>),
    /// `()`.
    Unit,
    /// Everything else, as written.
    Other(String),
}

impl Ty {
    /// Reads a type; what is no type becomes [`Ty::Other`].
    pub fn parse(text: &str) -> Self {
        if text.trim().is_empty() {
            return Self::Unit;
        }
        let ty = syn::parse_str::<syn::Type>(text)
            .map_or_else(|_| Self::Other(text.into()), |ty| lower(&ty, text));
        proc_macro2::extra::invalidate_current_thread_spans();
        ty
    }

    /// Last segment of a path.
    pub fn name(&self) -> &str {
        match self {
            Self::Path(segments, _) => segments.last().map_or("", String::as_str),
            _ => "",
        }
    }

    /// Type arguments.
    pub fn args(&self) -> &[Ty] {
        match self {
            Self::Path(_, args) => args,
            _ => &[],
        }
    }

    /// The type behind references.
    pub fn behind_refs(&self) -> &Ty {
        match self {
            Self::Ref(inner) => inner.behind_refs(),
            other => other,
        }
    }

    /// `Result<T, E>` and aliases of that name give `T`; everything else itself.
    pub fn success(&self) -> (&Ty, bool) {
        match self {
            Self::Path(_, args) if self.name() == "Result" && !args.is_empty() => (&args[0], true),
            other => (other, false),
        }
    }
}

/// Reads a type that was parsed as a part of `text`.
pub(super) fn lower(ty: &syn::Type, text: &str) -> Ty {
    match ty {
        syn::Type::Reference(reference) => Ty::Ref(Box::new(lower(&reference.elem, text))),
        syn::Type::Paren(paren) => lower(&paren.elem, text),
        syn::Type::Group(group) => lower(&group.elem, text),
        syn::Type::Slice(slice) => Ty::Slice(Box::new(lower(&slice.elem, text))),
        syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Ty::Unit,
        syn::Type::Tuple(tuple) => Ty::Tuple(tuple.elems.iter().map(|ty| lower(ty, text)).collect()),
        syn::Type::Path(path) if path.qself.is_none() => {
            let segments = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            let args = match path.path.segments.last().map(|segment| &segment.arguments) {
                Some(syn::PathArguments::AngleBracketed(args)) => args
                    .args
                    .iter()
                    .filter_map(|arg| match arg {
                        syn::GenericArgument::Type(ty) => Some(lower(ty, text)),
                        _ => None,
                    })
                    .collect(),
                _ => Vec::new(),
            };
            Ty::Path(segments, args)
        }
        other => Ty::Other(text.get(other.span().byte_range()).unwrap_or(text).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_keeps_its_own_text() {
        let ty = Ty::parse("Result<Vec<u8>, Box<dyn Error + Send>>");
        let [_, Ty::Path(_, boxed)] = ty.args() else { panic!("two arguments: {ty:?}") };
        assert_eq!(boxed[..], [Ty::Other("dyn Error + Send".into())]);
        assert_eq!(Ty::parse("&[&str]").behind_refs().name(), "");
    }
}
