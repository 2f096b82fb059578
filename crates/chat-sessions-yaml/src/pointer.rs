//! JSON pointers (RFC 6901), which identify a node of a document independently of its line.

use std::fmt::{self, Write as _};

/// Identifies a node of a document; prints as `#/paths/~1api/get`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The root of the document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// The member or item with this name, escaped as the RFC requires.
    #[must_use]
    pub fn child(&self, name: impl fmt::Display) -> Self {
        let mut text = String::with_capacity(self.0.len() + 16);
        text.push_str(&self.0);
        text.push('/');
        let start = text.len();
        let _ = write!(text, "{name}");
        // Names rarely need escaping, and every step of every walk creates a pointer. Looking for one
        // character is several times faster than looking for either.
        if text[start..].contains('~') || text[start..].contains('/') {
            let escaped = text[start..].replace('~', "~0").replace('/', "~1");
            text.replace_range(start.., &escaped);
        }
        Self(text)
    }

    /// The descendant reached by several names.
    #[must_use]
    pub fn below(&self, names: &[&str]) -> Self {
        names.iter().fold(self.clone(), |at, name| at.child(name))
    }

    /// Appends another pointer, given as text without the `#`.
    #[must_use]
    pub fn joined(&self, path: &str) -> Self {
        Self(format!("{}{path}", self.0))
    }

    /// The parent node; `None` at the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('/').map(|(above, _)| Self(above.to_owned()))
    }

    /// The name or index of the node within its parent, unescaped; empty at the root.
    #[must_use]
    pub fn name(&self) -> String {
        Self::unescaped(self.0.rsplit('/').next().unwrap_or_default())
    }

    /// The pointer in a `$ref` to the same document; `None` for any other reference.
    ///
    /// A `$ref` is a URI reference, so that `#/components/schemas/Page%5BNote%5D` leads to the
    /// schema `Page[Note]`.
    #[must_use]
    pub fn from_reference(reference: &str) -> Option<Self> {
        let rest = reference.strip_prefix('#')?;
        let rest = percent_decoded(rest).unwrap_or_else(|| rest.to_owned());
        (rest.is_empty() || rest.starts_with('/')).then_some(Self(rest))
    }

    /// A name without its escapes.
    #[must_use]
    pub fn unescaped(name: &str) -> String {
        name.replace("~1", "/").replace("~0", "~")
    }

    /// The number of names in the pointer.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.0.matches('/').count()
    }

    /// The text without the leading `#`, as `serde_json::Value::pointer` expects it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A text without its percent-encoding; `None` if it has none, or if it is not valid.
fn percent_decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    if bytes.len() == text.len() {
        return None;
    }
    for part in parts {
        let digits = part.get(..2)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::Pointer;

    #[test]
    fn a_reference_is_a_uri_reference() {
        for (reference, pointer) in [
            ("#/components/schemas/Note", "/components/schemas/Note"),
            ("#/components/schemas/Page%5BNote%5D", "/components/schemas/Page[Note]"),
            ("#/paths/~1a~1%7Bid%7D/get", "/paths/~1a~1{id}/get"),
            ("#/components/schemas/caf%C3%A9", "/components/schemas/café"),
            ("#/components/schemas/100%", "/components/schemas/100%"),
            ("#/components/schemas/%+1", "/components/schemas/%+1"),
            ("#/components/schemas/%FF", "/components/schemas/%FF"),
            ("#", ""),
        ] {
            let found = Pointer::from_reference(reference);
            assert_eq!(found.as_ref().map(Pointer::as_str), Some(pointer), "{reference}");
        }
        for elsewhere in ["other.yaml#/a", "#anchor", "https://example.org/a.yaml", ""] {
            assert_eq!(Pointer::from_reference(elsewhere), None, "{elsewhere}");
        }
    }
}
