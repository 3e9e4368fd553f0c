//! Items.

use proc_macro2::Span;
use syn::{FnArg, ForeignItem, ImplItem, Item as Syn, TraitItem};

use super::uses::extern_name;
use super::{Lower, each};
use crate::base::{Name, TextRange};
use crate::parse::tree::body::Body;
use crate::parse::tree::function::{FnDecl, FnHead, Param, Receiver};
use crate::parse::tree::items::{
    AdtDecl, AdtKind, Attrs, BodyIdx, Field, Item, ItemIdx, ItemKind, Variant, VariantForm, Visibility,
};

/// Items below this depth are left out: their paths grow with each level, and nobody writes such code.
const MAX_ITEM_DEPTH: u32 = 256;

/// What all items have, while the rest is being lowered.
pub(super) struct Head<'s> {
    pub attrs: &'s [syn::Attribute],
    pub vis: Option<&'s syn::Visibility>,
    /// The first token after attributes and visibility.
    pub first: Span,
    pub keyword: Span,
    pub last: Span,
}

impl Lower<'_> {
    /// Lowers one item and appends it to `out`; what syn does not know is left out.
    pub(super) fn item(&mut self, item: &Syn, out: &mut Vec<ItemIdx>) {
        if self.item_depth == MAX_ITEM_DEPTH {
            let line = syn::spanned::Spanned::span(item).start().line as u32;
            self.too_deep.get_or_insert(line);
            return;
        }
        self.item_depth += 1;
        super::exprs::deep(|| self.shallow_item(item, out));
        self.item_depth -= 1;
    }

    /// Makes room for an item, so that items within get higher ids, and fills it.
    pub(super) fn place(
        &mut self,
        head: &Head<'_>,
        name: Option<&syn::Ident>,
        fill: impl FnOnce(&mut Self, &Attrs) -> ItemKind,
    ) -> ItemIdx {
        let keyword = self.start(head.keyword);
        let first = match head.vis {
            Some(syn::Visibility::Public(token)) => self.start(token.span),
            Some(syn::Visibility::Restricted(vis)) => self.start(vis.pub_token.span),
            _ => self.start(head.first),
        };
        let range = TextRange::new(self.item_start(head.attrs, first), self.end(head.last));
        let item = Item {
            kind: ItemKind::Use(vec![]),
            name: name.map_or_else(|| Name::new(""), |name| self.name(name)),
            visibility: self.visibility(head.vis),
            attrs: Attrs::default(),
            range,
            keyword,
            made_by: None,
        };
        let idx = self.tree.items.push(item);
        let attrs = self.attrs(head.attrs);
        let kind = fill(self, &attrs);
        self.tree.items[idx].kind = kind;
        self.tree.items[idx].attrs = attrs;
        idx
    }

    fn visibility(&mut self, vis: Option<&syn::Visibility>) -> Visibility {
        match vis {
            Some(syn::Visibility::Public(_)) => Visibility::Public,
            Some(syn::Visibility::Restricted(vis)) => Visibility::In(Box::new(self.path(&vis.path))),
            _ => Visibility::Private,
        }
    }

    fn shallow_item(&mut self, item: &Syn, out: &mut Vec<ItemIdx>) {
        let idx = match item {
            Syn::Fn(item) => {
                let (attrs, vis) = (item.attrs.as_slice(), Some(&item.vis));
                self.func(attrs, vis, item.modifiers.defaultness, &item.sig, Some(&item.block), None)
            }
            Syn::Struct(item) => {
                let last = match (&item.fields, item.semi_token) {
                    (_, Some(semi)) => semi.spans[0],
                    (syn::Fields::Named(fields), None) => fields.brace_token.span.close(),
                    (syn::Fields::Unnamed(fields), None) => fields.paren_token.span.close(),
                    (syn::Fields::Unit, None) => item.ident.span(),
                };
                let head = head(&item.attrs, Some(&item.vis), item.struct_token.span, last);
                self.place(&head, Some(&item.ident), |lower, attrs| {
                    let name = lower.name(&item.ident);
                    let variant = lower.variant(name, &item.fields, Attrs::default());
                    lower.adt(AdtKind::Struct, &item.generics, vec![variant], attrs)
                })
            }
            Syn::Union(item) => {
                let head = head(
                    &item.attrs,
                    Some(&item.vis),
                    item.union_token.span,
                    item.fields.brace_token.span.close(),
                );
                self.place(&head, Some(&item.ident), |lower, attrs| {
                    let name = lower.name(&item.ident);
                    let fields = syn::Fields::Named(item.fields.clone());
                    let variant = lower.variant(name, &fields, Attrs::default());
                    lower.adt(AdtKind::Union, &item.generics, vec![variant], attrs)
                })
            }
            Syn::Enum(item) => {
                let head =
                    head(&item.attrs, Some(&item.vis), item.enum_token.span, item.brace_token.span.close());
                self.place(&head, Some(&item.ident), |lower, attrs| {
                    let mut variants = Vec::with_capacity(item.variants.len());
                    for variant in each(&item.variants) {
                        let name = lower.name(&variant.ident);
                        let attrs = lower.attrs(&variant.attrs);
                        variants.push(lower.variant(name, &variant.fields, attrs));
                    }
                    lower.adt(AdtKind::Enum, &item.generics, variants, attrs)
                })
            }
            Syn::Use(item) => {
                let head = head(&item.attrs, Some(&item.vis), item.use_token.span, item.semi_token.spans[0]);
                self.place(&head, None, |lower, _| ItemKind::Use(lower.use_leaves(item)))
            }
            Syn::Mod(item) => self.module(item),
            Syn::Impl(item) => self.implementation(item),
            Syn::Trait(item) => self.trait_item(item),
            Syn::TraitAlias(item) => {
                let head =
                    head(&item.attrs, Some(&item.vis), item.trait_token.span, item.semi_token.spans[0]);
                self.place(&head, Some(&item.ident), |lower, _| ItemKind::Trait {
                    generics: lower.generics(&item.generics),
                    supertraits: lower.bounds(&item.bounds),
                    items: vec![],
                })
            }
            Syn::Type(item) => {
                let mut head =
                    head(&item.attrs, Some(&item.vis), item.type_token.span, item.semi_token.spans[0]);
                head.first = item.modifiers.defaultness.map_or(head.first, |token| token.span);
                self.place(&head, Some(&item.ident), |lower, _| ItemKind::TypeAlias {
                    generics: lower.generics(&item.generics),
                    bounds: vec![],
                    ty: Some(lower.ty(&item.ty)),
                })
            }
            Syn::Const(item) => {
                let mut head =
                    head(&item.attrs, Some(&item.vis), item.const_token.span, item.semi_token.spans[0]);
                head.first = item.modifiers.defaultness.map_or(head.first, |token| token.span);
                self.value(&head, &item.ident, false, false, &item.ty, Some(&item.expr))
            }
            Syn::Static(item) => {
                let head =
                    head(&item.attrs, Some(&item.vis), item.static_token.span, item.semi_token.spans[0]);
                let mutable = matches!(item.mutability, syn::StaticMutability::Mut(_));
                self.value(&head, &item.ident, true, mutable, &item.ty, Some(&item.expr))
            }
            Syn::ExternCrate(item) => {
                let head =
                    head(&item.attrs, Some(&item.vis), item.extern_token.span, item.semi_token.spans[0]);
                let (krate, name) = extern_name(self, item);
                let idx = self.place(&head, None, |_, _| ItemKind::ExternCrate { krate });
                self.tree.items[idx].name = name;
                idx
            }
            Syn::ForeignMod(item) => {
                for item in &item.items {
                    self.foreign(item, out);
                }
                return;
            }
            Syn::Macro(item) => {
                return self.item_macro(item.ident.as_ref(), &item.attrs, &item.mac, item.semi_token, out);
            }
            _ => return,
        };
        out.push(idx);
    }

    fn adt(
        &mut self,
        kind: AdtKind,
        generics: &syn::Generics,
        mut variants: Vec<Variant>,
        attrs: &Attrs,
    ) -> ItemKind {
        variants.shrink_to_fit();
        let derives = self.derives(attrs);
        ItemKind::Adt(Box::new(AdtDecl { kind, generics: self.generics(generics), variants, derives }))
    }

    fn variant(&mut self, name: Name, fields: &syn::Fields, attrs: Attrs) -> Variant {
        let form = match fields {
            syn::Fields::Named(_) => VariantForm::Named,
            syn::Fields::Unnamed(_) => VariantForm::Tuple,
            syn::Fields::Unit => VariantForm::Unit,
        };
        let mut lowered = Vec::with_capacity(fields.len());
        for (idx, field) in fields.iter().enumerate() {
            let name = match &field.ident {
                Some(ident) => self.name(ident),
                None => self.number(idx as u32),
            };
            let ty = self.ty(&field.ty);
            let attrs = self.attrs(&field.attrs);
            let visibility = self.visibility(Some(&field.vis));
            lowered.push(Field { name, ty, attrs, visibility });
        }
        Variant { name, fields: lowered, form, attrs }
    }

    fn module(&mut self, item: &syn::ItemMod) -> ItemIdx {
        let last = match (&item.content, item.semi) {
            (Some((brace, _)), _) => brace.span.close(),
            (None, Some(semi)) => semi.spans[0],
            (None, None) => item.ident.span(),
        };
        let mut head = head(&item.attrs, Some(&item.vis), item.mod_token.span, last);
        head.first = item.unsafety.map_or(head.first, |token| token.span);
        self.place(&head, Some(&item.ident), |lower, _| {
            let content = item.content.as_ref().map(|(_, items)| {
                let mut out = Vec::with_capacity(items.len());
                for item in items {
                    lower.item(item, &mut out);
                }
                out
            });
            ItemKind::Mod { content }
        })
    }

    fn implementation(&mut self, item: &syn::ItemImpl) -> ItemIdx {
        let mut head = head(&item.attrs, None, item.impl_token.span, item.brace_token.span.close());
        let before = item.modifiers.defaultness.map(|token| token.span);
        head.first = before.or(item.unsafety.map(|token| token.span)).unwrap_or(head.first);
        self.place(&head, None, |lower, _| {
            let generics = lower.generics(&item.generics);
            let trait_ = item.trait_.as_ref().map(|(path, _)| lower.path(path));
            let ty = lower.ty(&item.self_ty);
            let mut items = Vec::with_capacity(item.items.len());
            for item in &item.items {
                lower.impl_item(item, &mut items);
            }
            ItemKind::Impl { generics, trait_, negative: item.modifiers.polarity.is_some(), ty, items }
        })
    }

    fn impl_item(&mut self, item: &ImplItem, out: &mut Vec<ItemIdx>) {
        let idx = match item {
            ImplItem::Fn(item) => {
                let (attrs, vis) = (item.attrs.as_slice(), Some(&item.vis));
                self.func(attrs, vis, item.modifiers.defaultness, &item.sig, Some(&item.block), None)
            }
            ImplItem::Const(item) => {
                let mut head =
                    head(&item.attrs, Some(&item.vis), item.const_token.span, item.semi_token.spans[0]);
                head.first = item.modifiers.defaultness.map_or(head.first, |token| token.span);
                self.value(&head, &item.ident, false, false, &item.ty, Some(&item.expr))
            }
            ImplItem::Type(item) => {
                let mut head =
                    head(&item.attrs, Some(&item.vis), item.type_token.span, item.semi_token.spans[0]);
                head.first = item.modifiers.defaultness.map_or(head.first, |token| token.span);
                self.place(&head, Some(&item.ident), |lower, _| ItemKind::TypeAlias {
                    generics: lower.generics(&item.generics),
                    bounds: vec![],
                    ty: Some(lower.ty(&item.ty)),
                })
            }
            ImplItem::Macro(item) => {
                return self.item_macro(None, &item.attrs, &item.mac, item.semi_token, out);
            }
            _ => return,
        };
        out.push(idx);
    }

    fn trait_item(&mut self, item: &syn::ItemTrait) -> ItemIdx {
        let mut head =
            head(&item.attrs, Some(&item.vis), item.trait_token.span, item.brace_token.span.close());
        let auto = item.modifiers.auto_token.map(|token| token.span);
        head.first = item.unsafety.map(|token| token.span).or(auto).unwrap_or(head.first);
        self.place(&head, Some(&item.ident), |lower, _| {
            let generics = lower.generics(&item.generics);
            let supertraits = lower.bounds(&item.supertraits);
            let mut items = Vec::with_capacity(item.items.len());
            for item in &item.items {
                lower.item_of_trait(item, &mut items);
            }
            ItemKind::Trait { generics, supertraits, items }
        })
    }

    fn item_of_trait(&mut self, item: &TraitItem, out: &mut Vec<ItemIdx>) {
        let idx = match item {
            TraitItem::Fn(item) => {
                let semi = item.semi_token.map(|semi| semi.spans[0]);
                let (attrs, block) = (item.attrs.as_slice(), item.default.as_ref());
                self.func(attrs, None, item.modifiers.defaultness, &item.sig, block, semi)
            }
            TraitItem::Const(item) => {
                let head = head(&item.attrs, None, item.const_token.span, item.semi_token.spans[0]);
                let default = item.default.as_ref().map(|(_, expr)| expr);
                self.value(&head, &item.ident, false, false, &item.ty, default)
            }
            TraitItem::Type(item) => {
                let head = head(&item.attrs, None, item.type_token.span, item.semi_token.spans[0]);
                self.place(&head, Some(&item.ident), |lower, _| ItemKind::TypeAlias {
                    generics: lower.generics(&item.generics),
                    bounds: lower.bounds(&item.bounds),
                    ty: item.default.as_ref().map(|(_, ty)| lower.ty(ty)),
                })
            }
            TraitItem::Macro(item) => {
                return self.item_macro(None, &item.attrs, &item.mac, item.semi_token, out);
            }
            _ => return,
        };
        out.push(idx);
    }

    fn foreign(&mut self, item: &ForeignItem, out: &mut Vec<ItemIdx>) {
        let idx = match item {
            ForeignItem::Fn(item) => {
                let semi = Some(item.semi_token.spans[0]);
                self.func(&item.attrs, Some(&item.vis), item.modifiers.defaultness, &item.sig, None, semi)
            }
            ForeignItem::Static(item) => {
                let head =
                    head(&item.attrs, Some(&item.vis), item.static_token.span, item.semi_token.spans[0]);
                let mutable = matches!(item.mutability, syn::StaticMutability::Mut(_));
                self.value(&head, &item.ident, true, mutable, &item.ty, None)
            }
            _ => return,
        };
        out.push(idx);
    }

    /// Lowers a constant or static.
    pub(super) fn value(
        &mut self,
        head: &Head<'_>,
        name: &syn::Ident,
        is_static: bool,
        mutable: bool,
        ty: &syn::Type,
        expr: Option<&syn::Expr>,
    ) -> ItemIdx {
        self.place(head, Some(name), |lower, _| {
            let ty = lower.ty(ty);
            let body = expr.map(|expr| lower.with_body(|lower| lower.body.root = Some(lower.expr(expr))));
            ItemKind::Value { is_static, mutable, ty, body }
        })
    }

    fn func(
        &mut self,
        attrs: &[syn::Attribute],
        vis: Option<&syn::Visibility>,
        default: Option<syn::Token![default]>,
        sig: &syn::Signature,
        block: Option<&syn::Block>,
        semi: Option<Span>,
    ) -> ItemIdx {
        let last = block.map(|block| block.brace_token.span.close()).or(semi).unwrap_or(sig.ident.span());
        let safety = match &sig.safety {
            syn::Safety::Safe(token) => Some(token.span),
            syn::Safety::Unsafe(token) => Some(token.span),
            syn::Safety::Default => None,
        };
        let befores = [
            default.map(|token| token.span),
            sig.constness.map(|token| token.span),
            sig.asyncness.map(|token| token.span),
            safety,
            sig.abi.as_ref().map(|abi| abi.extern_token.span),
        ];
        let mut head = head(attrs, vis, sig.fn_token.span, last);
        head.first = befores.into_iter().flatten().next().unwrap_or(head.first);
        self.place(&head, Some(&sig.ident), |lower, _| {
            let generics = lower.generics(&sig.generics);
            let mut receiver = None;
            let mut params = Vec::with_capacity(sig.inputs.len());
            for input in each(&sig.inputs) {
                match input {
                    FnArg::Receiver(input) => receiver = Some(lower.receiver(input)),
                    FnArg::Typed(input) => params.push(Param {
                        name: lower.single_name(&input.pat),
                        ty: lower.ty(&input.ty),
                        attrs: lower.attrs(&input.attrs),
                    }),
                }
            }
            params.shrink_to_fit();
            let ret = lower.written_return(&sig.output);
            let body = block.map(|block| {
                lower.with_body(|lower| {
                    for input in each(&sig.inputs) {
                        if let FnArg::Typed(input) = input {
                            let pat = lower.pat(&input.pat);
                            lower.body.params.push(pat);
                        }
                    }
                    lower.body.root = Some(lower.plain_block(block));
                })
            });
            let is_async = sig.asyncness.is_some();
            ItemKind::Fn(FnDecl::new(FnHead { generics, receiver, params, ret, is_async }, body))
        })
    }

    fn receiver(&mut self, receiver: &syn::Receiver) -> Receiver {
        let own_mut = receiver.mutability.is_some();
        match &receiver.kind {
            syn::ReceiverKind::Reference(_, _, mutable) => {
                Receiver { reference: true, mutable: mutable.is_some(), ty: None }
            }
            syn::ReceiverKind::Typed(_, ty) => {
                Receiver { reference: false, mutable: own_mut, ty: Some(self.ty(ty)) }
            }
            _ => Receiver { reference: false, mutable: own_mut, ty: None },
        }
    }

    /// Lowers into a new body.
    fn with_body(&mut self, fill: impl FnOnce(&mut Self)) -> BodyIdx {
        let spare = self.spare.pop().unwrap_or_default();
        let outer = std::mem::replace(&mut self.body, spare);
        fill(self);
        let mut filled = std::mem::replace(&mut self.body, outer);
        let body = Body {
            exprs: filled.exprs.take_all(),
            ranges: filled.ranges.take_all(),
            pats: filled.pats.take_all(),
            params: filled.params.drain(..).collect(),
            root: filled.root.take(),
            holds_items: std::mem::take(&mut filled.holds_items),
        };
        self.spare.push(filled);
        self.tree.bodies.push(body)
    }

    /// `macro_rules! a { … }` and `a! { … }` among items.
    pub(super) fn item_macro(
        &mut self,
        name: Option<&syn::Ident>,
        attrs: &[syn::Attribute],
        mac: &syn::Macro,
        semi: Option<syn::Token![;]>,
        out: &mut Vec<ItemIdx>,
    ) {
        let delimiter = mac.delimiter.span();
        let inner = TextRange::new(self.end(delimiter.open()), self.start(delimiter.close()));
        let first = mac.path.segments.first().map_or(mac.bang_token.span, |segment| segment.ident.span());
        let last = semi.map_or(delimiter.close(), |semi| semi.spans[0]);
        let head = head(attrs, None, first, last);
        if mac.path.is_ident("macro_rules") && name.is_some() {
            out.push(self.place(&head, name, |_, attrs| ItemKind::MacroRules {
                rules: inner,
                exported: attrs.find("macro_export").is_some(),
            }));
        } else if !self.known_item_macro(mac, attrs, out) {
            out.push(self.place(&head, name, |lower, _| ItemKind::MacroCall {
                path: lower.path(&mac.path),
                args: inner,
                expanded: false,
            }));
        }
    }
}

/// The usual head: the keyword comes first.
pub(super) fn head<'s>(
    attrs: &'s [syn::Attribute],
    vis: Option<&'s syn::Visibility>,
    keyword: Span,
    last: Span,
) -> Head<'s> {
    Head { attrs, vis, first: keyword, keyword, last }
}
