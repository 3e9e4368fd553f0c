//! What a route may be asked, made up from the types that its handler takes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Inputs;
use super::calls::OUTSIDE;
use super::names::Names;
use super::slice::form::{Form, Member, Members, Tagging, form};
use super::slice::shape;
use super::slice::types::Ty;
use crate::model::{EntryPointId, ItemId, ItemKind, ModuleIdx};

/// What one route takes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sample {
    /// What stands in the request's body, and whether as a form.
    pub body: Option<(Value, bool)>,
    /// What has to stand behind the path, by name.
    pub query: Vec<(String, String)>,
    /// What stands in the path, in its order; empty where that is not known.
    pub path: Vec<String>,
    /// What stands in the path by name.
    pub named: BTreeMap<String, String>,
}

/// Nesting up to which values are made up.
const MAX_DEPTH: u32 = 6;

/// Makes up values of the application's types.
pub(super) struct Samples<'a> {
    names: &'a Names<'a>,
    inputs: &'a Inputs<'a>,
    reads: BTreeMap<ItemId, bool>,
}

impl<'a> Samples<'a> {
    /// For the types of an application.
    pub fn new(names: &'a Names<'a>, inputs: &'a Inputs<'a>) -> Self {
        let types = names.model.types.iter();
        let reads = types.map(|ty| (ty.item, ty.derives.iter().any(|derive| derive == "Deserialize")));
        Self { names, inputs, reads: reads.collect() }
    }

    /// What the handler of an entry point takes, as far as its parameters tell.
    pub fn of(&self, entry: EntryPointId) -> Sample {
        let model = self.names.model;
        let mut sample = Sample::default();
        let Some(handler) = model.entry_points[entry].handler else { return sample };
        let function = &model.functions[handler];
        for parameter in &function.params {
            let ty = Ty::parse(&parameter.ty);
            let ty = match ty.name() {
                "Option" => continue,
                "Result" => ty.args().first().unwrap_or(&ty),
                _ => &ty,
            };
            let [inner, ..] = ty.args() else { continue };
            let value = || self.value(inner, function.module, "", 0);
            match ty.name() {
                name if name.contains("Json") => sample.body = value().map(|value| (value, false)),
                name if name.contains("Form") => sample.body = value().map(|value| (value, true)),
                name if name.contains("Query") => {
                    if let Some(Value::Object(fields)) = value() {
                        sample.query.extend(fields.iter().map(|(name, value)| (name.clone(), plain(value))));
                    }
                }
                name if name.contains("Path") => match value() {
                    Some(Value::Array(parts)) => sample.path = parts.iter().map(plain).collect(),
                    Some(Value::Object(fields)) => {
                        sample.named =
                            fields.iter().map(|(name, value)| (name.clone(), plain(value))).collect();
                    }
                    Some(value) => sample.path = vec![plain(&value)],
                    None => {}
                },
                _ => {}
            }
        }
        sample
    }

    /// A value of a type that is written in `module`, of a field called `name`.
    fn value(&self, ty: &Ty, module: ModuleIdx, name: &str, depth: u32) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        match ty {
            Ty::Unit => Some(Value::Null),
            Ty::Ref(inner) => self.value(inner, module, name, depth),
            Ty::Slice(inner) => Some(json!([self.value(inner, module, name, depth + 1)?])),
            Ty::Tuple(parts) => {
                parts.iter().map(|part| self.value(part, module, name, depth + 1)).collect::<Option<_>>()
            }
            Ty::Other(_) => None,
            Ty::Path(segments, args) => self.path(segments, args, module, name, depth),
        }
    }

    fn path(
        &self,
        segments: &[String],
        args: &[Ty],
        module: ModuleIdx,
        name: &str,
        depth: u32,
    ) -> Option<Value> {
        let found = self.names.resolve(module, segments, false, None);
        if let Some(&item) = found.last.first() {
            return self.own(item, args, name, depth);
        }
        let last = segments.last()?.as_str();
        let inner = |idx: usize| self.value(args.get(idx)?, module, name, depth + 1);
        Some(match last {
            "bool" => json!(true),
            "char" => json!("c"),
            "f32" | "f64" => json!(1.5),
            "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128"
            | "usize" | "NonZeroU8" | "NonZeroU16" | "NonZeroU32" | "NonZeroU64" | "NonZeroI32"
            | "NonZeroI64" => json!(1),
            "String" | "str" | "Cow" => json!(text(name)),
            "Option" | "Box" | "Arc" | "Rc" => inner(0)?,
            "Vec" | "BTreeSet" | "HashSet" | "VecDeque" => json!([inner(0)?]),
            "BTreeMap" | "HashMap" => json!({ plain(&inner(0)?): inner(1)? }),
            "Value" => json!({}),
            "Duration" => json!({"secs": 1, "nanos": 0}),
            "IpAddr" | "Ipv4Addr" => json!("127.0.0.1"),
            "DateTime" | "OffsetDateTime" | "Timestamp" => json!("2026-01-31T12:00:00Z"),
            _ => {
                let (_, _, sample) = OUTSIDE.iter().find(|(_, ty, _)| *ty == last)?;
                serde_json::from_str(sample).ok()?
            }
        })
    }

    /// A value of a type of the application.
    fn own(&self, item: ItemId, args: &[Ty], name: &str, depth: u32) -> Option<Value> {
        let facts = &self.names.model.items[item];
        let source = self.inputs.sources.text(facts.span);
        if facts.kind == ItemKind::TypeAlias {
            let (params, ty) = shape::alias(source)?;
            return (params.is_empty() && args.is_empty())
                .then(|| self.value(&ty, facts.module, name, depth + 1))?;
        }
        if !self.reads.get(&item).copied().unwrap_or(false) {
            return None;
        }
        match form(source)? {
            Form::Struct(members) => self.members(&members, facts.module, name, depth),
            Form::Enum(tagging, variants) => {
                // The one with the least in it.
                let (variant, members) = variants.iter().min_by_key(|(_, members)| members.all.len())?;
                let empty = members.all.is_empty();
                let content = || self.members(members, facts.module, name, depth);
                Some(match tagging {
                    Tagging::Outside if empty => json!(variant),
                    Tagging::Outside => json!({ variant: content()? }),
                    Tagging::Inside(tag) => {
                        let mut fields = if empty { Map::new() } else { content()?.as_object()?.clone() };
                        fields.insert(tag, json!(variant));
                        Value::Object(fields)
                    }
                    Tagging::Beside(tag, _) if empty => json!({ tag: variant }),
                    Tagging::Beside(tag, holds) => json!({ tag: variant, holds: content()? }),
                    Tagging::Untagged => content()?,
                })
            }
        }
    }

    fn members(&self, members: &Members, module: ModuleIdx, name: &str, depth: u32) -> Option<Value> {
        let value = |member: &Member, name: &str| self.value(&member.ty, module, name, depth + 1);
        if !members.named {
            return match members.all.as_slice() {
                [] => Some(Value::Null),
                [only] => value(only, name),
                several => several.iter().map(|member| value(member, name)).collect::<Option<_>>(),
            };
        }
        let mut fields = Map::new();
        for member in &members.all {
            match value(member, &member.name) {
                Some(Value::Object(inner)) if member.flat => fields.extend(inner),
                Some(_) if member.flat => {}
                Some(value) => {
                    fields.insert(member.name.clone(), value);
                }
                None if member.optional => {}
                None => return None,
            }
        }
        Some(Value::Object(fields))
    }
}

/// A text that suits a field of that name.
fn text(name: &str) -> &'static str {
    let name = name.to_lowercase();
    let has = |part: &str| name.contains(part);
    match () {
        () if has("email") || has("mail") => "someone@example.org",
        () if has("password") || has("secret") => "Correct-Horse-7-Battery",
        () if has("url") || has("link") || has("website") => "https://example.org/",
        () if has("phone") => "+15550100",
        () if name.ends_with("_at") || name.ends_with("At") || has("timestamp") => "2026-01-31T12:00:00Z",
        () if name == "date" || has("date") && !has("update") || name == "from" || name == "until" => {
            "2026-01-31"
        }
        () if has("slug") => "a-slug",
        () if has("currency") => "EUR",
        () => "text",
    }
}

/// A value as it stands in a path or behind it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.first().map(plain).unwrap_or_default(),
        other => other.to_string(),
    }
}
