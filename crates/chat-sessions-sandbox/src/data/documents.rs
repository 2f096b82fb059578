//! LlamaCloud sessions: chats about documents, listed by their last update, newest first.

use std::collections::VecDeque;

use crate::{
    conversation::{
        Conversation,
        questions::{FIRST_ADDED_TURN, turn_numbers},
    },
    data::{
        day::Day,
        history,
        prompts::{Topic, generated_title, prompt},
        rng::SplitMix64,
        session_lists::Session,
    },
};

/// A chat about documents.
#[derive(Clone, Debug)]
pub(crate) struct DocumentSession {
    pub(crate) id: String,
    pub(crate) updated_micros: i64,
    /// The first message of the user. The title is its beginning.
    pub(crate) first_message: Option<String>,
    pub(crate) index_ids: Option<Vec<String>>,
    /// The most recent run when the session was created.
    pub(crate) seeded_run: Option<Run>,
    /// Whether people with the link can only read the session (`read_only`) or also ask questions
    /// (`query`).
    pub(crate) read_only: bool,
    pub(crate) kind: Conversation,
    /// The questions of the turns that were added while the sandbox ran.
    pub(crate) added_questions: Vec<String>,
}

impl DocumentSession {
    /// The run of a turn that was added while the sandbox ran, counted from 0.
    pub(crate) fn added_run(&self, number: usize) -> Run {
        seeded_run(&mut turn_numbers(&self.id, FIRST_ADDED_TURN + number))
    }

    /// The most recent run, if there was one.
    pub(crate) fn most_recent_run(&self) -> Option<Run> {
        match self.added_questions.len().checked_sub(1) {
            Some(number) => Some(self.added_run(number)),
            None => self.seeded_run.clone(),
        }
    }
}

/// A run of a session.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) duration_ms: f64,
    pub(crate) error: Option<&'static str>,
    pub(crate) export_config_ids: Option<Vec<String>>,
    pub(crate) tokens: Option<TokenUsage>,
    pub(crate) turns: u64,
}

/// How many language model tokens a run used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenUsage {
    pub(crate) input: u64,
    pub(crate) output: u64,
}

impl Session for DocumentSession {
    fn seed(mut rng: SplitMix64, day: Day, count: usize) -> VecDeque<Self> {
        let times = history::times(&mut rng, day, count).into_iter().enumerate();
        times
            .map(|(index, updated_micros)| seeded_session(&mut rng, index, updated_micros))
            .collect()
    }

    fn create(title: &str, now_micros: i64, rng: &mut SplitMix64) -> Self {
        Self {
            id: session_id(rng),
            updated_micros: now_micros,
            first_message: Some(title.to_owned()),
            index_ids: None,
            seeded_run: None,
            read_only: false,
            kind: Conversation::Unanswered,
            added_questions: Vec::new(),
        }
    }

    fn position(list: &VecDeque<Self>, id: &str) -> Option<usize> {
        list.iter().position(|session| session.id == id)
    }

    /// The session moves to the front, because a new title is an update.
    fn retitle(list: &mut VecDeque<Self>, index: usize, title: &str, now_micros: i64) {
        if let Some(mut session) = list.remove(index) {
            session.first_message = Some(title.to_owned());
            // A session that was never used now has a first message, and no run that answers it.
            if session.kind == Conversation::Empty && session.added_questions.is_empty() {
                session.kind = Conversation::Unanswered;
            }
            session.updated_micros = now_micros;
            list.push_front(session);
        }
    }

    /// The session moves to the front, and its most recent run is that of the new turn. In a
    /// session that was never used, the question is the first message.
    fn add_turn(list: &mut VecDeque<Self>, index: usize, question: &str, now_micros: i64) {
        if let Some(mut session) = list.remove(index) {
            session.first_message.get_or_insert_with(|| question.to_owned());
            session.added_questions.push(question.to_owned());
            session.updated_micros = now_micros;
            list.push_front(session);
        }
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn title(&self) -> Option<String> {
        self.first_message.as_deref().map(generated_title)
    }

    fn kind(&self) -> Conversation {
        self.kind
    }
}

fn session_id(rng: &mut SplitMix64) -> String {
    format!("ses-{}", rng.alphanumeric(12))
}

/// Every fourth session was opened and never used: it has neither a title nor a run.
///
/// Unused sessions draw the same random numbers as the others, so that each field has a fixed place
/// in the stream.
fn seeded_session(rng: &mut SplitMix64, index: usize, updated_micros: i64) -> DocumentSession {
    let unused = index % 4 == 2;
    let id = session_id(rng);
    let first_message = prompt(rng, Topic::Document, index);
    let index_ids = rng.ratio(2, 3).then(|| {
        // Most sessions use up to three indexes; ten is the documented maximum.
        let count = if rng.ratio(1, 20) { 10 } else { rng.between(1, 3) };
        (0..count).map(|_| format!("idx-{}", rng.alphanumeric(8))).collect()
    });
    let run = seeded_run(rng);
    DocumentSession {
        id,
        updated_micros,
        first_message: (!unused).then_some(first_message),
        index_ids,
        seeded_run: (!unused).then_some(run),
        read_only: rng.ratio(1, 3),
        kind: if unused {
            Conversation::Empty
        } else {
            Conversation::of_documents(index)
        },
        added_questions: Vec::new(),
    }
}

/// Error messages of failed runs.
const RUN_ERRORS: &[&str] = &[
    "Index is not ready",
    "The model did not answer in time",
    "Maximum number of turns reached",
    "Credits exhausted for this billing period",
];

fn seeded_run(rng: &mut SplitMix64) -> Run {
    let failed = rng.ratio(1, 15);
    let error = rng.choose(RUN_ERRORS);
    let tokens = TokenUsage {
        input: rng.between(800, 60_000),
        output: rng.between(40, 2500),
    };
    Run {
        // Hundredths of a millisecond: the provider's type is a fraction, and a client that reads
        // an integer fails.
        duration_ms: rng.between(90_000, 4_500_000) as f64 / 100.0,
        error: failed.then_some(error),
        export_config_ids: rng.ratio(1, 6).then(|| vec![format!("exp-{}", rng.alphanumeric(8))]),
        tokens: (!failed).then_some(tokens),
        turns: rng.between(1, 9),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_seeded_list_is_sorted_by_update_and_a_quarter_of_it_is_unused() {
        let list = DocumentSession::seed(SplitMix64::new(1), Day::default(), 112);
        let unused = list
            .iter()
            .filter(|session| session.title().is_none() && session.most_recent_run().is_none());
        assert_eq!(unused.count(), 28);
        assert!(
            list.iter()
                .is_sorted_by(|one, next| one.updated_micros > next.updated_micros)
        );
        let ids = list.iter().map(|session| &session.id).collect::<BTreeSet<_>>();
        assert_eq!(ids.len(), 112);
    }
}
