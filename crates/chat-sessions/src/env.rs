//! The environment as configuration: spellings, key files, conflicts.
//!
//! One lookup function stands for the process's environment, so that every rule is tested without touching it. Which
//! variables a provider reads is said in `provider/`.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::key::ApiKey;
use crate::session::Provider;

/// Looks variables up for one provider, whose name goes into every complaint.
pub(crate) struct Env<'a> {
    provider: Provider,
    lookup: &'a dyn Fn(&str) -> Option<OsString>,
}

/// A value together with the name of the variable that it came from.
#[derive(Debug)]
pub(crate) struct FromVar<T> {
    pub(crate) value: T,
    pub(crate) name: String,
}

impl<'a> Env<'a> {
    pub(crate) fn new(provider: Provider, lookup: &'a dyn Fn(&str) -> Option<OsString>) -> Self {
        Self { provider, lookup }
    }

    /// Reads one variable. An empty one counts as not set, as a script that clears a variable means it.
    pub(crate) fn text(&self, name: &str) -> Result<Option<FromVar<String>>> {
        match (self.lookup)(name) {
            None => Ok(None),
            Some(value) if value.is_empty() => Ok(None),
            Some(value) => match value.into_string() {
                Ok(value) => Ok(Some(FromVar {
                    value,
                    name: name.to_owned(),
                })),
                Err(_) => Err(self.complaint(name, "is not valid UTF-8")),
            },
        }
    }

    /// Reads a key from any of its spellings, or from the file that the same spelling with `_FILE` names.
    ///
    /// Two spellings may be set when they agree; when they differ, using either would be a guess.
    pub(crate) fn key(&self, spellings: &[&str]) -> Result<Option<FromVar<ApiKey>>> {
        let mut found: Option<FromVar<ApiKey>> = None;
        for spelling in spellings {
            let file = format!("{spelling}_FILE");
            for candidate in [self.text(spelling)?, self.key_file(&file)?].into_iter().flatten() {
                let key = ApiKey::from(candidate.value);
                if let Some(complaint) = key.complaint() {
                    return Err(self.complaint(&candidate.name, complaint));
                }
                match &found {
                    Some(first) if first.value != key => {
                        return Err(Error::new(ErrorKind::Config, self.provider.clone())
                            .with_message(format!("{} and {} give different keys", first.name, candidate.name))
                            .with_hint("Unset one of them."));
                    }
                    Some(_) => {}
                    None => {
                        found = Some(FromVar {
                            value: key,
                            name: candidate.name,
                        });
                    }
                }
            }
        }
        Ok(found)
    }

    fn key_file(&self, name: &str) -> Result<Option<FromVar<String>>> {
        let Some(path) = (self.lookup)(name).filter(|path| !path.is_empty()) else {
            return Ok(None);
        };
        let content = fs::read_to_string(Path::new(&path))
            .map_err(|error| self.complaint(name, &format!("names a file that cannot be read: {error}")))?;
        Ok(Some(FromVar {
            // Editors end a file with a line break, which is not part of the key.
            value: content.trim_end_matches(['\r', '\n']).to_owned(),
            name: name.to_owned(),
        }))
    }

    /// Makes a Config error that names the variable and never its value.
    pub(crate) fn complaint(&self, name: &str, what: &str) -> Error {
        Error::new(ErrorKind::Config, self.provider.clone())
            .with_message(format!("{name}: {what}"))
            .with_hint("Correct or unset the variable.")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::ffi::OsString;

    use super::Env;
    use crate::session::Provider;

    const SPELLINGS: [&str; 2] = ["A_KEY", "B_KEY"];

    fn key_from(vars: &[(&str, &str)]) -> Result<Option<String>, String> {
        let vars: HashMap<String, OsString> = vars.iter().map(|(k, v)| ((*k).to_owned(), OsString::from(v))).collect();
        let lookup = |name: &str| vars.get(name).cloned();
        Env::new(Provider::LLAMA_CLOUD, &lookup)
            .key(&SPELLINGS)
            .map(|found| found.map(|key| format!("{} from {}", key.value.expose(), key.name)))
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
        for value in ["Bearer secret", "sec ret", "secret\n", "sécret"] {
            let error = key_from(&[("A_KEY", value)]).expect_err(value);
            assert!(error.contains("A_KEY"), "{error}");
            assert!(!error.contains("ret"), "{error}");
        }
    }

    #[test]
    fn a_key_file_is_read_without_its_last_line_break() {
        let path = std::env::temp_dir().join(format!("chat-sessions-key-{}", std::process::id()));
        std::fs::write(&path, "from-a-file\r\n").expect("the temporary directory is writable");
        let name = path.to_string_lossy().into_owned();
        let found = key_from(&[("A_KEY_FILE", &name)]);
        let conflict = key_from(&[("A_KEY", "other"), ("A_KEY_FILE", &name)]);
        std::fs::remove_file(&path).expect("the file is ours");

        assert_eq!(found, Ok(Some("from-a-file from A_KEY_FILE".to_owned())));
        assert!(conflict.expect_err("they differ").contains("A_KEY and A_KEY_FILE"));
        assert!(
            key_from(&[("A_KEY_FILE", &name)])
                .expect_err("it is gone")
                .contains("A_KEY_FILE")
        );
    }
}
