//! The control room: a handle through which a test sees and changes what the sandbox holds and how it answers.
//!
//! It is responsible for the one lock around the sandbox's state. It knows no HTTP: the routes that do the same for
//! scripts are built on this handle.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{
    data::{
        change::Change,
        clock::Clock,
        session_lists::{SessionStore, StoredSession},
    },
    dialect::{
        Dialect,
        provider::{PerProvider, Provider},
    },
    faults::{
        Fault,
        plan::{ChanceFaults, FaultPlan},
    },
    server::{
        rate_limit::{Limiter, RateLimit},
        request_log::{Counters, ReceivedRequest, RequestLog},
        schedule::{Phase, Schedule, When},
    },
};

/// A handle on a sandbox: cheap to clone, usable from any thread, and good for as long as someone holds it.
///
/// Wherever a scope is asked for, `None` means the provider's default one: `unique_id=default` for Memories.ai, the
/// default project for LlamaCloud.
#[derive(Clone, Debug)]
pub struct Control {
    state: Arc<Mutex<State>>,
}

/// Everything that requests and tests read and change.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) providers: PerProvider<ProviderState>,
    pub(crate) requests: RequestLog,
    clock: Clock,
}

/// One provider's sessions, and what is planned for its requests.
#[derive(Debug)]
pub(crate) struct ProviderState {
    pub(crate) dialect: Box<dyn Dialect>,
    pub(crate) limiter: Option<Limiter>,
    pub(crate) faults: FaultPlan,
    pub(crate) schedule: Schedule,
}

impl State {
    /// Makes the changes that are scheduled for one phase of one request.
    pub(crate) fn apply_scheduled(&mut self, provider: Provider, number: u64, phase: Phase) {
        for change in self.providers[provider].schedule.take(number, phase) {
            self.apply(provider, &change);
        }
    }

    fn apply(&mut self, provider: Provider, change: &Change) {
        let sessions = self.providers[provider].dialect.sessions_mut();
        change.apply(sessions, provider.profile().default_scope, &mut self.clock);
    }

    fn sessions(&self, provider: Provider) -> &dyn SessionStore {
        self.providers[provider].dialect.sessions()
    }
}

impl Control {
    pub(crate) fn new(dialects: PerProvider<Box<dyn Dialect>>, clock: Clock) -> Self {
        let providers = dialects.map(|dialect| ProviderState {
            dialect,
            limiter: None,
            faults: FaultPlan::default(),
            schedule: Schedule::default(),
        });
        let state = State {
            providers,
            requests: RequestLog::new(),
            clock,
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
        self.lock().providers[provider].faults.queued.push_back(fault);
    }

    /// Answers every request to `provider` with `fault` for which nothing is queued and which meets nothing by chance,
    /// until the faults are cleared.
    pub fn always(&self, provider: Provider, fault: Fault) {
        self.lock().providers[provider].faults.always = Some(fault);
    }

    /// Lets each request to `provider` for which nothing is queued meet one of `faults` with this probability, until the
    /// faults are cleared or other ones are given here. A request that meets none is answered as by
    /// [`always`](Self::always), if that was asked for.
    ///
    /// Which of these requests meet which fault depends on `seed` and on the order in which they come, and on nothing
    /// else. A probability of 1 or more means every request; of 0 or less, or no number, none. The faults are equally
    /// likely; one that is given twice is twice as likely. Those that are meant for other pages are left out.
    ///
    /// Over HTTP it is the body of `POST /__sandbox/chance`, each fault as for [`Fault`] and without what belongs to a
    /// queue; the seed is 1 if none is given, and a probability beyond 0 and 1 is refused:
    ///
    /// ```json
    /// {"provider": "llama-cloud", "probability": 0.1, "seed": 7, "faults": [{"fault": "status", "status": 503}]}
    /// ```
    pub fn chance(&self, provider: Provider, probability: f64, faults: Vec<Fault>, seed: u64) {
        let faults = ChanceFaults::new(probability, faults, seed);
        self.lock().providers[provider].faults.by_chance = Some(faults);
    }

    /// Keeps `provider` to a rate limit from now on, with nothing counted yet; it takes the place of an earlier one.
    ///
    /// Requests are counted for the key that they carry, whatever scope they ask for; a wrong key has a count of its own,
    /// and a request without a key is not counted. A request that is refused gets the provider's own words: from
    /// Memories.ai HTTP 200 with the code `0429`, from LlamaCloud HTTP 429. It meets no fault; a queued one waits for the
    /// next request that is let through. [`clear_faults`](Self::clear_faults) leaves the limit as it is.
    pub fn rate_limit(&self, provider: Provider, limit: RateLimit) {
        self.lock().providers[provider].limiter = Some(Limiter::new(limit));
    }

    /// Keeps neither provider to a rate limit any more, which is how the sandbox starts.
    pub fn clear_rate_limits(&self) {
        for provider in self.lock().providers.iter_mut() {
            provider.limiter = None;
        }
    }

    /// Forgets all faults, queued, standing and by chance, so that every answer is ordinary again.
    pub fn clear_faults(&self) {
        for provider in self.lock().providers.iter_mut() {
            provider.faults = FaultPlan::default();
        }
    }

    /// How many queued faults have not met their request yet.
    #[must_use]
    pub fn pending_faults(&self, provider: Provider) -> usize {
        self.lock().providers[provider].faults.queued.len()
    }

    /// Changes the lists of `provider` at a request to come. Several changes for the same moment are made in their order.
    ///
    /// When a client gives up a request before it is answered, the changes that waited for it are made then.
    pub fn at(&self, provider: Provider, when: When, change: Change) {
        self.lock().providers[provider].schedule.add(when, change);
    }

    /// Changes the lists of `provider` now.
    pub fn change(&self, provider: Provider, change: &Change) {
        self.lock().apply(provider, change);
    }

    /// How many changes still wait for their request.
    #[must_use]
    pub fn pending_changes(&self, provider: Provider) -> usize {
        self.lock().providers[provider].schedule.pending()
    }

    /// Forgets all changes that still wait.
    pub fn clear_changes(&self) {
        for provider in self.lock().providers.iter_mut() {
            provider.schedule.clear();
        }
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
        self.lock().requests.clear();
    }

    /// The scopes in which a provider has sessions, or had some.
    #[must_use]
    pub fn scopes(&self, provider: Provider) -> Vec<String> {
        self.lock().sessions(provider).scopes()
    }

    /// The sessions of one scope in the order in which the provider lists them.
    #[must_use]
    pub fn sessions(&self, provider: Provider, scope: Option<&str>) -> Vec<StoredSession> {
        self.lock()
            .sessions(provider)
            .sessions(provider.scope_or_default(scope))
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
        let State { providers, clock, .. } = &mut *self.lock();
        let sessions = providers[provider].dialect.sessions_mut();
        sessions.insert(provider.scope_or_default(scope), title, clock)
    }

    /// Gives a session another title and says whether there is such a session.
    ///
    /// A Memories.ai session keeps its place in the list. A LlamaCloud session moves to the front, since it was updated.
    #[must_use = "false means that no session has this id"]
    pub fn retitle(&self, provider: Provider, id: &str, title: &str) -> bool {
        let State { providers, clock, .. } = &mut *self.lock();
        providers[provider].dialect.sessions_mut().retitle(id, title, clock)
    }

    /// Deletes a session and says whether there was one.
    #[must_use = "false means that no session has this id"]
    pub fn delete(&self, provider: Provider, id: &str) -> bool {
        self.lock().providers[provider].dialect.sessions_mut().delete(id)
    }
}
