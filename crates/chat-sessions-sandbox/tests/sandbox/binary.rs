//! The sandbox program: its output and exit codes.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_chat-sessions-sandbox"))
}

fn output(arguments: &[&str]) -> io::Result<Output> {
    command().args(arguments).output()
}

/// Stops the program at the end of the test, even if the test fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn it_prints_environment_variables_and_serves_until_it_is_stopped() -> io::Result<()> {
    let mut running = Running(command().args(["--seed", "3"]).stdout(Stdio::piped()).spawn()?);
    let stdout = running.0.stdout.take().ok_or_else(|| io::Error::other("no stdout"))?;
    let lines = BufReader::new(stdout).lines().take(5).collect::<io::Result<Vec<_>>>()?;
    let url = lines[2]
        .strip_prefix("export MEMORIES_AI_BASE_URL=")
        .unwrap_or_default()
        .to_owned();
    assert_eq!(
        lines,
        [
            format!("# Both providers are served at {url}; the control routes are at {url}/__sandbox/."),
            "export MEMORIES_AI_API_KEY=sk-sandbox".to_owned(),
            format!("export MEMORIES_AI_BASE_URL={url}"),
            "export LLAMA_CLOUD_API_KEY=llx-sandbox".to_owned(),
            format!("export LLAMA_CLOUD_BASE_URL={url}"),
        ]
    );
    let mut socket = TcpStream::connect(url.trim_start_matches("http://"))?;
    socket.set_read_timeout(Some(Duration::from_secs(60)))?;
    socket.write_all(b"GET /api/v1/chat HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n\r\n")?;
    let mut response = String::new();
    socket.read_to_string(&mut response)?;
    assert!(response.starts_with("HTTP/1.1 401 "), "{response}");
    Ok(())
}

#[test]
fn help_succeeds_and_a_wrong_argument_is_a_usage_error() -> io::Result<()> {
    let help = output(&["--help"])?;
    assert_eq!(help.status.code(), Some(0));
    let text = String::from_utf8_lossy(&help.stdout);
    for part in [
        "--port N",
        "--enforce-rates",
        "/serve/api/v1/get_session_detail",
        "/serve/api/v1/list_unique_ids",
        "/api/v1/chat/ID/summary",
        "/api/v1/projects",
    ] {
        assert!(text.contains(part), "{part}");
    }
    for (arguments, reason) in [
        (&["--port", "x"][..], "--port"),
        (&["--port"], "--port"),
        (&["--port=70000"], "70000"),
        (&["--seed=-1"], "-1"),
        (&["--bogus"], "--bogus"),
    ] {
        let refused = output(arguments)?;
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(refused.stdout.is_empty());
        assert!(
            String::from_utf8_lossy(&refused.stderr).contains(reason),
            "{arguments:?}"
        );
    }
    Ok(())
}
