//! The questions that users ask after the first one, and how many turns an ordinary conversation
//! has.

use crate::data::rng::SplitMix64;

/// What people ask next, whatever the subject is.
const FOLLOW_UPS: &[&str] = &[
    "Can you make that shorter?",
    "Where exactly does it say that?",
    "And compared with last year?",
    "Please put it into a table.",
    "Which of these matters most?",
    "Thanks. What did I miss?",
    "Rewrite it for somebody who was not there.",
    "Are you sure about the second point?",
    "Auf Deutsch, bitte.",
    "Give me the three most important ones only.",
    "もう少し詳しく説明してください",
    "Who should hear about this first?",
    "ok, and the rest? 🙂",
    "What would you do next?",
    "Is there anything that contradicts it?",
    "Quote the passage word for word.",
];

/// The number of turns of [`Conversation::ManyTurns`](super::Conversation::ManyTurns).
pub(crate) const MANY_TURNS: usize = 500;

/// Returns a question that follows another one.
pub(crate) fn follow_up(rng: &mut SplitMix64) -> String {
    rng.choose(FOLLOW_UPS).to_owned()
}

/// The random numbers of one turn. They depend on the session and the turn alone, so that a turn
/// that is added later does not change those before it.
pub(crate) fn turn_numbers(session_id: &str, turn: usize) -> SplitMix64 {
    let hash = session_id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    SplitMix64::new(hash.wrapping_add(turn as u64).wrapping_mul(0x2545_f491_4f6c_dd1d))
}

/// Turns that were added while the sandbox ran are numbered from here, beyond every seeded turn.
pub(crate) const FIRST_ADDED_TURN: usize = 1_000_000;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_turn_of_every_session_has_its_own_numbers() {
        let numbers = ["ses-a", "ses-b", "702135219382493013"]
            .into_iter()
            .flat_map(|id| (0..MANY_TURNS).map(move |turn| turn_numbers(id, turn).next_u64()));
        assert_eq!(numbers.collect::<BTreeSet<_>>().len(), 3 * MANY_TURNS);
    }
}
