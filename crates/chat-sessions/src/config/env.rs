//! Reads configuration from variables: alternative names, key files, conflicts.
//!
//! A lookup function takes the place of the process's environment and returns each value with its
//! origin. `provider/` defines which variables a provider reads.

use std::fs;

use crate::config::api_key::ApiKey;
use crate::config::base_url::BaseUrl;
use crate::config::setting::{Setting, SettingKind, SettingValue};
use crate::config::text;
use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::model::Provider;

/// Looks up the variables of one provider, and names it in every error.
pub(crate) struct Env<'a> {
    provider: Provider,
    lookup: &'a dyn Fn(&str) -> Option<SettingValue>,
}

/// A value and its origin.
#[derive(Debug)]
pub(crate) struct WithOrigin<T> {
    pub(crate) value: T,
    pub(crate) origin: String,
}

impl<'a> Env<'a> {
    pub(crate) fn new(provider: Provider, lookup: &'a dyn Fn(&str) -> Option<SettingValue>) -> Self {
        Self { provider, lookup }
    }

    /// Reads a setting that has one variable. An empty variable counts as not set, because scripts
    /// clear a variable this way.
    ///
    /// A base URL is checked when the source is built, because that may allow more hosts.
    pub(crate) fn text(&self, setting: &Setting) -> Result<Option<WithOrigin<String>>> {
        let name = setting.variables.first();
        let Some(given) = name.and_then(|name| self.given(name)) else {
            return Ok(None);
        };
        if setting.kind == SettingKind::Id {
            self.check(setting, &given)?;
        }
        self.utf8(given).map(Some)
    }

    /// Checks one value of a setting.
    pub(crate) fn check(&self, setting: &Setting, given: &SettingValue) -> Result<()> {
        let complaint = |problem: &str| self.complaint(&given.origin, problem);
        let problem = match setting.kind {
            SettingKind::ApiKey => ApiKey::from(self.bare(given.clone())?.value).problem(),
            SettingKind::Id => text::id_problem(given.checked().map_err(complaint)?),
            SettingKind::BaseUrl => {
                let example = setting.default.unwrap_or_default();
                let url = BaseUrl::parse(given.checked().map_err(complaint)?, None);
                return url
                    .map(drop)
                    .map_err(|reason| complaint(&reason).with_remedy(Remedy::CorrectBaseUrl { example }));
            }
        };
        problem.map_or(Ok(()), |problem| Err(complaint(problem)))
    }

    /// Reads a key from any of its variables, or from the files that other variables name.
    ///
    /// Several may be set if they agree; if they differ, using either would be a guess.
    pub(crate) fn key(&self, setting: &Setting) -> Result<Option<WithOrigin<ApiKey>>> {
        let mut found: Option<WithOrigin<ApiKey>> = None;
        for (variable, file) in setting.variables.iter().zip(setting.file_variables) {
            let direct = self.given(variable).map(|given| self.bare(given)).transpose()?;
            let in_file = self.given(file).map(|given| self.content(given)).transpose()?;
            for candidate in [direct, in_file].into_iter().flatten() {
                let key = ApiKey::from(candidate.value);
                if let Some(complaint) = key.problem() {
                    return Err(self.complaint(&candidate.origin, complaint));
                }
                match &found {
                    Some(first) if first.value != key => {
                        return Err(Error::new(ErrorKind::Config, self.provider.clone())
                            .with_message(format!(
                                "{} and {} contain different keys",
                                first.origin, candidate.origin
                            ))
                            .with_remedy(Remedy::UnsetOne));
                    }
                    Some(_) => {}
                    None => {
                        found = Some(WithOrigin {
                            value: key,
                            origin: candidate.origin,
                        });
                    }
                }
            }
        }
        Ok(found)
    }

    fn given(&self, name: &str) -> Option<SettingValue> {
        (self.lookup)(name).filter(|given| !given.value.is_empty())
    }

    fn utf8(&self, given: SettingValue) -> Result<WithOrigin<String>> {
        let value = given.checked().map(ToOwned::to_owned);
        self.with_origin(value, given.origin)
    }

    /// Returns a value as it is, for a key, which has rules of its own.
    fn bare(&self, given: SettingValue) -> Result<WithOrigin<String>> {
        let value = given.value.into_string().map_err(|_| SettingValue::NOT_UTF8);
        self.with_origin(value, given.origin)
    }

    fn with_origin(&self, value: Result<String, &str>, origin: String) -> Result<WithOrigin<String>> {
        match value {
            Ok(value) => Ok(WithOrigin { value, origin }),
            Err(problem) => Err(self.complaint(&origin, problem)),
        }
    }

    /// Reads the file that a value names.
    fn content(&self, given: SettingValue) -> Result<WithOrigin<String>> {
        let path = given
            .checked_path()
            .map_err(|problem| self.complaint(&given.origin, problem))?;
        let content = fs::read_to_string(&path).map_err(|error| {
            let file = if given.is_clearly_a_path() {
                format!("the file {}, which", path.display())
            } else {
                "a file that".to_owned()
            };
            self.complaint(&given.origin, &format!("names {file} cannot be read: {error}"))
                .with_source(error)
        })?;
        Ok(WithOrigin {
            // Editors end a file with a line break, and some begin it with a byte order mark. Neither
            // is part of the key.
            value: text::trim(&content).to_owned(),
            origin: given.origin,
        })
    }

    /// Creates a Config error that names the origin of a value and never the value.
    fn complaint(&self, origin: &str, what: &str) -> Error {
        Error::new(ErrorKind::Config, self.provider.clone())
            .with_message(format!("{origin}: {what}"))
            .with_remedy(Remedy::CorrectSetting)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::Env;
    use crate::config::setting::SettingKind;
    use crate::config::{Setting, SettingValue};
    use crate::model::Provider;

    const KEY: Setting = Setting {
        name: "api_key",
        variables: &["A_KEY", "B_KEY"],
        file_variables: &["A_KEY_FILE", "B_KEY_FILE"],
        default: None,
        kind: SettingKind::ApiKey,
    };

    fn key_from(vars: &[(&str, &str)]) -> Result<Option<String>, String> {
        let vars: HashMap<&str, &str> = vars.iter().copied().collect();
        let lookup = |name: &str| vars.get(name).map(|value| SettingValue::new(*value, name));
        Env::new(Provider::LLAMA_CLOUD, &lookup)
            .key(&KEY)
            .map(|found| found.map(|key| format!("{} from {}", key.value.expose(), key.origin)))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_key_comes_from_its_first_spelling() {
        assert_eq!(key_from(&[]), Ok(None));
        assert_eq!(key_from(&[("A_KEY", "")]), Ok(None));
        assert_eq!(key_from(&[("B_KEY", "k")]), Ok(Some("k from B_KEY".to_owned())));
        assert_eq!(
            key_from(&[("A_KEY", "k"), ("B_KEY", "k")]),
            Ok(Some("k from A_KEY".to_owned()))
        );
    }

    #[test]
    fn two_different_keys_are_refused_by_name_and_without_their_values() {
        let error = key_from(&[("A_KEY", "secret-1"), ("B_KEY", "secret-2")]).expect_err("they differ");
        assert!(error.contains("A_KEY and B_KEY"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn a_key_that_cannot_be_one_is_refused_by_name() {
        for value in [
            "Bearer secret",
            "sec ret",
            "sec\nret",
            "sécret",
            "\"secret\"",
            "“secret”",
        ] {
            let error = key_from(&[("A_KEY", value)]).expect_err(value);
            assert!(error.contains("A_KEY"), "{error}");
            assert!(!error.contains("ret"), "{error}");
        }
    }

    #[test]
    fn what_surrounds_a_key_is_removed() {
        for value in ["k\r", "k\n", " k ", "\tk\t", "\u{a0}k", "\u{feff}k\r\n"] {
            assert_eq!(
                key_from(&[("A_KEY", value)]),
                Ok(Some("k from A_KEY".to_owned())),
                "{value:?}"
            );
            assert_eq!(
                key_from(&[("A_KEY", value), ("B_KEY", "k")]),
                Ok(Some("k from A_KEY".to_owned())),
                "{value:?} is the same key"
            );
        }
        assert_eq!(key_from(&[("A_KEY", " \r\n")]), Ok(None));
    }

    #[test]
    fn a_key_file_is_read_without_what_surrounds_the_key() {
        let path = std::env::temp_dir().join(format!("chat-sessions-key-{}", std::process::id()));
        let name = path.to_string_lossy().into_owned();
        let read = |content: &str| {
            std::fs::write(&path, content).expect("the temporary directory is writable");
            key_from(&[("A_KEY_FILE", &format!("{name}\r"))])
        };
        for wrong in ["", "\r\n", "\"hunter2\"\n", "Bearer hunter2", "hunter2\nhunter3\n"] {
            let error = read(wrong).expect_err(wrong);
            assert!(error.contains("A_KEY_FILE") && !error.contains("hunter"), "{error}");
        }
        let found = read("\u{feff} from-a-file \r\n\r\n");
        let conflict = key_from(&[("A_KEY", "other"), ("A_KEY_FILE", &name)]);
        std::fs::remove_file(&path).expect("the file is ours");

        assert_eq!(found, Ok(Some("from-a-file from A_KEY_FILE".to_owned())));
        assert!(conflict.expect_err("they differ").contains("A_KEY and A_KEY_FILE"));
    }

    #[test]
    fn the_error_about_a_key_file_shows_what_is_clearly_a_path() {
        let home = std::env::home_dir().expect("every machine has one");
        let in_home = home.join("no-such-folder/key").display().to_string();
        for (value, shown) in [
            ("/no/such/key", Some("/no/such/key")),
            ("./no/such/key", Some("./no/such/key")),
            ("~/no-such-folder/key", Some(in_home.as_str())),
            ("$HOME/key", Some("$HOME/key")),
            // Somebody may have put the key itself into this variable.
            ("hunter2", None),
            ("hunt/er2", None),
        ] {
            let error = key_from(&[("A_KEY_FILE", value)]).expect_err(value);
            assert!(
                error.contains("A_KEY_FILE: names ") && error.contains("cannot be read"),
                "{error}"
            );
            match shown {
                Some(path) => assert!(error.contains(path), "{error}"),
                None => assert!(!error.contains("hunt"), "{error}"),
            }
        }
        let error = key_from(&[("A_KEY_FILE", "\"/no/such/key\"")]).expect_err("quotes");
        assert!(error.contains("A_KEY_FILE: is in quotes"), "{error}");
    }
}
