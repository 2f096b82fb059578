//! Converts the messages of a Memories.ai session.

use memories_ai_client::types;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::model::{Message, Other, Part, Place, Reference, Resource, Role, Text, Thinking};
use crate::provider::field_map::{keep_fields, unmapped_fields};
use crate::provider::json::typed;

/// Converts a message. The thinkings come first, then the text, then what it refers to; the response
/// has them in separate lists, so that their order among each other is not known.
pub(super) fn message(raw: types::Message) -> Message {
    let unmapped = unmapped_fields(&raw);
    let types::Message {
        role,
        content,
        thinkings,
        refs,
        mut extra,
    } = raw;
    keep_fields(&mut extra, unmapped);
    let (thinkings, refs) = (thinkings.unwrap_or_default(), refs.unwrap_or_default());
    // Exactly, because most messages have one part, and a vector that grows has room for four.
    let mut parts = Vec::with_capacity(thinkings.len() + usize::from(content.is_some()) + refs.len());
    parts.extend(thinkings.into_iter().map(|raw| Part::Thinking(thinking(raw))));
    parts.extend(content.map(|text| Part::Text(Text::new(text))));
    parts.extend(refs.into_iter().map(|raw| Part::Reference(reference(raw))));
    let mut message = Message::new(Role::from(role.as_deref().unwrap_or_default()), parts);
    if let Some(written) = role.filter(|written| *written != message.role.as_str()) {
        extra.insert("role".to_owned(), Value::String(written));
    }
    message.extra = extra;
    message
}

/// Converts a message that does not decode as a whole. A thinking or a reference that does not
/// decode is kept as it came, and so is a message that is no object.
pub(super) fn message_in_parts(mut value: Value) -> Message {
    let lists = ["thinkings", "refs"].map(|name| value.get_mut(name).map(Value::take).unwrap_or_default());
    let Ok(raw) = typed::<types::Message>(&value) else {
        let other = Other { kind: None, value };
        return Message::new(Role::from(""), vec![Part::Other(other)]);
    };
    let mut message = message(raw);
    let text = std::mem::take(&mut message.parts);
    let [thinkings, references] = lists;
    message.each_part("thinkings", thinkings, |raw| Part::Thinking(thinking(raw)));
    message.parts.extend(text);
    message.each_part("refs", references, |raw| Part::Reference(reference(raw)));
    message
}

impl Message {
    /// Adds a part for each item of a list. Anything else than a list stays a field.
    fn each_part<T: DeserializeOwned>(&mut self, name: &'static str, list: Value, part: impl Fn(T) -> Part) {
        match list {
            Value::Null => {}
            Value::Array(items) => self.parts.extend(items.into_iter().map(|value| match typed(&value) {
                Ok(raw) => part(raw),
                Err(_) => Part::Other(Other {
                    kind: Some(name.to_owned()),
                    value,
                }),
            })),
            other => {
                self.extra.insert(name.to_owned(), other);
            }
        }
    }
}

fn thinking(raw: types::Thinking) -> Thinking {
    let unmapped = unmapped_fields(&raw);
    let types::Thinking {
        title,
        content,
        refs,
        mut extra,
    } = raw;
    keep_fields(&mut extra, unmapped);
    Thinking {
        title,
        text: content.unwrap_or_default(),
        references: refs.unwrap_or_default().into_iter().map(reference).collect(),
        extra,
    }
}

fn reference(raw: types::VideoReferences) -> Reference {
    let unmapped = unmapped_fields(&raw);
    let types::VideoReferences {
        video,
        ref_items,
        mut extra,
    } = raw;
    keep_fields(&mut extra, unmapped);
    let (mut id, mut name, mut duration) = (None, None, None);
    if let Some(video) = video {
        let unmapped = unmapped_fields(&video);
        let types::ReferencedVideo {
            video_no,
            video_name,
            duration: length,
            extra: mut unknown,
        } = video;
        keep_fields(&mut unknown, unmapped);
        if !unknown.is_empty() {
            extra.insert("video".to_owned(), Value::Object(unknown));
        }
        (id, name, duration) = (video_no, video_name, length);
    }
    let items = ref_items.unwrap_or_default();
    let id = id.or_else(|| items.first().and_then(|item| item.video_no.clone()));
    Reference {
        places: items.into_iter().map(|item| place(item, id.as_deref())).collect(),
        resource: id.map(|id| Resource::new("video", id)),
        name,
        duration,
        extra,
    }
}

/// Converts one place. Its `videoNo` repeats the id of the video, and is kept only if it does not.
fn place(raw: types::ReferenceItem, video: Option<&str>) -> Place {
    let unmapped = unmapped_fields(&raw);
    let types::ReferenceItem {
        video_no,
        start_time,
        end_time,
        type_,
        text,
        extra,
    } = raw;
    let mut extra: Map<String, Value> = extra;
    keep_fields(&mut extra, unmapped);
    if let Some(other) = video_no.filter(|number| Some(number.as_str()) != video) {
        extra.insert("videoNo".to_owned(), Value::String(other));
    }
    Place {
        kind: type_,
        start_seconds: start_time,
        end_seconds: end_time,
        text,
        extra,
    }
}
