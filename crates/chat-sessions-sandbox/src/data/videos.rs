//! Memories.ai sessions: chats about videos, listed newest first.

use std::collections::VecDeque;

use crate::data::{
    day::Day,
    history,
    prompts::{Topic, prompt},
    rng::SplitMix64,
    session_lists::Session,
    time::snowflake,
};

/// A chat about videos. Its id contains the creation time, so a list is sorted by descending id.
#[derive(Clone, Debug)]
pub(crate) struct VideoSession {
    pub(crate) id: u64,
    pub(crate) title: String,
}

impl Session for VideoSession {
    fn seed(mut rng: SplitMix64, day: Day, count: usize) -> VecDeque<Self> {
        let times = history::times(&mut rng, day, count);
        let ids = times
            .into_iter()
            .map(|time| snowflake(time, rng.next_u64()))
            .collect::<Vec<_>>();
        let numbered = ids.into_iter().enumerate();
        numbered
            .map(|(index, id)| Self {
                id,
                title: prompt(&mut rng, Topic::Video, index),
            })
            .collect()
    }

    fn create(title: &str, now_micros: i64, rng: &mut SplitMix64) -> Self {
        Self {
            id: snowflake(now_micros, rng.next_u64()),
            title: title.to_owned(),
        }
    }

    fn position(list: &VecDeque<Self>, id: &str) -> Option<usize> {
        let id = id.parse::<u64>().ok()?;
        list.binary_search_by(|session| id.cmp(&session.id)).ok()
    }

    /// The session keeps its position, because Memories.ai sorts by creation.
    fn retitle(list: &mut VecDeque<Self>, index: usize, title: &str, _now_micros: i64) {
        if let Some(session) = list.get_mut(index) {
            title.clone_into(&mut session.title);
        }
    }

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn title(&self) -> Option<&str> {
        Some(&self.title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seeded(count: usize) -> VecDeque<VideoSession> {
        let list = VideoSession::seed(SplitMix64::new(7), Day::default(), count);
        assert!(list.iter().all(|session| session.id.to_string().len() == 18));
        assert!(list.iter().is_sorted_by(|one, next| one.id > next.id));
        list
    }

    #[test]
    fn ids_have_18_digits_descend_and_mostly_exceed_the_precision_of_a_float() {
        let list = seeded(137);
        let exact = list.iter().filter(|session| session.id == session.id as f64 as u64);
        let exact = exact.count();
        assert!(exact * 10 < list.len(), "{exact} ids survive a conversion to a float");
    }

    #[test]
    fn ids_of_a_long_list_have_18_digits_too() {
        seeded(200_000);
    }
}
