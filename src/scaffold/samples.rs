//! What a route may be asked, made up from the types that its handler takes.

use std::collections::{BTreeMap, BTreeSet};

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
    /// Types that `serde` reads, and those that it writes.
    derives: [BTreeSet<ItemId>; 2],
}

impl<'a> Samples<'a> {
    /// For the types of an application.
    pub fn new(names: &'a Names<'a>, inputs: &'a Inputs<'a>) -> Self {
        let derives = ["Deserialize", "Serialize"].map(|wanted| {
            let types = names.model.types.iter();
            let own = types.filter(|ty| ty.derives.iter().any(|derive| derive == wanted));
            own.map(|ty| ty.item).collect()
        });
        Self { names, inputs, derives }
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

    /// The application's types that an entry point takes and gives over HTTP.
    pub fn carried(&self, entry: EntryPointId) -> Vec<ItemId> {
        let model = self.names.model;
        let Some(handler) = model.entry_points[entry].handler else { return Vec::new() };
        let function = &model.functions[handler];
        let written = function.params.iter().map(|parameter| Ty::parse(&parameter.ty));
        let mut open: Vec<(Ty, bool)> =
            written.chain([Ty::parse(&function.ret)]).map(|ty| (ty, false)).collect();
        let mut found = Vec::new();
        while let Some((ty, carried)) = open.pop() {
            let (Ty::Path(segments, args), name) = (&ty, ty.name()) else {
                if let Ty::Tuple(parts) = ty {
                    open.extend(parts.into_iter().map(|part| (part, carried)));
                }
                continue;
            };
            let carries = carried || ["Json", "Form", "Query"].iter().any(|part| name.contains(part));
            open.extend(args.iter().map(|arg| (arg.clone(), carries)));
            if carried {
                found.extend(self.names.resolve(function.module, segments, false, None).last);
            }
        }
        found
    }

    /// A value of a type of the application.
    pub fn of_item(&self, item: ItemId) -> Option<Value> {
        self.own(item, &[], "", 0)
    }

    /// Whether a value of the type is written as it is read.
    pub fn same_both_ways(&self, item: ItemId) -> bool {
        let text = self.inputs.sources.text(self.names.model.items[item].span);
        let apart = [
            "skip_serializing",
            "serialize_with",
            "rename(",
            "rename_all(",
            "flatten",
            "default",
            "untagged",
        ];
        self.derives[1].contains(&item) && !apart.iter().any(|word| text.contains(word))
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
        if !self.derives[0].contains(&item) {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use expect_test::expect;

    use crate::model::EntryPointKind;
    use crate::scaffold::Request;
    use crate::scaffold::tests::{application, generate};

    #[test]
    fn requests_and_forms_are_made_up_from_what_handlers_take() {
        let mut fixture = application(
            r#"
//- /src/lib.rs
use axum::extract::{Path, Query};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

pub fn app() -> Router {
    Router::new().route("/orders", post(place)).route("/orders/{id}/lines/{line}", get(line))
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewOrder {
    email: String,
    delivery_date: Option<String>,
    lines: Vec<Line>,
    payment: Payment,
}

#[derive(Serialize, Deserialize)]
struct Line(u64, String);

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Payment {
    CreditCard { number: String },
    OnDelivery,
}

#[derive(Deserialize)]
struct Params {
    with_tax: bool,
    label: String,
}

async fn place(Json(order): Json<NewOrder>) -> Json<NewOrder> {
    Json(order)
}

async fn line(Path((id, line)): Path<(uuid::Uuid, u32)>, Query(params): Query<Params>) -> String {
    format!("{id} {line} {} {}", params.with_tax, params.label)
}
"#,
        );
        fixture.entry(EntryPointKind::Http, "POST", "/orders", "place", "post(place)");
        fixture.entry(EntryPointKind::Http, "GET", "/orders/{id}/lines/{line}", "line", "get(line)");
        let made = generate(&fixture, &Request::default(), &BTreeMap::new()).unwrap();
        let mut shown = String::new();
        for path in made.files.files.keys() {
            if path.contains("/contract/") {
                shown += &format!("//- /{path}\n{}", made.files.get(path).unwrap());
            }
            if path.contains("/requests/") {
                shown += &format!("//- /{path}\n");
                let list: Vec<serde_json::Value> =
                    serde_json::from_str(made.files.get(path).unwrap()).unwrap();
                for one in list {
                    let text = |name: &str| one[name].as_str().unwrap().to_owned();
                    shown +=
                        &format!("{}: {} {} {}\n", text("name"), text("method"), text("path"), one["body"]);
                }
            }
        }
        expect![[r#"
            //- /orders-http/requests/get-orders-id-lines-line.json
            found: GET /orders/67e55044-10b1-426f-9247-bb680e5fe0c8/lines/1?label=text&with_tax=true null
            not found: GET /orders/00000000-0000-4000-8000-000000000000/lines/999999999?label=text&with_tax=true null
            invalid: GET /orders/not-a-number/lines/not-a-number?label=text&with_tax=true null
            //- /orders-http/requests/post-orders.json
            found: POST /orders {"deliveryDate":"2026-01-31","email":"someone@example.org","lines":[[1,"text"]],"payment":{"kind":"on_delivery"}}
            incomplete: POST /orders {}
            //- /orders-http/shop/contract/new-order.json
            {
              "deliveryDate": "2026-01-31",
              "email": "someone@example.org",
              "lines": [
                [
                  1,
                  "text"
                ]
              ],
              "payment": {
                "kind": "on_delivery"
              }
            }
            //- /orders-http/shop/contract/params.json
            {
              "label": "text",
              "with_tax": true
            }
        "#]].assert_eq(&shown);
        let tests = made.files.get("orders-http/shop/src/wire_forms.rs").unwrap();
        assert!(tests.contains("let value: crate::NewOrder = reads(text);"), "{tests}");
        assert!(tests.contains("let _: crate::Params = reads(text);"), "{tests}");
    }
}
