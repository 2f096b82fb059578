//! The variants of a union: what tells them apart, and which belong together in two documents.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use serde_json::Value;

use super::version::Version;
use crate::spec::discriminator::Discriminator;
use crate::spec::normal::schema::{Place, Schema, Union, canonical};
use crate::spec::normal::types::Types;
use crate::spec::refs::Located;

/// The limit on comparing every variant with every other to find the best fit.
const MAX_FITS: usize = 2_500;

/// How many levels of a variant are compared to recognise it.
const SHAPE_DEPTH: usize = 3;

/// The variants of one side. A schema without a union is the only variant of its own.
pub(super) struct Variants<'s> {
    /// `None` without a union.
    pub(super) keyword: Option<&'static str>,
    pub(super) variants: Vec<Variant<'s>>,
    pub(super) discriminator: Option<Discriminator<'s>>,
    /// Whether no value fits several variants.
    are_disjoint: bool,
}

pub(super) struct Variant<'s> {
    pub(super) place: Place<'s>,
    pub(super) schema: Rc<Schema<'s>>,
    /// The properties that have only one value, which tells variants apart.
    tags: BTreeMap<&'s str, String>,
}

impl<'s> Version<'s> {
    pub(super) fn variants(&self, union: &Union<'s>) -> Variants<'s> {
        let variants: Vec<Variant<'s>> = union
            .variants
            .iter()
            .map(|node| self.variant(&Place::of(node)))
            .collect();
        let discriminator = Discriminator::of(self.tree(), &union.owner);
        let are_disjoint = discriminator.is_some() || self.are_disjoint(&variants);
        Variants {
            keyword: Some(union.keyword),
            variants,
            discriminator,
            are_disjoint,
        }
    }

    /// A schema without a union, as the only variant of its own.
    pub(super) fn only_variant(&self, place: &Place<'s>) -> Variants<'s> {
        Variants {
            keyword: None,
            variants: vec![self.variant(place)],
            discriminator: None,
            are_disjoint: true,
        }
    }

    fn variant(&self, place: &Place<'s>) -> Variant<'s> {
        let schema = self.normal.schema(place);
        let tags = schema.properties.iter().filter_map(|(name, place)| {
            let values = self.normal.schema(place).values.clone()?;
            let [only] = values.as_slice() else { return None };
            Some((*name, canonical(only)))
        });
        Variant {
            place: place.clone(),
            tags: tags.collect(),
            schema,
        }
    }

    /// What a schema says itself and about the next levels, equal for all ways to write it.
    fn shape(&self, schema: &Schema<'s>, depth: usize) -> String {
        let inner = |place: &Place<'s>| match depth {
            0 => String::new(),
            _ => self.shape(&self.normal.schema(place), depth - 1),
        };
        let properties = schema
            .properties
            .iter()
            .map(|(name, place)| format!("{name}: {}", inner(place)));
        let properties: Vec<String> = properties.collect();
        let unions = schema.unions.iter().map(|union| {
            let variants: BTreeSet<String> = union.variants.iter().map(|node| inner(&Place::of(node))).collect();
            format!("{} {variants:?}", union.keyword)
        });
        let unions: BTreeSet<String> = unions.collect();
        let values = schema.values.as_ref().map(|values| texts(values));
        let required: Vec<&&str> = schema.required.keys().collect();
        let (items, additional) = (schema.items.as_ref().map(inner), schema.additional.as_ref().map(inner));
        let types = (schema.own_types, &schema.formats, &schema.patterns, schema.multiple_of);
        let bounds = (schema.minimum, schema.maximum, &schema.counts, schema.has_unique_items);
        format!("{types:?} {values:?} {bounds:?} {properties:?} {required:?} {items:?} {additional:?} {unions:?}")
    }

    /// The shapes of what is directly inside a variant.
    fn inner_shapes(&self, variant: &Variant<'s>) -> BTreeMap<&'s str, String> {
        let schema = &variant.schema;
        let inner = [("items", &schema.items), ("additionalProperties", &schema.additional)];
        let inner = inner
            .into_iter()
            .filter_map(|(name, place)| Some((name, place.as_ref()?)));
        let properties = schema.properties.iter().map(|(name, place)| (*name, place));
        let all = properties.chain(inner);
        all.map(|(name, place)| (name, self.shape(&self.normal.schema(place), 1)))
            .collect()
    }

    /// Whether no value fits two of the variants, by their types, values, or a required property.
    fn are_disjoint(&self, variants: &[Variant<'s>]) -> bool {
        Types::EACH.into_iter().all(|kind| {
            let with_type: Vec<&Variant<'s>> = variants.iter().filter(|one| one.schema.types.has(kind)).collect();
            let values = |one: &&Variant<'s>| one.schema.values.as_ref().map(|values| texts(values));
            with_type.len() < 2
                || (kind != Types::NULL && are_distinct(with_type.iter().map(values)))
                || (kind == Types::OBJECT && self.are_tagged(&with_type))
        })
    }

    fn are_tagged(&self, variants: &[&Variant<'s>]) -> bool {
        let Some(first) = variants.first() else { return true };
        first.schema.required.keys().any(|name| {
            are_distinct(variants.iter().map(|variant| {
                let place = variant.schema.properties.get(name)?;
                let property = self.normal.schema(place);
                let is_certain = variant.schema.required.contains_key(name) && !property.types.has(Types::NULL);
                property
                    .values
                    .as_ref()
                    .filter(|_| is_certain)
                    .map(|values| texts(values))
            }))
        })
    }
}

fn texts(values: &[&Value]) -> BTreeSet<String> {
    values.iter().map(|value| canonical(value)).collect()
}

/// Whether all sets are known and no two overlap.
fn are_distinct(sets: impl Iterator<Item = Option<BTreeSet<String>>>) -> bool {
    let mut seen = BTreeSet::new();
    for set in sets {
        let Some(set) = set else { return false };
        if set.into_iter().any(|value| !seen.insert(value)) {
            return false;
        }
    }
    true
}

/// How well two variants fit; zero if they cannot be versions of one another.
fn fit(old: &Variant<'_>, new: &Variant<'_>) -> usize {
    let (before, after) = (&old.schema, &new.schema);
    if old
        .tags
        .iter()
        .any(|(name, value)| new.tags.get(name).is_some_and(|other| other != value))
    {
        return 0;
    }
    let types = before.types.and(after.types).without(Types::NULL);
    let common = before
        .properties
        .keys()
        .filter(|name| after.properties.contains_key(*name));
    let common = common.count();
    if types == Types::NONE
        || (types == Types::OBJECT && common == 0 && !before.properties.is_empty() && !after.properties.is_empty())
    {
        return 0;
    }
    let values = before.values.as_ref().zip(after.values.as_ref());
    let common_values = values.map_or(0, |(before, after)| texts(before).intersection(&texts(after)).count());
    1 + 4 * common
        + 2 * common_values
        + usize::from(before.types == after.types)
        + usize::from(before.formats == after.formats)
        + usize::from(before.patterns == after.patterns)
        + usize::from(before.values.is_some() == after.values.is_some())
}

/// What two variants must have in common to be versions of one another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Name,
    Tags,
    Shape,
}

impl<'s> Variant<'s> {
    fn key(&self, step: Step, version: &Version<'s>) -> Option<String> {
        match step {
            Step::Name => self.schema.component.clone(),
            Step::Tags => (!self.tags.is_empty()).then(|| format!("{:?}", self.tags)),
            Step::Shape => Some(version.shape(&self.schema, SHAPE_DEPTH)),
        }
    }
}

impl<'s> Variants<'s> {
    /// Whether a value that fits several variants is invalid, and there may be one.
    pub(super) fn excludes_overlap(&self) -> bool {
        self.keyword == Some("oneOf") && !self.are_disjoint
    }

    /// The component that each value of the discriminator leads to.
    pub(super) fn targets(&self) -> BTreeMap<&String, &Located<'s>> {
        let variants = self.discriminator.iter().flat_map(|found| &found.variants);
        variants
            .flat_map(|variant| variant.values.iter().map(move |value| (value, &variant.component)))
            .collect()
    }

    /// Pairs the variants, each by its position: those with the same name, then with the same tags,
    /// with the same shape, and with the best fit.
    pub(super) fn pairs(
        &self,
        after: &Self,
        renamed: &BTreeMap<String, String>,
        (old_version, new_version): (&Version<'s>, &Version<'s>),
    ) -> Vec<(usize, usize)> {
        let mut old: Vec<usize> = (0..self.variants.len()).collect();
        let mut new: Vec<usize> = (0..after.variants.len()).collect();
        let mut pairs = Vec::new();
        for step in [Step::Name, Step::Tags, Step::Shape] {
            let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
            for index in new.iter().rev() {
                if let Some(key) = after.variants[*index].key(step, new_version) {
                    waiting.entry(key).or_default().push(*index);
                }
            }
            old.retain(|index| {
                let key = self.variants[*index].key(step, old_version);
                let key = key.map(|key| renamed.get(&key).filter(|_| step == Step::Name).cloned().unwrap_or(key));
                let other = key.and_then(|key| waiting.get_mut(&key)?.pop());
                pairs.extend(other.map(|other| (*index, other)));
                other.is_none()
            });
            new.retain(|index| pairs.iter().all(|(_, other)| other != index));
        }
        if old.len() * new.len() <= MAX_FITS {
            let mut fits: Vec<(usize, usize, usize)> = Vec::new();
            for one in &old {
                for other in &new {
                    let (variant, candidate) = (&self.variants[*one], &after.variants[*other]);
                    let mut fit = fit(variant, candidate);
                    if fit > 0 {
                        let (inner, others) = (old_version.inner_shapes(variant), new_version.inner_shapes(candidate));
                        fit += inner
                            .iter()
                            .filter(|(name, shape)| others.get(*name) == Some(shape))
                            .count();
                    }
                    fits.extend((fit > 0).then_some((fit, *one, *other)));
                }
            }
            fits.sort_by_key(|(fit, one, other)| (std::cmp::Reverse(*fit), *one, *other));
            for (_, one, other) in fits {
                if pairs.iter().all(|(was, is)| *was != one && *is != other) {
                    pairs.push((one, other));
                }
            }
        }
        pairs.sort_unstable();
        pairs
    }
}
