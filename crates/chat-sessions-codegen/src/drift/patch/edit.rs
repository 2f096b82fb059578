//! Small edits to the text of a spec that keep everything else: order, comments, line endings, and
//! block or flow style.
//!
//! Every edit is defined on the document and on the text. The new text is parsed again, and
//! discarded unless it is exactly the intended document. So no edit can damage a spec, whatever its
//! style.

use std::collections::BTreeMap;
use std::ops::Range;

use chat_sessions_yaml::{Form, TextNode, layout};
use serde_json::Value;

use super::yaml_node::{Quotes, YamlNode, item_in_lines, member_in_flow, member_in_lines};
use crate::spec::{Pointer, Spec};

/// One edit.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// Inserts a member into the mapping at a pointer: after the named member if it exists, and at
    /// the end otherwise.
    Insert {
        at: Pointer,
        name: String,
        node: YamlNode,
        after: Option<String>,
    },
    /// Appends an item to the list at a pointer.
    Append { at: Pointer, node: YamlNode },
    /// Removes the member or item at a pointer.
    Remove { at: Pointer },
    /// Replaces a value, written on one line.
    Replace { at: Pointer, node: YamlNode },
}

/// Applies one edit; `None` when the style of the text does not allow it.
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
                let last = at.name();
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
        let spec_text = SpecText::read(text)?;
        match self {
            Self::Insert { at, name, node, after } => spec_text.insert(at, name, node, after.as_deref()),
            Self::Append { at, node } => spec_text.append(at, node),
            Self::Remove { at } => spec_text.remove(at),
            Self::Replace { at, node } => {
                let part = spec_text.parts.get(at)?;
                (part.form != Form::Block).then(|| spec_text.splice(part.value.clone(), &node.flow(spec_text.quotes)))
            }
        }
    }
}

/// A text and the positions of its nodes.
struct SpecText<'t> {
    text: &'t str,
    parts: BTreeMap<Pointer, TextNode>,
    newline: &'static str,
    quotes: Quotes,
}

impl<'t> SpecText<'t> {
    fn read(text: &'t str) -> Option<Self> {
        Some(Self {
            text,
            parts: layout(text)?,
            newline: if text.contains("\r\n") { "\r\n" } else { "\n" },
            quotes: if text.trim_start().starts_with('{') {
                Quotes::All
            } else {
                Quotes::Needed
            },
        })
    }

    fn insert(&self, at: &Pointer, name: &str, node: &YamlNode, after: Option<&str>) -> Option<String> {
        let mapping = self.parts.get(at)?;
        let after = after
            .map(|name| at.child(name))
            .filter(|after| self.parts.contains_key(after));
        let previous = after.as_ref().or(mapping.children.last());
        if mapping.form == Form::Flow {
            return self.insert_in_flow(mapping, previous, &member_in_flow(name, node, self.quotes));
        }
        let previous = self.parts.get(previous?)?;
        let column = self.column(previous.name.as_ref()?.start);
        let lines = match node {
            YamlNode::Map(_) if self.is_braces(previous) => member_in_flow(name, node, self.quotes),
            _ => member_in_lines(name, node, column, self.newline),
        };
        self.insert_line(previous, column, &lines)
    }

    fn append(&self, at: &Pointer, node: &YamlNode) -> Option<String> {
        let list = self.parts.get(at)?;
        let last = list.children.last();
        if list.form == Form::Flow {
            return self.insert_in_flow(list, last, &node.flow(self.quotes));
        }
        let last = self.parts.get(last?)?;
        let dash = self.dash(last.value.start)?;
        let column = self.column(dash);
        let lines = if self.is_braces(last) {
            format!("- {}", node.flow(self.quotes))
        } else {
            item_in_lines(node, column, self.newline)
        };
        self.insert_line(last, column, &lines)
    }

    /// Whether a node is a mapping in braces; its neighbours should be too.
    fn is_braces(&self, part: &TextNode) -> bool {
        part.form == Form::Flow && self.text[part.value.start..].starts_with('{')
    }

    /// Inserts a line below a node, and below anything else on the node's last line.
    fn insert_line(&self, previous: &TextNode, column: usize, lines: &str) -> Option<String> {
        let end = self.line_end(previous.value.end);
        if !is_blank_or_comment(&self.text[previous.value.end..end]) {
            return None;
        }
        let indent = " ".repeat(column);
        Some(self.splice(end..end, &format!("{}{indent}{lines}", self.newline)))
    }

    /// Inserts between braces: on the line of the previous node, or on a line of its own if that
    /// node has one.
    fn insert_in_flow(&self, around: &TextNode, previous: Option<&Pointer>, written: &str) -> Option<String> {
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
        let next = around.children.get(index + 1).map(start_of);
        let start = start_of(at)?;
        let mut kept = String::new();
        let range = if around.form == Form::Flow {
            match (next, index) {
                (Some(next), _) => start..next?,
                (None, 0) => start..part.value.end,
                (None, _) => self.parts.get(around.children.get(index - 1)?)?.value.end..part.value.end,
            }
        } else {
            // An empty block would be null.
            if around.children.len() < 2 {
                return None;
            }
            let start = if part.name.is_some() { start } else { self.dash(start)? };
            let line = self.line_start(start);
            if self.text[line..start].trim().is_empty() {
                let end = self.line_end(part.value.end);
                let comment = self.text[part.value.end..end].trim();
                if comment.is_empty() {
                    line..self.next_line(end)
                } else {
                    // Keep a comment on the last line as a line of its own.
                    kept = comment.to_owned();
                    start..end
                }
            } else {
                // The first member of an item is on the line of the item's dash.
                start..next??
            }
        };
        let lost = &self.text[start..part.value.end];
        let has_comment = lost.contains(" #") || lost.lines().any(|line| line.starts_with('#'));
        (!has_comment && is_blank_or_comment(&kept)).then(|| self.splice(range.clone(), &kept))
    }

    fn splice(&self, range: Range<usize>, written: &str) -> String {
        format!("{}{written}{}", &self.text[..range.start], &self.text[range.end..])
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    /// The end of the line, excluding the line ending.
    fn line_end(&self, at: usize) -> usize {
        let end = self.text[at..].find('\n').map_or(self.text.len(), |length| at + length);
        if self.text[at..end].ends_with('\r') {
            end - 1
        } else {
            end
        }
    }

    /// The position after a line ending, or the end of the text.
    fn next_line(&self, end: usize) -> usize {
        let rest = &self.text[end..];
        end + if rest.starts_with("\r\n") { 2 } else { rest.len().min(1) }
    }

    fn column(&self, at: usize) -> usize {
        self.text[self.line_start(at)..at].chars().count()
    }

    /// The dash of an item that starts on the dash's line.
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

#[cfg(test)]
mod tests {
    use super::{Edit, apply};
    use crate::drift::patch::yaml_node::YamlNode;
    use crate::spec::{Pointer, Spec};

    fn at(pointer: &str) -> Pointer {
        Pointer::from_reference(&format!("#{pointer}")).unwrap()
    }

    fn new(pointer: &str, name: &str) -> Edit {
        Edit::Insert {
            at: at(pointer),
            name: name.to_owned(),
            node: YamlNode::text("new"),
            after: None,
        }
    }

    fn append(pointer: &str) -> Edit {
        Edit::Append {
            at: at(pointer),
            node: YamlNode::text("new"),
        }
    }

    fn remove(pointer: &str) -> Edit {
        Edit::Remove { at: at(pointer) }
    }

    fn replace(pointer: &str) -> Edit {
        Edit::Replace {
            at: at(pointer),
            node: YamlNode::text("new"),
        }
    }

    #[test]
    fn an_edit_changes_as_little_as_possible() {
        for (before, edit, after) in [
            (
                "a: 1 # one\n# two\nb:\n  c: 2\n",
                new("", "d"),
                Some("a: 1 # one\n# two\nb:\n  c: 2\nd: new\n"),
            ),
            (
                "a:\n  b: 1 # one\n\n# end\nc: 2\n",
                new("/a", "d"),
                Some("a:\n  b: 1 # one\n  d: new\n\n# end\nc: 2\n"),
            ),
            (
                "a:\n  b: >-\n    long\n    text\n\nc: 2\n",
                new("/a", "d"),
                Some("a:\n  b: >-\n    long\n    text\n  d: new\n\nc: 2\n"),
            ),
            ("a: {b: 1}", new("/a", "d"), Some("a: {b: 1, d: new}")),
            ("a: {b: 1,}", new("/a", "d"), Some("a: {b: 1, d: new,}")),
            ("a: {}", new("/a", "d"), Some("a: {d: new}")),
            (
                "a: {\n  b: 1\n}\n",
                new("/a", "d"),
                Some("a: {\n  b: 1,\n  d: new\n}\n"),
            ),
            (
                "{\n  \"a\": 1\n}\n",
                new("", "d"),
                Some("{\n  \"a\": 1,\n  \"d\": \"new\"\n}\n"),
            ),
            ("a:\r\n  b: 1\r\n", new("/a", "d"), Some("a:\r\n  b: 1\r\n  d: new\r\n")),
            ("ä:\n  ö: ü\n", new("/ä", "d"), Some("ä:\n  ö: ü\n  d: new\n")),
            ("a: 1", new("", "a"), None),
            ("a: 1", new("/a", "b"), None),
            ("a: [1]", append("/a"), Some("a: [1, new]")),
            ("a: []", append("/a"), Some("a: [new]")),
            ("a:\n- 1\nb: 2\n", append("/a"), Some("a:\n- 1\n- new\nb: 2\n")),
            (
                "a:\n  - b: 1\n    c: 2\n",
                append("/a"),
                Some("a:\n  - b: 1\n    c: 2\n  - new\n"),
            ),
            ("a: 1\nb: [2] # two\nc: 3\n", remove("/b"), Some("a: 1\n# two\nc: 3\n")),
            ("a: 1\nb:\n  # two\n  c: 2\n", remove("/b"), None),
            ("a: 1\nb: 2", remove("/b"), Some("a: 1\n")),
            ("- a: 1\n  b: 2\n", remove("/0/a"), Some("- b: 2\n")),
            ("a:\n  - 1\n  - 2\n", remove("/a/0"), Some("a:\n  - 2\n")),
            ("a:\n  b: 1\n", remove("/a/b"), None),
            ("a: {b: 1, c: 2}", remove("/a/b"), Some("a: {c: 2}")),
            ("a: {b: 1, c: 2}", remove("/a/c"), Some("a: {b: 1}")),
            ("a: {b: 1}", remove("/a/b"), Some("a: {}")),
            ("a: b # c\n", replace("/a"), Some("a: new # c\n")),
            ("a: [b]\n", replace("/a"), Some("a: new\n")),
            ("a:\n  b: 1\n", replace("/a"), None),
        ] {
            let spec = Spec::parse("a.yaml", before).unwrap();
            let written = apply(&spec, before, &edit).map(|(_, text)| text);
            assert_eq!(written.as_deref(), after, "{before:?} {edit:?}");
        }
    }
}
