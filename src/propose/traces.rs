//! Run-time counts: who called whom how often, read from a count file or from OpenTelemetry's spans.
//!
//! In: the text of a file. Out: counts between names, and spans with the names that they may be known
//! by; what the names mean, `observed` finds out.

use std::collections::BTreeMap;

use serde_json::Value;

/// What a file of run-time counts says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traces {
    /// `(caller, callee, count)`.
    pub calls: Vec<(String, String, f64)>,
    /// Spans; a parent may stand behind its children.
    pub spans: Vec<Span>,
}

/// One span of a trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Names that it may be known by, the most telling first.
    pub names: Vec<String>,
    /// The number of its parent.
    pub parent: Option<usize>,
}

impl Traces {
    /// Reads `caller,callee,count` as CSV or JSON, or OTLP/JSON, one document or one per line.
    ///
    /// # Errors
    /// Where the text is none of these: what was wrong, and where.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}').trim();
        let mut traces = Self::default();
        if !text.starts_with(['{', '[']) {
            traces.read_csv(text)?;
            return Ok(traces);
        }
        let mut ids = Ids::default();
        for document in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
            let document = document.map_err(|error| error.to_string())?;
            traces.read_json(&document, &mut ids)?;
        }
        for (child, parent) in ids.parents {
            traces.spans[child].parent = ids.numbers.get(&parent).copied();
        }
        Ok(traces)
    }
    fn read_csv(&mut self, text: &str) -> Result<(), String> {
        for (idx, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let fields = fields(line);
            let [caller, callee, count] = &fields[..] else {
                return Err(format!("line {}: caller, callee and count are wanted", idx + 1));
            };
            match count.parse::<f64>() {
                Ok(count) if count.is_finite() && count >= 0.0 => {
                    self.calls.push((caller.clone(), callee.clone(), count));
                }
                // The head of the table.
                Err(_) if self.calls.is_empty() && idx == 0 => {}
                _ => return Err(format!("line {}: `{count}` is no count", idx + 1)),
            }
        }
        Ok(())
    }
    fn read_json(&mut self, document: &Value, ids: &mut Ids) -> Result<(), String> {
        if let Some(resources) = document.get("resourceSpans").and_then(Value::as_array) {
            // `instrumentationLibrarySpans` is what `scopeSpans` was called before 1.0.
            let scopes = resources.iter().flat_map(|it| list(it, "scopeSpans"));
            for span in scopes.flat_map(|it| list(it, "spans")) {
                self.read_span(span, ids);
            }
            return Ok(());
        }
        let rows = document.as_array().or_else(|| document.get("calls").and_then(Value::as_array));
        // JSON Lines of counts come as one object each.
        let rows = rows.map_or_else(|| vec![document], |rows| rows.iter().collect());
        for row in rows {
            let word = |key: &str| row.get(key).and_then(Value::as_str);
            let count = row.get("count").map_or(Some(1.0), Value::as_f64).filter(|count| *count >= 0.0);
            let (Some(caller), Some(callee), Some(count)) = (word("caller"), word("callee"), count) else {
                return Err("neither resourceSpans nor rows of caller, callee and count were found".into());
            };
            self.calls.push((caller.into(), callee.into(), count));
        }
        Ok(())
    }
    fn read_span(&mut self, span: &Value, ids: &mut Ids) {
        let word = |key: &str| span.get(key).and_then(Value::as_str).filter(|word| !word.is_empty());
        let attribute = |wanted: &str| {
            let found =
                list(span, "attributes").find(|it| it.get("key").and_then(Value::as_str) == Some(wanted));
            found?.pointer("/value/stringValue")?.as_str()
        };
        let method = attribute("http.request.method").or_else(|| attribute("http.method"));
        let route = attribute("http.route");
        let function = attribute("code.function.name").or_else(|| attribute("code.function"));
        let mut names = Vec::new();
        if let (Some(method), Some(route)) = (method, route) {
            names.push(format!("{method} {route}"));
        }
        if let Some(table) = attribute("db.collection.name").or_else(|| attribute("db.sql.table")) {
            names.push(format!("table {table}"));
        }
        if let (Some(space), Some(function)) = (attribute("code.namespace"), function) {
            names.push(format!("{space}::{function}"));
        }
        names.extend(function.map(str::to_owned));
        names.extend(word("name").map(str::to_owned));
        let number = self.spans.len();
        self.spans.push(Span { names, parent: None });
        let trace = word("traceId").unwrap_or_default().to_owned();
        if let Some(id) = word("spanId") {
            ids.numbers.insert((trace.clone(), id.to_owned()), number);
        }
        if let Some(parent) = word("parentSpanId") {
            ids.parents.push((number, (trace, parent.to_owned())));
        }
    }
}

type SpanId = (String, String);

/// Numbers of the spans, and who names whom as its parent.
#[derive(Default)]
struct Ids {
    numbers: BTreeMap<SpanId, usize>,
    parents: Vec<(usize, SpanId)>,
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// The fields of a line of CSV; a quoted field may hold commas.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.trim().chars().peekable();
    while let Some(c) = chars.next() {
        let field = fields.last_mut().expect("there is one from the start");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => field.push(c),
        }
    }
    fields.iter().map(|field| field.trim().to_owned()).collect()
}
