//! The state of a raw client: the key for each request, and the record of each response.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue,
    SET_COOKIE,
};
use reqwest::{Client, Request, Response, ResponseBuilderExt, StatusCode, Url};

use crate::body_buffer::BodyBuffer;
use crate::body_end::BodyEnd;
use crate::capture::{Capture, Observer, PendingCapture};
use crate::encoding;
use crate::events::{ReadRequestId, RequestEvents};
use crate::received::{ReceiveError, Received, ResponseSlot};

/// The maximum size of a response body in bytes, before decompression and after it: 32 MiB.
///
/// A page of a thousand sessions is a third of a mebibyte, so a body near the limit is not a list
/// of sessions.
pub const MAX_BODY: usize = 32 * 1024 * 1024;

/// Holds the key of one account and the record of the last response.
///
/// Clones share the record, so parallel requests overwrite it. [`Wire::receive`] returns the response
/// and leaves the record alone.
#[derive(Clone)]
pub struct Wire {
    key_header: HeaderName,
    key: HeaderValue,
    max_body: usize,
    slot: ResponseSlot,
    observer: Option<Observer>,
    request_id: Option<ReadRequestId>,
    resend_count: u32,
}

impl Wire {
    /// Takes the whole value of the `Authorization` header, including the scheme if the provider
    /// requires one.
    ///
    /// # Errors
    ///
    /// Fails if the value holds a byte that a header may not hold, such as a line break. The error
    /// does not repeat the value.
    pub fn new(authorization: &str) -> Result<Self, InvalidHeaderValue> {
        Self::with_key_header(AUTHORIZATION, authorization)
    }

    /// Takes the whole value of another header, such as `x-api-key`, for a provider that expects the
    /// key there.
    ///
    /// # Errors
    ///
    /// The same as those of [`new`](Self::new).
    pub fn with_key_header(header: HeaderName, key: &str) -> Result<Self, InvalidHeaderValue> {
        let mut key = HeaderValue::from_str(key)?;
        key.set_sensitive(true);
        Ok(Self {
            key_header: header,
            key,
            max_body: MAX_BODY,
            slot: ResponseSlot::default(),
            observer: None,
            request_id: None,
            resend_count: 0,
        })
    }

    /// Limits the body to `bytes` instead of [`MAX_BODY`].
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Calls a function with every request and its response, including requests that fail or are
    /// cancelled.
    ///
    /// The function runs where the request runs and should not block.
    #[must_use]
    pub fn observed_by(self, observer: impl Fn(&Capture<'_>) + Send + Sync + 'static) -> Self {
        Self {
            observer: Some(Arc::new(observer)),
            ..self
        }
    }

    /// Adds to the event of every response the id under which the request was logged. The function
    /// reads it from the address and the headers of the response. A server may repeat anything in
    /// them, so the function must remove secrets.
    #[must_use]
    pub fn log_request_ids(
        mut self,
        request_id: impl Fn(&Url, &HeaderMap) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.request_id = Some(Arc::new(request_id));
        self
    }

    /// Says how often the request was sent before, for its span.
    #[must_use]
    pub fn resent(self, count: u32) -> Self {
        Self {
            resend_count: count,
            ..self
        }
    }

    /// Takes the record of the last response; `None` if no response has arrived since the last
    /// call.
    #[must_use]
    pub fn take_received(&self) -> Option<Received> {
        self.slot.take()
    }

    /// Sets the key, and requests the encodings that the features of this crate support.
    pub fn prepare(&self, request: &mut Request) {
        let headers = request.headers_mut();
        headers.insert(self.key_header.clone(), self.key.clone());
        // Without this header, a server may choose any encoding (RFC 9110, section 12.5.3).
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(encoding::ACCEPTED));
    }

    /// Sends a request that was built by a raw client, with the key, and returns the response without
    /// decoding it. [`take_received`](Self::take_received) does not return it.
    ///
    /// # Errors
    ///
    /// Fails if there is no response, if its body breaks off, or if a body with status 200 must not be
    /// decoded: one over the size limit, or in an encoding that was not requested.
    pub async fn receive(&self, client: &Client, mut request: Request) -> Result<Received, ReceiveError> {
        self.prepare(&mut request);
        let sent = self.send(client, request).await;
        let Reply { received, cut, .. } = sent.map_err(|error| ReceiveError::Transport { error, received: None })?;
        if let Some(error) = cut {
            let received = Some(received);
            return Err(ReceiveError::Transport { error, received });
        }
        match self.body_problem(&received) {
            Some(problem) => Err(ReceiveError::Body { problem, received }),
            None => Ok(received),
        }
    }

    /// Sends the request, reads the body up to the size limit, and keeps a record of it.
    ///
    /// # Errors
    ///
    /// Fails as `reqwest` does if there is no response or if the body breaks off; in the latter
    /// case the record holds the part that arrived.
    pub async fn execute(&self, client: &Client, request: Request) -> reqwest::Result<Response> {
        let Reply {
            received,
            status,
            cut,
            mut url,
        } = self.send(client, request).await?;
        let (headers, body) = (received.headers.clone(), received.body.clone());
        self.slot.put(received);
        if let Some(cut) = cut {
            return Err(cut);
        }
        // Without a URL, `reqwest` would make up and parse one for every response. A response
        // prints its URL, and a query holds page tokens, so the query is removed.
        url.set_query(None);
        let with_url = http::Response::builder().url(url);
        let mut response = with_url.body(()).unwrap_or_default().map(|()| body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response.into())
    }

    /// Sends the request and reads the body up to the size limit, inside a span.
    async fn send(&self, client: &Client, request: Request) -> reqwest::Result<Reply> {
        let watched = RequestEvents::new(&request, self.resend_count);
        watched.watch(self.exchange(client, request, &watched)).await
    }

    async fn exchange(&self, client: &Client, request: Request, watched: &RequestEvents) -> reqwest::Result<Reply> {
        let mut observed = self
            .observer
            .as_ref()
            .map(|observer| PendingCapture::new(observer, &request));
        // An error prints the URL, which holds page tokens.
        let response = client.execute(request).await.map_err(reqwest::Error::without_url);
        let mut response = response.inspect_err(|error| {
            watched.failed(error);
            if let Some(observed) = &mut observed {
                observed.report(None, Some(error));
            }
        })?;
        if let Some(observed) = &mut observed {
            observed.answered(&response);
        }
        // An error can also print the headers of the response, and a session cookie is as good as a
        // key.
        for (name, value) in response.headers_mut() {
            value.set_sensitive(value.is_sensitive() || name == SET_COOKIE);
        }
        let (mut body, mut end) = self.read(&mut response).await;
        watched.answered(&response, body.len(), end.as_ref().err(), self.request_id.as_ref());
        if matches!(end, Ok(BodyEnd::Complete)) {
            let encoding = response.headers().get(CONTENT_ENCODING).map(HeaderValue::as_bytes);
            (body, end) = match encoding::decoded(&body, encoding, self.max_body) {
                Ok(text) => (text, Ok(BodyEnd::Complete)),
                // What no header calls compressed is kept as evidence.
                Err(bad) if encoding::is_plain(encoding) => (body, Ok(bad)),
                Err(bad) => (Bytes::new(), Ok(bad)),
            };
        }

        let received = Received {
            status: response.status().as_u16(),
            headers: std::mem::take(response.headers_mut()),
            body,
            end: *end.as_ref().unwrap_or(&BodyEnd::Cut),
        };
        let cut = end.err();
        if let Some(observed) = &mut observed {
            observed.report(Some(&received), cut.as_ref());
        }
        Ok(Reply {
            received,
            status: response.status(),
            cut,
            url: response.url().clone(),
        })
    }

    /// Reads the body up to the size limit. A body that is announced to be too large is not read at
    /// all.
    async fn read(&self, response: &mut Response) -> (Bytes, reqwest::Result<BodyEnd>) {
        let most = self.max_body;
        let announced = response.content_length();
        if announced.is_some_and(|length| length > most as u64) {
            return (Bytes::new(), Ok(BodyEnd::TooLarge));
        }
        let mut body = BodyBuffer::default();
        let end = loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > most => break Ok(BodyEnd::TooLarge),
                Ok(Some(chunk)) => body.add(chunk, announced),
                Ok(None) => break Ok(BodyEnd::Complete),
                Err(cut) => break Err(cut.without_url()),
            }
        };
        (body.whole(), end)
    }

    /// Returns an error for a body that must not be decoded: one over the size limit, or in an
    /// encoding that was not requested. A response whose status is not 200 passes, because it is not
    /// decoded, and its status says more.
    ///
    /// # Errors
    ///
    /// Fails if the last body was such a one.
    #[allow(clippy::result_large_err, reason = "the generated hooks fix this type")]
    pub fn check_body<E>(&self) -> Result<(), progenitor_client::Error<E>> {
        match self.slot.inspect(|received| self.body_problem(received)) {
            Some(problem) => Err(progenitor_client::Error::Custom(problem)),
            None => Ok(()),
        }
    }

    fn body_problem(&self, received: &Received) -> Option<String> {
        match received.end {
            _ if received.status != 200 => None,
            BodyEnd::TooLarge => Some(format!(
                "the response is larger than {} MiB",
                self.max_body / (1024 * 1024)
            )),
            BodyEnd::BadEncoding => received.encoding_problem(),
            BodyEnd::Complete | BodyEnd::Cut => None,
        }
    }
}

/// A response, as far as it arrived.
struct Reply {
    received: Received,
    status: StatusCode,
    /// Why the body broke off.
    cut: Option<reqwest::Error>,
    url: Url,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire")
            .field("key_header", &self.key_header)
            .field("key", &"[redacted]")
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_says_which_encodings_it_accepts() {
        let mut request = Request::new(http::Method::GET, Url::parse("http://[::1]").unwrap());
        Wire::new("sk-example").unwrap().prepare(&mut request);
        let accepted = request.headers().get(ACCEPT_ENCODING).unwrap();
        assert_eq!(accepted, if cfg!(feature = "gzip") { "gzip" } else { "identity" });
    }
}
