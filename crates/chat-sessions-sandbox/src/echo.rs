//! Errors that repeat the request, as some servers do, credentials included.
//!
//! It is responsible for what is repeated and for the forms in which it comes. The shape of an error in JSON is the
//! dialects' business.

use serde::Deserialize;

use crate::{Provider, answer::Answer, dispatch::Asked, llama_cloud, memories_ai};

/// The form of an error that repeats the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EchoForm {
    /// An error in the provider's own shape.
    #[default]
    Json,
    /// Plain text.
    Text,
    /// A page of HTML, with `&`, `<` and `>` written as HTML writes them.
    Html,
}

/// The error for one request.
pub(crate) fn answer(provider: Provider, asked: &Asked<'_>, status: u16, form: EchoForm) -> Answer {
    let words = words(asked);
    match (form, provider) {
        (EchoForm::Json, Provider::MemoriesAi) if status < 300 => memories_ai::failure(status, "0001", &words),
        (EchoForm::Json, Provider::MemoriesAi) => memories_ai::error(status, Some(&words)),
        (EchoForm::Json, Provider::LlamaCloud) => llama_cloud::error(status, Some(&words)),
        (EchoForm::Text, _) => Answer::text(status, "text/plain; charset=utf-8", words),
        (EchoForm::Html, _) => {
            let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let page =
                format!("<!DOCTYPE html>\n<html>\n<body>\n<h1>{status}</h1>\n<p>{words}</p>\n</body>\n</html>\n");
            Answer::text(status, "text/html; charset=utf-8", page)
        }
    }
}

/// The request in one line, each part as it was sent and the values of the query decoded.
fn words(asked: &Asked<'_>) -> String {
    let target = asked.target;
    let mut words = format!("Cannot serve {} {target}", asked.method);
    for (header, name) in [("authorization", "Authorization"), ("cookie", "Cookie")] {
        for value in asked.all(header) {
            words.push_str(&format!("; {name}: {value}"));
        }
    }
    for (name, value) in asked.query() {
        words.push_str(&format!("; {name}: {value}"));
    }
    words
}
