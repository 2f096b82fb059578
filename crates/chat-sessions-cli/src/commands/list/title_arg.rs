//! `--title`: a regular expression with smart case.

use chat_sessions::Session;
use regex::{Regex, RegexBuilder};

/// Returns whether the title of a session matches.
pub(crate) fn title_matches(title: &Regex, session: &Session) -> bool {
    session.title.as_deref().is_some_and(|text| title.is_match(text))
}

/// Parses `--title`. A pattern without uppercase letters ignores case.
pub(crate) fn parse_title(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .case_insensitive(!has_uppercase(pattern))
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
            other => other.to_string(),
        })
}

/// Returns whether a pattern contains a literal uppercase letter, which those in `\W` and `\p{Greek}`
/// are not.
fn has_uppercase(pattern: &str) -> bool {
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\\' {
            let class = characters.next();
            if matches!(class, Some('p' | 'P')) && characters.next_if_eq(&'{').is_some() {
                characters.by_ref().take_while(|inside| *inside != '}').for_each(drop);
            }
        } else if character.is_uppercase() {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_matters_only_if_the_pattern_has_an_uppercase_letter() {
        for (pattern, text, matches) in [
            ("quarter", "The Quarterly Report", true),
            ("Quarter", "The Quarterly Report", true),
            ("QUARTER", "The Quarterly Report", false),
            (r"\Wreport\b", "The Quarterly Report", true),
            (r"\p{Lu}uarter", "The Quarterly Report", true),
            (r"\p{Greek}", "ω", true),
            ("(?-i)quarter", "The Quarterly Report", false),
            ("(?i)QUARTER", "The Quarterly Report", true),
            ("straße", "STRASSE", false),
            ("übung", "ÜBUNG", true),
        ] {
            let found = parse_title(pattern).map(|pattern| pattern.is_match(text));
            assert_eq!(found, Ok(matches), "{pattern} in {text}");
        }
        assert!(parse_title("(").is_err_and(|message| message.contains("unclosed group")));
    }
}
