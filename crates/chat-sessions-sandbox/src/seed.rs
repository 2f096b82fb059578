//! The data that a fresh sandbox holds, grown from one number.
//!
//! It is responsible for being believable and for being the same for the same seed and sizes. It does not know how the
//! sessions are answered or changed later.

use std::collections::VecDeque;

use crate::{
    DEFAULT_PROJECT_ID, OTHER_PROJECT_ID,
    clock::{REFERENCE_MICROS, snowflake},
    model::{DocumentSession, Model, Run, VideoSession},
    rng::SplitMix64,
    titles::{Topic, generated, prompt},
};

/// How many sessions the default scopes hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) memories_ai: usize,
    pub(crate) llama_cloud: usize,
}

/// Further scopes of Memories.ai, with how many sessions each holds. Two differ only in case, because scopes do.
const FURTHER_UNIQUE_IDS: [(&str, usize); 2] = [("demo-team", 23), ("Demo-Team", 5)];

/// How many sessions the second LlamaCloud project holds.
const OTHER_PROJECT_SESSIONS: usize = 31;

/// Session lists go back at most this far, so that even ten million sessions have ids of 18 digits.
const LONGEST_HISTORY_MICROS: u64 = 600 * 24 * 3600 * 1_000_000;

/// What the gaps between sessions come to on average, when nothing squeezes them: about ten hours.
const USUAL_GAP_MICROS: u64 = 10 * 3600 * 1_000_000;

/// Everything a fresh sandbox holds.
pub(crate) fn model(seed: u64, sizes: Sizes) -> Model {
    let mut rng = SplitMix64::new(seed);
    // Each list has a stream of its own, so that a different size of one list does not change the ids of the others.
    let mut stream = || SplitMix64::new(rng.bits());
    let (default_videos, default_documents) = (
        videos(stream(), sizes.memories_ai),
        documents(stream(), sizes.llama_cloud),
    );
    let other_documents = documents(stream(), OTHER_PROJECT_SESSIONS);
    let further_videos = FURTHER_UNIQUE_IDS.map(|(unique_id, count)| (unique_id.to_owned(), videos(stream(), count)));

    let mut model = Model::empty(stream());
    model.videos.insert(crate::DEFAULT_UNIQUE_ID.to_owned(), default_videos);
    model.videos.extend(further_videos);
    model.documents.insert(DEFAULT_PROJECT_ID.to_owned(), default_documents);
    model.documents.insert(OTHER_PROJECT_ID.to_owned(), other_documents);
    model
}

/// The moments at which a list of `count` sessions came about, newest first and all different by a millisecond or more.
fn moments(rng: &mut SplitMix64, count: usize) -> Vec<i64> {
    let squeeze = (count as u64)
        .saturating_mul(USUAL_GAP_MICROS)
        .div_ceil(LONGEST_HISTORY_MICROS)
        .max(1);
    let mut moment = REFERENCE_MICROS;
    (0..count)
        .map(|_| {
            let here = moment;
            // People ask several questions in a row, come back in the afternoon, and then have other things to do.
            let seconds = match rng.below(10) {
                0..=5 => rng.between(40, 2400),
                6..=8 => rng.between(3600, 12 * 3600),
                _ => rng.between(24 * 3600, 6 * 24 * 3600),
            };
            let gap = (seconds * 1_000_000 + rng.below(1_000_000)) / squeeze;
            moment -= gap.max(1000) as i64;
            here
        })
        .collect()
}

fn videos(mut rng: SplitMix64, count: usize) -> VecDeque<VideoSession> {
    let moments = moments(&mut rng, count);
    let ids = moments
        .into_iter()
        .map(|moment| snowflake(moment, rng.bits()))
        .collect::<Vec<_>>();
    let titled = ids.into_iter().enumerate();
    titled
        .map(|(index, id)| VideoSession {
            id,
            title: prompt(&mut rng, Topic::Video, index),
        })
        .collect()
}

fn documents(mut rng: SplitMix64, count: usize) -> VecDeque<DocumentSession> {
    let moments = moments(&mut rng, count);
    let mut documents = VecDeque::with_capacity(count);
    for (index, updated_micros) in moments.into_iter().enumerate() {
        documents.push_back(document(&mut rng, index, updated_micros));
    }
    documents
}

/// A quarter of the sessions were opened and never used: they have neither a title nor a run.
fn document(rng: &mut SplitMix64, index: usize, updated_micros: i64) -> DocumentSession {
    let unused = index % 4 == 2;
    let id = format!("ses-{}", rng.word(12));
    let first_message = prompt(rng, Topic::Document, index);
    let index_ids = rng.chance(2, 3).then(|| {
        // Most sessions ask one or two indexes; ten is the documented most.
        let count = if rng.chance(1, 20) { 10 } else { rng.between(1, 3) };
        (0..count).map(|_| format!("idx-{}", rng.word(8))).collect()
    });
    let run = run(rng);
    DocumentSession {
        id,
        updated_micros,
        title: (!unused).then(|| generated(&first_message)),
        index_ids,
        run: (!unused).then_some(run),
        read_only: rng.chance(1, 3),
    }
}

/// Why runs fail.
const RUN_ERRORS: &[&str] = &[
    "Index is not ready",
    "The model did not answer in time",
    "Maximum number of turns reached",
    "Credits exhausted for this billing period",
];

fn run(rng: &mut SplitMix64) -> Run {
    let failed = rng.chance(1, 15);
    let error = rng.pick(RUN_ERRORS);
    let tokens = (rng.between(800, 60_000), rng.between(40, 2500));
    Run {
        // Hundredths of a millisecond: the provider's own type is a fraction, and a client that reads an integer fails.
        duration_ms: rng.between(90_000, 4_500_000) as f64 / 100.0,
        error: failed.then_some(error),
        export_config_ids: rng.chance(1, 6).then(|| vec![format!("exp-{}", rng.word(8))]),
        tokens: (!failed).then_some(tokens),
        turns: rng.between(1, 9),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const SIZES: Sizes = Sizes {
        memories_ai: 137,
        llama_cloud: 112,
    };

    #[test]
    fn ids_have_18_digits_fall_and_are_mostly_beyond_a_float() {
        let model = model(1, SIZES);
        let ids = model
            .videos
            .values()
            .flatten()
            .map(|session| session.id)
            .collect::<Vec<_>>();
        assert!(ids.iter().all(|id| id.to_string().len() == 18));
        let exact = ids.iter().filter(|id| **id == **id as f64 as u64).count();
        assert!(exact * 10 < ids.len(), "{exact} of {} ids survive a float", ids.len());
        for list in model.videos.values() {
            assert!(list.iter().is_sorted_by(|one, next| one.id > next.id));
        }
    }

    #[test]
    fn a_quarter_of_the_document_sessions_was_never_used() {
        let model = model(1, SIZES);
        let list = &model.documents[DEFAULT_PROJECT_ID];
        assert_eq!(
            list.iter()
                .filter(|session| session.title.is_none() && session.run.is_none())
                .count(),
            28
        );
        assert!(
            list.iter()
                .is_sorted_by(|one, next| one.updated_micros > next.updated_micros)
        );
        assert_eq!(
            list.iter().map(|session| &session.id).collect::<BTreeSet<_>>().len(),
            112
        );
    }

    #[test]
    fn a_long_list_keeps_18_digits() {
        let model = model(
            7,
            Sizes {
                memories_ai: 200_000,
                llama_cloud: 0,
            },
        );
        let list = &model.videos[crate::DEFAULT_UNIQUE_ID];
        assert!(list.iter().all(|session| session.id.to_string().len() == 18));
        assert!(list.iter().is_sorted_by(|one, next| one.id > next.id));
    }
}
