//! The settings of a built-in source (names, variables and defaults, as a table), and a value with
//! its origin.
//!
//! A program that reads configuration from more places than the environment (a file, a vault, a
//! form) passes its values under the names of the variables, so that all rules about them stay in
//! one place. This file does not know these places.

use std::ffi::OsString;
use std::fmt;

use crate::error::ApiKeyVariables;

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

/// `SettingValue` is the value of a setting, and its origin.
///
/// `Debug` shows only the origin, because the value may be a key.
#[derive(Clone, PartialEq, Eq)]
pub struct SettingValue {
    pub(crate) value: OsString,
    pub(crate) origin: String,
}

impl SettingValue {
    /// Creates a value with its origin: where a person can correct it, such as the name of a
    /// variable, or a file with a line.
    #[must_use]
    pub fn new(value: impl Into<OsString>, origin: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            origin: origin.into(),
        }
    }

    /// Reads a variable of this process's environment.
    #[must_use]
    pub fn from_env(variable: &str) -> Option<Self> {
        std::env::var_os(variable).map(|value| Self::new(value, variable))
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
            MemoriesAi::builder_from(&from("MEMORIES_AI_API_KEY_FILE", "/hunter2/at/all")).expect_err("no file"),
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
    fn a_value_is_never_shown() {
        let given = SettingValue::new("hunter2", "SOME_KEY");
        assert_eq!(format!("{given:?}"), r#"SettingValue { origin: "SOME_KEY", .. }"#);
    }
}
