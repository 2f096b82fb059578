//! From an answer to a page. The way is the same for every provider; what a refusal means, what a whole answer holds and what
//! a single item is, each provider says in its own file.

use chat_sessions_wire::Received;

use crate::error::{Error, Result, display_id};
use crate::provider::request_context::RequestContext;
use crate::provider::request_id::request_id;
use crate::provider::response::Response;
use crate::redact::Secrets;
use crate::source::{PageRequest, SourcePage};

/// What a provider says of its answers.
pub(crate) trait PageDecoder {
    /// The generated type of a whole answer.
    type Raw;

    /// Names who is asked.
    fn context(&self) -> RequestContext<'_>;

    /// Gives what no error may repeat of a request.
    fn secrets(&self, request: &PageRequest) -> Secrets;

    /// Says what an answer means whose status is not 200.
    fn refused(context: &RequestContext<'_>, received: &Received) -> Error;

    /// Makes a page of an answer that decoded; `None` when an item of it is bad all the same.
    fn whole(&self, context: &RequestContext<'_>, received: &Received, raw: Self::Raw) -> Result<Option<SourcePage>>;

    /// Makes a page of an answer item by item.
    fn decode_items(&self, context: &RequestContext<'_>, received: &Received, keep_raw: bool) -> Result<SourcePage>;

    /// Says what came of a request, without what no error may repeat.
    fn decode_outcome(
        &self,
        outcome: Result<Response<Self::Raw>>,
        request: &PageRequest,
        secrets: &Secrets,
    ) -> Result<SourcePage> {
        match outcome.and_then(|answer| self.decode_response(answer, request.keep_raw)) {
            Ok(page) => Ok(redacted(page, secrets)),
            Err(error) => Err(error.redacted(&|text| secrets.redact(text))),
        }
    }

    /// Says what an answer means.
    fn decode_response(&self, answer: Response<Self::Raw>, keep_raw: bool) -> Result<SourcePage> {
        let context = self.context();
        let (decoded, received) = match answer {
            Response::Decoded(raw, received) => (Some(raw), received),
            Response::Undecodable(received) => (None, received),
            Response::Refused(received) => return Err(Self::refused(&context, &received)),
        };
        // The good path decodes once. Only when an item is bad, or is to be kept as it was sent, are the items decoded one by
        // one from the bytes.
        let whole = match decoded.filter(|_| !keep_raw) {
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

    /// Says what an answer to a request means that was never made.
    #[cfg(feature = "fuzzing")]
    fn decode_received(&self, received: Received, request: &PageRequest) -> Result<SourcePage>
    where
        Self::Raw: serde::de::DeserializeOwned,
    {
        let mut secrets = self.secrets(request);
        secrets.add_cookies(&received.headers);
        self.decode_outcome(Ok(Response::of(received)), request, &secrets)
    }
}

/// Blanks every secret in the id of the request and in what is said of the items that could not be understood; their text
/// itself is the provider's.
fn redacted(mut page: SourcePage, secrets: &Secrets) -> SourcePage {
    page.request_id = page.request_id.map(|id| display_id(&secrets.redact(id)));
    for rejected in &mut page.rejected {
        for text in [&mut rejected.pointer, &mut rejected.reason] {
            *text = secrets.redact(std::mem::take(text));
        }
    }
    page
}
