//! Adds a row to the text of the field map.

use syn::Ident;

use super::table::FieldMap;
use crate::rust_names;

impl FieldMap {
    /// Adds a row for a field that the raw type has but the facade does not read from it. The row
    /// keeps the field as unknown, or keeps feeding what the field fed from among the unknown
    /// fields. Returns the new text, or `None` when the provider or the schema is not in the field
    /// map.
    #[must_use]
    pub fn with_row(rust: &str, provider: &str, schema: &str, field: &str) -> Option<String> {
        let mut lines: Vec<String> = rust.lines().map(str::to_owned).collect();
        let depth = |line: &str| line.len() - line.trim_start().len();
        let section = format!("\"{provider}\" in ");
        let from = lines.iter().position(|line| line.trim_start().starts_with(&section))?;
        let opening = format!("{schema} {{");
        let opened = from + lines[from..].iter().position(|line| line.trim() == opening)?;
        let closing = |line: &String| line.trim() == "}" && depth(line) == depth(&lines[opened]);
        let closed = opened + lines[opened..].iter().position(closing)?;
        let is_untyped = |line: &String| line.trim_start().starts_with('+');

        // Rows for fields of the raw type precede those for untyped fields.
        let first_beside = lines[opened..closed].iter().position(is_untyped);
        let at = first_beside.map_or(closed, |first| opened + first);
        let was = format!("+ {field:?} => ");
        let target = match (at..closed).find(|&line| lines[line].trim_start().starts_with(&was)) {
            Some(line) => {
                let row = lines.remove(line);
                row.trim_start()[was.len()..]
                    .replacen('[', "(", 1)
                    .replacen(']', ")", 1)
            }
            None => "unknown;".to_owned(),
        };
        let indent = " ".repeat(depth(&lines[opened]) + 4);
        lines.insert(at, format!("{indent}{} => {target}", typed(field)));
        Some(format!("{}\n", lines.join("\n")))
    }
}

/// The name of a field of the raw type, as a row spells it.
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
