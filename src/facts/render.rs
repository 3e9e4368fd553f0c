//! Types and paths as text.

use std::fmt::Write as _;

use crate::parse::tree::types::{GenericArgs, Path, PathStart, TypeRef};

/// The text of a type, without lifetimes.
pub(super) fn type_text(ty: &TypeRef) -> String {
    let mut out = String::new();
    write_type(ty, &mut out);
    out
}

fn write_list<T>(list: &[T], separator: &str, out: &mut String, write: impl Fn(&T, &mut String)) {
    for (n, element) in list.iter().enumerate() {
        if n > 0 {
            out.push_str(separator);
        }
        write(element, out);
    }
}

fn write_type(ty: &TypeRef, out: &mut String) {
    stacker::maybe_grow(32 * 1024, 1024 * 1024, || match ty {
        TypeRef::Path(path) => write_path(path, out),
        TypeRef::Ref { mutable, inner } => {
            out.push_str(if *mutable { "&mut " } else { "&" });
            write_type(inner, out);
        }
        TypeRef::Ptr(inner) => {
            out.push_str("*const ");
            write_type(inner, out);
        }
        TypeRef::Tuple(types) => {
            out.push('(');
            write_list(types, ", ", out, write_type);
            out.push_str(if types.len() == 1 { ",)" } else { ")" });
        }
        TypeRef::Slice(inner) => {
            out.push('[');
            write_type(inner, out);
            out.push(']');
        }
        TypeRef::Array(inner) => {
            out.push('[');
            write_type(inner, out);
            out.push_str("; _]");
        }
        TypeRef::Fn { params, ret } => {
            out.push_str("fn(");
            write_list(params, ", ", out, write_type);
            out.push(')');
            if **ret != TypeRef::Tuple(Vec::new()) {
                out.push_str(" -> ");
                write_type(ret, out);
            }
        }
        TypeRef::Impl(bounds) => {
            out.push_str("impl ");
            write_list(bounds, " + ", out, write_path);
        }
        TypeRef::Dyn(bounds) => {
            out.push_str("dyn ");
            write_list(bounds, " + ", out, write_path);
        }
        TypeRef::Never => out.push('!'),
        TypeRef::Infer | TypeRef::Const => out.push('_'),
        TypeRef::Macro(name) => {
            let _ = write!(out, "{name}!()");
        }
    });
}

/// The text of a path, generic arguments included.
fn write_path(path: &Path, out: &mut String) {
    let mut segments = &path.segments[..];
    match &path.start {
        PathStart::Plain => {}
        PathStart::Global => out.push_str("::"),
        PathStart::Crate => out.push_str("crate::"),
        PathStart::DollarCrate(name) => {
            let _ = write!(out, "{name}::");
        }
        PathStart::SelfModule => out.push_str("self::"),
        PathStart::Super(n) => out.push_str(&"super::".repeat(usize::from(*n))),
        PathStart::Qualified { ty, n_trait } => {
            out.push('<');
            write_type(ty, out);
            let (of_trait, rest) = segments.split_at(usize::from(*n_trait).min(segments.len()));
            if !of_trait.is_empty() {
                out.push_str(" as ");
                write_segments(of_trait, out);
            }
            out.push_str(">::");
            segments = rest;
        }
    }
    write_segments(segments, out);
}

fn write_segments(segments: &[crate::parse::tree::types::Segment], out: &mut String) {
    write_list(segments, "::", out, |segment, out| {
        out.push_str(segment.name.as_str());
        if let Some(args) = &segment.args {
            write_args(segment.name.as_str(), args, out);
        }
    });
}

fn write_args(name: &str, args: &GenericArgs, out: &mut String) {
    if matches!(name, "Fn" | "FnMut" | "FnOnce")
        && let [TypeRef::Tuple(params)] = &args.types[..]
    {
        out.push('(');
        write_list(params, ", ", out, write_type);
        out.push(')');
        if let Some((_, ret)) = args.bindings.first().filter(|(_, ret)| *ret != TypeRef::Tuple(Vec::new())) {
            out.push_str(" -> ");
            write_type(ret, out);
        }
        return;
    }
    if args.types.is_empty() && args.bindings.is_empty() {
        return;
    }
    out.push('<');
    write_list(&args.types, ", ", out, write_type);
    for (n, (name, ty)) in args.bindings.iter().enumerate() {
        if n > 0 || !args.types.is_empty() {
            out.push_str(", ");
        }
        let _ = write!(out, "{name} = ");
        write_type(ty, out);
    }
    out.push('>');
}

/// A path's names joined by `::`, the keyword at its start left out.
pub(super) fn path_names(path: &Path) -> String {
    let names: Vec<&str> = path.segments.iter().map(|segment| segment.name.as_str()).collect();
    names.join("::")
}

/// Every name of a type: segments of its paths, and those of its arguments.
pub(super) fn type_names(ty: &TypeRef, names: &mut Vec<crate::base::Name>) {
    let path = |path: &Path, names: &mut Vec<_>| {
        if let PathStart::Qualified { ty, .. } = &path.start {
            type_names(ty, names);
        }
        for segment in &path.segments {
            names.push(segment.name);
            if let Some(args) = &segment.args {
                args.types.iter().for_each(|ty| type_names(ty, names));
                args.bindings.iter().for_each(|(_, ty)| type_names(ty, names));
            }
        }
    };
    stacker::maybe_grow(32 * 1024, 1024 * 1024, || match ty {
        TypeRef::Path(found) => path(found, names),
        TypeRef::Ref { inner, .. } | TypeRef::Ptr(inner) | TypeRef::Slice(inner) | TypeRef::Array(inner) => {
            type_names(inner, names);
        }
        TypeRef::Tuple(types) => types.iter().for_each(|ty| type_names(ty, names)),
        TypeRef::Fn { params, ret } => {
            params.iter().for_each(|ty| type_names(ty, names));
            type_names(ret, names);
        }
        TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => bounds.iter().for_each(|bound| path(bound, names)),
        TypeRef::Never | TypeRef::Infer | TypeRef::Const | TypeRef::Macro(_) => {}
    });
}
