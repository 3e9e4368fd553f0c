//! Paths, types and generics.

use syn::{GenericArgument, GenericParam, PathArguments, ReturnType, Type, TypeParamBound, WherePredicate};

use super::{Lower, each};
use crate::base::Name;
use crate::parse::fragment::DOLLAR_CRATE;
use crate::parse::tree::types::{Bound, GenericArgs, Generics, Path, PathStart, Segment, Segments, TypeRef};

/// Types below this depth are left out, so that nobody recurses without end.
const MAX_DEPTH: u32 = 64;

impl Lower<'_> {
    pub(super) fn path(&mut self, path: &syn::Path) -> Path {
        self.path_at(None, path, 0)
    }

    pub(super) fn qualified(&mut self, qself: Option<&syn::QSelf>, path: &syn::Path) -> Path {
        self.path_at(qself, path, 0)
    }

    fn path_at(&mut self, qself: Option<&syn::QSelf>, path: &syn::Path, depth: u32) -> Path {
        let mut n_start = 0;
        let start = if let Some(qself) = qself {
            let ty = Box::new(self.type_at(&qself.ty, depth + 1));
            PathStart::Qualified { ty, n_trait: qself.position.min(255) as u8 }
        } else if path.leading_colon.is_some() {
            PathStart::Global
        } else {
            let (start, n) = self.start_of(each(&path.segments).map(|segment| &segment.ident));
            n_start = n;
            start
        };
        let mut segments = Segments::with_capacity(path.segments.len() - n_start);
        for segment in each(&path.segments).skip(n_start) {
            let name = self.name(&segment.ident);
            let args = self.generic_args(&segment.arguments, depth);
            segments.push(Segment { name, args });
        }
        Path { start, segments }
    }

    /// What the first segments say about where a path starts, and how many they are.
    pub(super) fn start_of<'i>(
        &mut self,
        idents: impl Iterator<Item = &'i syn::Ident>,
    ) -> (PathStart, usize) {
        let mut start = PathStart::Plain;
        let mut n = 0;
        for ident in idents {
            let supers = match start {
                PathStart::Plain | PathStart::SelfModule => 0,
                PathStart::Super(supers) => supers,
                _ => break,
            };
            if ident == "super" {
                start = PathStart::Super(supers.saturating_add(1));
            } else if n > 0 {
                break;
            } else if ident == "self" {
                start = PathStart::SelfModule;
            } else if ident == "crate" {
                start = PathStart::Crate;
            } else if self.expansion
                && let Some(krate) = self.name(ident).as_str().strip_prefix(DOLLAR_CRATE)
            {
                start = PathStart::DollarCrate(Name::new(krate));
            } else {
                break;
            }
            n += 1;
        }
        (start, n)
    }

    fn generic_args(&mut self, arguments: &PathArguments, depth: u32) -> Option<Box<GenericArgs>> {
        match arguments {
            PathArguments::None => None,
            PathArguments::AngleBracketed(list) => {
                let mut args = GenericArgs::default();
                for arg in each(&list.args) {
                    self.generic_arg(arg, &mut args, depth);
                }
                args.types.shrink_to_fit();
                Some(Box::new(args))
            }
            PathArguments::Parenthesized(list) => {
                let inputs = each(&list.inputs).map(|arg| self.type_at(&arg.ty, depth + 1)).collect();
                let output = match &list.output {
                    ReturnType::Default => TypeRef::Tuple(vec![]),
                    ReturnType::Type(_, ty) => self.type_at(ty, depth + 1),
                };
                let bindings = vec![(Name::new("Output"), output)];
                Some(Box::new(GenericArgs { types: vec![TypeRef::Tuple(inputs)], bindings }))
            }
        }
    }

    fn generic_arg(&mut self, arg: &GenericArgument, args: &mut GenericArgs, depth: u32) {
        match arg {
            GenericArgument::Type(ty) => args.types.push(self.type_at(ty, depth + 1)),
            GenericArgument::Const(_) => args.types.push(TypeRef::Const),
            GenericArgument::AssocType(assoc) => {
                let ty = self.type_at(&assoc.ty, depth + 1);
                args.bindings.push((self.name(&assoc.ident), ty));
            }
            GenericArgument::Constraint(constraint) => {
                let bounds = self.bounds_at(&constraint.bounds, depth + 1);
                args.bindings.push((self.name(&constraint.ident), TypeRef::Impl(bounds)));
            }
            _ => {}
        }
    }

    /// The types of a turbofish.
    pub(super) fn turbofish(&mut self, list: &syn::AngleBracketedGenericArguments) -> Box<[TypeRef]> {
        let mut args = GenericArgs::default();
        for arg in each(&list.args) {
            self.generic_arg(arg, &mut args, 0);
        }
        args.types.into()
    }

    pub(super) fn ty(&mut self, ty: &Type) -> TypeRef {
        self.type_at(ty, 0)
    }

    fn type_at(&mut self, ty: &Type, depth: u32) -> TypeRef {
        if depth > MAX_DEPTH {
            return TypeRef::Infer;
        }
        let down = depth + 1;
        match ty {
            Type::Array(ty) => TypeRef::Array(Box::new(self.type_at(&ty.elem, down))),
            Type::FnPtr(ty) => {
                let params = each(&ty.inputs).map(|arg| self.type_at(&arg.ty, down)).collect();
                TypeRef::Fn { params, ret: Box::new(self.return_type(&ty.output, down)) }
            }
            Type::Group(ty) => self.type_at(&ty.elem, down),
            Type::Paren(ty) => self.type_at(&ty.elem, down),
            Type::ImplTrait(ty) => TypeRef::Impl(self.bounds_at(&ty.bounds, down)),
            Type::TraitObject(ty) => TypeRef::Dyn(self.bounds_at(&ty.bounds, down)),
            Type::Macro(ty) => {
                let last = each(&ty.mac.path.segments).next_back();
                TypeRef::Macro(last.map_or_else(|| Name::new(""), |last| self.name(&last.ident)))
            }
            Type::Never(_) => TypeRef::Never,
            Type::Path(ty) => TypeRef::Path(self.path_at(ty.qself.as_ref(), &ty.path, depth)),
            Type::Ptr(ty) => TypeRef::Ptr(Box::new(self.type_at(&ty.elem, down))),
            Type::Reference(ty) => {
                let inner = Box::new(self.type_at(&ty.elem, down));
                TypeRef::Ref { mutable: ty.mutability.is_some(), inner }
            }
            Type::Slice(ty) => TypeRef::Slice(Box::new(self.type_at(&ty.elem, down))),
            Type::Tuple(ty) => TypeRef::Tuple(each(&ty.elems).map(|elem| self.type_at(elem, down)).collect()),
            _ => TypeRef::Infer,
        }
    }

    /// A return type; the unit where none is written.
    fn return_type(&mut self, output: &ReturnType, depth: u32) -> TypeRef {
        match output {
            ReturnType::Default => TypeRef::Tuple(vec![]),
            ReturnType::Type(_, ty) => self.type_at(ty, depth),
        }
    }

    /// A return type, where one is written.
    pub(super) fn written_return(&mut self, output: &ReturnType) -> Option<TypeRef> {
        match output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(self.ty(ty)),
        }
    }

    pub(super) fn bounds<'b>(&mut self, bounds: impl IntoIterator<Item = &'b TypeParamBound>) -> Vec<Path> {
        self.bounds_at(bounds, 0)
    }

    fn bounds_at<'b>(
        &mut self,
        bounds: impl IntoIterator<Item = &'b TypeParamBound>,
        depth: u32,
    ) -> Vec<Path> {
        let bounds = bounds.into_iter().filter_map(|bound| match bound {
            TypeParamBound::Trait(bound) if bound.maybe.is_none() => {
                Some(self.path_at(None, &bound.path, depth))
            }
            _ => None,
        });
        bounds.collect()
    }

    pub(super) fn generics(&mut self, generics: &syn::Generics) -> Generics {
        let mut out = Generics::default();
        for param in each(&generics.params) {
            let GenericParam::Type(param) = param else { continue };
            let name = self.name(&param.ident);
            let default = param.default.as_ref().map(|(_, ty)| self.ty(ty));
            out.params.push((name, default));
            let traits = self.bounds(&param.bounds);
            if !traits.is_empty() {
                let segments = Segments::from_buf([Segment { name, args: None }]);
                let ty = TypeRef::Path(Path { start: PathStart::Plain, segments });
                out.bounds.push(Bound { ty, traits });
            }
        }
        for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
            let WherePredicate::Type(predicate) = predicate else { continue };
            let ty = self.ty(&predicate.bounded_ty);
            let traits = self.bounds(&predicate.bounds);
            if !traits.is_empty() {
                out.bounds.push(Bound { ty, traits });
            }
        }
        out
    }
}
