//! Finds the enums of unions with a discriminator, names their variants after their schemas, and
//! writes the implementation that reads the variant which the discriminator names.

use std::collections::BTreeMap;

use quote::format_ident;
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Ident, Item, ItemEnum, parse_quote};

use super::deserialize::remove_derived_deserialize;
use super::unions::{OPEN_VARIANT, Union};

/// Writes the implementations, and returns the names of the enums that have one.
pub(super) fn write_unions(file: &mut syn::File, unions: &[Union]) -> Vec<Ident> {
    let mut written = Vec::new();
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
            written.extend(unions.iter().filter_map(|union| write(items, union)));
        }
    }
    written
}

fn write(items: &mut Vec<Item>, union: &Union) -> Option<Ident> {
    let (position, item) = items.iter_mut().enumerate().find_map(|(position, item)| match item {
        Item::Enum(item) if is_enum_of(item, union) => Some((position, item)),
        _ => None,
    })?;
    let name = item.ident.clone();
    let mut renamed = BTreeMap::new();
    let names = union
        .variants
        .iter()
        .map(|variant| variant.name.as_str())
        .chain([OPEN_VARIANT]);
    for (variant, name) in item.variants.iter_mut().zip(names) {
        let name = identifier(name);
        renamed.insert(variant.ident.to_string(), name.clone());
        variant.ident = name;
    }
    remove_derived_deserialize(&mut item.attrs);
    let mut rename = Rename(renamed);
    for item in items.iter_mut() {
        if let Item::Impl(item) = item
            && *item.self_ty == parse_quote! { #name }
        {
            rename.visit_item_impl_mut(item);
        }
    }
    let written = implementations(&name, union);
    items.splice(position + 1..=position, written);
    Some(name)
}

/// The generator does the same for the one name of a type that is a keyword.
fn identifier(name: &str) -> Ident {
    let keyword = if name == "Self" { "_" } else { "" };
    format_ident!("{name}{keyword}")
}

fn is_enum_of(item: &ItemEnum, union: &Union) -> bool {
    let last = item
        .variants
        .last()
        .is_some_and(|variant| variant.ident == union.marker);
    last && item.variants.len() == union.variants.len() + 1
}

/// Renames variants in the implementations that the generator wrote.
struct Rename(BTreeMap<String, Ident>);

impl VisitMut for Rename {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let is_variant = path.segments.len() == 2 && path.segments[0].ident == "Self";
        if is_variant && let Some(name) = self.0.get(&path.segments[1].ident.to_string()) {
            path.segments[1].ident = name.clone();
        }
        visit_mut::visit_path_mut(self, path);
    }
}

fn implementations(name: &Ident, union: &Union) -> Vec<Item> {
    let discriminator = &union.discriminator;
    let open = format_ident!("{OPEN_VARIANT}");
    let numbered = || {
        union
            .variants
            .iter()
            .enumerate()
            .map(|(number, variant)| (syn::Index::from(number), variant))
    };
    let numbers = numbered()
        .filter(|(_, variant)| !variant.values.is_empty())
        .map(|(number, variant)| -> Arm {
            let values = &variant.values;
            let values = values.iter();
            parse_quote! { #(#values)|* => ::std::option::Option::Some(#number), }
        });
    let readers = numbered().map(|(number, variant)| -> Arm {
        let variant = identifier(&variant.name);
        parse_quote! { #number => ::serde::Deserialize::deserialize(object).map(Self::#variant), }
    });
    let reader = parse_quote! {
        impl<'de> ::chat_sessions_wire::union::Union<'de> for #name {
            const DISCRIMINATOR: &'static str = #discriminator;

            fn number(value: &str) -> ::std::option::Option<usize> {
                match value {
                    #(#numbers)*
                    _ => ::std::option::Option::None,
                }
            }

            fn read<__D: ::serde::Deserializer<'de>>(
                number: usize,
                object: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                match number {
                    #(#readers)*
                    _ => ::serde::Deserialize::deserialize(object).map(Self::#open),
                }
            }

            fn other(value: ::serde_json::Value) -> Self {
                Self::#open(value)
            }
        }
    };
    let deserialize = parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<__D: ::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                ::chat_sessions_wire::union::whole(deserializer)
            }
        }
    };
    vec![reader, deserialize]
}
