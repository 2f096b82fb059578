//! Compares unions: pairs their variants by name, tag, shape or best fit, and compares each pair.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use serde_json::Value;

use super::comparer::Comparer;
use super::verdicts::Condition;
use super::version::Version;
use super::view::View;
use crate::diff::change::{Compatibility, Effect};
use crate::spec::discriminator::Discriminator;
use crate::spec::normal::schema::{Place, Schema, Union, canonical, is_text};
use crate::spec::normal::types::Types;
use crate::spec::refs::Located;

/// The limit on comparing every variant with every other to find the best fit.
const MAX_FITS: usize = 40_000;

/// The variants of one side. A schema without a union is the only variant of its own.
pub(super) struct Variants<'s> {
    /// `None` without a union.
    keyword: Option<&'static str>,
    variants: Vec<Variant<'s>>,
    discriminator: Option<Discriminator<'s>>,
    /// Whether no value fits several variants.
    are_disjoint: bool,
}

struct Variant<'s> {
    place: Place<'s>,
    schema: Rc<Schema<'s>>,
    /// The properties that have only one value, which tells variants apart.
    tags: BTreeMap<&'s str, String>,
    shape: String,
}

impl<'s> Version<'s> {
    fn variants(&self, union: &Union<'s>) -> Variants<'s> {
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
            shape: shape(&schema),
            schema,
        }
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

/// What a schema says itself, without what is inside it.
fn shape(schema: &Schema<'_>) -> String {
    let names: Vec<&&str> = schema.properties.keys().collect();
    let required: Vec<&&str> = schema.required.keys().collect();
    let values = schema.values.as_ref().map(|values| texts(values));
    format!(
        "{:?} {values:?} {:?} {:?} {:?} {:?} {:?} {names:?} {required:?} {:?}",
        schema.own_types,
        schema.formats,
        schema.patterns,
        schema.minimum,
        schema.maximum,
        schema.counts,
        schema.component
    )
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

impl<'s> Comparer<'s> {
    pub(super) fn unions(&mut self, old: &View<'s>, new: &View<'s>) {
        let (before, after) = (&old.schema.unions, &new.schema.unions);
        let at = |view: &View<'s>, union: &Union<'s>| match view.schema.unions.len() {
            1 => view.place(union.keyword),
            _ => union.owner.at.child(union.keyword),
        };
        match (before.as_slice(), after.as_slice()) {
            ([], []) => {}
            ([], [first, ..]) => {
                let message = format!("{} must now also match a variant of a union", self.label(&new.own()));
                self.effect(
                    "union-added",
                    Effect::Narrows,
                    Some(&old.own()),
                    Some(&at(new, first)),
                    &message,
                );
            }
            ([first, ..], []) => {
                let message = format!("{} no longer has to match a variant of a union", self.label(&new.own()));
                self.effect(
                    "union-removed",
                    Effect::Widens,
                    Some(&at(old, first)),
                    Some(&new.own()),
                    &message,
                );
            }
            (before, after) if before.len() == after.len() => {
                // Those that are written the same belong together, and the others in their order.
                let mut rest: Vec<&Union<'s>> = after.iter().collect();
                let mut order: Vec<&Union<'s>> = before.iter().collect();
                order.sort_by_key(|union| !after.iter().any(|other| union.is_written_as(other)));
                for before in order {
                    let same = rest.iter().position(|other| before.is_written_as(other)).unwrap_or(0);
                    let after = rest.remove(same);
                    let sides = (self.old.variants(before), self.new.variants(after));
                    self.variants(old, new, (&sides.0, &sides.1));
                }
            }
            ([one, ..], [other, ..]) => {
                let at = (at(old, one), at(new, other));
                let label = self.label(&new.own());
                self.cannot_tell(
                    &at.0,
                    &at.1,
                    &format!("{label} is composed of another number of unions"),
                );
            }
        }
    }

    /// The variants of both sides if one is only a union and the other is none.
    pub(super) fn plain_and_union(&self, old: &View<'s>, new: &View<'s>) -> Option<(Variants<'s>, Variants<'s>)> {
        let plain = |version: &Version<'s>, view: &View<'s>| {
            // The innermost schema stands for those that only wrap it.
            let wrapper = |part: &Located<'s>| {
                let mut keys = part.value.as_object().into_iter().flat_map(|keys| keys.keys());
                keys.all(|key| is_text(key) || ["$ref", "allOf", "anyOf", "oneOf"].contains(&key.as_str()))
            };
            let place = match view.schema.parts.split_last() {
                Some((last, outer)) if outer.iter().all(wrapper) => Place::of(last),
                _ => view.place.clone(),
            };
            Variants {
                keyword: None,
                variants: vec![version.variant(&place)],
                discriminator: None,
                are_disjoint: true,
            }
        };
        let only_union = |version: &Version<'s>, view: &View<'s>| {
            let [union] = view.schema.unions.as_slice() else {
                return None;
            };
            let is_only = view.schema.is_plain() && version.normal.variant_types(union) == view.schema.types;
            is_only.then(|| version.variants(union))
        };
        match (old.schema.unions.len(), new.schema.unions.len()) {
            (0, 1) if !old.schema.is_anything() => Some((plain(&self.old, old), only_union(&self.new, new)?)),
            (1, 0) if !new.schema.is_anything() => Some((only_union(&self.old, old)?, plain(&self.new, new))),
            _ => None,
        }
    }

    pub(super) fn variants(&mut self, old: &View<'s>, new: &View<'s>, (before, after): (&Variants<'s>, &Variants<'s>)) {
        let pairs = self.pairs(before, after);
        let label = self.label(&new.own());
        if pairs.is_empty() {
            let words = (new.words(&self.new.normal), old.words(&self.old.normal));
            let message = format!("{label} is {} instead of {}", words.0, words.1);
            self.effect("type-changed", Effect::Alters, Some(&old.at), Some(&new.at), &message);
            return;
        }
        let mut found = Compatibility::Same;
        for (index, variant) in after.variants.iter().enumerate() {
            if pairs.iter().all(|(_, other)| *other != index) {
                let words = self.new.view(&variant.place).words(&self.new.normal);
                let message = format!("{label} can now also be {words}");
                self.effect(
                    "variant-added",
                    Effect::Widens,
                    None,
                    Some(&variant.place.at()),
                    &message,
                );
                found = found.max(Effect::Widens.on(self.mode.side));
            }
        }
        for (index, variant) in before.variants.iter().enumerate() {
            if pairs.iter().all(|(other, _)| *other != index) {
                let words = self.old.view(&variant.place).words(&self.old.normal);
                let message = format!("{label} can no longer be {words}");
                self.effect(
                    "variant-removed",
                    Effect::Narrows,
                    Some(&variant.place.at()),
                    None,
                    &message,
                );
                found = found.max(Effect::Narrows.on(self.mode.side));
            }
        }
        if !pairs.is_sorted_by_key(|(_, position)| *position) {
            let message = format!("{label} has its variants in another order");
            self.note("variant-order", Some(&old.at), Some(&new.at), &message);
        }
        let mut inner = Vec::new();
        for (one, other) in &pairs {
            inner.extend(self.inner(&before.variants[*one].place, &after.variants[*other].place));
        }
        self.overlap(old, new, (before, after), (inner, found));
        if before.keyword.is_some() && after.keyword.is_some() {
            self.discriminators(old, new, (before, after), &pairs);
        }
    }

    /// A value that fits several variants is valid in `anyOf` and invalid in `oneOf`.
    fn overlap(
        &mut self,
        old: &View<'s>,
        new: &View<'s>,
        (before, after): (&Variants<'s>, &Variants<'s>),
        (mut inner, found): (Vec<usize>, Compatibility),
    ) {
        let excludes = |side: &Variants<'s>| side.keyword == Some("oneOf") && !side.are_disjoint;
        if !excludes(before) && !excludes(after) {
            return;
        }
        let label = self.label(&new.own());
        let place =
            |view: &View<'s>, side: &Variants<'s>| side.keyword.map_or_else(|| view.own(), |name| view.place(name));
        let at = (place(old, before), place(new, after));
        let (effect, word) = match (excludes(before), excludes(after)) {
            (false, _) => (Effect::Narrows, "no longer"),
            (true, false) => (Effect::Widens, "now also"),
            (true, true) => {
                let own = self.verdicts.add_pair();
                self.verdicts.add(own, found);
                inner.push(own);
                let message =
                    format!("cannot tell: variants of {label} overlap, so that a change of one affects the others");
                self.check(
                    (inner, Condition::OnlyCompatible),
                    "cannot-tell",
                    (&at.0, &at.1),
                    &message,
                );
                return;
            }
        };
        let message = format!("{label} can {word} be a value that fits several of its variants");
        self.effect("variants-overlap", effect, Some(&at.0), Some(&at.1), &message);
    }

    /// Pairs the variants, each by its position: those with the same name, then with the same tags,
    /// with the same shape, and with the best fit.
    fn pairs(&self, before: &Variants<'s>, after: &Variants<'s>) -> Vec<(usize, usize)> {
        let mut old: Vec<usize> = (0..before.variants.len()).collect();
        let mut new: Vec<usize> = (0..after.variants.len()).collect();
        let mut pairs = Vec::new();
        let renamed = |name: &String| self.renamed.get(name).unwrap_or(name).clone();
        let keys: [&dyn Fn(&Variant<'s>, bool) -> Option<String>; 3] = [
            &|variant, is_old| {
                let name = variant.schema.component.as_ref();
                name.map(|name| if is_old { renamed(name) } else { name.clone() })
            },
            &|variant, _| (!variant.tags.is_empty()).then(|| format!("{:?}", variant.tags)),
            &|variant, _| Some(variant.shape.clone()),
        ];
        for key in keys {
            let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
            for index in new.iter().rev() {
                if let Some(key) = key(&after.variants[*index], false) {
                    waiting.entry(key).or_default().push(*index);
                }
            }
            old.retain(|index| {
                let key = key(&before.variants[*index], true);
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
                    let fit = fit(&before.variants[*one], &after.variants[*other]);
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

    /// Compares which values of the discriminator lead to which variant.
    fn discriminators(
        &mut self,
        old: &View<'s>,
        new: &View<'s>,
        (before, after): (&Variants<'s>, &Variants<'s>),
        pairs: &[(usize, usize)],
    ) {
        let label = self.label(&new.own());
        let at = (old.place("discriminator"), new.place("discriminator"));
        let (effect, words) = match (&before.discriminator, &after.discriminator) {
            (None, None) => {
                let written = |view: &View<'s>| {
                    let mut parts = view.schema.parts.iter();
                    parts.find_map(|part| part.value.get("discriminator")).cloned()
                };
                if written(old) != written(new) {
                    self.cannot_tell(&at.0, &at.1, &format!("{label} has another discriminator"));
                }
                return;
            }
            (None, Some(_)) => (Effect::Narrows, "now has a discriminator"),
            (Some(_), None) => (Effect::Widens, "no longer has a discriminator"),
            (Some(one), Some(other)) => {
                let (was, is) = (targets(one), targets(other));
                let is_pair = |one: &Located<'_>, other: &Located<'_>| {
                    let position = |side: &Variants<'s>, target: &Located<'_>| {
                        let is_target = |variant: &Variant<'s>| {
                            let parts = &variant.schema.parts;
                            parts.iter().any(|part| std::ptr::eq(part.value, target.value))
                        };
                        side.variants.iter().position(is_target)
                    };
                    let position = position(before, one).zip(position(after, other));
                    position.is_some_and(|position| pairs.contains(&position))
                };
                let lost = was
                    .iter()
                    .any(|(value, one)| is.get(value).is_none_or(|other| !is_pair(one, other)));
                let gained = is
                    .iter()
                    .any(|(value, other)| was.get(value).is_none_or(|one| !is_pair(one, other)));
                // A variant that was added or removed is reported as such.
                let all_stay = pairs.len() == before.variants.len() && pairs.len() == after.variants.len();
                match (one.property == other.property, lost, gained) {
                    (true, false, false) => return,
                    (true, true, false) if !all_stay => return,
                    (true, false, true) if !all_stay => return,
                    (true, false, true) => (Effect::Widens, "has more values of its discriminator"),
                    (true, true, false) => (Effect::Narrows, "has fewer values of its discriminator"),
                    _ => (Effect::Alters, "has another discriminator"),
                }
            }
        };
        let message = format!("{label} {words}");
        self.effect("discriminator", effect, Some(&at.0), Some(&at.1), &message);
    }
}

/// The component that each value of a discriminator leads to.
fn targets<'d, 's>(discriminator: &'d Discriminator<'s>) -> BTreeMap<&'d String, &'d Located<'s>> {
    let variants = discriminator.variants.iter();
    variants
        .flat_map(|variant| variant.values.iter().map(move |value| (value, &variant.component)))
        .collect()
}
