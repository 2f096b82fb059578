//! Small changes to the text of a spec that leave everything else as it is: order, comments, line ends, braces or lines.
//!
//! Every change says what it means for the document as well as for its text. What was written is read again, and a text that
//! does not say exactly what was meant is thrown away; so nothing here can damage a spec, whatever its style.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;

use super::layout::{self, Form, Part};
use super::node::{Node, Quotes, item_in_lines, member_in_flow, member_in_lines};
use crate::pointer::Pointer;
use crate::spec::Spec;

/// One change.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// A new member of the mapping at a pointer, behind the named one if that is there, and at the end otherwise.
    Insert {
        at: Pointer,
        name: String,
        node: Node,
        behind: Option<String>,
    },
    /// A new item at the end of the list at a pointer.
    Append { at: Pointer, node: Node },
    /// The member or item at a pointer goes.
    Remove { at: Pointer },
    /// Another value, written on one line.
    Replace { at: Pointer, node: Node },
}

/// Makes one change; `None` when the text has a form in which it cannot be made.
pub(super) fn apply(spec: &Spec, text: &str, edit: &Edit) -> Option<(Spec, String)> {
    let mut meant = spec.tree().clone();
    edit.apply_to_tree(&mut meant)?;
    let written = edit.apply_to_text(text)?;
    let read = Spec::parse(spec.name(), &written).ok()?;
    (*read.tree() == meant).then_some((read, written))
}

impl Edit {
    fn apply_to_tree(&self, tree: &mut Value) -> Option<()> {
        match self {
            Self::Insert { at, name, node, .. } => {
                let members = tree.pointer_mut(at.as_str())?.as_object_mut()?;
                members.insert(name.clone(), node.value()).is_none().then_some(())
            }
            Self::Append { at, node } => {
                tree.pointer_mut(at.as_str())?.as_array_mut()?.push(node.value());
                Some(())
            }
            Self::Remove { at } => {
                let last = at.last();
                match tree.pointer_mut(at.parent()?.as_str())? {
                    Value::Object(members) => members.remove(&last).map(drop),
                    Value::Array(items) => {
                        let index: usize = last.parse().ok()?;
                        (index < items.len()).then(|| drop(items.remove(index)))
                    }
                    _ => None,
                }
            }
            Self::Replace { at, node } => {
                *tree.pointer_mut(at.as_str())? = node.value();
                Some(())
            }
        }
    }

    fn apply_to_text(&self, text: &str) -> Option<String> {
        let page = Page::read(text)?;
        match self {
            Self::Insert { at, name, node, behind } => page.insert(at, name, node, behind.as_deref()),
            Self::Append { at, node } => page.append(at, node),
            Self::Remove { at } => page.remove(at),
            Self::Replace { at, node } => {
                let part = page.parts.get(at)?;
                (part.form != Form::Block).then(|| page.splice(part.value.clone(), &node.flow(page.quotes)))
            }
        }
    }
}

/// A text and where its parts are.
struct Page<'t> {
    text: &'t str,
    parts: BTreeMap<Pointer, Part>,
    newline: &'static str,
    quotes: Quotes,
}

impl<'t> Page<'t> {
    fn read(text: &'t str) -> Option<Self> {
        Some(Self {
            text,
            parts: layout::read(text)?,
            newline: if text.contains("\r\n") { "\r\n" } else { "\n" },
            quotes: if text.trim_start().starts_with('{') {
                Quotes::All
            } else {
                Quotes::Needed
            },
        })
    }

    fn insert(&self, at: &Pointer, name: &str, node: &Node, behind: Option<&str>) -> Option<String> {
        let mapping = self.parts.get(at)?;
        let behind = behind
            .map(|name| at.child(name))
            .filter(|behind| self.parts.contains_key(behind));
        let previous = behind.as_ref().or(mapping.children.last());
        if mapping.form == Form::Flow {
            return self.insert_in_flow(mapping, previous, &member_in_flow(name, node, self.quotes));
        }
        let previous = self.parts.get(previous?)?;
        let column = self.column(previous.name.as_ref()?.start);
        let lines = member_in_lines(name, node, column, self.newline);
        self.insert_line(previous, column, &lines)
    }

    fn append(&self, at: &Pointer, node: &Node) -> Option<String> {
        let list = self.parts.get(at)?;
        let last = list.children.last();
        if list.form == Form::Flow {
            return self.insert_in_flow(list, last, &node.flow(self.quotes));
        }
        let last = self.parts.get(last?)?;
        let dash = self.dash(last.value.start)?;
        let column = self.column(dash);
        self.insert_line(last, column, &item_in_lines(node, column, self.newline))
    }

    /// A new line below a part, and below what else stands on its last line.
    fn insert_line(&self, previous: &Part, column: usize, lines: &str) -> Option<String> {
        let end = self.line_end(previous.value.end);
        if !is_blank_or_comment(&self.text[previous.value.end..end]) {
            return None;
        }
        let indent = " ".repeat(column);
        Some(self.splice(end..end, &format!("{}{indent}{lines}", self.newline)))
    }

    /// Between braces: on the line of the previous part, or on one of its own if that has one.
    fn insert_in_flow(&self, around: &Part, previous: Option<&Pointer>, written: &str) -> Option<String> {
        let Some(previous) = previous else {
            let inside = around.value.start + 1;
            return Some(self.splice(inside..inside, written));
        };
        let previous = self.parts.get(previous)?;
        let start = previous.name.as_ref().map_or(previous.value.start, |name| name.start);
        let before = &self.text[self.line_start(start)..start];
        let gap = if before.chars().all(|c| matches!(c, ' ' | '\t')) {
            format!("{}{before}", self.newline)
        } else {
            " ".to_owned()
        };
        let end = previous.value.end;
        Some(self.splice(end..end, &format!(",{gap}{written}")))
    }

    fn remove(&self, at: &Pointer) -> Option<String> {
        let part = self.parts.get(at)?;
        let around = self.parts.get(&at.parent()?)?;
        let index = around.children.iter().position(|child| child == at)?;
        let start_of = |at: &Pointer| {
            let part = self.parts.get(at)?;
            Some(part.name.as_ref().map_or(part.value.start, |name| name.start))
        };
        let next = around.children.get(index + 1).map(|next| start_of(next));
        let start = start_of(at)?;
        let range = if around.form == Form::Flow {
            match (next, index) {
                (Some(next), _) => start..next?,
                (None, 0) => start..part.value.end,
                (None, _) => self.parts.get(around.children.get(index - 1)?)?.value.end..part.value.end,
            }
        } else {
            // Without its last part a block would be nothing, which reads as null.
            if around.children.len() < 2 {
                return None;
            }
            let start = if part.name.is_some() { start } else { self.dash(start)? };
            let line = self.line_start(start);
            if self.text[line..start].trim().is_empty() {
                let end = self.line_end(part.value.end);
                let end = if self.text[end..].starts_with("\r\n") {
                    end + 2
                } else {
                    (end + 1).min(self.text.len())
                };
                line..end
            } else {
                // The first member of an item stands behind the dash of that item.
                start..next??
            }
        };
        let lost = &self.text[range.clone()];
        (!lost.contains(" #")).then(|| self.splice(range.clone(), ""))
    }

    fn splice(&self, range: Range<usize>, written: &str) -> String {
        format!("{}{written}{}", &self.text[..range.start], &self.text[range.end..])
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    /// The end of the line, without its line end.
    fn line_end(&self, at: usize) -> usize {
        let end = self.text[at..].find('\n').map_or(self.text.len(), |length| at + length);
        if self.text[at..end].ends_with('\r') {
            end - 1
        } else {
            end
        }
    }

    fn column(&self, at: usize) -> usize {
        self.text[self.line_start(at)..at].chars().count()
    }

    /// The dash before an item that begins on the dash's line.
    fn dash(&self, at: usize) -> Option<usize> {
        let line = self.line_start(at);
        let before = self.text[line..at].trim_end();
        before.ends_with('-').then(|| line + before.len() - 1)
    }
}

fn is_blank_or_comment(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with('#')
}
