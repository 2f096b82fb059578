//! How long the requests for many sessions take, as far as the rates of the providers tell.

use std::time::Duration;

use chat_sessions::Session;

use crate::output::text::count;
use crate::provider::ProviderName;

/// A shorter time is not worth a word.
const WORTH_SAYING: Duration = Duration::from_secs(10);

/// Returns the least time to fetch these sessions. The providers are asked at the same time.
pub(crate) fn estimate<'a>(sessions: impl IntoIterator<Item = &'a Session>) -> Option<Duration> {
    let providers: Vec<&str> = sessions
        .into_iter()
        .map(|session| session.id.provider().as_str())
        .collect();
    let of_provider = |name: ProviderName| {
        let per_second = name.info().transcripts_per_second?;
        let number = providers.iter().filter(|provider| **provider == name.as_str()).count();
        Some(Duration::from_secs(u64::try_from(number).ok()?) / per_second)
    };
    let longest = ProviderName::ALL.into_iter().filter_map(of_provider).max();
    longest.filter(|longest| *longest >= WORTH_SAYING)
}

/// Returns a time to one unit, such as `about 2 minutes`.
pub(crate) fn about(time: Duration) -> String {
    let seconds = time.as_secs();
    let rounded = |unit: u64| (seconds + unit / 2) / unit;
    match seconds {
        0..90 => format!("about {}", count(seconds, "second")),
        90..5400 => format!("about {}", count(rounded(60), "minute")),
        _ => format!("about {}", count(rounded(3600), "hour")),
    }
}

#[cfg(test)]
mod tests {
    use chat_sessions::{Provider, SessionId};

    use super::*;

    #[test]
    fn the_slowest_provider_decides() {
        let sessions = |provider: Provider, number: usize| {
            (0..number).map(move |id| Session::new(SessionId::new(provider.clone(), id.to_string())))
        };
        let fast: Vec<_> = sessions(Provider::LLAMA_CLOUD, 5000).collect();
        let few: Vec<_> = sessions(Provider::MEMORIES_AI, 9).collect();
        let many: Vec<_> = sessions(Provider::MEMORIES_AI, 137).collect();
        assert_eq!(estimate(fast.iter().chain(&few)), None);
        assert_eq!(estimate(fast.iter().chain(&many)), Some(Duration::from_secs(137)));
    }

    #[test]
    fn a_time_is_rounded_to_one_unit() {
        for (seconds, expected) in [
            (1, "about 1 second"),
            (89, "about 89 seconds"),
            (90, "about 2 minutes"),
            (137, "about 2 minutes"),
            (5399, "about 90 minutes"),
            (7200, "about 2 hours"),
        ] {
            assert_eq!(about(Duration::from_secs(seconds)), expected);
        }
    }
}
