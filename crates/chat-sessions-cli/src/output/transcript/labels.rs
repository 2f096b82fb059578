//! The words and numbers of a transcript that all formats for people share: titles, roles, times,
//! references and the outcome of a turn. Every text here is on one line and safe to print.

use chat_sessions::model::{
    End, Place, Reference, Resource, Role, SessionAddress, SessionTime, TimeOrigin, Transcript,
};

use crate::output::text::{count, one_line, plural, truncate};

/// Shown instead of a title that the provider does not send.
const NO_TITLE: &str = "Session without a title";

/// A title can be a whole prompt, which the first message repeats.
const LONGEST_TITLE: usize = 200;

/// Returns the title on one line, truncated if it is very long.
pub(crate) fn title(transcript: &Transcript) -> String {
    let title = transcript.session.title.as_deref().map(one_line);
    title
        .filter(|title| !title.is_empty())
        .map(|title| truncate(&title, LONGEST_TITLE))
        .unwrap_or_else(|| NO_TITLE.to_owned())
}

/// Returns the address, as `show` takes it.
pub(crate) fn address(transcript: &Transcript) -> String {
    one_line(&SessionAddress::from(&transcript.session).to_string())
}

/// The name of the address among the facts.
pub(crate) const SESSION: &str = "Session";

/// Returns what is known about the session, as pairs of a name and a value.
pub(crate) fn facts(transcript: &Transcript) -> Vec<(&'static str, String)> {
    let session = &transcript.session;
    let time = |time: &Option<SessionTime>| time.as_ref().map(session_time);
    let resources = session.resources.as_ref().filter(|resources| !resources.is_empty());
    let about = resources.map(|resources| {
        let names: Vec<String> = resources.iter().map(resource).collect();
        names.join(", ")
    });
    let messages = match u64::try_from(transcript.messages.len()) {
        Ok(0) | Err(_) => "none".to_owned(),
        Ok(number) => number.to_string(),
    };
    let facts = [
        (SESSION, Some(address(transcript))),
        ("Created", time(&session.created_at)),
        ("Updated", time(&session.updated_at)),
        ("About", about),
        ("Access", session.access.as_deref().map(one_line)),
        ("Messages", Some(messages)),
    ];
    facts
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

fn session_time(time: &SessionTime) -> String {
    let known = match time.origin {
        TimeOrigin::AssumedUtc => " (time zone not sent, UTC assumed)",
        TimeOrigin::DerivedFromId => " (derived from the id)",
        _ => "",
    };
    format!("{}{known}", time.at)
}

/// Returns who wrote a message, such as `User`.
pub(crate) fn role(role: &Role) -> String {
    match role {
        Role::User => "User".to_owned(),
        Role::Assistant => "Assistant".to_owned(),
        Role::Tool => "Tool".to_owned(),
        other => {
            let name = one_line(other.as_str());
            if name.is_empty() {
                "Role without a name".to_owned()
            } else {
                name
            }
        }
    }
}

/// Returns a resource, such as `video VI12345`.
pub(crate) fn resource(resource: &Resource) -> String {
    one_line(&format!("{} {}", resource.kind, resource.id))
}

/// Returns what a reference points to: its name and its resource, as far as they are known, and its
/// length as the provider wrote it.
pub(crate) fn reference(reference: &Reference) -> String {
    let name = reference.name.as_deref().map(one_line).filter(|name| !name.is_empty());
    let resource = reference.resource.as_ref().map(resource);
    let what = match (name, resource) {
        (Some(name), Some(resource)) => format!("{name} ({resource})"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "unnamed reference".to_owned(),
    };
    match reference.duration.as_deref().map(one_line) {
        Some(duration) if !duration.is_empty() => format!("{what}, duration {duration}"),
        _ => what,
    }
}

/// Returns a place in a video: its times, what was found there, and its text, such as
/// `1:23–1:40 audio_ts: hello`.
pub(crate) fn place(place: &Place) -> String {
    let kind = place.kind.as_deref().map(one_line);
    let place_and_kind: Vec<String> = [times(place), kind]
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect();
    let head = place_and_kind.join(" ");
    let text = place.text.as_deref().map(one_line).filter(|text| !text.is_empty());
    match text {
        Some(text) if head.is_empty() => text,
        Some(text) => format!("{head}: {text}"),
        None if head.is_empty() => "unknown place".to_owned(),
        None => head,
    }
}

/// Returns where a place begins and ends, such as `1:23–1:40`; `None` if neither is known.
pub(crate) fn times(place: &Place) -> Option<String> {
    match (place.start_seconds, place.end_seconds) {
        (Some(start), Some(end)) if start == end => Some(clock(start)),
        (Some(start), Some(end)) => Some(format!("{}–{}", clock(start), clock(end))),
        (Some(start), None) => Some(clock(start)),
        (None, Some(end)) => Some(format!("until {}", clock(end))),
        (None, None) => None,
    }
}

/// Writes seconds as `1:23` or `1:01:23`. Fractions stay, as far as milliseconds. A number that is no
/// time is written as it is.
fn clock(seconds: f64) -> String {
    /// Far above any video, and exact as an integer.
    const LIMIT: f64 = 1e9;
    if !(0.0..LIMIT).contains(&seconds) {
        return format!("{seconds} s");
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number is between 0 and 10^12"
    )]
    let milliseconds = (seconds * 1000.0).round() as u64;
    let (whole, fraction) = (milliseconds / 1000, milliseconds % 1000);
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    let clock = if hours > 0 {
        format!("{hours}:{minutes:02}:{rest:02}")
    } else {
        format!("{minutes}:{rest:02}")
    };
    if fraction == 0 {
        return clock;
    }
    let digits = format!("{fraction:03}");
    format!("{clock}.{}", digits.trim_end_matches('0'))
}

/// Returns the outcome of a turn; `None` if there is nothing to say about it.
pub(crate) fn end(end: &End) -> Option<String> {
    let error = end.error.as_deref().map(one_line).filter(|error| !error.is_empty());
    let failure = match (end.is_error, error) {
        (Some(true), Some(error)) => Some(format!("the turn failed: {error}")),
        (Some(true), None) => Some("the turn failed".to_owned()),
        (_, error) => error,
    };
    let skipped = end
        .skipped_resources
        .as_ref()
        .filter(|skipped| !skipped.is_empty())
        .map(|skipped| {
            let names: Vec<String> = skipped.iter().map(resource).collect();
            format!("not queried: {}", names.join(", "))
        });
    let usage = end.usage.as_ref();
    let duration = usage
        .and_then(|usage| usage.duration_ms)
        .map(|duration| format!("{:.1} s", duration / 1000.0));
    let number = |number: Option<u64>, noun: &str| number.map(|number| count(number, noun));
    let tokens =
        |number: Option<u64>, of: &str| number.map(|number| format!("{number} {of} {}", plural(number, "token")));
    let parts: Vec<String> = [
        failure,
        skipped,
        duration,
        tokens(usage.and_then(|usage| usage.input_tokens), "input"),
        tokens(usage.and_then(|usage| usage.output_tokens), "output"),
        number(usage.and_then(|usage| usage.turns), "round"),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Returns whether a turn failed.
pub(crate) fn has_failed(end: &End) -> bool {
    end.is_error == Some(true) || end.error.as_deref().is_some_and(|error| !error.is_empty())
}

/// Shown after a message whose turn has no end.
pub(crate) const INCOMPLETE: &str = "This message is incomplete: the end of its turn is missing.";

#[cfg(test)]
mod tests {
    use chat_sessions::model::Place;

    use super::{clock, times};

    #[test]
    fn times_are_minutes_and_seconds() {
        for (seconds, expected) in [
            (0.0, "0:00"),
            (83.0, "1:23"),
            (83.25, "1:23.25"),
            (0.0004, "0:00"),
            (59.9996, "1:00"),
            (3_683.0, "1:01:23"),
            (360_000.0, "100:00:00"),
            (-1.5, "-1.5 s"),
            (1e12, "1000000000000 s"),
            (f64::NAN, "NaN s"),
        ] {
            assert_eq!(clock(seconds), expected, "{seconds}");
        }
        let place = |start, end| {
            let mut place = Place::default();
            (place.start_seconds, place.end_seconds) = (start, end);
            times(&place)
        };
        assert_eq!(place(Some(83.0), Some(100.0)).as_deref(), Some("1:23–1:40"));
        assert_eq!(place(Some(83.0), Some(83.0)).as_deref(), Some("1:23"));
        assert_eq!(place(Some(83.0), None).as_deref(), Some("1:23"));
        assert_eq!(place(None, Some(83.0)).as_deref(), Some("until 1:23"));
        assert_eq!(place(None, None), None);
    }
}
