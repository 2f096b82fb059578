//! Lowers the parameters of operations, and sends a parameter under each of its spellings.

use std::collections::BTreeMap;

use quote::ToTokens;
use serde_json::{Map, Value};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ImplItem, Item, parse_quote};

use super::prose;
use crate::rust_names::{pascal, snake};
use crate::spec::refs::{self, METHODS};
use crate::spec::spellings::spellings;
use crate::spec::{Pointer, Spec};

/// The names under which a client sends the argument for a query parameter, besides its own: by
/// operation, then by parameter.
pub(super) type Spellings = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// Removes the parameters that are credentials, joins those that are spellings of one, and turns
/// the descriptions of all others into doc comments.
pub(super) fn lower_parameters(spec: &Spec, tree: &mut Value) -> Spellings {
    let sent = join_spellings(spec.tree(), tree);
    // Resolves references in a copy; only whether a parameter is dropped matters.
    let whole = tree.clone();
    for item in path_items(tree) {
        describe_parameters(&whole, item);
        for method in METHODS {
            if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                describe_parameters(&whole, operation);
            }
        }
    }
    sent
}

fn path_items(tree: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let paths = tree.get_mut("paths").and_then(Value::as_object_mut);
    paths
        .into_iter()
        .flat_map(|paths| paths.values_mut().filter_map(Value::as_object_mut))
}

/// Leaves one of several spellings in each operation, and returns the others.
fn join_spellings(original: &Value, tree: &mut Value) -> Spellings {
    let mut sent = Spellings::new();
    let operations: Vec<_> = refs::operations(original)
        .into_iter()
        .map(|operation| (spellings(original, &operation), operation))
        .collect();
    for (joined, operation) in &operations {
        // What a path says about the parameters of all its operations moves into each of them.
        let of_path = operations.iter().filter(|(_, other)| other.path == operation.path);
        if of_path.clone().all(|(joined, _)| joined.is_empty()) {
            continue;
        }
        let name = |parameter: &Value| {
            parameter
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let mut kept = Vec::new();
        for found in &operation.parameters {
            if joined.iter().any(|(_, other)| other.at == found.at) {
                continue;
            }
            let mut parameter = found.value.clone();
            let others = joined.iter().filter(|(first, _)| first.at == found.at);
            let others: Vec<&Value> = others.map(|(_, other)| other.value).collect();
            if !others.is_empty() {
                describe_spellings(&mut parameter, &others);
                let id = operation
                    .value
                    .get("operationId")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let names = others.into_iter().map(name).collect();
                sent.entry(id.to_owned()).or_default().insert(name(found.value), names);
            }
            kept.push(parameter);
        }
        if let Some(item) = tree.pointer_mut(Pointer::root().below(&["paths", operation.path]).as_str())
            && let Some(item) = item.as_object_mut()
        {
            item.remove("parameters");
        }
        if let Some(operation) = tree.pointer_mut(operation.at.as_str()).and_then(Value::as_object_mut) {
            operation.insert("parameters".to_owned(), Value::Array(kept));
        }
    }
    sent
}

/// Describes a parameter with all of its names.
fn describe_spellings(parameter: &mut Value, others: &[&Value]) {
    let text = |node: &Value, name: &str| node.get(name).and_then(Value::as_str).map(str::to_owned);
    let name = |node: &Value| text(node, "name").unwrap_or_default();
    let names: Vec<String> = others.iter().map(|other| format!("`{}`", name(other))).collect();
    let mut words = vec![format!("Sent as `{}` and as {}.", name(parameter), names.join(" and "))];
    words.extend(text(parameter, "description"));
    for (spelling, other) in names.iter().zip(others) {
        words.extend(text(other, "description").map(|about| format!("About {spelling}: {about}")));
    }
    parameter["description"] = Value::String(words.join(" "));
}

fn describe_parameters(tree: &Value, node: &mut Map<String, Value>) {
    let Some(parameters) = node.get_mut("parameters").and_then(Value::as_array_mut) else {
        return;
    };
    parameters.retain(|value| {
        let at = Pointer::root();
        refs::resolve(tree, refs::Located { at, value }).is_none_or(|found| !refs::is_dropped_parameter(found.value))
    });
    for parameter in parameters.iter_mut().filter_map(Value::as_object_mut) {
        if !parameter.contains_key("$ref") {
            // The generator puts it into a list item, which a new paragraph would end.
            prose::describe(parameter, "parameter table", " ");
        }
    }
}

/// Makes each method send its arguments under all spellings.
pub(super) fn send_spellings(file: &mut syn::File, sent: &Spellings) {
    for (id, names) in sent {
        let mut calls = Calls {
            method: snake(id),
            matcher: format!("{}When", pascal(id)),
            names,
            is_inside: false,
        };
        calls.visit_file_mut(file);
    }
}

/// Repeats the calls in one method, and in the mock of its request, for the other names.
struct Calls<'a> {
    method: String,
    matcher: String,
    names: &'a BTreeMap<String, Vec<String>>,
    is_inside: bool,
}

impl Calls<'_> {
    fn others(&self, name: &str) -> &[String] {
        self.names.get(name).map_or(&[], Vec::as_slice)
    }
}

impl VisitMut for Calls<'_> {
    fn visit_item_mut(&mut self, item: &mut Item) {
        let is_matcher =
            |item: &syn::ItemImpl| item.trait_.is_none() && item.self_ty.to_token_stream().to_string() == self.matcher;
        self.is_inside = matches!(item, Item::Impl(item) if is_matcher(item));
        visit_mut::visit_item_mut(self, item);
        self.is_inside = false;
    }

    fn visit_impl_item_mut(&mut self, item: &mut ImplItem) {
        let outer = self.is_inside;
        let is_method =
            |function: &syn::ImplItemFn| function.sig.asyncness.is_some() && function.sig.ident == self.method;
        self.is_inside |= matches!(item, ImplItem::Fn(function) if is_method(function));
        visit_mut::visit_impl_item_mut(self, item);
        self.is_inside = outer;
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if !self.is_inside {
            return;
        }
        let Expr::MethodCall(call) = &*expr else { return };
        let Some(name) = call.args.first().and_then(query_name) else {
            return;
        };
        if !matches!(
            call.method.to_string().as_str(),
            "query" | "query_param" | "query_param_missing"
        ) {
            return;
        }
        for other in self.others(&name) {
            let Expr::MethodCall(call) = &*expr else { return };
            let mut repeated = call.clone();
            if let Some(argument) = repeated.args.first_mut() {
                rename(argument, other);
            }
            repeated.receiver = Box::new(expr.clone());
            *expr = Expr::MethodCall(repeated);
        }
    }
}

/// The name in `"name"` or `&QueryParam::new("name", …)`.
fn query_name(argument: &Expr) -> Option<String> {
    match argument {
        Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(name),
            ..
        }) => Some(name.value()),
        Expr::Reference(reference) => match &*reference.expr {
            Expr::Call(call) => query_name(call.args.first()?),
            _ => None,
        },
        _ => None,
    }
}

fn rename(argument: &mut Expr, name: &str) {
    match argument {
        Expr::Lit(_) => *argument = parse_quote! { #name },
        Expr::Reference(reference) => {
            if let Expr::Call(call) = &mut *reference.expr
                && let Some(argument) = call.args.first_mut()
            {
                rename(argument, name);
            }
        }
        _ => {}
    }
}
