//! Finds the source that an address belongs to.

use std::sync::Arc;

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::model::{Scope, SessionAddress};
use crate::source::SessionSource;

/// Returns the index of the source with the provider and scope of an address. An address without a
/// scope belongs to the only source of its provider, or to the one without a scope.
pub(super) fn resolve(sources: &[Arc<dyn SessionSource>], address: &SessionAddress) -> Result<usize> {
    let provider = address.id.provider();
    let of_provider: Vec<usize> = (0..sources.len())
        .filter(|index| sources[*index].provider() == *provider)
        .collect();
    let in_scope = |index: &usize| sources[*index].scope() == address.scope;
    let found = match of_provider.as_slice() {
        [only] if address.scope.is_none() => Some(*only),
        several => several.iter().copied().find(in_scope),
    };
    let error = || {
        Error::new(ErrorKind::InvalidRequest, provider.clone())
            .with_scope(address.scope.clone())
            .with_session(address.id.as_str())
            .with_attempts(0)
    };
    found.ok_or_else(|| match (of_provider.as_slice(), &address.scope) {
        ([], _) => error()
            .with_message("this client has no source of this provider")
            .with_remedy(Remedy::AddSource),
        (_, Some(_)) => error()
            .with_message("this client has no source with this scope")
            .with_remedy(Remedy::AddSource),
        (several, None) => {
            let scopes: Vec<Scope> = several.iter().filter_map(|index| sources[*index].scope()).collect();
            let labels: Vec<String> = scopes.iter().map(|scope| format!("{:?}", scope.as_str())).collect();
            let example = scopes.first().map(|scope| address.clone().in_scope(scope.clone()));
            error()
                .with_message(format!(
                    "the scope is missing: this client has the scopes {}",
                    labels.join(", ")
                ))
                .with_remedy(match example {
                    Some(example) => format!("Write the scope before the id, such as {example}."),
                    None => "Write the scope before the id.".to_owned(),
                })
        }
    })
}
