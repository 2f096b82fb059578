//! An exporter: appends every session to a file, one line each with the cursor after it. It may be killed
//! at any time; the next run drops an incomplete line and continues.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;

use chat_sessions::{ChatSessions, Cursor, Session};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Line {
    session: Session,
    cursor: Cursor,
}

/// Appends the sessions that the file does not hold yet.
async fn export(client: &ChatSessions, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let written = fs::read(path).unwrap_or_default();
    let complete = written.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let last = written[..complete]
        .split(|byte| *byte == b'\n')
        .rfind(|line| !line.is_empty());
    let last = last.map(serde_json::from_slice::<Line>).transpose()?;

    let mut file: File = OpenOptions::new().create(true).append(true).open(path)?;
    file.set_len(complete as u64)?;
    let mut list = client.list_sessions();
    if let Some(line) = last {
        list = list.resume(line.cursor);
    }
    let mut sessions = list.by_item();
    while let Some(session) = sessions.next().await {
        let line = Line {
            session: session?,
            cursor: sessions.cursor(),
        };
        file.write_all(format!("{}\n", serde_json::to_string(&line)?).as_bytes())?;
    }
    Ok(())
}

mod tests {
    use std::process::{Child, Command, Stdio};

    use chat_sessions::retry::Pacing;
    use chat_sessions::{LlamaCloud, MemoriesAi};
    use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Sandbox};

    use super::*;

    /// In the process with this variable, the test below is the exporter; it holds the path and the URL.
    const EXPORTER: &str = "EXPORTER_OF_THE_TEST";

    fn client(url: &str) -> ChatSessions {
        let memories = MemoriesAi::builder()
            .api_key(MEMORIES_AI_KEY)
            .base_url(url)
            .pacing(Pacing::none());
        let llama = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(url);
        let client = ChatSessions::builder().source(memories.build().unwrap());
        client.source(llama.build().unwrap()).build().unwrap()
    }

    #[tokio::test]
    async fn this_process_is_the_exporter() {
        let Ok(arguments) = std::env::var(EXPORTER) else { return };
        let (url, path) = arguments.split_once(' ').unwrap();
        export(&client(url), Path::new(path)).await.unwrap();
    }

    fn start(url: &str, path: &Path) -> Child {
        let this = "exporter::tests::this_process_is_the_exporter";
        let mut exporter = Command::new(std::env::current_exe().unwrap());
        exporter
            .args(["--exact", this])
            .env(EXPORTER, format!("{url} {}", path.display()));
        exporter.stdout(Stdio::null()).spawn().unwrap()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn an_exporter_that_is_killed_again_and_again_loses_and_repeats_nothing() {
        let sandbox = Sandbox::start().await.unwrap();
        let expected = client(&sandbox.url())
            .list_sessions()
            .by_item()
            .try_collect()
            .await
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.ndjson");
        let size = || fs::metadata(&path).map_or(0, |file| file.len());
        for _ in 0..20 {
            let mut exporter = start(&sandbox.url(), &path);
            // At a place of its own, wherever the process is by then.
            let place = size() + fastrand::u64(1..20_000);
            while size() < place && exporter.try_wait().unwrap().is_none() {
                std::thread::yield_now();
            }
            exporter.kill().unwrap();
            exporter.wait().unwrap();
        }
        assert!(start(&sandbox.url(), &path).wait().unwrap().success());
        let written = fs::read_to_string(&path).unwrap();
        let mut ids: Vec<_> = written
            .lines()
            .map(|line| serde_json::from_str::<Line>(line).unwrap().session.id)
            .collect();
        let mut expected: Vec<_> = expected.into_iter().map(|session| session.id).collect();
        ids.sort();
        expected.sort();
        assert_eq!(ids, expected);
    }
}
