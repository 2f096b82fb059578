//! `oneOf` and `anyOf`: chooses the matching variant, or what to report when none matches.

use serde_json::Value;

use super::mismatch::{Mismatch, MismatchKind};
use super::overlay::Overlay;
use super::types::{is_of_type, type_of};
use super::validation::{Path, Validation};
use super::validator::Validator;
use crate::spec::discriminator::Discriminator;
use crate::spec::refs::{self, Located};

/// One variant and the result of trying it.
struct Attempt<'s> {
    found: Located<'s>,
    overlay: Overlay<'s>,
    validation: Validation,
}

impl Attempt<'_> {
    fn fits(&self) -> bool {
        self.validation.mismatches.iter().all(Mismatch::is_unknown)
    }
}

impl<'s> Validator<'s> {
    /// Adopts the result of the matching variant; of several, the one that knows most of the
    /// value's properties.
    #[allow(
        clippy::too_many_arguments,
        reason = "the arguments of one step of a recursion; a struct for them would be built and taken apart at every step"
    )]
    pub(super) fn union<'v>(
        &self,
        schema: &Located<'s>,
        keyword: &str,
        value: &'v Value,
        path: &mut Path<'v>,
        overlay: &mut Overlay<'s>,
        out: &mut Validation,
        layers: usize,
    ) {
        let Some(variants) = schema.value.get(keyword).and_then(Value::as_array) else {
            return;
        };
        let discriminator = Discriminator::of(self.tree, schema).filter(|found| found.keyword == keyword);
        // Without its discriminator, an object is compared with each variant, and may fit several.
        if let Some(found) = discriminator
            .as_ref()
            .filter(|found| value.get(found.property).is_some())
        {
            match found.variant(value) {
                Some(variant) => self.layer(variant.component.clone(), value, path, overlay, out, layers + 1),
                None => out.push(&schema.at, path, MismatchKind::NoVariant),
            }
            return;
        }
        let attempts: Vec<Attempt<'s>> = variants
            .iter()
            .enumerate()
            .map(|(index, variant)| {
                let at = schema.at.child(keyword).child(index);
                let found = Located { at, value: variant };
                let mut attempts = Attempt {
                    found: found.clone(),
                    overlay: overlay.clone(),
                    validation: Validation::default(),
                };
                self.layer(
                    found,
                    value,
                    path,
                    &mut attempts.overlay,
                    &mut attempts.validation,
                    layers + 1,
                );
                attempts
            })
            .collect();
        let fitting = attempts.iter().filter(|attempts| attempts.fits()).count();
        if keyword == "oneOf" && fitting > 1 && discriminator.is_none() {
            out.push(&schema.at, path, MismatchKind::SeveralVariants);
        }
        let chosen = if fitting > 0 {
            let unknown = |attempts: &Attempt<'_>| {
                let names = |name: &&String| !attempts.overlay.names.contains(name.as_str());
                let of_members = value
                    .as_object()
                    .map_or(0, |members| members.keys().filter(names).count());
                of_members + attempts.validation.mismatches.len()
            };
            attempts.into_iter().filter(Attempt::fits).min_by_key(unknown)
        } else {
            self.nearest(attempts, value)
        };
        match chosen {
            Some(chosen) => {
                *overlay = chosen.overlay;
                out.absorb(chosen.validation);
            }
            None if variants.is_empty() => {}
            None => out.push(&schema.at, path, MismatchKind::NoVariant),
        }
    }

    /// When no variant matches, the one that was meant: the object whose tag the value has, or else
    /// the only one of the value's type.
    fn nearest(&self, attempts: Vec<Attempt<'s>>, value: &Value) -> Option<Attempt<'s>> {
        let resolved = |attempts: &Attempt<'s>| refs::resolve(self.tree, attempts.found.clone());
        let is_tagged = |attempts: &Attempt<'s>| resolved(attempts).is_some_and(|found| has_tag(found.value, value));
        let of_type = |attempts: &Attempt<'s>| {
            let found = resolved(attempts);
            let keywords = found.as_ref().and_then(|found| found.value.as_object());
            keywords
                .and_then(type_of)
                .is_some_and(|expected| is_of_type(value, expected))
        };
        let by_tag: Vec<usize> = positions(&attempts, is_tagged);
        let by_type: Vec<usize> = positions(&attempts, of_type);
        let index = match (by_tag.as_slice(), by_type.as_slice()) {
            ([index], _) | ([], [index]) => *index,
            _ => return None,
        };
        attempts.into_iter().nth(index)
    }
}

fn positions<'s>(attempts: &[Attempt<'s>], is: impl Fn(&Attempt<'s>) -> bool) -> Vec<usize> {
    let all = attempts.iter().enumerate();
    all.filter(|(_, attempts)| is(attempts))
        .map(|(index, _)| index)
        .collect()
}

/// Whether the value has the tag of a variant, which is a property with a single-value enum.
fn has_tag(variant: &Value, value: &Value) -> bool {
    refs::members(variant, "properties").any(|(name, property)| {
        let only = property
            .get("enum")
            .and_then(Value::as_array)
            .filter(|values| values.len() == 1);
        only.is_some_and(|values| value.get(name) == values.first())
    })
}
