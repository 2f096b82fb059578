//! The settings of a built-in source (names, variables and defaults, as a table), and a value with
//! its origin.
//!
//! A program that reads configuration from more places than the environment (a file, a vault, a
//! form) passes its values under the names of the variables, so that all rules about them stay in
//! one place. This file does not know these places.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{self, PathBuf};

use crate::config::text;
use crate::error::{ApiKeyVariables, Error, ErrorKind, Remedy, Result};

/// `Setting` is one setting of a built-in source.
///
/// ```
/// use chat_sessions::MemoriesAi;
///
/// let names: Vec<&str> = MemoriesAi::SETTINGS.iter().map(|setting| setting.name).collect();
/// assert_eq!(names, ["api_key", "unique_id", "base_url"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// The name of the setting: the provider's own, if it has one.
    pub name: &'static str,
    /// The variables that hold it, with the recommended one first. If several are set, they must
    /// agree.
    pub variables: &'static [&'static str],
    /// The variables that hold the path of a file with the value, in the same order; only a secret
    /// has them.
    pub file_variables: &'static [&'static str],
    /// The value if none is set; `None` if the provider decides, or if the setting is required.
    pub default: Option<&'static str>,
    /// The rules for its values.
    pub(crate) kind: SettingKind,
}

/// What a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SettingKind {
    /// A secret in a header.
    ApiKey,
    /// An id in a query.
    Id,
    /// The address of the API.
    BaseUrl,
}

impl Setting {
    /// Returns whether the value must never be shown.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        !self.file_variables.is_empty()
    }

    /// Returns the recommended variables for the API key of a provider.
    pub(crate) fn key_variables(&self, title: &'static str) -> ApiKeyVariables {
        let first = |names: &[&'static str]| names.first().copied().unwrap_or_default();
        ApiKeyVariables {
            title,
            variable: first(self.variables),
            file_variable: first(self.file_variables),
        }
    }
}

/// `SettingValue` is the value of a setting without the white space around it, and its origin.
///
/// `Debug` shows only the origin, because the value may be a key.
///
/// ```
/// use chat_sessions::config::SettingValue;
///
/// let value = SettingValue::new("proj-7\r", "settings.ini, line 3");
/// assert_eq!(value.text()?, "proj-7");
///
/// let quoted = SettingValue::new("'proj-7'", "settings.ini, line 3");
/// let error = quoted.text().expect_err("it is in quotes");
/// assert_eq!(error.to_string(), "settings.ini, line 3: is in quotes; remove them");
/// # Ok::<(), chat_sessions::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SettingValue {
    pub(crate) value: OsString,
    pub(crate) origin: String,
    /// Whether no error may repeat the value, not even as the path of a file.
    is_hidden: bool,
}

impl SettingValue {
    pub(crate) const NOT_UTF8: &'static str = "is not valid UTF-8";

    /// Creates a value with its origin: where a person can correct it, such as the name of a
    /// variable, or a file with a line.
    ///
    /// White space, line ends and invisible characters around the value are removed.
    #[must_use]
    pub fn new(value: impl Into<OsString>, origin: impl Into<String>) -> Self {
        let value: OsString = value.into();
        Self {
            value: match value.to_str() {
                Some(text) => text::trim(text).into(),
                None => value,
            },
            origin: origin.into(),
            is_hidden: false,
        }
    }

    /// Reads a variable of this process's environment. An empty one counts as not set.
    #[must_use]
    pub fn from_env(variable: &str) -> Option<Self> {
        std::env::var_os(variable)
            .map(|value| Self::new(value, variable))
            .filter(|given| !given.value.is_empty())
    }

    /// Forbids errors to repeat the value as the path of a file. Use it for a path that was made
    /// absolute, because a key that somebody put there by mistake looks like one then.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.is_hidden = true;
        self
    }

    /// Returns the value.
    #[must_use]
    pub fn value(&self) -> &OsStr {
        &self.value
    }

    /// Returns the value as text.
    ///
    /// # Errors
    ///
    /// A [`Config`](ErrorKind::Config) error names the origin of a value that is in quotes, contains
    /// a control character or an invisible one, or is not UTF-8.
    pub fn text(&self) -> Result<&str> {
        self.checked().map_err(|problem| self.complaint(problem))
    }

    /// Returns the value as the path of a file. `~` in front is the home directory.
    ///
    /// # Errors
    ///
    /// Those of [`text`](Self::text), but a path need not be UTF-8.
    pub fn path(&self) -> Result<PathBuf> {
        self.checked_path().map_err(|problem| self.complaint(problem))
    }

    /// Returns whether the value can only be a path, so that an error may repeat it. Any other may be
    /// a key that somebody put in place of a path.
    #[must_use]
    pub fn is_clearly_a_path(&self) -> bool {
        let Some(text) = self.value.to_str() else {
            return false;
        };
        let drive = text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && text[1..].starts_with(":\\");
        let starts = ["/", "~", "./", "../", ".\\", "..\\", "$", "%"];
        !self.is_hidden && (drive || starts.iter().any(|start| text.starts_with(start)))
    }

    pub(crate) fn checked(&self) -> Result<&str, &'static str> {
        let text = self.value.to_str().ok_or(Self::NOT_UTF8)?;
        text::problem(text).map_or(Ok(text), Err)
    }

    pub(crate) fn checked_path(&self) -> Result<PathBuf, &'static str> {
        match self.value.to_str() {
            Some(text) => text::problem(text).map_or_else(|| Ok(expand_home(text)), Err),
            None => Ok(PathBuf::from(&self.value)),
        }
    }

    fn complaint(&self, problem: &str) -> Error {
        Error::local(ErrorKind::Config)
            .with_message(format!("{}: {problem}", self.origin))
            .with_remedy(Remedy::CorrectSetting)
    }
}

/// Replaces `~` in front of a path, as shells do. They do not do it in a variable that is read from
/// a file.
fn expand_home(text: &str) -> PathBuf {
    let below = text
        .strip_prefix('~')
        .filter(|below| below.is_empty() || below.starts_with(path::is_separator));
    match (below, std::env::home_dir()) {
        (Some(below), Some(home)) if !home.as_os_str().is_empty() => {
            home.join(below.trim_start_matches(path::is_separator))
        }
        _ => PathBuf::from(text),
    }
}

impl fmt::Debug for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SettingValue")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::SettingValue;
    use crate::error::Error;
    use crate::provider::{LlamaCloud, MemoriesAi};

    #[test]
    fn a_complaint_names_the_origin_and_not_the_variable() {
        let from = |variable: &'static str, value: &'static str| {
            move |name: &str| (name == variable).then(|| SettingValue::new(value, "settings.ini, line 3"))
        };
        let errors: [Error; 4] = [
            MemoriesAi::builder_from(&from("MEMORIES_AI_API_KEY", "Bearer hunter2")).expect_err("no key"),
            MemoriesAi::builder_from(&from("MEMORIES_AI_API_KEY_FILE", "hunter2/at/all")).expect_err("no file"),
            LlamaCloud::builder_from(&from("LLAMA_PARSE_API_KEY", "hunter 2")).expect_err("no key"),
            LlamaCloud::builder_from(&from("LLAMA_CLOUD_BASE_URL", "ftp://hunter2"))
                .and_then(|builder| builder.api_key("llx-example").build())
                .expect_err("no URL"),
        ];
        for error in errors {
            let text = error.to_string();
            assert!(text.contains(": settings.ini, line 3: "), "{text}");
            assert!(
                !text.contains("hunter") && !text.contains("_API_KEY") && !text.contains("_URL:"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_path_is_trimmed_and_starts_at_home() {
        let home = std::env::home_dir().expect("every machine has one");
        for (text, expected) in [
            ("~/keys/one\r", home.join("keys/one")),
            ("~", home.clone()),
            ("~someone/key", "~someone/key".into()),
            ("a~/key", "a~/key".into()),
            (" /etc/a key ", "/etc/a key".into()),
        ] {
            let path = SettingValue::new(text, "SOME_FILE").path();
            assert_eq!(path.expect("it is a path"), expected, "{text:?}");
        }
        for (text, is_clear) in [
            ("~/key", true),
            ("C:\\key", true),
            ("sk-4711", false),
            ("keys/one", false),
        ] {
            assert_eq!(
                SettingValue::new(text, "SOME_FILE").is_clearly_a_path(),
                is_clear,
                "{text}"
            );
        }
        assert!(
            !SettingValue::new("/etc/sk-4711", "SOME_FILE")
                .hidden()
                .is_clearly_a_path()
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_path_need_not_be_text() {
        use std::ffi::OsString;
        use std::os::unix::ffi::OsStringExt;

        let given = SettingValue::new(OsString::from_vec(b"/k\xff".to_vec()), "SOME_FILE");
        assert!(given.path().is_ok());
        let error = given.text().expect_err("it is no text").to_string();
        assert_eq!(error, "SOME_FILE: is not valid UTF-8");
    }

    #[test]
    fn a_value_is_never_shown() {
        let given = SettingValue::new("hunter2", "SOME_KEY");
        assert_eq!(format!("{given:?}"), r#"SettingValue { origin: "SOME_KEY", .. }"#);
    }
}
