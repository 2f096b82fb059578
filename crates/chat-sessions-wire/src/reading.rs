//! Deserializes the generated types: each value is read directly into its field, and unknown fields
//! are kept.
//!
//! A value of another type than the spec says costs only its field: the field is `None`, and the
//! value is kept among the unknown fields, as it was sent. A number that is equal to an integer is
//! read as that integer, because some serializers write `5.0` for 5. If a name occurs twice, the last
//! value counts, as in [`Value`]. Only a required field, which is the id, and the items of a list of
//! objects must have their type.
//!
//! Only the deserializers that the generator writes call this; they define the names and types of
//! the fields.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

pub use crate::scalar::Scalar;
use crate::tolerant::{ListOfScalars, OneScalar, Reading, Tolerant, Wanted};

/// The number of objects for which a list has room when the first one is read. JSON does not
/// announce the number, and a list that grows from one moves all of its objects at every step. With
/// this start, pages of a hundred do not grow, and pages of a thousand end with exactly the room
/// that they need. Lists inside of items are read by [`few_objects`], since most are short.
const ROOM: usize = 125;

/// The number of an unknown name.
pub const UNKNOWN: usize = usize::MAX;

/// The unknown fields of an object, and known ones with a value of another type.
pub type Extra = Map<String, Value>;

/// A field that may be missing or null: `None` until it is read.
pub type Slot<T> = Option<Option<T>>;

/// Reads the fields of an object: `known` numbers the known names and returns [`UNKNOWN`] for all
/// others, and `take` reads the value of the field with a number. Returns the unknown fields.
///
/// # Errors
///
/// Fails if `take` fails, or if the object cannot be read.
#[inline]
pub fn fields<'de, A: MapAccess<'de>>(
    map: A,
    known: fn(&str) -> usize,
    mut take: impl FnMut(usize, &mut A, &mut Extra) -> Result<(), A::Error>,
) -> Result<Extra, A::Error> {
    fields_by(map, known, &mut take)
}

/// Reads the value of the field with a number.
type Take<'a, A, E> = dyn FnMut(usize, &mut A, &mut Extra) -> Result<(), E> + 'a;

/// Takes one function type for all objects, because the compiler would copy the code for each.
fn fields_by<'de, A: MapAccess<'de>>(
    mut map: A,
    known: fn(&str) -> usize,
    take: &mut Take<'_, A, A::Error>,
) -> Result<Extra, A::Error> {
    let mut unknown = Map::new();
    let mut name = String::new();
    while let Some(number) = map.next_key_seed(Name {
        known,
        unknown: &mut name,
    })? {
        if number == UNKNOWN {
            unknown.insert(std::mem::take(&mut name), map.next_value()?);
        } else {
            take(number, &mut map, &mut unknown)?;
        }
    }
    Ok(unknown)
}

/// Reads a required field.
///
/// # Errors
///
/// Fails if the value does not match its type.
#[inline]
pub fn required<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    map: &mut A,
) -> Result<(), A::Error> {
    *slot = Some(map.next_value()?);
    Ok(())
}

/// Reads a string, number or boolean.
///
/// # Errors
///
/// Fails if the value cannot be read at all.
#[inline]
pub fn scalar<'de, T: Scalar, A: MapAccess<'de>>(
    slot: &mut Slot<T>,
    name: &'static str,
    map: &mut A,
    unknown: &mut Extra,
) -> Result<(), A::Error> {
    store(
        slot,
        name,
        map.next_value_seed(Tolerant(OneScalar(PhantomData)))?,
        unknown,
    );
    Ok(())
}

/// Reads a list of strings, numbers or booleans.
///
/// # Errors
///
/// Fails as [`scalar`] does.
#[inline]
pub fn scalars<'de, T: Scalar, A: MapAccess<'de>>(
    slot: &mut Slot<Vec<T>>,
    name: &'static str,
    map: &mut A,
    unknown: &mut Extra,
) -> Result<(), A::Error> {
    store(
        slot,
        name,
        map.next_value_seed(Tolerant(ListOfScalars(PhantomData)))?,
        unknown,
    );
    Ok(())
}

/// Reads a value of any other type through a [`Value`].
///
/// # Errors
///
/// Fails as [`scalar`] does.
#[inline]
pub fn buffered<'de, T: DeserializeOwned, A: MapAccess<'de>>(
    slot: &mut Slot<T>,
    name: &'static str,
    map: &mut A,
    unknown: &mut Extra,
) -> Result<(), A::Error> {
    let reading = match map.next_value()? {
        Value::Null => Reading::Null,
        value => T::deserialize(&value).map_or_else(|_| Reading::Other(value), Reading::Typed),
    };
    store(slot, name, reading, unknown);
    Ok(())
}

/// Reads a value that may be anything. Null is a value, too, unlike a missing field.
///
/// # Errors
///
/// Fails as [`scalar`] does.
#[inline]
pub fn any<'de, A: MapAccess<'de>>(slot: &mut Slot<Value>, map: &mut A) -> Result<(), A::Error> {
    *slot = Some(Some(map.next_value()?));
    Ok(())
}

/// Reads a value that must be null or have its type: a union, or a list of unions, which keep what
/// they do not know themselves.
///
/// # Errors
///
/// Fails if the value is neither null nor of the type.
#[inline]
pub fn strict<'de, T: Deserialize<'de>, A: MapAccess<'de>>(slot: &mut Slot<T>, map: &mut A) -> Result<(), A::Error> {
    *slot = Some(map.next_value()?);
    Ok(())
}

/// Reads an object.
///
/// # Errors
///
/// Fails as [`Object::read`] does.
#[inline]
pub fn object<'de, T: Object<'de>, A: MapAccess<'de>>(
    slot: &mut Slot<T>,
    name: &'static str,
    map: &mut A,
    unknown: &mut Extra,
) -> Result<(), A::Error> {
    forget(slot, name, unknown);
    let place = slot.insert(None);
    let reader = Reader::giving(|object: T| *place = Some(object));
    if let Reading::Other(value) = map.next_value_seed(Tolerant(reader))? {
        unknown.insert(name.to_owned(), value);
    }
    Ok(())
}

/// Reads a list of objects, with room for a usual page of them from the start.
///
/// # Errors
///
/// Fails if the value is neither null nor a list of objects, or as [`Object::read`] does.
#[inline]
pub fn objects<'de, T: Object<'de>, A: MapAccess<'de>>(slot: &mut Slot<Vec<T>>, map: &mut A) -> Result<(), A::Error> {
    let list: Option<List<T, ROOM>> = map.next_value()?;
    *slot = Some(list.map(|List(items)| items));
    Ok(())
}

/// Reads a list of objects that is itself within a list, so that there may be many of them. A value
/// that is not a list costs only its field, because the item around it is more than this list.
///
/// # Errors
///
/// Fails if an item is not an object, or as [`Object::read`] does.
#[inline]
pub fn few_objects<'de, T: Object<'de>, A: MapAccess<'de>>(
    slot: &mut Slot<Vec<T>>,
    name: &'static str,
    map: &mut A,
    unknown: &mut Extra,
) -> Result<(), A::Error> {
    let list = map.next_value_seed(Tolerant(Items::<T, 1>(PhantomData)))?;
    store(slot, name, list, unknown);
    Ok(())
}

#[inline]
fn store<T>(slot: &mut Slot<T>, name: &'static str, reading: Reading<T>, unknown: &mut Extra) {
    forget(slot, name, unknown);
    *slot = Some(match reading {
        Reading::Typed(value) => Some(value),
        Reading::Null => None,
        Reading::Other(value) => {
            unknown.insert(name.to_owned(), value);
            None
        }
    });
}

/// Forgets the value of an earlier field with the same name.
#[inline]
fn forget<T>(slot: &Slot<T>, name: &'static str, unknown: &mut Extra) {
    if slot.is_some() {
        unknown.remove(name);
    }
}

/// An object that is read field by field. The generator implements this for its types.
pub trait Object<'de>: Sized {
    /// The expected value, for the error about another one.
    const EXPECTED: &'static str;

    /// Reads the object to its end.
    ///
    /// # Errors
    ///
    /// Fails if a required field is missing or does not match the spec.
    fn read<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

/// Reads an object.
///
/// # Errors
///
/// Fails as [`Object::read`] does, or if the value is not an object.
#[inline]
pub fn whole<'de, T: Object<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Reader::giving(|object: T| object).deserialize(deserializer)
}

/// Reads an object and passes it on at once to its final place. A return value would be moved by
/// each function that it passes through, and an object is large.
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

impl<'de, T: Object<'de>, G: FnOnce(T)> Wanted<'de> for Reader<T, G> {
    type Typed = ();

    #[inline]
    fn map<A: MapAccess<'de>>(self, map: A) -> Result<Reading<()>, A::Error> {
        T::read(map).map(self.give).map(Reading::Typed)
    }
}

/// A list that has room for this many items when the first one is read.
struct List<T, const ROOM: usize>(Vec<T>);

impl<'de, T: Object<'de>, const ROOM: usize> Deserialize<'de> for List<T, ROOM> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Items::<T, ROOM>(PhantomData)).map(Self)
    }
}

/// Collects the items of a list.
struct Items<T, const ROOM: usize>(PhantomData<T>);

impl<'de, T: Object<'de>, const ROOM: usize> Visitor<'de> for Items<T, ROOM> {
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

impl<'de, T: Object<'de>, const ROOM: usize> Wanted<'de> for Items<T, ROOM> {
    type Typed = Vec<T>;

    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<Reading<Vec<T>>, A::Error> {
        self.visit_seq(list).map(Reading::Typed)
    }
}

/// Returns the number of a known name, or keeps the name of an unknown field.
///
/// The name is stored separately, because a bare number is returned in a register, and most names
/// are known.
struct Name<'a> {
    known: fn(&str) -> usize,
    unknown: &'a mut String,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name<'_> {
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
