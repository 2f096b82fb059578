//! The first messages of the seeded sessions: questions that people ask about videos and documents.
//!
//! They are believable, and some of them are deliberately hard to print. They are independent of
//! both providers' formats.

use crate::data::rng::SplitMix64;

/// Questions about videos. A subject replaces `{}`.
const VIDEO_QUESTIONS: &[&str] = &[
    "Find the highlights of {} and give timestamps",
    "Summarize {} in five bullet points",
    "Who speaks first in {}?",
    "List every product shown in {} with the second it appears",
    "What is the mood at the end of {}?",
    "Identify common objects across {}.",
    "Write chapter titles for {}",
    "Is anyone wearing a helmet in {}?",
    "Translate what is said in {} into Spanish",
    "Which scenes of {} would work as a 30-second teaser?",
    "Count the people in {}",
    "At what time does the crowd cheer in {}?",
    "Describe the lighting in {} for our colorist",
    "Compare {} with last week's recording",
    "Did the presenter mention pricing in {}?",
    "Transcribe the on-screen text in {}",
    "What happens right after the whistle in {}?",
    "Suggest a thumbnail from {}",
];

/// Videos to ask about.
const VIDEO_SUBJECTS: &[&str] = &[
    "this video",
    "the keynote",
    "all videos",
    "the second half of the derby",
    "the drone footage of the harbour",
    "the onboarding webinar",
    "Monday's stand-up recording",
    "the unboxing clip",
    "the warehouse camera at gate 4",
    "my marathon finish",
    "the cooking class, part 2",
    "the wedding speech",
    "the product demo from March",
    "the interview with the coach",
    "the time-lapse of the bridge",
    "the customer call of 14 April",
    "the dance rehearsal",
    "the dashcam recording",
];

/// Questions about documents. A subject replaces `{}`.
const DOCUMENT_QUESTIONS: &[&str] = &[
    "What were the main findings in {}?",
    "Summarize the risk factors in {} for the board",
    "Which clauses of {} mention termination for convenience, and what notice do they ask for?",
    "How did gross margin change according to {}, and which reasons does management give?",
    "List all deadlines in {} as a table",
    "Who signed {}?",
    "Compare the revenue guidance in {} with the year before",
    "Does {} say anything about data retention?",
    "Extract every amount above 10,000 EUR from {}",
    "Explain section 4 of {} in plain words",
    "What does {} recommend as next steps?",
    "Find contradictions between {} and our travel policy",
    "Which suppliers are named in {}?",
    "What is the sample size of the study in {}, and how were the participants recruited?",
    "Draft a reply to {}",
    "Give me the three most important charts of {}",
];

/// Documents to ask about.
const DOCUMENT_SUBJECTS: &[&str] = &[
    "Q3",
    "the 2025 annual report",
    "the master services agreement with Northwind",
    "the lease for the Lisbon office",
    "the audit report",
    "the clinical trial protocol",
    "the last board deck",
    "the tender documents",
    "the employee handbook",
    "the insurance policy",
    "the March invoice batch",
    "the sustainability report",
    "the patent application",
    "the building survey",
    "the grant proposal",
    "the supplier questionnaire",
];

/// Messages that break careless tables, CSV files and terminals. The first is a title in the
/// Memories.ai document.
const AWKWARD: &[&str] = &[
    "111",
    "Compare goals, assists, and saves",
    "What does she mean by \"we ship on Friday\"?",
    "Answer in two parts:\n1. what happened\n2. why it matters",
    "🎬 Cut a trailer, please 🙏",
    "この動画の要点を三つにまとめてください",
    "=SUM(A1:A9) is on the slide, what is it for?",
    "请比较第二季度和第三季度的收入变化",
    "Does \"Annex B\" apply, or, as page 3 says, only \"Annex C\"?",
    "Who is the person in the red jacket? 👩🏽‍🚒",
    "Résumé de la réunion, s’il vous plaît",
    "  why is there no sound at the start\tof the clip  ",
    "+49 30 is dialled at 02:13, whose number is it?",
    "ما هي النقاط الرئيسية؟",
    "'quoted', \"double quoted\", and; separated",
    "한국어 자막을 만들어 주세요",
];

/// Every ninth message is awkward, so that even a single page has some.
const AWKWARD_EVERY: usize = 9;

/// What a session is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Topic {
    /// Videos.
    Video,
    /// Documents.
    Document,
}

/// Returns the first message of the session at `index` of its list.
pub(crate) fn prompt(rng: &mut SplitMix64, topic: Topic, index: usize) -> String {
    let (questions, subjects) = match topic {
        Topic::Video => (VIDEO_QUESTIONS, VIDEO_SUBJECTS),
        Topic::Document => (DOCUMENT_QUESTIONS, DOCUMENT_SUBJECTS),
    };
    let ordinary = rng.choose(questions).replace("{}", rng.choose(subjects));
    if index % AWKWARD_EVERY == AWKWARD_EVERY - 1 {
        AWKWARD[index / AWKWARD_EVERY % AWKWARD.len()].to_owned()
    } else {
        ordinary
    }
}

/// How many characters of the first message LlamaCloud uses as a title. The document shows only
/// that the title is shortened and ends with three dots.
const GENERATED_TITLE_CHARACTERS: usize = 60;

/// Returns the title that LlamaCloud generates from a first message: its beginning, and three dots
/// if it is longer.
pub(crate) fn generated_title(prompt: &str) -> String {
    match prompt.char_indices().nth(GENERATED_TITLE_CHARACTERS) {
        Some((end, _)) => format!("{}...", prompt[..end].trim_end()),
        None => prompt.to_owned(),
    }
}
