//! How the generated types are read.
//!
//! serde's `flatten` keeps unknown fields, and pays for each of them: it gathers them in a form
//! between JSON and Rust, and makes a map of that when the object is at its end. The readers that
//! are written here put each value where it belongs as it comes; the loop is in the wire, since a
//! raw crate has none. They mean the same: a field that is missing, null, there twice or unknown is
//! what it was with the derived reader. A type that asks for anything else of serde keeps the
//! derived one.
//!
//! Of a value that can be one thing or another, the derived reader keeps a copy and tries what it
//! could be on it, with an error for each try that fails. The reader that is written here looks at
//! what it is.

use quote::format_ident;
use syn::{Arm, Attribute, FieldValue, Ident, Item, ItemEnum, ItemStruct, Stmt, Type, parse_quote};

use super::serde_attributes::SerdeAttributes;

/// What `serde` is told of a field that a reader written here does as well.
const SUPPORTED_ATTRIBUTES: [&str; 3] = ["rename", "skip_serializing_if", "flatten"];

/// Writes the reader of every type that keeps unknown fields, and of every choice between a text, a
/// number and anything else, in place of the derived one.
pub(super) fn write_deserializers(file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
            let objects: Vec<Ident> = items.iter().filter_map(object_name).collect();
            *items = std::mem::take(items)
                .into_iter()
                .flat_map(|mut item| {
                    let readers = match &mut item {
                        Item::Struct(item) => object_impls(item, &objects),
                        Item::Enum(item) => choice_impl(item).map(|reader| vec![reader]),
                        _ => None,
                    };
                    std::iter::once(item).chain(readers.into_iter().flatten())
                })
                .collect();
        }
    }
}

/// The parts of a reader that there are one of for each field.
#[derive(Default)]
struct Parts {
    declarations: Vec<Stmt>,
    name: Vec<Arm>,
    value_arms: Vec<Arm>,
    fields_built: Vec<FieldValue>,
}

/// Gives the name of a type whose reader is written here.
fn object_name(item: &Item) -> Option<Ident> {
    match item {
        Item::Struct(item) => extra_field(item).map(|_| item.ident.clone()),
        _ => None,
    }
}

/// Gives the field that keeps the unknown ones; `None` where the derived reader stays.
fn extra_field(item: &ItemStruct) -> Option<Ident> {
    let fields: Vec<_> = item
        .fields
        .iter()
        .map(|field| (field, SerdeAttributes::of(field)))
        .collect();
    let on_the_type = item.attrs.iter().any(|attribute| attribute.path().is_ident("serde"));
    if on_the_type
        || !fields
            .iter()
            .all(|(_, attributes)| attributes.is_only(&SUPPORTED_ATTRIBUTES))
    {
        return None;
    }
    let mut unknown = fields.iter().filter(|(_, attributes)| attributes.is_flattened());
    let (Some((unknown, _)), None) = (unknown.next(), unknown.next()) else {
        return None;
    };
    // A request can say which values its further fields have, and then keeps them in a map of
    // another type.
    let keeps_anything =
        is_type(&unknown.ty, &["serde_json", "Map"]) && remove_derived_deserialize(&mut item.attrs.clone());
    unknown.ident.clone().filter(|_| keeps_anything)
}

/// Takes the derived reader off a type and gives the one in its place; `None` where the derived one
/// stays.
fn object_impls(item: &mut ItemStruct, objects: &[Ident]) -> Option<Vec<Item>> {
    let unknown = extra_field(item)?;
    let mut parts = Parts::default();
    for field in &item.fields {
        let field_name = field.ident.as_ref()?;
        if *field_name == unknown {
            continue;
        }
        // Nothing else in the reader ends in the same way, whatever the spec calls its fields.
        let slot = format_ident!("{field_name}_");
        let json = SerdeAttributes::of(field).json_name(field);
        let index = syn::Index::from(parts.value_arms.len());
        parts
            .declarations
            .push(parse_quote! { let mut #slot = ::std::option::Option::None; });
        parts.name.push(parse_quote! { #json => #index, });
        let optional = type_argument(&field.ty, &["std", "option", "Option"]);
        let is_object = |ty: &Type| objects.iter().any(|object| *ty == parse_quote! { #object });
        let list = optional.and_then(|ty| type_argument(ty, &["std", "vec", "Vec"]));
        let once = match (optional, list) {
            (_, Some(item)) if is_object(item) => format_ident!("list_once"),
            (Some(value), _) if is_object(value) => format_ident!("object_once"),
            _ => format_ident!("once"),
        };
        parts.value_arms.push(parse_quote! {
            #index => ::chat_sessions_wire::reading::#once(&mut #slot, #json, map),
        });
        parts.fields_built.push(if optional.is_some() {
            parse_quote! { #field_name: #slot.flatten() }
        } else {
            parse_quote! { #field_name: #slot.ok_or_else(|| ::serde::de::Error::missing_field(#json))? }
        });
    }
    remove_derived_deserialize(&mut item.attrs).then(|| impls_for(&item.ident, &unknown, &parts))
}

fn impls_for(ident: &Ident, unknown: &Ident, parts: &Parts) -> Vec<Item> {
    let expected = format!("struct {ident}");
    let Parts {
        declarations,
        name,
        value_arms,
        fields_built,
    } = parts;
    // What begins with two underscores cannot be the name of a schema, and hide what is meant.
    let reader = parse_quote! {
        impl<'de> ::chat_sessions_wire::reading::Object<'de> for #ident {
            const EXPECTED: &'static str = #expected;

            #[inline]
            fn read<__A: ::serde::de::MapAccess<'de>>(map: __A) -> ::std::result::Result<Self, __A::Error> {
                let known = |name: &str| match name {
                    #(#name)*
                    _ => ::chat_sessions_wire::reading::UNKNOWN,
                };
                #(#declarations)*
                let unknown = ::chat_sessions_wire::reading::fields(map, known, |number, map| match number {
                    #(#value_arms)*
                    _ => ::std::result::Result::Ok(()),
                })?;
                ::std::result::Result::Ok(#ident {
                    #(#fields_built,)*
                    #unknown: unknown,
                })
            }
        }
    };
    let deserialize = parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #ident {
            fn deserialize<__D: ::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                ::chat_sessions_wire::reading::whole(deserializer)
            }
        }
    };
    vec![reader, deserialize]
}

/// Takes the derived reader off a choice and gives the one in its place; `None` where the derived
/// one stays.
fn choice_impl(item: &mut ItemEnum) -> Option<Item> {
    let untagged: Attribute = parse_quote! { #[serde(untagged)] };
    let is_untagged = item.attrs.contains(&untagged);
    let holds: Vec<&Type> = item
        .variants
        .iter()
        .map(|variant| match &variant.fields {
            syn::Fields::Unnamed(fields) if fields.unnamed.len() == 1 && variant.attrs.is_empty() => {
                fields.unnamed.first().map(|field| &field.ty)
            }
            _ => None,
        })
        .collect::<Option<_>>()?;
    let (anything, scalars) = holds.split_last()?;
    if !is_untagged || !is_type(anything, &["serde_json", "Value"]) {
        return None;
    }
    let integer: Type = parse_quote! { i64 };
    let tries: Vec<Stmt> = scalars
        .iter()
        .zip(&item.variants)
        .map(|(ty, syn::Variant { ident, .. })| {
            if **ty == integer {
                Some(parse_quote! {
                    if let ::std::option::Option::Some(number) = value.as_i64() {
                        return ::std::result::Result::Ok(Self::#ident(number));
                    }
                })
            } else if is_type(ty, &["std", "string", "String"]) {
                Some(parse_quote! {
                    let value = match value {
                        ::serde_json::Value::String(text) => return ::std::result::Result::Ok(Self::#ident(text)),
                        value => value,
                    };
                })
            } else {
                None
            }
        })
        .collect::<Option<_>>()?;
    let (ident, anything) = (&item.ident, &item.variants.last()?.ident);
    let reader = parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #ident {
            fn deserialize<__D: ::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
                #(#tries)*
                ::std::result::Result::Ok(Self::#anything(value))
            }
        }
    };
    remove_derived_deserialize(&mut item.attrs).then_some(reader)
}

/// Takes `Deserialize` out of what is derived, and says whether it was there.
fn remove_derived_deserialize(attributes: &mut [Attribute]) -> bool {
    let mut was_there = false;
    for attribute in attributes
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

/// Gives what stands between the angle brackets of the type at this path.
fn type_argument<'a>(ty: &'a Type, path: &[&str]) -> Option<&'a Type> {
    let Type::Path(outer) = ty else {
        return None;
    };
    match &outer.path.segments.last()?.arguments {
        syn::PathArguments::AngleBracketed(inner) if is_type(ty, path) => match inner.args.first()? {
            syn::GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

/// Says whether a type is the one at this path, and not one of a schema that has the same name.
fn is_type(ty: &Type, path: &[&str]) -> bool {
    let Type::Path(ty) = ty else {
        return false;
    };
    let segments = ty.path.segments.iter();
    ty.path.leading_colon.is_some() && segments.map(|segment| &segment.ident).eq(path)
}
