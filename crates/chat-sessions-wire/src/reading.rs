//! How the generated types are read: each value goes to the field that it belongs to, as it comes, and what nobody knows is kept.
//!
//! Only the readers that the generator writes call this; what their fields are called and what they hold stands there.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// For how many objects a list has room when the first one is read. JSON does not say how many there are, and a list that grows
/// from one on moves all of them at every step; from here on, pages of a hundred do not grow, and those of a thousand end up with
/// just the room that they need. Should items ever hold lists of objects themselves, those must begin smaller.
const ROOM: usize = 125;

/// Stands for the number of a name that is not known.
pub const UNKNOWN: usize = usize::MAX;

/// Reads the fields of an object: `known` numbers their names, [`UNKNOWN`] all others, and `take` reads the value of the field with
/// a number. Gives the fields that are not known.
///
/// # Errors
///
/// Fails as `take` does, and where the object cannot be read.
#[inline]
pub fn fields<'de, A: MapAccess<'de>>(
    mut map: A,
    known: impl Fn(&str) -> usize + Copy,
    mut take: impl FnMut(usize, &mut A) -> Result<(), A::Error>,
) -> Result<Map<String, Value>, A::Error> {
    let mut unknown = Map::new();
    let mut name = String::new();
    while let Some(number) = map.next_key_seed(Name {
        known,
        unknown: &mut name,
    })? {
        if number == UNKNOWN {
            unknown.insert(std::mem::take(&mut name), map.next_value()?);
        } else {
            take(number, &mut map)?;
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

/// Does what [`once`] does for an object.
///
/// # Errors
///
/// Fails as [`once`] does.
#[inline]
pub fn object_once<'de, T: Object<'de>, A: MapAccess<'de>>(
    slot: &mut Option<Option<T>>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    let place = slot.insert(None);
    map.next_value_seed(Optional(Reader::giving(|object: T| *place = Some(object))))
}

/// Does what [`once`] does for a list of objects, with room for a usual page of them from the start.
///
/// # Errors
///
/// Fails as [`once`] does.
#[inline]
pub fn list_once<'de, T: Object<'de>, A: MapAccess<'de>>(
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

/// An object that is read field by field. The generator says of its types how.
pub trait Object<'de>: Sized {
    /// What is expected where something else stands.
    const EXPECTED: &'static str;

    /// Reads it to its end.
    ///
    /// # Errors
    ///
    /// Fails when a field is missing, there twice, or not what the document says.
    fn read<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

/// Reads an object.
///
/// # Errors
///
/// Fails as [`Object::read`] does, and when there is something else.
#[inline]
pub fn whole<'de, T: Object<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Reader::giving(|object: T| object).deserialize(deserializer)
}

/// Reads an object and gives it on at once, to where it will stay: a result is moved by each of the functions that it comes back
/// through, and an object is large.
struct Reader<T, G> {
    give: G,
    object: PhantomData<T>,
}

impl<T, G> Reader<T, G> {
    fn giving(give: G) -> Self {
        let object = PhantomData;
        Self { give, object }
    }
}

impl<'de, T: Object<'de>, R, G: FnOnce(T) -> R> DeserializeSeed<'de> for Reader<T, G> {
    type Value = R;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<R, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Object<'de>, R, G: FnOnce(T) -> R> Visitor<'de> for Reader<T, G> {
    type Value = R;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<R, A::Error> {
        T::read(map).map(self.give)
    }
}

/// Reads an object that may be null.
struct Optional<T, G>(Reader<T, G>);

impl<'de, T: Object<'de>, G: FnOnce(T)> DeserializeSeed<'de> for Optional<T, G> {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Object<'de>, G: FnOnce(T)> Visitor<'de> for Optional<T, G> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("option")
    }

    #[inline]
    fn visit_none<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    #[inline]
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.deserialize(deserializer)
    }
}

/// A list that is made with room.
struct Roomy<T>(Vec<T>);

impl<'de, T: Object<'de>> Deserialize<'de> for Roomy<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Items(PhantomData)).map(Self)
    }
}

/// Gathers the items of a list.
struct Items<T>(PhantomData<T>);

impl<'de, T: Object<'de>> Visitor<'de> for Items<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        let give = |items: &mut Vec<T>, item| {
            if items.capacity() == 0 {
                items.reserve_exact(ROOM);
            }
            items.push(item);
        };
        while list
            .next_element_seed(Reader::giving(|item| give(&mut items, item)))?
            .is_some()
        {}
        Ok(items)
    }
}

/// Gives the number of a known name, or keeps the name of a field that is not known.
///
/// The name has a place of its own, since a number alone comes back in a register, and most names are known.
struct Name<'a, F> {
    known: F,
    unknown: &'a mut String,
}

impl<'de, F: Fn(&str) -> usize> DeserializeSeed<'de> for Name<'_, F> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<F: Fn(&str) -> usize> Visitor<'_> for Name<'_, F> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        let number = (self.known)(name);
        if number == UNKNOWN {
            name.clone_into(self.unknown);
        }
        Ok(number)
    }
}
