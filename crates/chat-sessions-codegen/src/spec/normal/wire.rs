//! The normal form of everything outside the schemas: names of headers, media types, paths, servers
//! and the way a parameter is written.

use serde_json::Value;

use super::types::Types;

/// The name of a parameter or header as it is compared. Only header names ignore case.
pub(crate) fn parameter_name(place: &str, name: &str) -> String {
    if place == "header" {
        return name.to_ascii_lowercase();
    }
    name.to_owned()
}

/// A media type without the parameter that changes nothing: JSON and text are UTF-8 anyway.
pub(crate) fn media_type(written: &str) -> String {
    let mut parts = written.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let mut parameters: Vec<String> = parts
        .filter_map(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"'));
            let is_utf8 = name == "charset" && value.eq_ignore_ascii_case("utf-8");
            (!is_utf8 && !name.is_empty()).then(|| format!(";{name}={value}"))
        })
        .collect();
    parameters.sort();
    essence + &parameters.concat()
}

/// A media type without its parameters.
pub(crate) fn essence(written: &str) -> String {
    written
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Whether bodies of a media type are JSON, whatever its parameters.
pub(crate) fn is_json(written: &str) -> bool {
    let essence = essence(written);
    essence == "application/json" || essence.ends_with("+json")
}

/// Whether the scalars of a media type are written as text, which has no types.
pub(crate) fn is_text(media_type: &str) -> bool {
    is_form(media_type) || essence(media_type).starts_with("text/")
}

/// Whether a body of a media type is a form, of which each property can have an encoding.
pub(crate) fn is_form(media_type: &str) -> bool {
    has_parts(media_type) || essence(media_type) == "application/x-www-form-urlencoded"
}

/// Whether bodies of a media type consist of parts, each with a media type of its own.
pub(crate) fn has_parts(media_type: &str) -> bool {
    essence(media_type).starts_with("multipart/")
}

/// Whether bodies of a media type are XML.
pub(crate) fn is_xml(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.ends_with("/xml") || essence.ends_with("+xml")
}

/// Whether a media type or range includes another.
pub(crate) fn includes(range: &str, media_type: &str) -> bool {
    let same_group = || {
        let group = range.strip_suffix('*').filter(|group| group.ends_with('/'));
        group.is_some_and(|group| media_type.starts_with(group))
    };
    range == media_type || range == "*/*" || same_group()
}

/// A path without the names of its parameters, which are not on the wire.
pub(crate) fn path(written: &str) -> String {
    let mut path = String::with_capacity(written.len());
    let mut rest = written;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, after)) = after.split_once('}') else { break };
        path.push_str(before);
        path.push_str("{}");
        rest = after;
    }
    path + rest
}

/// The URL of a server. The scheme and the host ignore case.
pub(crate) fn server_url(written: &str) -> String {
    let Some((scheme, rest)) = written.split_once("://") else {
        return written.to_owned();
    };
    let host = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at(host);
    // The name of a variable in the host keeps its case.
    let host = if host.contains('{') {
        host.to_owned()
    } else {
        host.to_ascii_lowercase()
    };
    format!("{}://{host}{path}", scheme.to_ascii_lowercase())
}

/// How the value of a parameter or header is written, by keyword, with the defaults filled in.
/// For values of the given types only: a scalar looks the same whether exploded or not.
pub(crate) fn style(parameter: &Value, place: &str, types: Types) -> [(&'static str, Value); 3] {
    let default = match place {
        "query" | "cookie" => "form",
        _ => "simple",
    };
    let style = parameter.get("style").and_then(Value::as_str).unwrap_or(default);
    let explode = parameter.get("explode").and_then(Value::as_bool);
    // There is only one way to write a deep object.
    let has_parts = types.has(Types::ARRAY.or(Types::OBJECT)) && style != "deepObject";
    let explode = has_parts && explode.unwrap_or(style == "form");
    let reserved = parameter.get("allowReserved").and_then(Value::as_bool) == Some(true);
    [
        ("style", style.into()),
        ("explode", explode.into()),
        ("allowReserved", (reserved && place == "query").into()),
    ]
}

/// The statuses that also cover a status: its range, and the rest.
pub(crate) fn wider_statuses(status: &str) -> [String; 2] {
    let range = status.chars().next().map(|class| format!("{class}XX"));
    [range.unwrap_or_default(), "default".to_owned()]
}

#[cfg(test)]
mod tests {
    use super::{includes, media_type, path, server_url};

    #[test]
    fn what_changes_nothing_is_dropped() {
        assert_eq!(media_type("Application/JSON; charset=UTF-8"), "application/json");
        assert_eq!(media_type("text/csv;header=absent"), "text/csv;header=absent");
        assert_eq!(path("/a/{id}/b{c}.json"), "/a/{}/b{}.json");
        assert_eq!(path("/a/{id"), "/a/{id");
        assert_eq!(server_url("HTTPS://Api.Example.org/V1"), "https://api.example.org/V1");
    }

    #[test]
    fn a_range_includes_its_media_types() {
        assert!(includes("application/*", "application/json"));
        assert!(includes("*/*", "text/csv"));
        assert!(!includes("text/*", "application/json"));
        assert!(!includes("text*", "text/csv"));
    }
}
