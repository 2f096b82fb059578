//! How the generator makes Rust names of what a spec calls things.

use heck::{ToPascalCase, ToSnakeCase};

/// The name of a field, a method or an argument, before a word of the language gets an underscore.
pub(crate) fn snake(name: &str) -> String {
    separated(name).to_snake_case()
}

/// The name of a type or a variant.
pub(crate) fn pascal(name: &str) -> String {
    separated(name).to_pascal_case()
}

fn separated(name: &str) -> String {
    name.replace('\'', "")
        .replace(|c: char| !c.is_alphanumeric() && c != '_', "-")
}
