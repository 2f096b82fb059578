//! The control room: a handle through which a test sees and changes what the sandbox holds and how it answers.
//!
//! It is responsible for the one lock around the sandbox's state. It knows no HTTP: the routes that do the same for
//! scripts are built on this handle.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    Provider,
    changes::{Change, Schedule, Side, When},
    fault::Fault,
    given_tokens::GivenTokens,
    model::{HeldSession, Model},
    requests::{Counters, ReceivedRequest, RequestLog},
};

/// A handle on a sandbox: cheap to clone, usable from any thread, and good for as long as someone holds it.
///
/// Wherever a scope is asked for, `None` means the provider's default one: `unique_id=default` for Memories.ai, the
/// default project for LlamaCloud.
#[derive(Clone, Debug)]
pub struct Control {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) model: Model,
    pub(crate) faults: Faults,
    pub(crate) requests: RequestLog,
    pub(crate) changes: Schedule,
    pub(crate) given_tokens: GivenTokens,
}

impl State {
    /// Makes the changes that wait for one side of one request.
    pub(crate) fn make_changes(&mut self, provider: Provider, number: u64, side: Side) {
        for change in self.changes.take(provider, number, side) {
            change.apply(&mut self.model, provider);
        }
    }
}

/// The scripted answers that wait for their requests.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    queued: BTreeMap<Provider, VecDeque<Fault>>,
    standing: BTreeMap<Provider, Fault>,
}

impl Faults {
    /// The fault for the request that has just come and asks for this page.
    pub(crate) fn take(&mut self, provider: Provider, page: u64) -> Option<Fault> {
        let queued = self.queued.get_mut(&provider).and_then(|queue| {
            let index = queue.iter().position(|fault| fault.means(page))?;
            queue.remove(index)
        });
        let standing = || self.standing.get(&provider).filter(|fault| fault.means(page)).cloned();
        queued.or_else(standing)
    }
}

impl Control {
    pub(crate) fn new(model: Model) -> Self {
        let state = State {
            model,
            faults: Faults::default(),
            requests: RequestLog::new(),
            changes: Schedule::default(),
            given_tokens: GivenTokens::default(),
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// The state. A panic of another thread while it held the lock leaves every part usable, since no change spans two
    /// of them.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers the next request to `provider` with `fault`; called again, the request after that, and so on. A fault that
    /// is meant for some pages only waits for one of them.
    pub fn next(&self, provider: Provider, fault: Fault) {
        self.lock().faults.queued.entry(provider).or_default().push_back(fault);
    }

    /// Answers every request to `provider` with `fault` for which nothing is queued, until the faults are cleared.
    pub fn always(&self, provider: Provider, fault: Fault) {
        self.lock().faults.standing.insert(provider, fault);
    }

    /// Forgets all faults, so that every answer is ordinary again.
    pub fn clear_faults(&self) {
        self.lock().faults = Faults::default();
    }

    /// How many queued faults have not met their request yet.
    #[must_use]
    pub fn pending_faults(&self, provider: Provider) -> usize {
        self.lock().faults.queued.get(&provider).map_or(0, VecDeque::len)
    }

    /// Changes the lists of `provider` at a request to come. Several changes for the same moment are made in their order.
    ///
    /// When a client gives up a request before it is answered, the changes that waited for it are made then.
    pub fn at(&self, provider: Provider, when: When, change: Change) {
        self.lock().changes.add(provider, when, change);
    }

    /// Changes the lists of `provider` now.
    pub fn change(&self, provider: Provider, change: &Change) {
        change.apply(&mut self.lock().model, provider);
    }

    /// How many changes still wait for their request.
    #[must_use]
    pub fn pending_changes(&self, provider: Provider) -> usize {
        self.lock().changes.pending(provider)
    }

    /// Forgets all changes that still wait.
    pub fn clear_changes(&self) {
        self.lock().changes.clear();
    }

    /// The requests so far, in the order in which they came; the newest 65,536 are kept. A request to a path of neither
    /// provider is among them, one to the control room is not.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.lock().requests.all()
    }

    /// How many requests a provider got so far.
    #[must_use]
    pub fn request_count(&self, provider: Provider) -> u64 {
        self.lock().requests.count(provider)
    }

    /// How much a provider was asked so far, and how much of it at the same time.
    #[must_use]
    pub fn counters(&self, provider: Provider) -> Counters {
        self.lock().requests.counters(provider)
    }

    /// Forgets the requests so far and counts from zero.
    pub fn forget_requests(&self) {
        self.lock().requests.forget();
    }

    /// The scopes in which a provider has sessions, or had some.
    #[must_use]
    pub fn scopes(&self, provider: Provider) -> Vec<String> {
        self.lock().model.scopes(provider)
    }

    /// The sessions of one scope in the order in which the provider lists them.
    #[must_use]
    pub fn sessions(&self, provider: Provider, scope: Option<&str>) -> Vec<HeldSession> {
        self.lock().model.held(provider, provider.scope(scope))
    }

    /// The ids of one scope in the order in which the provider lists them.
    #[must_use]
    pub fn session_ids(&self, provider: Provider, scope: Option<&str>) -> Vec<String> {
        self.sessions(provider, scope)
            .into_iter()
            .map(|session| session.id)
            .collect()
    }

    /// Creates a session, which the provider then lists first, and gives its id. A new scope comes into being with it.
    ///
    /// A title for LlamaCloud is taken as the first message, of which the provider shows the beginning.
    #[must_use = "the id is the only way to name the session later"]
    pub fn insert(&self, provider: Provider, scope: Option<&str>, title: &str) -> String {
        self.lock().model.insert(provider, provider.scope(scope), title)
    }

    /// Gives a session another title and says whether there is such a session.
    ///
    /// A Memories.ai session keeps its place in the list. A LlamaCloud session moves to the front, since it was updated.
    #[must_use = "false means that no session has this id"]
    pub fn retitle(&self, provider: Provider, id: &str, title: &str) -> bool {
        self.lock().model.retitle(provider, id, title)
    }

    /// Deletes a session and says whether there was one.
    #[must_use = "false means that no session has this id"]
    pub fn delete(&self, provider: Provider, id: &str) -> bool {
        self.lock().model.delete(provider, id)
    }
}
