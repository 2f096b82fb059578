//! Answers that a test or a script asks for instead of the ordinary ones.
//!
//! It is responsible for what a fault looks like in each provider's dialect and for its form in JSON. It does not decide
//! which request it meets, and what happens below HTTP is done by the wire.

use std::{
    collections::BTreeMap,
    ops::{Bound, RangeBounds},
    time::Duration,
};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{Provider, answer::Answer, llama_cloud, memories_ai, paging::Paging, wire::Wire};

/// One scripted answer.
///
/// Over HTTP it is the body of `POST /__sandbox/faults`: the field `fault` names the kind, the fields of the kind stand
/// beside it, and so do `provider`, `times` (default 1), `always` (default false), `headers`, `delay_ms`, `paging`,
/// `from_page` and `to_page`:
///
/// ```json
/// {"provider": "llama-cloud", "times": 2, "fault": "status", "status": 503, "headers": {"retry-after": "1"}}
/// {"provider": "memories-ai", "always": true, "fault": "ordinary", "paging": [{"claimed_total": 7}], "from_page": 3}
/// ```
#[derive(Clone, Debug)]
pub struct Fault {
    kind: Kind,
    headers: Vec<(String, String)>,
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
    Redirect {
        status: u16,
        location: String,
    },
    Raw {
        status: u16,
        content_type: String,
        body: String,
    },
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            headers: Vec::new(),
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

    /// Adds a header, such as `Retry-After`. A name or a value that HTTP cannot carry is left out.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Lets the answer wait this long.
    #[must_use]
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Bends the page in a further way. Only [`ordinary`](Self::ordinary), [`paging`](Self::paging) and
    /// [`cut_body`](Self::cut_body) answer with a page of the list.
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
    pub(crate) fn answer(self, provider: Provider, wire: &Wire, ordinary: impl FnOnce(&[Paging]) -> Answer) -> Answer {
        let mut answer = match self.kind {
            Kind::Ordinary {} => ordinary(&self.paging),
            Kind::Status { status, message } => match provider {
                Provider::MemoriesAi => memories_ai::error(status, message.as_deref()),
                Provider::LlamaCloud => llama_cloud::error(status, message.as_deref()),
            },
            Kind::Envelope { code, msg } => memories_ai::failure(200, &code, &msg),
            Kind::Html { status } => Answer::text(status, "text/html; charset=utf-8", html(status)),
            Kind::CutBody { after } => {
                let answer = ordinary(&self.paging);
                wire.cut_body_after(after.min(answer.body.len().saturating_sub(1)));
                answer
            }
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
        };
        answer.headers.extend(self.headers);
        answer
    }
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
    ///
    /// What belongs to every kind is taken out first, so that the rest can be refused when it holds an unknown field: a
    /// misspelt name in a script would otherwise do nothing and say nothing.
    pub(crate) fn from_json(mut script: Map<String, Value>) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Common {
            provider: Provider,
            times: Option<usize>,
            always: Option<bool>,
            headers: Option<BTreeMap<String, String>>,
            delay_ms: Option<u64>,
            paging: Option<Vec<Paging>>,
            from_page: Option<u64>,
            to_page: Option<u64>,
        }
        let names = [
            "provider",
            "times",
            "always",
            "headers",
            "delay_ms",
            "paging",
            "from_page",
            "to_page",
        ];
        let common = names
            .into_iter()
            .filter_map(|name| script.remove_entry(name))
            .collect::<Map<_, _>>();
        let common: Common = serde_json::from_value(Value::Object(common)).map_err(|error| error.to_string())?;
        let kind: Kind = serde_json::from_value(Value::Object(script)).map_err(|error| error.to_string())?;
        let (provider, paging) = (common.provider, common.paging.unwrap_or_default());
        if !paging.is_empty() && !matches!(kind, Kind::Ordinary {} | Kind::CutBody { .. }) {
            return Err("this fault answers without a page, so `paging` would do nothing".to_owned());
        }
        if let Some(paging) = paging.iter().find(|paging| !paging.fits(provider)) {
            return Err(format!("{provider} has no place for {paging:?}"));
        }
        if common.always.is_some() && common.times.is_some() {
            return Err("`times` and `always` exclude each other".to_owned());
        }
        let fault = Fault {
            kind,
            headers: common.headers.unwrap_or_default().into_iter().collect(),
            delay: Duration::from_millis(common.delay_ms.unwrap_or(0)),
            paging,
            pages: (
                common.from_page.unwrap_or(ALL_PAGES.0),
                common.to_page.unwrap_or(ALL_PAGES.1),
            ),
        };
        Ok(Self {
            provider,
            times: common.times.unwrap_or(1),
            always: common.always.unwrap_or(false),
            fault,
        })
    }
}
