//! A real terminal for the program to run in: a pseudo terminal of a given size, and what its screen shows.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::Child;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};

/// So high that no test scrolls.
const ROWS: u16 = 200;
/// Far longer than anything takes, on a busy machine too.
const LONGEST: Duration = Duration::from_secs(60);

/// What leads the session, as a shell does, and outlives Ctrl-C. When the leader of a session ends, the system discards what
/// nobody has read from its terminal. So the leader writes a mark behind the output of the program, and stays until somebody who
/// has read the mark presses Enter.
const LEADER: &str = r#"trap : INT; "$0" "$@"; code=$?; printf '\036'; read -r _; exit $code"#;
const MARK: u8 = 0o36;

/// A terminal with the program in it.
pub(crate) struct Terminal {
    child: Child,
    pty: Arc<Pty>,
    output: Receiver<Vec<u8>>,
    raw: Vec<u8>,
    /// Whether the program has ended, and everything that it wrote was read.
    has_ended: bool,
    screen: vt100::Parser,
    columns: u16,
}

/// What a program left behind on its terminal.
pub(crate) struct Left {
    pub(crate) code: i32,
    /// Every byte that it wrote.
    pub(crate) raw: String,
    /// What is seen.
    pub(crate) screen: String,
    columns: u16,
}

impl Left {
    /// Gives what is seen without the `^C` that the terminal writes for Ctrl-C. The system sends the signal first, so that what
    /// the program writes upon it may stand before the `^C` or behind it.
    pub(crate) fn without_echo(&self) -> String {
        let mut screen = screen(self.columns);
        screen.process(self.raw.replacen("^C", "", 1).as_bytes());
        seen(&screen)
    }
}

fn screen(columns: u16) -> vt100::Parser {
    let size = |length| NonZeroU16::new(length).expect("it is not 0");
    vt100::Parser::new(size(ROWS), size(columns), 0)
}

/// Gives what is seen, without what is empty at the ends of lines and behind the last one.
fn seen(screen: &vt100::Parser) -> String {
    let contents = screen.screen().contents();
    let lines: Vec<&str> = contents.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

impl Terminal {
    /// Starts a program in a terminal of so many columns.
    pub(crate) fn start(command: &std::process::Command, columns: u16) -> Self {
        let mut leader = std::process::Command::new("sh");
        leader.env_clear();
        leader.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        leader
            .args(["-c", LEADER])
            .arg(command.get_program())
            .args(command.get_args());
        let (pty, pts) = open().expect("the system has terminals");
        pty.resize(Size::new(ROWS, columns)).expect("it takes a size");
        let child = Command::from(leader).spawn(pts).expect("the program starts");
        let pty = Arc::new(pty);
        let (sender, output) = channel();
        let reader = Arc::clone(&pty);
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            // The read fails when the last program has left the terminal.
            while let Ok(length @ 1..) = (&*reader).read(&mut piece) {
                if sender.send(piece[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            pty,
            output,
            raw: Vec::new(),
            has_ended: false,
            screen: screen(columns),
            columns,
        }
    }

    pub(crate) fn seen(&self) -> String {
        seen(&self.screen)
    }

    /// Waits until all of this is seen.
    pub(crate) fn wait_for(&mut self, texts: &[&str]) {
        let begun = Instant::now();
        while !texts.iter().all(|text| self.seen().contains(text)) {
            assert!(
                !self.has_ended,
                "{texts:?} was never seen, in the end:\n{}",
                self.seen()
            );
            let left = LONGEST.saturating_sub(begun.elapsed());
            let piece = self.output.recv_timeout(left);
            self.take(&piece.unwrap_or_else(|_| panic!("{texts:?} is not seen in:\n{}", self.seen())));
        }
    }

    /// Presses Ctrl and C, which the terminal turns into a signal.
    pub(crate) fn press_ctrl_c(&self) {
        (&*self.pty).write_all(b"\x03").expect("the terminal takes keys");
    }

    /// Waits for the end of the program.
    pub(crate) fn end(mut self) -> Left {
        while !self.has_ended {
            let piece = self.output.recv_timeout(LONGEST);
            self.take(&piece.unwrap_or_else(|_| panic!("the program goes on after:\n{}", self.seen())));
        }
        (&*self.pty).write_all(b"\n").expect("the terminal takes keys");
        let status = self.child.wait().expect("it ends");
        Left {
            code: status.code().expect("no signal ended it"),
            screen: self.seen(),
            columns: self.columns,
            raw: String::from_utf8(self.raw).expect("it prints UTF-8"),
        }
    }

    fn take(&mut self, piece: &[u8]) {
        let end = piece.iter().position(|byte| *byte == MARK);
        self.has_ended |= end.is_some();
        let piece = &piece[..end.unwrap_or(piece.len())];
        self.raw.extend_from_slice(piece);
        self.screen.process(piece);
    }
}
