//! Corrects the generated syntax tree, and finds duplicate names in it.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ImplItem, Item, Stmt};

use super::serde_attributes::SerdeAttributes;

/// Removes `Client::new`, which unwraps the building of an HTTP client and sets timeouts of its own
/// choice. A raw crate has no policy, and callers of `new_with_client` build the HTTP client
/// themselves.
pub(super) fn drop_panicking_constructor(file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Impl(implementation) = item
            && implementation.trait_.is_none()
        {
            implementation
                .items
                .retain(|item| !matches!(item, ImplItem::Fn(function) if function.sig.ident == "new"));
        }
    }
}

/// Removes the header `api-version`, which holds the document's `info.version`. The generator sends
/// it with every request although no document asks for it (progenitor pull request 1120). The
/// header map is removed too if nothing else goes into it.
pub(super) fn drop_version_header(file: &mut syn::File) {
    struct Requests;
    impl VisitMut for Requests {
        fn visit_block_mut(&mut self, block: &mut syn::Block) {
            let statements = block.stmts.len();
            // A document may declare a header with that name; its value is an argument.
            block.stmts.retain(
                |statement| !matches!(statement, Stmt::Expr(..) if tokens_text(statement).contains(":: api_version ()")),
            );
            let is_filled =
                |statement: &Stmt| matches!(statement, Stmt::Expr(..)) && tokens_text(statement).contains("header_map");
            if block.stmts.len() < statements && !block.stmts.iter().any(is_filled) {
                block
                    .stmts
                    .retain(|statement| !tokens_text(statement).starts_with("let mut header_map ="));
                RemoveHeaderMap.visit_block_mut(block);
            }
            visit_mut::visit_block_mut(self, block);
        }
    }
    Requests.visit_file_mut(file);
}

/// Removes `.headers(header_map)` from calls.
struct RemoveHeaderMap;

impl VisitMut for RemoveHeaderMap {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::MethodCall(call) = expr
            && call.method == "headers"
            && tokens_text(&call.args) == "header_map"
        {
            *expr = (*call.receiver).clone();
        }
    }
}

/// The tokens of a node as text.
fn tokens_text(node: &impl ToTokens) -> String {
    node.to_token_stream().to_string()
}

/// Decodes responses with the function that the raw crates share, instead of the generator's
/// runtime.
pub(super) fn decode_with_wire(file: &mut syn::File) {
    struct Decoders;
    impl VisitMut for Decoders {
        fn visit_path_mut(&mut self, path: &mut syn::Path) {
            let named =
                |index: usize, name: &str| path.segments.get(index).is_some_and(|segment| segment.ident == name);
            if path.segments.len() == 2 && named(0, "ResponseValue") && named(1, "from_response") {
                *path = syn::parse_quote! { ::chat_sessions_wire::decoded };
            }
        }
    }
    Decoders.visit_file_mut(file);
}

/// Adds to every type that keeps unknown fields a list of its known fields, as spelled in JSON.
///
/// From it, the facade can tell that the spec has gained a field which it does not use yet, and
/// keep that field with the unknown ones until it does.
pub(super) fn list_fields(file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
            *items = std::mem::take(items)
                .into_iter()
                .flat_map(|item| {
                    let list = field_list(&item);
                    std::iter::once(item).chain(list)
                })
                .collect();
        }
    }
}

/// Derives `JsonSchema` for every type, under the feature `schemars`.
pub(super) fn derive_json_schema(file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
            for item in items {
                let (Item::Struct(syn::ItemStruct { attrs, .. }) | Item::Enum(syn::ItemEnum { attrs, .. })) = item
                else {
                    continue;
                };
                let first = attrs.iter().position(|attribute| !attribute.path().is_ident("doc"));
                let derive = syn::parse_quote! { #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))] };
                attrs.insert(first.unwrap_or(attrs.len()), derive);
            }
        }
    }
}

fn field_list(item: &Item) -> Option<Item> {
    let Item::Struct(item) = item else {
        return None;
    };
    let fields: Vec<_> = item
        .fields
        .iter()
        .map(|field| (field, SerdeAttributes::of(field)))
        .collect();
    if !fields.iter().any(|(_, attributes)| attributes.is_flattened()) {
        return None;
    }
    let known = fields.iter().filter(|(_, attributes)| !attributes.is_flattened());
    let names = known.map(|(field, attributes)| attributes.json_name(field));
    let ident = &item.ident;
    let doc = " The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.";
    Some(syn::parse_quote! {
        impl #ident {
            #[doc = #doc]
            pub const FIELDS: &'static [&'static str] = &[#(#names),*];
        }
    })
}

/// Finds names that the compiler would reject as duplicates: fields, variants, items of a module,
/// methods and arguments.
pub(super) fn duplicate_names(file: &syn::File) -> Vec<String> {
    let mut finder = DuplicateFinder::default();
    finder.items("the root", &file.items);
    finder.visit_file(file);
    finder.found.into_iter().collect()
}

#[derive(Default)]
struct DuplicateFinder {
    found: BTreeSet<String>,
}

impl DuplicateFinder {
    fn names(&mut self, kind: &str, owner: &str, names: impl Iterator<Item = String>) {
        let mut seen = BTreeSet::new();
        for name in names {
            if !seen.insert(name.clone()) {
                self.found.insert(format!("the {kind} `{name}` of {owner}"));
            }
        }
    }

    fn items(&mut self, owner: &str, items: &[Item]) {
        let types = items.iter().filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Enum(item) => Some(item.ident.to_string()),
            Item::Mod(item) => Some(item.ident.to_string()),
            _ => None,
        });
        self.names("type", owner, types);
    }
}

impl<'ast> Visit<'ast> for DuplicateFinder {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        let fields = item
            .fields
            .iter()
            .filter_map(|field| field.ident.as_ref().map(ToString::to_string));
        self.names("field", &format!("`{}`", item.ident), fields);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.names(
            "variant",
            &format!("`{}`", item.ident),
            item.variants.iter().map(|variant| variant.ident.to_string()),
        );
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if let Some((_, items)) = &item.content {
            self.items(&format!("module `{}`", item.ident), items);
        }
        visit::visit_item_mod(self, item);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let methods = item.items.iter().filter_map(|item| match item {
            ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
            _ => None,
        });
        self.names("method", "an impl", methods);
        visit::visit_item_impl(self, item);
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        let arguments = signature.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(argument) => match &*argument.pat {
                syn::Pat::Ident(pattern) => Some(pattern.ident.to_string()),
                _ => None,
            },
            syn::FnArg::Receiver(_) => None,
        });
        self.names("argument", &format!("`{}`", signature.ident), arguments);
    }
}
