//! `chat-sessions man`: manual pages, generated from the same definition as `--help`. On a terminal,
//! `man` formats the page; anywhere else, the page is printed in its source form.

mod sections;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use clap::Command;
use clap_mangen::Man;
use roff::Roff;

use self::sections::add_sections;
use super::help;
use crate::exit::{Exit, Failure};
use crate::output::{Pager, show_help, width};

const EXAMPLES: &str = "\
Examples:
  chat-sessions man                      read the manual
  chat-sessions man list                 read the page of a command
  chat-sessions man --dir ~/.local/share/man/man1";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES)]
pub(crate) struct ManArgs {
    /// The command; default: the program itself.
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Vec<String>,

    /// Write one page per command to this directory instead.
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(crate) dir: Option<PathBuf>,
}

/// Shows the manual page of a command, or writes the pages of all commands to a directory.
pub(crate) fn run(args: &ManArgs, program: &Command, pager: bool) -> Result<Exit, Failure> {
    let command = help::find(program, &args.command)?;
    let Some(dir) = &args.dir else {
        show(command, pager)?;
        return Ok(Exit::Ok);
    };
    let with_path = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", dir.display()));
    std::fs::create_dir_all(dir).map_err(with_path)?;
    write_pages(&command, dir).map_err(with_path)?;
    Ok(Exit::Ok)
}

fn show(mut command: Command, pager: bool) -> io::Result<()> {
    let page = page(&command)?;
    if !io::stdout().is_terminal() {
        return io::stdout().lock().write_all(&page);
    }
    let chosen = Pager::choose(pager, &["MANPAGER", "PAGER"]);
    let has_styles = chosen.as_ref().is_some_and(Pager::shows_styles);
    let Some(formatted) = formatted(&command, page.clone(), has_styles) else {
        // Help says the same.
        return show_help(&command.render_long_help(), pager);
    };
    if chosen.is_some_and(|pager| pager.show(&formatted)) {
        return Ok(());
    }
    // Without a pager, a terminal shows the codes of a style.
    let plain = if has_styles {
        self::formatted(&command, page, false)
    } else {
        None
    };
    io::stdout().lock().write_all(&plain.unwrap_or(formatted))
}

/// Lets `man` format a page; `None` if it is not installed or cannot do that.
fn formatted(command: &Command, page: Vec<u8>, has_styles: bool) -> Option<Vec<u8>> {
    let mut man = Process::new("man");
    man.args(["-l", "-"])
        .env("MANPAGER", "cat")
        // Its output goes to a pipe, so it cannot find this itself. A MANWIDTH of the user overrides it.
        .env("COLUMNS", width().to_string())
        .env_remove("MAN_KEEP_FORMATTING")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if has_styles {
        man.env("MAN_KEEP_FORMATTING", "1");
    }
    let mut man = man.spawn().ok()?;
    let mut input = man.stdin.take()?;
    // In a thread, because `man` may print before it has read everything.
    let writer = std::thread::spawn(move || input.write_all(&page));
    let output = man.wait_with_output().ok()?;
    let is_whole = writer.join().is_ok_and(|written| written.is_ok());
    let name = name(command).as_bytes();
    // Some systems replace `man` by a program that only says how to install it.
    let has_name = output.stdout.windows(name.len()).any(|part| part == name);
    (is_whole && output.status.success() && has_name).then_some(output.stdout)
}

fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

fn write_pages(command: &Command, dir: &Path) -> io::Result<()> {
    let name = Man::new(command.clone()).get_filename();
    std::fs::write(dir.join(name), page(command)?)?;
    let mut commands = command.get_subcommands().filter(|command| !command.is_hide_set());
    commands.try_for_each(|command| write_pages(command, dir))
}

/// Renders a page with its sections in the order of `man-pages(7)`. The text before and after
/// `--help` becomes sections too; the generator would omit it or put it under one heading.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    // The generator leaves out the only text of an option that is hidden in the short help.
    let shown = command.clone().mut_args(|option| option.hide_short_help(false));
    let man = Man::new(shown);
    let mut page = Vec::new();
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    man.render_options_section(&mut page)?;
    let mut roff = Roff::new();
    for text in [command.get_after_long_help(), command.get_before_long_help()]
        .into_iter()
        .flatten()
    {
        add_sections(&mut roff, &text.to_string());
    }
    roff.to_writer(&mut page)?;
    // Every section starts with the same definition of the apostrophe. One is enough.
    let page = String::from_utf8_lossy(&page);
    let definition: String = page.lines().take(2).map(|line| format!("{line}\n")).collect();
    // The date is empty, so that the same program yields the same page. The generator would print the
    // version in place of an empty date.
    let name = name(command);
    let title = format!(".TH {name} 1 \"\" \"chat-sessions {}\"\n", env!("CARGO_PKG_VERSION"));
    // Without hyphens, which a reader would take for a part of a variable or an option, and without
    // the gaps of justified text.
    let title = format!("{title}.nh\n.ad l\n");
    // The generator indents possible values by 7 columns more than the text above them.
    let page = page.replace(&definition, "").replace("\n.RS 14\n", "\n.RS 7\n");
    Ok(format!("{definition}{title}{page}").into_bytes())
}
