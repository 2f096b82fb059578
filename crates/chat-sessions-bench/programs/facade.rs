//! Lists sessions with the facade. The bench builds it to measure the cost of depending on the facade.

use chat_sessions::ChatSessions;

#[tokio::main(flavor = "current_thread")]
async fn main() -> chat_sessions::Result<()> {
    let client = ChatSessions::from_env()?;
    let mut sessions = client.list_sessions().by_item();
    while let Some(session) = sessions.next().await {
        let session = session?;
        println!("{} {}", session.id, session.title.as_deref().unwrap_or("(no title)"));
    }
    Ok(())
}
