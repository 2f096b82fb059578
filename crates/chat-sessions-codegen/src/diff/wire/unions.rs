//! Compares unions: their variants in pairs, whether variants overlap, and the discriminator. Also
//! what `not` excludes.

use super::comparer::Comparer;
use super::variants::{Variant, Variants};
use super::verdicts::{Condition, Mode};
use super::version::Version;
use super::view::View;
use crate::diff::change::{Compatibility, Effect};
use crate::diff::words::with_article;
use crate::spec::normal::schema::{Place, Union, is_text};
use crate::spec::refs::Located;

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
            version.only_variant(&place)
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
        let pairs = before.pairs(after, &self.renamed, (&self.old, &self.new));
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
        let excludes = (before.excludes_overlap(), after.excludes_overlap());
        if excludes == (false, false) {
            return;
        }
        let label = self.label(&new.own());
        let place =
            |view: &View<'s>, side: &Variants<'s>| side.keyword.map_or_else(|| view.own(), |name| view.place(name));
        let at = (place(old, before), place(new, after));
        let (effect, word) = match excludes {
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

    /// What one `not` forbids is compared with what the other forbids only for equality.
    pub(super) fn negations(&mut self, old: &View<'s>, new: &View<'s>) {
        let (before, after) = (&old.schema.not, &new.schema.not);
        if before.is_empty() && after.is_empty() {
            return;
        }
        let label = self.label(&new.subject("not"));
        let at = (old.place("not"), new.place("not"));
        let (kind, effect, message) = match (before.len(), after.len()) {
            (0, _) => (
                "not",
                Effect::Narrows,
                format!("{label} now excludes values with `not`"),
            ),
            (_, 0) => (
                "not",
                Effect::Widens,
                format!("{label} no longer excludes values with `not`"),
            ),
            (one, other) if one == other => {
                let mode = Mode {
                    is_quiet: true,
                    ..self.mode
                };
                let pairs = before.iter().zip(after);
                let pairs = pairs.filter_map(|(old, new)| {
                    let outer = self.pair.take();
                    let pair = self.schemas(&Place::of(old), &Place::of(new), mode);
                    self.pair = outer;
                    pair
                });
                let pairs = pairs.collect();
                let message = format!("cannot tell: what {label} excludes with `not` has changed");
                self.check((pairs, Condition::Differs), "cannot-tell", (&at.0, &at.1), &message);
                return;
            }
            _ => {
                let what = format!("what {label} excludes with `not` has changed");
                self.cannot_tell(&at.0, &at.1, &what);
                return;
            }
        };
        self.effect(kind, effect, Some(&at.0), Some(&at.1), &message);
    }

    /// Compares the schemas that a discriminator leads to by inheritance.
    pub(super) fn subtypes(&mut self, old: &View<'s>, new: &View<'s>) {
        let before = self.old.subtypes(old);
        let mut after = self.new.subtypes(new);
        let label = self.label(&new.own());
        for (name, heir) in &before {
            let name = self.renamed.get(name).unwrap_or(name);
            if let Some(other) = after.remove(name) {
                self.inner(&Place::of(heir), &Place::of(&other));
            } else {
                let message = format!("{label} can no longer be {}", with_article(&format!("`{name}`")));
                self.effect("variant-removed", Effect::Narrows, Some(&heir.at), None, &message);
            }
        }
        for (name, heir) in &after {
            let message = format!("{label} can now also be {}", with_article(&format!("`{name}`")));
            self.effect("variant-added", Effect::Widens, None, Some(&heir.at), &message);
        }
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
                let (was, is) = (before.targets(), after.targets());
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
