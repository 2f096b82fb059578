//! A web endpoint: `GET /sessions?limit=20&cursor=…` returns a page of all sessions, with the cursor of
//! the next one and the report, as JSON.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use chat_sessions::list::SessionPage;
use chat_sessions::{ChatSessions, Error, ErrorKind, Order};
use serde::Deserialize;

#[derive(Deserialize)]
struct Wanted {
    #[serde(default = "twenty")]
    limit: u64,
    cursor: Option<String>,
}

fn twenty() -> u64 {
    20
}

async fn sessions(
    State(client): State<ChatSessions>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<SessionPage>, (StatusCode, Json<Error>)> {
    let page = async {
        let mut list = client.list_sessions().order(Order::Newest).limit(wanted.limit.min(100));
        if let Some(cursor) = wanted.cursor {
            list = list.resume(cursor.parse()?);
        }
        list.send().await
    };
    page.await.map(Json).map_err(|error| {
        let status = match error.kind() {
            ErrorKind::Cursor | ErrorKind::InvalidRequest => StatusCode::BAD_REQUEST,
            _ => StatusCode::BAD_GATEWAY,
        };
        (status, Json(error))
    })
}

pub(crate) fn app(client: ChatSessions) -> Router {
    Router::new().route("/sessions", get(sessions)).with_state(client)
}

mod tests {
    use chat_sessions::testing::FakeSource;
    use serde_json::Value;
    use tokio::net::TcpListener;

    use super::*;

    /// Serves the endpoint on loopback and requests a path.
    async fn request(client: &ChatSessions, path: &str) -> (u16, Value) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}{path}", listener.local_addr().unwrap());
        let server = tokio::spawn(axum::serve(listener, app(client.clone())).into_future());
        let response = reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .get(url)
            .send()
            .await
            .unwrap();
        let status = response.status().as_u16();
        let body = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        server.abort();
        (status, body)
    }

    #[tokio::test]
    async fn the_pages_of_the_endpoint_are_the_whole_list() {
        let ids = (1..=50).rev().map(|number| number.to_string());
        let client = ChatSessions::new(FakeSource::numbered(20).ids(ids));
        let (mut path, mut seen) = ("/sessions?limit=15".to_owned(), Vec::new());
        loop {
            let (status, page) = request(&client, &path).await;
            assert_eq!(status, 200);
            seen.extend(
                page["sessions"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|session| session["id"].clone()),
            );
            assert_eq!(page["report"]["sources"][0]["rejected"], 0);
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/sessions?limit=15&cursor={next}");
        }
        assert_eq!(seen.len(), 50);
        assert_eq!((&seen[0], &seen[49]), (&Value::from("50"), &Value::from("1")));
    }

    #[tokio::test]
    async fn a_cursor_that_is_none_is_the_fault_of_the_caller() {
        let client = ChatSessions::new(FakeSource::numbered(20));
        let (status, error) = request(&client, "/sessions?cursor=nonsense").await;
        assert_eq!((status, &error["kind"]), (400, &Value::from("cursor")));
    }
}
