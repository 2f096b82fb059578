//! `config.toml`: what it may contain, and the messages for what it may not.
//!
//! ```toml
//! default_profile = "work"
//!
//! [profile.work.memories-ai]
//! unique_id = "team-a"
//! key_file = "~/.keys/memories-ai"
//! ```
//!
//! It may not contain a key, because people share such files. No message repeats a value or a line
//! of the file, because it may contain a key anyway.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use chat_sessions::config::{Setting, SettingValue};
use chat_sessions::{Error, ErrorKind, Result};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::location::ConfigLocation;
use super::origin::Origin;
use super::value::Value;
use crate::provider::ProviderName;

/// The content of the file.
#[derive(Clone, Debug)]
pub(crate) struct ConfigFile {
    pub(crate) path: PathBuf,
    /// The profile to use if no other is selected.
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
    /// Returns the value of a setting, under the name of the environment variable for it.
    pub(super) fn value(&self, provider: ProviderName, setting: &Setting) -> Option<Value> {
        let variable = variable(setting)?;
        let mut entries = self.entries.iter();
        let found = entries.find(|(of, value)| *of == provider && value.variable == variable);
        found.map(|(_, value)| value.clone())
    }
}

/// Returns the variable that corresponds to a key of the file. For a secret, the file only has a path.
fn variable(setting: &Setting) -> Option<&'static str> {
    let variables = if setting.is_secret() {
        setting.file_variables
    } else {
        setting.variables
    };
    variables.first().copied()
}

/// Returns the name of a setting in the file.
fn key_of(setting: &Setting) -> &'static str {
    if setting.is_secret() { "key_file" } else { setting.name }
}

impl ConfigFile {
    /// Reads the file. Returns `None` if it does not exist and nothing names it.
    pub(super) fn read(location: &ConfigLocation) -> Result<Option<Self>> {
        let path = &location.path;
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(path, &text).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !location.is_explicit => Ok(None),
            Err(error) => Err(Error::local(ErrorKind::Config)
                .with_message(format!("cannot read {}: {error}", path.display()))
                .with_remedy(if location.is_explicit {
                    "Correct or unset CHAT_SESSIONS_CONFIG."
                } else {
                    "Make the file readable, or remove it."
                })),
        }
    }

    /// Parses the text of the file at this path.
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self> {
        Parser { path, text }.file()
    }

    /// Finds a profile by its name, which `origin` selected.
    pub(super) fn profile(&self, name: &str, origin: &Origin) -> Result<&Profile> {
        let mut profiles = self.profiles.iter();
        profiles.find(|profile| profile.name == name).ok_or_else(|| {
            let known: Vec<&str> = self.profiles.iter().map(|profile| profile.name.as_str()).collect();
            Error::local(ErrorKind::Config)
                .with_message(format!(
                    "{origin} selects the profile {name}, which is not in {}",
                    self.path.display()
                ))
                .with_remedy(suggestion(name, &known, "profiles"))
        })
    }
}

/// Parses the text of a file.
struct Parser<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Parser<'_> {
    fn file(&self) -> Result<ConfigFile> {
        let table = DeTable::parse(self.text).map_err(|error| {
            let span = error.span().unwrap_or_default();
            // The parser's message says what it expected. It does not quote the file.
            self.error(
                &span,
                &format!("invalid TOML: {}", error.message()),
                "Correct the file.",
            )
        })?;
        let mut file = ConfigFile {
            path: self.path.to_owned(),
            default_profile: None,
            profiles: Vec::new(),
        };
        for (key, value) in self.in_order(table.get_ref()) {
            match key.get_ref().as_ref() {
                "default_profile" => {
                    let origin = self.origin("default_profile", key);
                    let name = self.given("default_profile", &origin, value)?.text()?.to_owned();
                    file.default_profile = Some((name, origin));
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
        let settings = provider.built_in().settings;
        let found = settings.iter().find(|setting| key_of(setting) == name);
        let Some((setting, variable)) = found.and_then(|setting| Some((setting, variable(setting)?))) else {
            if is_secret_name(name) {
                return Err(self.error(
                    &key.span(),
                    &format!("{within} contains an API key, which is not allowed in this file"),
                    "Put the key in a file that only you can read, and write its path here: key_file = \"PATH\". \
                     If others have seen this file, create a new key.",
                ));
            }
            let known: Vec<&str> = settings.iter().map(key_of).collect();
            return Err(self.unknown(key, within, &known));
        };
        let whole = format!("{within}.{name}");
        let origin = self.origin(&whole, key);
        let given = self.given(&whole, &origin, value)?;
        Ok(Value {
            variable,
            text: if setting.is_secret() {
                // A relative path starts at the folder of the configuration file.
                let folder = self.path.parent().unwrap_or(Path::new(""));
                folder.join(given.path()?).into_os_string()
            } else {
                given.text()?.into()
            },
            origin,
            is_path: setting.is_secret(),
            is_hidden: setting.is_secret() && !given.is_clearly_a_path(),
            overrides: None,
        })
    }

    /// Returns the entries in file order, so that the first mistake is reported first.
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
                "Write [profile.NAME.PROVIDER] on a line of its own, followed by the settings.",
            )),
        }
    }

    /// Returns the value of a string that is not empty.
    fn given(&self, name: &str, origin: &Origin, value: &Spanned<DeValue<'_>>) -> Result<SettingValue> {
        match value.get_ref() {
            DeValue::String(text) => {
                let given = SettingValue::new(text.as_ref(), origin.to_string());
                if given.value().is_empty() {
                    return Err(self.error(&value.span(), &format!("{name} is empty"), "Remove the line."));
                }
                Ok(given)
            }
            _ => Err(self.error(
                &value.span(),
                &format!("{name} is not a string"),
                "Put the value in quotes.",
            )),
        }
    }

    /// Returns the error for an unknown key. The message contains the name only if it looks like one,
    /// because somebody may have pasted an API key there.
    fn unknown(&self, key: &Spanned<std::borrow::Cow<'_, str>>, within: &str, known: &[&str]) -> Error {
        let name = key.get_ref().as_ref();
        let plain = name.len() <= 32
            && name
                .chars()
                .all(|character| character.is_ascii_alphabetic() || "_-".contains(character));
        let context = match within {
            "" => String::new(),
            within => format!(" in {within}"),
        };
        if plain {
            self.error(
                &key.span(),
                &format!("unknown name {name}{context}"),
                &suggestion(name, known, "names"),
            )
        } else {
            let hint = suggestion("", known, "names");
            self.error(&key.span(), &format!("unknown name{context}"), &hint)
        }
    }

    fn origin(&self, name: &str, key: &Spanned<std::borrow::Cow<'_, str>>) -> Origin {
        Origin::Line {
            file: self.path.to_owned(),
            line: self.line(&key.span()),
            key: name.to_owned(),
        }
    }

    fn error(&self, span: &Range<usize>, what: &str, hint: &str) -> Error {
        Error::local(ErrorKind::Config)
            .with_message(format!("{}:{}: {what}", self.path.display(), self.line(span)))
            .with_remedy(hint)
    }

    /// Returns the line number of a span, counted from 1.
    fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }
}

/// Returns whether people use a name like this for a key.
fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    name == "key"
        || ["api_key", "apikey", "token", "secret", "password"]
            .iter()
            .any(|word| name.contains(word))
}

/// Returns a hint with the most similar known name, if there is one, and all known names.
fn suggestion(name: &str, known: &[&str], plural: &str) -> String {
    // The same threshold as clap's for options.
    const SIMILAR: f64 = 0.7;
    let similar = known
        .iter()
        .map(|known| (strsim::jaro(name, known), known))
        .filter(|(similarity, _)| *similarity > SIMILAR)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    match (similar, known) {
        (_, []) => format!("There are no {plural}."),
        (Some((_, similar)), _) => format!("Did you mean {similar}? Known {plural}: {}.", known.join(", ")),
        (None, _) => format!("Known {plural}: {}.", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{ConfigFile, Parser};
    use crate::output::hints;

    fn parse(text: &str) -> Result<ConfigFile, String> {
        let path = Path::new("/etc/config.toml");
        Parser { path, text }.file().map_err(|error| hints::with_hint(&error))
    }

    #[test]
    fn a_message_has_the_line_of_a_mistake_and_never_its_value() {
        let cases = [
            "default_profil = \"planted\"",
            "default_profile = 4711",
            "default_profile = \"\"",
            "default_profile = \" \\r\\n\"",
            "default_profile = \"'planted'\"",
            "\n\nsk-planted-4711",
            "sk-planted-4711 = \"x\"",
            "profile = \"planted\"",
            "[profile.work]\nmemories_ai = {}",
            "[profile.work]\nmemories-ai = \"planted\"",
            "[profile.work.memories-ai]\nuniqe_id = \"planted\"",
            "[profile.work.memories-ai]\nproject_id = \"planted\"",
            "[profile.work.memories-ai]\n\napi_key = \"sk-planted\"",
            "[profile.work.llama-cloud]\nLLAMA_CLOUD_API_KEY = \"llx-planted\"",
            "[profile.work.llama-cloud]\r\nproject_id = \"\\\"planted\\\"\"",
            "[profile.work.llama-cloud]\nproject_id = \"plan\\u0000ted\"",
            "[profile.work.llama-cloud]\nproject_id = \"planted\\u202Ex\"",
            "[profile.work.llama-cloud]\nproject_id = \"\\t\"",
            "[profile.work.llama-cloud]\nkey_file = \"'/etc/planted'\"",
            "[profile.work.llama-cloud]\nbase_url = [\"planted\"]",
            "[profile.work.llama-cloud]\nbase_url = \"planted",
            "[profile.work.llama-cloud]\nbase_url = planted",
            "[profile.a.llama-cloud]\nkey_file = \"k\"\nkey_file = \"planted\"",
        ];
        let mut messages = String::new();
        for case in cases {
            let error = parse(case).expect_err(case);
            assert!(!error.contains("planted") && !error.contains("4711"), "{case}: {error}");
            messages.push_str(&format!("{case}\n=> {error}\n\n"));
        }
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(messages) });
    }

    #[test]
    fn a_valid_file_is_parsed_completely() {
        let file = parse(
            "default_profile = \"work\"\n[profile.work.memories-ai]\nunique_id = \"team-a\"\nkey_file = \"keys/m\"\n\
             [profile.empty]\n",
        )
        .expect("the file is valid");
        assert_eq!(file.default_profile.expect("there is one").0, "work");
        let values: Vec<String> = file
            .profiles
            .iter()
            .flat_map(|profile| &profile.entries)
            .map(|(_, value)| format!("{} from {}", value.text.display(), value.origin))
            .collect();
        assert_eq!(
            values,
            [
                "team-a from profile.work.memories-ai.unique_id at /etc/config.toml:3",
                "/etc/keys/m from profile.work.memories-ai.key_file at /etc/config.toml:4",
            ]
        );
        assert_eq!(file.profiles.len(), 2);
    }

    #[test]
    fn what_editors_and_copied_text_add_is_removed() {
        let file = parse(
            "\u{feff}default_profile = \"work\\r\"\r\n[profile.work.memories-ai]\r\nunique_id = \" team-a\u{a0}\"\r\n\
             key_file = '/keys/m '\r\n",
        )
        .expect("the file is valid");
        assert_eq!(file.default_profile.expect("there is one").0, "work");
        let entries = file.profiles.iter().flat_map(|profile| &profile.entries);
        let values: Vec<_> = entries.map(|(_, value)| value.text.display().to_string()).collect();
        assert_eq!(values, ["team-a", "/keys/m"]);
    }
}
