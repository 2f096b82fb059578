//! Converts the events of a LlamaCloud session to messages.
//!
//! `user_input` opens a turn and `stop` ends it; what is between them becomes one message of the
//! assistant. Fragments (`text_delta`, `thinking_delta`) are joined, unless the whole text follows in
//! the same turn. Whether fragments are stored at all is not documented.

use std::collections::VecDeque;

use llama_cloud_client::types::{self, ChatEvent};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::{
    Attachment, End, Message, Other, Part, Resource, Role, Text, Thinking, ToolCall, ToolResult, Usage,
};
use crate::provider::field_map::{MappedFields, keep_fields, unmapped_fields};
use crate::provider::llama_cloud::normalise::count;

/// Converts the events of a session to messages.
pub(super) fn messages(events: impl IntoIterator<Item = ChatEvent>) -> Vec<Message> {
    let mut turns = Turns::default();
    for event in events {
        turns.event(event);
    }
    turns.end_turn(false);
    turns.messages
}

/// The two kinds of text that can come in fragments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Thinking,
}

/// A part of the message that is being read.
enum Draft {
    Part(Part),
    /// Fragments that no whole text has replaced yet.
    Fragments(Kind, Text),
    /// Fragments that a whole text has replaced.
    Replaced,
}

#[derive(Default)]
struct Turns {
    messages: Vec<Message>,
    /// The parts of the current message of the assistant.
    drafts: Vec<Draft>,
    /// The places of fragments among the drafts, by kind.
    text_fragments: VecDeque<usize>,
    thinking_fragments: VecDeque<usize>,
    /// Whether a turn has begun. An event of an unknown kind between two turns begins none.
    is_open: bool,
}

impl Turns {
    fn event(&mut self, event: ChatEvent) {
        match event {
            ChatEvent::UserInputEvent(event) => {
                self.end_turn(false);
                let part = match text_part(event, |event| event.content.take(), |event| &mut event.extra) {
                    Ok(text) => Part::Text(text),
                    Err(other) => Part::Other(other),
                };
                self.messages.push(Message::new(Role::User, vec![part]));
                self.is_open = true;
            }
            ChatEvent::TextEvent(event) => {
                match text_part(event, |event| event.content.take(), |event| &mut event.extra) {
                    Ok(text) => self.whole(Kind::Text, text),
                    Err(other) => self.part(Part::Other(other)),
                }
            }
            ChatEvent::ThinkingEvent(event) => {
                match text_part(event, |event| event.content.take(), |event| &mut event.extra) {
                    Ok(text) => self.whole(Kind::Thinking, text),
                    Err(other) => self.part(Part::Other(other)),
                }
            }
            ChatEvent::TextDeltaEvent(event) => {
                match text_part(event, |event| event.content.take(), |event| &mut event.extra) {
                    Ok(text) => self.fragment(Kind::Text, text),
                    Err(other) => self.part(Part::Other(other)),
                }
            }
            ChatEvent::ThinkingDeltaEvent(event) => {
                match text_part(event, |event| event.content.take(), |event| &mut event.extra) {
                    Ok(text) => self.fragment(Kind::Thinking, text),
                    Err(other) => self.part(Part::Other(other)),
                }
            }
            ChatEvent::ToolCallEvent(event) => self.part(Part::ToolCall(tool_call(event))),
            ChatEvent::ToolResultEvent(event) => {
                let (result, attachment) = tool_result(event);
                self.part(Part::ToolResult(result));
                if let Some(attachment) = attachment {
                    self.part(Part::Attachment(attachment));
                }
            }
            ChatEvent::StopEvent(event) => {
                self.part(Part::End(end(event)));
                self.end_turn(true);
            }
            ChatEvent::Other(value) => {
                let kind = value.get("type").and_then(Value::as_str).map(str::to_owned);
                self.drafts.push(Draft::Part(Part::Other(Other { kind, value })));
            }
        }
    }

    fn part(&mut self, part: Part) {
        self.is_open = true;
        self.drafts.push(Draft::Part(part));
    }

    fn fragments(&mut self, kind: Kind) -> &mut VecDeque<usize> {
        match kind {
            Kind::Text => &mut self.text_fragments,
            Kind::Thinking => &mut self.thinking_fragments,
        }
    }

    /// Adds a fragment to those directly before it. Fragments of both kinds may alternate.
    fn fragment(&mut self, kind: Kind, fragment: Text) {
        self.is_open = true;
        let last = self.fragments(kind).back().copied();
        let is_adjacent = |index: &usize| {
            let after = self.drafts.get(*index..).unwrap_or_default();
            // The fragments of the other kind since then are one draft.
            after.len() <= 2 && after.iter().all(|draft| matches!(draft, Draft::Fragments(..)))
        };
        if let Some(index) = last.filter(is_adjacent)
            && let Some(Draft::Fragments(_, text)) = self.drafts.get_mut(index)
        {
            text.text.push_str(&fragment.text);
            if !fragment.extra.is_empty() {
                text.extra.extend(fragment.extra);
            }
            return;
        }
        let index = self.drafts.len();
        self.drafts.push(Draft::Fragments(kind, fragment));
        self.fragments(kind).push_back(index);
    }

    /// Adds a whole text, which replaces the fragments that it repeats: all of the turn so far, or the
    /// last ones.
    fn whole(&mut self, kind: Kind, mut whole: Text) {
        let mut rest = None;
        for (index, bytes) in self.take_repeated(kind, &whole.text) {
            let Some(draft) = self.drafts.get_mut(index) else {
                continue;
            };
            if let Draft::Fragments(_, mut fragments) = std::mem::replace(draft, Draft::Replaced) {
                for (name, value) in std::mem::take(&mut fragments.extra) {
                    whole.extra.entry(name).or_insert(value);
                }
                fragments.text.drain(..bytes);
                rest = Some(fragments).filter(|fragments| !fragments.text.trim().is_empty());
            }
        }
        self.part(match kind {
            Kind::Text => Part::Text(whole),
            Kind::Thinking => Part::Thinking(thinking(whole)),
        });
        // What the whole text does not repeat continues it.
        if let Some(rest) = rest {
            self.fragment(kind, rest);
        }
    }

    /// Takes the fragments that a whole text repeats out of the list of fragments, with the number of
    /// bytes that it repeats of each: all fragments so far, or the last ones. White space around a
    /// text does not count.
    fn take_repeated(&mut self, kind: Kind, whole: &str) -> Vec<(usize, usize)> {
        let places = match kind {
            Kind::Text => &mut self.text_fragments,
            Kind::Thinking => &mut self.thinking_fragments,
        };
        if let Some(repeated) = repeated(&self.drafts, places.iter().copied(), whole) {
            places.drain(..repeated.len());
            return repeated;
        }
        match repeated(&self.drafts, places.back().copied().into_iter(), whole) {
            Some(repeated) => {
                places.pop_back();
                repeated
            }
            None => Vec::new(),
        }
    }

    /// Ends the current turn.
    fn end_turn(&mut self, has_end: bool) {
        self.text_fragments.clear();
        self.thinking_fragments.clear();
        // The next turn uses the same room for its drafts.
        let mut parts = Vec::with_capacity(self.drafts.len());
        parts.extend(self.drafts.drain(..).filter_map(finished));
        let is_open = std::mem::take(&mut self.is_open);
        if !parts.is_empty() {
            let mut message = Message::new(Role::Assistant, parts);
            message.incomplete = is_open && !has_end;
            self.messages.push(message);
        } else if is_open && let Some(last) = self.messages.last_mut() {
            last.incomplete = true;
        }
    }
}

/// Returns the first of these fragments that a whole text repeats, and how many bytes of each; `None` if
/// it does not repeat the first one.
fn repeated(drafts: &[Draft], places: impl Iterator<Item = usize>, whole: &str) -> Option<Vec<(usize, usize)>> {
    let mut rest = whole.trim();
    let mut repeated = Vec::new();
    if rest.is_empty() {
        return None;
    }
    for place in places {
        let Some(Draft::Fragments(_, fragments)) = drafts.get(place) else {
            continue;
        };
        if rest.is_empty() && !repeated.is_empty() {
            break;
        }
        let fragment = fragments.text.trim();
        if let Some(after) = rest.strip_prefix(fragment) {
            repeated.push((place, fragments.text.len()));
            rest = after.trim_start();
        } else if fragment.starts_with(rest) {
            let before = fragments.text.len() - fragments.text.trim_start().len();
            repeated.push((place, before + rest.len()));
            rest = "";
        } else {
            return None;
        }
    }
    (!repeated.is_empty()).then_some(repeated)
}

fn finished(draft: Draft) -> Option<Part> {
    match draft {
        Draft::Part(part) => Some(part),
        Draft::Fragments(Kind::Text, text) => Some(Part::Text(text)),
        Draft::Fragments(Kind::Thinking, text) => Some(Part::Thinking(thinking(text))),
        Draft::Replaced => None,
    }
}

fn thinking(text: Text) -> Thinking {
    Thinking {
        title: None,
        text: text.text,
        references: Vec::new(),
        extra: text.extra,
    }
}

/// Takes the text and the unknown fields of an event. An event whose `content` is not a text is kept
/// as it came.
fn text_part<E: MappedFields + Serialize>(
    mut event: E,
    content: impl FnOnce(&mut E) -> Option<String>,
    extra: impl FnOnce(&mut E) -> &mut Map<String, Value>,
) -> Result<Text, Other> {
    let unmapped = unmapped_fields(&event);
    match content(&mut event) {
        Some(text) => {
            let mut extra = std::mem::take(extra(&mut event));
            keep_fields(&mut extra, unmapped);
            Ok(Text { text, extra })
        }
        None => Err(as_it_came(&event)),
    }
}

/// Returns an event as it came, because it has not what its kind needs.
fn as_it_came(event: &impl Serialize) -> Other {
    let value = serde_json::to_value(event).unwrap_or_default();
    let kind = value.get("type").and_then(Value::as_str).map(str::to_owned);
    Other { kind, value }
}

fn tool_call(event: types::ToolCallEvent) -> ToolCall {
    let unmapped = unmapped_fields(&event);
    let types::ToolCallEvent {
        call_id,
        name,
        arguments,
        mut extra,
        ..
    } = event;
    keep_fields(&mut extra, unmapped);
    ToolCall {
        call_id,
        name,
        arguments,
        extra,
    }
}

fn tool_result(event: types::ToolResultEvent) -> (ToolResult, Option<Attachment>) {
    let unmapped = unmapped_fields(&event);
    let types::ToolResultEvent {
        call_id,
        name,
        result,
        image_attachment,
        mut extra,
        ..
    } = event;
    keep_fields(&mut extra, unmapped);
    let attachment = image_attachment.map(|image| {
        let unmapped = unmapped_fields(&image);
        let types::ImageAttachment {
            attachment_name,
            source_id,
            mut extra,
        } = image;
        keep_fields(&mut extra, unmapped);
        Attachment {
            call_id: call_id.clone(),
            name: attachment_name,
            source_id,
            extra,
        }
    });
    let result = ToolResult {
        call_id,
        name,
        result: result.unwrap_or_default(),
        extra,
    };
    (result, attachment)
}

fn end(event: types::StopEvent) -> End {
    let unmapped = unmapped_fields(&event);
    let types::StopEvent {
        is_error,
        error,
        usage,
        skipped_index_ids,
        mut extra,
        ..
    } = event;
    keep_fields(&mut extra, unmapped);
    let resources = |ids: Vec<String>| ids.into_iter().map(|id| Resource::new("index", id)).collect();
    End {
        is_error,
        error,
        usage: usage.map(normalise_usage),
        skipped_resources: skipped_index_ids.map(resources),
        extra,
    }
}

fn normalise_usage(usage: types::TurnUsage) -> Usage {
    let unmapped = unmapped_fields(&usage);
    let types::TurnUsage {
        duration_ms,
        total_input_tokens,
        total_output_tokens,
        turns,
        mut extra,
    } = usage;
    keep_fields(&mut extra, unmapped);
    Usage {
        duration_ms,
        input_tokens: count("total_input_tokens", total_input_tokens, &mut extra),
        output_tokens: count("total_output_tokens", total_output_tokens, &mut extra),
        turns: count("turns", turns, &mut extra),
        extra,
    }
}
