//! The normalisation ledger as a text: what the facade makes of each raw field, by its own table.
//!
//! The table is a macro in the facade's `provider/ledger.rs`, where the compiler checks it. Here it is read, compared with
//! what a spec describes, and given the rows that it lacks. What the facade really does is not known here.

use std::collections::BTreeMap;
use std::fmt;

use syn::parse::{Parse, ParseStream};
use syn::{Ident, Item, LitStr, Token, braced, bracketed, parenthesized, token};

use crate::rust_names;
use crate::spec::refs::{self, Found};
use crate::spec::{Pointer, Spec, marks};

/// What becomes of a raw field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It feeds these parts of the facade, such as `Session::title`.
    Feeds(Vec<String>),
    /// It is kept with what no document names.
    Unknown,
    /// It is left out.
    LeftOut,
}

/// One row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The provider, such as `llama-cloud`.
    pub provider: String,
    /// The schema, such as `ChatSession`.
    pub schema: String,
    /// The field as it is spelt in JSON.
    pub field: String,
    /// Whether the raw type has no such field, so that it arrives among the unknown ones.
    pub beside: bool,
    /// Whether the facade reads it from among the unknown fields all the same, as it did before the spec named it.
    pub as_before: bool,
    /// What becomes of it.
    pub fate: Fate,
    /// What is to say about that; empty when nothing is.
    pub remark: String,
}

/// The normalisation ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    entries: Vec<Entry>,
}

/// The text holds no ledger that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the normalisation ledger cannot be read: {}", self.0)
    }
}

impl std::error::Error for Unreadable {}

impl Ledger {
    /// Reads the table out of the facade's `provider/ledger.rs`.
    ///
    /// # Errors
    ///
    /// Fails when the text is no Rust, has no `ledger!`, or has another table there than the facade's macro takes.
    pub fn parse(rust: &str) -> Result<Self, Unreadable> {
        let unreadable = |error: syn::Error| Unreadable(error.to_string());
        let file = syn::parse_file(rust).map_err(unreadable)?;
        let table = file.items.iter().find_map(|item| match item {
            // The definition of the macro has a name of its own, a use of it has none.
            Item::Macro(item) if item.ident.is_none() && item.mac.path.is_ident("ledger") => Some(&item.mac),
            _ => None,
        });
        let table = table.ok_or_else(|| Unreadable("there is no `ledger!` in it".to_owned()))?;
        let Table(entries) = table.parse_body().map_err(unreadable)?;
        Ok(Self { entries })
    }

    /// Iterates over the rows, in the order of the table.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// The row of a field.
    #[must_use]
    pub fn entry(&self, provider: &str, schema: &str, field: &str) -> Option<&Entry> {
        self.iter()
            .find(|entry| entry.provider == provider && entry.schema == schema && entry.field == field)
    }

    /// The fields that the answers of a spec describe and the ledger has no row for, as schema and field.
    #[must_use]
    pub fn lacks(&self, provider: &str, spec: &Spec) -> Vec<(String, String)> {
        let described = described(spec);
        let lacking = described
            .into_keys()
            .filter(|(schema, field)| self.entry(provider, schema, field).is_none());
        lacking.collect()
    }

    /// The rows that say of a field that it has no place in the raw type, though the spec gives it one, or the other way round;
    /// as schema and field.
    #[must_use]
    pub fn misplaced(&self, provider: &str, spec: &Spec) -> Vec<(String, String)> {
        let described = described(spec);
        self.iter()
            .filter(|entry| entry.provider == provider)
            .map(|entry| ((entry.schema.clone(), entry.field.clone()), entry.beside))
            .filter(|(row, beside)| described.get(row).is_some_and(|typed| typed == beside))
            .map(|(row, _)| row)
            .collect()
    }

    /// The rows of fields that the answers of a spec no longer describe, as schema and field.
    ///
    /// A row that says by its remark why it has no field in the raw type is not among them.
    #[must_use]
    pub fn outlived(&self, provider: &str, spec: &Spec) -> Vec<(String, String)> {
        let described = described(spec);
        self.iter()
            .filter(|entry| entry.provider == provider && entry.remark.is_empty())
            .map(|entry| (entry.schema.clone(), entry.field.clone()))
            .filter(|row| !described.contains_key(row))
            .collect()
    }

    /// Gives the text of the ledger with a row for a field that the raw type has and the facade does not read from there: it is
    /// kept as unknown, or goes on to feed what it fed from among the unknown fields. `None` when the table has no place
    /// for it, because the provider or the schema is not in it.
    #[must_use]
    pub fn keep(rust: &str, provider: &str, schema: &str, field: &str) -> Option<String> {
        let mut lines: Vec<String> = rust.lines().map(str::to_owned).collect();
        let depth = |line: &str| line.len() - line.trim_start().len();
        let section = format!("\"{provider}\" in ");
        let from = lines.iter().position(|line| line.trim_start().starts_with(&section))?;
        let opening = format!("{schema} {{");
        let opened = from + lines[from..].iter().position(|line| line.trim() == opening)?;
        let closing = |line: &String| line.trim() == "}" && depth(line) == depth(&lines[opened]);
        let closed = opened + lines[opened..].iter().position(closing)?;
        let beside = |line: &String| line.trim_start().starts_with('+');

        // Rows of the raw type stand before those of the fields beside it.
        let first_beside = lines[opened..closed].iter().position(beside);
        let at = first_beside.map_or(closed, |first| opened + first);
        let was = format!("+ {field:?} => ");
        let fate = match (at..closed).find(|&line| lines[line].trim_start().starts_with(&was)) {
            Some(line) => {
                let row = lines.remove(line);
                row.trim_start()[was.len()..]
                    .replacen('[', "(", 1)
                    .replacen(']', ")", 1)
            }
            None => "unknown;".to_owned(),
        };
        let indent = " ".repeat(depth(&lines[opened]) + 4);
        lines.insert(at, format!("{indent}{} => {fate}", typed(field)));
        Some(format!("{}\n", lines.join("\n")))
    }
}

impl<'a> IntoIterator for &'a Ledger {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// How a row names a field of the raw type.
fn typed(field: &str) -> String {
    let snake = rust_names::snake(field);
    let name = if syn::parse_str::<Ident>(&snake).is_ok() {
        snake
    } else {
        format!("{snake}_")
    };
    if name == field {
        name
    } else {
        format!("{name} as {field:?}")
    }
}

/// The fields of the named schemas that answers reach, as schema and field, and whether the raw type has a place for each.
fn described(spec: &Spec) -> BTreeMap<(String, String), bool> {
    let components = Pointer::root().below(&["components", "schemas"]);
    let named = |found: &Found<'_>| {
        let above = found.at.parent()?;
        (above == components).then(|| found.at.name())
    };
    let mut fields = BTreeMap::new();
    for found in refs::reach(spec.tree()).answers {
        let Some(schema) = named(&found) else { continue };
        for (field, property) in refs::members(found.value, "properties") {
            fields.insert((schema.clone(), field.clone()), marks::mark(property) != Some("extra"));
        }
    }
    fields
}

/// What stands in the braces of `ledger!`.
struct Table(Vec<Entry>);

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

fn entry(input: ParseStream<'_>, provider: String, schema: String) -> syn::Result<Entry> {
    let beside: Option<Token![+]> = input.parse()?;
    let field = if beside.is_some() {
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
    let as_before = input.peek(token::Paren);
    let fate = fate(input)?;
    let remark = match input.parse::<Option<Token![,]>>()? {
        Some(_) => input.parse::<LitStr>()?.value(),
        None => String::new(),
    };
    input.parse::<Token![;]>()?;
    Ok(Entry {
        provider,
        schema,
        field,
        beside: beside.is_some(),
        as_before,
        fate,
        remark,
    })
}

fn fate(input: ParseStream<'_>) -> syn::Result<Fate> {
    let fed;
    if input.peek(token::Bracket) {
        bracketed!(fed in input);
    } else if input.peek(token::Paren) {
        parenthesized!(fed in input);
    } else {
        let word: Ident = input.parse()?;
        return match word.to_string().as_str() {
            "unknown" => Ok(Fate::Unknown),
            "out" => Ok(Fate::LeftOut),
            _ => Err(syn::Error::new(
                word.span(),
                "a fate is `[…]`, `(…)`, `unknown` or `out`",
            )),
        };
    }
    let fed = fed.parse_terminated(part, Token![,])?;
    Ok(Fate::Feeds(fed.into_iter().collect()))
}

/// A part of the facade, a field or a method.
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

#[cfg(test)]
mod tests {
    use super::*;

    const RUST: &str = r#"
macro_rules! ledger { () => {}; }

ledger! {
    "clock" in clock_client {
        Time {
            iso => [Time.at, Time.zone], "as UTC";
            type_ as "type" => out, "there is one";
            + "epoch" => [Time::of];
        }
    }
}
"#;

    fn clock(properties: &str) -> Spec {
        let text = format!(
            r##"
openapi: 3.0.3
info: {{title: Clock, version: "1"}}
paths:
  /time:
    get:
      operationId: time
      responses:
        "200":
          description: The time.
          content: {{application/json: {{schema: {{$ref: "#/components/schemas/Time"}}}}}}
components: {{schemas: {{Time: {{type: object, properties: {properties}}}}}}}
"##
        );
        Spec::parse("clock.yaml", &text).unwrap()
    }

    #[test]
    fn rows_are_read() {
        let ledger = Ledger::parse(RUST).unwrap();
        let fate = |field| ledger.entry("clock", "Time", field).map(|entry| entry.fate.clone());
        let fed = |names: &[&str]| Some(Fate::Feeds(names.iter().map(ToString::to_string).collect()));
        assert_eq!(fate("iso"), fed(&["Time::at", "Time::zone"]));
        assert_eq!(fate("type"), Some(Fate::LeftOut));
        assert_eq!(fate("epoch"), fed(&["Time::of"]));
        assert_eq!(fate("zone"), None);
        let spec = clock("{iso: {type: string}, type: {type: string}, zone: {type: string}}");
        assert_eq!(ledger.lacks("clock", &spec), [("Time".to_owned(), "zone".to_owned())]);
        assert_eq!(
            ledger.outlived("clock", &spec),
            [("Time".to_owned(), "epoch".to_owned())]
        );
    }

    #[test]
    fn what_is_no_ledger_is_refused_with_the_reason() {
        for (rust, reason) in [
            ("fn", "expected identifier"),
            ("fn main() {}", "there is no `ledger!` in it"),
            (r#"ledger! { "clock" in clock { Time { iso => kept; } } }"#, "a fate is"),
            (
                r#"ledger! { "clock" in clock { Time { iso => unknown } } }"#,
                "expected `;`",
            ),
        ] {
            let refusal = Ledger::parse(rust).unwrap_err().to_string();
            assert!(refusal.contains(reason), "{rust}: {refusal}");
        }
    }

    #[test]
    fn a_row_is_added_where_it_belongs() {
        for (field, row) in [
            ("zone", "zone => unknown;"),
            ("isDst", r#"is_dst as "isDst" => unknown;"#),
            ("enum", r#"enum_ as "enum" => unknown;"#),
        ] {
            let kept = Ledger::keep(RUST, "clock", "Time", field).unwrap();
            assert!(
                kept.contains(&format!("            {row}\n            + \"epoch\"")),
                "{kept}"
            );
            let entry = Ledger::parse(&kept).unwrap().entry("clock", "Time", field).cloned();
            assert_eq!(entry.map(|entry| entry.fate), Some(Fate::Unknown), "{kept}");
        }
        let promoted = Ledger::keep(RUST, "clock", "Time", "epoch").unwrap();
        assert!(
            promoted.contains("            epoch => (Time::of);\n        }"),
            "{promoted}"
        );
        let entry = Ledger::parse(&promoted)
            .unwrap()
            .entry("clock", "Time", "epoch")
            .cloned();
        assert_eq!(
            entry.map(|entry| (entry.fate, entry.beside, entry.as_before)),
            Some((Fate::Feeds(vec!["Time::of".to_owned()]), false, true))
        );
        assert_eq!(Ledger::keep(RUST, "watch", "Time", "zone"), None);
        assert_eq!(Ledger::keep(RUST, "clock", "Date", "zone"), None);
    }
}
