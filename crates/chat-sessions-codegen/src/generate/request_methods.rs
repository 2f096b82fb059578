//! Splits the method of each operation in two: one builds the request, and the other sends it.
//!
//! A caller with its own way of sending and decoding needs only the request. The generator builds it
//! inside the method that sends it.

use syn::{
    Expr, FnArg, Ident, ImplItem, ImplItemFn, Item, Local, Pat, PathArguments, ReturnType, Stmt, Type, parse_quote,
};

use crate::rust_names;

/// Adds a method for the request of each operation, and calls it in the one that sends it.
pub(super) fn divide_methods(file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Impl(client) = item
            && client.trait_.is_none()
        {
            let methods = std::mem::take(&mut client.items).into_iter();
            client.items = methods
                .flat_map(|item| match item {
                    ImplItem::Fn(mut method) => {
                        let request = request_method(&mut method).map(ImplItem::Fn);
                        request.into_iter().chain([ImplItem::Fn(method)]).collect()
                    }
                    other => vec![other],
                })
                .collect();
        }
    }
}

/// Moves the statements that build the request into a method of their own; `None` if the method does
/// not send one.
fn request_method(method: &mut ImplItemFn) -> Option<ImplItemFn> {
    method.sig.asyncness?;
    let error = error_type(&method.sig.output)?;
    let at = method.block.stmts.iter().position(builds_request)?;
    let mut statements: Vec<Stmt> = method.block.stmts.drain(..=at).collect();
    let Some(Stmt::Local(Local {
        init: Some(request), ..
    })) = statements.pop()
    else {
        return None;
    };
    let request = request.expr;
    statements.push(parse_quote! { let request = #request; });
    statements.push(Stmt::Expr(parse_quote!(Ok(request)), None));

    let name = Ident::new(
        &rust_names::request_method(&method.sig.ident.to_string()),
        method.sig.ident.span(),
    );
    let arguments = method.sig.inputs.iter().filter_map(argument);
    let call = parse_quote! { let mut request = self.#name(#(#arguments),*)?; };
    method.block.stmts.insert(0, call);

    let about = format!(
        " Builds the request of [`{0}`](Self::{0}). [`Wire::receive`](::chat_sessions_wire::Wire::receive) adds the key and sends it. Its address may hold page tokens.",
        method.sig.ident
    );
    let mut builder = method.clone();
    // Inlined, so that the HTTP client's generic functions are compiled once, where the method is used.
    builder.attrs = vec![parse_quote!(#[doc = #about]), parse_quote!(#[inline])];
    builder.block = parse_quote!({ #(#statements)* });
    builder.sig.asyncness = None;
    builder.sig.ident = name;
    builder.sig.output = parse_quote!(-> Result<::reqwest::Request, #error>);
    Some(builder)
}

/// Recognises `let mut request = ….build()?`.
fn builds_request(statement: &Stmt) -> bool {
    let Stmt::Local(Local {
        pat: Pat::Ident(name),
        init: Some(init),
        ..
    }) = statement
    else {
        return false;
    };
    name.ident == "request"
        && matches!(&*init.expr, Expr::Try(built) if matches!(&*built.expr, Expr::MethodCall(call) if call.method == "build"))
}

/// Returns the error type of `Result<…, Error<…>>`.
fn error_type(output: &ReturnType) -> Option<syn::GenericArgument> {
    let ReturnType::Type(_, output) = output else {
        return None;
    };
    let Type::Path(output) = &**output else {
        return None;
    };
    match &output.path.segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().nth(1).cloned(),
        _ => None,
    }
}

/// Returns the name of an argument; `None` for the receiver.
fn argument(argument: &FnArg) -> Option<&Ident> {
    match argument {
        FnArg::Typed(argument) => match &*argument.pat {
            Pat::Ident(name) => Some(&name.ident),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}
