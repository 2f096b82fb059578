//! Prints the id of every session at a base URL: `outside BASE_URL [ROOT_CERTIFICATE.pem]`.
//!
//! The keys come from `MEMORIES_AI_API_KEY` and `LLAMA_CLOUD_API_KEY`. With a certificate, that one authority is
//! trusted and no other.

use std::error::Error;
use std::process::ExitCode;
use std::{env, fs};

use chat_sessions::http::{HttpExt, reqwest};
use chat_sessions::{ChatSessions, LlamaCloud, MemoriesAi};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let url = arguments.next().ok_or("give a base URL")?;

    let mut memories_ai = MemoriesAi::builder()
        .api_key(env::var("MEMORIES_AI_API_KEY")?)
        .base_url(&url);
    let mut llama_cloud = LlamaCloud::builder()
        .api_key(env::var("LLAMA_CLOUD_API_KEY")?)
        .base_url(&url);
    if let Some(path) = arguments.next() {
        let root = reqwest::Certificate::from_pem(&fs::read(path)?)?;
        let again = root.clone();
        memories_ai = memories_ai.configure_http(|client| client.tls_certs_only([root]));
        llama_cloud = llama_cloud.configure_http(|client| client.tls_certs_only([again]));
    }
    let client = ChatSessions::builder()
        .source(memories_ai.build()?)
        .source(llama_cloud.build()?)
        .build()?;

    let mut sessions = client.list_sessions().by_item();
    while let Some(session) = sessions.next().await {
        match session {
            Ok(session) => println!("{}", session.id),
            Err(error) => {
                eprintln!("{}: {error}", error.kind());
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
