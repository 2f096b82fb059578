//! The module of a new provider in the facade, from a template and the outline of its list.

use chat_sessions_codegen::{Argument, Field, FieldKind, ListOutline, Paging};

use super::names::{Values, filled};
use crate::outcome::Failure;

const MODULE: &str = include_str!("templates/facade.txt");
const NORMALISE: &str = include_str!("templates/normalise.txt");

/// The module, and the conversion of its items.
pub(super) struct Module {
    pub(super) source: String,
    pub(super) normalise: String,
}

/// Writes the module. `names` are the names of the provider, `arguments` those of the raw method.
pub(super) fn module(names: &Values, list: &ListOutline, arguments: &[Argument]) -> Result<Module, Failure> {
    let mut values = names.clone();
    let mut set = |name, value: String| drop(values.insert(name, value));
    settings(list, &names["constant"], &mut set);
    paging(list, &mut set);
    decoding(list, &mut set);
    set("arguments", call(list, arguments)?);
    set("method", list.method.clone());
    set("response", list.response.clone());
    Ok(Module {
        source: unused_imports_removed(&filled(MODULE, &values)?),
        normalise: normalise(names, list)?,
    })
}

fn settings(list: &ListOutline, constant: &str, set: &mut impl FnMut(&'static str, String)) {
    let is_known = !list.server.is_empty() && !list.server.contains('{');
    set(
        "base_url",
        if is_known {
            list.server.clone()
        } else {
            "https://api.example".to_owned()
        },
    );
    let decide = "// DECIDE(base URL): the document names no server that can be used.\n";
    set(
        "decide_base_url",
        if is_known { String::new() } else { decide.to_owned() },
    );
    let Some(scope) = &list.scope else {
        for name in ["scope_setting", "scope_setting_item", "read_scope"] {
            set(name, String::new());
        }
        set("scope_setting_name", "\"\"".to_owned());
        let reject = "if self.scope.is_some() {\n            return Err(context.reject(\"this provider has no scopes\"));\n        }";
        set("check_scope", reject.to_owned());
        return;
    };
    let name = &scope.parameter.rust;
    set(
        "scope_setting",
        format!(
            "\nconst SCOPE: Setting = Setting {{\n    name: \"{name}\",\n    variables: &[\"{constant}_{}\"],\n    file_variables: &[],\n    \
             default: None,\n    kind: SettingKind::Id,\n}};\n",
            name.to_uppercase()
        ),
    );
    set("scope_setting_item", "SCOPE, ".to_owned());
    set("scope_setting_name", "SCOPE.name".to_owned());
    set(
        "read_scope",
        "builder.scope = env.text(&SCOPE)?.map(|scope| Scope::from(scope.value));".to_owned(),
    );
    let mut check = format!(
        "let scope = self.scope.as_ref().map(Scope::as_str);\n        if let Some(scope) = scope {{\n            \
         context.check_query_value(\"the {name}\", scope, DEFAULT_SCOPE)?;\n        }}"
    );
    if scope.is_required {
        check += &format!(
            "\n        let Some(scope) = scope else {{\n            return Err(context.reject(\"the {name} is not set\"));\n        }};"
        );
    }
    set("check_scope", check);
}

/// How a request names its page, and where the list continues.
fn paging(list: &ListOutline, set: &mut impl FnMut(&'static str, String)) {
    let number = |first: u8, what: &str| {
        format!(
            "let {what} = match &request.position {{\n            Position::Start => {first},\n            \
             Position::Page(number) => *number,\n            \
             Position::Token(_) => return Err(context.reject(\"this list has numbered pages, not page tokens\")),\n        }};"
        )
    };
    let token = "let token = match &request.position {\n            Position::Start => None,\n            \
                 Position::Token(token) => Some(token.as_str()),\n            \
                 Position::Page(_) => return Err(context.reject(\"this list has page tokens, not page numbers\")),\n        };";
    let position = match &list.paging {
        Paging::Token { .. } | Paging::LastId { .. } => token.to_owned(),
        Paging::Offset { .. } => "let Some(offset) = offset(&request.position) else {\n            \
                                  return Err(context.reject(\"the page token is not a number of sessions\"));\n        };"
            .to_owned(),
        Paging::Number { .. } => number(1, "number"),
        _ => "if request.position != Position::Start {\n            \
              return Err(context.reject(\"this list has one page\"));\n        }"
            .to_owned(),
    };
    set("position", position);
    let is_token = matches!(list.paging, Paging::Token { .. });
    set("secrets_request", if is_token { "request" } else { "_" }.to_owned());
    let secret = "let token = match &request.position {\n            Position::Token(token) => Some(token.as_str()),\n            \
                  _ => None,\n        };\n        Secrets::new(key, [token])";
    set(
        "secrets",
        if is_token { secret } else { "Secrets::new(key, [None])" }.to_owned(),
    );
    let finish = match &list.paging {
        Paging::Offset { .. } => {
            "let page = credentials.settle(&context, &key, page).await?;\n            \
             Ok(continued(page, offset(&request.position).unwrap_or_default()))"
        }
        Paging::LastId { .. } => {
            "let page = credentials.settle(&context, &key, page).await?;\n            continued(&context, page)"
        }
        _ => "credentials.settle(&context, &key, page).await",
    };
    set("finish", finish.to_owned());
    set("functions", functions(list));
    let size = list.page_size.as_ref().map(|(_, most)| match most {
        Some(most) => format!(".largest_page({most})"),
        None => ".page_size()".to_owned(),
    });
    set("capabilities", size.unwrap_or_default());
}

const OFFSET: &str = r"
/// Returns how many sessions precede a page; `None` if the token is not a number.
fn offset(position: &Position) -> Option<u64> {
    match position {
        Position::Start => Some(0),
        Position::Token(token) => token.parse().ok(),
        Position::Page(_) => None,
    }
}

// DECIDE(end rule): {{rule}} Does the document say something else?
/// Returns a page with the place where the list continues: after the items of this page.
fn continued(mut page: SourcePage, offset: u64) -> SourcePage {
    let items = page.sessions.len() + page.rejected.len();
    let read = offset.saturating_add(items as u64);
    let is_last = page.next == NextPage::End{{or_last}};
    page.next = if is_last {
        NextPage::End
    } else {
        NextPage::Token(read.to_string())
    };
    page
}
";

const LAST_ID: &str = r#"
// DECIDE(end rule): {{rule}} Does the document say something else?
/// Returns a page with the place where the list continues: after its last session.
fn continued(context: &RequestContext<'_>, mut page: SourcePage) -> Result<SourcePage> {
    page.next = match page.sessions.last() {
        _ if page.next == NextPage::End{{or_last}} => NextPage::End,
        Some(session) => NextPage::Token(session.id.as_str().to_owned()),
        None => {
            return Err(context
                .error(ErrorKind::Protocol)
                .with_message("the list continues after a page without a session, and cannot be continued")
                .with_remedy(Remedy::UpdateSpec));
        }
    };
    Ok(page)
}
"#;

const TOKEN_WITH_FLAG: &str = r#"
// DECIDE(end rule): the list ends when `{{flag}}` is false, or at a page that has neither it nor a
// token. Does the document say something else?
/// Returns where the list continues.
fn next_page(
    context: &RequestContext<'_>,
    received: &Received,
    token: Option<String>,
    has_more: Option<bool>,
) -> Result<NextPage> {
    match (token.filter(|token| !token.is_empty()), has_more) {
        (_, Some(false)) | (None, None) => Ok(NextPage::End),
        (Some(token), _) => Ok(NextPage::Token(token)),
        (None, Some(true)) => Err(context
            .response_error(ErrorKind::Protocol, received)
            .with_message("the response says that there are more sessions, and has no token for them")
            .with_remedy(Remedy::UpdateSpec)),
    }
}
"#;

const TOKEN: &str = r"
// DECIDE(end rule): the list ends at a page without a token. Does the document say something else?
/// Returns where the list continues.
fn next_page(token: Option<String>) -> NextPage {
    match token {
        Some(token) if !token.is_empty() => NextPage::Token(token),
        _ => NextPage::End,
    }
}
";

const INNER: &str = r#"
/// Returns the members of an object inside the response; `None` if it is missing or null.
fn inner<'a>(
    context: &RequestContext<'_>,
    received: &Received,
    root: &Members<'a>,
    name: &str,
) -> Result<Option<Members<'a>>> {
    let wrong = |error: serde_json::Error| context.type_error(received, &format!("/{name}"), &error);
    let object: Option<&RawValue> = root.get(name).map_err(wrong)?;
    object.map(|object| Members::of(object.get())).transpose().map_err(wrong)
}
"#;

fn functions(list: &ListOutline) -> String {
    let template = match (&list.paging, &list.has_more) {
        (Paging::Offset { .. }, _) => OFFSET,
        (Paging::LastId { .. }, _) => LAST_ID,
        (Paging::Token { .. }, Some(_)) => TOKEN_WITH_FLAG,
        (Paging::Token { .. }, None) => TOKEN,
        _ => "",
    };
    let flag = list.has_more.as_ref().and_then(|way| way.last());
    let is_offset = matches!(list.paging, Paging::Offset { .. });
    let (rule, or_last) = match (flag, &list.total) {
        (Some(flag), _) => (format!("the list ends when `{}` is false.", flag.json), ""),
        (None, Some(_)) if is_offset => (
            "the list ends at an empty page, or when as many sessions were read as the total claims.".to_owned(),
            " || items == 0 || page.total.is_some_and(|total| read >= total)",
        ),
        (None, _) if is_offset => ("the list ends at an empty page.".to_owned(), " || items == 0"),
        (None, _) => (
            "the list ends at an empty page.".to_owned(),
            " || page.sessions.is_empty() && page.rejected.is_empty()",
        ),
    };
    let mut text = template
        .replace("{{rule}}", &rule)
        .replace("{{or_last}}", or_last)
        .replace("{{flag}}", flag.map_or("", |flag| &flag.json));
    let ways = controls(list)
        .into_iter()
        .map(|(_, way, _)| way.len())
        .chain([list.items.len()]);
    if ways.max() > Some(1) {
        text += INNER;
    }
    text
}

/// What a response says beside its items: the name of the variable, the way to the field, its type.
fn controls(list: &ListOutline) -> Vec<(&'static str, &[Field], &'static str)> {
    let mut found: Vec<(&'static str, &[Field], &'static str)> = Vec::new();
    if let Paging::Token { token, .. } = &list.paging {
        found.push(("token", token, "String"));
    }
    if let Some(way) = &list.has_more {
        found.push(("has_more", way, "bool"));
    }
    if let Some(way) = &list.total {
        found.push(("total", way, "i64"));
    }
    found
}

/// How a page is made from a decoded response, and from its text.
fn decoding(list: &ListOutline, set: &mut impl FnMut(&'static str, String)) {
    let pointer = |way: &[Field]| way.iter().map(|field| format!("/{}", field.json)).collect::<String>();
    let controls = controls(list);
    let (mut whole, mut each) = (String::new(), String::new());
    let mut mistyped = Vec::new();
    for (name, way, kind) in &controls {
        let (read, check) = match way {
            [only] => (
                format!("raw.{}", only.rust),
                format!("raw.extra.contains_key({:?})", only.json),
            ),
            [outer, inner, ..] => {
                let clone = if *kind == "String" { ".clone()" } else { "" };
                (
                    format!(
                        "raw.{}.as_ref().and_then(|inner| inner.{}{clone})",
                        outer.rust, inner.rust
                    ),
                    format!(
                        "raw.{}.as_ref().is_some_and(|inner| inner.extra.contains_key({:?}))",
                        outer.rust, inner.json
                    ),
                )
            }
            [] => continue,
        };
        mistyped.push(check);
        whole += &format!("let {name} = {read};\n        ");
        let wrong = format!(
            "map_err(|error| context.type_error(received, {:?}, &error))?",
            pointer(way)
        );
        each += &match way {
            [outer, inner, ..] => format!(
                "let object = inner(context, received, &root, {:?})?;\n        let {name}: Option<{kind}> = \
                 object.map_or(Ok(None), |object| object.get({:?})).{wrong};\n        ",
                outer.json, inner.json
            ),
            _ => format!(
                "let {name}: Option<{kind}> = root.get({:?}).{wrong};\n        ",
                way[0].json
            ),
        };
    }
    if !mistyped.is_empty() {
        let any = mistyped.join(" || ");
        let check = "// A value of another type than documented is not the same as none.\n        ";
        whole = format!("{check}if {any} {{\n            return Ok(None);\n        }}\n        {whole}");
    }
    let next = match (&list.paging, &list.has_more) {
        (Paging::Token { .. }, Some(_)) => "next_page(context, received, token, has_more)?",
        (Paging::Token { .. }, None) => "next_page(token)",
        (Paging::Offset { .. } | Paging::LastId { .. } | Paging::Number { .. }, Some(_)) => {
            "if has_more == Some(false) { NextPage::End } else { NextPage::ByNumber }"
        }
        (Paging::Offset { .. } | Paging::LastId { .. } | Paging::Number { .. }, None) => "NextPage::ByNumber",
        _ => "NextPage::End",
    };
    let next = format!("let next = {next};");
    let decide = match &list.paging {
        Paging::Number { .. } => {
            "// DECIDE(end rule): pages are numbered, so the walk ends at an empty page, or at a short one if the\n        \
             // total allows it. Does the document say something else?\n        "
        }
        Paging::Single => "// DECIDE(end rule): the document describes one page. Are there never more?\n        ",
        _ => "",
    };
    let missing = "ok_or_else(|| missing_items(context, received))?";
    let mut items = format!("{decide}{next}");
    let mut from = "raw".to_owned();
    for (index, field) in list.items.iter().enumerate() {
        let name = if index + 1 == list.items.len() {
            "items"
        } else {
            "object"
        };
        items += &format!("\n        let {name} = {from}.{}.{missing};", field.rust);
        name.clone_into(&mut from);
    }
    let all = pointer(&list.items);
    let last = list.items.last().map(|field| field.json.clone()).unwrap_or_default();
    let mut each_items = next;
    let holder = match list.items.as_slice() {
        [outer, _, ..] => {
            each_items += &format!(
                "\n        let object = inner(context, received, &root, {:?})?.{missing};",
                outer.json
            );
            "object"
        }
        _ => "root",
    };
    each_items += &format!(
        "\n        let items: Option<Vec<&RawValue>> = {holder}\n            .get({last:?})\n            \
         .map_err(|error| context.type_error(received, {all:?}, &error))?;\n        let items = items.{missing};"
    );
    if matches!(list.paging, Paging::Token { .. }) {
        each += &format!(
            "if token.as_deref().is_some_and(|token| body.is_damaged(token)) {{\n            \
             return Err(context.decode_error::<types::{}>(received));\n        }}\n        ",
            list.response
        );
    }
    set("whole_controls", whole);
    set("whole_items", items);
    set("each_controls", each);
    set("each_items", each_items);
    let has_total = list.total.is_some();
    let total = "total: total.and_then(|total| u64::try_from(total).ok()),";
    let page = |sessions: &str| match has_total {
        true => format!("SourcePage {{ {total} ..SourcePage::new({sessions}, next) }}"),
        false => format!("SourcePage::new({sessions}, next)"),
    };
    set("whole_page", page("sessions"));
    set("each_page", page("Vec::new()"));
    set("items_pointer", all);
}

/// The arguments of the call of the raw method.
fn call(list: &ListOutline, arguments: &[Argument]) -> Result<String, Failure> {
    let values = arguments.iter().map(|argument| {
        if argument.fields.is_empty() {
            return value(list, argument);
        }
        let fields = argument
            .fields
            .iter()
            .map(|field| Ok(format!("{}: {}", field.name, value(list, field)?)));
        let fields: Result<Vec<String>, Failure> = fields.collect();
        let reference = if argument.kind.starts_with('&') { "&" } else { "" };
        let name = argument.kind.trim_start_matches('&');
        let name = name.split('<').next().unwrap_or(name);
        Ok(format!("{reference}{name} {{ {} }}", fields?.join(", ")))
    });
    Ok(values.collect::<Result<Vec<String>, Failure>>()?.join(", "))
}

fn value(list: &ListOutline, argument: &Argument) -> Result<String, Failure> {
    let Argument { name, kind, .. } = argument;
    let is = |field: &Field| field.rust == *name;
    let owned = |text: &str| match kind.contains("String") {
        true => format!("{text}.map(str::to_owned)"),
        false => text.to_owned(),
    };
    if list.scope.as_ref().is_some_and(|scope| is(&scope.parameter)) {
        return Ok(owned("scope"));
    }
    if list.page_size.as_ref().is_some_and(|(size, _)| is(size)) {
        return Ok(number(kind, "u64::from(size)").map_or("None".to_owned(), |convert| {
            format!("request.page_size.and_then(|size| {convert})")
        }));
    }
    match &list.paging {
        Paging::Token { parameter, .. } | Paging::LastId { parameter } if is(parameter) => return Ok(owned("token")),
        Paging::Offset { parameter } if is(parameter) => {
            return number(kind, "offset").ok_or_else(|| unsupported(name, kind));
        }
        Paging::Number { parameter } if is(parameter) => {
            return number(kind, "number").ok_or_else(|| unsupported(name, kind));
        }
        _ => {}
    }
    if kind.starts_with("Option<") {
        return Ok("None".to_owned());
    }
    Err(unsupported(name, kind))
}

/// Converts a `u64` to the type of an argument.
fn number(kind: &str, value: &str) -> Option<String> {
    let inner = kind.strip_prefix("Option<")?.strip_suffix('>')?;
    match inner {
        "u64" => Some(format!("Some({value})")),
        "i64" | "i32" | "u32" => Some(format!("{inner}::try_from({value}).ok()")),
        "NonZeroU64" => Some(format!("std::num::NonZeroU64::new({value})")),
        "NonZeroU32" => Some(format!(
            "u32::try_from({value}).ok().and_then(std::num::NonZeroU32::new)"
        )),
        _ => None,
    }
}

fn unsupported(name: &str, kind: &str) -> Failure {
    format!(
        "The parameter `{name}` of the list has the type {kind}, which this command cannot fill in. Remedy: remove it \
         from a copy of the document, or give it a default there."
    )
    .into()
}

/// The conversion of an item.
fn normalise(names: &Values, list: &ListOutline) -> Result<String, Failure> {
    let mut values = names.clone();
    let mut set = |name, value: String| drop(values.insert(name, value));
    let times: Vec<(&str, &Field)> = [("created_at", &list.created), ("updated_at", &list.updated)]
        .into_iter()
        .filter_map(|(target, field)| Some((target, field.as_ref()?)))
        .collect();
    let binding = |field: &Field, name: &str| match field.rust == name {
        true => format!("{name},\n        "),
        false => format!("{}: {name},\n        ", field.rust),
    };
    let mut fields = binding(&list.id, "id");
    if let Some(title) = &list.title {
        fields += &binding(title, "title");
    }
    for (target, field) in &times {
        fields += &binding(field, target);
    }
    set("fields", fields.trim_end().to_owned());
    set("item", list.item.clone());
    let empty = "if id.is_empty() {\n        return Err(\"its id is empty\");\n    }";
    set(
        "id",
        if list.id.kind == FieldKind::Integer {
            "let id = id.to_string();".to_owned()
        } else {
            empty.to_owned()
        },
    );
    let value = |name: &str, is_known: bool| match is_known {
        true => String::new(),
        false if name.is_empty() => ": None".to_owned(),
        false => ": None".to_owned(),
    };
    set("title_value", value("title", list.title.is_some()));
    set("created_value", value("created", list.created.is_some()));
    set("updated_value", value("updated", list.updated.is_some()));
    let is_text = |field: &Field| field.kind == FieldKind::Text;
    let lines: Vec<String> = times
        .iter()
        .map(|(target, field)| {
            let function = if is_text(field) { "time" } else { "seconds" };
            format!(
                "let {target} = {function}({:?}, {target}, &mut extra);\n    ",
                field.json
            )
        })
        .collect();
    set("times", lines.concat());
    let has_texts = times.iter().any(|(_, field)| is_text(field));
    let has_seconds = times.iter().any(|(_, field)| !is_text(field));
    let decide = match (times.is_empty(), has_seconds) {
        (true, _) => "// DECIDE(times): no field is a time of the session. Is there one under another name?\n    ",
        (false, true) => "// DECIDE(times): numbers are read as seconds since 1970. Are they?\n    ",
        (false, false) => "// DECIDE(times): a time without a zone is read as UTC. Is it?\n    ",
    };
    set("decide_times", decide.to_owned());
    set(
        "value_imports",
        if times.is_empty() {
            ""
        } else {
            "use serde_json::{Map, Value};\n"
        }
        .to_owned(),
    );
    let imports = match (has_texts || has_seconds, has_seconds) {
        (false, _) => "",
        (true, false) => ", SessionTime",
        (true, true) => ", SessionTime, Timestamp",
    };
    set("time_imports", imports.to_owned());
    let mut functions = String::new();
    if has_texts {
        functions += TEXT_TIME;
    }
    if has_seconds {
        functions += NUMBER_TIME;
    }
    set("functions", functions);
    filled(NORMALISE, &values)
}

const TEXT_TIME: &str = r"
/// Parses a time; a text that is none is kept among the unknown fields.
fn time(name: &str, text: Option<String>, extra: &mut Map<String, Value>) -> Option<SessionTime> {
    match SessionTime::parse(text?) {
        Ok(time) => Some(time),
        Err(text) => {
            extra.insert(name.to_owned(), Value::String(text));
            None
        }
    }
}
";

const NUMBER_TIME: &str = r"
/// Converts seconds since 1970; a number that is out of range is kept among the unknown fields.
fn seconds(name: &str, seconds: Option<i64>, extra: &mut Map<String, Value>) -> Option<SessionTime> {
    let seconds = seconds?;
    let time = Timestamp::from_unix_seconds(seconds).map(SessionTime::given);
    if time.is_none() {
        extra.insert(name.to_owned(), Value::from(seconds));
    }
    time
}
";

/// Removes the imports that only some lists need.
fn unused_imports_removed(source: &str) -> String {
    let (head, body) = source.split_once("\nconst KEY").unwrap_or((source, ""));
    let mut head = head.to_owned();
    for name in ["SettingKind", "Members", "ErrorKind", "Remedy"] {
        if !body.contains(name) {
            head = head.replace(&format!("{name}, "), "").replace(&format!(", {name}"), "");
        }
    }
    format!("{head}\nconst KEY{body}")
}
