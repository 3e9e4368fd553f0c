//! A contract as text: types with their conversions, and samples.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::wire::{Contract, Decl, DeclKind, OUTSIDE, Parts, Wire};

impl Contract<'_, '_> {
    /// The type as the contract writes it.
    pub fn text(&self, wire: &Wire) -> String {
        match wire {
            Wire::Unit => "()".into(),
            Wire::Plain(text) | Wire::Cloned(text) => text.clone(),
            Wire::Str { .. } => "String".into(),
            Wire::Option(inner) => format!("Option<{}>", self.text(inner)),
            Wire::List(own, inner) => format!("{own}<{}>", self.text(inner)),
            Wire::Slice(inner) => format!("Vec<{}>", self.text(inner)),
            Wire::Map(own, key, value) => format!("{own}<{}, {}>", self.text(key), self.text(value)),
            Wire::Tuple(parts) => tuple(parts.iter().map(|part| self.text(part))),
            Wire::Boxed(_, inner) => format!("Box<{}>", self.text(inner)),
            Wire::Ref(inner) => self.text(inner),
            Wire::Named(idx) => self.decls[*idx].name.clone(),
        }
    }

    /// The application's type, as code of its crate writes it.
    pub fn own_text(&self, wire: &Wire) -> String {
        match wire {
            Wire::Unit => "()".into(),
            Wire::Plain(text) | Wire::Cloned(text) => text.clone(),
            Wire::Str { fixed: true } => "&'static str".into(),
            Wire::Str { fixed: false } => "&str".into(),
            Wire::Option(inner) => format!("Option<{}>", self.own_text(inner)),
            Wire::List(own, inner) => format!("{own}<{}>", self.own_text(inner)),
            Wire::Slice(inner) => format!("[{}]", self.own_text(inner)),
            Wire::Map(own, key, value) => format!("{own}<{}, {}>", self.own_text(key), self.own_text(value)),
            Wire::Tuple(parts) => tuple(parts.iter().map(|part| self.own_text(part))),
            Wire::Boxed(by, inner) => format!("{by}<{}>", self.own_text(inner)),
            Wire::Ref(inner) => format!("&{}", self.own_text(inner)),
            Wire::Named(idx) => self.decls[*idx].path.clone(),
        }
    }

    /// The expression that writes down `value`, which is a reference where `by_ref`.
    pub fn there(&self, wire: &Wire, value: &str, by_ref: bool) -> String {
        match wire {
            Wire::Unit => "()".into(),
            Wire::Plain(_) if by_ref => format!("*{value}"),
            Wire::Plain(_) => value.into(),
            Wire::Cloned(_) => format!("{value}.clone()"),
            Wire::Str { .. } if by_ref => format!("(*{value}).to_owned()"),
            Wire::Str { .. } => format!("{value}.to_owned()"),
            Wire::Option(inner) => {
                format!("{value}.as_ref().map(|value| {})", self.there(inner, "value", true))
            }
            Wire::List(_, inner) | Wire::Slice(inner) => {
                format!("{value}.iter().map(|value| {}).collect()", self.there(inner, "value", true))
            }
            Wire::Map(_, key, of) => format!(
                "{value}.iter().map(|(key, value)| ({}, {})).collect()",
                self.there(key, "key", true),
                self.there(of, "value", true)
            ),
            Wire::Tuple(parts) => tuple(
                parts
                    .iter()
                    .enumerate()
                    .map(|(idx, part)| self.there(part, &format!("{value}.{idx}"), false)),
            ),
            Wire::Boxed(_, inner) => {
                format!("Box::new({})", self.there(inner, &format!("{value}.as_ref()"), true))
            }
            Wire::Ref(inner) if by_ref => self.there(inner, &format!("(*{value})"), true),
            Wire::Ref(inner) => self.there(inner, value, true),
            Wire::Named(idx) => {
                let by = if by_ref { "" } else { "&" };
                // `(*value)` needs no parentheses as an argument.
                let bare = value.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
                let value = bare.filter(|bare| !bare.contains(['(', ')'])).unwrap_or(value);
                format!("{}::of({by}{value})", self.decls[*idx].name)
            }
        }
    }

    /// The expression that makes the application's value of an owned `value`; of what is borrowed there, an
    /// owned one.
    pub fn back(&self, wire: &Wire, value: &str) -> String {
        if same(wire) {
            return value.into();
        }
        match wire {
            Wire::Str { .. } => format!("fixed({value})"),
            Wire::Option(inner) => format!("{value}.map(|value| {})", self.back(inner, "value")),
            Wire::List(_, inner) | Wire::Slice(inner) => {
                format!("{value}.into_iter().map(|value| {}).collect()", self.back(inner, "value"))
            }
            Wire::Map(_, key, of) => format!(
                "{value}.into_iter().map(|(key, value)| ({}, {})).collect()",
                self.back(key, "key"),
                self.back(of, "value")
            ),
            Wire::Tuple(parts) => {
                tuple(parts.iter().enumerate().map(|(idx, part)| self.back(part, &format!("{value}.{idx}"))))
            }
            Wire::Boxed(by, inner) => format!("{by}::new({})", self.back(inner, &format!("(*{value})"))),
            Wire::Ref(inner) => self.back(inner, value),
            Wire::Named(_) => format!("{value}.back()"),
            Wire::Unit | Wire::Plain(_) | Wire::Cloned(_) => value.into(),
        }
    }

    /// A value of the type as JSON.
    pub fn sample(&self, wire: &Wire, depth: u32) -> Value {
        match wire {
            Wire::Unit => Value::Null,
            Wire::Plain(text) => match text.as_str() {
                "bool" => json!(true),
                "char" => json!("c"),
                "f32" | "f64" => json!(1.5),
                _ => json!(1),
            },
            Wire::Cloned(text) => match text.as_str() {
                "String" => json!("text"),
                "serde_json::Value" => json!({"any": "thing"}),
                "std::time::Duration" => json!({"secs": 1, "nanos": 0}),
                "std::net::IpAddr" => json!("127.0.0.1"),
                path => OUTSIDE
                    .iter()
                    .find(|(krate, ty, _)| path.starts_with(krate) && path.ends_with(ty))
                    .and_then(|(_, _, sample)| serde_json::from_str(sample).ok())
                    .unwrap_or_else(|| json!("2026-01-31T12:00:00Z")),
            },
            Wire::Str { .. } => json!("text"),
            Wire::Option(_) if depth > 4 => Value::Null,
            Wire::Option(inner) | Wire::Boxed(_, inner) | Wire::Ref(inner) => self.sample(inner, depth + 1),
            Wire::List(..) | Wire::Slice(_) if depth > 4 => json!([]),
            Wire::List(_, inner) | Wire::Slice(inner) => json!([self.sample(inner, depth + 1)]),
            Wire::Map(_, key, value) => match self.sample(key, depth + 1) {
                Value::String(key) => json!({ key: self.sample(value, depth + 1) }),
                key => json!({ key.to_string(): self.sample(value, depth + 1) }),
            },
            Wire::Tuple(parts) => parts.iter().map(|part| self.sample(part, depth + 1)).collect(),
            Wire::Named(idx) => self.samples(*idx, depth + 1).into_iter().next().unwrap_or(Value::Null),
        }
    }

    /// A value of each variant, or of the struct.
    pub fn samples(&self, decl: usize, depth: u32) -> Vec<Value> {
        let parts = |parts: &Parts| -> Value {
            if parts.named {
                return parts
                    .all
                    .iter()
                    .map(|(name, wire)| (name.trim_start_matches("r#").to_owned(), self.sample(wire, depth)))
                    .collect::<serde_json::Map<_, _>>()
                    .into();
            }
            match parts.all.as_slice() {
                [] => Value::Null,
                [(_, only)] => self.sample(only, depth),
                several => several.iter().map(|(_, wire)| self.sample(wire, depth)).collect(),
            }
        };
        let decl = &self.decls[decl];
        let mut out: Vec<Value> = match &decl.kind {
            DeclKind::Struct(own) => vec![parts(own)],
            DeclKind::Enum(variants) => variants
                .iter()
                .map(|(name, own)| match parts(own) {
                    Value::Null if own.all.is_empty() => json!({"kind": name}),
                    value => json!({"kind": name, "value": value}),
                })
                .collect(),
        };
        if decl.opaque {
            out.push(json!({"kind": "Unsaid", "value": "text"}));
        }
        out
    }

    /// What both sides must agree on, as text.
    pub fn described(&self, wire: &Wire, depth: u32) -> String {
        let Wire::Named(idx) = wire else {
            let mut out = self.text(wire);
            let mut inner = |wire: &Wire| out += &format!(" {}", self.described(wire, depth));
            match wire {
                Wire::Option(one)
                | Wire::List(_, one)
                | Wire::Slice(one)
                | Wire::Boxed(_, one)
                | Wire::Ref(one) => {
                    inner(one);
                }
                Wire::Map(_, key, value) => [key, value].into_iter().for_each(|one| inner(one)),
                Wire::Tuple(parts) => parts.iter().for_each(inner),
                _ => {}
            }
            return out;
        };
        let decl = &self.decls[*idx];
        if depth > 6 {
            return decl.name.clone();
        }
        let parts = |parts: &Parts| -> String {
            let fields =
                parts.all.iter().map(|(name, wire)| format!("{name}: {}", self.described(wire, depth + 1)));
            fields.collect::<Vec<_>>().join(", ")
        };
        match &decl.kind {
            DeclKind::Struct(own) => format!("{{{}}}", parts(own)),
            DeclKind::Enum(variants) => variants
                .iter()
                .map(|(name, own)| format!("{name}({})", parts(own)))
                .collect::<Vec<_>>()
                .join(" | "),
        }
    }

    /// Fields that travel, though by their names nobody but their owner should see them.
    pub fn secrets(&self) -> Vec<String> {
        const WORDS: &[&str] = &["password", "passwd", "secret", "private_key", "api_key", "salt"];
        let secret = |name: &str| WORDS.iter().any(|word| name.to_lowercase().contains(word));
        let mut out = Vec::new();
        for decl in &self.decls {
            let parts: Vec<&Parts> = match &decl.kind {
                DeclKind::Struct(own) => vec![own],
                DeclKind::Enum(variants) => variants.iter().map(|(_, own)| own).collect(),
            };
            let names = parts.into_iter().flat_map(|own| &own.all).map(|(name, _)| name);
            out.extend(names.filter(|name| secret(name)).map(|name| format!("`{}.{name}`", decl.name)));
        }
        out
    }

    /// The declarations with their conversions.
    pub fn declarations(&self) -> String {
        let mut out = String::new();
        for decl in &self.decls {
            self.declaration(decl, &mut out);
        }
        out
    }

    fn declaration(&self, decl: &Decl, out: &mut String) {
        let (name, path) = (&decl.name, &decl.path);
        let shown = path.strip_prefix("crate::").unwrap_or(path);
        _ = writeln!(out, "\n/// `{shown}` as it travels.\n#[derive(Clone, Debug, Serialize, Deserialize)]");
        match &decl.kind {
            DeclKind::Struct(parts) => {
                _ = writeln!(out, "pub struct {name}{}", self.parts_text(parts, "pub ", ";"));
                let there =
                    self.made(parts, |field, wire| self.there(wire, &format!("value.{field}"), false));
                let back = self.made(parts, |field, wire| self.back(wire, &format!("self.{field}")));
                let unused = if parts.all.is_empty() { "_" } else { "" };
                _ = write!(
                    out,
                    "\nimpl {name} {{\n    pub(crate) fn of({unused}value: &{path}) -> Self {{\n        Self{there}\n    }}\n\n    \
                     pub(crate) fn back(self) -> {path} {{\n        {path}{back}\n    }}\n}}\n"
                );
            }
            DeclKind::Enum(variants) => {
                _ = writeln!(out, "#[serde(tag = \"kind\", content = \"value\")]\npub enum {name} {{");
                for (variant, parts) in variants {
                    _ = writeln!(out, "    {variant}{},", self.parts_text(parts, "", ""));
                }
                if decl.opaque {
                    _ = writeln!(out, "    /// What cannot travel, in words.\n    Unsaid(String),");
                }
                _ = write!(
                    out,
                    "}}\n\nimpl {name} {{\n    pub(crate) fn of(value: &{path}) -> Self {{\n        match value {{\n"
                );
                for (variant, parts) in variants {
                    let there = self.made(parts, |field, wire| self.there(wire, &bound(field), true));
                    _ = writeln!(
                        out,
                        "            {path}::{variant}{} => Self::{variant}{there},",
                        pattern(parts)
                    );
                }
                if let (true, Some((_, says))) = (decl.opaque, &decl.text) {
                    _ = writeln!(out, "            other => Self::Unsaid({says}),");
                }
                _ = write!(
                    out,
                    "        }}\n    }}\n\n    pub(crate) fn back(self) -> {path} {{\n        match self {{\n"
                );
                for (variant, parts) in variants {
                    let back = self.made(parts, |field, wire| self.back(wire, &bound(field)));
                    _ = writeln!(
                        out,
                        "            Self::{variant}{} => {path}::{variant}{back},",
                        pattern(parts)
                    );
                }
                if let (true, Some((failed, _))) = (decl.opaque, &decl.text) {
                    _ = writeln!(out, "            Self::Unsaid(text) => {failed},");
                }
                _ = writeln!(out, "        }}\n    }}\n}}");
            }
        }
    }

    fn parts_text(&self, parts: &Parts, vis: &str, end: &str) -> String {
        if parts.named && vis.is_empty() {
            let fields: Vec<String> =
                parts.all.iter().map(|(name, wire)| format!("{name}: {}", self.text(wire))).collect();
            return format!(" {{ {} }}", fields.join(", "));
        }
        if parts.named {
            let fields: String = parts
                .all
                .iter()
                .map(|(name, wire)| format!("    {vis}{name}: {},\n", self.text(wire)))
                .collect();
            return format!(" {{\n{fields}}}");
        }
        if parts.all.is_empty() {
            return end.into();
        }
        let fields: Vec<String> =
            parts.all.iter().map(|(_, wire)| format!("{vis}{}", self.text(wire))).collect();
        format!("({}){end}", fields.join(", "))
    }

    /// The fields of a struct or variant, each made by `make` from its name.
    fn made(&self, parts: &Parts, make: impl Fn(&str, &Wire) -> String) -> String {
        if parts.named {
            let fields: Vec<String> =
                parts.all.iter().map(|(name, wire)| format!("{name}: {}", make(name, wire))).collect();
            return format!(" {{ {} }}", fields.join(", "));
        }
        if parts.all.is_empty() {
            return String::new();
        }
        let fields: Vec<String> = parts.all.iter().map(|(name, wire)| make(name, wire)).collect();
        format!("({})", fields.join(", "))
    }
}

/// Whether a value comes back as it went.
fn same(wire: &Wire) -> bool {
    match wire {
        Wire::Unit | Wire::Plain(_) | Wire::Cloned(_) | Wire::Str { fixed: false } => true,
        Wire::Option(inner) | Wire::List(_, inner) | Wire::Slice(inner) | Wire::Ref(inner) => same(inner),
        Wire::Map(_, key, value) => same(key) && same(value),
        Wire::Tuple(parts) => parts.iter().all(same),
        Wire::Str { fixed: true } | Wire::Boxed(..) | Wire::Named(_) => false,
    }
}

fn tuple(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    if parts.len() == 1 { format!("({},)", parts[0]) } else { format!("({})", parts.join(", ")) }
}

/// The variable that holds a field of a variant.
fn bound(field: &str) -> String {
    if field.starts_with(|first: char| first.is_ascii_digit()) {
        format!("v{field}")
    } else {
        field.to_owned()
    }
}

fn pattern(parts: &Parts) -> String {
    let fields: Vec<String> = parts.all.iter().map(|(name, _)| bound(name)).collect();
    match (parts.named, fields.is_empty()) {
        (true, _) => format!(" {{ {} }}", fields.join(", ")),
        (false, true) => String::new(),
        (false, false) => format!("({})", fields.join(", ")),
    }
}
