//! Reads the envelope around every response of Memories.ai: success or failure, and which failure.

use chat_sessions_wire::Received;
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Remedy};
use crate::provider::json::Members;
use crate::provider::request_context::RequestContext;
use crate::provider::status::as_clause;

/// The part of the envelope that distinguishes success from failure.
pub(super) struct EnvelopeStatus {
    pub(super) code: Option<String>,
    pub(super) msg: Option<String>,
    pub(super) success: Option<bool>,
    pub(super) failed: Option<bool>,
}

/// A failure that an envelope reports.
pub(super) struct Failure {
    pub(super) kind: ErrorKind,
    pub(super) code: String,
    pub(super) msg: Option<String>,
    pub(super) temporary: bool,
    pub(super) remedy: Option<Remedy>,
    /// Whether the documentation lists the code.
    pub(super) known: bool,
}

/// The documented members of the envelope.
pub(super) const ENVELOPE: [&str; 5] = ["code", "msg", "success", "failed", "data"];

impl EnvelopeStatus {
    /// Reads an envelope more leniently than the spec: for responses that do not decode as a whole.
    pub(super) fn of(envelope: &Members<'_>) -> Self {
        Self::by(|name| envelope.value(name))
    }

    /// Reads an envelope as [`of`](Self::of) does, from JSON.
    pub(super) fn of_json(envelope: &Value) -> Self {
        Self::by(|name| envelope.get(name).cloned().filter(|value| !value.is_null()))
    }

    /// Reads the members that have another type than documented, from the unknown fields.
    pub(super) fn of_fields(fields: &Map<String, Value>) -> Self {
        Self::by(|name| fields.get(name).cloned())
    }

    /// Fills in what this status does not have.
    pub(super) fn or_else(self, other: &Self) -> Self {
        Self {
            code: self.code.or_else(|| other.code.clone()),
            msg: self.msg.or_else(|| other.msg.clone()),
            success: self.success.or(other.success),
            failed: self.failed.or(other.failed),
        }
    }

    fn by(value: impl Fn(&str) -> Option<Value>) -> Self {
        let text = |name| match value(name)? {
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        };
        let flag = |name| value(name).as_ref().and_then(Value::as_bool);
        Self {
            code: text("code"),
            msg: text("msg"),
            success: flag("success"),
            failed: flag("failed"),
        }
    }

    /// Returns the failure in the envelope; `None` if it reports success.
    pub(super) fn failure(self) -> Option<Failure> {
        // Sibling services of the same provider spell success in the other ways.
        let success_code = self
            .code
            .as_deref()
            .is_none_or(|code| matches!(code, "0000" | "0" | "200" | "SUCCESS"));
        if success_code && self.success != Some(false) && self.failed != Some(true) {
            return None;
        }
        let contradicts_itself = success_code;
        let code = self.code.unwrap_or_default();
        let msg = self.msg;
        let lower = msg.as_deref().unwrap_or_default().to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));

        let (kind, temporary, remedy) = match code.as_str() {
            _ if contradicts_itself => (ErrorKind::Protocol, false, None),
            "0401" | "9009" => (ErrorKind::Auth, false, None),
            "0402" => (ErrorKind::Quota, false, None),
            "0403" => (ErrorKind::Permission, false, Some(Remedy::CheckAccount)),
            "0409" => (ErrorKind::Conflict, false, None),
            "0429" => (
                ErrorKind::RateLimited,
                true,
                Some(Remedy::Wait {
                    requests_per_second: Some(5),
                }),
            ),
            _ if says(&["exceeded the limit"]) => (
                ErrorKind::RateLimited,
                true,
                Some(Remedy::Wait {
                    requests_per_second: None,
                }),
            ),
            // 0001 is documented for wrong parameters; the provider's own client treats it as a
            // transient failure.
            "0001" if says(&["network", "abnormal", "try again"]) => {
                (ErrorKind::Server, true, Some(Remedy::RetryLater))
            }
            "0001" if says(&["not found"]) => (ErrorKind::NotFound, false, None),
            "0001" | "0003" => (ErrorKind::InvalidRequest, false, None),
            _ => (ErrorKind::Server, false, None),
        };
        let known = matches!(
            code.as_str(),
            "0001" | "0003" | "0401" | "0402" | "0403" | "0409" | "0429" | "9009"
        );
        let msg = match contradicts_itself {
            true => Some("the response reports both success and failure".to_owned()),
            false => msg.as_deref().and_then(as_clause),
        };
        Some(Failure {
            kind,
            code,
            msg,
            temporary,
            remedy,
            known,
        })
    }
}

impl Failure {
    /// Adds the code to an error, if there is one.
    pub(super) fn add_code_to(&self, error: Error) -> Error {
        if self.code.is_empty() {
            error
        } else {
            error.with_code(self.code.clone())
        }
    }

    pub(super) fn into_error(self, context: &RequestContext<'_>, received: &Received) -> Error {
        let message = self.msg.clone();
        let error = context
            .response_error(self.kind, received)
            .with_message(message.unwrap_or_else(|| "the provider reports a failure".to_owned()))
            .with_temporary(self.temporary);
        let error = self.add_code_to(error);
        match self.remedy {
            Some(remedy) => error.with_remedy(remedy),
            None if self.kind == ErrorKind::Auth => error.with_remedy(context.check_key()),
            None => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn status(code: &str, msg: &str) -> EnvelopeStatus {
        EnvelopeStatus {
            code: Some(code.to_owned()),
            msg: Some(msg.to_owned()),
            success: None,
            failed: None,
        }
    }

    #[test]
    fn a_code_and_its_message_say_what_failed() {
        use ErrorKind::*;
        for (code, msg, kind, temporary) in [
            ("0001", "Wrong parameter.", InvalidRequest, false),
            ("0001", "Session not found.", NotFound, false),
            ("0001", "Network abnormal.", Server, true),
            ("0001", "Please try again later.", Server, true),
            ("0003", "Wrong parameter.", InvalidRequest, false),
            ("0401", "Unauthorized", Auth, false),
            ("0402", "", Quota, false),
            ("0403", "", Permission, false),
            ("0409", "", Conflict, false),
            ("0429", "", RateLimited, true),
            ("9009", "No permission", Auth, false),
            // Other codes report the limit too; a code that is more specific takes precedence over
            // the message.
            ("0001", "Request has exceeded the limit.", RateLimited, true),
            ("1024", "Request has exceeded the limit.", RateLimited, true),
            ("0402", "Request has exceeded the limit.", Quota, false),
            ("1024", "Session not found, network abnormal.", Server, false),
            ("", "", Server, false),
        ] {
            let failure = status(code, msg).failure().expect("it is no success");
            assert_eq!((failure.kind, failure.temporary), (kind, temporary), "{code}: {msg}");
            assert_eq!(failure.code, code);
            let documented = !matches!(code, "" | "1024");
            assert_eq!(failure.known, documented, "{code}");
        }
        for code in ["0000", "0", "200", "SUCCESS"] {
            assert!(status(code, "not found").failure().is_none(), "{code}");
        }
        let contradictory = EnvelopeStatus {
            success: Some(false),
            ..status("0000", "success")
        };
        let failure = contradictory.failure().expect("it says both");
        assert_eq!((failure.kind, failure.temporary), (Protocol, false));
    }
}
