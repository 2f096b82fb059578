//! Lists the sessions of LlamaCloud with reqwest and serde. The bench builds it to measure their cost.

use serde::Deserialize;

#[derive(Deserialize)]
struct Page {
    items: Vec<Session>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
struct Session {
    session_id: String,
    generated_title: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = std::env::var("LLAMA_CLOUD_API_KEY")?;
    let client = reqwest::Client::new();
    let mut token: Option<String> = None;
    loop {
        let request = client.get("https://api.cloud.llamaindex.ai/api/v1/chat").bearer_auth(&key);
        let request = request.query(&[("page_token", token.as_deref())]);
        let body = request.send().await?.error_for_status()?.bytes().await?;
        let page: Page = serde_json::from_slice(&body)?;
        for session in page.items {
            println!("{} {}", session.session_id, session.generated_title.as_deref().unwrap_or("(no title)"));
        }
        token = page.next_page_token;
        if token.is_none() {
            return Ok(());
        }
    }
}
