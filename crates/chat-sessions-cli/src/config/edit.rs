//! Adds a `key_file` to the text of `config.toml`, and leaves every other byte as it is. Libraries that
//! edit TOML write the whole text again, with other line ends.
//!
//! The result is parsed and compared with what is wanted, so that an unusual form of the file is refused
//! rather than damaged.

use std::ffi::OsString;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::ConfigFile;
use crate::provider::ProviderName;

/// What to add.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyEntry<'a> {
    pub(super) profile: &'a str,
    pub(super) provider: ProviderName,
    /// The path of the key file, relative to the folder of `config.toml`.
    pub(super) key_file: &'a str,
    /// Whether the profile becomes the default.
    pub(super) is_default: bool,
}

/// Returns the text with the entry; `None` if the text has a form in which it cannot be added.
pub(super) fn with_key_file(path: &Path, text: &str, entry: KeyEntry<'_>) -> Option<String> {
    let mut edited = with_entry(text, entry)?;
    if entry.is_default {
        edited = with_default(&edited, entry.profile);
    }
    let before = ConfigFile::parse(path, text).ok()?;
    let after = ConfigFile::parse(path, &edited).ok()?;
    let mut wanted = facts(&before);
    let folder = path.parent().unwrap_or(Path::new(""));
    wanted.retain(|(profile, provider, name, _)| (profile.as_str(), *provider, *name) != entry.place());
    let (profile, provider, name) = entry.place();
    let value = folder.join(entry.key_file).into_os_string();
    wanted.push((profile.to_owned(), provider, name, value));
    let default = |file: &ConfigFile| file.default_profile.as_ref().map(|(name, _)| name.clone());
    let wanted_default = if entry.is_default {
        Some(entry.profile.to_owned())
    } else {
        default(&before)
    };
    wanted.sort();
    let is_right = wanted == facts(&after) && default(&after) == wanted_default;
    is_right.then_some(edited)
}

/// A profile, a provider, the name of a setting, and its value.
type Fact = (String, &'static str, &'static str, OsString);

fn facts(file: &ConfigFile) -> Vec<Fact> {
    let mut facts = Vec::new();
    for profile in &file.profiles {
        for provider in ProviderName::ALL {
            for setting in provider.built_in().settings {
                if let Some(value) = profile.value(provider, setting) {
                    facts.push((profile.name.clone(), provider.as_str(), setting.name, value.text));
                }
            }
        }
    }
    facts.sort();
    facts
}

impl<'a> KeyEntry<'a> {
    fn place(&self) -> (&'a str, &'static str, &'static str) {
        let name = self.provider.key_setting().map_or("", |setting| setting.name);
        (self.profile, self.provider.as_str(), name)
    }

    fn line(&self) -> String {
        format!("key_file = {}", quoted(self.key_file))
    }
}

fn with_entry(text: &str, entry: KeyEntry<'_>) -> Option<String> {
    let document = DeTable::parse(text).ok()?;
    let found = |name: &str, within: Option<&Spanned<DeValue<'_>>>| match within.map(Spanned::get_ref) {
        Some(DeValue::Table(table)) => table.get(name).map(Spanned::span),
        _ => None,
    };
    let root = document.get_ref();
    let profile = table(root.get("profile")).and_then(|profiles| profiles.get(entry.profile));
    let provider = table(profile).and_then(|profile| profile.get(entry.provider.as_str()));
    if let Some(value) = found("key_file", provider) {
        return replaced(text, value.start, value.end, &quoted(entry.key_file));
    }
    let end = line_end(text);
    let Some(provider) = provider else {
        let missing_end = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            end
        };
        let blank = if text.is_empty() { "" } else { end };
        let heading = format!("[profile.{}.{}]", key(entry.profile), entry.provider.as_str());
        return Some(format!("{text}{missing_end}{blank}{heading}{end}{}{end}", entry.line()));
    };
    let span = provider.span();
    match text.as_bytes().get(span.start)? {
        // The heading of a table. The entry goes to the next line.
        b'[' => match text.get(span.end..)?.find('\n') {
            Some(rest) => {
                let next = span.end + rest + 1;
                replaced(text, next, next, &format!("{}{end}", entry.line()))
            }
            None => Some(format!("{text}{end}{}{end}", entry.line())),
        },
        // A table on one line.
        b'{' => {
            let is_empty = table(Some(provider))?.is_empty();
            let separator = if is_empty { "" } else { "," };
            let at = span.start + 1;
            replaced(text, at, at, &format!(" {}{separator}", entry.line()))
        }
        // Dotted keys: the entry gets the same prefix, on the line before.
        _ => {
            let start = text.get(..span.start)?.rfind('\n').map_or(0, |newline| newline + 1);
            let prefix = text.get(start..span.end)?;
            replaced(text, start, start, &format!("{prefix}.{}{end}", entry.line()))
        }
    }
}

fn table<'t, 'i>(value: Option<&'t Spanned<DeValue<'i>>>) -> Option<&'t DeTable<'i>> {
    match value?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

/// Sets the default profile on the first line, because a key below a heading belongs to that table.
fn with_default(text: &str, profile: &str) -> String {
    const BYTE_ORDER_MARK: &str = "\u{feff}";
    let (mark, rest) = match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => (BYTE_ORDER_MARK, rest),
        None => ("", text),
    };
    let end = line_end(text);
    format!("{mark}default_profile = {}{end}{end}{rest}", quoted(profile))
}

fn replaced(text: &str, start: usize, end: usize, new: &str) -> Option<String> {
    Some(format!("{}{new}{}", text.get(..start)?, text.get(end..)?))
}

/// Returns how the lines of the text end.
fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Writes a name as a part of a key.
fn key(name: &str) -> String {
    let is_bare = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
    if !name.is_empty() && name.chars().all(is_bare) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// Writes a TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            character if character.is_control() => quoted.push_str(&format!("\\U{:08x}", u32::from(character))),
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{KeyEntry, with_key_file};
    use crate::provider::ProviderName;

    fn edited(text: &str, profile: &str, is_default: bool) -> Option<String> {
        let entry = KeyEntry {
            profile,
            provider: ProviderName::MemoriesAi,
            key_file: "keys/new",
            is_default,
        };
        with_key_file(Path::new("/etc/config.toml"), text, entry)
    }

    const NEW: &str = "key_file = \"keys/new\"";

    #[test]
    fn the_entry_is_added_and_every_other_byte_stays() {
        let added = |text: &str, before: &str, inserted: &str| {
            let expected = text.replacen(before, &format!("{before}{inserted}"), 1);
            assert_eq!(
                edited(text, "work", false).as_deref(),
                Some(expected.as_str()),
                "{text:?}"
            );
        };
        let heading = format!("[profile.work.memories-ai]\n{NEW}\n");
        added("", "", &heading);
        added("# only a comment", "# only a comment", &format!("\n\n{heading}"));
        added(
            "[profile.work.memories-ai]\nunique_id = \"a\"   # kept\n\n[profile.other]\n",
            "[profile.work.memories-ai]\n",
            &format!("{NEW}\n"),
        );
        added(
            "\u{feff}# c\r\n[ profile . \"work\" . memories-ai ]\t# heading\r\nunique_id='a'\r\n",
            "# heading\r\n",
            &format!("{NEW}\r\n"),
        );
        added("[profile.work.memories-ai]", "memories-ai]", &format!("\n{NEW}\n"));
        added(
            "[profile.work]\nmemories-ai = { unique_id = 'a' }\n",
            "memories-ai = {",
            &format!(" {NEW},"),
        );
        added(
            "[profile.work]\nmemories-ai = {}\n",
            "memories-ai = {",
            &format!(" {NEW}"),
        );
        added(
            "[profile]\nwork.memories-ai.unique_id = 'a'\n",
            "[profile]\n",
            &format!("work.memories-ai.{NEW}\n"),
        );
        added(
            "profile.work.memories-ai.unique_id = 'a'",
            "",
            &format!("profile.work.memories-ai.{NEW}\n"),
        );
        added(
            "default_profile = \"work\"\n[profile.work.llama-cloud]\nproject_id = 'p'\n",
            "project_id = 'p'\n",
            &format!("\n{heading}"),
        );
    }

    #[test]
    fn an_entry_that_exists_gets_the_new_path() {
        for text in [
            "[profile.work.memories-ai]\nkey_file = OLD # mine\nunique_id = \"a\"\n",
            "[profile.work.memories-ai]\r\nunique_id = \"a\"\r\nkey_file=OLD\r\n",
            "profile.work.memories-ai.key_file = OLD",
            "profile = { work = { memories-ai = { key_file = OLD } } }\n",
        ] {
            for old in ["\"~/.keys/m\"", "'old'", "\"\"\"\nold\"\"\""] {
                let (before, after) = (text.replace("OLD", old), text.replace("OLD", "\"keys/new\""));
                assert_eq!(edited(&before, "work", false), Some(after), "{before:?}");
            }
        }
    }

    #[test]
    fn the_default_profile_is_set_on_the_first_line() {
        let added = edited("\u{feff}# mine\n[profile.a]\n", "two words \"\\", true).expect("it can be added");
        assert_eq!(
            added,
            format!(
                "\u{feff}default_profile = \"two words \\\"\\\\\"\n\n# mine\n[profile.a]\n\n\
                 [profile.\"two words \\\"\\\\\".memories-ai]\n{NEW}\n"
            )
        );
    }

    #[test]
    fn a_form_to_which_nothing_can_be_added_is_refused() {
        for text in [
            "profile = { work = { llama-cloud = { project_id = 'p' } } }\n",
            "profile = { work.memories-ai.unique_id = 'a' }\n",
            "profile.work = { llama-cloud = {} }\n",
        ] {
            assert_eq!(edited(text, "work", false), None, "{text:?}");
        }
    }
}
