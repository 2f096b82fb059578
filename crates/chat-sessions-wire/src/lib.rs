//! What the raw clients share on the wire, and nothing else.
//!
//! A generated client gives the typed answer or an error. Around it, every provider needs the same few things, which
//! the generator does not offer: the key as a sensitive header, no header that the provider did not ask for, an upper
//! bound on the body, a record of what arrived (status, headers, bytes), good or bad, an event for whoever watches, and a look
//! at the whole exchange for whoever records it.
//! They live here once, so that the raw crates cannot differ in them. This crate knows no provider, no spec, no retry and no
//! environment.
//!
//! Features: `gzip` asks for compressed answers; `tracing` makes an event of every answer, under the names that
//! OpenTelemetry gives to HTTP. Neither is on by default.
//!
//! A raw crate holds a [`Wire`] as the inner value of its generated `Client` and forwards its hooks to it:
//! [`Wire::prepare`] before the request, [`Wire::execute`] for it, [`Wire::verdict`] after it. Its methods end with
//! [`decoded()`], and its types are read by [`reading`].

mod crossing;
mod decoded;
mod encoding;
mod gathered;
pub mod reading;
mod watch;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, HeaderMap, HeaderValue, InvalidHeaderValue, SET_COOKIE};
use reqwest::{Client, Request, Response, ResponseBuilderExt, Url};

pub use crossing::Crossing;
pub use decoded::decoded;
use gathered::Gathered;

/// The largest body that is read from one answer, in bytes, before decompression and after it: 32 MiB.
///
/// A page of a thousand sessions is a third of a mebibyte, so that anything near the bound is not a list of sessions.
pub const MAX_BODY: usize = 32 * 1024 * 1024;

/// Holds the key of one account and the record of the last answer.
///
/// Clones share the record. [`Wire::fresh`] gives a sibling with a record of its own, which is how calls that run side
/// by side keep their answers apart.
#[derive(Clone)]
pub struct Wire {
    authorization: HeaderValue,
    max_body: usize,
    record: Arc<Mutex<Option<Received>>>,
    observer: Option<crossing::Observer>,
    request_id: Option<RequestId>,
}

/// Reads the id under which a request was logged, for the event about its answer.
pub(crate) type RequestId = Arc<dyn Fn(&Url, &HeaderMap) -> Option<String> + Send + Sync>;

/// What one answer consisted of.
#[derive(Clone)]
#[non_exhaustive]
pub struct Received {
    /// The HTTP status.
    pub status: u16,
    /// The headers of the answer.
    pub headers: HeaderMap,
    /// The body as far as it was read, after decompression; empty where that failed.
    pub body: Bytes,
    /// How the body ended.
    pub end: BodyEnd,
}

/// How a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyEnd {
    /// All of it arrived.
    Complete,
    /// It passed the cap, so that the rest was not read.
    TooLarge,
    /// The connection failed, or a timeout struck, before its end.
    Cut,
    /// All of it arrived, in an encoding that was not asked for or that does not hold what it promises.
    BadEncoding,
}

impl Wire {
    /// Takes the whole value of the `Authorization` header, the scheme included where the provider wants one.
    ///
    /// # Errors
    ///
    /// Fails when the value holds a byte that no header may hold, such as a line break. The error does not repeat it.
    pub fn new(authorization: &str) -> Result<Self, InvalidHeaderValue> {
        let mut authorization = HeaderValue::from_str(authorization)?;
        authorization.set_sensitive(true);
        Ok(Self {
            authorization,
            max_body: MAX_BODY,
            record: Arc::default(),
            observer: None,
            request_id: None,
        })
    }

    /// Bounds the body by `bytes` instead of [`MAX_BODY`].
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Gives a sibling with the same key and bound, and a record of its own.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self {
            record: Arc::default(),
            ..self.clone()
        }
    }

    /// Has the event of every answer hold the id under which the request was logged, as this function reads it off the address
    /// and the headers of the answer. A server may repeat anything there, so that the function takes secrets out.
    #[must_use]
    pub fn telling(mut self, request_id: impl Fn(&Url, &HeaderMap) -> Option<String> + Send + Sync + 'static) -> Self {
        self.request_id = Some(Arc::new(request_id));
        self
    }

    /// Takes the record of the last answer; `None` when no answer arrived since it was last taken.
    #[must_use]
    pub fn take_received(&self) -> Option<Received> {
        self.lock().take()
    }

    /// Sets the key, and asks for what the features of this crate can take.
    pub fn prepare(&self, request: &mut Request) {
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, self.authorization.clone());
        #[cfg(feature = "gzip")]
        headers.insert(http::header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }

    /// Sends the request and reads the body to its end or to the bound, keeping a record of it.
    ///
    /// # Errors
    ///
    /// Fails as `reqwest` does when no answer comes or when the body breaks off; in the latter case the record holds
    /// what had arrived.
    pub async fn execute(&self, client: &Client, request: Request) -> reqwest::Result<Response> {
        let watched = watch::Watched::new(&request);
        let mut observed = self
            .observer
            .as_ref()
            .map(|observer| crossing::UnderWay::new(observer, &request));
        // An error prints the URL, which holds page tokens.
        let response = client.execute(request).await.map_err(reqwest::Error::without_url);
        let mut response = response.inspect_err(|error| {
            watched.failed(error);
            if let Some(observed) = &mut observed {
                observed.tell(None, Some(error));
            }
        })?;
        if let Some(observed) = &mut observed {
            observed.answered(&response);
        }
        // An error can also print the headers of the answer, and a session cookie is as good as a key.
        for (name, value) in response.headers_mut() {
            value.set_sensitive(value.is_sensitive() || name == SET_COOKIE);
        }
        let (mut body, mut end) = self.read(&mut response).await;
        watched.answered(&response, body.len(), end.as_ref().err(), self.request_id.as_ref());
        if matches!(end, Ok(BodyEnd::Complete)) {
            let encoding = response.headers().get(CONTENT_ENCODING).map(HeaderValue::as_bytes);
            (body, end) = match encoding::decoded(body, encoding, self.max_body) {
                Ok(body) => (body, Ok(BodyEnd::Complete)),
                Err(bad) => (Bytes::new(), Ok(bad)),
            };
        }

        let received = Received {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: body.clone(),
            end: *end.as_ref().unwrap_or(&BodyEnd::Cut),
        };
        if let Some(observed) = &mut observed {
            observed.tell(Some(&received), end.as_ref().err());
        }
        *self.lock() = Some(received);
        end?;

        // Without an address, one would be made up and parsed for every answer. It is printed with it, and a query holds page
        // tokens.
        let mut url = response.url().clone();
        url.set_query(None);
        let with_url = http::Response::builder().url(url);
        let mut rebuilt = with_url.body(()).unwrap_or_default().map(|()| body);
        *rebuilt.status_mut() = response.status();
        std::mem::swap(rebuilt.headers_mut(), response.headers_mut());
        Ok(rebuilt.into())
    }

    /// Reads the body to its end or to the bound. One that says beforehand that it is too large is not read at all.
    async fn read(&self, response: &mut Response) -> (Bytes, reqwest::Result<BodyEnd>) {
        let most = self.max_body;
        let announced = response.content_length();
        if announced.is_some_and(|length| length > most as u64) {
            return (Bytes::new(), Ok(BodyEnd::TooLarge));
        }
        let mut body = Gathered::default();
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

    /// Turns a body that must not be decoded into an error: one over the bound, or in an encoding that was not asked for.
    ///
    /// # Errors
    ///
    /// Fails when the last body was such a one.
    #[allow(clippy::result_large_err, reason = "the generated hooks fix this type")]
    pub fn verdict<E>(&self) -> Result<(), progenitor_client::Error<E>> {
        let end = self.lock().as_ref().map(|received| received.end);
        let complaint = match end {
            Some(BodyEnd::TooLarge) => format!("the answer is larger than {} MiB", self.max_body / (1024 * 1024)),
            Some(BodyEnd::BadEncoding) => {
                "the answer is compressed in a way that was not asked for or that is broken".to_owned()
            }
            _ => return Ok(()),
        };
        Err(progenitor_client::Error::Custom(complaint))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Received>> {
        // A panic elsewhere cannot leave a half-written record: it is replaced as a whole.
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire")
            .field("authorization", &"[redacted]")
            .finish_non_exhaustive()
    }
}

impl Received {
    /// Makes the record of an answer that arrived whole, for tests of those who read such records.
    #[must_use]
    pub fn new(status: u16, headers: HeaderMap, body: Bytes) -> Self {
        Self {
            status,
            headers,
            body,
            end: BodyEnd::Complete,
        }
    }
}

impl fmt::Debug for Received {
    /// Shows the status and the length only: headers can hold cookies, and bodies hold what people wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("status", &self.status)
            .field("end", &self.end)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
