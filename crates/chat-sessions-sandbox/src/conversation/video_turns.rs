//! Generates the messages of a Memories.ai session from its id, its title and its kind.

use serde_json::Number;

use crate::{
    conversation::{
        Conversation,
        passages::{self, Style},
        questions::{FIRST_ADDED_TURN, MANY_TURNS, follow_up, turn_numbers},
        video_messages::{Message, ReferenceItem, Thinking, Video, VideoReferences},
    },
    data::{rng::SplitMix64, videos::VideoSession},
};

/// Returns all messages of a session, oldest first. The first is the title.
pub(crate) fn messages(session: &VideoSession) -> Vec<Message> {
    let mut messages = Vec::new();
    let id = session.id.to_string();
    for turn in 0..turn_count(session, &id) {
        let mut rng = turn_numbers(&id, turn);
        let question = if turn == 0 {
            session.title.clone()
        } else {
            question(&mut rng, session.kind)
        };
        messages.push(user(session.kind, question));
        if session.kind != Conversation::Unanswered {
            messages.push(assistant(&mut rng, session, turn));
        }
    }
    for (number, question) in session.added_questions.iter().enumerate() {
        let turn = FIRST_ADDED_TURN + number;
        messages.push(user(session.kind, question.clone()));
        messages.push(assistant(&mut turn_numbers(&id, turn), session, turn));
    }
    messages
}

fn turn_count(session: &VideoSession, id: &str) -> usize {
    match session.kind {
        Conversation::Empty => 0,
        Conversation::OneTurn | Conversation::Unanswered => 1,
        Conversation::LongText => 2,
        Conversation::ManyTurns => MANY_TURNS,
        _ => turn_numbers(id, usize::MAX).between(2, 6) as usize,
    }
}

fn question(rng: &mut SplitMix64, kind: Conversation) -> String {
    let question = follow_up(rng);
    match passages::special(kind) {
        Some(passage) => format!("{question}\n{passage}"),
        None => question,
    }
}

fn user(kind: Conversation, content: String) -> Message {
    Message {
        role: if kind == Conversation::UpperCaseRoles {
            "USER"
        } else {
            "user"
        },
        content,
        thinkings: None,
        refs: None,
    }
}

fn assistant(rng: &mut SplitMix64, session: &VideoSession, turn: usize) -> Message {
    let kind = session.kind;
    let content = match kind {
        Conversation::ManyTurns => passages::short_answer(rng, Style::Video),
        Conversation::LongText if turn == 1 => passages::long_text(rng, Style::Video),
        _ => passages::answer(rng, Style::Video),
    };
    let content = match passages::special(kind) {
        Some(passage) => format!("{content}\n\n{passage}"),
        None => content,
    };
    let thinkings = (0..rng.between(0, 3)).map(|_| thinking(rng, kind)).collect::<Vec<_>>();
    let mut thinkings = Some(thinkings).filter(|steps| !steps.is_empty() || rng.ratio(1, 2));
    let refs = match kind {
        Conversation::References => Some(every_reference(rng, session)),
        Conversation::ThinkingReferences => {
            let refs = vec![references(rng, session)];
            let step = Thinking {
                refs: Some(refs),
                ..thinking(rng, kind)
            };
            thinkings.get_or_insert_default().insert(0, step);
            None
        }
        _ => rng.ratio(1, 2).then(|| vec![references(rng, session)]),
    };
    Message {
        role: if kind == Conversation::UpperCaseRoles {
            "ASSISTANT"
        } else {
            "assistant"
        },
        content,
        thinkings,
        refs,
    }
}

fn thinking(rng: &mut SplitMix64, kind: Conversation) -> Thinking {
    let (title, content) = (passages::step(rng), passages::thought(rng));
    match passages::special(kind) {
        Some(passage) => Thinking {
            // The whole passage, since a client may print a title with less care than a text.
            title: format!("{title} {passage}"),
            content: format!("{content}\n{passage}"),
            refs: None,
        },
        None => Thinking {
            title,
            content,
            refs: None,
        },
    }
}

/// The video of a session. The list's table spelling names the same one.
fn video(rng: &mut SplitMix64, session: &VideoSession) -> Video {
    Video {
        duration: rng.between(10, 5400).to_string(),
        video_no: session.video_no(),
        video_name: format!("{}.mp4", rng.choose(VIDEO_NAMES)),
    }
}

const VIDEO_NAMES: &[&str] = &[
    "keynote_final_v3",
    "IMG_4821",
    "Aufnahme vom Montag",
    "gate-4 2025-11-02 07.30",
    "運動会",
    "harbour, take 2",
];

const SPOKEN: &[&str] = &[
    "and that is why we ship on Friday",
    "a red jacket, second row",
    "Logo of the sponsor",
    "もう一度お願いします",
];

fn references(rng: &mut SplitMix64, session: &VideoSession) -> VideoReferences {
    let video = video(rng, session);
    let count = rng.between(1, 4);
    let items = (0..count).map(|_| {
        let kind = ["keyframe", "visual_ts", "audio_ts"][rng.below(3) as usize];
        item(rng, &video, kind)
    });
    VideoReferences {
        items: items.collect(),
        video: video.clone(),
    }
}

/// References of every documented type, one that no document names, and a video without items.
fn every_reference(rng: &mut SplitMix64, session: &VideoSession) -> Vec<VideoReferences> {
    let first = video(rng, session);
    let kinds = ["keyframe", "visual_ts", "audio_ts", "ocr_ts"];
    let items = kinds.map(|kind| item(rng, &first, kind)).to_vec();
    let second = Video {
        duration: "0".to_owned(),
        video_no: format!("VI{}", session.id ^ (1 << 30)),
        video_name: String::new(),
    };
    vec![
        VideoReferences { video: first, items },
        VideoReferences {
            video: second,
            items: Vec::new(),
        },
    ]
}

/// A keyframe is a single moment. The table says that times are integers; the spec also allows
/// fractions, so that some have one.
fn item(rng: &mut SplitMix64, video: &Video, kind: &'static str) -> ReferenceItem {
    let start = rng.below(3600);
    let length = rng.between(1, 30);
    let number = |seconds: u64, fraction: bool| match Number::from_f64(seconds as f64 + 0.25) {
        Some(number) if fraction => number,
        _ => Number::from(seconds),
    };
    let fraction = rng.ratio(1, 5);
    let is_frame = kind == "keyframe";
    ReferenceItem {
        video_no: video.video_no.clone(),
        start: number(start, fraction),
        end: (!is_frame).then(|| number(start + length, fraction)),
        kind,
        text: (!is_frame && rng.ratio(3, 4)).then(|| rng.choose(SPOKEN).to_owned()),
    }
}
