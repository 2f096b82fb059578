//! The JSON of an error: what its methods return, under their names.

#[cfg(feature = "schemars")]
use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::error::{Error, ErrorKind};
use crate::model::{Provider, Scope};
use crate::pagination::Cursor;
use crate::retry::GaveUp;

/// What happened, to which provider, and what to do about it.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "Error"))]
struct Record<'a> {
    /// What the error means, the same for every provider.
    kind: ErrorKind,
    /// The provider; null if the error does not concern a single one.
    provider: Option<&'a Provider>,
    /// The part of the account.
    scope: Option<&'a Scope>,
    /// The provider's own id of the session that the request was about.
    session: Option<&'a str>,
    /// What happened.
    message: &'a str,
    /// What to do about it.
    hint: Option<String>,
    /// The HTTP status of the response.
    status: Option<u16>,
    /// The provider's own code.
    code: Option<&'a str>,
    /// The id under which the provider logged the request.
    request_id: Option<&'a str>,
    /// The number of seconds that the provider asks to wait.
    retry_after: Option<f64>,
    /// The number of requests made.
    attempts: u32,
    /// The number of seconds waited between these requests.
    waited: f64,
    /// Why the request was not retried.
    gave_up: Option<GaveUp>,
    /// Whether the same request may succeed later.
    temporary: bool,
    /// The cursor to resume from.
    cursor: Option<&'a Cursor>,
    /// The errors of other sources that failed in the same walk.
    others: &'a [Error],
}

impl Serialize for Error {
    /// Writes an object with what the methods return. It holds no more of a response than the message
    /// does; the beginning of an unexpected response is only in [`snippet`](Error::snippet).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Record {
            kind: self.kind(),
            provider: self.provider(),
            scope: self.scope(),
            session: self.session(),
            message: self.message(),
            hint: self.hint(),
            status: self.status(),
            code: self.code(),
            request_id: self.request_id(),
            retry_after: self.retry_after().map(|wait| wait.as_secs_f64()),
            attempts: self.attempts(),
            waited: self.waited().as_secs_f64(),
            gave_up: self.gave_up(),
            temporary: self.is_temporary(),
            cursor: self.cursor(),
            others: self.others(),
        }
        .serialize(serializer)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Error {
    fn schema_name() -> Cow<'static, str> {
        "Error".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Record::json_schema(generator)
    }
}
