//! The file that converts an item to a session.

use chat_sessions_codegen::{Field, FieldKind, ListOutline};

use crate::outcome::Failure;
use crate::provider::names::{Values, filled};

const NORMALISE: &str = include_str!("../templates/normalise.txt");

/// The conversion of an item.
pub(super) fn normalise(names: &Values, list: &ListOutline) -> Result<String, Failure> {
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
    let (unit, constructor) = match list.has_milliseconds {
        true => ("milliseconds", "from_unix_millis"),
        false => ("seconds", "from_unix_seconds"),
    };
    let is_text = |field: &Field| field.kind == FieldKind::Text;
    let lines: Vec<String> = times
        .iter()
        .map(|(target, field)| {
            let function = if is_text(field) { "time" } else { unit };
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
        (false, true) if list.has_milliseconds => {
            "// DECIDE(times): numbers are read as milliseconds since 1970. Are they?\n    "
        }
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
        functions += &NUMBER_TIME.replace("UNIT", unit).replace("CONSTRUCTOR", constructor);
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
/// Converts UNIT since 1970; a number that is out of range is kept among the unknown fields.
fn UNIT(name: &str, number: Option<i64>, extra: &mut Map<String, Value>) -> Option<SessionTime> {
    let number = number?;
    let time = Timestamp::CONSTRUCTOR(number).map(SessionTime::given);
    if time.is_none() {
        extra.insert(name.to_owned(), Value::from(number));
    }
    time
}
";
