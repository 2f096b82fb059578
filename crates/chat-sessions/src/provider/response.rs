//! The outcome of a request before it is interpreted: a complete response, or none.

use chat_sessions_wire::{ReceiveError, Received};
use progenitor_client::Error as RawError;
use reqwest::Request;

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::provider::network::Destination;
use crate::provider::request_context::RequestContext;
use crate::redact::Secrets;

impl RequestContext<'_> {
    /// Returns the request that a raw client has built.
    pub(crate) fn built(&self, request: std::result::Result<Request, RawError<()>>) -> Result<Request> {
        // What a request consists of has been checked before.
        request.map_err(|error| {
            let refused = self.error(ErrorKind::InvalidRequest);
            match error {
                RawError::InvalidRequest(message) => refused.with_message(message),
                RawError::CommunicationError(error) => refused
                    .with_message("the request could not be made")
                    .with_source(error.without_url()),
                _ => refused.with_message("the request could not be made"),
            }
        })
    }

    /// Returns the complete response, and adds its cookies to the secrets. An error names the destination.
    pub(crate) fn response(
        &self,
        outcome: std::result::Result<Received, ReceiveError>,
        destination: &Destination,
        secrets: &mut Secrets,
    ) -> Result<Received> {
        // This includes a response that is cut off or too large, because the part that arrived is
        // shown.
        if let Some(received) = outcome.as_ref().map_or_else(ReceiveError::received, Some) {
            secrets.add_cookies(&received.headers);
        }
        outcome.map_err(|error| self.no_response_error(error, destination))
    }

    fn no_response_error(&self, error: ReceiveError, destination: &Destination) -> Error {
        match error {
            // The URL has the query.
            ReceiveError::Transport { error, received } => self
                .transport_error(&error, received.as_ref(), destination)
                .with_source(error.without_url()),
            ReceiveError::Body { problem, received } => self
                .response_error(ErrorKind::Protocol, &received)
                .with_message(problem)
                .with_remedy(Remedy::CheckBaseUrl),
            error => self.error(ErrorKind::Protocol).with_message(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use progenitor_client::Error as RawError;

    use crate::error::ErrorKind;
    use crate::model::Provider;
    use crate::provider::request_context::RequestContext;

    #[test]
    fn a_request_that_cannot_be_made_says_why() {
        let context = RequestContext {
            provider: &Provider::LLAMA_CLOUD,
            scope: None,
            key_origin: "api_key",
        };
        let refused = RawError::<()>::InvalidRequest("no such path".to_owned());
        let error = context.built(Err(refused)).expect_err("it was refused");
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::InvalidRequest, "no such path")
        );
    }
}
