//! Turns a response into a page. The steps are the same for every provider; each provider's own
//! file decides what a refusal means, what a whole response holds and how to read a single item.

use chat_sessions_wire::{Received, decode};
use serde::de::DeserializeOwned;

use crate::config::ApiKey;
use crate::error::{Error, Result, display_id};
use crate::provider::request_context::RequestContext;
use crate::provider::request_id::request_id;
use crate::redact::Secrets;
use crate::source::{PageRequest, SourcePage};

/// The parts of decoding that differ between providers.
pub(crate) trait PageDecoder {
    /// The generated type of a whole response.
    type Raw: DeserializeOwned;

    /// Returns the source of the request, for errors.
    fn context(&self) -> RequestContext<'_>;

    /// Returns the secrets of a request that no error may repeat.
    fn secrets(&self, key: &ApiKey, request: &PageRequest) -> Secrets;

    /// Returns the error for a response whose status is not 200.
    fn refused(context: &RequestContext<'_>, received: &Received) -> Error;

    /// Builds a page from a decoded response; `None` if one of its items is bad.
    fn whole(&self, context: &RequestContext<'_>, received: &Received, raw: Self::Raw) -> Result<Option<SourcePage>>;

    /// Builds a page from a response item by item.
    fn decode_items(&self, context: &RequestContext<'_>, received: &Received, keep_raw: bool) -> Result<SourcePage>;

    /// Turns the outcome of a request into a page or an error, without secrets.
    fn decode_outcome(
        &self,
        outcome: Result<Received>,
        request: &PageRequest,
        secrets: &Secrets,
    ) -> Result<SourcePage> {
        match outcome.and_then(|received| self.decode_response(received, request.keep_raw)) {
            Ok(page) => Ok(redacted(page, secrets)),
            Err(error) => Err(error.redacted(&|text| secrets.redact(text))),
        }
    }

    /// Turns a response into a page or an error.
    fn decode_response(&self, received: Received, keep_raw: bool) -> Result<SourcePage> {
        let context = self.context();
        if received.status != 200 {
            return Err(Self::refused(&context, &received));
        }
        // Normally the response is decoded once. Only if an item is bad, or raw items are kept, are
        // the items decoded one by one from the bytes.
        let whole = match (!keep_raw).then(|| decode(&received.body).ok()).flatten() {
            Some(raw) => self.whole(&context, &received, raw)?,
            None => None,
        };
        let mut page = match whole {
            Some(page) => page,
            None => self.decode_items(&context, &received, keep_raw)?,
        };
        page.request_id = request_id(&received.headers);
        page.body = received.body;
        Ok(page)
    }

    /// Decodes a response without a request having been sent.
    #[cfg(feature = "fuzzing")]
    fn decode_received(&self, key: &ApiKey, received: Received, request: &PageRequest) -> Result<SourcePage> {
        let mut secrets = self.secrets(key, request);
        secrets.add_cookies(&received.headers);
        self.decode_outcome(Ok(received), request, &secrets)
    }
}

/// Redacts every secret in the request id and in the descriptions of bad items. The text of these
/// items stays as the provider sent it.
fn redacted(mut page: SourcePage, secrets: &Secrets) -> SourcePage {
    page.request_id = page.request_id.map(|id| display_id(&secrets.redact(id)));
    for rejected in &mut page.rejected {
        for text in [&mut rejected.pointer, &mut rejected.reason] {
            *text = secrets.redact(std::mem::take(text));
        }
    }
    page
}
