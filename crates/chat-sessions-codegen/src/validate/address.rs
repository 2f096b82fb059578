//! URLs (RFC 3986) and e-mail addresses (RFC 5321), as far as their grammar goes.

/// Whether a text is a URI with a scheme, as `format: uri` requires.
pub(super) fn is_uri(text: &str) -> bool {
    text.is_ascii() && scheme(text).is_some() && is_url(text)
}

/// Whether a text is a URL, which may be relative and may contain letters of any script, as people
/// write them.
pub(crate) fn is_url(text: &str) -> bool {
    let rest = scheme(text).map_or(text, |scheme| &text[scheme.len() + 1..]);
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (hierarchy, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = match hierarchy.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", hierarchy),
    };
    is_authority(authority) && consists_of(path, "/:@") && consists_of(query, "/?:@") && consists_of(fragment, "/?:@")
}

/// The scheme before the first colon.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let starts_well = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    (starts_well && scheme.bytes().all(is_scheme)).then_some(scheme)
}

fn is_authority(text: &str) -> bool {
    let (user, address) = text.rsplit_once('@').unwrap_or(("", text));
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let host_is_valid = match address.strip_prefix('[') {
        // An address in brackets; whether it exists is not asked.
        Some(rest) => rest.split_once(']').is_some_and(|(host, port)| {
            let is_host = |byte: u8| byte.is_ascii_hexdigit() || b":.vV".contains(&byte);
            !host.is_empty() && host.bytes().all(is_host) && port.strip_prefix(':').map_or(port.is_empty(), is_port)
        }),
        None => {
            let (host, port) = address.split_once(':').unwrap_or((address, ""));
            consists_of(host, "") && is_port(port)
        }
    };
    consists_of(user, ":") && host_is_valid
}

/// Whether a text consists of unreserved characters, subdelimiters, escapes and these characters.
fn consists_of(text: &str, others: &str) -> bool {
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        rest = &rest[next.len_utf8()..];
        let is_allowed = match next {
            '%' => {
                let escape = rest.as_bytes().get(..2);
                if !escape.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
                    return false;
                }
                rest = &rest[2..];
                true
            }
            next if next.is_ascii() => {
                next.is_ascii_alphanumeric() || "-._~!$&'()*+,;=".contains(next) || others.contains(next)
            }
            next => !next.is_control() && !next.is_whitespace(),
        };
        if !is_allowed {
            return false;
        }
    }
    true
}

/// Whether a text is an e-mail address.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_literal = |rest: &str| {
        let address = rest
            .strip_suffix(']')
            .map(|rest| rest.strip_prefix("IPv6:").unwrap_or(rest));
        address.is_some_and(|address| address.parse::<std::net::IpAddr>().is_ok())
    };
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(is_inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let domain_is_valid = match domain.strip_prefix('[') {
        Some(rest) => is_literal(rest),
        None => domain.len() <= 253 && domain.split('.').all(is_label),
    };
    is_local(local) && domain_is_valid
}

/// Whether a text is what precedes the `@`: words with dots between them, or anything in quotes.
fn is_local(text: &str) -> bool {
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let is_valid = match quoted {
        Some(quoted) => {
            let unescaped = quoted.replace("\\\\", "").replace("\\\"", "");
            unescaped
                .bytes()
                .all(|byte| (0x20..0x7f).contains(&byte) && byte != b'"' && byte != b'\\')
        }
        None => {
            let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
            text.split('.')
                .all(|word| !word.is_empty() && word.bytes().all(is_word))
        }
    };
    is_valid && text.len() <= 64
}

#[cfg(test)]
mod tests {
    use super::{is_email, is_uri, is_url};

    #[test]
    fn urls_are_told_from_other_texts() {
        let uris = [
            "https://example.org",
            "https://example.org/a%20b?c=d&e[]#f",
            "http://[::1]:8080/",
            "urn:isbn:0451450523",
            "mailto:me@example.org",
            "https://user:pw@example.org:443/a;b=c",
            "s3://bucket/key",
            "tag:a,2026:b",
            "https://example.org?",
            "file:///a",
            "data:text/plain,a",
        ];
        for text in uris {
            let is_exotic = text.contains('[') && !text.contains("[::");
            assert_eq!(is_uri(text), !is_exotic, "{text}");
        }
        for text in [
            "",
            "/a/b",
            "a/b",
            "?a",
            "#a",
            "//example.org/a",
            "https://example.org/ü",
            "../a",
        ] {
            assert!(is_url(text) && !is_uri(text), "{text}");
        }
        for text in [
            "a b",
            "https://example.org/{id}",
            "https://exa mple.org",
            "http://a:b:c",
            "%zz",
            "a\\b",
            "<a>",
            "http://a:8x",
            "ü\u{a0}",
            "a#b#c",
        ] {
            assert!(!is_url(text) && !is_uri(text), "{text}");
        }
        for text in ["example.org", "not a uri", "1http://a", ":a"] {
            assert!(!is_uri(text), "{text}");
        }
    }

    #[test]
    fn addresses_are_told_from_other_texts() {
        for text in [
            "me@example.org",
            "first.last+tag@mail.example.org",
            "\"a b\"@example.org",
            "me@[127.0.0.1]",
            "me@[IPv6:::1]",
            "me@localhost",
            "o'neil@example.org",
        ] {
            assert!(is_email(text), "{text}");
        }
        for text in [
            "",
            "me",
            "@example.org",
            "me@",
            "me@@example.org",
            "a b@example.org",
            ".me@example.org",
            "me.@example.org",
            "a..b@example.org",
            "me@-example.org",
            "me@example..org",
            "me@example.org.",
            "me@exa mple.org",
            "\"a\"b\"@example.org",
            "Me <me@example.org>",
            "me@[nowhere]",
            "mé@example.org",
        ] {
            assert!(!is_email(text), "{text}");
        }
    }
}
