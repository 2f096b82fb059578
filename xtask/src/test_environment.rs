//! The environment in which tests run, the same for every command that runs them.

use std::process::Command;

/// An address where no server listens.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Makes a command that runs tests comply with invariant 6: no test leaves this machine. Every proxy is
/// an address where no server listens, so that a test that tries fails.
pub(crate) fn isolate(command: &mut Command) -> &mut Command {
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env(name, NOWHERE).env(name.to_lowercase(), NOWHERE);
    }
    for name in ["NO_PROXY", "no_proxy"] {
        command.env(name, "127.0.0.1,::1,localhost");
    }
    // Some tests build a copy of the workspace. Everything that they need was downloaded when the tests were built.
    command.env("CARGO_NET_OFFLINE", "true")
}
