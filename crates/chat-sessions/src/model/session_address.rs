//! The address of a session: its provider, its scope and its id, as one text.
//!
//! This is the only place that prints an address and reads one.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, ErrorKind, Remedy};
use crate::model::provider::Provider;
use crate::model::scope::Scope;
use crate::model::session::{Session, SessionId};

/// `SessionAddress` says where a session is: `provider:id`, or `provider/scope:id` where the
/// provider has several scopes.
///
/// It prints and parses as that text, also in JSON. `%` and control characters, and `:` in the scope,
/// are written as `%` and two hexadecimal digits for each byte, so that every address can be read back.
///
/// ```
/// use chat_sessions::{Provider, SessionAddress};
///
/// let address: SessionAddress = "memories-ai/team-a:601308802842759168".parse()?;
/// assert_eq!(*address.id.provider(), Provider::MEMORIES_AI);
/// assert_eq!(address.scope.as_ref().map(|scope| scope.as_str()), Some("team-a"));
/// assert_eq!(address.to_string(), "memories-ai/team-a:601308802842759168");
/// # Ok::<(), chat_sessions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct SessionAddress {
    /// The provider, and its id of the session.
    pub id: SessionId,
    /// The part of the account; `None` stands for the only configured one.
    pub scope: Option<Scope>,
}

impl SessionAddress {
    /// Creates an address without a scope.
    #[must_use]
    pub fn new(id: SessionId) -> Self {
        Self { id, scope: None }
    }

    /// Returns the address of the session that a failed request was about; `None` if it was about no
    /// single session.
    #[must_use]
    pub fn of_error(error: &Error) -> Option<Self> {
        let id = SessionId::new(error.provider()?.clone(), error.session()?);
        Some(Self {
            id,
            scope: error.scope().cloned(),
        })
    }

    /// Sets the scope.
    #[must_use]
    pub fn in_scope(mut self, scope: impl Into<Scope>) -> Self {
        self.scope = Some(scope.into());
        self
    }
}

impl From<SessionId> for SessionAddress {
    fn from(id: SessionId) -> Self {
        Self::new(id)
    }
}

impl From<&SessionId> for SessionAddress {
    fn from(id: &SessionId) -> Self {
        Self::new(id.clone())
    }
}

impl From<&SessionAddress> for SessionAddress {
    fn from(address: &SessionAddress) -> Self {
        address.clone()
    }
}

impl From<&Session> for SessionAddress {
    fn from(session: &Session) -> Self {
        Self {
            id: session.id.clone(),
            scope: session.scope.clone(),
        }
    }
}

impl From<Session> for SessionAddress {
    fn from(session: Session) -> Self {
        Self {
            id: session.id,
            scope: session.scope,
        }
    }
}

impl fmt::Display for SessionAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id.provider())?;
        if let Some(scope) = &self.scope {
            f.write_str("/")?;
            escape(scope.as_str(), |character| character == ':', f)?;
        }
        f.write_str(":")?;
        escape(self.id.as_str(), |_| false, f)
    }
}

/// Writes a part of an address.
fn escape(text: &str, is_special: impl Fn(char) -> bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for character in text.chars() {
        if character == '%' || character.is_control() || is_special(character) {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                write!(f, "%{byte:02X}")?;
            }
        } else {
            f.write_char(character)?;
        }
    }
    Ok(())
}

impl Serialize for SessionAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SessionAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text: Cow<'de, str> = Cow::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for SessionAddress {
    fn schema_name() -> Cow<'static, str> {
        "SessionAddress".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "The address of a session: `provider:id`, or `provider/scope:id`.",
            "type": "string"
        })
    }
}

impl FromStr for SessionAddress {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let complaint = || {
            Error::local(ErrorKind::InvalidRequest)
                .with_message(format!("{text:?} is not the address of a session"))
                .with_remedy(Remedy::WriteAs {
                    form: "as provider:id or provider/scope:id",
                    example: "memories-ai/default:601308802842759168",
                })
        };
        let (place, id) = text.split_once(':').ok_or_else(complaint)?;
        let (provider, scope) = match place.split_once('/') {
            Some((provider, scope)) => (provider, Some(unescaped(scope).ok_or_else(complaint)?)),
            None => (place, None),
        };
        let id = unescaped(id).ok_or_else(complaint)?;
        if provider.is_empty() || id.is_empty() || scope.as_deref().is_some_and(str::is_empty) {
            return Err(complaint());
        }
        Ok(Self {
            id: SessionId::new(Provider::new(provider.to_owned()), id),
            scope: scope.map(|scope| Scope::from(&*scope)),
        })
    }
}

/// Replaces every `%` and two hexadecimal digits by their byte; `None` if a `%` stands alone or the
/// result is not UTF-8.
fn unescaped(text: &str) -> Option<Cow<'_, str>> {
    let mut parts = text.split('%');
    let first = parts.next()?;
    if first.len() == text.len() {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = first.as_bytes().to_vec();
    for part in parts {
        let digits = part.get(..2)?;
        // `from_str_radix` also accepts a sign.
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::SessionAddress;
    use crate::model::{Provider, SessionId};

    proptest! {
        #[test]
        fn every_address_parses_back(scope in proptest::option::of("(?s).{1,20}"), id in "(?s).{1,20}") {
            let mut address = SessionAddress::new(SessionId::new(Provider::new("notes"), id));
            address.scope = scope.map(Into::into);
            let text = address.to_string();
            prop_assert!(!text.contains(char::is_control), "{:?}", text);
            let json = serde_json::to_string(&address).map_err(|error| error.to_string());
            let read = json.and_then(|json| serde_json::from_str(&json).map_err(|error| error.to_string()));
            prop_assert_eq!(read, Ok(address.clone()));
            prop_assert_eq!(text.parse::<SessionAddress>().map_err(|error| error.to_string()), Ok(address));
        }
    }

    #[test]
    fn text_that_is_no_address_is_refused() {
        for text in [
            "",
            ":",
            "601308802842759168",
            "memories-ai",
            "memories-ai:",
            ":1",
            "/a:1",
            "memories-ai/:1",
            "m/%:1",
            "m/%+1:1",
            "m/%FF:1",
        ] {
            let error = text.parse::<SessionAddress>().expect_err(text);
            let hint = error.hint().expect("there is something to do");
            assert!(hint.contains("provider/scope:id"), "{error}: {hint}");
        }
    }
}
