//! Responses that a test or a script asks for instead of the ordinary ones.
//!
//! This file has the builder of a fault; `respond` turns it into a response, and `plan` decides which request gets it.

pub(crate) mod echo;
pub(crate) mod echo_form;
pub(crate) mod kind;
pub(crate) mod plan;
pub(crate) mod respond;
pub(crate) mod script;

use std::{
    ops::{Bound, RangeBounds, RangeInclusive},
    time::Duration,
};

use crate::{
    faults::{echo_form::EchoForm, kind::FaultKind},
    paging::Paging,
};

/// One scripted answer.
///
/// Over HTTP it is the body of `POST /__sandbox/faults`: the field `fault` names the kind, the fields of the kind stand
/// beside it, and so do `provider`, `times` (default 1), `always` (default false), `headers`, `large_headers`, `gzip`,
/// `delay_ms`, `paging`, `from_page` and `to_page`:
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
    /// How many bytes of further headers.
    large_headers: usize,
    gzip: bool,
    delay: Duration,
    paging: Vec<Paging>,
    /// The first and the last page that it is meant for.
    pages: RangeInclusive<u64>,
}

/// The pages that a fault is meant for when nothing is said. A token never says 0, and a number that does is refused.
const ALL_PAGES: RangeInclusive<u64> = 0..=u64::MAX;

/// The most bytes of large headers: they are held in memory, and no client is known to take a hundredth of it.
const MAX_LARGE_HEADERS: usize = 64 * 1024 * 1024;

impl Fault {
    fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            headers: Vec::new(),
            large_headers: 0,
            gzip: false,
            delay: Duration::ZERO,
            paging: Vec::new(),
            pages: ALL_PAGES,
        }
    }

    /// The ordinary answer: to let a request pass in a script, or to add a header or a delay.
    ///
    /// In JSON: `{"fault": "ordinary"}`.
    #[must_use]
    pub fn ordinary() -> Self {
        Self::new(FaultKind::Ordinary {})
    }

    /// The true page of the list, bent in one way.
    ///
    /// In JSON: `{"fault": "ordinary", "paging": [{"short_page": 3}]}`.
    #[must_use]
    pub fn paging(paging: Paging) -> Self {
        Self::ordinary().with_paging(paging)
    }

    /// An HTTP status with an error body in the provider's own shape.
    ///
    /// For LlamaCloud a 422 has the list of findings that `FastAPI` makes, and with [`with_message`](Self::with_message)
    /// the plain text that other statuses have. A status below 200 or above 999 is answered as 500.
    ///
    /// In JSON: `{"fault": "status", "status": 503, "message": "optional"}`.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::new(FaultKind::Status { status, message: None })
    }

    /// HTTP 200 with a Memories.ai failure in it. LlamaCloud has no envelope; asked for there, it is sent all the same.
    ///
    /// In JSON: `{"fault": "envelope", "code": "0429", "msg": "Request has exceeded the limit."}`.
    #[must_use]
    pub fn envelope(code: impl Into<String>, msg: impl Into<String>) -> Self {
        Self::new(FaultKind::Envelope {
            code: code.into(),
            msg: msg.into(),
        })
    }

    /// The HTML page of something between client and provider, with this status.
    ///
    /// In JSON: `{"fault": "html", "status": 502}`.
    #[must_use]
    pub fn html(status: u16) -> Self {
        Self::new(FaultKind::Html { status })
    }

    /// The ordinary answer with its true `Content-Length`, of whose body only `after` bytes are sent before the
    /// connection ends. At least the last byte is always missing.
    ///
    /// In JSON: `{"fault": "cut_body", "after": 100}`.
    #[must_use]
    pub fn cut_body(after: usize) -> Self {
        Self::new(FaultKind::CutBody { after })
    }

    /// No answer: the connection is reset after the request was read and before the first byte of the answer.
    ///
    /// In JSON: `{"fault": "reset_before_headers"}`.
    #[must_use]
    pub fn reset_before_headers() -> Self {
        Self::new(FaultKind::ResetBeforeHeaders {})
    }

    /// The ordinary answer with its true `Content-Length`, of whose body only `after` bytes are sent before the connection
    /// is reset; 0 is right behind the headers. At least the last byte is always missing.
    ///
    /// It differs from [`cut_body`](Self::cut_body) in what the client's system reports: a connection reset by the peer
    /// instead of an end that came too early. The reset waits 20 milliseconds, since it would overtake what was sent; a
    /// client that reads slower than that may see less of a body that is larger than its socket's buffer.
    ///
    /// In JSON: `{"fault": "reset_after", "after": 100}`.
    #[must_use]
    pub fn reset_after(after: usize) -> Self {
        Self::new(FaultKind::ResetAfter { after })
    }

    /// The ordinary answer with its true `Content-Length`, of whose body only `after` bytes are sent; then the connection
    /// stays open and silent until the client closes it or the sandbox stops. At least the last byte is always missing.
    ///
    /// Silence before the headers is a long [`with_delay`](Self::with_delay).
    ///
    /// In JSON: `{"fault": "stall", "after": 100}`.
    #[must_use]
    pub fn stall(after: usize) -> Self {
        Self::new(FaultKind::Stall { after })
    }

    /// The ordinary answer with so much white space behind the first byte of its JSON that the body has this many bytes,
    /// under a true `Content-Length`. A client that reads all of it finds an ordinary page. An answer that is longer by
    /// itself stays as it is.
    ///
    /// The body is made while it is sent, so its length costs the sandbox no memory.
    ///
    /// In JSON: `{"fault": "large_body", "bytes": 104857600}`.
    #[must_use]
    pub fn large_body(bytes: u64) -> Self {
        Self::new(FaultKind::LargeBody { bytes })
    }

    /// Like [`large_body`](Self::large_body), in chunks, so that nothing tells its length before its end.
    ///
    /// In JSON: `{"fault": "large_body_chunked", "bytes": 104857600}`.
    #[must_use]
    pub fn large_body_chunked(bytes: u64) -> Self {
        Self::new(FaultKind::LargeBodyChunked { bytes })
    }

    /// Like [`large_body_chunked`](Self::large_body_chunked), but the white space goes on until the client closes the
    /// connection or the sandbox stops.
    ///
    /// In JSON: `{"fault": "endless_body"}`.
    #[must_use]
    pub fn endless_body() -> Self {
        Self::new(FaultKind::EndlessBody {})
    }

    /// A small body that expands to this many bytes: [`large_body_chunked`](Self::large_body_chunked) compressed with gzip,
    /// about a thousandth of the size on the wire. It is compressed while it is sent.
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

    /// Exactly this body under this content type; an empty content type sends no such header.
    ///
    /// In JSON: `{"fault": "raw", "status": 200, "content_type": "application/json", "body": "{}"}`.
    #[must_use]
    pub fn raw(status: u16, content_type: impl Into<String>, body: impl Into<String>) -> Self {
        Self::new(FaultKind::Raw {
            status,
            content_type: content_type.into(),
            body: body.into(),
        })
    }

    /// Exactly these bytes under this content type, such as a body that is no UTF-8; otherwise like [`raw`](Self::raw).
    ///
    /// In JSON: `{"fault": "raw_bytes", "status": 200, "content_type": "application/json", "base64": "eyL/In0="}`.
    #[must_use]
    pub fn raw_bytes(status: u16, content_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self::new(FaultKind::RawBytes {
            status,
            content_type: content_type.into(),
            body: body.into(),
        })
    }

    /// An error that repeats what the client sent, as some servers do: its `Authorization` and `Cookie` headers, the path
    /// with the query, and each value of the query, decoded. It shows whether a client keeps credentials out of what it
    /// says of an error.
    ///
    /// The error has the provider's own shape unless [`with_form`](Self::with_form) says otherwise. A status below 300
    /// from Memories.ai carries the envelope of a failure.
    ///
    /// In JSON: `{"fault": "echo", "status": 401, "form": "json"}`, where `form` may be left out.
    #[must_use]
    pub fn echo(status: u16) -> Self {
        let form = EchoForm::default();
        Self::new(FaultKind::Echo { status, form })
    }

    /// Chooses the form of an [`echo`](Self::echo); other kinds have only one.
    #[must_use]
    pub fn with_form(mut self, chosen: EchoForm) -> Self {
        if let FaultKind::Echo { form, .. } = &mut self.kind {
            *form = chosen;
        }
        self
    }

    /// Words the error of a [`status`](Self::status) or an [`envelope`](Self::envelope); other kinds have none.
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
    /// It takes the place of the answer's own header of that name; called again with the same name, such as `Set-Cookie`,
    /// it adds a further one. The body stays as it is, whatever `Content-Encoding` or `Content-Type` claim. A name or a
    /// value that HTTP cannot carry is left out, and so are `Content-Length` and `Transfer-Encoding`, which belong to the
    /// connection, and whatever comes after the first 10,000.
    ///
    /// In JSON: `"headers": {"retry-after": "2", "set-cookie": ["a=1", "b=2"]}`.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds headers of about this many bytes in all, in lines of 16 KiB, so that a mebibyte takes 64 lines: a client that
    /// counts headers lets them pass, and one that counts bytes does not. At most 64 MiB.
    ///
    /// In JSON: `"large_headers": 1048576`.
    #[must_use]
    pub fn with_large_headers(mut self, bytes: usize) -> Self {
        self.large_headers = bytes.min(MAX_LARGE_HEADERS);
        self
    }

    /// Compresses the body with gzip and says so in `Content-Encoding`, whatever the client accepts. Where the body is cut,
    /// the compressed one is.
    ///
    /// In JSON: `"gzip": true`.
    #[must_use]
    pub fn with_gzip(mut self) -> Self {
        self.gzip = true;
        self
    }

    /// Lets the answer wait this long.
    #[must_use]
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Bends the page in a further way. Only [`ordinary`](Self::ordinary), [`paging`](Self::paging) and the faults that
    /// cut or lengthen the ordinary answer have a page of the list.
    #[must_use]
    pub fn with_paging(mut self, paging: Paging) -> Self {
        self.paging.push(paging);
        self
    }

    /// Means only requests for these pages, counted from 1: a queued fault waits for the first such request and lets
    /// others go before it, a standing one leaves the rest alone.
    ///
    /// For Memories.ai it is the `page` of the query. For LlamaCloud it is how many pages the token has come from the
    /// beginning of the list, empty and repeated ones included; a request with a token of the sandbox carries it, also
    /// after an interruption, and any other asks for page 1.
    ///
    /// In JSON: `"from_page": 3`, `"to_page": 3`, or both.
    #[must_use]
    pub fn on_pages(mut self, pages: impl RangeBounds<u64>) -> Self {
        let first = match pages.start_bound() {
            Bound::Included(first) => *first,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => *ALL_PAGES.start(),
        };
        let last = match pages.end_bound() {
            Bound::Included(last) => *last,
            Bound::Excluded(after) => after.saturating_sub(1),
            Bound::Unbounded => *ALL_PAGES.end(),
        };
        self.pages = first..=last;
        self
    }

    /// Whether it is meant for this page.
    pub(crate) fn applies_to_page(&self, page: u64) -> bool {
        self.pages.contains(&page)
    }

    /// How long the answer is to wait.
    pub(crate) fn delay(&self) -> Duration {
        self.delay
    }
}
