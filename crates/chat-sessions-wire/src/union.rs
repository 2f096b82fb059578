//! Deserializes a union of objects that a discriminator tells apart: a property with one value for
//! each variant.
//!
//! When the discriminator is read, the variant is known, and the rest of the object is read directly
//! into it. What came before is kept until then, and given to the variant first; a text is moved,
//! not copied. An object whose discriminator is missing or unknown, and anything that is not an
//! object, is kept as it was sent. A known variant that cannot be read is an error.
//!
//! If the discriminator occurs twice, the first counts, unlike for all other fields: to let the last
//! count, every object would have to be kept whole before any of it could be read.
//!
//! Only the deserializers that the generator writes call this.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::vec;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// A union with a discriminator. The generator implements this for its enums.
pub trait Union<'de>: Sized {
    /// The name of the property.
    const DISCRIMINATOR: &'static str;

    /// The number of the variant for a value of the discriminator.
    fn number(value: &str) -> Option<usize>;

    /// Reads the variant with this number.
    ///
    /// # Errors
    ///
    /// Fails if the object does not match the variant.
    fn read<D: Deserializer<'de>>(number: usize, object: D) -> Result<Self, D::Error>;

    /// Keeps a value that is no known variant.
    fn other(value: Value) -> Self;
}

/// Reads a union.
///
/// # Errors
///
/// Fails as [`Union::read`] does, or if the value cannot be read at all.
pub fn whole<'de, U: Union<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<U, D::Error> {
    deserializer.deserialize_any(AnyValue(PhantomData))
}

struct AnyValue<U>(PhantomData<U>);

impl<'de, U: Union<'de>> Visitor<'de> for AnyValue<U> {
    type Value = U;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<U, E> {
        Ok(U::other(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<U, E> {
        Ok(U::other(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<U, E> {
        Ok(U::other(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<U, E> {
        Ok(U::other(value.into()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<U, E> {
        Ok(U::other(value.into()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<U, E> {
        Ok(U::other(value.into()))
    }

    fn visit_unit<E: Error>(self) -> Result<U, E> {
        Ok(U::other(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<U, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(list)).map(U::other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<U, A::Error> {
        let mut before = Vec::new();
        while let Some(name) = map.next_key_seed(OtherName(U::DISCRIMINATOR))? {
            let Some(name) = name else {
                let value: Value = map.next_value()?;
                if let Value::String(text) = &value
                    && let Some(number) = U::number(text)
                {
                    let object = Replay {
                        discriminator: U::DISCRIMINATOR,
                        before: before.into_iter(),
                        value: Some(value),
                        next: Next::Buffered,
                        rest: map,
                    };
                    return U::read(number, MapAccessDeserializer::new(object));
                }
                before.push((U::DISCRIMINATOR.to_owned(), value));
                break;
            };
            before.push((name, map.next_value()?));
        }
        let mut object = Map::new();
        object.extend(before);
        while let Some((name, value)) = map.next_entry()? {
            object.insert(name, value);
        }
        Ok(U::other(object.into()))
    }
}

/// The name of a field; `None` for the discriminator, whose name is known.
struct OtherName(&'static str);

impl<'de> DeserializeSeed<'de> for OtherName {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for OtherName {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok((name != self.0).then(|| name.to_owned()))
    }
}

/// An object whose first fields were read already.
struct Replay<A> {
    discriminator: &'static str,
    /// The fields before the discriminator.
    before: vec::IntoIter<(String, Value)>,
    /// The value of the discriminator.
    value: Option<Value>,
    next: Next,
    rest: A,
}

/// Where the next value comes from.
enum Next {
    Buffered,
    Kept(Cow<'static, str>, Value),
    Rest,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Replay<A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        if matches!(self.next, Next::Rest) {
            return self.rest.next_key_seed(seed);
        }
        if let Some((name, value)) = self.before.next() {
            let key = seed.deserialize(StrDeserializer::new(&name))?;
            self.next = Next::Kept(name.into(), value);
            return Ok(Some(key));
        }
        if let Some(value) = self.value.take() {
            self.next = Next::Kept(self.discriminator.into(), value);
            return seed.deserialize(StrDeserializer::new(self.discriminator)).map(Some);
        }
        self.next = Next::Rest;
        self.rest.next_key_seed(seed)
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match std::mem::replace(&mut self.next, Next::Buffered) {
            Next::Rest => {
                self.next = Next::Rest;
                self.rest.next_value_seed(seed)
            }
            Next::Kept(name, value) => replayed(&name, value, seed).inspect_err(|_| {
                // The error gets the position behind the last value that was read, which should be
                // that of the object.
                while let Ok(Some(_)) = self.rest.next_entry::<IgnoredAny, IgnoredAny>() {}
            }),
            Next::Buffered => Err(Error::custom("a value was read before its name")),
        }
    }
}

/// Reads a value that was kept. The error names its field, because the outer object was read beyond it.
fn replayed<'de, V: DeserializeSeed<'de>, E: Error>(name: &str, value: Value, seed: V) -> Result<V::Value, E> {
    seed.deserialize(value)
        .map_err(|error| E::custom(format_args!("{name}: {error}")))
}
