//! The call of the raw method, with an argument for each parameter.

use chat_sessions_codegen::{Argument, Field, ListOutline, Paging};

use crate::outcome::Failure;

/// The arguments of the call of the raw method.
pub(super) fn call(list: &ListOutline, arguments: &[Argument]) -> Result<String, Failure> {
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
