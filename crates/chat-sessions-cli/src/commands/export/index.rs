//! What a folder of an export says about itself in `index.json`: each file, the session in it, and
//! whether the last run reached its end.

use std::collections::{BTreeMap, BTreeSet};

use chat_sessions::model::SessionTime;
use chat_sessions::{Session, SessionAddress};
use serde::{Deserialize, Serialize};

use super::file_name::is_file_name;

/// The version of the file. Increases when a field changes its meaning or disappears.
const VERSION: u32 = 1;

/// The content of `index.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Index {
    export_version: u32,
    pub(crate) run: Run,
    /// The pages for people that list the sessions, such as `index.html`.
    pub(crate) pages: BTreeSet<String>,
    /// The sessions by the name of their file.
    pub(crate) files: BTreeMap<String, Entry>,
}

/// The last run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Run {
    /// Counts the runs. One that continues an unfinished run has its number.
    pub(crate) number: u64,
    /// When the run began, in seconds since 1970.
    pub(crate) started: i64,
    /// Whether the run did everything that it could do. If not, the next run continues it.
    pub(crate) finished: bool,
}

/// One exported session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// The address, as `show` takes it.
    pub(crate) address: String,
    pub(crate) title: Option<String>,
    pub(crate) created_at: Option<SessionTime>,
    /// The time of the last change according to the list.
    pub(crate) updated_at: Option<SessionTime>,
    /// The length of the file.
    pub(crate) bytes: u64,
    /// The SHA-256 of the file.
    pub(crate) sha256: String,
    /// The run that fetched the session.
    pub(crate) run: u64,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            export_version: VERSION,
            run: Run {
                finished: true,
                ..Run::default()
            },
            pages: BTreeSet::new(),
            files: BTreeMap::new(),
        }
    }
}

impl Index {
    /// Reads `index.json`.
    ///
    /// # Errors
    ///
    /// Says why this is not the index of an export.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct OfAnyVersion {
            export_version: u32,
        }
        let OfAnyVersion { export_version } =
            serde_json::from_str(text).map_err(|_| "is not from an export".to_owned())?;
        if export_version != VERSION {
            return Err(format!("is from another version of this program, {export_version}"));
        }
        let index: Self = serde_json::from_str(text).map_err(|error| format!("is damaged: {error}"))?;
        let mut names = index.files.keys().chain(&index.pages);
        match names.find(|name| !is_file_name(name)) {
            Some(name) => Err(format!("names {name:?}, which is not a file of an export")),
            None => Ok(index),
        }
    }
}

impl Entry {
    /// Returns the entry of a session as the list has it, with no file yet.
    pub(crate) fn new(session: &Session, run: u64) -> Self {
        Self {
            address: SessionAddress::from(session).to_string(),
            title: session.title.clone(),
            created_at: session.created_at.clone(),
            updated_at: session.updated_at.clone(),
            bytes: 0,
            sha256: String::new(),
            run,
        }
    }

    /// Returns the time by which sessions are sorted.
    pub(crate) fn time(&self) -> Option<&SessionTime> {
        self.updated_at.as_ref().or(self.created_at.as_ref())
    }
}

/// One line of the journal: a file that is about to appear.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct JournalLine {
    pub(crate) file: String,
    #[serde(flatten)]
    pub(crate) entry: Entry,
}

#[cfg(test)]
mod tests {
    use super::Index;

    #[test]
    fn only_the_index_of_an_export_is_read() {
        let own = serde_json::to_string(&Index::default()).expect("it is JSON");
        assert!(Index::parse(&own).is_ok());
        for (text, expected) in [
            ("", "is not from an export"),
            ("[]", "is not from an export"),
            ("{\"sessions\": []}", "is not from an export"),
            ("{\"export_version\": 2}", "is from another version of this program, 2"),
            (
                "{\"export_version\": 1}",
                "is damaged: missing field `run` at line 1 column 21",
            ),
        ] {
            assert_eq!(Index::parse(text).err().as_deref(), Some(expected), "{text}");
        }
        let outside = own.replace("\"pages\":[]", "\"pages\":[\"../index.html\"]");
        assert!(Index::parse(&outside).is_err_and(|reason| reason.contains("../index.html")));
    }
}
