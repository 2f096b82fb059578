//! `config.toml`: what may stand in it, and what is said about what may not.
//!
//! ```toml
//! default_profile = "work"
//!
//! [profile.work.memories-ai]
//! unique_id = "team-a"
//! key_file = "~/.keys/memories-ai"
//! ```
//!
//! A key itself may not: the file is one that people show each other. No message repeats a value, nor a line of the file,
//! since a key may stand in it all the same.

use std::ffi::OsString;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use chat_sessions::{Error, ErrorKind, Result, Setting};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Value;
use super::origin::Origin;
use super::place::{Place, home};
use crate::args::ProviderName;

/// What stands in the file.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    /// The profile that is used where nothing else is said.
    pub(crate) default_profile: Option<(String, Origin)>,
    pub(crate) profiles: Vec<Profile>,
}

/// One `[profile.NAME]`.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) name: String,
    entries: Vec<(ProviderName, Value)>,
}

impl Profile {
    /// Gives what the profile says of a setting, under the name of the variable that would say the same.
    pub(super) fn value(&self, provider: ProviderName, setting: &Setting) -> Option<Value> {
        let variable = variable(setting)?;
        let mut entries = self.entries.iter();
        let found = entries.find(|(of, value)| *of == provider && value.variable == variable);
        found.map(|(_, value)| value.clone())
    }
}

/// A secret is given by its file only.
fn variable(setting: &Setting) -> Option<&'static str> {
    let variables = if setting.is_secret() {
        setting.file_variables
    } else {
        setting.variables
    };
    variables.first().copied()
}

/// Names a setting in the file: a secret by the file that it is in.
fn key_of(setting: &Setting) -> &'static str {
    if setting.is_secret() { "key_file" } else { setting.name }
}

impl File {
    /// Reads the file; `None` when there is none at the usual place.
    pub(super) fn read(place: &Place) -> Result<Option<Self>> {
        let path = &place.path;
        match std::fs::read_to_string(path) {
            Ok(text) => Reader { path, text: &text }.file().map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !place.named => Ok(None),
            Err(error) => Err(Error::local(ErrorKind::Config)
                .with_message(format!("{} cannot be read: {error}", path.display()))
                .with_hint(if place.named {
                    "Correct or unset CHAT_SESSIONS_CONFIG."
                } else {
                    "Make it readable, or move it away."
                })),
        }
    }

    /// Finds a profile by its name.
    pub(super) fn profile(&self, name: &str, asked_by: &Origin) -> Result<&Profile> {
        let mut profiles = self.profiles.iter();
        profiles.find(|profile| profile.name == name).ok_or_else(|| {
            let known: Vec<&str> = self.profiles.iter().map(|profile| profile.name.as_str()).collect();
            Error::local(ErrorKind::Config)
                .with_message(format!(
                    "{asked_by} asks for the profile {name}, which is not in {}",
                    self.path.display()
                ))
                .with_hint(suggestion(name, &known, "It has no profile"))
        })
    }
}

/// Reads the text of a file.
struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Reader<'_> {
    fn file(&self) -> Result<File> {
        let table = DeTable::parse(self.text).map_err(|error| {
            let place = error.span().unwrap_or_default();
            // The message of the parser names what it expected, and not what it found.
            self.error(
                &place,
                "it is not TOML",
                &format!("The parser says: {}.", error.message()),
            )
        })?;
        let mut file = File {
            path: self.path.to_owned(),
            default_profile: None,
            profiles: Vec::new(),
        };
        for (key, value) in self.in_order(table.get_ref()) {
            match key.get_ref().as_ref() {
                "default_profile" => {
                    let name = self.text_of("default_profile", value)?;
                    file.default_profile = Some((name.to_owned(), self.origin("default_profile", key)));
                }
                "profile" => {
                    for (name, profile) in self.in_order(self.table("profile", value)?) {
                        file.profiles.push(self.profile(name.get_ref(), profile)?);
                    }
                }
                _ => return Err(self.unknown(key, "", &["default_profile", "profile"])),
            }
        }
        Ok(file)
    }

    fn profile(&self, name: &str, value: &Spanned<DeValue<'_>>) -> Result<Profile> {
        let within = format!("profile.{name}");
        let mut entries = Vec::new();
        for (key, value) in self.in_order(self.table(&within, value)?) {
            let mut providers = ProviderName::ALL.into_iter();
            let Some(provider) = providers.find(|provider| provider.as_str() == key.get_ref().as_ref()) else {
                return Err(self.unknown(key, &within, &ProviderName::ALL.map(ProviderName::as_str)));
            };
            let within = format!("{within}.{provider}", provider = provider.as_str());
            for (key, value) in self.in_order(self.table(&within, value)?) {
                entries.push((provider, self.entry(provider, &within, key, value)?));
            }
        }
        Ok(Profile {
            name: name.to_owned(),
            entries,
        })
    }

    fn entry(
        &self,
        provider: ProviderName,
        within: &str,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Value> {
        let name = key.get_ref().as_ref();
        let settings = provider.settings();
        let found = settings.iter().find(|setting| key_of(setting) == name);
        let Some((setting, variable)) = found.and_then(|setting| Some((setting, variable(setting)?))) else {
            if holds_a_key(name) {
                return Err(self.error(
                    &key.span(),
                    &format!("{within} holds a key, and a key does not belong into this file"),
                    "Put the key into a file that only you can read, and name that here: key_file = \"PATH\". \
                     If others have seen this file, make a new key.",
                ));
            }
            let known: Vec<&str> = settings.iter().map(key_of).collect();
            return Err(self.unknown(key, within, &known));
        };
        let whole = format!("{within}.{name}");
        let text = self.text_of(&whole, value)?;
        Ok(Value {
            variable,
            text: if setting.is_secret() {
                self.resolved(text)
            } else {
                text.into()
            },
            origin: self.origin(&whole, key),
            is_path: setting.is_secret(),
            hides: None,
        })
    }

    /// Takes a path from the home of the user where it begins with `~/`, and else from the folder of the file.
    fn resolved(&self, path: &str) -> OsString {
        let rest = path.strip_prefix("~/");
        let path = match (rest, home()) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => self.path.parent().unwrap_or(Path::new("")).join(path),
        };
        path.into_os_string()
    }

    /// Gives a table in the order of the file, so that the first mistake is told first.
    fn in_order<'t, 'i>(
        &self,
        table: &'t DeTable<'i>,
    ) -> Vec<(&'t Spanned<std::borrow::Cow<'i, str>>, &'t Spanned<DeValue<'i>>)> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
    }

    fn table<'t, 'i>(&self, name: &str, value: &'t Spanned<DeValue<'i>>) -> Result<&'t DeTable<'i>> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(table),
            _ => Err(self.error(
                &value.span(),
                &format!("{name} is not a table"),
                "Write it as [profile.NAME.memories-ai] or [profile.NAME.llama-cloud], with the settings below.",
            )),
        }
    }

    fn text_of<'t>(&self, name: &str, value: &'t Spanned<DeValue<'_>>) -> Result<&'t str> {
        match value.get_ref() {
            DeValue::String(text) if text.is_empty() => {
                Err(self.error(&value.span(), &format!("{name} is empty"), "Leave it out."))
            }
            DeValue::String(text) => Ok(text),
            _ => Err(self.error(&value.span(), &format!("{name} is not a text"), "Put it into quotes.")),
        }
    }

    /// Refuses a key that nobody knows. Its name is repeated where it looks like one: a key of an account may have been put
    /// down in its place.
    fn unknown(&self, key: &Spanned<std::borrow::Cow<'_, str>>, within: &str, known: &[&str]) -> Error {
        let name = key.get_ref().as_ref();
        let plain = name.len() <= 32
            && name
                .chars()
                .all(|character| character.is_ascii_alphabetic() || "_-".contains(character));
        let place = match within {
            "" => String::new(),
            within => format!(" in {within}"),
        };
        if plain {
            self.error(
                &key.span(),
                &format!("unknown key {name}{place}"),
                &suggestion(name, known, "No key is known"),
            )
        } else {
            let hint = suggestion("", known, "No key is known");
            self.error(&key.span(), &format!("unknown key{place}"), &hint)
        }
    }

    fn origin(&self, name: &str, key: &Spanned<std::borrow::Cow<'_, str>>) -> Origin {
        Origin::Line {
            file: self.path.to_owned(),
            line: self.line(&key.span()),
            key: name.to_owned(),
        }
    }

    fn error(&self, place: &Range<usize>, what: &str, hint: &str) -> Error {
        Error::local(ErrorKind::Config)
            .with_message(format!("{}:{}: {what}", self.path.display(), self.line(place)))
            .with_hint(hint)
    }

    /// Gives the number of a line, counted from 1.
    fn line(&self, place: &Range<usize>) -> usize {
        let before = self.text.get(..place.start).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }
}

/// Says whether a name is one under which people put a key.
fn holds_a_key(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    name == "key"
        || ["api_key", "apikey", "token", "secret", "password"]
            .iter()
            .any(|word| name.contains(word))
}

/// Gives the name that was meant, if one is near, and all that there are.
fn suggestion(name: &str, known: &[&str], none: &str) -> String {
    // As near as clap wants a name of an option to be.
    const NEAR: f64 = 0.7;
    let near = known
        .iter()
        .map(|known| (strsim::jaro(name, known), known))
        .filter(|(nearness, _)| *nearness > NEAR)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    match (near, known) {
        (_, []) => format!("{none}."),
        (Some((_, near)), _) => format!("Did you mean {near}? Known are {}.", known.join(", ")),
        (None, _) => format!("Known are {}.", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{File, Reader};

    fn read(text: &str) -> Result<File, String> {
        let path = Path::new("/etc/config.toml");
        Reader { path, text }.file().map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line_and_never_by_its_value() {
        let cases = [
            "default_profil = \"planted\"",
            "default_profile = 4711",
            "default_profile = \"\"",
            "\n\nsk-planted-4711",
            "sk-planted-4711 = \"x\"",
            "profile = \"planted\"",
            "[profile.work]\nmemories_ai = {}",
            "[profile.work]\nmemories-ai = \"planted\"",
            "[profile.work.memories-ai]\nuniqe_id = \"planted\"",
            "[profile.work.memories-ai]\nproject_id = \"planted\"",
            "[profile.work.memories-ai]\n\napi_key = \"sk-planted\"",
            "[profile.work.llama-cloud]\nLLAMA_CLOUD_API_KEY = \"llx-planted\"",
            "[profile.work.llama-cloud]\nbase_url = [\"planted\"]",
            "[profile.work.llama-cloud]\nbase_url = \"planted",
            "[profile.work.llama-cloud]\nbase_url = planted",
            "[profile.a.llama-cloud]\nkey_file = \"k\"\nkey_file = \"planted\"",
        ];
        let mut said = String::new();
        for case in cases {
            let error = read(case).expect_err(case);
            assert!(!error.contains("planted") && !error.contains("4711"), "{case}: {error}");
            said.push_str(&format!("{case}\n=> {error}\n\n"));
        }
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(said) });
    }

    #[test]
    fn a_file_without_mistakes_is_read_whole() {
        let file = read(
            "default_profile = \"work\"\n[profile.work.memories-ai]\nunique_id = \"team-a\"\nkey_file = \"keys/m\"\n\
             [profile.empty]\n",
        )
        .expect("nothing is wrong with it");
        assert_eq!(file.default_profile.expect("there is one").0, "work");
        let told: Vec<String> = file
            .profiles
            .iter()
            .flat_map(|profile| &profile.entries)
            .map(|(_, value)| format!("{} from {}", value.text.display(), value.origin))
            .collect();
        assert_eq!(
            told,
            [
                "team-a from profile.work.memories-ai.unique_id at /etc/config.toml:3",
                "/etc/keys/m from profile.work.memories-ai.key_file at /etc/config.toml:4",
            ]
        );
        assert_eq!(file.profiles.len(), 2);
    }
}
