//! What was decided about dependencies, read from `policy.toml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::graphs::Reach;

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
    #[expect(dead_code, reason = "the reason is for people; parsing checks that there is one")]
    reason: Reason,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Duplicate {
    pub(super) versions: BTreeSet<String>,
    pub(super) reach: Reach,
    #[expect(dead_code, reason = "the reason is for people; parsing checks that there is one")]
    reason: Reason,
}

/// Banned crates with the reasons.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bans {
    pub(super) builds: BTreeMap<Reach, BTreeMap<String, Reason>>,
    pub(super) manifests: BTreeMap<String, Reason>,
    pub(super) libraries: BTreeMap<String, Reason>,
}

/// Why an entry is there; never empty.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Reason(pub(super) String);

impl TryFrom<String> for Reason {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = Some(text).filter(|text| !text.is_empty());
        text.map(Self).ok_or("an entry needs a reason")
    }
}
