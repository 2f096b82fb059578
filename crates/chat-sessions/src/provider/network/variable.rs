//! A variable that other programs read too, and what is wrong with its value.

use std::ffi::OsString;

use crate::config::SettingValue;
use crate::error::{Error, Remedy};

/// A function that returns the value of a variable as it is.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// A variable that is set.
pub(crate) struct Variable {
    pub(crate) name: &'static str,
    /// The value without white space around it.
    pub(crate) value: SettingValue,
    /// Whether the value is not empty and nothing was removed, so that other programs read the same.
    pub(crate) is_exact: bool,
}

impl Variable {
    pub(crate) fn read(name: &'static str, lookup: Lookup<'_>) -> Option<Self> {
        let raw = lookup(name)?;
        let value = SettingValue::new(raw.clone(), name);
        Some(Self {
            name,
            is_exact: !raw.is_empty() && value.value() == raw,
            value,
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.value.value().is_empty()
    }

    pub(crate) fn problem(&self, problem: impl Into<String>) -> VariableProblem {
        VariableProblem {
            variable: self.name,
            problem: problem.into(),
        }
    }
}

/// What is wrong with the value of a variable. It does not repeat the value, which may contain a
/// password.
#[derive(Debug)]
pub(crate) struct VariableProblem {
    pub(crate) variable: &'static str,
    pub(crate) problem: String,
}

impl VariableProblem {
    /// Completes an error.
    pub(crate) fn into_error(self, error: Error) -> Error {
        error
            .with_message(format!("{}: {}", self.variable, self.problem))
            .with_remedy(Remedy::CorrectSetting)
    }
}
