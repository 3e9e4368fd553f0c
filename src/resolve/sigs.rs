//! Signatures of all definitions: what inference needs to know of an item without its body.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::base::{Id, IndexVec, Name};
use crate::parse::tree::items::{ItemKind, VariantForm};
use crate::parse::tree::types::Generics;

use super::index::Db;
use super::lang::Lang;
use super::lower::Lowering;
use super::program::DefId;
use super::ty::{Args, Pred, TraitHead, TraitRef, Ty};

/// What is known of a definition from outside.
#[derive(Debug, Default)]
pub(super) enum Sig {
    /// Nothing: macros.
    #[default]
    None,
    Fn(Box<FnSig>),
    Adt(Box<AdtSig>),
    Trait(Box<TraitSig>),
    Impl(Box<ImplSig>),
    /// A type alias or associated type, with its default.
    Alias(Box<(Vec<Pred>, Option<Ty>)>),
    /// A constant or static.
    Value(Box<Ty>),
}

/// A function. Parameters are numbered: those of the trait or implementation, its own, then one per
/// `impl Trait`.
#[derive(Debug)]
pub(super) struct FnSig {
    pub(super) n_parent: u32,
    pub(super) n_params: u32,
    /// Named ones of its own, which a turbofish fills.
    pub(super) n_named: u32,
    pub(super) preds: Vec<Pred>,
    /// The type of `self`, where there is one.
    pub(super) receiver: Option<Ty>,
    pub(super) params: Vec<Ty>,
    pub(super) ret: Ty,
}

/// A struct, enum or union.
#[derive(Debug)]
pub(super) struct AdtSig {
    pub(super) n_params: u32,
    pub(super) preds: Vec<Pred>,
    pub(super) variants: Vec<VariantSig>,
    /// Traits in `#[derive(…)]`.
    pub(super) derives: Vec<TraitHead>,
}

/// A variant.
#[derive(Debug)]
pub(super) struct VariantSig {
    pub(super) form: VariantForm,
    pub(super) fields: Vec<(Name, Ty)>,
}

/// A trait. `Self` is parameter 0.
#[derive(Debug)]
pub(super) struct TraitSig {
    pub(super) n_params: u32,
    pub(super) supers: Vec<TraitRef>,
    pub(super) preds: Vec<Pred>,
}

/// An implementation.
#[derive(Debug)]
pub(super) struct ImplSig {
    pub(super) n_params: u32,
    pub(super) preds: Vec<Pred>,
    pub(super) trait_: Option<TraitRef>,
    pub(super) self_ty: Ty,
    pub(super) negative: bool,
}

/// All signatures, in parallel. The stubs declare many functions of which an application uses few: those
/// are lowered when [`Db::sig`] is asked for them.
pub(super) fn lower_all(db: Db<'_>, lang: &Lang) -> IndexVec<DefId, OnceLock<Sig>> {
    let ids: Vec<DefId> = db.ix.defs.ids().collect();
    let sigs = ids.into_par_iter().with_min_len(64).map(|def| {
        match db.is_local(def) || !matches!(db.item(def).kind, ItemKind::Fn(_)) {
            true => OnceLock::from(lower(db, lang, def)),
            false => OnceLock::new(),
        }
    });
    let mut sigs: IndexVec<DefId, OnceLock<Sig>> = sigs.collect::<Vec<_>>().into();
    dispatched_traits(db, &mut sigs);
    sigs
}

/// `#[enum_dispatch(Enum)]` on a trait gives the enum the trait.
fn dispatched_traits(db: Db<'_>, sigs: &mut IndexVec<DefId, OnceLock<Sig>>) {
    for owner in (0..db.ix.n_defs).map(DefId::from_usize) {
        let ItemKind::Trait { .. } = &db.item(owner).kind else { continue };
        let Some(attr) = db.item(owner).attrs.find("enum_dispatch") else { continue };
        for path in attr.args.split(',').filter_map(super::hooks::parse_path) {
            let found = db.resolve(db.def(owner).module, &path, super::scope::Ns::Types);
            if let Ok(super::scope::Bind::Def(def)) = found.map(|found| found.bind)
                && let Some(Sig::Adt(sig)) = sigs[def].get_mut()
            {
                sig.derives.push(TraitHead::Def(owner));
            }
        }
    }
}

fn lower(db: Db<'_>, lang: &Lang, def: DefId) -> Sig {
    let item = db.item(def);
    let mut env = Lowering::of(db, def);
    let preds = |env: &mut Lowering<'_>, generics: &Generics| {
        let mut out = Vec::new();
        env.preds(generics, &mut out);
        out
    };
    match &item.kind {
        ItemKind::Fn(decl) => {
            let n_named = decl.generics.params.len();
            let n_parent = env.params.len() - n_named;
            let mut preds = preds(&mut env, &decl.generics);
            let params = env.fn_params(decl, &mut preds);
            let receiver = decl.receiver.as_ref().map(|receiver| match &receiver.ty {
                Some(ty) => env.ty(ty),
                None => {
                    let self_ty = env.self_ty.clone().unwrap_or(Ty::Unknown);
                    match receiver.reference {
                        true => Ty::Ref(receiver.mutable, Arc::new(self_ty)),
                        false => self_ty,
                    }
                }
            });
            let mut ret = decl.ret.as_ref().map_or_else(Ty::unit, |ty| env.ty(ty));
            if decl.is_async {
                ret = lang.future_of(ret);
            }
            Sig::Fn(Box::new(FnSig {
                n_parent: n_parent as u32,
                n_params: env.params.len() as u32,
                n_named: n_named as u32,
                preds,
                receiver,
                params,
                ret,
            }))
        }
        ItemKind::Adt(adt) => {
            let preds = preds(&mut env, &adt.generics);
            let variants = adt
                .variants
                .iter()
                .map(|variant| VariantSig {
                    form: variant.form,
                    fields: variant.fields.iter().map(|field| (field.name, env.ty(&field.ty))).collect(),
                })
                .collect();
            // `#[enum_dispatch(Trait)]` gives an enum the trait of its variants.
            let dispatched = item.attrs.list.iter().filter(|attr| {
                let mut segments = attr.path.segments.iter().map(|segment| segment.name.as_str());
                segments.any(|name| matches!(name, "enum_dispatch" | "enum_delegate"))
            });
            let dispatched =
                dispatched.flat_map(|attr| attr.args.split(',')).filter_map(super::hooks::parse_path);
            let derives = adt.derives.iter().cloned().chain(dispatched);
            let derives = derives.map(|path| env.bound(&path, &Ty::Unknown).head).collect();
            Sig::Adt(Box::new(AdtSig { n_params: env.params.len() as u32, preds, variants, derives }))
        }
        ItemKind::Trait { generics, supertraits, .. } => {
            let preds = preds(&mut env, generics);
            let supers = supertraits.iter().map(|path| env.bound(path, &Ty::Param(0))).collect();
            Sig::Trait(Box::new(TraitSig { n_params: env.params.len() as u32, supers, preds }))
        }
        ItemKind::Impl { generics, trait_, negative, .. } => {
            let preds = preds(&mut env, generics);
            let self_ty = env.self_ty.clone().unwrap_or(Ty::Unknown);
            let trait_ = trait_.as_ref().map(|path| env.bound(path, &self_ty));
            let n_params = env.params.len() as u32;
            Sig::Impl(Box::new(ImplSig { n_params, preds, trait_, self_ty, negative: *negative }))
        }
        ItemKind::TypeAlias { bounds, ty, generics } => {
            let mut preds = preds(&mut env, generics);
            let owner = env.owner;
            if let (Some(owner), Some(Ty::Param(0))) = (owner, &env.self_ty) {
                let args: Args = (1..env.params.len() as u32).map(Ty::Param).collect();
                let own = Ty::Assoc(Arc::new(super::ty::Assoc {
                    self_ty: Ty::Param(0),
                    trait_: TraitHead::Def(owner),
                    args,
                    name: item.name,
                }));
                for path in bounds {
                    let bound = env.bound(path, &own);
                    preds.push(Pred { ty: own.clone(), bound });
                }
            }
            Sig::Alias(Box::new((preds, ty.as_ref().map(|ty| env.ty(ty)))))
        }
        ItemKind::Value { ty, .. } => Sig::Value(Box::new(env.ty(ty))),
        _ => Sig::None,
    }
}

impl<'a> Db<'a> {
    pub(super) fn sig(&self, def: DefId) -> &'a Sig {
        let Db { ix, files } = *self;
        // To lower a signature, no other one is needed.
        ix.sigs[def].get_or_init(|| lower(Db { ix, files }, &ix.lang, def))
    }
    pub(super) fn fn_sig(&self, def: DefId) -> Option<&'a FnSig> {
        match self.sig(def) {
            Sig::Fn(sig) => Some(sig),
            _ => None,
        }
    }
    pub(super) fn adt_sig(&self, def: DefId) -> Option<&'a AdtSig> {
        match self.sig(def) {
            Sig::Adt(sig) => Some(sig),
            _ => None,
        }
    }
    pub(super) fn trait_sig(&self, def: DefId) -> Option<&'a TraitSig> {
        match self.sig(def) {
            Sig::Trait(sig) => Some(sig),
            _ => None,
        }
    }
    pub(super) fn impl_sig(&self, def: DefId) -> Option<&'a ImplSig> {
        match self.sig(def) {
            Sig::Impl(sig) => Some(sig),
            _ => None,
        }
    }
}
