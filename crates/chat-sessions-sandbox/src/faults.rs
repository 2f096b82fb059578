//! Responses that a test or a script requests in place of the ordinary ones.
//!
//! This file has the builder of a fault; `respond` turns it into a response, and `plan` decides
//! which request gets it.

pub(crate) mod echo;
pub(crate) mod echo_form;
pub(crate) mod kind;
pub(crate) mod plan;
pub(crate) mod respond;
pub(crate) mod script;
pub(crate) mod selection;

use std::{ops::RangeBounds, time::Duration};

use crate::{
    dialect::operation::Operation,
    faults::{
        echo_form::EchoForm,
        kind::FaultKind,
        selection::{Selection, Target},
    },
    paging::Paging,
};

/// A scripted response.
///
/// Over HTTP, it is the body of `POST /__sandbox/faults`. The field `fault` is the kind. The fields
/// of the kind are next to it, as are `provider`, `times` (default 1), `always` (default false),
/// `headers`, `large_headers`, `gzip`, `delay_ms`, `hold`, `paging`, `operations`, `from_page` and
/// `to_page`:
///
/// ```json
/// {"provider": "llama-cloud", "times": 2, "fault": "status", "status": 503, "headers": {"retry-after": "1"}}
/// {"provider": "memories-ai", "always": true, "fault": "ordinary", "paging": [{"claimed_total": 7}], "from_page": 3}
/// {"provider": "memories-ai", "fault": "cut_body", "after": 40, "gzip": true, "headers": {"set-cookie": ["a=1", "b=2"]}}
/// ```
#[derive(Clone, Debug)]
pub struct Fault {
    kind: FaultKind,
    headers: Vec<(String, String)>,
    /// The total size of the additional headers in bytes.
    large_headers: usize,
    gzip: bool,
    delay: Duration,
    hold: bool,
    paging: Vec<Paging>,
    selection: Selection,
}

/// The maximum size of the additional headers. They are held in memory, and no known client accepts
/// a hundredth of it.
const MAX_LARGE_HEADERS: usize = 64 * 1024 * 1024;

impl Fault {
    fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            headers: Vec::new(),
            large_headers: 0,
            gzip: false,
            delay: Duration::ZERO,
            hold: false,
            paging: Vec::new(),
            selection: Selection::default(),
        }
    }

    /// The ordinary response. It lets a request in a queue succeed, or is the basis for a header, a
    /// delay or an altered page.
    ///
    /// In JSON: `{"fault": "ordinary"}`.
    #[must_use]
    pub fn ordinary() -> Self {
        Self::new(FaultKind::Ordinary {})
    }

    /// The ordinary page of the list with one alteration.
    ///
    /// In JSON: `{"fault": "ordinary", "paging": [{"short_page": 3}]}`.
    #[must_use]
    pub fn paging(paging: Paging) -> Self {
        Self::ordinary().with_paging(paging)
    }

    /// An HTTP status with an error body in the provider's own format.
    ///
    /// For LlamaCloud, a 422 has a list of validation errors as in `FastAPI`; with
    /// [`with_message`](Self::with_message), it has a plain message like other statuses. A status
    /// below 200 or above 999 becomes 500.
    ///
    /// In JSON: `{"fault": "status", "status": 503, "message": "optional"}`.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::new(FaultKind::Status { status, message: None })
    }

    /// HTTP 200 with a failure envelope of Memories.ai. It can be sent for LlamaCloud too, although
    /// that API has no envelope.
    ///
    /// In JSON: `{"fault": "envelope", "code": "0429", "msg": "Request has exceeded the limit."}`.
    #[must_use]
    pub fn envelope(code: impl Into<String>, msg: impl Into<String>) -> Self {
        Self::new(FaultKind::Envelope {
            code: code.into(),
            msg: msg.into(),
        })
    }

    /// The HTML page of a proxy between client and provider, with this status.
    ///
    /// In JSON: `{"fault": "html", "status": 502}`.
    #[must_use]
    pub fn html(status: u16) -> Self {
        Self::new(FaultKind::Html { status })
    }

    /// The ordinary response with its true `Content-Length`, but the connection is closed after
    /// `after` bytes of the body. At least the last byte is always missing.
    ///
    /// In JSON: `{"fault": "cut_body", "after": 100}`.
    #[must_use]
    pub fn cut_body(after: usize) -> Self {
        Self::new(FaultKind::CutBody { after })
    }

    /// No response: the connection is reset after the request was read.
    ///
    /// In JSON: `{"fault": "reset_before_headers"}`.
    #[must_use]
    pub fn reset_before_headers() -> Self {
        Self::new(FaultKind::ResetBeforeHeaders {})
    }

    /// The ordinary response with its true `Content-Length`, but the connection is reset after
    /// `after` bytes of the body; 0 means right after the headers. At least the last byte is always
    /// missing.
    ///
    /// Unlike with [`cut_body`](Self::cut_body), the client's system reports a connection reset by
    /// the peer, not an early end. The reset waits 20 milliseconds so that it does not overtake the
    /// sent bytes. A client that reads more slowly may receive less of a body that is larger than
    /// its socket's buffer.
    ///
    /// In JSON: `{"fault": "reset_after", "after": 100}`.
    #[must_use]
    pub fn reset_after(after: usize) -> Self {
        Self::new(FaultKind::ResetAfter { after })
    }

    /// The ordinary response with its true `Content-Length`, but after `after` bytes of the body
    /// nothing follows. The connection stays open until the client closes it or the sandbox stops.
    /// At least the last byte is always missing.
    ///
    /// For silence before the headers, use [`with_hold`](Self::with_hold).
    ///
    /// In JSON: `{"fault": "stall", "after": 100}`.
    #[must_use]
    pub fn stall(after: usize) -> Self {
        Self::new(FaultKind::Stall { after })
    }

    /// The ordinary response, padded to this many bytes with white space after the first byte of
    /// its JSON, and with a true `Content-Length`. A client that reads all of it finds an ordinary
    /// page. A response that is already longer stays as it is.
    ///
    /// The body is generated while it is sent, so that its length costs no memory.
    ///
    /// In JSON: `{"fault": "large_body", "bytes": 104857600}`.
    #[must_use]
    pub fn large_body(bytes: u64) -> Self {
        Self::new(FaultKind::LargeBody { bytes })
    }

    /// Like [`large_body`](Self::large_body), but in chunks, so that its length is not announced.
    ///
    /// In JSON: `{"fault": "large_body_chunked", "bytes": 104857600}`.
    #[must_use]
    pub fn large_body_chunked(bytes: u64) -> Self {
        Self::new(FaultKind::LargeBodyChunked { bytes })
    }

    /// Like [`large_body_chunked`](Self::large_body_chunked), but the white space continues until
    /// the client closes the connection or the sandbox stops.
    ///
    /// In JSON: `{"fault": "endless_body"}`.
    #[must_use]
    pub fn endless_body() -> Self {
        Self::new(FaultKind::EndlessBody {})
    }

    /// A small body that expands to this many bytes:
    /// [`large_body_chunked`](Self::large_body_chunked) compressed with gzip to about a thousandth.
    /// It is compressed while it is sent.
    ///
    /// In JSON: `{"fault": "gzip_bomb", "bytes": 104857600}`.
    #[must_use]
    pub fn gzip_bomb(bytes: u64) -> Self {
        Self::new(FaultKind::GzipBomb { bytes })
    }

    /// A redirect with this status to `location`.
    ///
    /// In JSON: `{"fault": "redirect", "status": 302, "location": "http://127.0.0.1:9/"}`.
    #[must_use]
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::new(FaultKind::Redirect {
            status,
            location: location.into(),
        })
    }

    /// Exactly this body with this content type. An empty content type omits the header.
    ///
    /// In JSON:
    /// `{"fault": "raw", "status": 200, "content_type": "application/json", "body": "{}"}`.
    #[must_use]
    pub fn raw(status: u16, content_type: impl Into<String>, body: impl Into<String>) -> Self {
        Self::new(FaultKind::Raw {
            status,
            content_type: content_type.into(),
            body: body.into(),
        })
    }

    /// Like [`raw`](Self::raw), but the body can be any bytes, for example invalid UTF-8.
    ///
    /// In JSON: `{"fault": "raw_bytes", "status": 200, "content_type": "application/json",
    /// "base64": "eyL/In0="}`.
    #[must_use]
    pub fn raw_bytes(status: u16, content_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self::new(FaultKind::RawBytes {
            status,
            content_type: content_type.into(),
            body: body.into(),
        })
    }

    /// An error that repeats what the client sent, as some servers do: the `Authorization` and
    /// `Cookie` headers, the path with the query, and each decoded query parameter. It tests
    /// whether a client keeps credentials out of its error messages.
    ///
    /// The error has the provider's own format unless [`with_form`](Self::with_form) chooses
    /// another one. For Memories.ai, a status below 300 comes with a failure envelope.
    ///
    /// In JSON: `{"fault": "echo", "status": 401, "form": "json"}`; `form` is optional.
    #[must_use]
    pub fn echo(status: u16) -> Self {
        let form = EchoForm::default();
        Self::new(FaultKind::Echo { status, form })
    }

    /// Chooses the format of an [`echo`](Self::echo). It has no effect on other kinds.
    #[must_use]
    pub fn with_form(mut self, chosen: EchoForm) -> Self {
        if let FaultKind::Echo { form, .. } = &mut self.kind {
            *form = chosen;
        }
        self
    }

    /// Sets the message of a [`status`](Self::status) or an [`envelope`](Self::envelope). It has no
    /// effect on other kinds.
    #[must_use]
    pub fn with_message(mut self, text: impl Into<String>) -> Self {
        match &mut self.kind {
            FaultKind::Status { message, .. } => *message = Some(text.into()),
            FaultKind::Envelope { msg, .. } => *msg = text.into(),
            _ => {}
        }
        self
    }

    /// Adds a header, such as `Retry-After`.
    ///
    /// It replaces the response's own header of that name. A second header of the same name, such
    /// as `Set-Cookie`, is sent in addition. The body does not change, whatever `Content-Encoding`
    /// or `Content-Type` claim. Skipped are: a name or value that is invalid in HTTP,
    /// `Content-Length` and `Transfer-Encoding`, which belong to the connection, and everything
    /// after the first 10,000 headers.
    ///
    /// In JSON: `"headers": {"retry-after": "2", "set-cookie": ["a=1", "b=2"]}`.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds headers of about this many bytes in total, at most 64 MiB. The lines have 16 KiB, so
    /// that a mebibyte takes only 64: a client that limits the number of headers accepts them, one
    /// that limits their size does not.
    ///
    /// In JSON: `"large_headers": 1048576`.
    #[must_use]
    pub fn with_large_headers(mut self, bytes: usize) -> Self {
        self.large_headers = bytes.min(MAX_LARGE_HEADERS);
        self
    }

    /// Compresses the body with gzip and sets `Content-Encoding`, whatever the client accepts. A
    /// cut applies to the compressed body.
    ///
    /// In JSON: `"gzip": true`.
    #[must_use]
    pub fn with_gzip(mut self) -> Self {
        self.gzip = true;
        self
    }

    /// Delays the response.
    ///
    /// In JSON: `"delay_ms": 500`.
    #[must_use]
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Holds the response until the faults are cleared or the sandbox stops.
    ///
    /// In JSON: `"hold": true`.
    #[must_use]
    pub fn with_hold(mut self) -> Self {
        self.hold = true;
        self
    }

    /// Adds an alteration of the page. It requires a kind that sends a page of the list:
    /// [`ordinary`](Self::ordinary), [`paging`](Self::paging), or one that cuts or pads the
    /// ordinary response.
    ///
    /// The fault then applies only to requests whose response one of its alterations changes. Most
    /// change pages only; [`Paging`] says which change other responses too. A queued fault waits
    /// for such a request and lets others pass.
    ///
    /// In JSON: `"paging": ["data_null", {"short_page": 3}]`.
    #[must_use]
    pub fn with_paging(mut self, paging: Paging) -> Self {
        self.paging.push(paging);
        self
    }

    /// Restricts the fault to requests for these operations. A queued fault waits for the first
    /// such request and lets others pass; a permanent fault does not affect other requests.
    ///
    /// Without this, a fault applies to all operations. A restriction to an operation that its
    /// alterations do not change, or that has no pages although the fault is restricted to some,
    /// leaves no request; over HTTP, it is rejected.
    ///
    /// In JSON: `"operations": ["session_detail", "scopes"]`.
    #[must_use]
    pub fn on_operations(mut self, operations: impl IntoIterator<Item = Operation>) -> Self {
        self.selection.operations.extend(operations);
        self
    }

    /// Restricts the fault to requests for these pages, counted from 1. A queued fault waits for
    /// the first such request and lets others pass; a permanent fault does not affect other
    /// requests.
    ///
    /// For Memories.ai, the page is the `page` of the query. For LlamaCloud, it is the number of
    /// pages from the beginning of the list to the token, with empty and repeated pages; tokens
    /// contain it, also when a walk is resumed later. A request for the list without such a token
    /// is for page 1. Requests for a session or for the scopes have no page, so the fault does not
    /// apply to them.
    ///
    /// In JSON: `"from_page": 3`, `"to_page": 3`, or both.
    #[must_use]
    pub fn on_pages(mut self, pages: impl RangeBounds<u64>) -> Self {
        self.selection.pages = selection::page_range(&pages);
        self
    }

    /// Returns whether the fault applies to a request.
    pub(crate) fn applies_to(&self, target: Target) -> bool {
        self.selection.includes(target, &self.paging)
    }

    /// How long to delay the response.
    pub(crate) fn delay(&self) -> Duration {
        self.delay
    }

    /// Returns whether to hold the response until the faults are cleared.
    pub(crate) fn holds(&self) -> bool {
        self.hold
    }
}
