//! Lowers unions with a discriminator, and finds their enums in the generated code.
//!
//! The generator ignores discriminators, and emits an enum whose variants are tried one after the
//! other. Its names for enums and variants depend on where a union stands and on what the variants
//! are called. So lowering gives the open variant of each union a name of its own, by which the enum
//! is found in the generated code; there it becomes `Other`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::rust_names::pascal;
use crate::spec::Pointer;
use crate::spec::discriminator::Discriminator;
use crate::spec::refs::Located;

/// The name of the variant for objects with another discriminator, and for all other values.
pub(crate) const OPEN_VARIANT: &str = "Other";

/// Keywords that repeat what the variants say.
const OF_VARIANTS: [&str; 4] = ["additionalProperties", "properties", "required", "type"];

/// A union in a response whose variants a discriminator tells apart.
pub(super) struct Union {
    /// The name that lowering gives to the open variant.
    pub(super) marker: String,
    /// The property.
    pub(super) discriminator: String,
    /// The variants, in the order of the document.
    pub(super) variants: Vec<Variant>,
}

/// One variant of a union.
pub(super) struct Variant {
    /// Its name in Rust, which is that of its schema.
    pub(super) name: String,
    /// The values of the discriminator that lead to it.
    pub(super) values: BTreeSet<String>,
    reference: String,
}

/// The unions with a discriminator among the schemas of responses.
pub(super) fn unions(tree: &Value, responses: &[Located<'_>]) -> BTreeMap<Pointer, Union> {
    let found = responses.iter().filter_map(|schema| {
        let discriminator = Discriminator::of(tree, schema)?;
        Some((schema.at.clone(), discriminator))
    });
    found
        .enumerate()
        .map(|(number, (at, discriminator))| (at, Union::new(number, &discriminator)))
        .collect()
}

impl Union {
    fn new(number: usize, discriminator: &Discriminator<'_>) -> Self {
        let variants: Vec<Variant> = discriminator
            .variants
            .iter()
            .map(|variant| Variant {
                name: pascal(&variant.component.at.name()),
                values: variant.values.clone(),
                reference: variant.component.at.to_string(),
            })
            .collect();
        // The generator removes what the names of all variants begin with.
        let first = variants.first().and_then(|variant| variant.name.chars().next());
        let letter = if first == Some('U') { 'V' } else { 'U' };
        Self {
            marker: format!("{letter}nionNumber{number}"),
            discriminator: discriminator.property.to_owned(),
            variants,
        }
    }

    /// Replaces the union by one of its variants and an open one.
    pub(super) fn lower(&self, schema: &mut Map<String, Value>) {
        for keyword in ["oneOf", "anyOf"].iter().chain(&OF_VARIANTS) {
            schema.remove(*keyword);
        }
        let variants = self.variants.iter().map(|variant| json!({"$ref": variant.reference}));
        let variants: Vec<Value> = variants.chain([json!({"title": self.marker})]).collect();
        schema.insert("oneOf".to_owned(), Value::Array(variants));
    }
}
