//! Parses the body of the macro `field_map!`.

use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token, braced, bracketed, parenthesized, token};

use super::entry::{FieldMapEntry, FieldTarget};

/// The rows inside the braces of `field_map!`.
pub(super) struct Table(pub(super) Vec<FieldMapEntry>);

impl Parse for Table {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut entries = Vec::new();
        while !input.is_empty() {
            let provider: LitStr = input.parse()?;
            input.parse::<Token![in]>()?;
            input.parse::<Ident>()?;
            let schemas;
            braced!(schemas in input);
            while !schemas.is_empty() {
                let schema: Ident = schemas.parse()?;
                let rows;
                braced!(rows in schemas);
                while !rows.is_empty() {
                    entries.push(entry(&rows, provider.value(), schema.to_string())?);
                }
            }
        }
        Ok(Self(entries))
    }
}

fn entry(input: ParseStream<'_>, provider: String, schema: String) -> syn::Result<FieldMapEntry> {
    let is_untyped: Option<Token![+]> = input.parse()?;
    let field = if is_untyped.is_some() {
        input.parse::<LitStr>()?.value()
    } else {
        let name: Ident = input.parse()?;
        let spelling: Option<Token![as]> = input.parse()?;
        match spelling {
            Some(_) => input.parse::<LitStr>()?.value(),
            None => name.to_string(),
        }
    };
    input.parse::<Token![=>]>()?;
    let read_from_extra = input.peek(token::Paren);
    let target = target(input)?;
    let remark = match input.parse::<Option<Token![,]>>()? {
        Some(_) => input.parse::<LitStr>()?.value(),
        None => String::new(),
    };
    input.parse::<Token![;]>()?;
    Ok(FieldMapEntry {
        provider,
        schema,
        field,
        is_untyped: is_untyped.is_some(),
        read_from_extra,
        target,
        remark,
    })
}

fn target(input: ParseStream<'_>) -> syn::Result<FieldTarget> {
    let fed;
    if input.peek(token::Bracket) {
        bracketed!(fed in input);
    } else if input.peek(token::Paren) {
        parenthesized!(fed in input);
    } else {
        let word: Ident = input.parse()?;
        return match word.to_string().as_str() {
            "unknown" => Ok(FieldTarget::Unknown),
            "out" => Ok(FieldTarget::Omitted),
            _ => Err(syn::Error::new(
                word.span(),
                "a target is `[…]`, `(…)`, `unknown` or `out`",
            )),
        };
    }
    let fed = fed.parse_terminated(part, Token![,])?;
    Ok(FieldTarget::Feeds(fed.into_iter().collect()))
}

/// A field or method of the facade.
fn part(input: ParseStream<'_>) -> syn::Result<String> {
    let owner: Ident = input.parse()?;
    if input.peek(Token![.]) {
        input.parse::<Token![.]>()?;
    } else {
        input.parse::<Token![::]>()?;
    }
    let member: Ident = input.parse()?;
    Ok(format!("{owner}::{member}"))
}
