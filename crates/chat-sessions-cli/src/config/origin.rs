//! Where a value comes from, for people and for programs.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A command-line option.
    Flag(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// A line of the configuration file, and the full name of the key in it.
    Line { file: PathBuf, line: usize, key: String },
    /// The built-in default.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Variable(name) => f.write_str(name),
            Self::Line { file, line, key } => write!(f, "{key} at {}:{line}", file.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// An origin as JSON.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct OriginRecord {
    /// `flag`, `environment`, `profile` or `default`.
    tier: &'static str,
    /// The option, the variable, or the full name of the key in the file.
    name: Option<String>,
    file: Option<String>,
    line: Option<usize>,
}

impl From<&Origin> for OriginRecord {
    fn from(origin: &Origin) -> Self {
        let (tier, name) = match origin {
            Origin::Flag(name) => ("flag", Some((*name).to_owned())),
            Origin::Variable(name) => ("environment", Some((*name).to_owned())),
            Origin::Line { key, .. } => ("profile", Some(key.clone())),
            Origin::Default => ("default", None),
        };
        let (file, line) = match origin {
            Origin::Line { file, line, .. } => (Some(file.display().to_string()), Some(*line)),
            _ => (None, None),
        };
        Self { tier, name, file, line }
    }
}
