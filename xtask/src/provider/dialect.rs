//! The module of a new provider in the sandbox, from a template and the example of its list.

use chat_sessions_codegen::{Field, FieldKind, ListOutline, Paging};
use serde_json::Value;

use super::names::{Values, filled};
use crate::outcome::Failure;

const TEMPLATE: &str = include_str!("templates/dialect.txt");

/// Writes the module.
pub(super) fn module(names: &Values, list: &ListOutline, example: &Value) -> Result<String, Failure> {
    let mut values = names.clone();
    let mut set = |name, value: String| drop(values.insert(name, value));
    set("path", list.path.clone());
    let is_single = list.paging == Paging::Single;
    set("sessions", if is_single { "20" } else { "75" }.to_owned());
    // The shortest prefix that belongs to this provider alone.
    set("path_prefix", list.path.clone());
    let rule = match &list.page_size {
        Some((_, Some(most))) => format!("PageSizeRule::CoerceAbove({most})"),
        Some((_, None)) => "PageSizeRule::CoerceAbove(100)".to_owned(),
        None => "PageSizeRule::Ignore".to_owned(),
    };
    set("page_size_rule", rule);
    let query = |field: &Field| format!("request.last({:?})", field.json);
    let size = list
        .page_size
        .as_ref()
        .map_or("None".to_owned(), |(field, _)| query(field));
    set("requested_size", size);
    let scope = list.scope.as_ref();
    set(
        "scope",
        scope.map_or("DEFAULT_SCOPE".to_owned(), |scope| {
            format!("{}.unwrap_or(DEFAULT_SCOPE)", query(&scope.parameter))
        }),
    );
    set("key", key(list));
    let has_numbers = list.id.kind == FieldKind::Integer;
    start(list, has_numbers, &mut set);
    set("id", list.id.json.clone());
    body(list, example, has_numbers, &mut set);
    Ok(unused_imports_removed(&filled(TEMPLATE, &values)?))
}

/// Removes the imports that only some lists need.
fn unused_imports_removed(source: &str) -> String {
    let mut text = source.to_owned();
    for (uses, import, rest) in [
        (
            &["&VecDeque<"][..],
            "{borrow::Cow, collections::VecDeque}",
            "borrow::Cow",
        ),
        (&["naive_iso("], "        time::naive_iso,\n", ""),
        (
            &["DocumentSession::position(", ".title()"],
            "{Session, SessionLists",
            "{SessionLists",
        ),
    ] {
        if !uses.iter().any(|used| source.contains(used)) {
            text = text.replace(import, rest);
        }
    }
    text
}

fn key(list: &ListOutline) -> String {
    let (header, word) = &list.key_header;
    if word.is_empty() {
        return format!("request.header({header:?})");
    }
    format!(
        "let (scheme, key) = request.header({header:?})?.split_once(' ')?;\n        \
         scheme.eq_ignore_ascii_case({word:?}).then_some(key.trim())"
    )
}

/// The function that finds the first session of a page, and its call.
fn start(list: &ListOutline, has_numbers: bool, set: &mut impl FnMut(&'static str, String)) {
    let head = "/// Returns the index of the first session of a page; `None` if the request is wrong.\nfn start";
    let sessions = "list: &VecDeque<DocumentSession>, request: &RequestHead<'_>";
    let (call, function) = match &list.paging {
        Paging::Token { parameter, .. } | Paging::LastId { parameter } => {
            let position = match (&list.paging, has_numbers) {
                (Paging::LastId { .. }, true) => {
                    "list.iter().position(|session| number(&session.id).to_string() == last)?"
                }
                _ => "DocumentSession::position(list, last)?",
            };
            let body = format!(
                "match request.last({:?}) {{\n        None => Some(0),\n        Some(last) => Some({position} + 1),\n    }}",
                parameter.json
            );
            (
                "list, request",
                format!("{head}({sessions}) -> Option<usize> {{\n    {body}\n}}"),
            )
        }
        Paging::Offset { parameter } => (
            "request",
            format!(
                "{head}(request: &RequestHead<'_>) -> Option<usize> {{\n    \
                 request.last({:?}).map_or(Some(0), |offset| offset.parse().ok())\n}}",
                parameter.json
            ),
        ),
        Paging::Number { parameter } => (
            "size, request",
            format!(
                "{head}(size: usize, request: &RequestHead<'_>) -> Option<usize> {{\n    \
                 let number: usize = request.last({:?}).map_or(Some(1), |number| number.parse().ok())?;\n    \
                 Some(number.checked_sub(1)?.saturating_mul(size))\n}}",
                parameter.json
            ),
        ),
        _ => (
            "request",
            format!(
                "{head}(request: &RequestHead<'_>) -> Option<usize> {{\n    request.query.is_empty().then_some(0)\n}}"
            ),
        ),
    };
    let mut function = function;
    if has_numbers {
        function += "\n\n/// Returns the number of a session, which the provider uses as its id.\nfn number(id: &str) -> u64 {\n    \
                     id.bytes().fold(7, |number, byte| (number * 31 + u64::from(byte)) % 1_000_000_007)\n}";
    }
    let requested = match call.starts_with("list") {
        true => format!("self.sessions.list(DEFAULT_SCOPE).and_then(|list| start({call}))"),
        false => format!("start({call})"),
    };
    set("requested_start", requested);
    set("start_call", call.to_owned());
    set("start_function", function);
}

/// The body of a page and its items, as Rust text in which the example's values are replaced.
fn body(list: &ListOutline, example: &Value, has_numbers: bool, set: &mut impl FnMut(&'static str, String)) {
    let pointer = |way: &[Field]| way.iter().map(|field| format!("/{}", field.json)).collect::<String>();
    let mut example = example.clone();
    let at = pointer(&list.items);
    let mut item = example.pointer(&format!("{at}/0")).cloned().unwrap_or_default();

    let mut replaced = vec![(at, "items".to_owned())];
    let mut values = String::new();
    let more = "end < list.len()";
    if let Some(way) = &list.has_more {
        replaced.push((pointer(way), more.to_owned()));
    }
    if let Some(way) = &list.total {
        replaced.push((pointer(way), "list.len()".to_owned()));
    }
    if let Paging::Token { token, .. } = &list.paging {
        values = format!("let last = end.checked_sub(1).and_then(|last| list.get(last)).filter(|_| {more});");
        replaced.push((pointer(token), "last.map(|session| session.id.as_str())".to_owned()));
    }
    set("page_values", values);
    for (at, _) in &replaced {
        put(&mut example, at);
    }
    set(
        "body",
        format!("json!({})", code(&example, "", &replaced).replace('\n', "\n    ")),
    );

    let id = if has_numbers {
        "number(&session.id)"
    } else {
        "session.id"
    };
    let mut replaced = vec![(format!("/{}", list.id.json), id.to_owned())];
    if let Some(title) = &list.title {
        replaced.push((format!("/{}", title.json), "session.title()".to_owned()));
    }
    for time in [&list.created, &list.updated].into_iter().flatten() {
        let value = match time.kind {
            FieldKind::Text => "format!(\"{}Z\", naive_iso(session.updated_micros))",
            _ if list.has_milliseconds => "session.updated_micros / 1_000",
            _ => "session.updated_micros / 1_000_000",
        };
        replaced.push((format!("/{}", time.json), value.to_owned()));
    }
    for (at, _) in &replaced {
        put(&mut item, at);
    }
    set("item_json", code(&item, "", &replaced));
}

/// Adds a member that the example omits, so that its value can be replaced.
fn put(value: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", pointer));
    if let Some(Value::Object(members)) = value.pointer_mut(parent) {
        members.entry(name).or_insert(Value::Null);
    }
}

/// A value as the argument of `json!`, with expressions in the place of some values.
fn code(value: &Value, at: &str, replaced: &[(String, String)]) -> String {
    if let Some((_, expression)) = replaced.iter().find(|(pointer, _)| pointer == at) {
        return expression.clone();
    }
    // rustfmt leaves the arguments of macros as they are.
    let indent = "    ".repeat(2 + at.matches('/').count());
    match value {
        Value::Object(members) if !members.is_empty() => {
            let members = members.iter().map(|(name, value)| {
                format!(
                    "{indent}{name:?}: {},\n",
                    code(value, &format!("{at}/{name}"), replaced)
                )
            });
            format!("{{\n{}{}}}", members.collect::<String>(), &indent[4..])
        }
        Value::Object(_) => "{}".to_owned(),
        Value::Array(items) => {
            let items = items
                .iter()
                .enumerate()
                .map(|(index, item)| code(item, &format!("{at}/{index}"), replaced));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => format!("{text:?}"),
        // Rust takes a number without a type for one of 32 bits.
        Value::Number(number) if number.as_i64().is_some_and(|number| i32::try_from(number).is_err()) => {
            format!("{number}_i64")
        }
        other => other.to_string(),
    }
}
