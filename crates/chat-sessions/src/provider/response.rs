//! The outcome of a request before it is interpreted: a decoded response, one that does not decode,
//! a refusal, or no response.

use chat_sessions_wire::{Received, ResponseSlot};
use progenitor_client::{Error as RawError, ResponseValue};

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::provider::network::Destination;
use crate::provider::request_context::RequestContext;
use crate::redact::Secrets;

/// A response that arrived completely.
#[derive(Debug)]
pub(crate) enum Response<T> {
    /// Status 200, with a body that matches the spec.
    Decoded(T, Received),
    /// Status 200, with a body that does not match the spec, in part or as a whole.
    Undecodable(Received),
    /// Any other status.
    Refused(Received),
}

#[cfg(feature = "fuzzing")]
impl<T> Response<T> {
    /// Decodes a received response as a generated client does.
    pub(crate) fn of(received: Received) -> Self
    where
        T: serde::de::DeserializeOwned,
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

/// The status of a response.
enum Status {
    /// 200.
    Expected,
    Other,
}

impl RequestContext<'_> {
    /// Classifies the outcome of a raw operation, using the record of the response, and adds the
    /// response's cookies to the secrets. An error names the destination.
    pub(crate) fn classify<T>(
        &self,
        outcome: std::result::Result<ResponseValue<T>, RawError<()>>,
        slot: &ResponseSlot,
        destination: &Destination,
        secrets: &mut Secrets,
    ) -> Result<Response<T>> {
        let (decoded, error) = match outcome {
            Ok(value) => (Some(value.into_inner()), None),
            Err(error) => (None, Some(error)),
        };
        Ok(match self.classify_status(error, slot, destination, secrets)? {
            (Status::Expected, received) => match decoded {
                Some(decoded) => Response::Decoded(decoded, received),
                None => Response::Undecodable(received),
            },
            (Status::Other, received) => Response::Refused(received),
        })
    }

    /// Does what is the same for all operations.
    fn classify_status(
        &self,
        error: Option<RawError<()>>,
        slot: &ResponseSlot,
        destination: &Destination,
        secrets: &mut Secrets,
    ) -> Result<(Status, Received)> {
        let received = slot.take();
        // This includes a response that is cut off or too large, because the part that arrived is
        // shown.
        if let Some(received) = &received {
            secrets.add_cookies(&received.headers);
        }
        match (error, received) {
            (None | Some(RawError::InvalidResponsePayload(..)), Some(received)) => Ok((Status::Expected, received)),
            (Some(RawError::UnexpectedResponse(_) | RawError::ErrorResponse(_)), Some(received)) => {
                Ok((Status::Other, received))
            }
            (Some(error), received) => Err(self.no_response_error(error, received.as_ref(), destination)),
            (None, None) => Err(self
                .error(ErrorKind::Protocol)
                .with_message("the response was not captured, which is a bug")),
        }
    }

    /// Returns the error of a raw operation without a response.
    fn no_response_error(&self, error: RawError<()>, received: Option<&Received>, destination: &Destination) -> Error {
        match (error, received) {
            (RawError::CommunicationError(error) | RawError::ResponseBodyError(error), received) => {
                // The URL has the query.
                self.transport_error(&error, received, destination)
                    .with_source(error.without_url())
            }
            (RawError::Custom(message), Some(received)) => self
                .response_error(ErrorKind::Protocol, received)
                .with_message(message)
                .with_remedy(Remedy::CheckBaseUrl),
            // The remaining cases are faults of the request itself, which the builder has checked,
            // or a response without a record, which the wire prevents. The wire's own errors,
            // above, are about the response.
            (error, _) => self.error(ErrorKind::InvalidRequest).with_message(match error {
                RawError::InvalidRequest(message) => message,
                _ => "the request could not be made".to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use chat_sessions_wire::ResponseSlot;
    use progenitor_client::{Error as RawError, ResponseValue};

    use crate::config::{ApiKey, BaseUrl};
    use crate::error::ErrorKind;
    use crate::model::Provider;
    use crate::provider::network::Destination;
    use crate::provider::request_context::RequestContext;
    use crate::redact::Secrets;

    #[test]
    fn a_request_that_cannot_be_made_says_why() {
        let context = RequestContext {
            provider: &Provider::LLAMA_CLOUD,
            scope: None,
            key_origin: "api_key",
        };
        let mut secrets = Secrets::new(&ApiKey::from("sk-sandbox"), []);
        let refused = RawError::<()>::InvalidRequest("no such path".to_owned());
        let outcome = Err::<ResponseValue<()>, _>(refused);
        let destination = Destination::new(&BaseUrl::parse("127.0.0.1", None).expect("it is valid"));
        let error = context
            .classify(outcome, &ResponseSlot::default(), &destination, &mut secrets)
            .expect_err("it was refused");
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::InvalidRequest, "no such path")
        );
    }
}
