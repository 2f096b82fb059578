//! The names of exported files: the same session always has the same name, and no two sessions share
//! one on any file system.
//!
//! A name is `provider_scope_id.extension`. It has only lower-case letters, digits, `-` and `.`, since
//! some systems do not distinguish capitals and forbid other characters. Whatever that changes in the
//! scope or the id is made up for by a hash of the whole address.

use chat_sessions::SessionAddress;
use sha2::{Digest, Sha256};

/// The longest scope and id in a name. Most file systems allow 255 bytes for a whole name.
const LONGEST_PART: usize = 64;
/// The hexadecimal digits of the hash: 128 bits, so that nobody can find two sessions with one name.
const HASH_DIGITS: usize = 32;

/// Returns the name of the file for a session.
pub(crate) fn file_name(address: &SessionAddress, extension: &str) -> String {
    let scope = address.scope.as_ref().map_or("", |scope| scope.as_str());
    let parts = [address.id.provider().as_str(), scope, address.id.as_str()];
    let mut name = parts.map(portable).join("_");
    // An empty scope is not the same as none.
    let is_exact =
        parts.map(portable) == parts.map(ToOwned::to_owned) && (address.scope.is_none() || !scope.is_empty());
    if !is_exact {
        name.push('_');
        name.push_str(&sha256_hex(address.to_string().as_bytes())[..HASH_DIGITS]);
    }
    format!("{name}.{extension}")
}

/// Returns a text with `-` in place of every character that is not portable, shortened.
fn portable(text: &str) -> String {
    let portable = |character: char| match character.to_ascii_lowercase() {
        kept @ ('a'..='z' | '0'..='9' | '-') => kept,
        _ => '-',
    };
    text.chars().take(LONGEST_PART).map(portable).collect()
}

/// Returns whether a text can be the name of a file of an export, so that it cannot lead out of the
/// folder.
pub(crate) fn is_file_name(text: &str) -> bool {
    let is_portable = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
    text.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && text.len() <= 255
        && text.bytes().all(is_portable)
}

/// Returns the SHA-256 of some bytes in hexadecimal digits.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use chat_sessions::{Provider, SessionAddress, SessionId};
    use proptest::prelude::*;

    use super::{file_name, is_file_name};

    fn address(scope: Option<&str>, id: &str) -> SessionAddress {
        let address = SessionAddress::new(SessionId::new(Provider::LLAMA_CLOUD, id));
        match scope {
            Some(scope) => address.in_scope(scope),
            None => address,
        }
    }

    #[test]
    fn an_ordinary_session_has_a_name_that_people_recognise() {
        let name = |scope, id| file_name(&address(scope, id), "html");
        assert_eq!(name(None, "ses-a3wfom5ysb2t"), "llama-cloud__ses-a3wfom5ysb2t.html");
        assert_eq!(name(Some("team-a"), "42"), "llama-cloud_team-a_42.html");
        assert_eq!(
            name(Some("Team A"), "../..\\x:y"),
            "llama-cloud_team-a_------x-y_8e1715c3ee4e393f15bed0a4fe9d0c20.html"
        );
    }

    #[test]
    fn no_two_sessions_share_a_name_on_any_file_system() {
        let ids = [
            "a", "A", "a_b", "a-b", "a/b", "a\\b", "a b", "a ", " a", "a.", ".a", "..", "con", "nul", "ä", "a\u{308}",
            "\u{202e}", "\0", "日本", "😀", "-", "_", "",
        ];
        let long = |last: &str| "x".repeat(300) + last;
        let (long_a, long_b) = (long("a"), long("b"));
        let all = ids.iter().copied().chain([long_a.as_str(), long_b.as_str()]);
        let mut seen = HashMap::new();
        for id in all.clone() {
            for scope in std::iter::once(None).chain(all.clone().map(Some)) {
                let name = file_name(&address(scope, id), "md");
                assert!(is_file_name(&name) && name.len() < 230, "{name}");
                let other = seen.insert(name.to_lowercase(), (scope, id));
                assert_eq!(other, None, "{name} is also that of {scope:?} {id:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn two_addresses_have_two_names(
            (first, second) in ((proptest::option::of(".{0,9}"), ".{0,9}"), (proptest::option::of(".{0,9}"), ".{0,9}")),
        ) {
            let name = |(scope, id): &(Option<String>, String)| file_name(&address(scope.as_deref(), id), "md");
            prop_assert_eq!(name(&first) == name(&second), first == second);
            prop_assert!(is_file_name(&name(&first)));
        }
    }

    #[test]
    fn a_name_cannot_lead_out_of_the_folder() {
        for text in [
            "",
            "..",
            "../x",
            "a/b",
            "a\\b",
            "/etc/passwd",
            "c:x",
            ".hidden",
            "A.md",
            "a b.md",
        ] {
            assert!(!is_file_name(text), "{text}");
        }
    }
}
