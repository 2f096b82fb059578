//! The program needs only one thread to list a page.

use std::process::Stdio;
use std::time::Duration;

use chat_sessions_sandbox::{Fault, Provider};

use crate::support::Shell;

#[test]
fn no_thread_is_started_for_one_page() {
    let shell = Shell::start();
    let slow = Fault::ordinary().with_delay(Duration::from_millis(500));
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        shell.sandbox.always(provider, slow.clone());
    }
    let mut child = shell
        .command("--limit 1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    while shell.sandbox.requests().len() < 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let tasks = std::fs::read_dir(format!("/proc/{}/task", child.id())).expect("it is running");
    assert_eq!(tasks.count(), 1, "while both pages are outstanding");
    assert!(child.wait().expect("it ends").success());
}
