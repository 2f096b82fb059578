//! How the generator makes Rust names of what a spec calls things.

use heck::{ToPascalCase, ToSnakeCase};

/// The name of a field, a method or an argument, before a word of the language gets an underscore.
pub(crate) fn snake(name: &str) -> String {
    identifier(separated(name).to_snake_case(), "x")
}

/// The name of a type or a variant.
pub(crate) fn pascal(name: &str) -> String {
    identifier(separated(name).to_pascal_case(), "X")
}

fn separated(name: &str) -> String {
    // The generator spells these two out, since reactions have them as names.
    match name {
        "+1" => return "plus1".to_owned(),
        "-1" => return "minus1".to_owned(),
        _ => {}
    }
    name.replace('\'', "")
        .replace(|c: char| !c.is_alphanumeric() && c != '_', "-")
}

/// What begins with a digit, or is empty, is given a letter.
fn identifier(name: String, letter: &str) -> String {
    if name.starts_with(char::is_alphabetic) {
        name
    } else {
        format!("{letter}{name}")
    }
}
