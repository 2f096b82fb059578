//! `oneOf` and `anyOf`: which variant takes the value, and what to report when none does.

use serde_json::Value;

use super::mismatch::{Kind, Mismatch};
use super::overlay::Over;
use super::types::{is_of_type, type_of};
use super::validation::{Compared, Path};
use super::validator::Instances;
use crate::spec::refs::{self, Found};

/// One variant, tried.
struct Tried<'s> {
    found: Found<'s>,
    over: Over<'s>,
    compared: Compared,
}

impl Tried<'_> {
    fn fits(&self) -> bool {
        self.compared.mismatches.iter().all(Mismatch::is_unknown)
    }
}

impl<'s> Instances<'s> {
    /// Takes over what the variant says that takes the value; of several the one that knows most of its properties.
    #[allow(
        clippy::too_many_arguments,
        reason = "the parts of one step of a recursion; a struct for them would be built and taken apart at every step"
    )]
    pub(super) fn union<'v>(
        &self,
        schema: &Found<'s>,
        keyword: &str,
        value: &'v Value,
        path: &mut Path<'v>,
        over: &mut Over<'s>,
        out: &mut Compared,
        layers: usize,
    ) {
        let Some(variants) = schema.value.get(keyword).and_then(Value::as_array) else {
            return;
        };
        let tried: Vec<Tried<'s>> = variants
            .iter()
            .enumerate()
            .map(|(index, variant)| {
                let at = schema.at.child(keyword).child(index);
                let found = Found { at, value: variant };
                let mut tried = Tried {
                    found: found.clone(),
                    over: over.clone(),
                    compared: Compared::default(),
                };
                self.layer(found, value, path, &mut tried.over, &mut tried.compared, layers + 1);
                tried
            })
            .collect();
        let fitting = tried.iter().filter(|tried| tried.fits()).count();
        if keyword == "oneOf" && fitting > 1 {
            out.push(&schema.at, path, Kind::SeveralVariants);
        }
        let chosen = if fitting > 0 {
            let unknown = |tried: &Tried<'_>| {
                let names = |name: &&String| !tried.over.names.contains(name.as_str());
                let of_members = value
                    .as_object()
                    .map_or(0, |members| members.keys().filter(names).count());
                of_members + tried.compared.mismatches.len()
            };
            tried.into_iter().filter(Tried::fits).min_by_key(unknown)
        } else {
            self.nearest(tried, value)
        };
        match chosen {
            Some(chosen) => {
                *over = chosen.over;
                out.absorb(chosen.compared);
            }
            None if variants.is_empty() => {}
            None => {
                let kind = if value.is_null() { Kind::Null } else { Kind::NoVariant };
                out.push(&schema.at, path, kind);
            }
        }
    }

    /// Of variants that do not fit, the one that is meant all the same: the object whose tag the value has, or the only one of
    /// the value's type.
    fn nearest(&self, tried: Vec<Tried<'s>>, value: &Value) -> Option<Tried<'s>> {
        let resolved = |tried: &Tried<'s>| refs::resolve(self.tree, tried.found.clone());
        let is_tagged = |tried: &Tried<'s>| resolved(tried).is_some_and(|found| has_tag(found.value, value));
        let of_type = |tried: &Tried<'s>| {
            let found = resolved(tried);
            let keywords = found.as_ref().and_then(|found| found.value.as_object());
            keywords
                .and_then(type_of)
                .is_some_and(|expected| is_of_type(value, expected))
        };
        let by_tag: Vec<usize> = positions(&tried, is_tagged);
        let by_type: Vec<usize> = positions(&tried, of_type);
        let index = match (by_tag.as_slice(), by_type.as_slice()) {
            ([index], _) | ([], [index]) => *index,
            _ => return None,
        };
        tried.into_iter().nth(index)
    }
}

fn positions<'s>(tried: &[Tried<'s>], is: impl Fn(&Tried<'s>) -> bool) -> Vec<usize> {
    let all = tried.iter().enumerate();
    all.filter(|(_, tried)| is(tried)).map(|(index, _)| index).collect()
}

/// Whether the value has the one value of an enum by which a variant tells itself from the others.
fn has_tag(variant: &Value, value: &Value) -> bool {
    refs::members(variant, "properties").any(|(name, property)| {
        let only = property
            .get("enum")
            .and_then(Value::as_array)
            .filter(|values| values.len() == 1);
        only.is_some_and(|values| value.get(name) == values.first())
    })
}
