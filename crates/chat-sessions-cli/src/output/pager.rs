//! Help on standard output; and the pager for help, manual pages and transcripts on a terminal. A text
//! from a provider is made visible before it gets here.

use std::io::{self, IsTerminal, Write};
use std::process::{Command, Stdio};

use anstream::{AutoStream, ColorChoice};
use clap::builder::StyledStr;

/// Used if no variable names another.
const DEFAULT: &str = "less";
/// For `less`, if LESS is not set, as in git: it ends if everything fits on the screen (F), shows
/// colors (R), and leaves the text on the screen (X).
const LESS_FLAGS: &str = "FRX";
/// A shell has to interpret a command with one of these.
const SHELL_CHARACTERS: &str = "|&;<>()$`\\\"'\t\n*?[#~=%";
/// What a shell returns if it cannot execute a program, or does not find it.
const NOT_STARTED: [Option<i32>; 2] = [Some(126), Some(127)];

/// Shows help on standard output, through a pager if that is wanted and a terminal.
pub(crate) fn show_help(help: &StyledStr, pager: bool) -> io::Result<()> {
    let styled = help.ansi().to_string();
    if let Some(pager) = Pager::choose(pager, &["PAGER"]) {
        let plain = help.to_string();
        let text = if pager.shows_styles() { &styled } else { &plain };
        if pager.show(text.as_bytes()) {
            return Ok(());
        }
    }
    let mut out = anstream::stdout().lock();
    write!(out, "{styled}")?;
    out.flush()
}

/// The program that shows long text.
#[derive(Debug)]
pub(crate) struct Pager {
    command: String,
}

impl Pager {
    /// Returns the pager that one of these variables names; `None` if the text is to be printed: it
    /// goes to no terminal, to one that cannot move its cursor, or the variable is empty or `cat`.
    pub(crate) fn choose(is_wanted: bool, variables: &[&str]) -> Option<Self> {
        let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        if !is_wanted || !io::stdout().is_terminal() || is_dumb {
            return None;
        }
        let mut variables = variables.iter();
        let named = variables.find_map(|variable| std::env::var(variable).ok());
        let command = named.unwrap_or_else(|| DEFAULT.to_owned());
        let command = command.trim();
        (!["", "cat"].contains(&command)).then(|| Self {
            command: command.to_owned(),
        })
    }

    /// Returns whether the pager shows colors. Others than `less` print their codes, and so does
    /// `less` unless it is told otherwise.
    pub(crate) fn shows_styles(&self) -> bool {
        let program = self.command.split(' ').next().unwrap_or_default();
        let is_less = program.rsplit('/').next() == Some("less");
        let has_colors = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        is_less && has_colors && std::env::var_os("LESS").is_none()
    }

    /// Shows the text, and waits until the user leaves the pager. Returns whether it could be started.
    pub(crate) fn show(&self, text: &[u8]) -> bool {
        // The pager handles Ctrl-C itself; this program waits for it.
        #[cfg(unix)]
        let _ = signal_hook::flag::register(signal_hook::consts::SIGINT, std::sync::Arc::default());
        let (mut command, is_shell) = self.command();
        if std::env::var_os("LESS").is_none() {
            command.env("LESS", LESS_FLAGS);
        }
        let Ok(mut pager) = command.stdin(Stdio::piped()).spawn() else {
            return false;
        };
        if let Some(mut input) = pager.stdin.take() {
            // A pager that was left early reads no further.
            let _ = input.write_all(text);
        }
        let status = pager.wait();
        !(is_shell && status.is_ok_and(|status| NOT_STARTED.contains(&status.code())))
    }

    /// Returns the command, and whether a shell interprets it.
    fn command(&self) -> (Command, bool) {
        if self.command.contains(|character| SHELL_CHARACTERS.contains(character)) {
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(&self.command);
            return (shell, true);
        }
        let mut words = self.command.split(' ').filter(|word| !word.is_empty());
        let mut command = Command::new(words.next().unwrap_or(DEFAULT));
        command.args(words);
        (command, false)
    }
}
