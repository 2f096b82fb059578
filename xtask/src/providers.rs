//! The one list of providers: every `specs/NAME.yaml` describes one. All commands and checks iterate this list.
//!
//! The other names of a provider follow from the name of its spec. Invariant 8 checks that everything with such a name exists,
//! so that no check can omit a new provider.

use std::fs;
use std::path::Path;

use crate::outcome::Failure;

/// A provider, by the name of its spec: `some-provider`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Provider {
    pub(crate) name: String,
}

/// Returns the providers of a workspace, sorted by name.
pub(crate) fn all(root: &Path) -> Result<Vec<Provider>, Failure> {
    let folder = root.join("specs");
    let mut providers = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|error| format!("{} cannot be read: {error}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "yaml")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            providers.push(Provider { name: name.to_owned() });
        }
    }
    providers.sort();
    Ok(providers)
}

impl Provider {
    /// The spec: `specs/some-provider.yaml`.
    pub(crate) fn spec(&self) -> String {
        format!("specs/{}.yaml", self.name)
    }

    /// The package of the raw client: `some-provider-client`.
    pub(crate) fn package(&self) -> String {
        format!("{}-client", self.name)
    }

    /// The sources of the raw client: `crates/some-provider-client/src`.
    pub(crate) fn raw_sources(&self) -> String {
        format!("crates/{}/src", self.package())
    }

    /// The module in the facade and in the sandbox: `some_provider`.
    pub(crate) fn module(&self) -> String {
        self.name.replace('-', "_")
    }

    /// The type in the facade: `SomeProvider`.
    pub(crate) fn type_name(&self) -> String {
        let capitalised = |word: &str| {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_uppercase() + rest
        };
        self.name.split('-').map(capitalised).collect()
    }

    /// The provider's own example of a response: `tests/fixtures/some-provider/documented-example.json`.
    pub(crate) fn documented_example(&self) -> String {
        format!("tests/fixtures/{}/documented-example.json", self.name)
    }

    /// The fuzz target that reads pages: `some_provider_answer`.
    pub(crate) fn page_target(&self) -> String {
        format!("{}_answer", self.module())
    }

    /// The fuzz target that reads sessions with their messages, which not every provider has.
    pub(crate) fn transcript_target(&self) -> String {
        format!("{}_transcript", self.module())
    }
}
