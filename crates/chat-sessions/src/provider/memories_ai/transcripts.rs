//! Reads one session of Memories.ai with its messages, and the namespaces of an account.
//!
//! The facts come from the pages "Get Session Detail" and "List Unique IDs" and from a captured
//! response.

use chat_sessions_wire::Received;
use memories_ai_client::types;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::{ErrorKind, Remedy, Result};
use crate::model::{Message, Provider, ScopeInfo, Session, SessionId, SessionTime, Transcript};
use crate::provider::decode::PageDecoder;
use crate::provider::field_map::unmapped_fields;
use crate::provider::json::Members;
use crate::provider::memories_ai::envelope::{ENVELOPE, EnvelopeStatus};
use crate::provider::memories_ai::messages::{message, message_in_parts};
use crate::provider::memories_ai::normalise::time_of_id;
use crate::provider::memories_ai::{DEFAULT_UNIQUE_ID, MemoriesAi};
use crate::provider::request_context::RequestContext;
use crate::provider::request_id::request_id;
use crate::provider::response::Response;
use crate::redact::Secrets;
use crate::source::{ScopesRequest, SourceTranscript, TranscriptRequest};

impl MemoriesAi {
    /// Sends one request for a transcript.
    pub(super) async fn read_transcript(&self, request: TranscriptRequest) -> Result<SourceTranscript> {
        let mut secrets = self.transcript_secrets();
        let outcome = self.ask_transcript(&request, &mut secrets).await;
        self.decode_transcript(&request, outcome, &secrets)
    }

    pub(crate) fn transcript_secrets(&self) -> Secrets {
        Secrets::new(&self.key, [Some(self.scope.as_str())])
    }

    async fn ask_transcript(
        &self,
        request: &TranscriptRequest,
        secrets: &mut Secrets,
    ) -> Result<Response<types::SessionDetailResponse>> {
        let context = self.context();
        context.check_session_id(&request.id)?;
        context.check_query_value("the unique_id", self.scope.as_str(), DEFAULT_UNIQUE_ID)?;
        let (client, slot) = self.client_for(request.on_exchange.as_ref())?;
        let request = client.get_session_detail(&request.id, self.scope.as_str());
        context.classify(self.reuse.request(request).await, &slot, &self.destination, secrets)
    }

    /// Turns a response into a transcript or an error.
    pub(crate) fn decode_transcript(
        &self,
        request: &TranscriptRequest,
        outcome: Result<Response<types::SessionDetailResponse>>,
        secrets: &Secrets,
    ) -> Result<SourceTranscript> {
        let context = self.context();
        let build = |envelope: types::SessionDetailResponse, received: &Received| {
            let types::SessionDetailResponse {
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
            self.transcript_of(request, received, data)
        };
        // A message that does not decode must not lose the others.
        let build_parts = |mut json: Value, received: &Received| {
            let Some(Value::Array(list)) = json.pointer_mut("/data/messages").map(Value::take) else {
                return None;
            };
            let messages = list.into_iter().map(|value| match types::Message::deserialize(&value) {
                Ok(raw) => message(raw),
                Err(_) => message_in_parts(value),
            });
            let messages: Vec<Message> = messages.collect();
            // An empty list in its place, since a missing one is an error.
            if let Some(list) = json.pointer_mut("/data/messages") {
                *list = Value::Array(Vec::new());
            }
            let envelope = types::SessionDetailResponse::deserialize(json).ok()?;
            let built = build(envelope, received);
            Some(built.map(|mut fetched| {
                fetched.transcript.messages = messages;
                fetched
            }))
        };
        let fetched = context.single(outcome, secrets, Self::refused, build, build_parts);
        let fetched = fetched.map_err(|error| match error.kind() {
            // With another status, there is no such endpoint.
            ErrorKind::NotFound if error.status() != Some(200) => error,
            ErrorKind::NotFound | ErrorKind::InvalidRequest => error.with_remedy(Remedy::CheckSession {
                settings: &["unique_id"],
            }),
            ErrorKind::RateLimited => error.with_remedy(UNDOCUMENTED_RATE),
            _ => error,
        })?;
        Ok(fetched.redacted(&|text| secrets.redact(text)))
    }

    /// Builds a transcript from a session and its messages.
    fn transcript_of(
        &self,
        request: &TranscriptRequest,
        received: &Received,
        detail: Option<types::SessionDetail>,
    ) -> Result<SourceTranscript> {
        let context = self.context();
        let error = |kind| context.response_error(kind, received);
        // A sibling endpoint responds to an unknown id with `0000` and no data.
        let Some(detail) = detail else {
            return Err(
                error(ErrorKind::NotFound).with_message("there is no session with this id under this unique_id")
            );
        };
        let unmapped = unmapped_fields(&detail);
        let types::SessionDetail {
            session_id,
            title,
            messages,
            mut extra,
        } = detail;
        let Some(messages) = messages else {
            return Err(context.missing_list("/data/messages", received));
        };
        extra.extend(unmapped.unwrap_or_default());
        let other_spelling = extra.get("sessionId").and_then(Value::as_str);
        let sent = session_id.as_deref().or(other_spelling);
        if sent.is_some_and(|sent| sent != request.id) {
            return Err(error(ErrorKind::Protocol)
                .with_message("the response is about another session than the requested one")
                .with_remedy(Remedy::UpdateSpec));
        }
        if other_spelling == Some(request.id.as_str()) {
            extra.remove("sessionId");
        }
        let mut session = Session::new(SessionId::new(Provider::MEMORIES_AI, request.id.as_str()));
        session.scope = Some(self.scope.clone());
        session.title = title;
        session.created_at = time_of_id(&request.id).map(SessionTime::derived_from_id);
        session.extra = extra;
        let mut transcript = Transcript::new(session, messages.into_iter().map(message).collect());
        transcript.raw = request.keep_raw.then(|| received.body.clone());
        let mut fetched = SourceTranscript::new(transcript);
        fetched.request_id = request_id(&received.headers);
        Ok(fetched)
    }

    /// Sends one request for the namespaces of the account.
    pub(super) async fn read_scopes(&self, request: ScopesRequest) -> Result<Vec<ScopeInfo>> {
        let context = self.context();
        let mut secrets = self.transcript_secrets();
        let (client, slot) = self.client_for(request.on_exchange.as_ref())?;
        let outcome = self.reuse.request(client.list_unique_ids()).await;
        let outcome = context.classify(outcome, &slot, &self.destination, &mut secrets);
        let build = |envelope: types::UniqueIdsResponse, received: &Received| {
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
            match data.and_then(|data| data.unique_ids) {
                Some(ids) => Ok(ids
                    .into_iter()
                    .map(|id| ScopeInfo::new(Provider::MEMORIES_AI, id))
                    .collect()),
                None => Err(context.missing_list("/data/unique_ids", received)),
            }
        };
        let parts = |json: Value, received: &Received| Some(build(serde_json::from_value(json).ok()?, received));
        let scopes = context.single(outcome, &secrets, Self::refused, build, parts);
        scopes.map_err(|error| match error.kind() {
            ErrorKind::RateLimited => error.with_remedy(UNDOCUMENTED_RATE),
            _ => error,
        })
    }
}

/// The remedy for too many requests of an operation without a documented rate.
const UNDOCUMENTED_RATE: Remedy = Remedy::Wait {
    requests_per_second: None,
};

/// Returns the failure that an envelope reports, if it does.
fn check(
    context: &RequestContext<'_>,
    received: &Received,
    status: EnvelopeStatus,
    extra: &Map<String, Value>,
) -> Result<()> {
    let mut status = status;
    // A member of another type than documented is not the same as none.
    if ENVELOPE.iter().any(|name| extra.contains_key(*name)) {
        let text = String::from_utf8_lossy(&received.body);
        if let Ok(members) = Members::of(&text) {
            status = EnvelopeStatus::of(&members);
        }
    }
    if let Some(failure) = status.failure() {
        return Err(failure.into_error(context, received));
    }
    if extra.contains_key("data") {
        return Err(context
            .response_error(ErrorKind::Protocol, received)
            .with_message("the response does not match the provider's documents: it has no object at /data")
            .with_remedy(Remedy::UpdateSpec));
    }
    Ok(())
}
