//! Parses YAML into a `serde_json::Value` and a map from JSON pointers to source locations.
//!
//! Scalars follow the core schema of YAML 1.2. Where other parsers differ, this one reports an
//! error instead of guessing: `no` and `on` are booleans in YAML 1.1, and `0000` is a number to
//! some parsers and a string to others.

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use serde_json::{Map, Number, Value};

use super::finding::Location;
use super::pointer::Pointer;

/// The limit on nesting, so that nothing that walks the tree can overflow the stack.
const MAX_DEPTH: usize = 64;

/// One error in the text.
pub(crate) struct YamlError {
    pub(crate) rule: &'static str,
    pub(crate) location: Location,
    pub(crate) pointer: Pointer,
    pub(crate) message: String,
    pub(crate) remedy: &'static str,
}

/// The tree of a text, the locations of its nodes (for a member that of its key), and its errors.
pub(crate) struct Parsed {
    pub(crate) tree: Value,
    pub(crate) locations: BTreeMap<Pointer, Location>,
    pub(crate) errors: Vec<YamlError>,
}

/// Parses one document.
pub(crate) fn parse(text: &str) -> Parsed {
    let (text, shortened) = join_surrogates(text);
    let mut reader = Reader {
        events: Parser::new_from_str(&text),
        shortened,
        last: Location { line: 1, column: 1 },
        locations: BTreeMap::new(),
        errors: Vec::new(),
    };
    let tree = reader.document().unwrap_or(Value::Null);
    Parsed {
        tree,
        locations: reader.locations,
        errors: reader.errors,
    }
}

struct Reader<'t> {
    events: Parser<'t, StrInput<'t>>,
    /// Where a line became shorter by [`SAVED_CHARACTERS`].
    shortened: Vec<Location>,
    last: Location,
    locations: BTreeMap<Pointer, Location>,
    errors: Vec<YamlError>,
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
                    return Err(Stopped);
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
        self.errors.push(YamlError {
            rule,
            location: self.last,
            pointer: pointer.clone(),
            message: message.to_owned(),
            remedy,
        });
    }

    fn node(&mut self, event: Event<'t>, at: &Pointer, depth: usize) -> Result<Value, Stopped> {
        if depth > MAX_DEPTH {
            self.error(
                "yaml-depth",
                at,
                "the document is nested deeper than 64 levels",
                "Move inner schemas to #/components/schemas and reference them.",
            );
            return Err(Stopped);
        }
        match event {
            Event::Scalar(text, style, _, tag) => {
                if tag.is_some() {
                    self.error(
                        "yaml-tag",
                        at,
                        "YAML tags are not supported",
                        "Remove the tag, and quote the value instead.",
                    );
                }
                Ok(self.scalar(&text, style, at))
            }
            Event::SequenceStart(..) => self.sequence(at, depth),
            Event::MappingStart(..) => self.mapping(at, depth),
            Event::Alias(_) => {
                self.error(
                    "yaml-alias",
                    at,
                    "YAML aliases are not supported",
                    "Use a $ref, or repeat the value.",
                );
                Ok(Value::Null)
            }
            _ => {
                self.error("yaml-syntax", at, "a value is missing here", "Complete the document.");
                Err(Stopped)
            }
        }
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
        loop {
            let (event, _) = self.next(at)?;
            let (name, plain) = match event {
                Event::MappingEnd => return Ok(Value::Object(members)),
                Event::Scalar(name, style, ..) => (name.into_owned(), style == ScalarStyle::Plain),
                _ => {
                    self.error(
                        "yaml-key",
                        at,
                        "the key of this member is not a string",
                        "Use a plain or quoted string as the key.",
                    );
                    return Err(Stopped);
                }
            };
            let at = at.child(&name);
            let location = self.last;
            if plain && name == "<<" {
                self.error(
                    "yaml-merge",
                    &at,
                    "YAML merge keys are not supported",
                    "Repeat the members; OpenAPI readers disagree about merge keys.",
                );
            }
            if plain && is_yaml_1_1_boolean(&name) {
                let message = format!("the key `{name}` is a boolean in YAML 1.1");
                self.error("yaml-ambiguous", &at, &message, "Quote the key.");
            }
            if members.contains_key(&name) {
                let message = format!("the key `{name}` occurs twice");
                self.error("yaml-duplicate", &at, &message, "Keep one of them.");
            }
            self.locations.insert(at.clone(), location);
            let (event, _) = self.next(&at)?;
            let value = self.node(event, &at, depth + 1)?;
            members.insert(name, value);
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, at: &Pointer) -> Value {
        if style != ScalarStyle::Plain {
            return Value::String(text.to_owned());
        }
        match text {
            "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
            "true" | "True" | "TRUE" => return Value::Bool(true),
            "false" | "False" | "FALSE" => return Value::Bool(false),
            _ => {}
        }
        if is_yaml_1_1_boolean(text) {
            let message = format!("`{text}` is a boolean in YAML 1.1 and a string in YAML 1.2");
            self.error("yaml-ambiguous", at, &message, "Quote it, or write true or false.");
        }
        let digits = text.trim_start_matches(['-', '+']);
        let numeric = digits.starts_with(|c: char| c.is_ascii_digit())
            || digits
                .strip_prefix('.')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let leading_zero = digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
        let prefixed = (digits.starts_with("0x") || digits.starts_with("0o"))
            && digits[2..].bytes().all(|b| b.is_ascii_hexdigit());
        if leading_zero || (prefixed && digits.len() > 2) {
            let message = format!("YAML parsers disagree about `{text}`: a string, or different numbers");
            self.error(
                "yaml-ambiguous",
                at,
                &message,
                "Quote it if it is a string; write it in decimal if it is a number.",
            );
            return Value::String(text.to_owned());
        }
        if matches!(digits.to_ascii_lowercase().as_str(), ".inf" | ".nan") {
            self.error("yaml-number", at, "JSON has no such number", "Remove it, or quote it.");
            return Value::Null;
        }
        if !numeric {
            return Value::String(text.to_owned());
        }
        let unsigned = text.strip_prefix('+').unwrap_or(text);
        if let Ok(integer) = unsigned.parse::<i64>() {
            return Value::Number(integer.into());
        }
        if let Ok(integer) = unsigned.parse::<u64>() {
            return Value::Number(integer.into());
        }
        if digits.bytes().all(|b| b.is_ascii_digit()) {
            self.error(
                "yaml-number",
                at,
                "the integer needs more than 64 bits",
                "Quote it if it is a string.",
            );
            return Value::String(text.to_owned());
        }
        // Rust accepts more than the core schema only in words such as `inf`, which start with a
        // letter.
        match unsigned.parse::<f64>().ok().and_then(Number::from_f64) {
            Some(number) => Value::Number(number),
            None => Value::String(text.to_owned()),
        }
    }
}

/// How much shorter the YAML escape of a character is than its two JSON escapes.
const SAVED_CHARACTERS: usize = r"\ud83d\ude00".len() - r"\U0001f600".len();

/// JSON escapes a character above U+FFFF as a surrogate pair, which YAML does not have. In a text
/// that is JSON, this joins each pair into one YAML escape. It returns the new text and where a
/// line became shorter.
fn join_surrogates(text: &str) -> (Cow<'_, str>, Vec<Location>) {
    let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    if !is_json || !text.contains("\\ud") && !text.contains("\\uD") {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut joined = String::with_capacity(text.len());
    let mut shortened = Vec::new();
    let mut location = Location { line: 1, column: 1 };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        // A backslash consumes the next character, so the second of two starts no escape.
        let length = match first {
            '\\' => first.len_utf8() + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => first.len_utf8(),
        };
        let (taken, after) = rest.split_at(length);
        if let Some((character, after)) = pair(rest) {
            let escape = format!("\\U{:08x}", u32::from(character));
            location.column += escape.len();
            shortened.push(location);
            joined.push_str(&escape);
            rest = after;
            continue;
        }
        joined.push_str(taken);
        rest = after;
        if first == '\n' {
            location = Location {
                line: location.line + 1,
                column: 1,
            };
        } else {
            location.column += taken.chars().count();
        }
    }
    (Cow::Owned(joined), shortened)
}

/// The character of the surrogate pair at the start of a text, and the rest of the text.
fn pair(text: &str) -> Option<(char, &str)> {
    let half = |text: &str| u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok();
    let (high, low) = (half(text)?, half(text.get(6..)?)?);
    let character = char::decode_utf16([high, low]).next()?.ok()?;
    // Two escapes that are not surrogates are two characters, and stay.
    (character.len_utf16() == 2).then_some((character, text.get(12..)?))
}

/// Whether a word is a boolean in YAML 1.1 and a string in YAML 1.2. `y` and `n` are omitted, since
/// hardly any parser treats them as booleans.
fn is_yaml_1_1_boolean(text: &str) -> bool {
    ["yes", "no", "on", "off"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}
