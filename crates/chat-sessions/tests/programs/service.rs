//! A service: the titles of the latest sessions for a weekly mail. Its tests need no provider.

use std::time::Duration;

use chat_sessions::{ChatSessions, Order, Timestamp};

/// What the mail says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Digest {
    titles: Vec<String>,
    /// The providers that did not answer in time.
    missing: Vec<String>,
}

/// Reads the titles of the week before a time, newest first.
pub(crate) async fn digest(client: &ChatSessions, now: Timestamp) -> chat_sessions::Result<Digest> {
    const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);
    let list = client
        .list_sessions()
        .order(Order::Newest)
        .limit(10)
        .deadline(Duration::from_secs(60));
    let page = match now.checked_sub(WEEK) {
        Some(start) => list.since(start).until(now).send().await?,
        None => list.until(now).send().await?,
    };
    let missing = page
        .failures
        .iter()
        .filter_map(|error| Some(error.provider()?.to_string()));
    Ok(Digest {
        titles: page
            .sessions
            .iter()
            .filter_map(|session| session.title.clone())
            .collect(),
        missing: missing.collect(),
    })
}

mod tests {
    use chat_sessions::model::SessionTime;
    use chat_sessions::testing::FakeSource;
    use chat_sessions::{Error, ErrorKind, Provider, Session};

    use super::*;

    fn day(day: u32) -> Timestamp {
        format!("2026-05-{day:02}T12:00:00Z").parse().unwrap()
    }

    fn notes() -> FakeSource {
        let source = FakeSource::tokens(3).of_provider(Provider::new("notes"));
        let sessions: Vec<Session> = (1..=20)
            .rev()
            .map(|number| {
                let mut session = source.session(number.to_string());
                session.title = Some(format!("note {number}"));
                session.updated_at = Some(SessionTime::given(day(number)));
                session
            })
            .collect();
        source.sessions(sessions)
    }

    #[tokio::test]
    async fn it_holds_the_sessions_of_a_week() {
        let client = ChatSessions::new(notes());
        let digest = digest(&client, day(12)).await.unwrap();
        let expected: Vec<_> = (5..=11).rev().map(|number| format!("note {number}")).collect();
        assert_eq!((digest.titles, digest.missing), (expected, Vec::new()));
    }

    #[tokio::test(start_paused = true)]
    async fn it_names_the_providers_that_failed() {
        let broken = FakeSource::numbered(3).of_provider(Provider::new("mail"));
        broken.fail(1, Error::new(ErrorKind::Auth, Provider::new("mail")));
        let client = ChatSessions::builder().source(notes()).source(broken).build().unwrap();
        let digest = digest(&client, day(3)).await.unwrap();
        assert_eq!(digest.titles, ["note 2", "note 1"]);
        assert_eq!(digest.missing, ["mail"]);
    }
}
