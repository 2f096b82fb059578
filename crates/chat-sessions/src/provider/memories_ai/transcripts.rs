//! Reads one session of Memories.ai with its messages, and the namespaces of an account.
//!
//! The facts come from the pages "Get Session Detail" and "List Unique IDs" and from a captured
//! response.

use chat_sessions_wire::Received;
use memories_ai_client::types;
use reqwest::Request;
use serde_json::{Map, Value};

use crate::config::ApiKey;
use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::model::{Message, Provider, ScopeInfo, Session, SessionId, SessionTime, Transcript};
use crate::provider::credentials::Credential;
use crate::provider::decode::PageDecoder;
use crate::provider::field_map::{keep_fields, unmapped_fields};
use crate::provider::json::typed;
use crate::provider::memories_ai::envelope::{ENVELOPE, EnvelopeStatus};
use crate::provider::memories_ai::messages::{message, message_in_parts};
use crate::provider::memories_ai::normalise::time_of_id;
use crate::provider::memories_ai::{DEFAULT_UNIQUE_ID, MemoriesAi};
use crate::provider::request_context::RequestContext;
use crate::redact::Secrets;
use crate::source::{Rejected, ScopesRequest, SourceScopes, SourceTranscript, TranscriptRequest};

impl MemoriesAi {
    /// Sends one request for a transcript.
    pub(super) async fn read_transcript(&self, request: TranscriptRequest) -> Result<SourceTranscript> {
        let context = self.context();
        let secrets = |key: &ApiKey| self.session_secrets(key);
        let build = |key: &Credential| self.transcript_request(key, &request);
        let decode = |outcome, secrets: &Secrets| self.decode_transcript(&request, outcome, secrets);
        self.connection
            .fetch(&context, &request.exchange, &secrets, &build, decode)
            .await
    }

    /// Returns the secrets of a request that is not about a page.
    pub(crate) fn session_secrets(&self, key: &ApiKey) -> Secrets {
        Secrets::new(key, [Some(self.scope.as_str())])
    }

    fn transcript_request(&self, key: &Credential, request: &TranscriptRequest) -> Result<Request> {
        let context = self.context();
        context.check_session_id(&request.id)?;
        context.check_query_value("the unique_id", self.scope.as_str(), DEFAULT_UNIQUE_ID)?;
        context.built(
            self.client(key)
                .get_session_detail_request(&request.id, self.scope.as_str()),
        )
    }

    /// Turns a response into a transcript or an error.
    pub(crate) fn decode_transcript(
        &self,
        request: &TranscriptRequest,
        outcome: Result<Received>,
        secrets: &Secrets,
    ) -> Result<SourceTranscript> {
        let context = self.context();
        let build = |envelope, received: &mut Received| self.transcript_of(request, envelope, received);
        let build_parts = |mut json: Value, received: &mut Received| {
            // A message that does not decode must not lose the others.
            let list = json.pointer_mut("/data/messages").filter(|list| list.is_array());
            let list = list.map(|list| std::mem::replace(list, Value::Array(Vec::new())));
            let envelope = match typed(&json) {
                Ok(envelope) => envelope,
                Err(_) => {
                    return Some(Err(EnvelopeStatus::of_json(&json)
                        .failure()?
                        .into_error(&context, received)));
                }
            };
            let mut fetched = build(envelope, received);
            if let (Ok(fetched), Some(Value::Array(list))) = (&mut fetched, list) {
                fetched.transcript.messages = list.into_iter().map(any_message).collect();
            }
            Some(fetched)
        };
        let fetched = context.single(outcome, secrets, Self::refused, build, build_parts);
        let fetched = fetched.map_err(|error| match error.kind() {
            // Without a code, it is not the provider that says so: there is no such endpoint.
            ErrorKind::NotFound if error.status() != Some(200) && error.code().is_none() => error,
            ErrorKind::NotFound | ErrorKind::InvalidRequest => error.with_remedy(Remedy::CheckSession {
                settings: &["unique_id"],
            }),
            _ => without_documented_rate(error),
        })?;
        Ok(fetched.value.with_request_id(fetched.request_id))
    }

    /// Builds a transcript from a response.
    fn transcript_of(
        &self,
        request: &TranscriptRequest,
        envelope: types::SessionDetailResponse,
        received: &mut Received,
    ) -> Result<SourceTranscript> {
        let context = self.context();
        let types::SessionDetailResponse {
            code,
            msg,
            success,
            failed,
            data,
            extra: beside,
        } = envelope;
        let status = EnvelopeStatus {
            code,
            msg,
            success,
            failed,
        };
        let says_success = check(&context, received, status, &beside)?;
        let Some(detail) = data else {
            // A sibling endpoint responds to an unknown id with `0000` and no data.
            return Err(if says_success {
                context
                    .response_error(ErrorKind::NotFound, received)
                    .with_message("there is no session with this id under this unique_id")
            } else {
                context.missing_part("object", "/data", received)
            });
        };
        let unmapped = unmapped_fields(&detail);
        let types::SessionDetail {
            session_id,
            title,
            messages,
            mut extra,
        } = detail;
        keep_fields(&mut extra, unmapped);
        // The response table has the id beside `data`, the example inside it.
        let ids = ["sessionId", "session_id"].map(|name| [extra.get(name), beside.get(name)]);
        for id in ids.as_flattened() {
            if let Some(Value::String(id)) = id {
                context.check_same_session(&request.id, id, received)?;
            }
        }
        if let Some(id) = &session_id {
            context.check_same_session(&request.id, id, received)?;
        }
        if extra.get("sessionId").is_some_and(Value::is_string) {
            extra.remove("sessionId");
        }
        let Some(messages) = messages else {
            return Err(context.missing_part("list", "/data/messages", received));
        };
        let mut session = Session::new(SessionId::new(Provider::MEMORIES_AI, request.id.as_str()));
        session.scope = Some(self.scope.clone());
        session.title = title;
        session.created_at = time_of_id(&request.id).map(SessionTime::derived_from_id);
        session.extra = extra;
        let raw = received.take_body(request.keep_raw);
        let mut transcript = Transcript::new(session, messages.into_iter().map(message).collect());
        transcript.raw = raw;
        Ok(SourceTranscript::new(transcript))
    }

    /// Sends one request for the namespaces of the account.
    pub(super) async fn read_scopes(&self, request: ScopesRequest) -> Result<SourceScopes> {
        let context = self.context();
        let secrets = |key: &ApiKey| self.session_secrets(key);
        let build = |key: &Credential| self.scopes_request(key);
        let decode = |outcome, secrets: &Secrets| self.decode_scopes(outcome, secrets);
        self.connection
            .fetch(&context, &request.exchange, &secrets, &build, decode)
            .await
    }

    fn scopes_request(&self, key: &Credential) -> Result<Request> {
        self.context().built(self.client(key).list_unique_ids_request())
    }

    /// Turns a response into namespaces or an error.
    pub(crate) fn decode_scopes(&self, outcome: Result<Received>, secrets: &Secrets) -> Result<SourceScopes> {
        let context = self.context();
        let build = |envelope: types::UniqueIdsResponse, received: &mut Received| {
            let types::UniqueIdsResponse {
                code,
                msg,
                success,
                failed,
                data,
                extra,
            } = envelope;
            let status = EnvelopeStatus {
                code,
                msg,
                success,
                failed,
            };
            check(&context, received, status, &extra)?;
            let Some(ids) = data.and_then(|data| data.unique_ids) else {
                return Err(context.missing_part("list", UNIQUE_IDS, received));
            };
            let scopes = ids.into_iter().map(|id| ScopeInfo::new(Provider::MEMORIES_AI, id));
            Ok(SourceScopes::new(scopes.collect()))
        };
        let build_parts = |mut json: Value, received: &mut Received| {
            // A name that is no text must not lose the others.
            let list = json.pointer_mut(UNIQUE_IDS).filter(|list| list.is_array());
            let list = list.map(|list| std::mem::replace(list, Value::Array(Vec::new())));
            let mut scopes = build(typed(&json).ok()?, received);
            if let (Ok(scopes), Some(Value::Array(list))) = (&mut scopes, list) {
                for (index, value) in list.into_iter().enumerate() {
                    match value {
                        Value::String(id) => scopes.scopes.push(ScopeInfo::new(Provider::MEMORIES_AI, id)),
                        other => scopes.rejected.push(Rejected::new(
                            index,
                            format!("{UNIQUE_IDS}/{index}"),
                            "it is not a string",
                            other.to_string(),
                        )),
                    }
                }
            }
            Some(scopes)
        };
        let fetched = context.single(outcome, secrets, Self::refused, build, build_parts);
        let fetched = fetched.map_err(without_documented_rate)?;
        Ok(fetched.value.with_request_id(fetched.request_id))
    }
}

/// Where the namespaces are in their response.
const UNIQUE_IDS: &str = "/data/unique_ids";

/// Converts a message, which may be of any form.
fn any_message(value: Value) -> Message {
    match typed::<types::Message>(&value) {
        Ok(raw) => message(raw),
        Err(_) => message_in_parts(value),
    }
}

/// Corrects the remedy for too many requests: this operation has no documented rate.
fn without_documented_rate(error: Error) -> Error {
    match error.kind() {
        ErrorKind::RateLimited => error.with_remedy(Remedy::Wait {
            requests_per_second: None,
        }),
        _ => error,
    }
}

/// Returns whether an envelope says that the request succeeded, or the failure that it reports. An
/// envelope without a code says neither.
fn check(
    context: &RequestContext<'_>,
    received: &Received,
    mut status: EnvelopeStatus,
    beside: &Map<String, Value>,
) -> Result<bool> {
    // A member of another type than documented is not the same as none.
    if ENVELOPE.iter().any(|name| beside.contains_key(*name)) {
        status = status.or_else(&EnvelopeStatus::of_fields(beside));
    }
    let says_success = status.code.is_some() || status.success == Some(true);
    if let Some(failure) = status.failure() {
        return Err(failure.into_error(context, received));
    }
    if beside.contains_key("data") {
        return Err(context.missing_part("object", "/data", received));
    }
    Ok(says_success)
}
