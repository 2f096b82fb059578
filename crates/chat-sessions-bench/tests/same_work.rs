//! Runs the real program end to end on small lists: every client lists the same sessions, so that
//! their times can be compared. The test uses only the program's interface: jobs and outcomes.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, also in what its tests share"
)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_chat-sessions-bench");
/// The last page is short on both lists.
const SESSIONS: u64 = 330;

/// The server, which is stopped when this value is dropped.
struct Server {
    process: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
    url: String,
}

impl Server {
    fn start() -> Self {
        let mut process = Command::new(PROGRAM)
            .args([
                "serve",
                &format!("--llama-cloud={SESSIONS}"),
                &format!("--memories-ai={SESSIONS}"),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let asks = process.stdin.take().unwrap();
        let mut answers = BufReader::new(process.stdout.take().unwrap());
        let mut url = String::new();
        answers.read_line(&mut url).unwrap();
        Self {
            process,
            asks,
            answers,
            url: url.trim().to_owned(),
        }
    }

    fn reading(&mut self) -> Value {
        self.asks.write_all(b"\n").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Runs a job and returns its outcome and its number of requests.
    fn run(&mut self, job: &str) -> (Value, u64) {
        let before = self.reading()["requests"].as_u64().unwrap();
        let job = format!("{{\"url\":\"{}\",{job}}}", self.url);
        let output = run(&job);
        assert!(
            output.status.success(),
            "{job}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let outcome = serde_json::from_slice(&output.stdout).unwrap();
        (outcome, self.reading()["requests"].as_u64().unwrap() - before)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn run(job: &str) -> Output {
    Command::new(PROGRAM).args(["run", job]).output().unwrap()
}

/// Compares the tally of a client that parses everything with those of the other clients of the list.
fn compare_tallies(server: &mut Server, list: &str, pages: u64, jobs: &[&str]) {
    let list = format!("\"list\":\"{list}\"");
    let (hand, requests) = server.run(&format!("{list},\"client\":\"hand\",\"page_size\":100"));
    let hand = &hand["tally"];
    assert_eq!(hand["sessions"], SESSIONS);
    assert_eq!(requests, pages);
    assert!(hand["times"].as_i64().unwrap() > 0 && hand["titles"].as_u64().unwrap() > 0);
    for job in jobs {
        let (outcome, requests) = server.run(&format!("{list},\"page_size\":100,{job}"));
        let tally = &outcome["tally"];
        assert_eq!(requests, pages, "{list} {job}");
        if job.contains("floor") {
            assert_eq!(tally["bytes"], hand["bytes"], "{list} {job}");
            continue;
        }
        for field in ["sessions", "ids", "titles", "sources", "tokens"] {
            assert_eq!(tally[field], hand[field], "{field} of {list} {job}");
        }
        // The generated clients do not parse times.
        if !job.contains("raw") {
            assert_eq!(tally["times"], hand["times"], "{list} {job}");
        }
        assert!(outcome["seconds"].as_f64().unwrap() > 0.0);
        assert!(outcome["peak_kib"].as_u64().unwrap() > 1000);
    }
}

#[test]
fn every_client_of_llama_cloud_lists_the_same_sessions() {
    compare_tallies(
        &mut Server::start(),
        "llama-cloud",
        4,
        &[
            r#""client":"hand-keeping""#,
            r#""client":"raw""#,
            r#""client":"floor""#,
            r#""client":"facade""#,
            r#""client":"facade","read_ahead":0"#,
            r#""client":"facade","order":"source""#,
            r#""client":"facade","order":"newest""#,
            r#""client":"facade","runtime":"multi-thread""#,
            r#""client":"facade","work_ms":1"#,
        ],
    );
}

#[test]
fn every_client_of_memories_ai_lists_the_same_sessions() {
    compare_tallies(
        &mut Server::start(),
        "memories-ai",
        17,
        &[
            r#""client":"hand","read_ahead":16"#,
            r#""client":"hand","read_ahead":16,"runtime":"multi-thread""#,
            r#""client":"raw""#,
            r#""client":"floor""#,
            r#""client":"floor","read_ahead":16"#,
            r#""client":"facade""#,
            r#""client":"facade","read_ahead":16"#,
            r#""client":"facade","read_ahead":16,"order":"newest""#,
        ],
    );
}

#[test]
fn both_lists_together_have_the_sessions_of_each() {
    let mut server = Server::start();
    let ids = |(outcome, _): (Value, u64)| outcome["tally"]["ids"].as_u64().unwrap();
    let llama_cloud = ids(server.run(r#""client":"hand","list":"llama-cloud""#));
    let memories_ai = ids(server.run(r#""client":"hand","list":"memories-ai""#));
    for order in ["arrival", "source", "newest"] {
        let job = format!("\"client\":\"facade\",\"list\":\"both\",\"order\":\"{order}\",\"read_ahead\":4");
        assert_eq!(ids(server.run(&job)), llama_cloud ^ memories_ai, "{order}");
    }
}

#[test]
fn the_short_tasks_measure_warm_connections() {
    let mut server = Server::start();
    let (outcome, requests) = server.run(r#""client":"floor","list":"llama-cloud","task":{"round-trip":{"times":5}}"#);
    assert_eq!(requests, 6);
    assert!(outcome["seconds"].as_f64().unwrap() > 0.0);
    let (outcome, _) = server.run(r#""client":"facade","list":"memories-ai","task":{"first":{"times":3}}"#);
    assert_eq!(outcome["tally"]["sessions"], 3);
}

#[test]
fn one_session_is_read_in_turns_by_the_facade_and_by_the_floor() {
    let mut server = Server::start();
    for list in ["llama-cloud", "memories-ai"] {
        // One text, and many turns.
        for session in [1, 2] {
            let task = format!("\"task\":{{\"decode\":{{\"session\":{session},\"times\":2}}}}");
            let (outcome, requests) = server.run(&format!("\"client\":\"facade\",\"list\":\"{list}\",{task}"));
            assert_eq!(requests, 2 + 2 * 2, "{list}");
            let tally = &outcome["tally"];
            assert!(tally["bytes"].as_u64().unwrap() > 1_900_000, "{list}");
            assert!(tally["texts"].as_u64().unwrap() > 1_000_000, "{list}");
            for value in ["seconds", "cpu"] {
                assert!(outcome[value].as_f64().unwrap() > 0.0, "{list}");
                assert!(outcome["base"][value].as_f64().unwrap() > 0.0, "{list}");
            }
        }
    }
}

#[test]
fn each_transcript_is_requested_once() {
    let mut server = Server::start();
    for list in ["llama-cloud", "memories-ai"] {
        let job = format!("\"client\":\"facade\",\"list\":\"{list}\"");
        let task = "\"task\":{\"transcripts\":{\"sessions\":45,\"in_flight\":8}}";
        let (outcome, requests) = server.run(&format!("{job},{task}"));
        assert_eq!((&outcome["tally"]["sessions"], requests), (&45.into(), 45), "{list}");

        let task = "\"task\":{\"transcripts-of-list\":{\"in_flight\":8}}";
        let (outcome, _) = server.run(&format!("{job},{task}"));
        let (listed, _) = server.run(&format!("{job},\"page_size\":100"));
        assert_eq!(outcome["tally"]["ids"], listed["tally"]["ids"], "{list}");
    }
}

#[test]
fn an_unsupported_job_is_an_error_with_a_reason() {
    for (job, reason) in [
        (
            r#"{"client":"hand","list":"both"}"#,
            "only the facade merges both lists",
        ),
        (r#"{"client":"nobody","list":"both"}"#, "invalid job"),
    ] {
        let output = run(job);
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(reason), "{said}");
    }
}
