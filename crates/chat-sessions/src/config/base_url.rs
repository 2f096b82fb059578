//! Parses the base URL of a provider as people write it.
//!
//! The rules are lenient if the meaning is clear (a bare host, a trailing slash, the API's own
//! prefix) and strict if a mistake would send a key to the wrong place. This file does not know the
//! environment or the name of a provider.

use std::net::{IpAddr, Ipv4Addr};

use reqwest::Url;

use crate::config::text;

/// The prefixes that documents and configuration files often include; the generated clients add
/// them themselves.
const API_PREFIXES: [&str; 2] = ["/serve/api/v1", "/api/v1"];

/// A base URL that is fit for a generated client: a scheme, a host, perhaps a path, and no trailing
/// slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    text: String,
    url: Url,
    loopback: bool,
    plain: bool,
}

impl BaseUrl {
    /// Parses what a person wrote; `plain_host` is the one host for which plain http is allowed by
    /// name.
    ///
    /// The error never repeats the text, which may hold a password.
    pub(crate) fn parse(text: &str, plain_host: Option<&str>) -> Result<Self, String> {
        let text = text::trim(text);
        if text.is_empty() {
            return Err("it is empty".to_owned());
        }
        // The parser would drop line ends and tabs, and read a backslash as a slash.
        if let Some(problem) = text::problem(text) {
            return Err(format!("it {problem}"));
        }
        if text.contains('\\') {
            return Err("it contains a backslash".to_owned());
        }
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            // A bare host: the scheme depends on the host, so this first parse only finds the host.
            let guess = Url::parse(&format!("http://{text}")).map_err(|error| error.to_string())?;
            if !is_complete(&guess, text) {
                return Err("it is not a host name; put https:// before a name without a dot".to_owned());
            }
            let scheme = if is_loopback(&guess) { "http" } else { "https" };
            format!("{scheme}://{text}")
        };
        let mut url = Url::parse(&with_scheme).map_err(|error| error.to_string())?;

        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("its scheme is {:?}, not http or https", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it contains a user name or a password".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("it contains a query or a fragment".to_owned());
        }

        if matches!(url.host_str(), Some("http" | "https")) {
            return Err("it has two schemes".to_owned());
        }

        let loopback = is_loopback(&url);
        let plain = url.scheme() == "http";
        let host = url.host_str().unwrap_or_default();
        if plain && !loopback && plain_host.is_none_or(|allowed| !allowed.eq_ignore_ascii_case(host)) {
            return Err(format!(
                "it is plain http to {host}, which would send the key unencrypted over the network"
            ));
        }

        let mut path = url.path().trim_end_matches('/');
        // Remove all of them, so that parsing the result again does not change it.
        while let Some(shorter) = API_PREFIXES.iter().find_map(|prefix| path.strip_suffix(prefix)) {
            path = shorter.trim_end_matches('/');
        }
        let path = path.to_owned();
        url.set_path(&path);
        Ok(Self {
            // `Url` always prints a path; the generated clients add theirs, which begins with a
            // slash.
            text: url.as_str().trim_end_matches('/').to_owned(),
            url,
            loopback,
            plain,
        })
    }

    /// Returns the URL without a trailing slash.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the URL as its parts.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Returns whether the URL points to this machine, where no proxy may be used.
    pub(crate) fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Returns whether the URL is plain http.
    pub(crate) fn is_plain(&self) -> bool {
        self.plain
    }
}

/// Returns whether a host without a scheme can be meant: an address, loopback, or a name with a dot.
/// Any word is a name, also `true`, `none` or `staging`, and any number is an address.
fn is_complete(url: &Url, text: &str) -> bool {
    let host = url.host_str().unwrap_or_default();
    if host.parse::<Ipv4Addr>().is_ok() {
        return text.contains(host);
    }
    let name = host.trim_end_matches('.');
    let has_dot = name.contains('.') && name.split('.').all(|label| !label.is_empty());
    has_dot || host.starts_with('[') || is_loopback(url)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::BaseUrl;

    fn parsed(text: &str) -> Result<String, String> {
        BaseUrl::parse(text, None).map(|base| base.as_str().to_owned())
    }

    #[test]
    fn what_people_write_means_what_they_meant() {
        for (text, expected) in [
            ("api.memories.ai", "https://api.memories.ai"),
            ("https://api.memories.ai/", "https://api.memories.ai"),
            ("https://api.memories.ai/serve/api/v1", "https://api.memories.ai"),
            ("https://api.memories.ai/serve/api/v1/", "https://api.memories.ai"),
            (
                "api.cloud.eu.llamaindex.ai/api/v1",
                "https://api.cloud.eu.llamaindex.ai",
            ),
            ("https://gateway.example/llama/", "https://gateway.example/llama"),
            ("https://gateway.example/llama/api/v1", "https://gateway.example/llama"),
            ("https://gateway.example//", "https://gateway.example"),
            ("https://gateway.example/api/v1/api/v1", "https://gateway.example"),
            ("localhost:8080", "http://localhost:8080"),
            ("127.0.0.1:8080/api/v1", "http://127.0.0.1:8080"),
            ("[::1]:8080", "http://[::1]:8080"),
            ("http://127.0.0.1:1", "http://127.0.0.1:1"),
            ("  api.memories.ai\n", "https://api.memories.ai"),
            ("https://api.memories.ai\r", "https://api.memories.ai"),
            ("\u{feff}api.memories.ai\u{a0}", "https://api.memories.ai"),
            ("https://gateway", "https://gateway"),
            ("192.0.2.1:8443", "https://192.0.2.1:8443"),
            ("[2001:db8::1]", "https://[2001:db8::1]"),
            ("localhost", "http://localhost"),
        ] {
            assert_eq!(parsed(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_would_send_a_key_astray_is_refused_without_repeating_it() {
        for text in [
            "",
            "ftp://api.memories.ai",
            "https://user:hunter2@api.memories.ai",
            "https://hunter2@api.memories.ai",
            "https://api.memories.ai?key=hunter2",
            "https://api.memories.ai#hunter2",
            "http://api.memories.ai",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "https://",
            "https://a b/hunter2",
            "hunter2",
            "hunter2:8080",
            "4711",
            "https.hunter2..example",
            "hunter2/api/v1",
            "hunter2.",
            "/hunter2",
            "\"https://hunter2.example\"",
            "'hunter2.example'",
            "“https://hunter2.example”",
            "https://hunter2.exa\tmple",
            "https://hunter2.exa\r\nmple",
            "https://hunter2.exa\u{200b}mple",
            "https:\\\\hunter2.example",
            "https://api.memories.ai\\@hunter2.example",
            "https:/hunter2.example",
            "https//hunter2.example",
            "https://https://hunter2.example",
            "me:hunter2@api.memories.ai",
            "https://api.memories.ai:99999/hunter2",
        ] {
            let reason = parsed(text).expect_err(text);
            assert!(!reason.contains("hunter2"), "{reason}");
        }
    }

    #[test]
    fn plain_http_is_allowed_for_the_host_that_was_named() {
        assert!(BaseUrl::parse("http://gateway.internal:80", Some("gateway.internal")).is_ok());
        assert!(BaseUrl::parse("http://other.internal", Some("gateway.internal")).is_err());
    }
}
