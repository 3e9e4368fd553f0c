//! How the message that starts a consumer becomes its event.

use crate::model::{ItemId, ModuleIdx};
use crate::scaffold::calls::OUTSIDE;
use crate::scaffold::names::Names;
use crate::scaffold::slice::types::Ty;

/// What a message is read as, and the argument made of it; else what is left to do.
pub(super) fn event(names: &Names<'_>, ty: &Ty, module: ModuleIdx) -> Result<(String, String), String> {
    let read = match ty {
        Ty::Ref(inner) => match &**inner {
            Ty::Slice(element) => element_of(names, element, module).map(|()| "Vec<_>"),
            inner if inner.name() == "str" => Ok("String"),
            inner if inner.name() == "Path" => Ok("std::path::PathBuf"),
            inner => element_of(names, inner, module).map(|()| "_"),
        },
        ty => element_of(names, ty, module).map(|()| "_"),
    }?;
    let arg = if matches!(ty, Ty::Ref(_)) { "&event" } else { "event" };
    Ok((read.to_owned(), arg.to_owned()))
}

/// Holders that are read where what they hold is.
const HOLDERS: &[&str] = &["BTreeMap", "BTreeSet", "Box", "HashMap", "HashSet", "Option", "Vec", "VecDeque"];

const PLAIN: &[&str] = &[
    "String", "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
    "u64", "u128", "usize", "Value", "PathBuf", "DateTime", "Utc", "Duration",
];

/// Whether a value can be read from the text that a queue carries.
fn element_of(names: &Names<'_>, ty: &Ty, module: ModuleIdx) -> Result<(), String> {
    let no = |name: &str| {
        Err(format!(
            "the event holds a `{name}`, which is not known to be readable from text; send what it is made of, and \
             make it in the generated entry"
        ))
    };
    match ty {
        Ty::Unit => Ok(()),
        Ty::Tuple(parts) => parts.iter().try_for_each(|part| element_of(names, part, module)),
        Ty::Path(segments, args) => {
            if let Some(&item) = names.resolve(module, segments, false, None).last.first() {
                return match reads(names, item) {
                    true => Ok(()),
                    false => Err(format!(
                        "the event `{}` does not derive `Deserialize`; derive it, so that it can travel over a queue",
                        segments.join("::")
                    )),
                };
            }
            let known = HOLDERS.contains(&ty.name())
                || PLAIN.contains(&ty.name())
                || OUTSIDE.iter().any(|(_, name, _)| *name == ty.name());
            match known {
                true => args.iter().try_for_each(|arg| element_of(names, arg, module)),
                false => no(&segments.join("::")),
            }
        }
        Ty::Ref(inner) => no(&format!("&{}", inner.name())),
        Ty::Slice(_) => no("[_]"),
        Ty::Other(text) => no(text),
    }
}

/// Whether a type of the application is read by serde; what is no struct or enum is not looked into.
fn reads(names: &Names<'_>, item: ItemId) -> bool {
    has(names, item, "Deserialize")
}

/// Whether a value can be cloned, as far as it is known.
pub(super) fn clones(names: &Names<'_>, ty: &Ty, module: ModuleIdx) -> bool {
    let Ty::Path(segments, _) = ty.behind_refs() else { return true };
    let found = names.resolve(module, segments, false, None);
    found.last.first().is_none_or(|&item| has(names, item, "Clone"))
}

/// Whether a struct or enum derives or implements a trait.
fn has(names: &Names<'_>, item: ItemId, wanted: &str) -> bool {
    let model = names.model;
    let Some(ty) = model.types.iter().find(|ty| ty.item == item) else { return true };
    let mut sides = model.items.iter().filter_map(|other| other.implements.as_ref());
    ty.derives.iter().any(|derive| derive == wanted)
        || sides.any(|sides| {
            sides.type_item == Some(item)
                && sides.trait_path.as_ref().is_some_and(|path| path.name() == wanted)
        })
}
