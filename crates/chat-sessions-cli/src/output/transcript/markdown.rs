//! A transcript as a Markdown document: a title, what is known about the session, and every message
//! under a heading with its role.
//!
//! Texts stay as they are, since most of them are Markdown. If a text leaves a code block or a block
//! of HTML open, the block is closed, so that it does not swallow the messages after it.

use std::borrow::Cow;
use std::fmt::Write as _;

use chat_sessions::model::{Attachment, Message, Other, Part, Reference, Thinking, ToolCall, ToolResult, Transcript};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use serde::Serialize;
use serde_json::Value;

use super::labels;
use crate::output::json_text::write_pretty_json;
use crate::output::text::one_line;
use crate::output::visible::visible_lines;

/// Returns the whole document, which ends with a newline.
pub(crate) fn page(transcript: &Transcript) -> String {
    let mut page = format!("# {}\n\n", escaped(&labels::title(transcript)));
    for (name, value) in labels::facts(transcript) {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(page, "- {name}: {}", value_text(name, &value));
    }
    for message in &transcript.messages {
        let _ = write!(page, "\n## {}\n", escaped(&labels::role(&message.role)));
        push_parts(&mut page, message);
    }
    page
}

/// An address is code, so that it can be copied.
fn value_text(name: &str, value: &str) -> String {
    if name == labels::SESSION {
        code(value)
    } else {
        escaped(value)
    }
}

fn push_parts(page: &mut String, message: &Message) {
    let mut was_reference = false;
    for part in &message.parts {
        let is_reference = matches!(part, Part::Reference(_));
        // References in a row are one list.
        if !(is_reference && was_reference) {
            page.push('\n');
        }
        was_reference = is_reference;
        push_part(page, part);
    }
    if message.incomplete {
        let _ = write!(page, "\n*{}*\n", labels::INCOMPLETE);
    }
}

fn push_part(page: &mut String, part: &Part) {
    match part {
        Part::Text(text) => push_block(page, &closed(&text.text)),
        Part::Thinking(thinking) => push_quote(page, &thinking_text(thinking)),
        Part::ToolCall(call) => page.push_str(&call_text(call)),
        Part::ToolResult(result) => page.push_str(&result_text(result)),
        Part::Reference(reference) => page.push_str(&reference_text(reference)),
        Part::Attachment(attachment) => page.push_str(&attachment_text(attachment)),
        Part::End(end) => {
            let text = labels::end(end).unwrap_or_else(|| "the turn ended".to_owned());
            let _ = writeln!(page, "*{}*", escaped(&text));
        }
        Part::Other(other) => page.push_str(&other_text(other)),
        // A kind that a later version of the facade adds is shown as JSON.
        unknown => push_block(page, &json_block(unknown)),
    }
}

/// Adds a text that ends with one newline.
fn push_block(page: &mut String, text: &str) {
    page.push_str(text.trim_end_matches('\n'));
    page.push('\n');
}

/// Adds a text as a quotation.
fn push_quote(page: &mut String, text: &str) {
    for line in text.trim_end_matches('\n').split('\n') {
        page.push_str(if line.is_empty() { ">" } else { "> " });
        page.push_str(line);
        page.push('\n');
    }
}

fn thinking_text(thinking: &Thinking) -> String {
    let heading = match thinking.title.as_deref().map(one_line) {
        Some(title) if !title.is_empty() => format!("**Thinking: {}**", escaped(&title)),
        _ => "**Thinking**".to_owned(),
    };
    let mut text = format!("{heading}\n\n");
    push_block(&mut text, &closed(&thinking.text));
    if !thinking.references.is_empty() {
        text.push('\n');
    }
    for reference in &thinking.references {
        text.push_str(&reference_text(reference));
    }
    text
}

/// Returns the heading of a call or a result: its kind, its name and its id.
fn named(kind: &str, names: &[Option<&str>]) -> String {
    let names = names.iter().flatten().map(|name| one_line(name));
    let names: Vec<String> = names.filter(|name| !name.is_empty()).map(|name| code(&name)).collect();
    format!("**{kind}** {}", names.join(", ")).trim_end().to_owned()
}

fn call_text(call: &ToolCall) -> String {
    let heading = named("Tool call", &[call.name.as_deref(), call.call_id.as_deref()]);
    match &call.arguments {
        Some(arguments) if !arguments.is_empty() => format!("{heading}\n\n{}", json_block(arguments)),
        _ => format!("{heading}\n"),
    }
}

fn result_text(result: &ToolResult) -> String {
    let heading = named("Tool result", &[result.name.as_deref(), result.call_id.as_deref()]);
    let block = match &result.result {
        Value::String(text) => code_block("", &lines(text)),
        value => json_block(value),
    };
    format!("{heading}\n\n{block}")
}

fn reference_text(reference: &Reference) -> String {
    let mut text = format!("- {}\n", escaped(&labels::reference(reference)));
    for place in &reference.places {
        let _ = writeln!(text, "  - {}", escaped(&labels::place(place)));
    }
    text
}

fn attachment_text(attachment: &Attachment) -> String {
    let names = [attachment.name.as_deref(), attachment.call_id.as_deref()];
    format!("{}\n", named("Attachment", &names))
}

fn other_text(other: &Other) -> String {
    let heading = named("Part of an unknown kind", &[other.kind.as_deref()]);
    format!("{heading}\n\n{}", json_block(&other.value))
}

fn json_block(value: &impl Serialize) -> String {
    let mut json = Vec::new();
    // Serialization cannot fail: the keys are strings and a vector takes everything.
    let _ = write_pretty_json(&mut json, value);
    code_block("json", &String::from_utf8_lossy(&json))
}

/// Returns a code block whose fence is longer than every run of backticks in the text.
fn code_block(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end_matches('\n'))
}

/// Returns inline code, whatever backticks the text contains.
fn code(text: &str) -> String {
    let ticks = "`".repeat(longest_run(text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

fn longest_run(text: &str, character: char) -> usize {
    let runs = text.split(|other| other != character);
    runs.map(str::len).max().unwrap_or(0)
}

/// Escapes the characters of a line that Markdown would interpret. It leaves `_` inside a word alone.
fn escaped(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    let mut rest = line.chars().peekable();
    let mut was_word = false;
    while let Some(character) = rest.next() {
        let is_word = |character: &char| character.is_alphanumeric();
        let needs_escape = match character {
            '_' => !(was_word && rest.peek().is_some_and(is_word)),
            other => "\\`*[]<>&#|~".contains(other),
        };
        if needs_escape {
            escaped.push('\\');
        }
        escaped.push(character);
        was_word = is_word(&character);
    }
    escaped
}

/// Returns a text with safe characters and with `\n` for each line break.
fn lines(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") {
        return visible_lines(&text.replace("\r\n", "\n")).into_owned().into();
    }
    visible_lines(text)
}

/// What ends a block of HTML, besides an empty line (`CommonMark` 4.6).
const HTML_ENDS: [&str; 8] = [
    "-->",
    "</script>",
    "</style>",
    "</pre>",
    "</textarea>",
    "?>",
    "]]>",
    ">",
];

/// Returns a text as Markdown that leaves no block open.
pub(crate) fn closed(text: &str) -> Cow<'_, str> {
    let text = lines(text);
    let Some(fence) = open_block(&text) else {
        return text;
    };
    let ends = std::iter::once(fence.as_str()).chain(HTML_ENDS);
    for end in ends.filter(|end| !end.is_empty()) {
        let closed = format!("{}\n{end}\n", text.trim_end_matches('\n'));
        if open_block(&closed).is_none() {
            return closed.into();
        }
    }
    text
}

/// Returns `None` if a paragraph after the text would be one. Otherwise returns the fence that closes
/// the last code block, which is empty if it has none.
fn open_block(text: &str) -> Option<String> {
    const PROBE: &str = "probe";
    // Few texts have one of these, so most are not parsed.
    if !text.contains(['`', '~', '<']) {
        return None;
    }
    let probed = format!("{text}\n\n{PROBE}\n");
    let start = probed.len() - PROBE.len() - 1;
    let (mut is_paragraph, mut depth) = (false, 0_usize);
    let mut fence = String::new();
    for (event, range) in Parser::new_ext(&probed, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                let block = probed[range].trim_start();
                let mark = block.chars().next().filter(|mark| matches!(mark, '`' | '~'));
                fence = mark.map_or_else(String::new, |mark| {
                    block.chars().take_while(|character| *character == mark).collect()
                });
                depth += 1;
            }
            Event::Start(Tag::Paragraph) if depth == 0 && range.start == start => is_paragraph = true,
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    (!is_paragraph).then_some(fence)
}

#[cfg(test)]
mod tests {
    use super::{closed, code, code_block, escaped};

    #[test]
    fn a_text_cannot_swallow_what_follows_it() {
        for (text, expected) in [
            ("plain", "plain"),
            ("```\na\n```", "```\na\n```"),
            ("```rust\na", "```rust\na\n```\n"),
            ("~~~~\n```\n~~~", "~~~~\n```\n~~~\n~~~~\n"),
            ("- ```\n  a", "- ```\n  a"),
            ("> ```\n> a", "> ```\n> a"),
            ("<!-- a", "<!-- a\n-->\n"),
            ("<script>\na\n\nb", "<script>\na\n\nb\n</script>\n"),
            ("<div>\na", "<div>\na"),
            ("`a", "`a"),
            ("a\r\nb", "a\nb"),
            ("a\rb\u{1b}[31m", "a\\rb\\u001b[31m"),
        ] {
            assert_eq!(closed(text), expected, "{text:?}");
        }
    }

    #[test]
    fn code_has_enough_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b``"), "``` a`b`` ```");
        assert_eq!(code_block("json", "```\n"), "````json\n```\n````\n");
        assert_eq!(escaped("a *b* <c> [d](e) #1"), r"a \*b\* \<c\> \[d\](e) \#1");
        assert_eq!(escaped("audio_ts _a_ b_"), r"audio_ts \_a\_ b\_");
    }
}
