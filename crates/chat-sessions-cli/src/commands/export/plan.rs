//! Which sessions to fetch, and which the folder already has.

use chat_sessions::Session;

use super::index::Entry;

/// What to do about a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Fetch(Why),
    Keep(Kept),
}

/// Why a session is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The folder does not have it.
    New,
    /// The list shows another time of change or title than the index.
    Changed,
    /// The list does not tell whether the session has changed.
    Unknown,
    /// The file is missing or not as it was written.
    Damaged,
}

/// Why a session is not fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// The list shows that it has not changed.
    Unchanged,
    /// The run that this one continues has fetched it.
    Fetched,
    /// `--new-only`.
    NewOnly,
}

/// Decides about a session. `is_whole` says whether its file is as it was written; `run` is the number
/// of the current run.
pub(crate) fn decide(
    session: &Session,
    entry: Option<&Entry>,
    is_whole: impl FnOnce() -> bool,
    run: u64,
    new_only: bool,
) -> Decision {
    let Some(entry) = entry else {
        return Decision::Fetch(Why::New);
    };
    if !is_whole() {
        return Decision::Fetch(Why::Damaged);
    }
    if new_only {
        return Decision::Keep(Kept::NewOnly);
    }
    let at = |time: &Option<chat_sessions::model::SessionTime>| time.as_ref().map(|time| time.at);
    let is_same = at(&session.updated_at) == at(&entry.updated_at) && session.title == entry.title;
    match &session.updated_at {
        Some(_) if is_same => Decision::Keep(Kept::Unchanged),
        None if is_same && entry.run == run => Decision::Keep(Kept::Fetched),
        None if is_same => Decision::Fetch(Why::Unknown),
        _ => Decision::Fetch(Why::Changed),
    }
}

impl Decision {
    /// Returns the words for the action and its reason.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Fetch(Why::New) => ("fetch", "new"),
            Self::Fetch(Why::Changed) => ("fetch", "changed"),
            Self::Fetch(Why::Unknown) => ("fetch", "may-have-changed"),
            Self::Fetch(Why::Damaged) => ("fetch", "damaged"),
            Self::Keep(Kept::Unchanged) => ("skip", "unchanged"),
            Self::Keep(Kept::Fetched) => ("skip", "fetched-before"),
            Self::Keep(Kept::NewOnly) => ("skip", "not-new"),
        }
    }
}

#[cfg(test)]
mod tests {
    use chat_sessions::model::SessionTime;
    use chat_sessions::{Provider, Session, SessionId};

    use super::{Decision, Kept, Why, decide};
    use crate::commands::export::index::Entry;

    fn session(updated: Option<&str>, title: &str) -> Session {
        let mut session = Session::new(SessionId::new(Provider::LLAMA_CLOUD, "1"));
        session.updated_at = updated.and_then(|text| SessionTime::parse(text.to_owned()).ok());
        session.title = Some(title.to_owned());
        session
    }

    #[test]
    fn a_session_is_fetched_unless_the_folder_certainly_has_it() {
        let (old, new) = (Some("2026-04-22T10:00:00"), Some("2026-04-22T10:00:00.000001"));
        let entry = |updated, run| Some(Entry::new(&session(updated, "a"), run));
        let fetch = Decision::Fetch;
        let keep = Decision::Keep;
        // The list, the index, whether the file is whole, --new-only; the current run is 2.
        for (listed, entry, whole, new_only, expected) in [
            (session(old, "a"), None, false, false, fetch(Why::New)),
            (session(old, "a"), None, false, true, fetch(Why::New)),
            (session(old, "a"), entry(old, 1), true, false, keep(Kept::Unchanged)),
            (session(old, "a"), entry(old, 1), false, false, fetch(Why::Damaged)),
            (session(old, "a"), entry(old, 1), false, true, fetch(Why::Damaged)),
            (session(new, "a"), entry(old, 1), true, false, fetch(Why::Changed)),
            (session(new, "a"), entry(old, 2), true, false, fetch(Why::Changed)),
            (session(old, "b"), entry(old, 2), true, false, fetch(Why::Changed)),
            (session(new, "b"), entry(old, 1), true, true, keep(Kept::NewOnly)),
            (session(None, "a"), entry(None, 1), true, false, fetch(Why::Unknown)),
            (session(None, "a"), entry(None, 2), true, false, keep(Kept::Fetched)),
            (session(None, "b"), entry(None, 2), true, false, fetch(Why::Changed)),
            (session(None, "a"), entry(None, 1), true, true, keep(Kept::NewOnly)),
            (session(old, "a"), entry(None, 2), true, false, fetch(Why::Changed)),
            (session(None, "a"), entry(old, 2), true, false, fetch(Why::Changed)),
        ] {
            let decision = decide(&listed, entry.as_ref(), || whole, 2, new_only);
            assert_eq!(decision, expected, "{listed:?} {entry:?}");
        }
    }
}
