//! Options whose value is one of a few names. Case and white space around a name do not matter:
//! `--columns "title, ID"` means `title,id`.

use std::ffi::OsStr;
use std::marker::PhantomData;

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, Command, Error, ValueEnum};

/// Returns a parser for the names of a type.
pub(crate) fn name<Name: ValueEnum + Send + Sync + 'static>() -> NameParser<Name> {
    NameParser(PhantomData)
}

#[derive(Clone, Debug)]
pub(crate) struct NameParser<Name>(PhantomData<Name>);

impl<Name: ValueEnum + Send + Sync + 'static> TypedValueParser for NameParser<Name> {
    type Value = Name;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Name, Error> {
        let exact = EnumValueParser::<Name>::new();
        let Some(text) = value.to_str() else {
            return exact.parse_ref(command, arg, value);
        };
        let wanted = normalized(text);
        let mut names = Name::value_variants().iter();
        let found = names.find(|variant| {
            let value = variant.to_possible_value();
            value.is_some_and(|value| normalized(value.get_name()) == wanted)
        });
        match found {
            Some(variant) => Ok(variant.clone()),
            // Reports the name as it was typed, with the most similar one.
            None => exact.parse_ref(command, arg, OsStr::new(text.trim())),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let names = Name::value_variants().iter();
        Some(Box::new(names.filter_map(ValueEnum::to_possible_value)))
    }
}

/// Returns a name in the form in which names are compared.
fn normalized(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use clap::builder::TypedValueParser;
    use clap::{Command, ValueEnum};

    use super::name;

    #[derive(Clone, Debug, PartialEq, ValueEnum)]
    #[value(rename_all = "snake_case")]
    enum Name {
        Title,
        CreatedAt,
    }

    #[test]
    fn names_are_compared_without_case_and_white_space() {
        let parsed = |text: &str| {
            name::<Name>()
                .parse_ref(&Command::new("test"), None, text.as_ref())
                .ok()
        };
        for (text, expected) in [
            ("title", Some(Name::Title)),
            ("  TITLE\t", Some(Name::Title)),
            ("created_at", Some(Name::CreatedAt)),
            (" Created_At", Some(Name::CreatedAt)),
            ("", None),
            ("created-at", None),
            ("title title", None),
        ] {
            assert_eq!(parsed(text), expected, "{text:?}");
        }
    }

    #[test]
    fn an_unknown_name_is_reported_as_it_was_typed() {
        let error = name::<Name>().parse_ref(&Command::new("test"), None, " Titel ".as_ref());
        let message = error.expect_err("it is unknown").to_string();
        assert!(message.contains("'Titel'") && message.contains("'title'"), "{message}");
    }
}
