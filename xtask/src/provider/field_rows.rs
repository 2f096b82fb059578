//! The rows of a new provider in the field map.

use chat_sessions_codegen::{Field, ListOutline, NamedSchema, Paging};

use crate::providers::Provider;

/// Returns the section of the provider, with a row for each field of every schema that its list
/// returns.
pub(super) fn section(provider: &Provider, list: &ListOutline) -> String {
    let mut text = format!("    \"{}\" in {}_client {{\n", provider.name, provider.module());
    for schema in &list.schemas {
        text += &format!("        {} {{\n", schema.name);
        for field in &schema.fields {
            let name = match field.rust == field.json {
                true => field.rust.clone(),
                false => format!("{} as {:?}", field.rust, field.json),
            };
            text += &format!("            {name} => {};\n", usage(list, schema, field));
        }
        text += "        }\n";
    }
    text + "    }\n"
}

fn usage(list: &ListOutline, schema: &NamedSchema, field: &Field) -> &'static str {
    let is = |other: &Option<Field>| other.as_ref() == Some(field);
    if schema.is_failure {
        return match field.json.as_str() {
            "message" | "error" | "detail" | "error_description" | "title" => "[Error::message]",
            _ => "out, \"only failures have it\"",
        };
    }
    if schema.name == list.item {
        return match () {
            () if list.id == *field => "[Session.id]",
            () if is(&list.title) => "[Session.title]",
            () if is(&list.created) => "[Session.created_at]",
            () if is(&list.updated) => "[Session.updated_at]",
            () => "unknown",
        };
    }
    let token = match &list.paging {
        Paging::Token { token, .. } => Some(token),
        _ => None,
    };
    // A way names each object that it passes through.
    let holds = |way: Option<&Vec<Field>>| way.is_some_and(|way| way.contains(field));
    match () {
        () if list.items.contains(field) => "[SourcePage.sessions]",
        () if holds(token) || holds(list.has_more.as_ref()) => "[SourcePage.next]",
        () if holds(list.total.as_ref()) => "[SourcePage.total]",
        () => "unknown",
    }
}
