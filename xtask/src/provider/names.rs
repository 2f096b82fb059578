//! The names of a new provider, and texts in which they replace those of an existing one.

use std::collections::BTreeMap;

use crate::outcome::Failure;
use crate::providers::Provider;

/// The values of the placeholders of a template, such as `{{name}}`.
pub(super) type Values = BTreeMap<&'static str, String>;

/// Checks the name of a new provider: lower-case words with hyphens, as in `some-provider`.
pub(super) fn checked(name: &str, known: &[Provider]) -> Result<Provider, Failure> {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if !name.split('-').all(is_word) {
        return Err(format!("`{name}` is not a name. Remedy: write it like `some-provider`.").into());
    }
    if known.iter().any(|provider| provider.name == name) {
        return Err(format!("There is a provider {name} already. Remedy: choose another name.").into());
    }
    Ok(Provider { name: name.to_owned() })
}

/// The prefix of its constants and environment variables: `SOME_PROVIDER`.
pub(super) fn constant(provider: &Provider) -> String {
    provider.module().to_uppercase()
}

/// The name for people: `Some Provider`.
pub(super) fn title(provider: &Provider) -> String {
    let words = provider.name.split('-').map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Replaces every name of one provider by that of another.
pub(super) fn renamed(text: &str, from: &Provider, to: &Provider) -> String {
    text.replace(&from.name, &to.name)
        .replace(&constant(from), &constant(to))
        .replace(&from.module(), &to.module())
        .replace(&from.type_name(), &to.type_name())
}

/// Fills in a template; an unknown placeholder is an error of this program.
pub(super) fn filled(template: &str, values: &Values) -> Result<String, Failure> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        let value = values
            .get(name)
            .ok_or_else(|| format!("the template's `{name}` has no value"))?;
        text.push_str(before);
        text.push_str(value);
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_from_the_name_of_the_spec() {
        let third = checked("a-third2", &[]).unwrap();
        assert_eq!(
            (constant(&third), title(&third)),
            ("A_THIRD2".to_owned(), "A Third2".to_owned())
        );
        let one = Provider {
            name: "one-of".to_owned(),
        };
        assert_eq!(
            renamed("one-of one_of ONE_OF OneOf", &one, &third),
            "a-third2 a_third2 A_THIRD2 AThird2"
        );
        for name in ["", "Third", "a_b", "-a", "a-", "3rd", "a--b"] {
            assert!(checked(name, &[]).is_err(), "{name}");
        }
        assert!(checked("one-of", &[one]).is_err());
    }

    #[test]
    fn a_template_needs_every_value() {
        let values = Values::from([("name", "x".to_owned())]);
        assert_eq!(filled("a {{name}} { b }", &values).unwrap(), "a x { b }");
        assert!(filled("{{other}}", &values).is_err());
    }
}
