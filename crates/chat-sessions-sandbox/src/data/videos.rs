//! Memories.ai sessions: chats about videos, listed newest first.

use std::collections::VecDeque;

use crate::{
    conversation::Conversation,
    data::{
        day::Day,
        history,
        prompts::{Topic, prompt},
        rng::SplitMix64,
        session_lists::Session,
        time::snowflake,
    },
};

/// A chat about videos. Its id contains the creation time, so a list is sorted by descending id.
#[derive(Clone, Debug)]
pub(crate) struct VideoSession {
    pub(crate) id: u64,
    pub(crate) title: String,
    pub(crate) kind: Conversation,
    /// The questions of the turns that were added while the sandbox ran.
    pub(crate) added_questions: Vec<String>,
}

impl VideoSession {
    /// The id of the session's video. Video ids are snowflakes too, after two letters. The sandbox
    /// has no videos, so it uses the session's id.
    pub(crate) fn video_no(&self) -> String {
        format!("VI{}", self.id)
    }
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
                kind: Conversation::of_videos(index),
                added_questions: Vec::new(),
            })
            .collect()
    }

    fn create(title: &str, now_micros: i64, rng: &mut SplitMix64) -> Self {
        Self {
            id: snowflake(now_micros, rng.next_u64()),
            title: title.to_owned(),
            kind: Conversation::OneTurn,
            added_questions: Vec::new(),
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

    /// The session keeps its position, because Memories.ai sorts by creation.
    fn add_turn(list: &mut VecDeque<Self>, index: usize, question: &str, _now_micros: i64) {
        if let Some(session) = list.get_mut(index) {
            session.added_questions.push(question.to_owned());
        }
    }

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn title(&self) -> Option<String> {
        Some(self.title.clone())
    }

    fn kind(&self) -> Conversation {
        self.kind
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

    /// A list of a million sessions must not hold a million conversations.
    #[test]
    fn a_session_is_small_and_its_conversation_is_not_part_of_it() {
        assert!(size_of::<VideoSession>() <= 64);
        assert!(
            seeded(137)
                .iter()
                .all(|session| session.added_questions.capacity() == 0)
        );
    }

    #[test]
    fn ids_of_a_long_list_have_18_digits_too() {
        seeded(200_000);
    }
}
