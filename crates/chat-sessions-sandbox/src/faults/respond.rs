//! Turns a fault into its response.

use crate::{
    dialect::{Dialect, memories_ai::failures},
    faults::{Fault, echo, kind::FaultKind},
    http::{connection::ConnectionHandle, request::RequestHead, response::ResponseDraft},
};

/// The length of one line of large headers. Many servers and proxies accept no longer one.
const HEADER_LINE: usize = 16 * 1024;

impl Fault {
    /// Returns the response to `request`, and tells the connection what HTTP cannot express, such
    /// as a reset.
    pub(crate) fn respond(
        self,
        dialect: &mut dyn Dialect,
        connection: &ConnectionHandle,
        request: &RequestHead<'_>,
    ) -> ResponseDraft {
        let cut = self.kind.cut();
        let mut ordinary = || dialect.respond(request, &self.paging);
        let mut response = match self.kind {
            FaultKind::Ordinary {}
            | FaultKind::CutBody { .. }
            | FaultKind::ResetAfter { .. }
            | FaultKind::Stall { .. } => ordinary(),
            FaultKind::LargeBody { bytes } => ordinary().padded(Some(bytes), true),
            FaultKind::LargeBodyChunked { bytes } => ordinary().padded(Some(bytes), false),
            FaultKind::EndlessBody {} => ordinary().padded(None, false),
            FaultKind::GzipBomb { bytes } => ordinary().padded(Some(bytes), false).gzipped(),
            FaultKind::Status { status, message } => dialect.error(request.path(), status, message.as_deref()),
            FaultKind::Envelope { code, msg } => failures::failure(200, &code, &msg),
            FaultKind::Html { status } => {
                ResponseDraft::text(status, "text/html; charset=utf-8", html(status)).with_required_headers("Basic")
            }
            FaultKind::ResetBeforeHeaders {} => {
                connection.reset_before_head();
                ResponseDraft::text(200, "", "")
            }
            FaultKind::Redirect { status, location } => {
                let mut response = ResponseDraft::text(status, "", "");
                response.headers.push(("location".to_owned(), location));
                response
            }
            FaultKind::Raw {
                status,
                content_type,
                body,
            } => ResponseDraft::text(status, content_type, body),
            FaultKind::RawBytes {
                status,
                content_type,
                body,
            } => ResponseDraft::bytes(status, content_type, body),
            FaultKind::Echo { status, form } => echo::respond(dialect, request, status, form),
        };
        if self.gzip {
            response = response.gzipped();
        }
        // A header of the script replaces one that the status requires.
        response
            .headers
            .retain(|(name, _)| !self.headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)));
        response.headers.extend(self.headers);
        response.headers.extend(large_headers(self.large_headers));
        if let Some((after, end)) = cut {
            connection.cut_body_after(response.incomplete_length(after), end);
        }
        response
    }
}

/// Returns headers of this many bytes in total, line ends included. The last line may exceed the
/// total a little.
fn large_headers(bytes: usize) -> impl Iterator<Item = (String, String)> {
    const NAME: &str = "x-sandbox-filler";
    let around = NAME.len() + ": ".len() + "\r\n".len();
    (0..bytes).step_by(HEADER_LINE).map(move |start| {
        let line = HEADER_LINE.min(bytes - start);
        let value = "x".repeat(line.saturating_sub(around).max(1));
        (NAME.to_owned(), value)
    })
}

/// The page of a proxy that cannot reach the provider.
fn html(status: u16) -> String {
    format!(
        "<!DOCTYPE html>\n<html>\n<head><title>{status}</title></head>\n<body>\n<center><h1>{status}</h1></center>\n\
         <hr><center>nginx</center>\n</body>\n</html>\n"
    )
}
