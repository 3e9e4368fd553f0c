//! Patterns.

use syn::Pat as Syn;
use syn::punctuated::Punctuated;

use super::{Lower, each};
use crate::base::Name;
use crate::parse::tree::body::{ExprId, Pat, PatId};

impl Lower<'_> {
    fn add_pat(&mut self, pat: Pat) -> PatId {
        self.body.pats.push(pat)
    }

    /// Lowers a pattern; a guard at its top is left to [`Self::pat_with_guard`].
    pub(super) fn pat(&mut self, pat: &Syn) -> PatId {
        self.pat_with_guard(pat).0
    }

    /// Lowers a pattern and the guard at its top.
    pub(super) fn pat_with_guard(&mut self, pat: &Syn) -> (PatId, Option<ExprId>) {
        match pat {
            Syn::Guard(guarded) => {
                let pat = self.pat(&guarded.pat);
                (pat, Some(self.expr(&guarded.guard)))
            }
            pat => (super::exprs::deep(|| self.plain_pat(pat)), None),
        }
    }

    fn plain_pat(&mut self, pat: &Syn) -> PatId {
        let lowered = match pat {
            Syn::Ident(pat) => {
                let name = self.name(&pat.ident);
                let sub = pat.subpat.as_ref().map(|(_, sub)| self.pat(sub));
                Pat::Bind { name, by_ref: pat.by_ref.is_some(), sub }
            }
            Syn::Path(pat) => Pat::Path(self.qualified(pat.qself.as_ref(), &pat.path)),
            Syn::TupleStruct(pat) => {
                let path = self.qualified(pat.qself.as_ref(), &pat.path);
                let (pats, rest) = self.pats(&pat.elems);
                Pat::TupleStruct { path, pats, rest }
            }
            Syn::Struct(pat) => {
                let path = self.qualified(pat.qself.as_ref(), &pat.path);
                let mut fields: Vec<(Name, PatId)> = Vec::with_capacity(pat.fields.len());
                for field in each(&pat.fields) {
                    let name = self.member(&field.member);
                    fields.push((name, self.pat(&field.pat)));
                }
                Pat::Struct { path, fields: fields.into() }
            }
            Syn::Tuple(pat) => {
                let (pats, rest) = self.pats(&pat.elems);
                Pat::Tuple { pats, rest }
            }
            Syn::Slice(pat) => Pat::Slice(pat.elems.iter().map(|elem| self.pat(elem)).collect()),
            Syn::Reference(pat) => Pat::Ref(self.pat(&pat.pat)),
            Syn::Or(pat) => Pat::Or(pat.cases.iter().map(|case| self.pat(case)).collect()),
            Syn::Paren(pat) => return self.pat(&pat.pat),
            Syn::Type(typed) => {
                let pat = self.pat(&typed.pat);
                let ty = Box::new(self.ty(&typed.ty));
                Pat::Typed { pat, ty }
            }
            _ => Pat::Wild,
        };
        self.add_pat(lowered)
    }

    /// The patterns of a tuple without `..`, and where that stands.
    fn pats(&mut self, elems: &Punctuated<Syn, syn::Token![,]>) -> (Box<[PatId]>, Option<u32>) {
        let mut rest = None;
        let mut pats = Vec::with_capacity(elems.len());
        for elem in each(elems) {
            if matches!(elem, Syn::Rest(_)) {
                rest = Some(pats.len() as u32);
            } else {
                pats.push(self.pat(elem));
            }
        }
        (pats.into(), rest)
    }

    /// The one name that a parameter's pattern binds.
    pub(super) fn single_name(&mut self, pat: &Syn) -> Option<Name> {
        match pat {
            Syn::Ident(pat) => Some(self.name(&pat.ident)),
            Syn::TupleStruct(pat) if pat.elems.len() == 1 => self.single_name(&pat.elems[0]),
            Syn::Reference(pat) => self.single_name(&pat.pat),
            Syn::Paren(pat) => self.single_name(&pat.pat),
            Syn::Type(pat) => self.single_name(&pat.pat),
            Syn::Struct(pat) if pat.fields.len() == 1 => self.single_name(&pat.fields[0].pat),
            _ => None,
        }
    }
}
