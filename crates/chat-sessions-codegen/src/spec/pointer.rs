//! JSON pointers (RFC 6901), which name a place in a spec whatever its line is.

use std::fmt;

/// Names a node of a spec; prints as `#/paths/~1api/get`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The root of the document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// The member or item below this node, its name escaped as the RFC says.
    #[must_use]
    pub fn child(&self, name: impl fmt::Display) -> Self {
        let mut text = format!("{}/{name}", self.0);
        let start = self.0.len() + 1;
        // Few names need escaping, and pointers are made at every step of every walk.
        if text[start..].contains(['~', '/']) {
            let escaped = text[start..].replace('~', "~0").replace('/', "~1");
            text.replace_range(start.., &escaped);
        }
        Self(text)
    }

    /// The node below this one along several names.
    #[must_use]
    pub fn below(&self, names: &[&str]) -> Self {
        names.iter().fold(self.clone(), |at, name| at.child(name))
    }

    /// The node that another pointer names when it starts here; `path` is its text, without a `#`.
    pub(crate) fn joined(&self, path: &str) -> Self {
        Self(format!("{}{path}", self.0))
    }

    /// The node above this one; `None` at the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('/').map(|(above, _)| Self(above.to_owned()))
    }

    /// The name or position of the node in the one above it, as it stands in the document; empty at
    /// the root.
    #[must_use]
    pub fn name(&self) -> String {
        Self::unescaped(self.0.rsplit('/').next().unwrap_or_default())
    }

    /// The pointer that a `$ref` within the same document holds; `None` for a reference to anything
    /// else.
    #[must_use]
    pub fn from_reference(reference: &str) -> Option<Self> {
        let rest = reference.strip_prefix('#')?;
        (rest.is_empty() || rest.starts_with('/')).then(|| Self(rest.to_owned()))
    }

    /// A name as it was before it was escaped.
    pub(crate) fn unescaped(name: &str) -> String {
        name.replace("~1", "/").replace("~0", "~")
    }

    /// How many names deep.
    pub(crate) fn depth(&self) -> usize {
        self.0.matches('/').count()
    }

    /// The text without the leading `#`, as `serde_json::Value::pointer` takes it.
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
