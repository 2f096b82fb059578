//! A transcript for people at a terminal: roles, wrapped texts, references with times, and one line for
//! each step of thinking and each tool, unless all of them are wanted.
//!
//! Messages are indented, so that no text of a provider can look like the role of a message.

mod rich_text;
mod styled;
mod table;

use anstyle::{AnsiColor, Style};
use chat_sessions::model::{Message, Part, Reference, Role, Thinking, Transcript};
use serde::Serialize;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use self::rich_text::rich_text;
use self::styled::{DIM, Styled, columns, wrap_into};
use super::labels;
use crate::output::json_text::{write_json, write_pretty_json};
use crate::output::text::{count, one_line, truncate};
use crate::output::visible::visible_lines;

const TITLE: Style = Style::new().bold();
const FAILURE: Style = AnsiColor::Red.on_default();
/// Lines longer than this are hard to read, however wide the terminal is.
pub(super) const LONGEST_LINE: usize = 100;
/// Below the role of a message.
const INDENT: &str = "  ";
/// In front of a part that is shown as one line, and of one that is shown whole.
const FOLDED: &str = "▸ ";
const UNFOLDED: &str = "▾ ";

/// How to show a transcript.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    /// The width of the terminal.
    pub(crate) width: usize,
    /// Whether to show thinking whole.
    pub(crate) thinking: bool,
    /// Whether to show tool calls and their results whole.
    pub(crate) tools: bool,
}

/// Returns the transcript with its styles, which ends with a newline.
pub(crate) fn page(transcript: &Transcript, view: View) -> String {
    let mut page = Page {
        lines: Vec::new(),
        width: view.width.clamp(1, LONGEST_LINE),
        view,
        folded: 0,
    };
    page.header(transcript);
    for message in &transcript.messages {
        page.message(message);
    }
    if page.folded > 0 {
        let parts = count(page.folded, "part");
        let are = if page.folded == 1 { "is" } else { "are" };
        page.lines.push(String::new());
        page.wrapped(&format!("{parts} {are} folded; --full shows everything"), DIM, "", "");
    }
    let mut text = page.lines.join("\n");
    text.push('\n');
    text
}

struct Page {
    lines: Vec<String>,
    width: usize,
    view: View,
    /// The number of parts that are shown as one line.
    folded: u64,
}

impl Page {
    fn header(&mut self, transcript: &Transcript) {
        self.wrapped(&labels::title(transcript), TITLE, "", "");
        let facts = labels::facts(transcript);
        let longest = facts.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        for (name, value) in facts {
            let first = format!("{DIM}{name:longest$}{DIM:#}  ");
            let rest = " ".repeat(longest + 2);
            if name == labels::SESSION {
                // An address in one piece can be copied.
                self.lines.push(format!("{first}{value}"));
                continue;
            }
            self.wrapped(&value, Style::new(), &first, &rest);
        }
    }

    fn message(&mut self, message: &Message) {
        self.lines.push(String::new());
        let color = match message.role {
            Role::User => AnsiColor::Cyan,
            Role::Assistant => AnsiColor::Green,
            _ => AnsiColor::Magenta,
        };
        self.wrapped(&labels::role(&message.role), color.on_default().bold(), "", "");
        // The first part follows the role at once.
        let mut was_line = None;
        for part in &message.parts {
            let before = self.lines.len();
            // Parts of several lines are separated from those around them.
            let is_line = self.part(part);
            if self.lines.len() == before {
                continue;
            }
            if was_line.is_some_and(|was_line| !(is_line && was_line)) {
                self.lines.insert(before, String::new());
            }
            was_line = Some(is_line);
        }
        if message.incomplete {
            if was_line == Some(false) {
                self.lines.push(String::new());
            }
            self.wrapped(labels::INCOMPLETE, FAILURE, INDENT, INDENT);
        }
    }

    /// Adds a part, and returns whether it is short enough to stand close to others.
    fn part(&mut self, part: &Part) -> bool {
        match part {
            Part::Text(text) => {
                self.rich(&text.text, INDENT);
                false
            }
            Part::Thinking(thinking) => self.thinking(thinking),
            Part::ToolCall(call) => {
                let name = name(call.name.as_deref());
                let arguments = call.arguments.clone().unwrap_or_default();
                self.tool(&format!("tool call{name}"), &json(&arguments), || pretty(&arguments))
            }
            Part::ToolResult(result) => {
                let name = name(result.name.as_deref());
                let (short, whole) = match &result.result {
                    Value::String(text) => (text.clone(), text.clone()),
                    value => (json(value), pretty(value)),
                };
                self.tool(&format!("tool result{name}"), &short, || whole)
            }
            Part::Reference(reference) => {
                self.reference(reference, INDENT);
                true
            }
            Part::Attachment(attachment) => {
                let name = name(attachment.name.as_deref());
                let (first, rest) = (format!("{INDENT}attachment"), format!("{INDENT}  "));
                self.wrapped(&name, Style::new(), &first, &rest);
                true
            }
            Part::End(end) => {
                if let Some(text) = labels::end(end) {
                    let style = if labels::has_failed(end) { FAILURE } else { DIM };
                    self.wrapped(&text, style, INDENT, INDENT);
                }
                true
            }
            Part::Other(other) => {
                let kind = name(other.kind.as_deref());
                self.tool(&format!("unknown part{kind}"), &json(&other.value), || {
                    pretty(&other.value)
                })
            }
            unknown => self.tool("unknown part", &json(unknown), || pretty(unknown)),
        }
    }

    fn thinking(&mut self, thinking: &Thinking) -> bool {
        let title = thinking.title.as_deref().map(one_line).unwrap_or_default();
        if !self.view.thinking {
            let text = if title.is_empty() {
                one_line(&thinking.text)
            } else {
                title
            };
            self.fold(&format!("thinking: {text}"));
            return true;
        }
        let heading = if title.is_empty() {
            "thinking".to_owned()
        } else {
            format!("thinking: {title}")
        };
        self.unfold(&heading);
        let bar = format!("{INDENT}{DIM}│{DIM:#} ");
        self.rich(&thinking.text, &bar);
        for reference in &thinking.references {
            self.reference(reference, &bar);
        }
        false
    }

    /// Adds a part that is JSON or the text of a tool.
    fn tool(&mut self, heading: &str, short: &str, whole: impl FnOnce() -> String) -> bool {
        if !self.view.tools {
            // One line shows the beginning only.
            let beginning: String = short.chars().take(self.width).collect();
            self.fold(format!("{heading}: {}", one_line(&beginning)).trim_end_matches(": "));
            return true;
        }
        self.unfold(heading);
        let whole = whole().replace("\r\n", "\n");
        for line in visible_lines(&whole).trim_end_matches('\n').split('\n') {
            let line = Styled::new(line.replace('\t', "    "), Style::new());
            wrap_into(&mut self.lines, &line, self.width, "    ", "    ");
        }
        false
    }

    fn fold(&mut self, text: &str) {
        self.folded += 1;
        let room = self.width.saturating_sub(INDENT.width() + FOLDED.width());
        let text = truncate(text, room);
        self.lines.push(format!("{INDENT}{DIM}{FOLDED}{text}{DIM:#}"));
    }

    fn unfold(&mut self, heading: &str) {
        let (first, rest) = (format!("{INDENT}{UNFOLDED}"), format!("{INDENT}  "));
        self.wrapped(heading, DIM, &first, &rest);
    }

    fn reference(&mut self, reference: &Reference, indent: &str) {
        let (first, rest) = (format!("{indent}→ "), format!("{indent}  "));
        self.wrapped(&labels::reference(reference), Style::new(), &first, &rest);
        for place in &reference.places {
            let (first, rest) = (format!("{indent}    "), format!("{indent}      "));
            self.wrapped(&labels::place(place), Style::new(), &first, &rest);
        }
    }

    /// Adds a text that is Markdown.
    fn rich(&mut self, text: &str, lead: &str) {
        let width = self.width.saturating_sub(columns(lead)).max(1);
        for line in rich_text(text, width) {
            self.lines.push(format!("{lead}{line}").trim_end().to_owned());
        }
    }

    /// Adds a text that is safe to print and has no markup.
    fn wrapped(&mut self, text: &str, style: Style, first: &str, rest: &str) {
        wrap_into(
            &mut self.lines,
            &Styled::new(text.to_owned(), style),
            self.width,
            first,
            rest,
        );
    }
}

fn name(name: Option<&str>) -> String {
    match name.map(one_line).filter(|name| !name.is_empty()) {
        Some(name) => format!(" {name}"),
        None => String::new(),
    }
}

fn json(value: &impl Serialize) -> String {
    let mut json = Vec::new();
    // Serialization cannot fail: the keys are strings and a vector takes everything.
    let _ = write_json(&mut json, value);
    String::from_utf8(json).unwrap_or_default()
}

fn pretty(value: &impl Serialize) -> String {
    let mut json = Vec::new();
    let _ = write_pretty_json(&mut json, value);
    String::from_utf8(json).unwrap_or_default()
}
