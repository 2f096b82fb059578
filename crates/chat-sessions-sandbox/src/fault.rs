//! Answers that a test or a script asks for instead of the ordinary ones.
//!
//! It is responsible for what a fault looks like in each provider's dialect and for its form in JSON. It does not decide
//! which request it meets, and what happens below HTTP is done by the wire.

use std::{
    collections::BTreeMap,
    ops::{Bound, RangeBounds},
    time::Duration,
};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};
use serde_json::{Map, Value};

use crate::{
    Provider,
    answer::Answer,
    dispatch::Asked,
    echo::{self, EchoForm},
    llama_cloud, memories_ai,
    paging::Paging,
    token::unbase64,
    wire::{Ending, Wire},
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
    kind: Kind,
    headers: Vec<(String, String)>,
    /// How many bytes of further headers.
    large_headers: usize,
    gzip: bool,
    delay: Duration,
    paging: Vec<Paging>,
    /// The first and the last page that it is meant for.
    pages: (u64, u64),
}

/// The pages that a fault is meant for when nothing is said. A token never says 0, and a number that does is refused.
const ALL_PAGES: (u64, u64) = (0, u64::MAX);

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case", deny_unknown_fields)]
enum Kind {
    Ordinary {},
    Status {
        status: u16,
        message: Option<String>,
    },
    Envelope {
        code: String,
        msg: String,
    },
    Html {
        status: u16,
    },
    CutBody {
        after: usize,
    },
    ResetBeforeHeaders {},
    ResetAfter {
        after: usize,
    },
    Stall {
        after: usize,
    },
    LargeBody {
        bytes: u64,
    },
    LargeBodyChunked {
        bytes: u64,
    },
    EndlessBody {},
    GzipBomb {
        bytes: u64,
    },
    Redirect {
        status: u16,
        location: String,
    },
    Raw {
        status: u16,
        content_type: String,
        body: String,
    },
    RawBytes {
        status: u16,
        content_type: String,
        #[serde(rename = "base64", deserialize_with = "from_base64")]
        body: Vec<u8>,
    },
    Echo {
        status: u16,
        #[serde(default)]
        form: EchoForm,
    },
}

impl Kind {
    /// Whether the answer holds a page of the list, which can be bent.
    fn has_page(&self) -> bool {
        match self {
            Self::Ordinary {}
            | Self::CutBody { .. }
            | Self::ResetAfter { .. }
            | Self::Stall { .. }
            | Self::LargeBody { .. }
            | Self::LargeBodyChunked { .. }
            | Self::EndlessBody {}
            | Self::GzipBomb { .. } => true,
            Self::Status { .. }
            | Self::Envelope { .. }
            | Self::Html { .. }
            | Self::ResetBeforeHeaders {}
            | Self::Redirect { .. }
            | Self::Raw { .. }
            | Self::RawBytes { .. }
            | Self::Echo { .. } => false,
        }
    }

    /// After how many bytes of the body the answer stops, and what becomes of the connection then.
    fn cut(&self) -> Option<(usize, Ending)> {
        match self {
            Self::CutBody { after } => Some((*after, Ending::Close)),
            Self::ResetAfter { after } => Some((*after, Ending::Reset)),
            Self::Stall { after } => Some((*after, Ending::Silence)),
            _ => None,
        }
    }
}

/// A text in base64, with padding.
fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(Vec::new());
    }
    unbase64(&text).ok_or_else(|| D::Error::custom("`base64` must be base64 with padding"))
}

/// How long one line of large headers is; many servers and proxies allow no longer one.
const HEADER_LINE: usize = 16 * 1024;

/// The most bytes of large headers: they are held in memory, and no client is known to take a hundredth of it.
const MOST_LARGE_HEADERS: usize = 64 * 1024 * 1024;

impl Fault {
    fn new(kind: Kind) -> Self {
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
        Self::new(Kind::Ordinary {})
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
        Self::new(Kind::Status { status, message: None })
    }

    /// HTTP 200 with a Memories.ai failure in it. LlamaCloud has no envelope; asked for there, it is sent all the same.
    ///
    /// In JSON: `{"fault": "envelope", "code": "0429", "msg": "Request has exceeded the limit."}`.
    #[must_use]
    pub fn envelope(code: impl Into<String>, msg: impl Into<String>) -> Self {
        Self::new(Kind::Envelope {
            code: code.into(),
            msg: msg.into(),
        })
    }

    /// The HTML page of something between client and provider, with this status.
    ///
    /// In JSON: `{"fault": "html", "status": 502}`.
    #[must_use]
    pub fn html(status: u16) -> Self {
        Self::new(Kind::Html { status })
    }

    /// The ordinary answer with its true `Content-Length`, of whose body only `after` bytes are sent before the
    /// connection ends. At least the last byte is always missing.
    ///
    /// In JSON: `{"fault": "cut_body", "after": 100}`.
    #[must_use]
    pub fn cut_body(after: usize) -> Self {
        Self::new(Kind::CutBody { after })
    }

    /// No answer: the connection is reset after the request was read and before the first byte of the answer.
    ///
    /// In JSON: `{"fault": "reset_before_headers"}`.
    #[must_use]
    pub fn reset_before_headers() -> Self {
        Self::new(Kind::ResetBeforeHeaders {})
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
        Self::new(Kind::ResetAfter { after })
    }

    /// The ordinary answer with its true `Content-Length`, of whose body only `after` bytes are sent; then the connection
    /// stays open and silent until the client closes it or the sandbox stops. At least the last byte is always missing.
    ///
    /// Silence before the headers is a long [`with_delay`](Self::with_delay).
    ///
    /// In JSON: `{"fault": "stall", "after": 100}`.
    #[must_use]
    pub fn stall(after: usize) -> Self {
        Self::new(Kind::Stall { after })
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
        Self::new(Kind::LargeBody { bytes })
    }

    /// Like [`large_body`](Self::large_body), in chunks, so that nothing tells its length before its end.
    ///
    /// In JSON: `{"fault": "large_body_chunked", "bytes": 104857600}`.
    #[must_use]
    pub fn large_body_chunked(bytes: u64) -> Self {
        Self::new(Kind::LargeBodyChunked { bytes })
    }

    /// Like [`large_body_chunked`](Self::large_body_chunked), but the white space goes on until the client closes the
    /// connection or the sandbox stops.
    ///
    /// In JSON: `{"fault": "endless_body"}`.
    #[must_use]
    pub fn endless_body() -> Self {
        Self::new(Kind::EndlessBody {})
    }

    /// A small body that expands to this many bytes: [`large_body_chunked`](Self::large_body_chunked) compressed with gzip,
    /// about a thousandth of the size on the wire. It is compressed while it is sent.
    ///
    /// In JSON: `{"fault": "gzip_bomb", "bytes": 104857600}`.
    #[must_use]
    pub fn gzip_bomb(bytes: u64) -> Self {
        Self::new(Kind::GzipBomb { bytes })
    }

    /// A redirect with this status to `location`.
    ///
    /// In JSON: `{"fault": "redirect", "status": 302, "location": "http://127.0.0.1:9/"}`.
    #[must_use]
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::new(Kind::Redirect {
            status,
            location: location.into(),
        })
    }

    /// Exactly this body under this content type; an empty content type sends no such header.
    ///
    /// In JSON: `{"fault": "raw", "status": 200, "content_type": "application/json", "body": "{}"}`.
    #[must_use]
    pub fn raw(status: u16, content_type: impl Into<String>, body: impl Into<String>) -> Self {
        Self::new(Kind::Raw {
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
        Self::new(Kind::RawBytes {
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
        Self::new(Kind::Echo { status, form })
    }

    /// Chooses the form of an [`echo`](Self::echo); other kinds have only one.
    #[must_use]
    pub fn with_form(mut self, chosen: EchoForm) -> Self {
        if let Kind::Echo { form, .. } = &mut self.kind {
            *form = chosen;
        }
        self
    }

    /// Words the error of a [`status`](Self::status) or an [`envelope`](Self::envelope); other kinds have none.
    #[must_use]
    pub fn with_message(mut self, text: impl Into<String>) -> Self {
        match &mut self.kind {
            Kind::Status { message, .. } => *message = Some(text.into()),
            Kind::Envelope { msg, .. } => *msg = text.into(),
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
        self.large_headers = bytes.min(MOST_LARGE_HEADERS);
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
            Bound::Unbounded => ALL_PAGES.0,
        };
        let last = match pages.end_bound() {
            Bound::Included(last) => *last,
            Bound::Excluded(after) => after.saturating_sub(1),
            Bound::Unbounded => ALL_PAGES.1,
        };
        self.pages = (first, last);
        self
    }

    /// Whether it is meant for this page.
    pub(crate) fn means(&self, page: u64) -> bool {
        (self.pages.0..=self.pages.1).contains(&page)
    }

    /// How long the answer is to wait.
    pub(crate) fn delay(&self) -> Duration {
        self.delay
    }

    /// Makes the answer; `ordinary` gives the one that would have come, with its page bent.
    pub(crate) fn answer(
        self,
        provider: Provider,
        wire: &Wire,
        asked: &Asked<'_>,
        ordinary: impl FnOnce(&[Paging]) -> Answer,
    ) -> Answer {
        let cut = self.kind.cut();
        let mut answer = match self.kind {
            Kind::Ordinary {} | Kind::CutBody { .. } | Kind::ResetAfter { .. } | Kind::Stall { .. } => {
                ordinary(&self.paging)
            }
            Kind::Status { status, message } => match provider {
                Provider::MemoriesAi => memories_ai::error(status, message.as_deref()),
                Provider::LlamaCloud => llama_cloud::error(status, message.as_deref()),
            },
            Kind::Envelope { code, msg } => memories_ai::failure(200, &code, &msg),
            Kind::Html { status } => Answer::text(status, "text/html; charset=utf-8", html(status)),
            Kind::ResetBeforeHeaders {} => {
                wire.reset_before_head();
                Answer::text(200, "", "")
            }
            Kind::LargeBody { bytes } => ordinary(&self.paging).lengthened(Some(bytes), true),
            Kind::LargeBodyChunked { bytes } => ordinary(&self.paging).lengthened(Some(bytes), false),
            Kind::EndlessBody {} => ordinary(&self.paging).lengthened(None, false),
            Kind::GzipBomb { bytes } => ordinary(&self.paging).lengthened(Some(bytes), false).gzipped(),
            Kind::Redirect { status, location } => {
                let mut answer = Answer::text(status, "", "");
                answer.headers.push(("location".to_owned(), location));
                answer
            }
            Kind::Raw {
                status,
                content_type,
                body,
            } => Answer::text(status, content_type, body),
            Kind::RawBytes {
                status,
                content_type,
                body,
            } => Answer::bytes(status, content_type, body),
            Kind::Echo { status, form } => echo::answer(provider, asked, status, form),
        };
        if self.gzip {
            answer = answer.gzipped();
        }
        answer.headers.extend(self.headers);
        answer.headers.extend(large_headers(self.large_headers));
        if let Some((after, ending)) = cut {
            wire.cut_body_after(answer.short_of(after), ending);
        }
        answer
    }
}

/// Headers of this many bytes, line ends included; the last line may be a little longer than what is left.
fn large_headers(bytes: usize) -> impl Iterator<Item = (String, String)> {
    const NAME: &str = "x-sandbox-filler";
    let around = NAME.len() + ": ".len() + "\r\n".len();
    (0..bytes).step_by(HEADER_LINE).map(move |start| {
        let line = HEADER_LINE.min(bytes - start);
        let value = "x".repeat(line.saturating_sub(around).max(1));
        (NAME.to_owned(), value)
    })
}

/// The page of a proxy that could not reach the provider.
fn html(status: u16) -> String {
    format!(
        "<!DOCTYPE html>\n<html>\n<head><title>{status}</title></head>\n<body>\n<center><h1>{status}</h1></center>\n\
         <hr><center>nginx</center>\n</body>\n</html>\n"
    )
}

/// The body of `POST /__sandbox/faults`.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) provider: Provider,
    pub(crate) times: usize,
    pub(crate) always: bool,
    pub(crate) fault: Fault,
}

impl Script {
    /// Reads a script, or says in words what is wrong with it.
    pub(crate) fn from_json(mut script: Map<String, Value>) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Common {
            provider: Provider,
            times: Option<usize>,
            always: Option<bool>,
        }
        let common: Common = taken(&mut script, &["provider", "times", "always"])?;
        if common.always.is_some() && common.times.is_some() {
            return Err("`times` and `always` exclude each other".to_owned());
        }
        Ok(Self {
            provider: common.provider,
            times: common.times.unwrap_or(1),
            always: common.always.unwrap_or(false),
            fault: Fault::from_json(common.provider, script)?,
        })
    }
}

/// The values of a header in a script: one, or several of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    One(String),
    Several(Vec<String>),
}

impl Fault {
    /// Reads a fault for one provider, or says in words what is wrong with it.
    pub(crate) fn from_json(provider: Provider, mut fault: Map<String, Value>) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Common {
            headers: Option<BTreeMap<String, Values>>,
            large_headers: Option<usize>,
            gzip: Option<bool>,
            delay_ms: Option<u64>,
            paging: Option<Vec<Paging>>,
            from_page: Option<u64>,
            to_page: Option<u64>,
        }
        let names = [
            "headers",
            "large_headers",
            "gzip",
            "delay_ms",
            "paging",
            "from_page",
            "to_page",
        ];
        let common: Common = taken(&mut fault, &names)?;
        let kind: Kind = serde_json::from_value(Value::Object(fault)).map_err(|error| error.to_string())?;
        let paging = common.paging.unwrap_or_default();
        if !paging.is_empty() && !kind.has_page() {
            return Err("this fault answers without a page, so `paging` would do nothing".to_owned());
        }
        if let Some(paging) = paging.iter().find(|paging| !paging.fits(provider)) {
            return Err(format!("{provider} has no place for {paging:?}"));
        }
        let headers = common.headers.unwrap_or_default().into_iter();
        let headers = headers.flat_map(|(name, values)| {
            let values = match values {
                Values::One(value) => vec![value],
                Values::Several(values) => values,
            };
            values.into_iter().map(move |value| (name.clone(), value))
        });
        Ok(Self {
            kind,
            headers: headers.collect(),
            large_headers: common.large_headers.unwrap_or(0).min(MOST_LARGE_HEADERS),
            gzip: common.gzip.unwrap_or(false),
            delay: Duration::from_millis(common.delay_ms.unwrap_or(0)),
            paging,
            pages: (
                common.from_page.unwrap_or(ALL_PAGES.0),
                common.to_page.unwrap_or(ALL_PAGES.1),
            ),
        })
    }
}

/// Takes the fields of these names out of a script.
///
/// What belongs to every fault is taken out first, so that the rest can be refused when it holds an unknown field: a
/// misspelt name in a script would otherwise do nothing and say nothing.
fn taken<T: DeserializeOwned>(script: &mut Map<String, Value>, names: &[&str]) -> Result<T, String> {
    let fields = names.iter().filter_map(|name| script.remove_entry(*name));
    let fields = Value::Object(fields.collect());
    serde_json::from_value(fields).map_err(|error| error.to_string())
}
