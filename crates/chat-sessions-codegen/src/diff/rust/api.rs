//! Reads the public interface of a generated client from its syntax tree: types with members,
//! methods with arguments, and doc comments apart.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item};

use crate::generate;
use crate::spec::{Findings, Spec};

/// What users of a generated client can name, and the rest of its code.
#[derive(Default)]
pub(in crate::diff) struct Api {
    pub(super) types: BTreeMap<String, Type>,
    pub(super) methods: BTreeMap<String, Method>,
    /// All other items by name, without doc comments.
    pub(super) rest: BTreeMap<String, String>,
    /// The doc comments of all other items.
    pub(super) rest_docs: String,
}

/// A type of the module `types`.
pub(super) struct Type {
    pub(super) shape: TypeShape,
    pub(super) docs: String,
    /// The attributes except docs and derives; among them those of serde.
    pub(super) attributes: String,
    /// Derived and implemented traits.
    pub(super) traits: BTreeSet<String>,
}

pub(super) enum TypeShape {
    /// A struct with named fields.
    Struct(Vec<Member>),
    /// A newtype, with the types of its fields.
    Tuple(Vec<String>),
    /// An enum; the payload of a variant is its type.
    Enum(Vec<Member>),
}

/// A field or a variant.
#[derive(Clone, PartialEq)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) attributes: String,
    pub(super) docs: String,
}

/// A method of the client.
pub(super) struct Method {
    /// Names and types, without `self`.
    pub(super) arguments: Vec<(String, String)>,
    pub(super) output: String,
    pub(super) docs: String,
    pub(super) body: String,
}

/// The interface of the client generated from a spec.
pub(in crate::diff) fn interface(spec: &Spec) -> Result<Api, Findings> {
    generate::read_client(spec, Api::read)
}

impl Api {
    /// Reads the interface of a generated client.
    pub(super) fn read(file: &syn::File) -> Self {
        let mut api = Self::default();
        for item in &file.items {
            api.item(item, "", false);
        }
        api
    }

    fn item(&mut self, item: &Item, module: &str, is_types: bool) {
        match item {
            Item::Mod(inner) if inner.content.is_some() => {
                self.rest_docs.push_str(&docs(&inner.attrs));
                let name = format!("{module}{}::", inner.ident);
                let is_types = module.is_empty() && inner.ident == "types";
                for item in inner.content.iter().flat_map(|(_, items)| items) {
                    self.item(item, &name, is_types);
                }
            }
            Item::Struct(item) if is_types => {
                let shape = match &item.fields {
                    Fields::Named(fields) => TypeShape::Struct(fields.named.iter().map(field).collect()),
                    Fields::Unnamed(fields) => {
                        TypeShape::Tuple(fields.unnamed.iter().map(|field| text(&field.ty)).collect())
                    }
                    Fields::Unit => TypeShape::Tuple(Vec::new()),
                };
                self.add_type(&item.ident, shape, &item.attrs);
            }
            Item::Enum(item) if is_types => {
                let shape = TypeShape::Enum(item.variants.iter().map(variant).collect());
                self.add_type(&item.ident, shape, &item.attrs);
            }
            Item::Impl(item) => self.implementation(item, module, is_types),
            other => {
                let (key, without_docs) = plain(other);
                self.rest.insert(format!("{module}{key}"), without_docs);
            }
        }
    }

    fn add_type(&mut self, ident: &syn::Ident, shape: TypeShape, attributes: &[Attribute]) {
        let entry = Type {
            shape,
            docs: docs(attributes),
            attributes: others(attributes),
            traits: derives(attributes),
        };
        self.types.insert(ident.to_string(), entry);
    }

    fn implementation(&mut self, item: &syn::ItemImpl, module: &str, is_types: bool) {
        let owner = text(&item.self_ty);
        let mut item = item.clone();
        if item.trait_.is_none() {
            // The list of fields follows from the fields.
            item.items
                .retain(|inner| !matches!(inner, ImplItem::Const(constant) if constant.ident == "FIELDS"));
            if module.is_empty() && owner == "Client" {
                item.items.retain(|inner| !self.method(inner));
            }
            if item.items.is_empty() {
                return;
            }
        } else if is_types && let Some((path, ..)) = &item.trait_ {
            let name = text(path);
            // A written `Deserialize` behaves like a derived one, so its body does not matter to
            // users.
            if name.starts_with("::chat_sessions_wire::reading::") {
                return;
            }
            // Which values lead to which variant is part of how a union behaves.
            if name.starts_with("::chat_sessions_wire::union::") {
                let key = format!("{module}impl Deserialize for {owner}");
                self.rest.entry(key).or_default().push_str(&text(&item));
                return;
            }
            if name.starts_with("::serde::Deserialize<")
                && let Some(entry) = self.types.get_mut(&owner)
            {
                entry.traits.insert("Deserialize".to_owned());
                return;
            }
            if let Some(entry) = self.types.get_mut(owner.trim_start_matches('&')) {
                entry.traits.insert(name);
            }
        }
        for inner in &mut item.items {
            if let ImplItem::Fn(function) = inner {
                self.rest_docs.push_str(&docs(&function.attrs));
                function.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
            }
        }
        self.rest_docs.push_str(&docs(&item.attrs));
        item.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
        let of = item.trait_.as_ref().map(|(path, ..)| format!("{} for ", text(path)));
        let key = format!("{module}impl {}{owner}", of.unwrap_or_default());
        self.rest.entry(key).or_default().push_str(&text(&item));
    }

    /// Stores a public method of the client; returns whether it was one.
    fn method(&mut self, item: &ImplItem) -> bool {
        let ImplItem::Fn(function) = item else { return false };
        if function.sig.asyncness.is_none() {
            return false;
        }
        let arguments = function.sig.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(argument) => Some((text(&argument.pat), text(&argument.ty))),
            syn::FnArg::Receiver(_) => None,
        });
        let method = Method {
            arguments: arguments.collect(),
            output: match &function.sig.output {
                syn::ReturnType::Default => "()".to_owned(),
                syn::ReturnType::Type(_, output) => text(output),
            },
            docs: docs(&function.attrs),
            body: text(&function.block),
        };
        self.methods.insert(function.sig.ident.to_string(), method);
        true
    }
}

impl Method {
    /// The request that the method sends, as `GET /path`.
    pub(super) fn request(&self) -> Option<String> {
        let path = self.body.split("\"{}").nth(1)?.split('"').next()?;
        let (_, rest) = self.body.split_once(".client.")?;
        let verb = rest.split('(').next()?;
        Some(format!("{} {path}", verb.to_uppercase()))
    }

    /// The names of the query parameters that the method sends.
    pub(super) fn query_names(&self) -> Vec<&str> {
        let calls = self.body.split("QueryParam::new(\"").skip(1);
        calls.filter_map(|call| call.split('"').next()).collect()
    }

    /// The statuses that the method decodes as success.
    pub(super) fn statuses(&self) -> Vec<&str> {
        let parts = self.body.split("u16 =>");
        let before = parts.map(|part| part.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default());
        before.filter(|status| status.len() == 3).collect()
    }
}

fn field(field: &syn::Field) -> Member {
    Member {
        name: field.ident.as_ref().map(ToString::to_string).unwrap_or_default(),
        kind: text(&field.ty),
        attributes: others(&field.attrs),
        docs: docs(&field.attrs),
    }
}

fn variant(variant: &syn::Variant) -> Member {
    let mut fields = variant.fields.clone();
    let mut doc = docs(&variant.attrs);
    for field in &mut fields {
        doc.push_str(&docs(&field.attrs));
        field.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    }
    Member {
        name: variant.ident.to_string(),
        kind: text(&fields),
        attributes: others(&variant.attrs),
        docs: doc,
    }
}

/// The name of an item, and its text without doc comments.
fn plain(item: &Item) -> (String, String) {
    let mut item = item.clone();
    let (key, attributes) = match &mut item {
        Item::Struct(item) => (format!("struct {}", item.ident), &mut item.attrs),
        Item::Enum(item) => (format!("enum {}", item.ident), &mut item.attrs),
        Item::Type(item) => (format!("type {}", item.ident), &mut item.attrs),
        Item::Fn(item) => (format!("fn {}", item.sig.ident), &mut item.attrs),
        Item::Use(item) => (text(&item.tree), &mut item.attrs),
        other => {
            let text = text(other);
            return (text.clone(), text);
        }
    };
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    let text = text(&item);
    (key, text)
}

fn docs(attributes: &[Attribute]) -> String {
    let of_docs = attributes.iter().filter(|attribute| attribute.path().is_ident("doc"));
    of_docs.map(|attribute| text(&attribute.meta)).collect()
}

fn derives(attributes: &[Attribute]) -> BTreeSet<String> {
    let mut traits = BTreeSet::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        // The generator wrote it; a derive that does not parse derives nothing.
        let _ = attribute.parse_nested_meta(|meta| {
            traits.extend(meta.path.segments.last().map(|segment| segment.ident.to_string()));
            Ok(())
        });
    }
    traits
}

fn others(attributes: &[Attribute]) -> String {
    let others = attributes
        .iter()
        .filter(|attribute| !attribute.path().is_ident("doc") && !attribute.path().is_ident("derive"));
    others.map(text).collect::<Vec<_>>().join(" ")
}

/// Tokens as people write them, without the paths of well-known types.
fn text(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (from, to) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" ::", " ::"),
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        (",>", ">"),
        ("& ", "&"),
        (" . ", "."),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (",)", ")"),
        (" <", "<"),
        (" ;", ";"),
    ] {
        text = text.replace(from, to);
    }
    for path in [
        "::std::option::",
        "::std::string::",
        "::std::vec::",
        "::std::num::",
        "::std::boxed::",
        "::std::collections::",
        "::std::convert::",
        "::std::default::",
        "::std::str::",
        "::std::fmt::",
        "::std::ops::",
        "::serde_json::",
    ] {
        text = text.replace(path, "");
    }
    text.replace("&'a ", "&")
}
