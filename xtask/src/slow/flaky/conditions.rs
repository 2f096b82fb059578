//! The conditions under which tests are repeated: how a test binary is started, and what else the machine does.

use std::fmt;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use clap::ValueEnum;

/// Returns the number of cores.
pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// A condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Condition {
    /// No busy loops.
    Idle,
    /// Two busy loops for each core.
    Busy,
    /// All threads of a test share one core.
    OneCore,
    /// One test at a time in each process: `--test-threads=1`.
    OneThread,
}

impl Condition {
    pub(super) const ALL: [Self; 4] = [Self::Idle, Self::Busy, Self::OneCore, Self::OneThread];

    /// Returns how many busy loops compete with the tests.
    pub(super) fn busy_loops(self) -> usize {
        if self == Self::Busy { 2 * cores() } else { 0 }
    }

    /// Makes the command that starts a test binary for one of the jobs that run at the same time.
    pub(super) fn command(self, binary: &Path, job: usize) -> Command {
        match self {
            Self::Idle | Self::Busy => Command::new(binary),
            Self::OneCore => {
                let mut command = Command::new("taskset");
                command.args(["--cpu-list", &(job % cores()).to_string()]).arg(binary);
                command
            }
            Self::OneThread => {
                let mut command = Command::new(binary);
                command.arg("--test-threads=1");
                command
            }
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Idle => "idle",
            Self::Busy => "busy",
            Self::OneCore => "one-core",
            Self::OneThread => "one-thread",
        })
    }
}

/// Busy loops, which stop when this is dropped.
pub(super) struct Load {
    stopped: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    pub(super) fn start(loops: usize) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let threads = (0..loops).map(|_| {
            let stopped = Arc::clone(&stopped);
            thread::spawn(move || {
                let mut turns = 0_u64;
                while !stopped.load(Ordering::Relaxed) {
                    turns = black_box(turns.wrapping_add(1));
                }
            })
        });
        Self {
            threads: threads.collect(),
            stopped,
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}
