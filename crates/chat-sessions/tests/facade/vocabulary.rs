//! The types that all providers share: how they are printed, parsed, compared and serialised as
//! JSON.

use std::time::{Duration, SystemTime};

use chat_sessions::model::{Resource, Run, Scope, SessionTime, TimeOrigin};
use chat_sessions::{ErrorKind, Provider, Session, SessionId, Timestamp};
use serde_json::{Value, json};

fn session() -> Session {
    Session::new(SessionId::new(Provider::MEMORIES_AI, "601308802842759168"))
}

fn time(text: &str) -> SessionTime {
    SessionTime::parse(text.to_owned()).unwrap()
}

#[test]
fn a_printed_id_parses_to_the_same_id() {
    for (text, provider, id) in [
        (
            "memories-ai:601308802842759168",
            Provider::MEMORIES_AI,
            "601308802842759168",
        ),
        ("llama-cloud:ses-1", Provider::LLAMA_CLOUD, "ses-1"),
        ("notes:a:b", Provider::new("notes"), "a:b"),
    ] {
        let read: SessionId = text.parse().unwrap();
        assert_eq!((read.provider(), read.as_str()), (&provider, id));
        assert_eq!(read, SessionId::new(provider, id));
        assert_eq!(read.to_string(), text);
    }
}

#[test]
fn an_invalid_id_is_refused() {
    for text in ["", ":", "memories-ai", "memories-ai:", ":601308802842759168"] {
        let error = text.parse::<SessionId>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.message(), format!("{text:?} is not a session id"));
    }
}

#[test]
fn names_are_printed_unchanged_and_padded() {
    let (provider, scope) = (Provider::new("notes"), Scope::from("team a"));
    assert_eq!((provider.as_str(), scope.as_str()), ("notes", "team a"));
    assert_eq!(format!("{provider}|{provider:>7}|"), "notes|  notes|");
    assert_eq!(format!("{scope}|{scope:<8}|"), "team a|team a  |");
    assert_eq!(Provider::new("memories-ai"), Provider::MEMORIES_AI);
    assert_ne!(provider, Provider::new("note"));
}

#[test]
fn a_session_is_sorted_by_its_last_change_or_else_its_creation() {
    let (older, newer) = (time("2026-01-01T00:00:00Z"), time("2026-02-01T00:00:00Z"));
    let rows = [
        (None, None, None),
        (Some(&older), None, Some(&older)),
        (None, Some(&newer), Some(&newer)),
        (Some(&newer), Some(&older), Some(&older)),
    ];
    for (created, updated, sorted_by) in rows {
        let mut session = session();
        session.created_at = created.cloned();
        session.updated_at = updated.cloned();
        assert_eq!(session.time(), sorted_by);
    }
}

#[test]
fn a_time_has_its_origin() {
    let instant: Timestamp = "2026-04-22T12:34:41.342245Z".parse().unwrap();
    for (text, origin) in [
        ("2026-04-22T12:34:41.342245Z", TimeOrigin::Given),
        ("2026-04-22T14:34:41.342245+02:00", TimeOrigin::Given),
        ("2026-04-22T12:34:41.342245", TimeOrigin::AssumedUtc),
        ("2026-04-22 12:34:41.342245", TimeOrigin::AssumedUtc),
    ] {
        let read = time(text);
        assert_eq!((read.at, read.origin), (instant, origin), "{text}");
        assert_eq!(read.text.as_deref(), Some(text));
    }
    let derived = SessionTime::derived_from_id(instant);
    assert_eq!((derived.at, derived.origin), (instant, TimeOrigin::DerivedFromId));
    assert_eq!(derived.text, None);
    for text in ["", "yesterday", "12:34:41", "2026-13-01T00:00:00"] {
        assert_eq!(SessionTime::parse(text.to_owned()), Err(text.to_owned()));
    }
}

#[test]
fn the_word_for_an_origin_is_the_one_in_json() {
    for origin in [TimeOrigin::Given, TimeOrigin::AssumedUtc, TimeOrigin::DerivedFromId] {
        assert_eq!(json!(origin), origin.as_str());
    }
    assert_eq!(TimeOrigin::DerivedFromId.as_str(), "derived-from-id");
}

#[test]
fn the_milliseconds_of_an_instant_are_rounded_down() {
    for (text, milliseconds) in [
        ("1969-12-31T23:59:59.9999Z", -1),
        ("1969-12-31T23:59:59.9989Z", -2),
        ("1970-01-01T00:00:00.0009Z", 0),
    ] {
        assert_eq!(text.parse::<Timestamp>().unwrap().unix_millis(), milliseconds, "{text}");
    }
}

#[test]
fn a_timestamp_is_converted_printed_and_parsed() {
    for (milliseconds, text) in [
        (0, "1970-01-01T00:00:00Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (1_776_861_281_342, "2026-04-22T12:34:41.342Z"),
    ] {
        let instant = Timestamp::from_unix_millis(milliseconds).unwrap();
        assert_eq!(instant.unix_millis(), milliseconds);
        assert_eq!(
            (instant.to_string().as_str(), format!("{instant:?}").as_str()),
            (text, text)
        );
        assert_eq!(text.parse::<Timestamp>().unwrap(), instant);
        assert_eq!(json!(instant), text);
        assert_eq!(serde_json::from_value::<Timestamp>(json!(text)).unwrap(), instant);
    }
    assert_eq!(Timestamp::from_unix_millis(i64::MAX), None);

    let instant: Timestamp = "1970-01-01T00:00:02.5Z".parse().unwrap();
    assert_eq!(
        SystemTime::from(instant),
        SystemTime::UNIX_EPOCH + Duration::from_millis(2500)
    );
    let before: Timestamp = "1969-12-31T23:59:57.5Z".parse().unwrap();
    assert_eq!(
        SystemTime::from(before),
        SystemTime::UNIX_EPOCH - Duration::from_millis(2500)
    );
}

#[test]
fn an_invalid_timestamp_is_refused() {
    for text in ["", "2026-04-22", "2026-04-22T12:34:41", "now"] {
        let error = text.parse::<Timestamp>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.message(), format!("{text:?} is not a time in RFC 3339"));
        let error = serde_json::from_value::<Timestamp>(json!(text)).unwrap_err();
        assert_eq!(error.to_string(), "not a time in RFC 3339");
    }
}

#[test]
fn a_session_is_the_same_after_json() {
    let mut session = session();
    session.scope = Some(Scope::from("team-a"));
    session.title = Some("What happens at 0:12?".to_owned());
    session.created_at = Some(time("2026-04-22T12:34:41Z"));
    session.resources = Some(vec![Resource::new("video", "VI1")]);
    session.extra.insert("pinned".to_owned(), Value::Bool(true));
    let mut run = Run::default();
    run.turns = Some(3);
    session.last_run = Some(run.into());

    let sent = json!({
        "provider": "memories-ai",
        "id": "601308802842759168",
        "scope": "team-a",
        "title": "What happens at 0:12?",
        "created_at": { "at": "2026-04-22T12:34:41Z", "origin": "given", "text": "2026-04-22T12:34:41Z" },
        "updated_at": null,
        "resources": [{ "kind": "video", "id": "VI1" }],
        "access": null,
        "last_run": {
            "duration_ms": null,
            "is_error": null,
            "error": null,
            "input_tokens": null,
            "output_tokens": null,
            "turns": 3,
            "export_config_ids": null,
            "extra": {},
        },
        "extra": { "pinned": true },
    });
    assert_eq!(json!(session), sent);
    assert_eq!(serde_json::from_value::<Session>(sent).unwrap(), session);
}

/// The schemas of the other types are part of the session's schema, which the suites compare with a
/// snapshot.
#[cfg(feature = "schemars")]
#[test]
fn a_cursor_is_a_string_in_its_schema() {
    let schema = schemars::schema_for!(chat_sessions::Cursor);
    let (title, kind) = (schema.get("title"), schema.get("type"));
    assert_eq!((title, kind), (Some(&json!("Cursor")), Some(&json!("string"))));
}
