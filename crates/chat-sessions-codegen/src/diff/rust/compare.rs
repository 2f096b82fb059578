//! Compares the types of two generated clients for a program written for the old one, by cargo's
//! rules.
//!
//! The rules are in the cargo reference, chapter on semantic versioning. There is no exception for
//! structs that are mostly read: all fields are public, so a program may construct or destructure a
//! struct without `..`, and an additional field breaks it. `cargo xtask prove` shows that.

use std::collections::{BTreeMap, BTreeSet};

use super::api::{Api, Member, Type, TypeShape};
use super::change::RustChange;
use crate::diff::bump::Bump;
use crate::diff::words::with_article;

/// Every change between two generated clients.
pub(in crate::diff) fn compare(old: &Api, new: &Api) -> Vec<RustChange> {
    let mut found = RustDiff::default();
    let renamed = found.renamed_types(old, new);
    found.types(old, new, &renamed);
    found.methods(old, new, &renamed);
    found.rest(old, new, &renamed);
    found.0
}

#[derive(Default)]
pub(super) struct RustDiff(pub(super) Vec<RustChange>);

/// The types that were renamed, by their old name.
pub(super) type Renamed = BTreeMap<String, String>;

impl RustDiff {
    pub(super) fn add(&mut self, kind: &'static str, (item, member): (&str, &str), bump: Bump, message: String) {
        self.0.push(RustChange {
            kind,
            item: item.to_owned(),
            member: member.to_owned(),
            bump,
            message,
        });
    }

    fn renamed_types(&mut self, old: &Api, new: &Api) -> Renamed {
        let mut gone: Vec<_> = old
            .types
            .iter()
            .filter(|(name, _)| !new.types.contains_key(*name))
            .collect();
        let mut fresh: Vec<_> = new
            .types
            .iter()
            .filter(|(name, _)| !old.types.contains_key(*name))
            .collect();
        let mut renamed = Renamed::new();
        // A type can be recognised once the types of its fields are.
        loop {
            let left = gone.len();
            gone.retain(|(name, entry)| {
                // With several candidates, none can be identified.
                let mut alike = (0..fresh.len()).filter(|index| same_shape(entry, fresh[*index].1, &renamed));
                let Some(same) = alike.next().filter(|_| alike.next().is_none()) else {
                    return true;
                };
                let (now, _) = fresh.remove(same);
                let message = format!("type `{name}` was renamed to `{now}`");
                self.add("type-renamed", (now, ""), Bump::Major, message);
                renamed.insert((*name).clone(), now.clone());
                false
            });
            if gone.len() == left {
                break;
            }
        }
        renamed
    }

    fn types(&mut self, old: &Api, new: &Api, renamed: &Renamed) {
        for (name, entry) in &old.types {
            let now = renamed.get(name).unwrap_or(name);
            let Some(other) = new.types.get(now) else {
                self.add(
                    "type-removed",
                    (name, ""),
                    Bump::Major,
                    format!("type `{name}` was removed"),
                );
                continue;
            };
            self.traits(now, entry, other, renamed);
            match (&entry.shape, &other.shape) {
                (TypeShape::Struct(before), TypeShape::Struct(after)) => self.fields(now, before, after, renamed),
                (TypeShape::Enum(before), TypeShape::Enum(after)) => self.variants(now, before, after, renamed),
                (TypeShape::Tuple(before), TypeShape::Tuple(after)) => {
                    if rename(&before.join(", "), renamed) != after.join(", ") {
                        let message = format!(
                            "`{now}` wraps `{}` instead of `{}`",
                            after.join(", "),
                            before.join(", ")
                        );
                        self.add("type-changed", (now, ""), Bump::Major, message);
                    }
                }
                (before, after) => {
                    let message = format!("`{now}` is {} instead of {}", shape_word(after), shape_word(before));
                    self.add("type-changed", (now, ""), Bump::Major, message);
                }
            }
            if entry.attributes != other.attributes {
                let message = format!("`{now}` {}", serde_words(&entry.attributes, &other.attributes));
                self.add("serde", (now, ""), Bump::Patch, message);
            }
            if entry.docs != other.docs {
                self.documentation(now, "");
            }
        }
        let fresh = new.types.keys().filter(|name| !old.types.contains_key(*name));
        for name in fresh.filter(|name| !renamed.values().any(|now| now == *name)) {
            self.add(
                "type-added",
                (name, ""),
                Bump::Minor,
                format!("type `{name}` was added"),
            );
        }
    }

    pub(super) fn documentation(&mut self, item: &str, member: &str) {
        let name = if member.is_empty() {
            item.to_owned()
        } else {
            format!("{item}::{member}")
        };
        let message = format!("the doc comment of `{name}` changed");
        self.add("documentation", (item, member), Bump::Patch, message);
    }

    fn traits(&mut self, name: &str, old: &Type, new: &Type, renamed: &Renamed) {
        let before: BTreeSet<String> = old.traits.iter().map(|name| rename(name, renamed)).collect();
        for lost in before.difference(&new.traits) {
            let message = format!("`{name}` no longer implements `{lost}`");
            self.add("trait-removed", (name, lost), Bump::Major, message);
        }
        for gained in new.traits.difference(&before) {
            let message = format!("`{name}` now implements `{gained}`");
            self.add("trait-added", (name, gained), Bump::Minor, message);
        }
    }

    fn fields(&mut self, name: &str, old: &[Member], new: &[Member], renamed: &Renamed) {
        let (pairs, gone, fresh) = pair(old, new);
        for field in gone {
            let message = format!("field `{name}::{}` was removed", field.name);
            self.add("field-removed", (name, &field.name), Bump::Major, message);
        }
        for field in fresh {
            let message = format!(
                "field `{name}::{}: {}` was added, which breaks code that constructs or destructures {} without `..`",
                field.name,
                field.kind,
                with_article(&format!("`{name}`"))
            );
            self.add("field-added", (name, &field.name), Bump::Major, message);
        }
        for (before, after) in pairs {
            let (was, is) = (rename(&before.kind, renamed), &after.kind);
            let place = (name, after.name.as_str());
            if was != *is {
                let (kind, message) = if *is == format!("Option<{was}>") {
                    let message = format!("field `{name}::{}` becomes `{is}`", after.name);
                    ("field-optional", message)
                } else if was == format!("Option<{is}>") {
                    let message = format!("field `{name}::{}` is `{is}`, no longer optional", after.name);
                    ("field-required", message)
                } else {
                    let message = format!("field `{name}::{}` is `{is}` instead of `{}`", after.name, before.kind);
                    ("field-type", message)
                };
                self.add(kind, place, Bump::Major, message);
            } else if before.attributes != after.attributes {
                let words = serde_words(&before.attributes, &after.attributes);
                let message = format!("field `{name}::{}` {words}", after.name);
                self.add("serde", place, Bump::Patch, message);
            }
            if before.docs != after.docs {
                self.documentation(name, &after.name);
            }
        }
    }

    fn variants(&mut self, name: &str, old: &[Member], new: &[Member], renamed: &Renamed) {
        let (pairs, gone, fresh) = pair(old, new);
        for variant in gone {
            let message = format!("variant `{name}::{}` was removed", variant.name);
            self.add("variant-removed", (name, &variant.name), Bump::Major, message);
        }
        for variant in fresh {
            let message = format!(
                "variant `{name}::{}` was added, which breaks a `match` without `_`",
                variant.name
            );
            self.add("variant-added", (name, &variant.name), Bump::Major, message);
        }
        for (before, after) in &pairs {
            let place = (name, after.name.as_str());
            if rename(&before.kind, renamed) != after.kind {
                let message = format!(
                    "variant `{name}::{}` holds `{}` instead of `{}`",
                    after.name, after.kind, before.kind
                );
                self.add("variant-type", place, Bump::Major, message);
            } else if before.attributes != after.attributes {
                let message = format!("variant `{name}::{}` is serialised differently", after.name);
                self.add("serde", place, Bump::Patch, message);
            }
            if before.docs != after.docs {
                self.documentation(name, &after.name);
            }
        }
        let names = |members: &[Member]| -> Vec<String> { members.iter().map(|member| member.name.clone()).collect() };
        let kept: Vec<String> = pairs.iter().map(|(_, after)| after.name.clone()).collect();
        let is_kept = |name: &String| kept.contains(name);
        let (before, after) = (names(old), names(new));
        if !before
            .iter()
            .filter(|name| is_kept(name))
            .eq(after.iter().filter(|name| is_kept(name)))
        {
            let message = format!("`{name}` tries its variants in another order");
            self.add("variant-order", (name, ""), Bump::Patch, message);
        }
    }
}

/// How the serde attributes of a type or field changed.
fn serde_words(before: &str, after: &str) -> String {
    let renamed = |attributes: &str| -> Option<String> {
        let (_, rest) = attributes.split_once("rename = \"")?;
        rest.split('"').next().map(str::to_owned)
    };
    let refuses = |attributes: &str| attributes.contains("deny_unknown_fields");
    if refuses(before) != refuses(after) {
        return if refuses(after) {
            "rejects unknown fields"
        } else {
            "accepts unknown fields"
        }
        .to_owned();
    }
    match (renamed(before), renamed(after)) {
        (was, Some(now)) if was.as_ref() != Some(&now) => format!("is named `{now}` in JSON"),
        (Some(_), None) => "has its own name in JSON".to_owned(),
        _ if before.contains("default") || after.contains("default") => {
            "has another default when it is missing".to_owned()
        }
        _ => "is serialised differently".to_owned(),
    }
}

/// Whether two types differ only in their names.
fn same_shape(old: &Type, new: &Type, renamed: &Renamed) -> bool {
    let same = |before: &[Member], after: &[Member]| {
        before.len() == after.len()
            && before.iter().zip(after).all(|(before, after)| {
                before.name == after.name
                    && rename(&before.kind, renamed) == after.kind
                    && before.attributes == after.attributes
            })
    };
    match (&old.shape, &new.shape) {
        (TypeShape::Struct(before), TypeShape::Struct(after)) | (TypeShape::Enum(before), TypeShape::Enum(after)) => {
            same(before, after)
        }
        (TypeShape::Tuple(before), TypeShape::Tuple(after)) => before == after,
        _ => false,
    }
}

fn shape_word(shape: &TypeShape) -> &'static str {
    match shape {
        TypeShape::Struct(_) => "a struct with fields",
        TypeShape::Tuple(_) => "a newtype",
        TypeShape::Enum(_) => "an enum",
    }
}

type Pairs<'m> = (Vec<(&'m Member, &'m Member)>, Vec<&'m Member>, Vec<&'m Member>);

/// Pairs members by name: the pairs, the removed, the added.
fn pair<'m>(old: &'m [Member], new: &'m [Member]) -> Pairs<'m> {
    let of = |members: &'m [Member], name: &str| members.iter().find(|member| member.name == name);
    let pairs = old.iter().filter_map(|before| Some((before, of(new, &before.name)?)));
    let gone = old.iter().filter(|member| of(new, &member.name).is_none());
    let fresh = new.iter().filter(|member| of(old, &member.name).is_none());
    (pairs.collect(), gone.collect(), fresh.collect())
}

/// Replaces the old names of types in a text with their new names.
pub(super) fn rename(text: &str, renamed: &Renamed) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end.max(rest.chars().next().map_or(0, char::len_utf8)));
        done.push_str(renamed.get(word).map_or(word, String::as_str));
        rest = after;
    }
    done
}
