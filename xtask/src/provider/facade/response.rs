//! How a page is made from a response: the fields beside the items, and the items themselves.

use chat_sessions_codegen::{Field, ListOutline, Paging};

/// What a response says beside its items: the name of the variable, the way to the field, its type.
pub(super) fn controls(list: &ListOutline) -> Vec<(&'static str, &[Field], &'static str)> {
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
pub(super) fn decoding(list: &ListOutline, set: &mut impl FnMut(&'static str, String)) {
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
                        "raw.extra.contains_key({:?}) || raw.{}.as_ref().is_some_and(|inner| inner.extra.contains_key({:?}))",
                        outer.json, outer.rust, inner.json
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
