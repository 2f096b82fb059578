//! Reads one session of LlamaCloud, with or without its events, and the projects of an account.
//!
//! The facts come from the provider's own clients, version 2.19.

use chat_sessions_wire::Received;
use llama_cloud_client::types::{self, ChatEvent};
use reqwest::Request;
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
use crate::redact::Secrets;
use crate::source::{
    Rejected, ScopesRequest, SessionRequest, SourceScopes, SourceSession, SourceTranscript, TranscriptRequest,
};

impl LlamaCloud {
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
        Secrets::new(key, [])
    }

    fn transcript_request(&self, key: &Credential, request: &TranscriptRequest) -> Result<Request> {
        let context = self.context();
        context.check_session_id_in_path(&request.id)?;
        let (organization, project) = self.place()?;
        context.built(
            self.client(key)
                .get_chat_session_request(&request.id, organization, project),
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
        let secrets = |key: &ApiKey| self.session_secrets(key);
        let build = |key: &Credential| self.session_request(key, &request);
        let decode = |outcome, secrets: &Secrets| self.decode_session(&request, outcome, secrets);
        self.connection
            .fetch(&context, &request.exchange, &secrets, &build, decode)
            .await
    }

    fn session_request(&self, key: &Credential, request: &SessionRequest) -> Result<Request> {
        let context = self.context();
        context.check_session_id_in_path(&request.id)?;
        let (organization, project) = self.place()?;
        context.built(
            self.client(key)
                .get_chat_session_summary_request(&request.id, organization, project),
        )
    }

    /// Turns a response into a session or an error.
    pub(crate) fn decode_session(
        &self,
        request: &SessionRequest,
        outcome: Result<Received>,
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
        let secrets = |key: &ApiKey| self.session_secrets(key);
        let build = |key: &Credential| self.scopes_request(key);
        let decode = |outcome, secrets: &Secrets| self.decode_scopes(outcome, secrets);
        self.connection
            .fetch(&context, &request.exchange, &secrets, &build, decode)
            .await
    }

    fn scopes_request(&self, key: &Credential) -> Result<Request> {
        let (organization, _) = self.place()?;
        let request = self.client(key).list_projects_request(organization, None);
        self.context().built(request)
    }

    /// Turns a response into projects or an error.
    pub(crate) fn decode_scopes(&self, outcome: Result<Received>, secrets: &Secrets) -> Result<SourceScopes> {
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
