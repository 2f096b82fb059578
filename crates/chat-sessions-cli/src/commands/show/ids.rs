//! The ids that `show` gets, as arguments and on standard input, and the provider of each.
//!
//! The provider of a bare id is told from its form or from `--provider`, never by asking providers: a
//! request would tell one provider the id of another one's session.

use std::io::{self, BufRead};

use chat_sessions::{SessionAddress, SessionId};
use clap::error::ErrorKind;
use serde_json::Value;

use crate::config::SourceSelection;
use crate::exit::Failure;
use crate::provider::ProviderName;

/// Stands for standard input.
const STDIN: &str = "-";

/// Returns the addresses of all ids, in order.
pub(crate) fn addresses(ids: &[String], selection: &SourceSelection) -> Result<Vec<SessionAddress>, Failure> {
    let mut addresses = Vec::new();
    for id in ids {
        if id == STDIN {
            read_lines(io::stdin().lock(), selection, &mut addresses).map_err(|message| refused(&message))?;
        } else {
            addresses.push(address(id, selection).map_err(|message| refused(&message))?);
        }
    }
    Ok(addresses)
}

fn refused(message: &str) -> Failure {
    Failure::usage(ErrorKind::ValueValidation, message)
}

/// Reads one id or object from each line. Blank lines are skipped.
fn read_lines(
    input: impl BufRead,
    selection: &SourceSelection,
    addresses: &mut Vec<SessionAddress>,
) -> Result<(), String> {
    for (index, line) in input.lines().enumerate() {
        let line = line.map_err(|error| format!("cannot read standard input: {error}"))?;
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            continue;
        }
        let address = if line.starts_with(['{', '[', '"']) {
            object(line, selection)
        } else {
            address(line, selection)
        };
        addresses.push(address.map_err(|message| format!("line {} of standard input: {message}", index + 1))?);
    }
    Ok(())
}

/// Reads a session as `list -o ndjson` prints it. With `--fields`, only the id may be there.
fn object(line: &str, selection: &SourceSelection) -> Result<SessionAddress, String> {
    let complaint = || "expected an id, or an object of 'list -o ndjson' with an id".to_owned();
    let object: Value = serde_json::from_str(line).map_err(|_| complaint())?;
    let text = |name: &str| object.get(name).filter(|value| !value.is_null());
    let id = text("id").and_then(Value::as_str).filter(|id| !id.is_empty());
    let id = id.ok_or_else(complaint)?;
    let mut address = match text("provider") {
        Some(provider) => {
            let provider = known(provider.as_str().ok_or_else(complaint)?)?;
            SessionAddress::new(SessionId::new(provider.built_in().provider.clone(), id))
        }
        None => bare(id, selection)?,
    };
    if let Some(scope) = text("scope") {
        address = address.in_scope(scope.as_str().ok_or_else(complaint)?);
    }
    checked(address, selection)
}

/// Reads an address or a bare id.
fn address(text: &str, selection: &SourceSelection) -> Result<SessionAddress, String> {
    let text = text.trim();
    if !text.contains(':') {
        return checked(bare(text, selection)?, selection);
    }
    let parsed: SessionAddress = text
        .parse()
        .map_err(|_| format!("{text} is not the address of a session: write provider:id, or provider/scope:id"))?;
    let provider = known(parsed.id.provider().as_str())?;
    let mut address = SessionAddress::new(SessionId::new(provider.built_in().provider.clone(), parsed.id.as_str()));
    address.scope = parsed.scope;
    checked(address, selection)
}

/// Returns the provider with this name, in whatever case.
fn known(name: &str) -> Result<ProviderName, String> {
    let mut all = ProviderName::ALL.into_iter();
    let found = all.find(|provider| provider.as_str().eq_ignore_ascii_case(name.trim()));
    found.ok_or_else(|| {
        let names = ProviderName::ALL.map(ProviderName::as_str).join(" and ");
        format!("there is no provider {name}; known are {names}")
    })
}

/// Returns the address of an id without a provider.
fn bare(id: &str, selection: &SourceSelection) -> Result<SessionAddress, String> {
    let chosen = match selection.provider.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let provider = ProviderName::of_id(id).or(chosen).ok_or_else(|| {
        let choices = ProviderName::ALL.map(|provider| format!("{}:{id}", provider.as_str()));
        format!("the provider of {id} is unclear: write {}", choices.join(" or "))
    })?;
    Ok(SessionAddress::new(SessionId::new(
        provider.built_in().provider.clone(),
        id,
    )))
}

/// Refuses the address of a provider that `--provider` excludes.
fn checked(address: SessionAddress, selection: &SourceSelection) -> Result<SessionAddress, String> {
    let is_selected = |provider: &ProviderName| *address.id.provider() == provider.built_in().provider;
    if selection.provider.is_empty() || selection.provider.iter().any(is_selected) {
        Ok(address)
    } else {
        let (id, provider) = (address.id.as_str(), address.id.provider());
        Err(format!("{id} is a session of {provider}, but --provider excludes it"))
    }
}

#[cfg(test)]
mod tests {
    use super::{SourceSelection, address, read_lines};
    use crate::provider::ProviderName;

    #[test]
    fn the_form_of_an_id_tells_its_provider() {
        let any = SourceSelection::default();
        for (text, expected) in [
            ("12345678901234567", "memories-ai:12345678901234567"),
            ("601308802842759168", "memories-ai:601308802842759168"),
            (" 1234567890123456789 ", "memories-ai:1234567890123456789"),
            ("ses-a3wfom5ysb2t", "llama-cloud:ses-a3wfom5ysb2t"),
            ("memories-ai:7", "memories-ai:7"),
            ("Memories-AI/Team-A:7", "memories-ai/Team-A:7"),
            ("llama-cloud/p-1:ses-a:b", "llama-cloud/p-1:ses-a:b"),
            ("memories-ai/a%3Ab:7", "memories-ai/a%3Ab:7"),
        ] {
            let found = address(text, &any).map(|address| address.to_string());
            assert_eq!(found.as_deref(), Ok(expected), "{text}");
        }
        for (text, message) in [
            (
                "1234567890123456",
                "write memories-ai:1234567890123456 or llama-cloud:1234567890123456",
            ),
            ("12345678901234567890", "is unclear"),
            ("60130880284275916x", "is unclear"),
            ("ses-", "is unclear"),
            ("SES-a3wfom5ysb2t", "is unclear"),
            ("", "is unclear"),
            (
                "other:7",
                "there is no provider other; known are memories-ai and llama-cloud",
            ),
            ("memories-ai:", "is not the address of a session"),
            ("memories-ai/:7", "is not the address of a session"),
        ] {
            let complaint = address(text, &any).expect_err(text);
            assert!(complaint.contains(message), "{text}: {complaint}");
        }
        let llama = SourceSelection {
            provider: vec![ProviderName::LlamaCloud],
            ..SourceSelection::default()
        };
        let found = address("something", &llama).map(|address| address.to_string());
        assert_eq!(found.as_deref(), Ok("llama-cloud:something"));
        assert!(address("601308802842759168", &llama).is_err_and(|complaint| complaint.contains("excludes")));
    }

    #[test]
    fn each_line_is_an_id_or_an_object() {
        let read = |input: &str| {
            let mut addresses = Vec::new();
            read_lines(input.as_bytes(), &SourceSelection::default(), &mut addresses)?;
            Ok::<_, String>(addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        let lines = "\u{feff}601308802842759168\r\n\n  ses-a3wfom5ysb2t\n\
                     {\"provider\":\"memories-ai\",\"id\":\"7\",\"scope\":\"a:b\",\"title\":null}\n\
                     {\"id\":\"ses-b\",\"scope\":null}\n";
        assert_eq!(
            read(lines).as_deref(),
            Ok("memories-ai:601308802842759168 llama-cloud:ses-a3wfom5ysb2t memories-ai/a%3Ab:7 llama-cloud:ses-b")
        );
        for (input, message) in [
            ("ses-a\n{\"title\":\"x\"}\n", "line 2 of standard input: expected an id"),
            (
                "{\"id\":601308802842759168}",
                "line 1 of standard input: expected an id",
            ),
            ("{\"id\":\"7\",\"provider\":1}", "expected an id"),
            ("{\"id\":\"ses-a\",\"scope\":[]}", "expected an id"),
            ("{\"schema_version\":2,", "expected an id"),
            ("[]", "expected an id"),
            ("a b c", "line 1 of standard input: the provider of a b c is unclear"),
        ] {
            let complaint = read(input).expect_err(input);
            assert!(complaint.contains(message), "{input}: {complaint}");
        }
        assert_eq!(read("").as_deref(), Ok(""));
    }
}
