//! Generates the events of a LlamaCloud session from its id, its first message and its kind.

use serde_json::json;

use crate::{
    conversation::{
        Conversation,
        document_events::{Event, Stop, Usage},
        document_tools,
        passages::{self, Style},
        questions::{FIRST_ADDED_TURN, MANY_TURNS, follow_up, turn_numbers},
    },
    data::{
        documents::{DocumentSession, Run},
        rng::SplitMix64,
    },
};

/// Returns all events of a session, oldest first. The first is the user's first message, and the
/// last one agrees with the session's most recent run.
pub(crate) fn events(session: &DocumentSession) -> Vec<Event> {
    let mut events = Vec::new();
    let turns = turn_count(session);
    for turn in 0..turns {
        let mut rng = turn_numbers(&session.id, turn);
        let content = match &session.first_message {
            Some(first_message) if turn == 0 => first_message.clone(),
            _ => question(&mut rng, session.kind),
        };
        events.push(Event::UserInput { content });
        if session.kind != Conversation::Unanswered {
            let is_last = turn + 1 == turns;
            let run = session.seeded_run.as_ref().filter(|_| is_last);
            Turn { session, turn, is_last }.answer(&mut events, &mut rng, run);
        }
    }
    for (number, question) in session.added_questions.iter().enumerate() {
        let turn = FIRST_ADDED_TURN + number;
        let run = session.added_run(number);
        events.push(Event::UserInput {
            content: question.clone(),
        });
        let is_last = false;
        Turn { session, turn, is_last }.answer(&mut events, &mut turn_numbers(&session.id, turn), Some(&run));
    }
    events
}

fn turn_count(session: &DocumentSession) -> usize {
    match session.kind {
        Conversation::Empty => 0,
        Conversation::OneTurn | Conversation::Unanswered => 1,
        Conversation::LongText => 2,
        Conversation::ManyTurns => MANY_TURNS,
        _ => turn_numbers(&session.id, usize::MAX).between(2, 6) as usize,
    }
}

fn question(rng: &mut SplitMix64, kind: Conversation) -> String {
    let question = follow_up(rng);
    match passages::special(kind) {
        Some(passage) => format!("{question}\n{passage}"),
        None => question,
    }
}

/// How a text is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Storage {
    Whole,
    FragmentsAndWhole,
    Fragments,
}

/// One answer of the model.
struct Turn<'a> {
    session: &'a DocumentSession,
    turn: usize,
    /// Whether it is the last turn of the seeded conversation.
    is_last: bool,
}

impl Turn<'_> {
    fn answer(&self, events: &mut Vec<Event>, rng: &mut SplitMix64, run: Option<&Run>) {
        let kind = self.session.kind;
        let storage = match kind {
            Conversation::DeltasAndText => Storage::FragmentsAndWhole,
            Conversation::DeltasOnly => Storage::Fragments,
            Conversation::LongText | Conversation::ManyTurns => Storage::Whole,
            _ if rng.ratio(1, 4) => Storage::FragmentsAndWhole,
            _ => Storage::Whole,
        };
        let special = passages::special(kind);
        if rng.ratio(2, 3) || storage == Storage::Fragments || special.is_some() {
            let thought = passages::thought(rng);
            let thought = special.map_or_else(|| thought.clone(), |passage| format!("{thought}\n{passage}"));
            store(events, rng, storage, &thought, |content, whole| match whole {
                true => Event::Thinking { content },
                false => Event::ThinkingDelta { content },
            });
        }
        if kind != Conversation::ManyTurns || self.turn.is_multiple_of(10) {
            document_tools::add_calls(events, rng, self.session, self.turn, special);
        }
        match kind {
            Conversation::UnknownEvents => events.extend(unknown_events(rng)),
            Conversation::UntypedEvents => events.extend(untyped_events(rng)),
            _ => {}
        }
        let text = match kind {
            Conversation::ManyTurns => passages::short_answer(rng, Style::Document),
            Conversation::LongText if self.turn == 1 => passages::long_text(rng, Style::Document),
            _ => passages::answer(rng, Style::Document),
        };
        let text = special.map_or_else(|| text.clone(), |passage| format!("{text}\n\n{passage}"));
        let fails = kind == Conversation::FailedTurn && self.turn == 0;
        // A turn that fails has written only a part of its text.
        let storage = if fails { Storage::Fragments } else { storage };
        store(events, rng, storage, &text, |content, whole| match whole {
            true => Event::Text { content },
            false => Event::TextDelta { content },
        });
        let stop = self.stop(rng, run, fails);
        if !(self.is_last && kind == Conversation::NoStop) {
            events.push(Event::Stop(stop));
        }
    }

    fn stop(&self, rng: &mut SplitMix64, run: Option<&Run>, fails: bool) -> Stop {
        let usage = Usage {
            duration_ms: Some(rng.between(90_000, 4_500_000) as f64 / 100.0),
            total_input_tokens: Some(rng.between(800, 60_000)),
            total_output_tokens: Some(rng.between(40, 2500)),
            turns: Some(rng.between(1, 9)),
        };
        let skipped_index_ids = self.skipped_indexes(rng);
        match run {
            Some(run) => Stop {
                is_error: run.error.is_some(),
                error: run.error.map(str::to_owned),
                usage: Usage {
                    duration_ms: Some(run.duration_ms),
                    total_input_tokens: run.tokens.map(|tokens| tokens.input),
                    total_output_tokens: run.tokens.map(|tokens| tokens.output),
                    turns: Some(run.turns),
                },
                skipped_index_ids,
            },
            None if fails => Stop {
                is_error: true,
                error: Some("The model did not answer in time".to_owned()),
                usage: Usage {
                    total_input_tokens: None,
                    total_output_tokens: None,
                    ..usage
                },
                skipped_index_ids,
            },
            None => Stop {
                is_error: false,
                error: None,
                usage,
                skipped_index_ids,
            },
        }
    }

    fn skipped_indexes(&self, rng: &mut SplitMix64) -> Option<Option<Vec<String>>> {
        let indexes = document_tools::indexes(self.session);
        match (self.session.kind, self.turn % 3) {
            (Conversation::SkippedIndexes, 0) => Some(Some(indexes[..1].to_vec())),
            (Conversation::SkippedIndexes, 1) => Some(Some(indexes)),
            (Conversation::SkippedIndexes, _) => Some(Some(Vec::new())),
            _ => rng.ratio(1, 2).then_some(None),
        }
    }
}

/// Adds a text as fragments, as a whole, or as both.
fn store(
    events: &mut Vec<Event>,
    rng: &mut SplitMix64,
    storage: Storage,
    text: &str,
    event: impl Fn(String, bool) -> Event,
) {
    if storage != Storage::Whole {
        let fragments = passages::fragments(rng, text).into_iter();
        events.extend(fragments.map(|fragment| event(fragment, false)));
    }
    if storage != Storage::Fragments {
        events.push(event(text.to_owned(), true));
    }
}

/// Events of types that no document names: with fields of a known type, with nested fields, and
/// with a type that only looks like a known one.
fn unknown_events(rng: &mut SplitMix64) -> Vec<Event> {
    let page = rng.between(1, 300);
    let unknown = [
        json!({ "type": "citation", "content": "Page 12 says so.", "source": { "page": page, "file_id": null } }),
        json!({ "type": "brand_new", "list": [1, [], {}], "is_error": false }),
        json!({ "type": "Text", "content": "A type in capitals is not a known one." }),
        json!({ "type": "", "content": "" }),
    ];
    unknown.map(Event::Other).to_vec()
}

/// Events without a type, whose other fields fit one type, several types, or none; and a type that
/// is null.
fn untyped_events(rng: &mut SplitMix64) -> Vec<Event> {
    let call_id = document_tools::call_id(rng);
    let usage = json!({ "duration_ms": 12.5, "total_input_tokens": 7, "total_output_tokens": null, "turns": 1 });
    let untyped = [
        json!({ "call_id": call_id, "name": "retrieve", "arguments": { "query": "untyped" } }),
        json!({ "call_id": call_id, "name": "retrieve", "result": ["untyped"] }),
        json!({ "content": "This fits five types." }),
        json!({ "type": null, "content": "Its type is null." }),
        json!({ "note": "This fits no type." }),
        json!({ "is_error": false, "error": null, "usage": usage }),
    ];
    untyped.map(Event::Other).to_vec()
}
