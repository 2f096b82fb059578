//! `chat-sessions man`: manual pages, generated from the same definition as `--help`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Command;
use clap_mangen::Man;
use roff::{Roff, roman};

use crate::exit::{Exit, Failure};

const EXAMPLES: &str = "\
Examples:
  chat-sessions man | man -l -           read it
  chat-sessions man --dir ~/.local/share/man/man1";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES)]
pub(crate) struct ManArgs {
    /// Write one page for each command into this folder instead.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Prints the manual page of the program, or writes the pages of all commands to a directory.
pub(crate) fn run(args: &ManArgs, mut program: Command) -> Result<Exit, Failure> {
    // Sets the full names of the subcommands.
    program.build();
    let Some(dir) = &args.dir else {
        io::stdout().lock().write_all(&page(&program)?)?;
        return Ok(Exit::Ok);
    };
    let with_path = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", dir.display()));
    std::fs::create_dir_all(dir).map_err(with_path)?;
    write_pages(&program, dir).map_err(with_path)?;
    Ok(Exit::Ok)
}

fn write_pages(command: &Command, dir: &Path) -> io::Result<()> {
    let name = Man::new(command.clone()).get_filename();
    std::fs::write(dir.join(name), page(command)?)?;
    command
        .get_subcommands()
        .try_for_each(|command| write_pages(command, dir))
}

/// Renders a page with its sections in the order of `man-pages(7)`. The text before and after
/// `--help` becomes sections too; the generator would omit it or put it under one heading.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let man = Man::new(command.clone());
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
    let name = command.get_display_name().unwrap_or(command.get_name());
    let title = format!(".TH {name} 1 \"\" \"chat-sessions {}\"\n", env!("CARGO_PKG_VERSION"));
    Ok(format!("{definition}{title}{}", page.replace(&definition, "")).into_bytes())
}

/// Adds text as sections. A line without indentation that ends in a colon is a heading.
fn add_sections(roff: &mut Roff, text: &str) {
    let mut is_verbatim = false;
    for line in text.lines() {
        let heading = line.strip_suffix(':').filter(|line| !line.starts_with(' '));
        if let Some(heading) = heading {
            if std::mem::take(&mut is_verbatim) {
                roff.control("fi", []);
            }
            roff.control("SH", [heading.to_uppercase().as_str()]);
            continue;
        }
        if line.is_empty() || line.starts_with(' ') {
            if !std::mem::replace(&mut is_verbatim, true) {
                roff.control("nf", []);
            }
        } else if std::mem::take(&mut is_verbatim) {
            roff.control("fi", []);
            roff.control("PP", []);
        }
        roff.text([roman(line)]);
    }
    if is_verbatim {
        roff.control("fi", []);
    }
}
