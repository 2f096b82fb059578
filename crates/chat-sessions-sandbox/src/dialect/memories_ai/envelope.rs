//! The envelope around every successful response of Memories.ai.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    http::response::ResponseDraft,
    paging::{self, Paging},
};

/// The `unique_id` of the Memories.ai sessions that a client lists by default.
pub const DEFAULT_UNIQUE_ID: &str = "default";

/// The envelope, with its fields in the order of a live response. The document spells some fields
/// in two ways; this spelling is in its example and in live responses. The spelling of its table is
/// available as [`Paging::TableSpelling`].
#[derive(Serialize)]
struct Envelope<T> {
    code: &'static str,
    msg: &'static str,
    data: Option<T>,
    success: bool,
    failed: bool,
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// Reports success with this data, or with `null` if `paging` asks for it.
pub(crate) fn success<T: Serialize>(paging: &[Paging], data: Option<T>) -> ResponseDraft {
    ResponseDraft::json(
        200,
        &Envelope {
            code: "0000",
            msg: "success",
            data: data.filter(|_| !paging.contains(&Paging::DataNull)),
            success: true,
            failed: false,
            unknown: paging::unknown_fields(paging),
        },
    )
}
