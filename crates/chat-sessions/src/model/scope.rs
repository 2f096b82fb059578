//! The part of an account that is listed, such as a project, and what a provider says about it.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::model::provider::Provider;

/// `Scope` is the part of an account that a source lists, in the provider's own spelling.
///
/// All sessions of one source share one allocation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(Arc<str>);

impl Scope {
    /// Returns the scope as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Into<Arc<str>>> From<T> for Scope {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl FromStr for Scope {
    type Err = Infallible;

    /// Never fails: the provider decides which scopes there are.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// `ScopeInfo` is one scope of an account: a namespace (`unique_id`) of Memories.ai, or a project of
/// LlamaCloud.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ScopeInfo {
    /// The provider.
    pub provider: Provider,
    /// The scope, as a source takes it.
    pub scope: Scope,
    /// Its name for people; Memories.ai has none.
    pub name: Option<String>,
    /// Whether it is the default; `None` if the provider does not say.
    pub is_default: Option<bool>,
    /// All other fields that the provider sent, under its own names.
    pub extra: Map<String, Value>,
}

impl ScopeInfo {
    /// Creates a scope that has nothing but its provider and id.
    #[must_use]
    pub fn new(provider: Provider, scope: impl Into<Scope>) -> Self {
        Self {
            provider,
            scope: scope.into(),
            name: None,
            is_default: None,
            extra: Map::new(),
        }
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Scope {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Scope".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "The part of an account that was listed, in the provider's own spelling.",
            "type": "string"
        })
    }
}
