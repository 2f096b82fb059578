//! A handle for tests to inspect and change a running sandbox: its sessions, its faults and its
//! rate limits.
//!
//! This file is responsible for the only lock on the sandbox's state. It does not use HTTP; the
//! control routes for scripts are built on this handle.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::{
    conversation::Conversation,
    data::{
        change::Change,
        clock::Clock,
        session_lists::{SessionStore, StoredSession},
    },
    dialect::{
        Dialect,
        operation::Operation,
        provider::{PerProvider, Provider},
    },
    faults::{
        Fault,
        plan::{ChanceFaults, FaultPlan},
    },
    server::{
        rate_limit::{Limiter, Limiters, RateLimit},
        request_log::{Counters, ReceivedRequest, RequestLog},
        schedule::{Phase, Schedule, When},
    },
};

/// A handle on a sandbox. It is cheap to clone, can be used from any thread, and stays valid after
/// the server stops.
///
/// A `scope` of `None` means the provider's default scope: `unique_id=default` for Memories.ai, the
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

/// One provider's sessions, and the plan for its requests.
#[derive(Debug)]
pub(crate) struct ProviderState {
    pub(crate) dialect: Box<dyn Dialect>,
    pub(crate) limiters: Limiters,
    pub(crate) faults: FaultPlan,
    pub(crate) schedule: Schedule,
}

impl State {
    /// Makes the changes that are scheduled for this phase of a request.
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
            limiters: Limiters::default(),
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

    /// A panic of another thread that held the lock is ignored: each part of the state stays valid,
    /// and none relies on another.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends `fault` for the next request to `provider`. Further calls queue faults for the
    /// requests after that. A fault that is restricted to some pages waits for a request for one of
    /// them.
    pub fn next(&self, provider: Provider, fault: Fault) {
        self.lock().providers[provider].faults.queued.push_back(fault);
    }

    /// Sends `fault` for every request to `provider` that gets no other fault, until the faults are
    /// cleared.
    pub fn always(&self, provider: Provider, fault: Fault) {
        self.lock().providers[provider].faults.always = Some(fault);
    }

    /// Sends one of `faults` with this probability for each request to `provider` that gets no
    /// queued fault, until the faults are cleared or this is called again. Other requests get the
    /// fault of [`always`](Self::always), if there is one.
    ///
    /// Which request gets which fault depends only on `seed` and on the order of these requests. A
    /// probability of 1 or more means every request; 0, a negative number or NaN means none. All
    /// faults are equally likely, so one that occurs twice is twice as likely. Faults that do not
    /// apply to the requested page are skipped.
    ///
    /// Over HTTP, this is the body of `POST /__sandbox/chance`. A fault has the fields described at
    /// [`Fault`], except for `provider`, `times` and `always`. The default seed is 1. A probability
    /// below 0 or above 1 is rejected:
    ///
    /// ```json
    /// {"provider": "llama-cloud", "probability": 0.1, "seed": 7, "faults": [{"fault": "status", "status": 503}]}
    /// ```
    pub fn chance(&self, provider: Provider, probability: f64, faults: Vec<Fault>, seed: u64) {
        let faults = ChanceFaults::new(probability, faults, seed);
        self.lock().providers[provider].faults.by_chance = Some(faults);
    }

    /// Sets the rate limit of `provider` and starts a new count. It replaces an earlier limit,
    /// except for those of single operations.
    ///
    /// Requests are counted by key, across all scopes. An invalid key has its own count, and a
    /// request without a key is not counted. A refused request gets the provider's own error: HTTP
    /// 200 with the code `0429` from Memories.ai, HTTP 429 from LlamaCloud. It gets no fault; a
    /// queued fault waits for the next admitted request. [`clear_faults`](Self::clear_faults) does
    /// not change the limit.
    pub fn rate_limit(&self, provider: Provider, limit: RateLimit) {
        self.lock().providers[provider].limiters.all_operations = Some(Limiter::new(limit));
    }

    /// Sets the rate limit of one operation and starts a new count, as
    /// [`rate_limit`](Self::rate_limit) does for all of them together. A request must be admitted
    /// by both.
    pub fn rate_limit_operation(&self, provider: Provider, operation: Operation, limit: RateLimit) {
        let limiters = &mut self.lock().providers[provider].limiters;
        limiters.by_operation.insert(operation, Limiter::new(limit));
    }

    /// Enforces the rates of the providers: for Memories.ai, 5 requests for the list, 1 for a
    /// session and 1 for the namespaces in any second.
    ///
    /// Only the first is documented. For the others, the sandbox assumes the strictest rate that is
    /// documented for reading. No rate is documented for LlamaCloud's chat.
    ///
    /// Over HTTP, this is `POST /__sandbox/enforce-rates`.
    pub fn enforce_rates(&self) {
        for provider in Provider::ALL {
            for (operation, per_second) in provider.profile().rates {
                self.rate_limit_operation(provider, *operation, RateLimit::per_second(*per_second));
            }
        }
    }

    /// Removes all rate limits. A new sandbox has none.
    pub fn clear_rate_limits(&self) {
        for provider in self.lock().providers.iter_mut() {
            provider.limiters = Limiters::default();
        }
    }

    /// Removes all faults: queued, random and permanent. Sends the responses that they
    /// [hold](Fault::with_hold).
    pub fn clear_faults(&self) {
        for provider in self.lock().providers.iter_mut() {
            provider.faults = FaultPlan::default();
        }
    }

    /// Returns how many queued faults are left.
    #[must_use]
    pub fn pending_faults(&self, provider: Provider) -> usize {
        self.lock().providers[provider].faults.queued.len()
    }

    /// Schedules a change to the sessions of `provider`. Changes for the same moment are made in
    /// order.
    ///
    /// If a client cancels a request before the response, the request's changes are made at that
    /// time.
    pub fn at(&self, provider: Provider, when: When, change: Change) {
        self.lock().providers[provider].schedule.add(when, change);
    }

    /// Changes the sessions of `provider` now.
    pub fn change(&self, provider: Provider, change: &Change) {
        self.lock().apply(provider, change);
    }

    /// Returns how many scheduled changes are left.
    #[must_use]
    pub fn pending_changes(&self, provider: Provider) -> usize {
        self.lock().providers[provider].schedule.pending()
    }

    /// Removes all scheduled changes.
    pub fn clear_changes(&self) {
        for provider in self.lock().providers.iter_mut() {
            provider.schedule.clear();
        }
    }

    /// Returns the requests in the order of their arrival, at most the latest 65,536. It includes
    /// requests to unknown paths, but not those to control routes.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.lock().requests.all()
    }

    /// Returns how many requests a provider has received.
    #[must_use]
    pub fn request_count(&self, provider: Provider) -> u64 {
        self.lock().requests.count(provider)
    }

    /// Returns how many requests a provider has received, and how many of them at the same time.
    #[must_use]
    pub fn counters(&self, provider: Provider) -> Counters {
        self.lock().requests.counters(provider)
    }

    /// Clears the request log and its counters.
    pub fn forget_requests(&self) {
        self.lock().requests.clear();
    }

    /// Returns the scopes of a provider that have, or once had, sessions.
    #[must_use]
    pub fn scopes(&self, provider: Provider) -> Vec<String> {
        self.lock().sessions(provider).scopes()
    }

    /// Returns the sessions of a scope in list order.
    #[must_use]
    pub fn sessions(&self, provider: Provider, scope: Option<&str>) -> Vec<StoredSession> {
        self.lock()
            .sessions(provider)
            .sessions(provider.scope_or_default(scope))
    }

    /// Returns the session ids of a scope in list order.
    #[must_use]
    pub fn session_ids(&self, provider: Provider, scope: Option<&str>) -> Vec<String> {
        self.sessions(provider, scope)
            .into_iter()
            .map(|session| session.id)
            .collect()
    }

    /// Returns the conversation of a session as the provider sends it: the `messages` of
    /// Memories.ai or the `events` of LlamaCloud. It is computed from the data and not by a
    /// request. `None` if the scope has no such session.
    #[must_use]
    pub fn conversation(&self, provider: Provider, scope: Option<&str>, id: &str) -> Option<Value> {
        let json = self.conversation_json(provider, scope, id)?;
        serde_json::from_slice(&json).ok()
    }

    /// Returns the same as [`conversation`](Self::conversation), in exactly the bytes that the
    /// response to a request for the session has.
    #[must_use]
    pub fn conversation_json(&self, provider: Provider, scope: Option<&str>, id: &str) -> Option<Vec<u8>> {
        let scope = provider.scope_or_default(scope);
        self.lock().providers[provider].dialect.conversation(scope, id)
    }

    /// Returns the id of the first session in the default scope with this kind of conversation.
    /// `None` if the provider has no such kind, or the list is too short for it.
    #[must_use]
    pub fn session_with(&self, provider: Provider, conversation: Conversation) -> Option<String> {
        let default_scope = provider.profile().default_scope;
        self.lock().sessions(provider).id_with(default_scope, conversation)
    }

    /// Creates a session at the front of the list and returns its id. Creates the scope if
    /// necessary.
    ///
    /// For LlamaCloud, `title` is the first message, and the session's title is its beginning.
    #[must_use = "the id is the only way to name the session later"]
    pub fn insert(&self, provider: Provider, scope: Option<&str>, title: &str) -> String {
        let State { providers, clock, .. } = &mut *self.lock();
        let sessions = providers[provider].dialect.sessions_mut();
        sessions.insert(provider.scope_or_default(scope), title, clock)
    }

    /// Changes the title of a session. Returns whether the session exists.
    ///
    /// A Memories.ai session keeps its position. A LlamaCloud session moves to the front, since it
    /// was updated.
    #[must_use = "false means that no session has this id"]
    pub fn retitle(&self, provider: Provider, id: &str, title: &str) -> bool {
        let State { providers, clock, .. } = &mut *self.lock();
        providers[provider].dialect.sessions_mut().retitle(id, title, clock)
    }

    /// Adds a turn to the conversation of a session: this question and its answer. Returns whether
    /// the session exists.
    ///
    /// A Memories.ai session keeps its position. A LlamaCloud session moves to the front, since it
    /// was updated, and has a new most recent run.
    #[must_use = "false means that no session has this id"]
    pub fn continue_session(&self, provider: Provider, id: &str, question: &str) -> bool {
        let State { providers, clock, .. } = &mut *self.lock();
        providers[provider].dialect.sessions_mut().add_turn(id, question, clock)
    }

    /// Deletes a session. Returns whether it existed.
    #[must_use = "false means that no session has this id"]
    pub fn delete(&self, provider: Provider, id: &str) -> bool {
        self.lock().providers[provider].dialect.sessions_mut().delete(id)
    }
}
