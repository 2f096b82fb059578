//! Parses YAML into a `serde_json::Value` and a map from JSON pointers to source locations.
//!
//! It reads on after everything but a syntax error, so that one bad line hides no other. `scalar`
//! decides what a plain scalar means.

use std::collections::{BTreeMap, HashMap};

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag};
use serde_json::{Map, Value};

use crate::location::Location;
use crate::pointer::Pointer;
use crate::scalar::{self, Problem};
use crate::surrogates::{SAVED_CHARACTERS, join_surrogates};

/// The limit on nesting, so that nothing that walks the tree can overflow the stack.
const MAX_DEPTH: usize = 64;

/// The limit on the nodes that all aliases together repeat, so that a few lines cannot fill the
/// memory.
const MAX_REPEATED: usize = 100_000;

/// The tags that OpenAPI allows, which say no more than the notation of a value does.
const JSON_TAGS: [&str; 7] = ["bool", "float", "int", "map", "null", "seq", "str"];

/// What is wrong with a text at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    /// The short, stable name of the violated rule, such as `yaml-ambiguous`.
    pub rule: &'static str,
    /// The place.
    pub location: Location,
    /// The node at this place, or the one around it.
    pub pointer: Pointer,
    /// What is wrong, without a capital letter and a full stop.
    pub message: String,
    /// What to do about it, as a sentence.
    pub remedy: &'static str,
}

/// What [`parse`] reads from a text.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Parsed {
    /// The document; `None` after a syntax error and for a text without a document, and then one of
    /// the errors says why.
    pub tree: Option<Value>,
    /// The location of every node: for a member that of its key, for an item its start.
    pub locations: BTreeMap<Pointer, Location>,
    /// What is wrong, in the order of the text.
    pub errors: Vec<Error>,
}

/// Parses one document.
///
/// A scalar without quotes has the type that YAML 1.2 gives it; one that YAML 1.1 reads as another
/// type is an error as well. Nodes deeper than 64 levels, and more than 100,000 nodes repeated by
/// aliases, are not read.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let (text, shortened) = join_surrogates(text, is_json);
    let mut reader = Reader {
        events: Parser::new_from_str(&text),
        is_json,
        shortened,
        last: Location { line: 1, column: 1 },
        anchors: HashMap::new(),
        repeated: 0,
        is_too_deep: false,
        locations: BTreeMap::new(),
        errors: Vec::new(),
    };
    Parsed {
        tree: reader.document().ok(),
        locations: reader.locations,
        errors: reader.errors,
    }
}

struct Reader<'t> {
    events: Parser<'t, StrInput<'t>>,
    /// Whether the text starts like JSON, in which numbers are not ambiguous.
    is_json: bool,
    /// Where a line became shorter by [`SAVED_CHARACTERS`].
    shortened: Vec<Location>,
    last: Location,
    /// The values that aliases repeat, by anchor.
    anchors: HashMap<usize, Anchored>,
    /// How many nodes aliases repeated so far.
    repeated: usize,
    is_too_deep: bool,
    locations: BTreeMap<Pointer, Location>,
    errors: Vec<Error>,
}

/// A value that aliases can repeat.
struct Anchored {
    value: Value,
    nodes: usize,
    depth: usize,
}

/// Parsing stopped; the reason is among the errors.
struct Stopped;

impl<'t> Reader<'t> {
    fn document(&mut self) -> Result<Value, Stopped> {
        let root = Pointer::root();
        loop {
            match self.next(&root)? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
                (Event::StreamEnd | Event::DocumentEnd, _) => {
                    self.error(
                        "yaml-empty",
                        &root,
                        "the file contains no document",
                        "Write one OpenAPI document.",
                    );
                    return Err(Stopped);
                }
                (event, _) => {
                    self.locations.insert(root.clone(), self.last);
                    let tree = self.node(event, &root, 0)?;
                    self.end(&root)?;
                    return Ok(tree);
                }
            }
        }
    }

    /// Reads to the end of the stream; another document would be an error.
    fn end(&mut self, root: &Pointer) -> Result<(), Stopped> {
        loop {
            match self.next(root)? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentStart(_), _) => {
                    self.error(
                        "yaml-documents",
                        root,
                        "a second document starts here",
                        "Keep one document in the file.",
                    );
                    return Ok(());
                }
                _ => {}
            }
        }
    }

    fn next(&mut self, at: &Pointer) -> Result<(Event<'t>, Span), Stopped> {
        match self.events.next_event() {
            Some(Ok((event, span))) => {
                self.last = self.location(span.start.line(), span.start.col());
                Ok((event, span))
            }
            Some(Err(error)) => {
                self.last = self.location(error.marker().line(), error.marker().col());
                let message = format!("this is not YAML: {}", error.info());
                self.error("yaml-syntax", at, &message, "Correct the syntax at this place.");
                Err(Stopped)
            }
            None => {
                self.error("yaml-syntax", at, "the text ends too early", "Complete the document.");
                Err(Stopped)
            }
        }
    }

    /// The location in the original text.
    fn location(&self, line: usize, col: usize) -> Location {
        let (line, column) = (line.max(1), col + 1);
        let before = self
            .shortened
            .partition_point(|shortened| *shortened < Location { line, column });
        let on_this_line = self.shortened[..before]
            .iter()
            .rev()
            .take_while(|shortened| shortened.line == line);
        let column = column + SAVED_CHARACTERS * on_this_line.count();
        Location { line, column }
    }

    fn error(&mut self, rule: &'static str, pointer: &Pointer, message: &str, remedy: &'static str) {
        self.errors.push(Error {
            rule,
            location: self.last,
            pointer: pointer.clone(),
            message: message.to_owned(),
            remedy,
        });
    }

    fn problem(&mut self, at: &Pointer, problem: &Problem) {
        self.error(problem.rule, at, &problem.message, problem.remedy);
    }

    fn node(&mut self, event: Event<'t>, at: &Pointer, depth: usize) -> Result<Value, Stopped> {
        if depth > MAX_DEPTH {
            self.too_deep(at);
            self.skip(&event, at)?;
            return Ok(match event {
                Event::MappingStart(..) => Value::Object(Map::new()),
                Event::SequenceStart(..) => Value::Array(Vec::new()),
                _ => Value::Null,
            });
        }
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => (self.scalar(&text, style, tag.as_deref(), at), anchor),
            Event::SequenceStart(anchor, tag) => {
                self.tag(tag.as_deref(), at);
                (self.sequence(at, depth)?, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                self.tag(tag.as_deref(), at);
                (self.mapping(at, depth)?, anchor)
            }
            Event::Alias(anchor) => return Ok(self.alias(anchor, at, depth)),
            _ => {
                self.error("yaml-syntax", at, "a value is missing here", "Complete the document.");
                return Err(Stopped);
            }
        };
        // Zero means that there is no anchor.
        if anchor > 0 {
            let anchored = Anchored {
                nodes: nodes_in(&value),
                depth: depth_of(&value),
                value: value.clone(),
            };
            self.anchors.insert(anchor, anchored);
        }
        Ok(value)
    }

    fn too_deep(&mut self, at: &Pointer) {
        if !std::mem::replace(&mut self.is_too_deep, true) {
            self.error(
                "yaml-depth",
                at,
                "the document is nested deeper than 64 levels; what is deeper is not read",
                "Move inner schemas to #/components/schemas and reference them.",
            );
        }
    }

    /// Reads past a node that starts with an event.
    fn skip(&mut self, event: &Event<'t>, at: &Pointer) -> Result<(), Stopped> {
        let step = |event: &Event<'t>| match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => 1,
            Event::SequenceEnd | Event::MappingEnd => -1,
            _ => 0,
        };
        let mut open: i64 = step(event);
        while open > 0 {
            let (event, _) = self.next(at)?;
            open += step(&event);
        }
        Ok(())
    }

    /// Repeats the value of an anchor, unless that would make the document too deep or too large.
    fn alias(&mut self, anchor: usize, at: &Pointer, depth: usize) -> Value {
        self.error(
            "yaml-alias",
            at,
            "YAML aliases are not supported",
            "Use a $ref, or repeat the value.",
        );
        // Inside its own anchor an alias has no value yet.
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Value::Null;
        };
        if depth + anchored.depth > MAX_DEPTH {
            self.too_deep(at);
            return Value::Null;
        }
        self.repeated += anchored.nodes;
        if self.repeated > MAX_REPEATED {
            self.error(
                "yaml-depth",
                at,
                "the aliases repeat more than 100000 nodes; this one is not read",
                "Use a $ref.",
            );
            return Value::Null;
        }
        self.anchors
            .get(&anchor)
            .map_or(Value::Null, |anchored| anchored.value.clone())
    }

    fn sequence(&mut self, at: &Pointer, depth: usize) -> Result<Value, Stopped> {
        let mut items = Vec::new();
        loop {
            let (event, _) = self.next(at)?;
            if event == Event::SequenceEnd {
                return Ok(Value::Array(items));
            }
            let at = at.child(items.len());
            self.locations.insert(at.clone(), self.last);
            items.push(self.node(event, &at, depth + 1)?);
        }
    }

    fn mapping(&mut self, at: &Pointer, depth: usize) -> Result<Value, Stopped> {
        let mut members = Map::new();
        let mut merged = Vec::new();
        loop {
            let (event, _) = self.next(at)?;
            let (name, is_plain) = match event {
                Event::MappingEnd => break,
                Event::Scalar(name, style, ..) => (name.into_owned(), style == ScalarStyle::Plain),
                event => {
                    self.error(
                        "yaml-key",
                        at,
                        "the key of this member is not a string",
                        "Use a plain or quoted string as the key.",
                    );
                    self.skip(&event, at)?;
                    let (value, _) = self.next(at)?;
                    self.skip(&value, at)?;
                    continue;
                }
            };
            let at = at.child(&name);
            let location = self.last;
            let is_merge = is_plain && name == "<<";
            if is_merge {
                self.error(
                    "yaml-merge",
                    &at,
                    "YAML merge keys are not supported",
                    "Repeat the members; OpenAPI readers disagree about merge keys.",
                );
            } else if is_plain && let Some(problem) = scalar::ambiguous_key(&name) {
                self.problem(&at, &problem);
            }
            if members.contains_key(&name) {
                let message = format!("the key `{name}` occurs twice");
                self.error("yaml-duplicate", &at, &message, "Keep one of them.");
            }
            self.locations.insert(at.clone(), location);
            let (event, _) = self.next(&at)?;
            let value = self.node(event, &at, depth + 1)?;
            match value {
                Value::Array(values) if is_merge => merged.extend(values),
                value if is_merge => merged.push(value),
                value => {
                    members.insert(name, value);
                }
            }
        }
        for (name, value) in merged.into_iter().filter_map(into_object).flatten() {
            members.entry(name).or_insert(value);
        }
        Ok(Value::Object(members))
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, at: &Pointer) -> Value {
        let is_text = self.tag(tag, at);
        if style != ScalarStyle::Plain || is_text {
            return Value::String(text.to_owned());
        }
        let (value, problem) = scalar::plain(text, self.is_json);
        if let Some(problem) = problem {
            self.problem(at, &problem);
        }
        value
    }

    /// Reports a tag, and returns whether it makes a scalar a string.
    fn tag(&mut self, tag: Option<&Tag>, at: &Pointer) -> bool {
        let Some(tag) = tag else { return false };
        let is_json = tag.is_yaml_core_schema() && JSON_TAGS.contains(&tag.suffix.as_str());
        let (rule, message) = match is_json {
            true => ("yaml-type-tag", "YAML tags are not supported"),
            false => ("yaml-tag", "OpenAPI allows no YAML tag that JSON has no type for"),
        };
        let remedy = "Remove the tag, and quote the value instead.";
        self.error(rule, at, message, remedy);
        !is_json || tag.suffix == "str"
    }
}

fn into_object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

fn nodes_in(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(nodes_in).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(nodes_in).sum::<usize>(),
        _ => 1,
    }
}

fn depth_of(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth_of).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth_of).max().unwrap_or_default(),
        _ => 0,
    }
}
