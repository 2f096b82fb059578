//! `sandbox`: the server in the foreground, as a second shell uses it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::support::{chat_sessions, program, run};

/// Ends the program with the test, however the test ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a sandbox, and gives the variables that it prints.
fn started() -> (Running, Vec<(String, String)>) {
    let mut command = program();
    let mut running = Running(
        command
            .arg("sandbox")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts"),
    );
    let out = running.0.stdout.take().expect("it is piped");
    let lines: Vec<String> = BufReader::new(out)
        .lines()
        .take(5)
        .map(|line| line.expect("a line"))
        .collect();
    assert!(
        lines[0].starts_with("# Both providers are served at http://127.0.0.1:"),
        "{lines:?}"
    );
    let variables = lines[1..].iter().map(|line| {
        let (name, value) = line
            .strip_prefix("export ")
            .and_then(|line| line.split_once('='))
            .expect("an assignment");
        (name.to_owned(), value.to_owned())
    });
    let variables = variables.collect();
    (running, variables)
}

#[test]
fn what_it_prints_points_a_list_at_it() {
    let (_running, variables) = started();
    let ran = run(program().args(["list", "--all", "-o", "ndjson"]).envs(variables));
    assert_eq!((ran.code, ran.stderr.as_str(), ran.ids().len()), (0, "", 249));
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_as_a_shell_expects() {
    use std::process::Command;

    let (mut running, _) = started();
    let id = running.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .expect("kill is there")
            .success()
    );
    let status = running.0.wait().expect("it ends");
    assert_eq!(status.code(), Some(130), "{status}");
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("it is bound").port().to_string();
    let ran = chat_sessions(&["sandbox", "--port", &port]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(
        ran.stderr.starts_with("error: the sandbox cannot be started"),
        "{}",
        ran.stderr
    );
}
