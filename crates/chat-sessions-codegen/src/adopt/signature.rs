//! The arguments of a generated method, which a call must give in their order.

use quote::ToTokens;
use syn::{FnArg, ImplItem, Item, Pat};

/// An argument of a generated method.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its type, without spaces and lifetimes, such as `Option<&str>`.
    pub kind: String,
    /// The fields of its type, if that is a generated struct.
    pub fields: Vec<Argument>,
}

/// Reads the arguments of a method of the generated client; `None` if there is no such method.
#[must_use]
pub fn signature(generated: &str, method: &str) -> Option<Vec<Argument>> {
    let file = syn::parse_file(generated).ok()?;
    let methods = file.items.iter().filter_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() && kind(&item.self_ty) == "Client" => Some(&item.items),
        _ => None,
    });
    let found = methods.flatten().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == method => Some(&function.sig),
        _ => None,
    })?;
    let arguments = found.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(name) => {
                let kind = kind(&typed.ty);
                Some(Argument {
                    name: name.ident.to_string(),
                    fields: fields(&file, &kind),
                    kind,
                })
            }
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    Some(arguments.collect())
}

/// A type as text. `::std::option::Option<&'a str>` is `Option<&str>`.
fn kind(kind: &syn::Type) -> String {
    let text = kind
        .to_token_stream()
        .to_string()
        .replace("& 'a ", "&")
        .replace("& ", "&")
        .replace(' ', "");
    let short = text
        .replace("::std::option::Option<", "Option<")
        .replace("::std::string::String", "String");
    short.replace("::std::num::", "").replace("std::num::", "")
}

/// The fields of a struct in the module `types`.
fn fields(file: &syn::File, kind_of: &str) -> Vec<Argument> {
    let name = kind_of.trim_start_matches('&').split('<').next().unwrap_or_default();
    let name = name.rsplit("::").next().unwrap_or_default();
    let types = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref().map(|(_, items)| items),
        _ => None,
    });
    let found = types.into_iter().flatten().find_map(|item| match item {
        Item::Struct(item) if item.ident == name && kind_of.contains("types::") => Some(item),
        _ => None,
    });
    let fields = found.into_iter().flat_map(|item| &item.fields).filter_map(|field| {
        Some(Argument {
            name: field.ident.as_ref()?.to_string(),
            kind: kind(&field.ty),
            fields: Vec::new(),
        })
    });
    fields.collect()
}
