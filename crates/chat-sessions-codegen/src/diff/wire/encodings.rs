//! Compares how the parts of a form are encoded.

use serde_json::Value;

use super::comparer::Comparer;
use super::parameters::members;
use super::version::Version;
use crate::diff::change::{Compatibility, Side};
use crate::spec::normal::schema::{Place, Schema};
use crate::spec::normal::types::Types;
use crate::spec::normal::wire;
use crate::spec::refs::Located;

impl<'s> Comparer<'s> {
    /// Compares how the parts of a form are encoded, only for equality.
    pub(super) fn encodings(
        &mut self,
        (old, old_schema): (&Located<'s>, &Located<'s>),
        (new, new_schema): (&Located<'s>, &Located<'s>),
        side: Side,
        media_type: &str,
    ) {
        let (before, after) = (members(old, "encoding"), members(new, "encoding"));
        for name in before
            .keys()
            .chain(after.keys().filter(|name| !before.contains_key(*name)))
        {
            let encoding = |version: &Version<'s>, found: Option<&Located<'s>>, schema: &Located<'s>| {
                let mut encoding = found
                    .and_then(|found| found.value.as_object())
                    .cloned()
                    .unwrap_or_default();
                let schema = version.normal.schema(&Place::of(schema));
                let part = schema
                    .properties
                    .get(name.as_str())
                    .map(|part| version.normal.schema(part));
                let types = part.as_ref().map_or(Types::ANY, |part| part.types);
                let style = wire::style(&Value::Object(encoding.clone()), "query", types);
                encoding.extend(style.map(|(name, value)| (name.to_owned(), value)));
                if wire::has_parts(media_type)
                    && let Some(written) = part.and_then(|part| version.content_type(&part))
                {
                    encoding.entry("contentType").or_insert(written.into());
                }
                encoding
            };
            let (one, other) = (before.get(name), after.get(name));
            // The headers of a part can be references.
            let is_same = one
                .zip(other)
                .is_none_or(|(one, other)| one.value != other.value || self.is_same(one, other));
            if !is_same || encoding(&self.old, one, old_schema) != encoding(&self.new, other, new_schema) {
                let at = (old.at.below(&["encoding", name]), new.at.below(&["encoding", name]));
                let message = format!(
                    "cannot tell: `{name}` in {} is encoded in another way",
                    self.label(&new.at)
                );
                let on = (side, Compatibility::Breaking);
                self.add("cannot-tell", on, Some(&at.0), Some(&at.1), &message);
            }
        }
    }
}

impl<'s> Version<'s> {
    /// The media type of a part of a form by its schema; `None` where OpenAPI says nothing.
    fn content_type(&self, part: &Schema<'s>) -> Option<&'static str> {
        let items = part.items.as_ref().map(|items| self.normal.schema(items));
        let is_list = part.types.without(Types::NULL) == Types::ARRAY;
        let part = items.as_deref().filter(|_| is_list).unwrap_or(part);
        match part.types.without(Types::NULL) {
            Types::OBJECT => Some("application/json"),
            Types::STRING if part.formats.contains("binary") => Some("application/octet-stream"),
            types if types.has(Types::ARRAY.or(Types::OBJECT)) => None,
            _ => Some("text/plain"),
        }
    }
}
