//! What all requests of a command have in common: the retry policy and the recording.

use chat_sessions::list::ListSessions;
use chat_sessions::record::Recorder;
use chat_sessions::retry::RetryPolicy;
use chat_sessions::transcript::{ReadScopes, ReadTranscripts};
use chat_sessions::{ChatSessions, SessionAddress};

/// The settings of all requests of a command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Requests<'a> {
    pub(crate) retry: RetryPolicy,
    pub(crate) recorder: Option<&'a Recorder>,
}

impl Requests<'_> {
    /// Returns a request for the list of all sources.
    pub(crate) fn list(self, client: &ChatSessions) -> ListSessions {
        let request = client.list_sessions().retry(self.retry);
        match self.recorder {
            Some(recorder) => request.record(recorder),
            None => request,
        }
    }

    /// Returns a request for the scopes of the only source.
    pub(crate) fn scopes(self, client: &ChatSessions) -> ReadScopes {
        let request = client.scopes().retry(self.retry);
        match self.recorder {
            Some(recorder) => request.record(recorder),
            None => request,
        }
    }

    /// Returns requests for the transcripts of these sessions.
    pub(crate) fn transcripts(self, client: &ChatSessions, addresses: Vec<SessionAddress>) -> ReadTranscripts {
        let request = client.transcripts(addresses).retry(self.retry);
        match self.recorder {
            Some(recorder) => request.record(recorder),
            None => request,
        }
    }
}
