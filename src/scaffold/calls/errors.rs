//! How errors travel, and how a failure of the network becomes one of the application's.

use crate::model::{ItemId, ItemKind, ModuleIdx};
use crate::scaffold::slice::shape::{Fields, ShapeKind};
use crate::scaffold::slice::types::Ty;

use super::wire::{Contract, DeclKind, ErrorWire, Stuck, stuck};

/// Names that people give to the variant for everything that is not the caller's fault.
const OWN_FAULTS: &[&str] = &[
    "Unavailable",
    "ServiceUnavailable",
    "Upstream",
    "External",
    "Service",
    "Internal",
    "InternalError",
    "InternalServerError",
    "Unexpected",
    "UnexpectedError",
    "Unknown",
    "Other",
    "Server",
    "ServerError",
    "System",
    "Generic",
    "Any",
    "Anyhow",
];

impl Contract<'_, '_> {
    /// How an error travels, and how a failure of the network becomes one.
    pub fn error(&mut self, ty: &Ty, module: ModuleIdx) -> Result<ErrorWire, Stuck> {
        let Ty::Path(segments, args) = ty else {
            return Err(stuck("fails with something that has no name", "let it fail with an enum"));
        };
        let found = self.names.resolve(module, segments, false, None);
        if let Some(&item) = found.last.first() {
            if self.names.model.items[item].kind == ItemKind::TypeAlias {
                let (ty, module) = self.aliased(item, args)?;
                return self.error(&ty, module);
            }
            return self.own_error(item);
        }
        if segments == &["String".to_owned()] {
            let (there, back) = ("error.clone()".into(), "text".into());
            return Ok(ErrorWire::Text { own: "String".into(), there, back });
        }
        if segments.last().is_some_and(|last| last == "Box")
            && let [Ty::Other(inner)] = args.as_slice()
            && let Some(inner) = error_object(inner)
        {
            let (there, back) = ("error.to_string()".into(), "text.into()".into());
            return Ok(ErrorWire::Text { own: format!("Box<{inner}>"), there, back });
        }
        let path = self.outside_path(segments, module).unwrap_or_else(|| segments.join("::"));
        match path.as_str() {
            "anyhow::Error" | "anyhow::Result" => Ok(ErrorWire::Text {
                own: "anyhow::Error".into(),
                there: "format!(\"{error:#}\")".into(),
                back: "anyhow::Error::msg(text)".into(),
            }),
            "sqlx::Error" | "sqlx::error::Error" => Ok(ErrorWire::Text {
                own: "sqlx::Error".into(),
                there:
                    "match error { sqlx::Error::RowNotFound => String::new(), other => other.to_string() }"
                        .into(),
                back: "if text.is_empty() { sqlx::Error::RowNotFound } else { sqlx::Error::Protocol(text) }"
                    .into(),
            }),
            _ => Err(stuck(
                format!("fails with a `{path}`, which cannot be made from a text"),
                "let it fail with an enum of the application",
            )),
        }
    }

    fn own_error(&mut self, item: ItemId) -> Result<ErrorWire, Stuck> {
        let facts = &self.names.model.items[item];
        let (name, module) = (facts.name.clone(), facts.module);
        if let Some(&known) = self.by_item.get(&item)
            && let Some((failed, _)) = &self.decls[known].text
        {
            return Ok(ErrorWire::Named { decl: known, failed: failed.clone() });
        }
        let no_place = || {
            stuck(
                format!("fails with a `{name}`, none of whose variants can say that another service failed"),
                format!("give `{name}` a variant such as `Internal(String)`"),
            )
        };
        let (shape, path) = self.shape_of(item)?;
        let ShapeKind::Enum(variants) = &shape.kind else { return Err(no_place()) };
        let failed = own_fault(&path, variants).ok_or_else(no_place)?;
        let idx = match self.by_item.get(&item) {
            Some(&known) => known,
            None => self.declare(item, path),
        };
        let mut kept = Vec::new();
        let mut opaque = false;
        for (variant, fields, always) in variants {
            let parts = match always {
                true => self.attempt(|contract| contract.parts(fields, module, &name)).ok(),
                false => None,
            };
            match parts {
                Some(parts) => kept.push((variant.clone(), parts)),
                None => opaque = true,
            }
        }
        let says = if self.displays(item) {
            "other.to_string()"
        } else if self.derives(item, "Debug") {
            "format!(\"{other:?}\")"
        } else {
            "{ let _ = other; \"it failed\".to_owned() }"
        };
        let decl = &mut self.decls[idx];
        decl.kind = DeclKind::Enum(kept);
        decl.opaque = opaque;
        decl.text = Some((failed.clone(), says));
        Ok(ErrorWire::Named { decl: idx, failed })
    }

    fn derives(&self, item: ItemId, name: &str) -> bool {
        let ty = self.names.model.types.iter().find(|ty| ty.item == item);
        ty.is_some_and(|ty| ty.derives.iter().any(|derive| derive == name))
    }

    fn displays(&self, item: ItemId) -> bool {
        self.derives(item, "Error")
            || self.derives(item, "Display")
            || self.names.model.items.iter().filter_map(|other| other.implements.as_ref()).any(|sides| {
                sides.type_item == Some(item)
                    && sides.trait_path.as_ref().is_some_and(|path| path.name() == "Display")
            })
    }
}

/// `dyn Error + …` with the path of that trait.
fn error_object(text: &str) -> Option<String> {
    if text.starts_with("dyn std::error::Error") {
        return Some(text.to_owned());
    }
    let rest = text.strip_prefix("dyn Error")?;
    let ends = !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':');
    ends.then(|| format!("dyn std::error::Error{rest}"))
}

/// The expression that makes an error of a `text`: by the variant that people keep for what is not the caller's fault.
fn own_fault(path: &str, variants: &[(String, Fields, bool)]) -> Option<String> {
    let makes = |fields: &Fields| -> Option<String> {
        let made = match fields.all.as_slice() {
            [] => return Some("{ let _ = text; VARIANT }".into()),
            [only] => match only.text.replace(' ', "").as_str() {
                "String" => "text",
                "anyhow::Error" => "anyhow::Error::msg(text)",
                text if text.starts_with("Box<dyn") && text.contains("Error") => "text.into()",
                "std::io::Error" | "io::Error" => "std::io::Error::other(text)",
                "sqlx::Error" => "sqlx::Error::Protocol(text)",
                _ => return None,
            },
            _ => return None,
        };
        Some(if fields.named {
            format!("VARIANT {{ {}: {made} }}", fields.all[0].name)
        } else {
            format!("VARIANT({made})")
        })
    };
    let made = |(name, fields, always): &(String, Fields, bool)| {
        let text = if *always { makes(fields)? } else { return None };
        Some(text.replace("VARIANT", &format!("{path}::{name}")))
    };
    let by_name = OWN_FAULTS.iter().find_map(|wanted| {
        variants
            .iter()
            .filter(|(name, _, _)| name.trim_end_matches("Error") == wanted.trim_end_matches("Error"))
            .find_map(made)
    });
    by_name.or_else(|| {
        let wraps = |fields: &Fields| {
            fields.all.iter().any(|field| field.text.contains("anyhow") || field.text.contains("dyn"))
        };
        variants.iter().filter(|(_, fields, _)| wraps(fields)).find_map(made)
    })
}
