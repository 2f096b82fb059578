//! The error of a request without a complete response: what failed, at which host or proxy, and what
//! to do about it.

use chat_sessions_wire::Received;

use crate::error::{Error, ErrorKind, Remedy};
use crate::provider::failure_cause::{Cause, CertificateProblem, Failure, root_cause};
use crate::provider::network::Destination;
use crate::provider::request_context::RequestContext;

impl RequestContext<'_> {
    /// Returns the error of a request without a complete response. `received` is what arrived.
    pub(crate) fn transport_error(
        &self,
        error_below: &reqwest::Error,
        received: Option<&Received>,
        destination: &Destination,
    ) -> Error {
        let target = destination.full();
        if let Some(received) = received {
            let start = |kind| self.response_error(kind, received);
            return if error_below.is_timeout() {
                start(ErrorKind::Timeout)
                    .with_message(format!("timed out before the response from {target} was complete"))
                    .with_remedy(Remedy::RaiseTimeout)
            } else {
                start(ErrorKind::Connect)
                    .with_message(format!(
                        "the response from {target} broke off: {}",
                        root_cause(error_below)
                    ))
                    .with_remedy(Remedy::Retry)
            };
        }
        if error_below.is_timeout() {
            let error = self.error(ErrorKind::Timeout);
            return if error_below.is_connect() {
                error
                    .with_message(format!("timed out while connecting to {target}"))
                    .with_remedy(Remedy::CheckNetwork)
            } else {
                error
                    .with_message(format!("timed out before the response from {target} was complete"))
                    .with_remedy(Remedy::RaiseTimeout)
            };
        }
        let failure = Failure::of(error_below);
        let kind = match failure.cause {
            Cause::LargeHeaders => ErrorKind::Protocol,
            _ => ErrorKind::Connect,
        };
        let is_permanent = matches!(failure.cause, Cause::Certificate(_) | Cause::ProxyCredentials);
        let (message, remedy) = explanation(failure, &root_cause(error_below), destination);
        let error = self.error(kind).with_message(message).with_remedy(remedy);
        if is_permanent {
            error.with_temporary(false)
        } else {
            error
        }
    }
}

/// Returns what happened and what to do about it. `cause` is the text of the library.
fn explanation(failure: Failure, cause: &str, destination: &Destination) -> (String, Remedy) {
    let proxy = destination.proxy_name();
    let check_proxy = Remedy::CheckProxy {
        variable: destination.proxy_variable(),
    };
    // Without TLS there is no tunnel, and every connection is one to the proxy.
    let is_at_proxy = failure.is_at_proxy || (destination.is_plain && destination.proxy.is_some());
    let (target, check_network) = if is_at_proxy {
        (proxy.clone(), check_proxy.clone())
    } else {
        (destination.full(), Remedy::CheckNetwork)
    };
    match failure.cause {
        Cause::ProxyCredentials => {
            let has_credentials = destination.proxy.as_ref().is_some_and(|proxy| proxy.has_credentials);
            let complaint = if has_credentials {
                "rejects the user name or the password"
            } else {
                "requires a user name and a password"
            };
            let remedy = Remedy::AuthenticateToProxy {
                variable: destination.proxy_variable(),
            };
            (format!("{proxy} {complaint}"), remedy)
        }
        Cause::ProxyRefusal => (
            format!("{proxy} does not connect to {}", destination.address),
            check_proxy,
        ),
        Cause::ProxySilence => (
            format!(
                "{proxy} closed the connection before it connected to {}",
                destination.address
            ),
            check_proxy,
        ),
        Cause::Certificate(problem) => {
            let holder = match (&destination.proxy, is_at_proxy) {
                (_, true) => proxy,
                (Some(_), false) => format!("{} (received through {proxy})", destination.address),
                (None, false) => destination.address.clone(),
            };
            let (complaint, remedy) = certificate(problem);
            let remedy = if is_at_proxy && remedy == Remedy::UseCertifiedHost {
                check_proxy
            } else {
                remedy
            };
            (format!("the certificate of {holder} {complaint}"), remedy)
        }
        Cause::UnknownName => (format!("cannot find the address of {target}: {cause}"), check_network),
        Cause::NotTls => {
            let remedy = if is_at_proxy { check_proxy } else { Remedy::CheckScheme };
            (format!("{target} does not respond with TLS"), remedy)
        }
        Cause::Handshake => (
            format!("the TLS handshake with {target} failed: {cause}"),
            check_network,
        ),
        Cause::NoConnection => (format!("cannot connect to {target}: {cause}"), check_network),
        Cause::NotHttp => (
            format!("the response from {} is not HTTP: {cause}", destination.full()),
            Remedy::CheckScheme,
        ),
        Cause::LargeHeaders => ("the response headers are too large".to_owned(), Remedy::CheckBaseUrl),
        Cause::NoResponse => (
            format!("no response from {}: {cause}", destination.full()),
            Remedy::CheckNetwork,
        ),
    }
}

/// Returns what is wrong with a certificate, as the end of a sentence, and what to do about it.
fn certificate(problem: CertificateProblem) -> (String, Remedy) {
    match problem {
        CertificateProblem::UnknownAuthority => (
            "is from a certificate authority that is not trusted".to_owned(),
            Remedy::TrustCertificate,
        ),
        CertificateProblem::OtherHost(None) => ("is for another host".to_owned(), Remedy::UseCertifiedHost),
        CertificateProblem::OtherHost(Some(hosts)) => {
            (format!("is for another host: {hosts}"), Remedy::UseCertifiedHost)
        }
        CertificateProblem::Expired => ("has expired".to_owned(), Remedy::CheckClock),
        CertificateProblem::NotYetValid => ("is not valid yet".to_owned(), Remedy::CheckClock),
        CertificateProblem::IsAuthority => (
            "is a certificate authority's own, and not a server's".to_owned(),
            "Give the server a certificate that is not an authority (CA:FALSE).".into(),
        ),
        CertificateProblem::Other(text) => (format!("is not accepted: {text}"), Remedy::TrustCertificate),
    }
}
