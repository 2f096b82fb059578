//! The API key of an account, which is never printed.

use std::fmt;

use crate::config::text::is_quote;

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
        } else if key.starts_with(is_quote) || key.ends_with(is_quote) {
            Some("the key is in quotes; omit them")
        } else if key
            .get(..6)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer") && key[6..].starts_with(char::is_whitespace))
        {
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

#[cfg(test)]
mod tests {
    use super::ApiKey;

    #[test]
    fn only_a_bare_key_is_a_key() {
        for (key, expected) in [
            ("sk-4711", None),
            ("llx-Nf4J_dHs2+Gw/Pv5=", None),
            ("sk-x5\"Rb", None),
            ("bearer-4711", None),
            ("", Some("empty")),
            ("Bearer sk-4711", Some("Bearer")),
            ("bearer\tsk-4711", Some("Bearer")),
            ("\"sk-4711\"", Some("quotes")),
            ("'sk-4711'", Some("quotes")),
            ("“sk-4711”", Some("quotes")),
            ("sk-4711\"", Some("quotes")),
            ("`sk-4711`", Some("quotes")),
            ("\"Bearer sk-4711\"", Some("quotes")),
            ("sk 4711", Some("white space")),
            ("sk\u{a0}4711", Some("white space")),
            ("sk-4711\r", Some("white space")),
            ("sk\u{feff}4711", Some("invalid character")),
            ("sk-\u{7f}", Some("invalid character")),
            ("sécret", Some("invalid character")),
        ] {
            let problem = ApiKey::from(key).problem();
            match expected {
                None => assert_eq!(problem, None, "{key:?}"),
                Some(word) => {
                    let problem = problem.unwrap_or_else(|| panic!("{key:?} is accepted"));
                    assert!(
                        problem.contains(word) && !problem.contains("4711"),
                        "{key:?}: {problem}"
                    );
                }
            }
        }
    }
}
