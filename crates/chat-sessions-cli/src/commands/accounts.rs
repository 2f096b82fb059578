//! The client that a command reads with: the selected sources, and for `--scope all` every scope of
//! their accounts.

use chat_sessions::{ChatSessions, Error};

use super::requests::Requests;
use crate::config::{OpenSource, Plan};
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::output::{Format, Missing, hints, messages};
use crate::time_zone;
use crate::verbosity::Verbosity;

/// The sources of a command.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    pub(crate) sources: Vec<OpenSource>,
    pub(crate) losses: ScopeLosses,
    /// What is missing because a signal arrived while scopes were requested; empty without one.
    pub(crate) interrupted: Vec<Missing>,
}

/// The scopes that could not be listed.
#[derive(Debug, Default)]
pub(crate) struct ScopeLosses {
    /// The errors of accounts whose scopes could not be listed.
    pub(crate) failures: Vec<Error>,
    /// The scopes that could not be decoded.
    pub(crate) missing: Vec<Missing>,
}

/// Opens the selected sources, and prints the warnings about them. There is at least one.
pub(crate) fn open(plan: &Plan, format: Format, verbosity: Verbosity) -> Result<Vec<OpenSource>, Failure> {
    let (sources, warnings) = plan.open()?;
    if !verbosity.quiet {
        let warnings = warnings.iter().map(String::as_str).chain(time_zone::warning());
        warnings.for_each(|warning| messages::warning(warning, format));
    }
    // What is wrong with them together is an error before the first request.
    client(plan, &sources)?;
    Ok(sources)
}

/// Replaces each source that stands for all scopes of its account by a source for each scope.
pub(crate) async fn with_all_scopes(opened: Vec<OpenSource>, requests: Requests<'_>) -> Accounts {
    let mut accounts = Accounts::default();
    // Without `--scope all`, nothing is requested and no signal is caught.
    if !opened.iter().any(OpenSource::stands_for_all_scopes) {
        accounts.sources = opened;
        return accounts;
    }
    let mut interrupt = Interrupt::listen();
    let mut rest = opened.into_iter();
    while let Some(source) = rest.next() {
        if !source.stands_for_all_scopes() {
            add(&mut accounts.sources, source);
            continue;
        }
        tokio::select! {
            biased;
            () = interrupt.received() => {
                let unread = std::iter::once(source).chain(rest);
                accounts.interrupted = unread
                    .map(|source| {
                        let scope = source.scope();
                        let scope = scope.as_ref().map(|scope| scope.as_str());
                        Missing::interrupted(source.provider().as_str(), scope, None)
                    })
                    .collect();
                return accounts;
            }
            scopes = scopes(&source, requests) => match scopes {
                Ok((scopes, missing)) => {
                    scopes.into_iter().for_each(|scope| add(&mut accounts.sources, scope));
                    accounts.losses.missing.extend(missing);
                }
                Err(error) => accounts.losses.failures.push(error),
            }
        }
    }
    accounts
}

/// Adds a source unless there is one with its provider and scope. Two accounts with the same scope
/// are both added, which the client refuses.
fn add(sources: &mut Vec<OpenSource>, source: OpenSource) {
    if !sources.iter().any(|known| known.is_same(&source)) {
        sources.push(source);
    }
}

/// Returns a source for each scope of an account, and an entry for scopes that could not be decoded.
/// The configured scope is always included, even if the provider does not list it.
async fn scopes(source: &OpenSource, requests: Requests<'_>) -> Result<(Vec<OpenSource>, Option<Missing>), Error> {
    let client = source.add_to(ChatSessions::builder()).build()?;
    let list = requests.scopes(&client).send().await?;
    let missing = Missing::of_scopes(source.provider().as_str(), &list.rejected);
    let listed = list.scopes;
    let own = (source.scope().is_some() || listed.is_empty()).then(|| source.clone());
    let listed = listed.iter().map(|info| source.in_scope(info.scope.as_str()));
    Ok((own.into_iter().chain(listed).collect(), missing))
}

/// Returns the client for these sources.
pub(crate) fn client(plan: &Plan, sources: &[OpenSource]) -> Result<ChatSessions, Failure> {
    let builder = sources
        .iter()
        .fold(ChatSessions::builder(), |builder, source| source.add_to(builder));
    Ok(builder.build().map_err(|error| match plan.unused_profiles() {
        Some((file, profiles)) => hints::with_profiles(error, file, &profiles),
        None => error,
    })?)
}
