//! One configured value with its origin.

use std::ffi::OsString;
use std::fmt;

use chat_sessions::config::SettingValue;

use super::origin::Origin;

/// A value, under the name of the environment variable that the facade reads it from.
#[derive(Clone)]
pub(crate) struct Value {
    pub(crate) variable: &'static str,
    pub(crate) text: OsString,
    pub(crate) origin: Origin,
    /// Whether the text is the path of a file that contains the value.
    pub(crate) is_path: bool,
    /// Whether the text may be a key that somebody wrote in place of a path, so that it is not shown.
    pub(crate) is_hidden: bool,
    /// The value that this one overrides, if `--profile` named the profile that contains it.
    pub(crate) overrides: Option<Origin>,
}

impl Value {
    /// Returns the value as the facade reads it.
    pub(crate) fn given(&self) -> SettingValue {
        let given = SettingValue::new(self.text.clone(), self.origin.to_string());
        if self.is_hidden { given.hidden() } else { given }
    }
}

/// Omits the text, which may be a key.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Value")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}
