//! Reads a value that should have a type and may have any, without failing.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::scalar::Scalar;

/// What a value turned out to be.
pub(crate) enum Reading<T> {
    Typed(T),
    Null,
    /// A value of another type.
    Other(Value),
}

/// The type that a field should have. Each method receives a value of one JSON type; a type that
/// does not override it returns the value as it is.
pub(crate) trait Wanted<'de>: Sized {
    type Typed;

    fn boolean(value: bool) -> Reading<Self::Typed> {
        Reading::Other(value.into())
    }

    fn signed(value: i64) -> Reading<Self::Typed> {
        Reading::Other(value.into())
    }

    fn unsigned(value: u64) -> Reading<Self::Typed> {
        Reading::Other(value.into())
    }

    fn float(value: f64) -> Reading<Self::Typed> {
        Reading::Other(value.into())
    }

    fn text(value: &str) -> Reading<Self::Typed> {
        Reading::Other(value.into())
    }

    fn string(value: String) -> Reading<Self::Typed> {
        Reading::Other(value.into())
    }

    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<Reading<Self::Typed>, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(list)).map(Reading::Other)
    }

    fn map<A: MapAccess<'de>>(self, map: A) -> Result<Reading<Self::Typed>, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(Reading::Other)
    }
}

/// Reads a value that should have a type and may have any.
pub(crate) struct Tolerant<W>(pub(crate) W);

impl<'de, W: Wanted<'de>> DeserializeSeed<'de> for Tolerant<W> {
    type Value = Reading<W::Typed>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, W: Wanted<'de>> Visitor<'de> for Tolerant<W> {
    type Value = Reading<W::Typed>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    #[inline]
    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(W::boolean(value))
    }

    #[inline]
    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(W::signed(value))
    }

    #[inline]
    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(W::unsigned(value))
    }

    #[inline]
    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(W::float(value))
    }

    #[inline]
    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(W::text(value))
    }

    #[inline]
    fn visit_string<E: Error>(self, value: String) -> Result<Self::Value, E> {
        Ok(W::string(value))
    }

    #[inline]
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Reading::Null)
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        self.0.list(list)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        self.0.map(map)
    }
}

/// Wants a string, number or boolean.
pub(crate) struct OneScalar<T>(pub(crate) PhantomData<T>);

impl<T: Scalar> Wanted<'_> for OneScalar<T> {
    type Typed = T;

    #[inline]
    fn boolean(value: bool) -> Reading<T> {
        typed_or(T::from_bool(value), value)
    }

    #[inline]
    fn signed(value: i64) -> Reading<T> {
        typed_or(T::from_i64(value), value)
    }

    #[inline]
    fn unsigned(value: u64) -> Reading<T> {
        typed_or(T::from_u64(value), value)
    }

    #[inline]
    fn float(value: f64) -> Reading<T> {
        typed_or(T::from_f64(value), value)
    }

    #[inline]
    fn text(value: &str) -> Reading<T> {
        typed_or(T::from_text(value), value)
    }

    #[inline]
    fn string(value: String) -> Reading<T> {
        T::from_string(value).map_or_else(|text| Reading::Other(text.into()), Reading::Typed)
    }
}

#[inline]
fn typed_or<T>(typed: Option<T>, value: impl Into<Value>) -> Reading<T> {
    typed.map_or_else(|| Reading::Other(value.into()), Reading::Typed)
}

/// Wants a list of strings, numbers or booleans. One of another type makes the whole list one.
pub(crate) struct ListOfScalars<T>(pub(crate) PhantomData<T>);

impl<'de, T: Scalar> Wanted<'de> for ListOfScalars<T> {
    type Typed = Vec<T>;

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Reading<Vec<T>>, A::Error> {
        let mut typed = Vec::new();
        let other = loop {
            match list.next_element_seed(Tolerant(OneScalar(PhantomData)))? {
                None => return Ok(Reading::Typed(typed)),
                Some(Reading::Typed(value)) => typed.push(value),
                Some(Reading::Null) => break Value::Null,
                Some(Reading::Other(value)) => break value,
            }
        };
        let mut values: Vec<Value> = typed.into_iter().map(Into::into).collect();
        values.push(other);
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Reading::Other(values.into()))
    }
}
