//! Reads one session of LlamaCloud, with or without its events, and the projects of an account.
//!
//! The facts come from the provider's own clients, version 2.19.

use chat_sessions_wire::Received;
use llama_cloud_client::types::{self, ChatEvent};
use serde_json::Value;

use crate::config::ApiKey;
use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::model::{Provider, ScopeInfo, Session, Transcript};
use crate::provider::credentials::Credential;
use crate::provider::decode::PageDecoder;
use crate::provider::field_map::{keep_fields, unmapped_fields};
use crate::provider::json::typed;
use crate::provider::llama_cloud::LlamaCloud;
use crate::provider::llama_cloud::normalise::normalise;
use crate::provider::llama_cloud::turns::messages;
use crate::provider::request_context::RequestContext;
use crate::provider::response::Response;
use crate::redact::Secrets;
use crate::source::{
    Rejected, ScopesRequest, SessionRequest, SourceScopes, SourceSession, SourceTranscript, TranscriptRequest,
};

impl LlamaCloud {
    /// Sends one request for a transcript.
    pub(super) async fn read_transcript(&self, request: TranscriptRequest) -> Result<SourceTranscript> {
        let context = self.context();
        let key = self.connection.key(&context).await?;
        let mut secrets = self.session_secrets(&key.key);
        let outcome = self.ask_transcript(&key, &request, &mut secrets).await;
        let transcript = self.decode_transcript(&request, outcome, &secrets);
        self.connection.settle(&context, &key, transcript).await
    }

    /// Returns the secrets of a request that is not about a page.
    pub(crate) fn session_secrets(&self, key: &ApiKey) -> Secrets {
        Secrets::new(key, [])
    }

    async fn ask_transcript(
        &self,
        key: &Credential,
        request: &TranscriptRequest,
        secrets: &mut Secrets,
    ) -> Result<Response<types::ChatSessionDetail>> {
        let context = self.context();
        context.check_session_id_in_path(&request.id)?;
        let (organization, project) = self.place()?;
        let (client, slot) = self.client_for(key, &request.exchange);
        let request = client.get_chat_session(&request.id, organization, project);
        context.classify(
            self.connection.reuse.request(request).await,
            &slot,
            &self.connection.destination,
            secrets,
        )
    }

    /// Turns a response into a transcript or an error.
    pub(crate) fn decode_transcript(
        &self,
        request: &TranscriptRequest,
        outcome: Result<Response<types::ChatSessionDetail>>,
        secrets: &Secrets,
    ) -> Result<SourceTranscript> {
        let context = self.context();
        let build = |detail: types::ChatSessionDetail, received: &mut Received| {
            let (session, events) = split(detail);
            let Some(events) = events else {
                return Err(context.missing_part("list", "/events", received));
            };
            self.transcript_of(request, received, session, events)
        };
        // An event that does not decode must not lose the others.
        let build_parts = |mut json: Value, received: &mut Received| {
            let Some(Value::Array(list)) = json.get_mut("events").map(Value::take) else {
                return None;
            };
            let events = list.into_iter().map(|value| match typed(&value) {
                Ok(event) => event,
                Err(_) => ChatEvent::Other(value),
            });
            let (session, _) = split(typed(&json).ok()?);
            Some(self.transcript_of(request, received, session, events.collect()))
        };
        let fetched = context.single(outcome, secrets, session_refused, build, build_parts)?;
        Ok(fetched.value.with_request_id(fetched.request_id))
    }

    /// Builds a transcript from the session and its events.
    fn transcript_of(
        &self,
        request: &TranscriptRequest,
        received: &mut Received,
        session: types::ChatSession,
        events: Vec<ChatEvent>,
    ) -> Result<SourceTranscript> {
        let session = self.session_of(&request.id, received, session)?;
        let raw = received.take_body(request.keep_raw);
        let mut transcript = Transcript::new(session, messages(events));
        transcript.raw = raw;
        Ok(SourceTranscript::new(transcript))
    }

    /// Converts a session, after a check that it is the requested one.
    fn session_of(&self, asked: &str, received: &Received, session: types::ChatSession) -> Result<Session> {
        let context = self.context();
        context.check_same_session(asked, &session.session_id, received)?;
        normalise(session, self.project.as_ref()).map_err(|reason| context.unexpected(reason, received))
    }

    /// Sends one request for a session without its events.
    pub(super) async fn read_session(&self, request: SessionRequest) -> Result<SourceSession> {
        let context = self.context();
        let key = self.connection.key(&context).await?;
        let mut secrets = self.session_secrets(&key.key);
        let outcome = self.ask_session(&key, &request, &mut secrets).await;
        let session = self.decode_session(&request, outcome, &secrets);
        self.connection.settle(&context, &key, session).await
    }

    async fn ask_session(
        &self,
        key: &Credential,
        request: &SessionRequest,
        secrets: &mut Secrets,
    ) -> Result<Response<types::ChatSession>> {
        let context = self.context();
        context.check_session_id_in_path(&request.id)?;
        let (organization, project) = self.place()?;
        let (client, slot) = self.client_for(key, &request.exchange);
        let request = client.get_chat_session_summary(&request.id, organization, project);
        context.classify(
            self.connection.reuse.request(request).await,
            &slot,
            &self.connection.destination,
            secrets,
        )
    }

    /// Turns a response into a session or an error.
    pub(crate) fn decode_session(
        &self,
        request: &SessionRequest,
        outcome: Result<Response<types::ChatSession>>,
        secrets: &Secrets,
    ) -> Result<SourceSession> {
        let build = |session: types::ChatSession, received: &mut Received| {
            let mut session = self.session_of(&request.id, received, session)?;
            let raw = || String::from_utf8_lossy(&received.body).into_owned();
            session.raw = request.keep_raw.then(raw);
            Ok(SourceSession::new(session))
        };
        let parts = |json: Value, received: &mut Received| Some(build(typed(&json).ok()?, received));
        let fetched = self.context().single(outcome, secrets, session_refused, build, parts)?;
        Ok(fetched.value.with_request_id(fetched.request_id))
    }

    /// Sends one request for the projects of the organization.
    pub(super) async fn read_scopes(&self, request: ScopesRequest) -> Result<SourceScopes> {
        let context = self.context();
        let key = self.connection.key(&context).await?;
        let mut secrets = self.session_secrets(&key.key);
        let outcome = self.ask_scopes(&key, &request, &mut secrets).await;
        let scopes = self.decode_scopes(outcome, &secrets);
        self.connection.settle(&context, &key, scopes).await
    }

    async fn ask_scopes(
        &self,
        key: &Credential,
        request: &ScopesRequest,
        secrets: &mut Secrets,
    ) -> Result<Response<types::ProjectList>> {
        let (organization, _) = self.place()?;
        let (client, slot) = self.client_for(key, &request.exchange);
        let outcome = self
            .connection
            .reuse
            .request(client.list_projects(organization, None))
            .await;
        self.context()
            .classify(outcome, &slot, &self.connection.destination, secrets)
    }

    /// Turns a response into projects or an error.
    pub(crate) fn decode_scopes(
        &self,
        outcome: Result<Response<types::ProjectList>>,
        secrets: &Secrets,
    ) -> Result<SourceScopes> {
        let build = |projects: types::ProjectList, _: &mut Received| {
            let scopes = projects.0.into_iter().map(scope_info).collect();
            Ok(SourceScopes::new(scopes))
        };
        // A project without an id must not lose the others.
        let build_parts = |json: Value, _: &mut Received| {
            let Value::Array(list) = json else { return None };
            let mut scopes = SourceScopes::new(Vec::new());
            for (index, value) in list.into_iter().enumerate() {
                match typed::<types::Project>(&value) {
                    Ok(project) => scopes.scopes.push(scope_info(project)),
                    Err(_) => scopes.rejected.push(Rejected::new(
                        index,
                        format!("/{index}"),
                        "it is not an object with an id",
                        value.to_string(),
                    )),
                }
            }
            Some(Ok(scopes))
        };
        let fetched = self
            .context()
            .single(outcome, secrets, Self::refused, build, build_parts)?;
        Ok(fetched.value.with_request_id(fetched.request_id))
    }
}

/// Returns the error for a request about one session, with a status other than 200.
fn session_refused(context: &RequestContext<'_>, received: &Received) -> Error {
    let error = LlamaCloud::refused(context, received);
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::InvalidRequest => error.with_remedy(Remedy::CheckSession {
            settings: &["project", "organization"],
        }),
        _ => error,
    }
}

/// Separates the events from the session, which has the fields of a session in the list and
/// `shared_access`.
fn split(detail: types::ChatSessionDetail) -> (types::ChatSession, Option<Vec<ChatEvent>>) {
    let unmapped = unmapped_fields(&detail);
    let types::ChatSessionDetail {
        events,
        generated_title,
        index_ids,
        job_metadata,
        last_updated_at,
        session_id,
        shared_access,
        mut extra,
    } = detail;
    keep_fields(&mut extra, unmapped);
    // The list has no field of its own for it, and reads it from the unknown ones.
    if let Some(access) = shared_access {
        extra.insert("shared_access".to_owned(), Value::String(access));
    }
    let session = types::ChatSession {
        generated_title,
        index_ids,
        job_metadata,
        last_updated_at,
        session_id,
        extra,
    };
    (session, events)
}

fn scope_info(project: types::Project) -> ScopeInfo {
    let unmapped = unmapped_fields(&project);
    let types::Project {
        id,
        name,
        is_default,
        organization_id,
        created_at,
        updated_at,
        mut extra,
    } = project;
    keep_fields(&mut extra, unmapped);
    for (field, value) in [
        ("organization_id", organization_id),
        ("created_at", created_at),
        ("updated_at", updated_at),
    ] {
        if let Some(value) = value {
            extra.insert(field.to_owned(), Value::String(value));
        }
    }
    let mut info = ScopeInfo::new(Provider::LLAMA_CLOUD, id);
    info.name = name;
    info.is_default = is_default;
    info.extra = extra;
    info
}
