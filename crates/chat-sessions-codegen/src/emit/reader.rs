//! How the generated types are read.
//!
//! serde's `flatten` keeps unknown fields, and pays for each of them: it gathers them in a form between JSON and Rust, and
//! makes a map of that when the object is at its end. The readers that are written here put each value where it belongs as it
//! comes; the loop is in the wire, since a raw crate has none. They mean the same: a field that is missing, null, there twice or
//! unknown is what it was with the derived reader. A type that asks for anything else of serde keeps the derived one.

use quote::format_ident;
use syn::{Arm, FieldValue, Ident, Item, ItemStruct, Stmt, parse_quote};

use super::told::Told;

/// What `serde` is told of a field that a reader written here does as well.
const UNDERSTOOD: [&str; 3] = ["rename", "skip_serializing_if", "flatten"];

/// Writes the reader of every type that keeps unknown fields, in place of the derived one.
pub(super) fn write(file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
            *items = std::mem::take(items)
                .into_iter()
                .flat_map(|mut item| {
                    let reader = reader(&mut item);
                    std::iter::once(item).chain(reader)
                })
                .collect();
        }
    }
}

/// The parts of a reader that there are one of for each field.
#[derive(Default)]
struct Parts {
    begin: Vec<Stmt>,
    name: Vec<Arm>,
    take: Vec<Arm>,
    give: Vec<FieldValue>,
}

/// Takes the derived reader off a type and gives the one in its place; `None` where the derived one stays.
fn reader(item: &mut Item) -> Option<Item> {
    let Item::Struct(item) = item else {
        return None;
    };
    let fields: Vec<_> = item.fields.iter().map(|field| (field, Told::of(field))).collect();
    let on_the_type = item.attrs.iter().any(|attribute| attribute.path().is_ident("serde"));
    if on_the_type || !fields.iter().all(|(_, told)| told.is_only(&UNDERSTOOD)) {
        return None;
    }
    let (unknown, known): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(_, told)| told.is_flattened());
    // A request can say which values its further fields have, and then keeps them in a map of another type.
    let [(unknown, _)] = unknown.as_slice() else {
        return None;
    };
    if !is_of(&unknown.ty, &["serde_json", "Map"]) {
        return None;
    }
    let unknown = unknown.ident.clone()?;

    let mut parts = Parts::default();
    for (field, told) in &known {
        let field_name = field.ident.as_ref()?;
        // Nothing else in the reader ends in the same way, whatever the spec calls its fields.
        let slot = format_ident!("{field_name}_");
        let json = told.json_name(field);
        let index = syn::Index::from(parts.take.len());
        parts
            .begin
            .push(parse_quote! { let mut #slot = ::std::option::Option::None; });
        parts.name.push(parse_quote! { #json => #index, });
        parts.take.push(parse_quote! {
            #index => ::chat_sessions_wire::reading::once(&mut #slot, #json, map),
        });
        parts.give.push(if is_of(&field.ty, &["std", "option", "Option"]) {
            parse_quote! { #field_name: #slot.flatten() }
        } else {
            parse_quote! { #field_name: #slot.ok_or_else(|| ::serde::de::Error::missing_field(#json))? }
        });
    }
    underive(item).then(|| reader_of(&item.ident, &unknown, &parts))
}

fn reader_of(ident: &Ident, unknown: &Ident, parts: &Parts) -> Item {
    let expected = format!("struct {ident}");
    let Parts {
        begin,
        name,
        take,
        give,
    } = parts;
    // What begins with two underscores cannot be the name of a schema, and hide what is meant.
    parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #ident {
            fn deserialize<__D: ::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                struct __Reader;
                impl<'de> ::serde::de::Visitor<'de> for __Reader {
                    type Value = #ident;
                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(#expected)
                    }
                    fn visit_map<__A: ::serde::de::MapAccess<'de>>(
                        self,
                        map: __A,
                    ) -> ::std::result::Result<Self::Value, __A::Error> {
                        let known = |name: &str| {
                            ::std::option::Option::Some(match name {
                                #(#name)*
                                _ => return ::std::option::Option::None,
                            })
                        };
                        #(#begin)*
                        let unknown = ::chat_sessions_wire::reading::object(map, known, |number, map| match number {
                            #(#take)*
                            _ => ::std::result::Result::Ok(()),
                        })?;
                        ::std::result::Result::Ok(#ident {
                            #(#give,)*
                            #unknown: unknown,
                        })
                    }
                }
                deserializer.deserialize_map(__Reader)
            }
        }
    }
}

/// Takes `Deserialize` out of what is derived, and says whether it was there.
fn underive(item: &mut ItemStruct) -> bool {
    let mut was_there = false;
    for attribute in item
        .attrs
        .iter_mut()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        let mut kept: Vec<syn::Path> = Vec::new();
        let parsed = attribute.parse_nested_meta(|meta| {
            kept.push(meta.path);
            Ok(())
        });
        let all = kept.len();
        kept.retain(|path| path.segments.last().is_none_or(|last| last.ident != "Deserialize"));
        if parsed.is_ok() && kept.len() < all {
            was_there = true;
            *attribute = parse_quote! { #[derive(#(#kept),*)] };
        }
    }
    was_there
}

/// Says whether a type is the one at this path, and not one of a schema that has the same name.
fn is_of(ty: &syn::Type, path: &[&str]) -> bool {
    let syn::Type::Path(ty) = ty else {
        return false;
    };
    let segments = ty.path.segments.iter();
    ty.path.leading_colon.is_some() && segments.map(|segment| &segment.ident).eq(path)
}
