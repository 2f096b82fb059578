//! The kinds of fault, as a script writes them in JSON.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, de::Error};

use crate::{faults::echo_form::EchoForm, http::connection::ConnectionEnd};

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum FaultKind {
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

impl FaultKind {
    /// Returns whether the response is a page of the list, which can be altered.
    pub(crate) fn has_page(&self) -> bool {
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

    /// Returns after how many bytes of the body the response stops, and how the connection ends
    /// then.
    pub(crate) fn cut(&self) -> Option<(usize, ConnectionEnd)> {
        match self {
            Self::CutBody { after } => Some((*after, ConnectionEnd::Close)),
            Self::ResetAfter { after } => Some((*after, ConnectionEnd::Reset)),
            Self::Stall { after } => Some((*after, ConnectionEnd::Silence)),
            _ => None,
        }
    }
}

/// Reads standard base64 with padding.
fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = STANDARD.decode(text);
    bytes.map_err(|_| D::Error::custom("`base64` must be standard base64 with padding"))
}
