//! The API key of an account, which is never printed.

use std::fmt;

/// `ApiKey` holds the key of one account and never shows it: `Debug` is redacted, and there is
/// neither `Display` nor `Serialize`.
///
/// ```
/// use chat_sessions::config::ApiKey;
///
/// assert_eq!(format!("{:?}", ApiKey::from("sk-example")), "ApiKey([redacted])");
/// ```
// The memory is not wiped on drop: the same bytes are also in the HTTP stack's header and write
// buffers, so wiping one copy would only look like protection.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Returns the key itself, for the one place that puts it into a header.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Returns why this cannot be a key, without repeating it; `None` if it can.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let key = self.0.as_str();
        if key.is_empty() {
            Some("the key is empty")
        } else if key.len() > 7 && key.as_bytes()[..7].eq_ignore_ascii_case(b"bearer ") {
            Some("the key starts with \"Bearer \"; omit this prefix")
        } else if key.bytes().any(|byte| !(0x21..=0x7e).contains(&byte)) {
            Some("the key contains white space or an invalid character")
        } else {
            None
        }
    }
}

impl<T: Into<String>> From<T> for ApiKey {
    fn from(key: T) -> Self {
        Self(key.into())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([redacted])")
    }
}
