//! What one page costs: no more than the one thread that the program is.

use std::process::Stdio;

use chat_sessions_sandbox::{Fault, Provider};

use crate::support::{Shell, wait_until};

#[test]
fn no_thread_is_started_for_one_page() {
    let shell = Shell::start();
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        shell.sandbox.always(provider, Fault::ordinary().with_hold());
    }
    let mut child = shell
        .command("--limit 1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    wait_until(|| shell.sandbox.requests().len() == 2);
    let tasks = std::fs::read_dir(format!("/proc/{}/task", child.id())).expect("it is running");
    assert_eq!(tasks.count(), 1, "while both pages are outstanding");
    shell.sandbox.clear_faults();
    assert!(child.wait().expect("it ends").success());
}
