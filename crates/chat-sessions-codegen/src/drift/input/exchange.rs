//! One recorded response, with as much of its request as is known.

use serde_json::Value;

/// A text and what to call it in findings.
#[derive(Clone, Copy, Debug)]
pub struct NamedText<'t> {
    /// The name, usually the path of a file.
    pub name: &'t str,
    /// The text.
    pub text: &'t str,
}

/// One answer, with as much of its request as is known.
pub(in crate::drift) struct Exchange {
    /// Where it stands: the file, and the line or the entry.
    pub(in crate::drift) place: String,
    pub(in crate::drift) request: Option<Request>,
    /// The HTTP status; a body that comes alone has none.
    pub(in crate::drift) status: Option<u16>,
    /// The media type of the answer without parameters, in lower case.
    pub(in crate::drift) media_type: Option<String>,
    pub(in crate::drift) body: Body,
}

/// A request, values decoded.
pub(in crate::drift) struct Request {
    /// In lower case.
    pub(in crate::drift) method: String,
    /// Host and port, in lower case.
    pub(in crate::drift) host: String,
    pub(in crate::drift) path: String,
    pub(in crate::drift) query: Vec<(String, String)>,
    pub(in crate::drift) body: Option<Value>,
}

/// The body of an answer.
pub(in crate::drift) enum Body {
    /// A HAR without bodies, as some recorders write them.
    NotRecorded,
    Empty,
    Json(Value),
    /// Something else.
    Other,
}
