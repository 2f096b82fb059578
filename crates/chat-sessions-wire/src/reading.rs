//! How the generated types are read: each value goes to the field that it belongs to, as it comes, and what nobody knows is kept.
//!
//! Only the readers that the generator writes call this; what their fields are called and what they hold stands there.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// For how many bytes of objects a list has room before the first one is read. JSON does not say how many there are, and a list
/// that grows from one on moves all of them at every other step.
const ROOM: usize = 8 * 1024;

/// Reads an object to its end: `known` numbers the names of its fields, `take` reads the value of the field with a number. Gives
/// the fields that are not known.
///
/// # Errors
///
/// Fails as `take` does, and where the object cannot be read.
#[inline]
pub fn object<'de, A: MapAccess<'de>>(
    mut map: A,
    known: impl Fn(&str) -> Option<usize> + Copy,
    mut take: impl FnMut(usize, &mut A) -> Result<(), A::Error>,
) -> Result<Map<String, Value>, A::Error> {
    let mut unknown = Map::new();
    while let Some(name) = map.next_key_seed(Name(known))? {
        match name {
            Ok(number) => take(number, &mut map)?,
            Err(name) => {
                unknown.insert(name, map.next_value()?);
            }
        }
    }
    Ok(unknown)
}

/// Reads the value of a field that may come once.
///
/// # Errors
///
/// Fails when it came before, and when the value is not what the field holds.
#[inline]
pub fn once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    *slot = Some(map.next_value()?);
    Ok(())
}

/// Does what [`once`] does for a list of objects, with room for a short page of them from the start.
///
/// # Errors
///
/// Fails as [`once`] does.
#[inline]
pub fn list_once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<Option<Vec<T>>>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    let list: Option<Roomy<T>> = map.next_value()?;
    *slot = Some(list.map(|Roomy(items)| items));
    Ok(())
}

/// A list that is made with room.
struct Roomy<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Roomy<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Items(PhantomData)).map(Self)
    }
}

/// Gathers the items of a list.
struct Items<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            if items.capacity() == 0 {
                items.reserve_exact(ROOM / size_of::<T>().max(1));
            }
            items.push(item);
        }
        Ok(items)
    }
}

/// Gives the number of a known name, or the name of a field that is not known.
struct Name<F>(F);

impl<'de, F: Fn(&str) -> Option<usize>> DeserializeSeed<'de> for Name<F> {
    type Value = Result<usize, String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<F: Fn(&str) -> Option<usize>> Visitor<'_> for Name<F> {
    type Value = Result<usize, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok((self.0)(name).ok_or_else(|| name.to_owned()))
    }
}
