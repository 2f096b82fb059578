//! What a person sees in terminals of several widths.

use std::fmt::Write;

use chat_sessions_sandbox::{Fault, Provider};

use crate::pty::Terminal;
use crate::support::{Shell, program};

#[test]
fn lists_failures_and_help_at_each_width() {
    let shell = Shell::start();
    for columns in [40, 80, 120, 200] {
        let mut text = String::new();
        let mut see = |title: &str, command: &std::process::Command| {
            let left = Terminal::start(command, columns).end();
            writeln!(text, "# {title}\n{}\n", left.screen).unwrap();
        };
        see("list", &shell.command("--limit 3"));
        see("an empty list", &shell.command("--title nothing-has-this-title"));
        shell.sandbox.always(Provider::MemoriesAi, Fault::status(503));
        see("a failed provider", &shell.command("--limit 3 --attempts 1"));
        shell.sandbox.clear_faults();
        let mut help = program();
        help.arg("--help");
        see("--help", &help);

        let mut settings = insta::Settings::clone_current();
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(format!("widths_{columns}"), text));
    }
}
