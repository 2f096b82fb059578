//! How the generator turns names of a spec into Rust names.

use heck::{ToPascalCase, ToSnakeCase};

/// The name of a field, method or argument, before a keyword gets an underscore.
pub(crate) fn snake(name: &str) -> String {
    identifier(separated(name).to_snake_case(), "x")
}

/// The name of a type or a variant.
pub(crate) fn pascal(name: &str) -> String {
    identifier(separated(name).to_pascal_case(), "X")
}

/// Returns the name of the method that builds the request of another method.
pub(crate) fn request_method(method: &str) -> String {
    format!("{method}_request")
}

/// The name of the struct for the optional parameters of an operation or its method.
pub(crate) fn parameters_struct(operation: &str) -> String {
    format!("{}Params", pascal(operation))
}

fn separated(name: &str) -> String {
    // The generator spells these two out, since reactions use them as names.
    match name {
        "+1" => return "plus1".to_owned(),
        "-1" => return "minus1".to_owned(),
        _ => {}
    }
    name.replace('\'', "")
        .replace(|c: char| !c.is_alphanumeric() && c != '_', "-")
}

/// Prefixes a name that does not start with a letter.
fn identifier(name: String, letter: &str) -> String {
    if name.starts_with(char::is_alphabetic) {
        name
    } else {
        format!("{letter}{name}")
    }
}
