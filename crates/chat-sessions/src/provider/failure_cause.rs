//! Finds out why a request has no response: from the errors of the HTTP and TLS libraries to a
//! cause.
//!
//! These libraries have error types of their own, which this crate does not name, so that it does
//! not depend on their versions. Their texts differ by library and not by language, except for the
//! certificate errors of Windows. The tests of the suite `connection_errors` cause each failure with
//! real sockets, so a text that changes is noticed.

use std::error::Error as StdError;

/// Why there is no response.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The proxy requires a user name and a password, or rejects those that it was given.
    ProxyCredentials,
    /// The proxy responded, but did not connect to the host.
    ProxyRefusal,
    /// The connection to the proxy broke before the proxy responded.
    ProxySilence,
    /// The server's certificate is not accepted.
    Certificate(CertificateProblem),
    /// The name of the host has no address.
    UnknownName,
    /// The server responds without TLS.
    NotTls,
    /// There is a connection, but TLS could not be agreed on.
    Handshake,
    /// There is no connection.
    NoConnection,
    /// The server's response is not HTTP.
    NotHttp,
    /// The headers of the response are too large.
    LargeHeaders,
    /// The connection ended before the response began.
    NoResponse,
}

/// Why a certificate is not accepted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CertificateProblem {
    UnknownAuthority,
    /// It is for other hosts, which some libraries name.
    OtherHost(Option<String>),
    Expired,
    NotYetValid,
    /// It is an authority's own, as a short command of OpenSSL creates it for tests.
    IsAuthority,
    /// Another reason, in the words of the TLS library.
    Other(String),
}

/// The cause of a failure, and whether the proxy is at fault instead of the host.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    pub(crate) is_at_proxy: bool,
}

impl Failure {
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        let mut texts = Vec::new();
        let mut cause: Option<&dyn StdError> = Some(error);
        while let Some(inner) = cause {
            // Only reqwest's own error prints the URL, and it adds nothing.
            if !inner.is::<reqwest::Error>() {
                texts.push(inner.to_string());
            }
            cause = inner.source();
        }
        Self::from_texts(&texts, error.is_connect(), error.is_dns())
    }

    /// Decides by the texts of an error and its causes.
    fn from_texts(texts: &[String], is_connect: bool, is_dns: bool) -> Self {
        let contains = |part: &str| texts.iter().any(|text| text.contains(part));
        let tunnel = texts.iter().find_map(|text| text.strip_prefix("tunnel error: "));
        let refusal = match tunnel {
            Some("proxy authorization required") => Some(Cause::ProxyCredentials),
            Some("unsuccessful" | "proxy response headers too long") => Some(Cause::ProxyRefusal),
            Some("unexpected end of file" | "io error establishing tunnel") => Some(Cause::ProxySilence),
            _ => None,
        };
        if let Some(cause) = refusal {
            return Self {
                cause,
                is_at_proxy: true,
            };
        }
        let cause = if let Some(text) = texts.iter().find(|text| text.contains("certificate")) {
            Cause::Certificate(CertificateProblem::from_text(text))
        } else if is_dns {
            Cause::UnknownName
        } else if NOT_TLS.into_iter().any(contains) {
            Cause::NotTls
        } else if is_connect {
            // The HTTP library says this of a connection without TLS.
            let has_no_connection = texts.iter().any(|text| text.starts_with("tcp "));
            if has_no_connection {
                Cause::NoConnection
            } else {
                Cause::Handshake
            }
        } else if contains("head is too large") {
            Cause::LargeHeaders
        } else if texts.iter().any(|text| text.starts_with("invalid HTTP ")) {
            Cause::NotHttp
        } else {
            Cause::NoResponse
        };
        Self {
            cause,
            is_at_proxy: tunnel == Some("failed to create underlying connection"),
        }
    }
}

/// What rustls and OpenSSL say of a response without TLS.
const NOT_TLS: [&str; 3] = ["InvalidContentType", "wrong version number", "packet length too long"];

impl CertificateProblem {
    /// Decides by the text of rustls, OpenSSL or macOS.
    fn from_text(text: &str) -> Self {
        let lower = text.to_lowercase();
        let contains = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
        if contains(&[
            "not valid for name",
            "hostname mismatch",
            "ip address mismatch",
            "notvalidforname",
        ]) {
            Self::OtherHost(presented_names(text))
        } else if contains(&["not valid yet", "not yet valid", "notvalidyet"]) {
            Self::NotYetValid
        } else if contains(&["certificate expired", "has expired", "certificate: expired"]) {
            Self::Expired
        } else if contains(&["causedasendentity"]) {
            Self::IsAuthority
        } else if contains(&[
            "unknownissuer",
            // An authority that was created anew under the same name.
            "badsignature",
            "certificate signature failure",
            "self-signed certificate",
            "self signed certificate",
            "unable to get local issuer certificate",
            "unable to get issuer certificate",
            "unable to verify the first certificate",
            "not trusted",
        ]) {
            Self::UnknownAuthority
        } else {
            Self::Other(text.to_owned())
        }
    }
}

/// Returns the hosts of a certificate, from the text of rustls: `… is only valid for
/// DnsName("a.example") or IpAddress(192.0.2.1)`.
fn presented_names(text: &str) -> Option<String> {
    let (_, names) = text.split_once("is only valid for ")?;
    let names = names.replace("DnsName(", "").replace("IpAddress(", "");
    Some(names.replace(['"', ')'], ""))
}

/// Returns the innermost cause of an error, which contains no URL.
pub(crate) fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn StdError = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    // Only reqwest's own error prints the URL. If it is the innermost one, only its kind can be
    // reported.
    if cause.is::<reqwest::Error>() {
        return if error.is_timeout() {
            "timed out".to_owned()
        } else if error.is_builder() {
            "the request cannot be built".to_owned()
        } else {
            "the request failed".to_owned()
        };
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::{Cause, CertificateProblem, Failure};

    fn cause(texts: &[&str], is_connect: bool, is_dns: bool) -> (Cause, bool) {
        let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
        let failure = Failure::from_texts(&texts, is_connect, is_dns);
        (failure.cause, failure.is_at_proxy)
    }

    /// The texts of OpenSSL 3, which native-tls uses on Linux, and of macOS. The suite
    /// `connection_errors` has those of rustls.
    #[test]
    fn certificates_of_other_tls_libraries_are_understood() {
        let openssl = |reason: &str| {
            format!(
                "error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify \
                 failed:ssl/statem/statem_clnt.c:2091: ({reason})"
            )
        };
        for (text, expected) in [
            (
                openssl("unable to get local issuer certificate"),
                CertificateProblem::UnknownAuthority,
            ),
            (openssl("self-signed certificate"), CertificateProblem::UnknownAuthority),
            (
                openssl("certificate signature failure"),
                CertificateProblem::UnknownAuthority,
            ),
            (
                openssl("self-signed certificate in certificate chain"),
                CertificateProblem::UnknownAuthority,
            ),
            (openssl("hostname mismatch"), CertificateProblem::OtherHost(None)),
            (openssl("IP address mismatch"), CertificateProblem::OtherHost(None)),
            (openssl("certificate has expired"), CertificateProblem::Expired),
            (openssl("certificate is not yet valid"), CertificateProblem::NotYetValid),
            (
                "The certificate was not trusted.".to_owned(),
                CertificateProblem::UnknownAuthority,
            ),
            (
                "invalid peer certificate: Revoked".to_owned(),
                CertificateProblem::Other("invalid peer certificate: Revoked".to_owned()),
            ),
        ] {
            let (found, _) = cause(&["client error (Connect)", &text], true, false);
            assert_eq!(found, Cause::Certificate(expected), "{text}");
        }
    }

    #[test]
    fn a_failure_is_at_the_proxy_until_it_has_connected() {
        let connect = "client error (Connect)";
        let refused = "Connection refused (os error 111)";
        let to_proxy = "tunnel error: failed to create underlying connection";
        for (texts, is_dns, expected) in [
            (
                &[connect, "tcp connect error", refused][..],
                false,
                (Cause::NoConnection, false),
            ),
            (
                &[connect, to_proxy, "tcp connect error", refused],
                false,
                (Cause::NoConnection, true),
            ),
            (
                &[connect, to_proxy, "dns error", "no such name"],
                true,
                (Cause::UnknownName, true),
            ),
            (
                &[connect, to_proxy, "received corrupt message of type InvalidContentType"],
                false,
                (Cause::NotTls, true),
            ),
            (
                &[
                    connect,
                    "error:0A00010B:SSL routines:ssl3_get_record:wrong version number:ssl/record/x.c:354:",
                ],
                false,
                (Cause::NotTls, false),
            ),
            (&[connect, "tls handshake eof"], false, (Cause::Handshake, false)),
            (
                &[connect, "tunnel error: proxy authorization required"],
                false,
                (Cause::ProxyCredentials, true),
            ),
            (
                &[connect, "tunnel error: unsuccessful"],
                false,
                (Cause::ProxyRefusal, true),
            ),
            (
                &[connect, "tunnel error: unexpected end of file"],
                false,
                (Cause::ProxySilence, true),
            ),
        ] {
            assert_eq!(cause(texts, true, is_dns), expected, "{texts:?}");
        }
    }
}
