//! Which sources the addressed sessions need: those that are configured, and others for scopes that
//! are not.

use chat_sessions::SessionAddress;
use chat_sessions::model::Scope;
use chat_sessions_sandbox::Sandbox;
use clap::error::ErrorKind;

use crate::config::{OpenSource, Plan, SourceSelection};
use crate::exit::Failure;
use crate::provider::ProviderName;

fn refused(message: &str) -> Failure {
    Failure::usage(ErrorKind::ValueValidation, message)
}

/// Returns the plan for the providers of these sessions. A key of another one is not needed.
pub(crate) fn plan(
    selection: &SourceSelection,
    addresses: &[SessionAddress],
    sandbox: Option<&Sandbox>,
) -> Result<Plan, Failure> {
    if selection.names_all_scopes() {
        return Err(refused(
            "--scope all works with --last and --title; a session is in one scope",
        ));
    }
    let is_addressed = |provider: &ProviderName| {
        let provider = &provider.built_in().provider;
        addresses.iter().any(|address| address.id.provider() == provider)
    };
    let mut selection = selection.clone();
    selection.provider = ProviderName::ALL.into_iter().filter(is_addressed).collect();
    selection
        .scope
        .retain(|arg| arg.provider.is_none_or(|provider| is_addressed(&provider)));
    Plan::new(&selection, sandbox)
}

/// Returns the sources that the sessions need, and the address of each with its scope.
pub(crate) fn resolve(
    opened: &[OpenSource],
    addresses: Vec<SessionAddress>,
) -> Result<(Vec<OpenSource>, Vec<SessionAddress>), Failure> {
    let mut sources = opened.to_vec();
    let mut resolved = Vec::with_capacity(addresses.len());
    for mut address in addresses {
        let configured: Vec<&OpenSource> = opened.iter().filter(|source| is_of(source, &address)).collect();
        match &address.scope {
            None => match configured.as_slice() {
                [only] => address.scope = only.scope(),
                // The address is that of the source without a scope, as `list` prints it.
                several if several.iter().any(|source| source.scope().is_none()) => {}
                several => return Err(unclear_scope(&address, several)),
            },
            Some(scope) => add(&mut sources, &configured, &address, scope)?,
        }
        resolved.push(address);
    }
    Ok((sources, resolved))
}

fn is_of(source: &OpenSource, address: &SessionAddress) -> bool {
    source.provider().built_in().provider == *address.id.provider()
}

/// Adds the source of a scope that is not configured, in the only account of the provider.
fn add(
    sources: &mut Vec<OpenSource>,
    configured: &[&OpenSource],
    address: &SessionAddress,
    scope: &Scope,
) -> Result<(), Failure> {
    let has_scope = |source: &&OpenSource| is_of(source, address) && source.scope().as_ref() == Some(scope);
    if sources.iter().any(|source| has_scope(&source)) {
        return Ok(());
    }
    let Some((first, others)) = configured.split_first() else {
        return Ok(());
    };
    if others.iter().any(|other| !other.is_same_account(first)) {
        let message = format!("several profiles have a key for {address}: choose one with --profile");
        return Err(refused(&message));
    }
    sources.push(first.in_addressed_scope(scope.as_str(), &address.to_string())?);
    Ok(())
}

fn unclear_scope(address: &SessionAddress, sources: &[&OpenSource]) -> Failure {
    let forms: Vec<String> = sources
        .iter()
        .filter_map(|source| Some(address.clone().in_scope(source.scope()?).to_string()))
        .collect();
    refused(&format!(
        "the scope of {address} is unclear, because several are selected: write {}",
        forms.join(" or ")
    ))
}
