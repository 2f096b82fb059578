//! JSON pointers (RFC 6901), which identify a node of a spec independently of its line.

use std::fmt;

/// Identifies a node of a spec; prints as `#/paths/~1api/get`.
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
        let mut text = format!("{}/{name}", self.0);
        let start = self.0.len() + 1;
        // Names rarely need escaping, and every step of every walk creates a pointer.
        if text[start..].contains(['~', '/']) {
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
    pub(crate) fn joined(&self, path: &str) -> Self {
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
    #[must_use]
    pub fn from_reference(reference: &str) -> Option<Self> {
        let rest = reference.strip_prefix('#')?;
        (rest.is_empty() || rest.starts_with('/')).then(|| Self(rest.to_owned()))
    }

    /// A name without its escapes.
    pub(crate) fn unescaped(name: &str) -> String {
        name.replace("~1", "/").replace("~0", "~")
    }

    /// The number of names in the pointer.
    pub(crate) fn depth(&self) -> usize {
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
