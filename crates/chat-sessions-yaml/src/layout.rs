//! Locates the nodes of a text: the range of every value and key, and its style.
//!
//! A [`Location`](crate::Location) is only where a node starts, for people. Editing needs its end
//! too.

use std::collections::BTreeMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, Span, StrInput};

use crate::pointer::Pointer;

/// A node of the text; positions are in bytes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TextNode {
    /// The key, for a member.
    pub name: Option<Range<usize>>,
    /// The value; for a block from its first to its last character.
    pub value: Range<usize>,
    /// The style of the value.
    pub form: Form,
    /// The children of a mapping or list, in order.
    pub children: Vec<Pointer>,
}

/// The style of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Neither a mapping nor a list.
    Scalar,
    /// On lines of its own.
    Block,
    /// In braces or brackets.
    Flow,
}

/// Locates the nodes of a document without aliases, whose keys are strings; `None` for any other.
#[must_use]
pub fn layout(text: &str) -> Option<BTreeMap<Pointer, TextNode>> {
    let mut offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    offsets.push(text.len());
    let mut reader = Reader {
        text,
        events: Parser::new_from_str(text),
        offsets,
        parts: BTreeMap::new(),
    };
    loop {
        match reader.next()? {
            (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
            (event, range) => {
                reader.node(&event, range, Pointer::root(), None)?;
                return Some(reader.parts);
            }
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    events: Parser<'t, StrInput<'t>>,
    /// The byte offset of each character.
    offsets: Vec<usize>,
    parts: BTreeMap<Pointer, TextNode>,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<(Event<'t>, Range<usize>)> {
        let (event, span): (Event<'t>, Span) = self.events.next_event()?.ok()?;
        let offset = |index: usize| self.offsets.get(index).copied();
        Some((event, offset(span.start.index())?..offset(span.end.index())?))
    }

    /// Reads one value, and returns its end.
    fn node(
        &mut self,
        event: &Event<'t>,
        range: Range<usize>,
        at: Pointer,
        name: Option<Range<usize>>,
    ) -> Option<usize> {
        let is_flow = self.text[range.start..].starts_with(['{', '[']);
        let mut children = Vec::new();
        let (form, end) = match event {
            Event::Scalar(..) => {
                // A block scalar ends where the next node starts; empty lines between are not part
                // of it.
                let written = self.text[range.clone()].trim_end().len();
                (Form::Scalar, range.start + written)
            }
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                let is_mapping = matches!(event, Event::MappingStart(..));
                let mut end = range.start;
                loop {
                    let (event, inner) = self.next()?;
                    if matches!(event, Event::MappingEnd | Event::SequenceEnd) {
                        if is_flow {
                            end = closed(self.text, end.max(range.start + 1))?;
                        }
                        break;
                    }
                    let child = if is_mapping {
                        let Event::Scalar(name, ..) = &event else { return None };
                        at.child(name)
                    } else {
                        at.child(children.len())
                    };
                    children.push(child.clone());
                    end = if is_mapping {
                        let (event, value) = self.next()?;
                        self.node(&event, value, child, Some(inner))?
                    } else {
                        self.node(&event, inner, child, None)?
                    };
                }
                (if is_flow { Form::Flow } else { Form::Block }, end)
            }
            _ => return None,
        };
        let value = range.start..end.max(range.start);
        self.parts.insert(
            at,
            TextNode {
                name,
                value,
                form,
                children,
            },
        );
        Some(end)
    }
}

/// The position after the bracket that closes a list or mapping whose last child ends at `from`.
/// The parser's own end position can be later.
fn closed(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = text.get(at..)?;
        let next = rest.chars().next()?;
        at += match next {
            ']' | '}' => return Some(at + 1),
            '#' => rest.find('\n').unwrap_or(rest.len()),
            ',' | ':' => 1,
            blank if blank.is_whitespace() => blank.len_utf8(),
            _ => return None,
        };
    }
}
