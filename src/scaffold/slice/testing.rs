//! A model of a fixture, made from its syntax alone: items, modules, `use` leaves and signatures. What only
//! resolution knows (calls, mentions) stays empty, so that tests show what cutting does by itself.

use std::collections::BTreeMap;

use syn::spanned::Spanned;

use crate::base::{DefPath, FileId, Place, SourceFile, Sources, Span, TextRange};
use crate::model::{
    DependencyRef, EntryPoint, EntryPointKind, File, Function, Implements, Import, ImportTarget, Item,
    ItemId, ItemKind, Model, Module, ModuleIdx, Package, PackageIdx, Parameter, Type, UnresolvedCall,
};
use crate::scaffold::names::Names;
use crate::scaffold::slice::lex;
use crate::scaffold::slice::types::Ty;

/// A model under construction.
pub(in crate::scaffold) struct Fixture {
    pub sources: Sources,
    pub model: Model,
    raw_uses: Vec<(ModuleIdx, Span)>,
    uses: Vec<(usize, Vec<String>)>,
    impls: Vec<(ItemId, Option<String>, String)>,
}

impl Fixture {
    /// Reads files of one package; `krates` are (crate name, root file), the library first.
    pub fn new(files: &[(String, String)], krates: &[(&str, &str)], dependencies: &[&str]) -> Self {
        let mut files = files.to_vec();
        files.sort();
        let mut sources = Sources::default();
        let mut model = Model { name: krates[0].0.into(), ..Model::default() };
        for (path, text) in &files {
            sources.files.push(SourceFile::new(path.as_str(), text));
            model.files.push(File { path: path.clone(), hash: String::new(), n_lines: 0, parsed: true });
        }
        model.packages.push(Package {
            name: krates[0].0.replace('_', "-"),
            dir: String::new(),
            manifest: "Cargo.toml".into(),
            edition: "2024".into(),
            lib: krates[0].1.ends_with("lib.rs").then(|| krates[0].0.to_owned()),
            bins: Vec::new(),
            dependencies: dependencies
                .iter()
                .map(|name| DependencyRef {
                    krate: name.replace('-', "_"),
                    package: (*name).into(),
                    local: None,
                    key: (*name).into(),
                })
                .collect(),
            linked: true,
        });
        let mut fixture = Self { sources, model, raw_uses: Vec::new(), uses: Vec::new(), impls: Vec::new() };
        for (krate, root) in krates {
            let file = fixture.sources.find(root).expect("the root file is there");
            fixture.file_module(file, DefPath::new(krate), krate, None, None, false);
        }
        fixture.link();
        fixture
    }

    fn file_module(
        &mut self,
        file: FileId,
        path: DefPath,
        krate: &str,
        parent: Option<ModuleIdx>,
        declared_at: Option<Span>,
        test: bool,
    ) {
        let text = self.sources.files[file].text.clone();
        let content = Span { file, range: TextRange::new(0, text.len() as u32) };
        let module = Module {
            path,
            package: PackageIdx(0),
            krate: krate.into(),
            parent,
            content,
            declared_at,
            inline: false,
            test,
        };
        let id = self.model.modules.push(module);
        let Ok(syntax) = syn::parse_file(&text) else { return };
        self.items(&syntax.items, id, file, test);
    }

    fn items(&mut self, items: &[syn::Item], module: ModuleIdx, file: FileId, test: bool) {
        for item in items {
            self.item(item, module, file, test);
        }
    }

    fn add(
        &mut self,
        kind: ItemKind,
        name: &str,
        module: ModuleIdx,
        parent: Option<ItemId>,
        span: Span,
        test: bool,
    ) -> ItemId {
        let base = parent.map_or_else(
            || self.model.modules[module].path.clone(),
            |parent| self.model.items[parent].path.clone(),
        );
        let line = self.sources.place(span).line;
        self.model.items.push(Item {
            made_by: None,
            path: if name.is_empty() {
                base.child(format!("<impl {}>", span.range.start))
            } else {
                base.child(name)
            },
            kind,
            name: name.into(),
            module,
            parent,
            span,
            line,
            test,
            mentions: Vec::new(),
            externs: Vec::new(),
            implements: None,
        })
    }

    fn function(&mut self, sig: &syn::Signature, public: bool, item: ItemId, of_trait: Option<String>) {
        let facts = self.model.items[item].clone();
        let text = |span: proc_macro2::Span, fixture: &Self| {
            let bytes = span.byte_range();
            fixture.sources.files[facts.span.file].text[bytes].to_owned()
        };
        let mut params = Vec::new();
        let mut receiver = None;
        for input in &sig.inputs {
            match input {
                syn::FnArg::Receiver(own) => receiver = Some(text(own.span(), self)),
                syn::FnArg::Typed(typed) => {
                    let name = match &*typed.pat {
                        syn::Pat::Ident(own) => own.ident.to_string(),
                        _ => String::new(),
                    };
                    params.push(Parameter { name, ty: text(typed.ty.span(), self) });
                }
            }
        }
        let ret = match &sig.output {
            syn::ReturnType::Default => String::new(),
            syn::ReturnType::Type(_, ty) => text(ty.span(), self),
        };
        self.model.functions.push(Function {
            path: facts.path,
            name: facts.name,
            item,
            module: facts.module,
            place: Place { file: facts.span.file, line: facts.line },
            n_lines: self.sources.text(facts.span).lines().count() as u32,
            self_type: None,
            of_trait,
            params,
            ret,
            receiver,
            is_async: sig.asyncness.is_some(),
            is_generic: !sig.generics.params.is_empty(),
            is_public: public,
            test: facts.test,
            pure: false,
        });
    }

    fn item(&mut self, item: &syn::Item, module: ModuleIdx, file: FileId, test: bool) {
        let bytes = item.span().byte_range();
        let span = Span { file, range: TextRange::new(bytes.start as u32, bytes.end as u32) };
        let attrs = match item {
            syn::Item::Fn(item) => &item.attrs[..],
            syn::Item::Mod(item) => &item.attrs[..],
            syn::Item::Struct(item) => &item.attrs[..],
            syn::Item::Enum(item) => &item.attrs[..],
            _ => &[],
        };
        let attrs_text: String = attrs
            .iter()
            .map(|attr| {
                attr.path().get_ident().map(ToString::to_string).unwrap_or_default()
                    + &self.sources.files[file].text[attr.span().byte_range()]
            })
            .collect();
        let test = test || attrs_text.contains("cfg(test)");
        match item {
            syn::Item::Fn(func) => {
                let id = self.add(ItemKind::Function, &func.sig.ident.to_string(), module, None, span, test);
                self.function(&func.sig, matches!(func.vis, syn::Visibility::Public(_)), id, None);
            }
            syn::Item::Struct(item) => {
                self.ty(ItemKind::Struct, &item.ident, module, span, test, &attrs_text)
            }
            syn::Item::Enum(item) => self.ty(ItemKind::Enum, &item.ident, module, span, test, &attrs_text),
            syn::Item::Type(item) => self.ty(ItemKind::TypeAlias, &item.ident, module, span, test, ""),
            syn::Item::Const(item) => {
                self.add(ItemKind::Const, &item.ident.to_string(), module, None, span, test);
            }
            syn::Item::Static(item) => {
                self.add(ItemKind::Static, &item.ident.to_string(), module, None, span, test);
            }
            syn::Item::Trait(item) => {
                let id = self.add(ItemKind::Trait, &item.ident.to_string(), module, None, span, test);
                for part in &item.items {
                    if let syn::TraitItem::Fn(func) = part {
                        let part_span = sub(file, part.span());
                        let part = self.add(
                            ItemKind::Function,
                            &func.sig.ident.to_string(),
                            module,
                            Some(id),
                            part_span,
                            test,
                        );
                        self.function(&func.sig, true, part, Some(item.ident.to_string()));
                    }
                }
            }
            syn::Item::Impl(imp) => {
                let id = self.add(ItemKind::Impl, "", module, None, span, test);
                let of_trait = imp
                    .trait_
                    .as_ref()
                    .map(|found| self.sources.files[file].text[found.0.span().byte_range()].to_owned());
                let self_ty = self.sources.files[file].text[imp.self_ty.span().byte_range()].to_owned();
                self.impls.push((id, of_trait.clone(), self_ty));
                for part in &imp.items {
                    let part_span = sub(file, part.span());
                    match part {
                        syn::ImplItem::Fn(func) => {
                            let part = self.add(
                                ItemKind::Function,
                                &func.sig.ident.to_string(),
                                module,
                                Some(id),
                                part_span,
                                test,
                            );
                            self.function(
                                &func.sig,
                                matches!(func.vis, syn::Visibility::Public(_)),
                                part,
                                of_trait.clone(),
                            );
                        }
                        syn::ImplItem::Const(own) => {
                            self.add(
                                ItemKind::Const,
                                &own.ident.to_string(),
                                module,
                                Some(id),
                                part_span,
                                test,
                            );
                        }
                        syn::ImplItem::Type(own) => {
                            self.add(
                                ItemKind::TypeAlias,
                                &own.ident.to_string(),
                                module,
                                Some(id),
                                part_span,
                                test,
                            );
                        }
                        _ => {}
                    }
                }
            }
            syn::Item::Macro(item) => {
                let name = item.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                let kind = if name.is_empty() { ItemKind::MacroCall } else { ItemKind::Macro };
                self.add(kind, &name, module, None, span, test);
            }
            syn::Item::Use(_) => {
                self.raw_uses.push((module, span));
            }
            syn::Item::Mod(item) => {
                let path = self.model.modules[module].path.child(&item.ident);
                let krate = self.model.modules[module].krate.clone();
                match &item.content {
                    Some((brace, items)) => {
                        let content = sub(file, brace.span.join());
                        let inner = Module {
                            path,
                            package: PackageIdx(0),
                            krate,
                            parent: Some(module),
                            content,
                            declared_at: Some(span),
                            inline: true,
                            test,
                        };
                        let id = self.model.modules.push(inner);
                        self.items(items, id, file, test);
                    }
                    None => {
                        let own = self.sources.files[file].path.clone();
                        let dir = match own.rsplit_once('/') {
                            Some((dir, "mod.rs" | "lib.rs" | "main.rs")) => {
                                format!("{dir}/")
                            }
                            _ => own.trim_end_matches(".rs").to_owned() + "/",
                        };
                        let found =
                            [format!("{dir}{}.rs", item.ident), format!("{dir}{}/mod.rs", item.ident)]
                                .iter()
                                .find_map(|path| self.sources.find(path));
                        if let Some(child) = found {
                            self.file_module(child, path, &krate, Some(module), Some(span), test);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn ty(
        &mut self,
        kind: ItemKind,
        ident: &syn::Ident,
        module: ModuleIdx,
        span: Span,
        test: bool,
        attrs: &str,
    ) {
        let id = self.add(kind, &ident.to_string(), module, None, span, test);
        let derives = attrs.split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned).collect();
        self.model.types.push(Type {
            path: self.model.items[id].path.clone(),
            name: ident.to_string(),
            item: id,
            module,
            place: Place { file: span.file, line: self.model.items[id].line },
            fields: Vec::new(),
            derives,
            test,
        });
    }

    /// Gives `use` leaves and implementations their targets, and every method call to the unresolved ones.
    fn link(&mut self) {
        for (module, span) in std::mem::take(&mut self.raw_uses) {
            let text = self.sources.text(span).to_owned();
            let Some((_, leaves)) = super::uses::leaves(&text) else { continue };
            for (idx, leaf) in leaves.into_iter().enumerate() {
                self.uses.push((self.model.imports.len(), leaf.segments.clone()));
                let at = span.range.start + idx as u32;
                let leaf_span = Span { file: span.file, range: TextRange::new(at, at) };
                let glob = leaf.name.is_none() && text.contains('*');
                self.model.imports.push(Import {
                    module,
                    item: span,
                    leaf: leaf_span,
                    glob,
                    name: leaf.name,
                    targets: Vec::new(),
                });
            }
        }
        for _ in 0..4 {
            let mut targets: BTreeMap<usize, Vec<ImportTarget>> = BTreeMap::new();
            {
                let names = Names::new(&self.model);
                for (idx, segments) in &self.uses {
                    let import = &self.model.imports[*idx];
                    // Without itself: a leaf called like a crate must not find itself.
                    let found = names.resolve(
                        import.module,
                        segments,
                        segments.len() == 1 && segments[0] != "crate",
                        None,
                    );
                    let mut out: Vec<_> = found.last.iter().map(|&item| ImportTarget::Item(item)).collect();
                    out.extend(found.modules.iter().map(|&module| ImportTarget::Module(module)));
                    if out.is_empty() {
                        match found.items.iter().next_back() {
                            // The last segment of a path into an enum is a variant.
                            Some(&item) => out.push(ImportTarget::Variant(item)),
                            None => out.push(ImportTarget::External(DefPath::new(segments.join("::")))),
                        }
                    }
                    targets.insert(*idx, out);
                }
            }
            for (idx, found) in targets {
                self.model.imports[idx].targets = found;
            }
        }
        let mut sides = Vec::new();
        {
            let names = Names::new(&self.model);
            for (id, of_trait, self_ty) in &self.impls {
                let module = self.model.items[*id].module;
                let find = |text: &str| match Ty::parse(text) {
                    Ty::Path(segments, _) => {
                        names.resolve(module, &segments, false, None).last.first().copied()
                    }
                    _ => None,
                };
                let trait_item = of_trait.as_deref().and_then(find);
                let trait_path = match (of_trait, trait_item) {
                    (Some(text), None) => Some(DefPath::new(text.split('<').next().unwrap_or(text))),
                    _ => None,
                };
                sides.push((*id, Implements { trait_item, trait_path, type_item: find(self_ty) }));
            }
        }
        for (id, found) in sides {
            self.model.items[id].implements = Some(found);
        }
        for (id, function) in self.model.functions.iter_enumerated() {
            let span = self.model.items[function.item].span;
            for (name, at) in lex::scan(self.sources.text(span), &[]).methods {
                let line = self.sources.files[span.file].line(span.range.start + at);
                let site = Place { file: span.file, line };
                self.model.unresolved.push(UnresolvedCall {
                    caller: id,
                    site,
                    name,
                    reason: "untyped-receiver".into(),
                });
            }
        }
    }

    /// Lets functions mention what their text names, as resolution would.
    pub fn mention(&mut self) {
        let found: Vec<(ItemId, Vec<ItemId>)> = {
            let names = Names::new(&self.model);
            let of = |item: ItemId, module: ModuleIdx| {
                let scan = lex::scan(self.sources.text(self.model.items[item].span), &[]);
                let found: std::collections::BTreeSet<ItemId> = scan
                    .paths
                    .iter()
                    .flat_map(|path| names.resolve(module, &path.segments, path.leading, None).items)
                    .collect();
                (item, found.into_iter().collect())
            };
            self.model.functions.iter().map(|function| of(function.item, function.module)).collect()
        };
        for (item, mentions) in found {
            self.model.items[item].mentions = mentions;
        }
    }

    /// Adds an entry point that calls `handler` (a path below the crate) and is declared where `declared`
    /// stands in the text.
    pub fn entry(&mut self, kind: EntryPointKind, method: &str, path: &str, handler: &str, declared: &str) {
        let id = self
            .model
            .functions
            .iter_enumerated()
            .find(|(_, function)| function.path.as_str().ends_with(handler))
            .map(|(id, _)| id)
            .unwrap_or_else(|| panic!("no function {handler}"));
        let declared_at = self
            .sources
            .files
            .iter_enumerated()
            .find_map(|(file, source)| {
                let at = source.text.find(declared)?;
                Some(Place { file, line: source.line(at as u32) })
            })
            .unwrap_or_else(|| panic!("no {declared}"));
        self.model.entry_points.push(EntryPoint {
            kind,
            method: (!method.is_empty()).then(|| method.into()),
            path: Some(path.into()),
            reason: None,
            handler: Some(id),
            place: self.model.functions[id].place,
            declared_at,
            guards: Vec::new(),
            middleware: Vec::new(),
            schedule: None,
        });
    }
}

fn sub(file: FileId, span: proc_macro2::Span) -> Span {
    let bytes = span.byte_range();
    Span { file, range: TextRange::new(bytes.start as u32, bytes.end as u32) }
}

/// Whether a text is a Rust file.
pub(in crate::scaffold) fn parses(text: &str) -> bool {
    syn::parse_file(text).is_ok()
}
