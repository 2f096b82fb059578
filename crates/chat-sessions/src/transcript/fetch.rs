//! Fetches one transcript.

use crate::error::Result;
use crate::model::{SessionAddress, Transcript};
use crate::retry::Fetcher;
use crate::source::TranscriptRequest;
use crate::transcript::options::Options;

/// Returns the request for one transcript.
pub(super) fn request(address: &SessionAddress, options: &Options) -> TranscriptRequest {
    TranscriptRequest {
        id: address.id.as_str().to_owned(),
        keep_raw: options.keep_raw,
        exchange: (&options.on_exchange).into(),
    }
}

/// Fetches one transcript.
pub(super) async fn fetch(fetcher: Fetcher, request: TranscriptRequest) -> Result<Transcript> {
    let fetched = fetcher.fetch(request).await?;
    let mut transcript = fetched.transcript;
    transcript.request_id = fetched.request_id;
    Ok(transcript)
}
