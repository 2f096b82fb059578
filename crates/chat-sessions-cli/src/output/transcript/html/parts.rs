//! Writes the messages of a session as HTML.

use chat_sessions::model::{Attachment, End, Message, Part, Reference, Role, Thinking};
use serde_json::Value;

use super::escape::push_text;
use super::markdown::push_markdown;
use crate::output::text::one_line;
use crate::output::transcript::labels;

/// Writes one message. `number` counts from 1.
pub(super) fn push_message(out: &mut String, message: &Message, number: usize) {
    let class = match &message.role {
        Role::User => "user",
        Role::Assistant => "assistant",
        _ => "other",
    };
    out.push_str(&format!(
        "<article class=\"{class}\" aria-labelledby=\"m{number}\">\n<h2 id=\"m{number}\">"
    ));
    push_text(out, &labels::role(&message.role));
    out.push_str("</h2>\n");
    for part in &message.parts {
        push_part(out, part);
    }
    if message.incomplete {
        push_note(out, labels::INCOMPLETE);
    }
    out.push_str("</article>\n");
}

fn push_part(out: &mut String, part: &Part) {
    match part {
        Part::Text(text) => push_content(out, &text.text),
        Part::Thinking(thinking) => push_thinking(out, thinking),
        Part::ToolCall(call) => push_folded_json(
            out,
            "Tool call",
            &[call.name.as_deref(), call.call_id.as_deref()],
            &Value::Object(call.arguments.clone().unwrap_or_default()),
        ),
        Part::ToolResult(result) => push_folded_json(
            out,
            "Tool result",
            &[result.name.as_deref(), result.call_id.as_deref()],
            &result.result,
        ),
        Part::Reference(reference) => push_reference(out, reference),
        Part::Attachment(attachment) => push_attachment(out, attachment),
        Part::End(end) => push_end(out, end),
        Part::Other(other) => push_folded_json(out, "Part of an unknown kind", &[other.kind.as_deref()], &other.value),
        // A kind that a later version of the facade adds is shown as JSON.
        newer => {
            let value = serde_json::to_value(newer).unwrap_or_default();
            push_folded_json(out, "Part of an unknown kind", &[], &value);
        }
    }
}

/// Writes a text in Markdown, whose language is unknown.
fn push_content(out: &mut String, text: &str) {
    out.push_str("<div class=\"text\" lang=\"\">\n");
    push_markdown(out, text);
    out.push_str("</div>\n");
}

fn push_thinking(out: &mut String, thinking: &Thinking) {
    push_summary(out, "Thinking", &[thinking.title.as_deref()]);
    push_content(out, &thinking.text);
    for reference in &thinking.references {
        push_reference(out, reference);
    }
    out.push_str("</details>\n");
}

fn push_folded_json(out: &mut String, kind: &str, names: &[Option<&str>], value: &Value) {
    push_summary(out, kind, names);
    out.push_str("<pre dir=\"ltr\" lang=\"\" tabindex=\"0\" role=\"group\" aria-label=\"JSON\"><code>");
    push_text(out, &serde_json::to_string_pretty(value).unwrap_or_default());
    out.push_str("</code></pre>\n</details>\n");
}

/// Begins something that is folded.
fn push_summary(out: &mut String, kind: &str, names: &[Option<&str>]) {
    out.push_str("<details>\n<summary>");
    out.push_str(kind);
    let names = names.iter().flatten().map(|name| one_line(name));
    for (index, name) in names.filter(|name| !name.is_empty()).enumerate() {
        out.push_str(if index == 0 { ": " } else { ", " });
        push_isolated(out, &name);
    }
    out.push_str("</summary>\n");
}

/// Writes a text that a provider wrote, or a part of it, inside a line of this program.
fn push_isolated(out: &mut String, text: &str) {
    out.push_str("<bdi lang=\"\">");
    push_text(out, text);
    out.push_str("</bdi>");
}

/// Writes a reference and the places in it.
fn push_reference(out: &mut String, reference: &Reference) {
    out.push_str("<div class=\"reference\">\n<p>Reference: ");
    push_isolated(out, &labels::reference(reference));
    out.push_str("</p>\n");
    if !reference.places.is_empty() {
        out.push_str("<ul>\n");
        for place in &reference.places {
            out.push_str("<li>");
            push_isolated(out, &labels::place(place));
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</div>\n");
}

fn push_attachment(out: &mut String, attachment: &Attachment) {
    let names = [attachment.name.as_deref(), attachment.call_id.as_deref()];
    let names = names.iter().flatten().map(|name| one_line(name));
    push_note(out, &format!("Attachment: {}", names.collect::<Vec<_>>().join(", ")));
}

fn push_end(out: &mut String, end: &End) {
    let Some(text) = labels::end(end) else { return };
    if labels::has_failed(end) {
        out.push_str("<p class=\"error\" dir=\"auto\">");
        push_text(out, &text);
        out.push_str("</p>\n");
    } else {
        push_note(out, &text);
    }
}

fn push_note(out: &mut String, text: &str) {
    out.push_str("<p class=\"note\" dir=\"auto\">");
    push_text(out, text);
    out.push_str("</p>\n");
}
