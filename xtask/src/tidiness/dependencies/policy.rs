//! What was decided about dependencies, read from `policy.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::graphs::Reach;
use crate::outcome::Failure;

/// The file, from the root of the workspace.
pub(super) const FILE: &str = "xtask/src/tidiness/dependencies/policy.toml";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    pub(super) facade_crates: usize,
    pub(super) pinned: Vec<String>,
    pub(super) licences: Vec<String>,
    pub(super) licence_exceptions: BTreeMap<String, LicenceException>,
    pub(super) duplicates: BTreeMap<String, Duplicate>,
    pub(super) tables: BTreeMap<String, String>,
    pub(super) bans: Bans,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LicenceException {
    pub(super) licence: String,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Duplicate {
    pub(super) versions: Vec<String>,
    pub(super) reach: Reach,
    reason: String,
}

/// Banned crates with the reasons.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bans {
    pub(super) facade: BTreeMap<String, String>,
    pub(super) published: BTreeMap<String, String>,
    pub(super) workspace: BTreeMap<String, String>,
    pub(super) manifests: BTreeMap<String, String>,
    pub(super) libraries: BTreeMap<String, String>,
}

impl Policy {
    /// Parses the text; an entry without a reason is an error.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let policy: Self = toml::from_str(text)?;
        let Bans {
            facade,
            published,
            workspace,
            manifests,
            libraries,
        } = &policy.bans;
        let bans = [facade, published, workspace, manifests, libraries]
            .into_iter()
            .flatten();
        let exceptions = policy
            .licence_exceptions
            .iter()
            .map(|(name, entry)| (name, &entry.reason));
        let duplicates = policy.duplicates.iter().map(|(name, entry)| (name, &entry.reason));
        let mut all = bans.chain(exceptions).chain(duplicates);
        let unexplained = all.find(|(_, reason)| reason.is_empty()).map(|(name, _)| name.clone());
        drop(all);
        match unexplained {
            Some(name) => Err(format!("{FILE} gives no reason for {name}. Remedy: add it.").into()),
            None => Ok(policy),
        }
    }
}
