//! What came back, before it means anything: a response that decoded, one that did not, one that was refused, or none.

use chat_sessions_wire::{Received, Wire};
use progenitor_client::{Error as RawError, ResponseValue};
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};
use crate::provider::http_client::{is_about_a_certificate, root_cause};
use crate::provider::request_context::Asked;
use crate::redact::Secrets;

/// An answer that arrived whole.
#[derive(Debug)]
pub(crate) enum Answer<T> {
    /// Status 200, and the body is what the spec says.
    Decoded(T, Received),
    /// Status 200, and the body is something else, in part or as a whole.
    Undecodable(Received),
    /// Any other status.
    Refused(Received),
}

#[cfg(feature = "fuzzing")]
impl<T> Answer<T> {
    /// Decodes what arrived as a generated client does.
    pub(crate) fn of(received: Received) -> Self
    where
        T: DeserializeOwned,
    {
        if received.status != 200 {
            return Self::Refused(received);
        }
        let decoded = std::str::from_utf8(&received.body).map(serde_json::from_str);
        match decoded {
            Ok(Ok(decoded)) => Self::Decoded(decoded, received),
            Ok(Err(_)) | Err(_) => Self::Undecodable(received),
        }
    }
}

impl Asked<'_> {
    /// Sorts what a raw operation gave, with the record of what arrived, whose cookies are added to the secrets.
    pub(crate) fn sort<T>(
        &self,
        outcome: std::result::Result<ResponseValue<T>, RawError<()>>,
        wire: &Wire,
        secrets: &mut Secrets,
    ) -> Result<Answer<T>> {
        let received = wire.take_received();
        // Also those of an answer that is cut or too large, since what arrived of it is shown.
        if let Some(received) = &received {
            secrets.add_cookies(&received.headers);
        }
        match (outcome, received) {
            (Ok(value), Some(received)) => Ok(Answer::Decoded(value.into_inner(), received)),
            (Err(RawError::InvalidResponsePayload(..)), Some(received)) => Ok(Answer::Undecodable(received)),
            (Err(RawError::UnexpectedResponse(_) | RawError::ErrorResponse(_)), Some(received)) => {
                Ok(Answer::Refused(received))
            }
            (Err(error), received) => Err(self.without_answer(error, received.as_ref())),
            (Ok(_), None) => Err(self
                .error(ErrorKind::Protocol)
                .with_message("the answer left no record of what arrived")),
        }
    }

    /// Says why a raw operation gave no answer.
    fn without_answer(&self, error: RawError<()>, received: Option<&Received>) -> Error {
        match (error, received) {
            (RawError::CommunicationError(error) | RawError::ResponseBodyError(error), received) => {
                self.broken(&error, received)
            }
            (RawError::Custom(message), Some(received)) => self
                .error_about(ErrorKind::Protocol, received)
                .with_message(message)
                .with_hint("That is no list of sessions; check the base URL and the proxy."),
            // The remaining cases are faults of the request itself, which the builder has checked, or an answer
            // without a record, which the wire does not let happen. The wire's own complaint, above, is about what arrived.
            (error, _) => self.error(ErrorKind::InvalidRequest).with_message(match error {
                RawError::InvalidRequest(message) => message,
                _ => "the request could not be made".to_owned(),
            }),
        }
    }

    /// Says why no whole answer came.
    fn broken(&self, error_below: &reqwest::Error, received: Option<&Received>) -> Error {
        let start = |kind| match received {
            Some(received) => self.error_about(kind, received),
            None => self.error(kind),
        };
        let cause = root_cause(error_below);
        if error_below.is_timeout() {
            return start(ErrorKind::Timeout)
                .with_message("no whole answer came in time")
                .with_hint("Try again, or raise the timeout.");
        }
        if received.is_some() {
            return start(ErrorKind::Connect)
                .with_message(format!("the answer broke off: {cause}"))
                .with_hint("Try again.");
        }
        // The HTTP stack bounds the head of an answer, at some hundred KiB, and says so in these words only.
        if cause.contains("head is too large") {
            return start(ErrorKind::Protocol)
                .with_message("the headers of the answer are too large")
                .with_hint("No provider sends such; check the base URL and the proxy.");
        }
        let error = start(ErrorKind::Connect).with_message(format!("no answer: {cause}"));
        if is_about_a_certificate(error_below) {
            return error
                .with_temporary(false)
                .with_hint("Check the base URL; a certificate authority of your own is added with configure_http.");
        }
        error.with_hint("Check the network, the proxy and the base URL.")
    }
}

#[cfg(test)]
mod tests {
    use progenitor_client::{Error as RawError, ResponseValue};

    use crate::config::ApiKey;
    use crate::error::ErrorKind;
    use crate::model::Provider;
    use crate::provider::request_context::Asked;
    use crate::redact::Secrets;

    #[test]
    fn a_request_that_cannot_be_made_says_why() {
        let asked = Asked {
            provider: &Provider::LLAMA_CLOUD,
            scope: None,
            key_origin: "api_key",
        };
        let wire = llama_cloud_client::wire("sk-sandbox").expect("it can stand in a header");
        let mut secrets = Secrets::new(&ApiKey::from("sk-sandbox"), []);
        let refused = RawError::<()>::InvalidRequest("no such path".to_owned());
        let outcome = Err::<ResponseValue<()>, _>(refused);
        let error = asked.sort(outcome, &wire, &mut secrets).expect_err("it was refused");
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::InvalidRequest, "no such path")
        );
    }
}
