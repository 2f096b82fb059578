//! Collects the optional parameters of a method in a struct, if there are many.
//!
//! The generator makes each of them an argument. A call with four of them, all of similar types and most of them `None`,
//! cannot be read, and two of them are easily swapped.

use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, ExprLit, Fields, FnArg, Ident, ImplItem, ImplItemFn, Item, ItemStruct, Lit, Meta, Pat, Type,
};
use syn::{parse_quote, punctuated::Punctuated};

use crate::rust_names::parameters_struct;

/// The number of optional parameters that stay arguments.
const MOST: usize = 2;

/// The module of the generated types.
const TYPES: &str = "types";

/// Replaces the optional arguments of each method that has more than two by a struct.
pub(super) fn collect_optional_parameters(file: &mut syn::File) {
    let mut structs = Vec::new();
    for item in &mut file.items {
        if let Item::Impl(client) = item
            && client.trait_.is_none()
        {
            let methods = client.items.iter_mut().filter_map(|item| match item {
                ImplItem::Fn(method) if method.sig.asyncness.is_some() => Some(method),
                _ => None,
            });
            structs.extend(methods.filter_map(collect).map(Item::Struct));
        }
    }
    let types = file.items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == TYPES => module.content.as_mut(),
        _ => None,
    });
    if let Some((_, items)) = types {
        items.extend(structs);
    }
}

/// Changes one method, and returns the struct for its arguments.
fn collect(method: &mut ImplItemFn) -> Option<ItemStruct> {
    let is_optional = |argument: &FnArg| named(argument).is_some_and(|(_, kind)| is_option(kind));
    if method
        .sig
        .inputs
        .iter()
        .filter(|argument| is_optional(argument))
        .count()
        <= MOST
    {
        return None;
    }
    let name = parameters_struct(&method.sig.ident.to_string());
    let name = Ident::new(&name, method.sig.ident.span());
    let mut docs = Docs::take(&mut method.attrs);
    let (moved, mut kept): (Vec<FnArg>, Vec<FnArg>) = std::mem::take(&mut method.sig.inputs)
        .into_iter()
        .partition(is_optional);

    let mut fields = Punctuated::<syn::Field, syn::Token![,]>::new();
    for (field, kind) in moved.iter().filter_map(named) {
        let mut kind = kind.clone();
        InsideTypes.visit_type_mut(&mut kind);
        let about = docs.take_argument(&field.to_string());
        let about = about.iter();
        fields.push(syn::Field {
            attrs: about
                .map(|about| format!(" {about}"))
                .map(|about| parse_quote!(#[doc = #about]))
                .collect(),
            ..parse_quote!(pub #field: #kind)
        });
    }
    let mut has_lifetime = HasLifetime(false);
    fields
        .iter_mut()
        .for_each(|field| has_lifetime.visit_type_mut(&mut field.ty));
    let about = format!(
        "The optional parameters of [`Client::{0}`](super::Client::{0}). Omit others with `..Default::default()`.",
        method.sig.ident
    );
    let mut params: ItemStruct = if has_lifetime.0 {
        parse_quote!(#[doc = #about] #[derive(Clone, Debug, Default, PartialEq)] pub struct #name<'a> {})
    } else {
        parse_quote!(#[doc = #about] #[derive(Clone, Debug, Default, PartialEq)] pub struct #name {})
    };
    if let Fields::Named(named) = &mut params.fields {
        named.named = fields;
    }

    let names = moved.iter().filter_map(named).map(|(name, _)| name);
    let destructure = parse_quote! { let types::#name { #(#names),* } = params; };
    method.block.stmts.insert(0, destructure);
    let argument: FnArg = if has_lifetime.0 {
        parse_quote!(params: types::#name<'a>)
    } else {
        parse_quote!(params: types::#name)
    };
    // The generator puts a body last.
    kept.push(argument);
    method.sig.inputs = kept.into_iter().collect();
    docs.lines
        .push(format!("- `params`: What may be omitted: [`{name}`](types::{name})."));
    docs.put_back(&mut method.attrs);
    Some(params)
}

/// Returns the name and the type of an argument.
fn named(argument: &FnArg) -> Option<(&Ident, &Type)> {
    match argument {
        FnArg::Typed(argument) => match &*argument.pat {
            Pat::Ident(name) => Some((&name.ident, &argument.ty)),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}

fn is_option(kind: &Type) -> bool {
    matches!(kind, Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == "Option"))
}

/// Moves a type into the module of the generated types: paths into it become relative, and a type of the
/// spec with the name of one of the standard library hides that.
struct InsideTypes;

impl VisitMut for InsideTypes {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let Some(first) = path.segments.first_mut() else { return };
        if first.ident == TYPES {
            path.segments = path.segments.iter().skip(1).cloned().collect();
            return;
        }
        let arguments = first.arguments.clone();
        let mut full: syn::Path = match first.ident.to_string().as_str() {
            "Option" => parse_quote!(::std::option::Option),
            "String" => parse_quote!(::std::string::String),
            "Vec" => parse_quote!(::std::vec::Vec),
            _ => return,
        };
        if path.segments.len() == 1 && path.leading_colon.is_none() {
            if let Some(last) = full.segments.last_mut() {
                last.arguments = arguments;
            }
            *path = full;
        }
    }
}

struct HasLifetime(bool);

impl VisitMut for HasLifetime {
    fn visit_lifetime_mut(&mut self, _: &mut syn::Lifetime) {
        self.0 = true;
    }
}

/// The documentation of a method, line by line. It ends with a list of the arguments.
struct Docs {
    lines: Vec<String>,
}

impl Docs {
    fn take(attributes: &mut Vec<Attribute>) -> Self {
        let mut lines = Vec::new();
        attributes.retain(|attribute| match doc(attribute) {
            Some(text) => {
                lines.extend(text.trim_end().lines().map(str::to_owned));
                false
            }
            None => true,
        });
        Self { lines }
    }

    /// Takes the description of an argument out of the list.
    fn take_argument(&mut self, name: &str) -> Option<String> {
        let start = format!("- `{name}`");
        let place = self.lines.iter().position(|line| line.starts_with(&start))?;
        let line = self.lines.remove(place);
        let about = line[start.len()..].trim_start_matches(':').trim();
        (!about.is_empty()).then(|| about.to_owned())
    }

    fn put_back(self, attributes: &mut Vec<Attribute>) {
        let text = format!("{}\n", self.lines.join("\n"));
        attributes.insert(0, parse_quote!(#[doc = #text]));
    }
}

fn doc(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
