//! One recorded response, with what is known of its request.

use serde_json::Value;

/// A text, and what findings call it.
#[derive(Clone, Copy, Debug)]
pub struct NamedText<'t> {
    /// The name, usually the path of a file.
    pub name: &'t str,
    /// The text.
    pub text: &'t str,
}

/// One response, with what is known of its request.
pub(in crate::drift) struct Exchange {
    /// The file, and the line or entry.
    pub(in crate::drift) place: String,
    pub(in crate::drift) request: Option<Request>,
    /// The HTTP status; `None` for a lone body.
    pub(in crate::drift) status: Option<u16>,
    /// The media type of the response without parameters, in lower case.
    pub(in crate::drift) media_type: Option<String>,
    pub(in crate::drift) body: Body,
}

/// A request, with decoded values.
pub(in crate::drift) struct Request {
    /// In lower case.
    pub(in crate::drift) method: String,
    /// Host and port, in lower case.
    pub(in crate::drift) host: String,
    pub(in crate::drift) path: String,
    pub(in crate::drift) query: Vec<(String, String)>,
    pub(in crate::drift) body: Option<Value>,
}

/// The body of a response.
pub(in crate::drift) enum Body {
    /// A HAR without bodies, as some recorders write it.
    NotRecorded,
    Empty,
    Json(Value),
    /// Not JSON.
    Other,
    /// Neither JSON nor anything that its encoding could have produced.
    Undecodable,
}
