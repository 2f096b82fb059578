//! The faults that are planned for one provider, and which of them a request gets.

use std::collections::VecDeque;

use tokio::sync::watch;

use crate::{
    data::rng::SplitMix64,
    faults::{Fault, selection::Target},
};

/// All faults of one provider. A queued fault takes precedence over a random one, and a random one
/// over the permanent one.
#[derive(Debug, Default)]
pub(crate) struct FaultPlan {
    pub(crate) queued: VecDeque<Fault>,
    pub(crate) by_chance: Option<ChanceFaults>,
    pub(crate) always: Option<Fault>,
    /// Dropped with the plan, which releases the responses that its faults hold.
    holding: watch::Sender<()>,
}

impl FaultPlan {
    /// Returns a channel that closes when the faults are cleared.
    pub(crate) fn hold(&self) -> watch::Receiver<()> {
        self.holding.subscribe()
    }

    /// Returns the fault for a request, and removes it if it was queued.
    pub(crate) fn take(&mut self, target: Target) -> Option<Fault> {
        let applies = |fault: &Fault| fault.applies_to(target);
        if let Some(index) = self.queued.iter().position(applies) {
            return self.queued.remove(index);
        }
        let by_chance = self.by_chance.as_mut().and_then(|faults| faults.draw(target));
        by_chance.or_else(|| self.always.clone().filter(applies))
    }
}

/// Faults that requests get at random.
#[derive(Debug)]
pub(crate) struct ChanceFaults {
    probability: f64,
    faults: Vec<Fault>,
    rng: SplitMix64,
}

impl ChanceFaults {
    pub(crate) fn new(probability: f64, faults: Vec<Fault>, seed: u64) -> Self {
        Self {
            probability,
            faults,
            rng: SplitMix64::new(seed),
        }
    }

    /// Returns the fault for a request, if it gets one.
    fn draw(&mut self, target: Target) -> Option<Fault> {
        if !self.rng.with_probability(self.probability) {
            return None;
        }
        let candidates = self.faults.iter().filter(|fault| fault.applies_to(target));
        let candidates = candidates.collect::<Vec<_>>();
        let index = self.rng.below(candidates.len() as u64) as usize;
        candidates.get(index).map(|fault| (*fault).clone())
    }
}
