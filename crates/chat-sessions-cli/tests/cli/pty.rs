//! A pseudo terminal of a given size to run the program in, and the content of its screen.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::Child;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::termios::{LocalModes, tcgetattr};

/// High enough that no test scrolls.
const ROWS: u16 = 200;
/// Much longer than any test takes, even on a busy machine.
const LONGEST: Duration = Duration::from_secs(60);

/// The leader of the terminal session, as a shell is. It ignores Ctrl-C. When the leader exits, the
/// system discards output that nobody has read. So it prints a mark after the program's output, and
/// waits until the test has read the mark and presses Enter.
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

/// What a program printed on its terminal, and its exit code.
pub(crate) struct Left {
    pub(crate) code: i32,
    /// All output.
    pub(crate) raw: String,
    /// The visible text.
    pub(crate) screen: String,
    columns: u16,
}

impl Left {
    /// Returns the visible text without the `^C` that the terminal writes for Ctrl-C. The system sends
    /// the signal first, so the program's reaction can precede or follow the `^C`.
    pub(crate) fn without_echo(&self) -> String {
        let mut screen = screen(self.columns);
        screen.process(self.raw.replacen("^C", "", 1).as_bytes());
        seen(&screen)
    }
}

fn screen(columns: u16) -> vt100::Parser {
    let size = |length| NonZeroU16::new(length).expect("it is not 0");
    // A terminal that does not tell its width has one.
    let columns = if columns == 0 { 80 } else { columns };
    vt100::Parser::new(size(ROWS), size(columns), 0)
}

/// Returns the visible text without trailing white space and empty lines.
fn seen(screen: &vt100::Parser) -> String {
    let contents = screen.screen().contents();
    let lines: Vec<&str> = contents.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

impl Terminal {
    /// Starts a program in a terminal with this number of columns.
    pub(crate) fn start(command: &std::process::Command, columns: u16) -> Self {
        Self::start_after(command, columns, "")
    }

    /// Starts a program after these keys were typed.
    pub(crate) fn start_after(command: &std::process::Command, columns: u16, keys: &str) -> Self {
        let mut leader = std::process::Command::new("sh");
        leader.env_clear();
        leader.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        leader
            .args(["-c", LEADER])
            .arg(command.get_program())
            .args(command.get_args());
        let (pty, pts) = open().expect("the system has terminals");
        pty.resize(Size::new(ROWS, columns)).expect("it takes a size");
        (&pty).write_all(keys.as_bytes()).expect("the terminal takes keys");
        let child = Command::from(leader).spawn(pts).expect("the program starts");
        let pty = Arc::new(pty);
        let (sender, output) = channel();
        let reader = Arc::clone(&pty);
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            // The read fails once every program has closed the terminal.
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

    /// Returns the visible text without trailing white space and empty lines.
    pub(crate) fn seen(&self) -> String {
        seen(&self.screen)
    }

    /// Waits until all these texts are visible.
    pub(crate) fn wait_for(&mut self, texts: &[&str]) {
        let start = Instant::now();
        while !texts.iter().all(|text| self.seen().contains(text)) {
            assert!(
                !self.has_ended,
                "{texts:?} was never visible; at the end:\n{}",
                self.seen()
            );
            let left = LONGEST.saturating_sub(start.elapsed());
            let piece = self.output.recv_timeout(left);
            self.take(&piece.unwrap_or_else(|_| panic!("{texts:?} is not seen in:\n{}", self.seen())));
        }
    }

    /// Presses Ctrl-C, which the terminal turns into a signal.
    pub(crate) fn press_ctrl_c(&self) {
        (&*self.pty).write_all(b"\x03").expect("the terminal takes keys");
    }

    /// Types characters, which may include those of control keys.
    pub(crate) fn type_keys(&self, keys: &str) {
        (&*self.pty)
            .write_all(keys.as_bytes())
            .expect("the terminal takes keys");
    }

    /// Returns whether the terminal shows what is typed.
    pub(crate) fn shows_keys(&self) -> bool {
        let state = tcgetattr(&*self.pty).expect("it is a terminal");
        state.local_modes.contains(LocalModes::ECHO)
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
