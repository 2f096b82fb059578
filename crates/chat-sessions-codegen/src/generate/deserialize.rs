//! Writes `Deserialize` for generated types, where that is faster than deriving it.
//!
//! serde's `flatten` keeps unknown fields at a price: it buffers them in an intermediate form, and
//! builds a map from that at the end of the object. The implementations written here store each
//! value directly. The loop is in `chat-sessions-wire`, since a raw crate has no code of its own.
//! Where a derived implementation succeeds, the result is the same. Where it fails because an
//! optional field has a value of another type, or occurs twice, this one keeps the rest of the
//! object. A type that uses any other serde attribute keeps the derived implementation.
//!
//! For a value of several types, the derived implementation buffers a copy and tries each type,
//! with an error for each failed try. The implementation written here looks at the value.

use std::collections::{BTreeMap, BTreeSet};

use quote::{format_ident, quote};
use syn::visit::{self, Visit};
use syn::{Arm, Attribute, Expr, FieldValue, Ident, Item, ItemEnum, ItemStruct, Pat, Stmt, Type, parse_quote};

use super::serde_attributes::SerdeAttributes;

/// The serde field attributes that the implementations written here support.
const SUPPORTED_ATTRIBUTES: [&str; 3] = ["rename", "skip_serializing_if", "flatten"];

/// Replaces the derived `Deserialize` of every type that keeps unknown fields, and of every choice
/// between a string, a number and anything else. `unions` are the enums with an implementation
/// already.
pub(super) fn write_deserializers(file: &mut syn::File, unions: &[Ident]) {
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
            let objects: Vec<Ident> = items.iter().filter_map(object_name).collect();
            let types = Types {
                inner: items_of_lists(items),
                objects,
                unions,
            };
            *items = std::mem::take(items)
                .into_iter()
                .flat_map(|mut item| {
                    let readers = match &mut item {
                        Item::Struct(item) => object_impls(item, &types),
                        Item::Enum(item) => choice_impl(item).map(|reader| vec![reader]),
                        _ => None,
                    };
                    std::iter::once(item).chain(readers.into_iter().flatten())
                })
                .collect();
        }
    }
}

/// The types that an implementation must know.
struct Types<'a> {
    /// Those whose implementations are written here.
    objects: Vec<Ident>,
    /// Those that occur in lists, at any depth.
    inner: BTreeSet<Ident>,
    /// The unions with a discriminator.
    unions: &'a [Ident],
}

impl Types<'_> {
    fn is_object(&self, ty: &Type) -> bool {
        self.objects.iter().any(|object| *ty == parse_quote! { #object })
    }

    fn is_union(&self, ty: &Type) -> bool {
        let ty = type_argument(ty, &["std", "boxed", "Box"]).unwrap_or(ty);
        self.unions.iter().any(|union| *ty == parse_quote! { #union })
    }
}

/// The parts of an implementation that occur once per field.
#[derive(Default)]
struct Parts {
    declarations: Vec<Stmt>,
    name: Vec<Arm>,
    value_arms: Vec<Arm>,
    fields_built: Vec<FieldValue>,
    /// Whether a field may have a value of another type, which is kept among the unknown fields.
    keeps_other_types: bool,
}

/// The name of a type whose implementation is written here.
fn object_name(item: &Item) -> Option<Ident> {
    match item {
        Item::Struct(item) => extra_field(item).map(|_| item.ident.clone()),
        _ => None,
    }
}

/// The types of the items of lists, and those of their fields at any depth.
fn items_of_lists(items: &[Item]) -> BTreeSet<Ident> {
    let mut named = BTreeMap::new();
    let mut open = Vec::new();
    for item in items {
        let (ident, types) = match item {
            Item::Struct(item) => (
                &item.ident,
                item.fields.iter().map(|field| &field.ty).collect::<Vec<_>>(),
            ),
            Item::Enum(item) => {
                let fields = item.variants.iter().flat_map(|variant| &variant.fields);
                (&item.ident, fields.map(|field| &field.ty).collect())
            }
            _ => continue,
        };
        let mut uses = Uses::default();
        types.into_iter().for_each(|ty| uses.visit_type(ty));
        open.append(&mut uses.in_lists);
        named.insert(ident.clone(), uses.all);
    }
    let mut found = BTreeSet::new();
    while let Some(ident) = open.pop() {
        if let Some(fields) = named.get(&ident)
            && found.insert(ident)
        {
            open.extend(fields.iter().cloned());
        }
    }
    found
}

/// The names in a type, and which of them are within a list.
#[derive(Default)]
struct Uses {
    all: Vec<Ident>,
    in_lists: Vec<Ident>,
    is_in_list: bool,
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_type_path(&mut self, ty: &'ast syn::TypePath) {
        if let Some(ident) = ty.path.get_ident() {
            self.all.push(ident.clone());
            self.in_lists.extend(self.is_in_list.then(|| ident.clone()));
        }
        let outer = self.is_in_list;
        self.is_in_list |= ty.path.segments.last().is_some_and(|last| last.ident == "Vec");
        visit::visit_type_path(self, ty);
        self.is_in_list = outer;
    }
}

/// The field that keeps unknown fields; `None` if the type keeps its derived implementation.
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
    // A request may constrain its additional fields, and then keeps them in a map of another type.
    let keeps_anything =
        is_type(&unknown.ty, &["serde_json", "Map"]) && remove_derived_deserialize(&mut item.attrs.clone());
    unknown.ident.clone().filter(|_| keeps_anything)
}

/// Removes the derived implementation of a struct and returns its replacement; `None` if it keeps
/// the derived one.
fn object_impls(item: &mut ItemStruct, types: &Types<'_>) -> Option<Vec<Item>> {
    let unknown = extra_field(item)?;
    let mut parts = Parts::default();
    for field in &item.fields {
        let field_name = field.ident.as_ref()?;
        if *field_name == unknown {
            continue;
        }
        // No other variable ends in an underscore, whatever the spec calls its fields.
        let slot = format_ident!("{field_name}_");
        let json = SerdeAttributes::of(field).json_name(field);
        let index = syn::Index::from(parts.value_arms.len());
        parts
            .declarations
            .push(parse_quote! { let mut #slot = ::std::option::Option::None; });
        parts.name.push(parse_quote! { #json => #index, });
        let optional = type_argument(&field.ty, &["std", "option", "Option"]);
        let list = optional.and_then(|ty| type_argument(ty, &["std", "vec", "Vec"]));
        let reading = quote! { ::chat_sessions_wire::reading };
        let read: Expr = match (optional, list) {
            (None, _) => parse_quote! { #reading::required(&mut #slot, map) },
            (_, Some(object)) if types.is_object(object) && types.inner.contains(&item.ident) => {
                parts.keeps_other_types = true;
                parse_quote! { #reading::few_objects(&mut #slot, #json, map, unknown) }
            }
            (_, Some(object)) if types.is_object(object) => parse_quote! { #reading::objects(&mut #slot, map) },
            (Some(value), list) if list.is_some_and(|item| types.is_union(item)) || types.is_union(value) => {
                parse_quote! { #reading::strict(&mut #slot, map) }
            }
            (Some(value), _) if is_type(value, &["serde_json", "Value"]) => {
                parse_quote! { #reading::any(&mut #slot, map) }
            }
            (Some(value), list) => {
                parts.keeps_other_types = true;
                let function = match list {
                    _ if types.is_object(value) => format_ident!("object"),
                    _ if is_scalar(value) => format_ident!("scalar"),
                    Some(item) if is_scalar(item) => format_ident!("scalars"),
                    _ => format_ident!("buffered"),
                };
                parse_quote! { #reading::#function(&mut #slot, #json, map, unknown) }
            }
        };
        parts.value_arms.push(parse_quote! { #index => #read, });
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
        keeps_other_types,
    } = parts;
    let kept: Pat = if *keeps_other_types {
        parse_quote! { unknown }
    } else {
        parse_quote! { _ }
    };
    // No schema name starts with two underscores, so none can shadow this parameter.
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
                let unknown = ::chat_sessions_wire::reading::fields(map, known, |number, map, #kept| match number {
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

/// Removes the derived implementation of a choice and returns its replacement; `None` if it keeps
/// the derived one.
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

/// Removes `Deserialize` from the derives, and returns whether it was there.
pub(super) fn remove_derived_deserialize(attributes: &mut [Attribute]) -> bool {
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

/// The type argument of the type with this path.
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

/// Whether `chat-sessions-wire` reads the type as a scalar.
fn is_scalar(ty: &Type) -> bool {
    let primitives: [Type; 3] = [parse_quote! { i64 }, parse_quote! { f64 }, parse_quote! { bool }];
    primitives.contains(ty) || is_type(ty, &["std", "string", "String"])
}

/// Whether a type has this absolute path. A type of a schema with the same name has not.
fn is_type(ty: &Type, path: &[&str]) -> bool {
    let Type::Path(ty) = ty else {
        return false;
    };
    let segments = ty.path.segments.iter();
    ty.path.leading_colon.is_some() && segments.map(|segment| &segment.ident).eq(path)
}
