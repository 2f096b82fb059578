//! What shells and manual readers get of the command line: completions, and manual pages.
//!
//! Both are made of the same definition as `--help`, so that they cannot say anything else.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use roff::{Roff, roman};

use crate::args::{Args, Completions, Manual};
use crate::exit::Exit;

const NAME: &str = "chat-sessions";

/// Prints the completions of a shell.
pub(crate) fn completions(args: &Completions) -> io::Result<Exit> {
    // The generator panics where it cannot write, and a closed pipe is no reason for that.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), NAME, &mut script);
    if args.shell == Shell::Bash {
        script = corrected(&script);
    }
    io::stdout().lock().write_all(&script)?;
    Ok(Exit::Ok)
}

/// Lets the two names agree that the generator gives each command below a program with a hyphen in its name: it looks for the
/// second and has set the first, so that nothing below the program would be completed (`clap_complete` 4.6.11).
fn corrected(script: &[u8]) -> Vec<u8> {
    let set = NAME.replace('-', "__");
    let looked_for = NAME.replace('-', "__subcmd__");
    String::from_utf8_lossy(script).replace(&looked_for, &set).into_bytes()
}

/// Prints the manual page of the program, or writes the pages of all commands into a folder.
pub(crate) fn manual(args: &Manual) -> io::Result<Exit> {
    // Only a command that is built knows the whole names of those below it.
    let mut program = Args::command();
    program.build();
    let Some(folder) = &args.dir else {
        io::stdout().lock().write_all(&page(&program)?)?;
        return Ok(Exit::Ok);
    };
    let told = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(told)?;
    write_pages(&program, folder).map_err(told)?;
    Ok(Exit::Ok)
}

fn write_pages(command: &Command, folder: &std::path::Path) -> io::Result<()> {
    let name = Man::new(command.clone()).get_filename();
    std::fs::write(folder.join(name), page(command)?)?;
    command
        .get_subcommands()
        .try_for_each(|command| write_pages(command, folder))
}

/// Makes a page. The order of its sections is that of `man-pages(7)`, and what stands around `--help` becomes sections of
/// its own, which the generator would leave out or put under one heading.
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
        sections(&mut roff, &text.to_string());
    }
    roff.to_writer(&mut page)?;
    // Each section brings the definition of the apostrophe along, and one is enough.
    let page = String::from_utf8_lossy(&page);
    let definition: String = page.lines().take(2).map(|line| format!("{line}\n")).collect();
    // Without a date, so that the same program gives the same page; the generator would let the version slip into its place.
    let name = command.get_display_name().unwrap_or(NAME);
    let title = format!(".TH {name} 1 \"\" \"{NAME} {}\"\n", env!("CARGO_PKG_VERSION"));
    Ok(format!("{definition}{title}{}", page.replace(&definition, "")).into_bytes())
}

/// Makes sections of a text in which a line at the margin that ends in a colon is a heading.
fn sections(roff: &mut Roff, text: &str) {
    let mut set_as_is = false;
    for line in text.lines() {
        let heading = line.strip_suffix(':').filter(|line| !line.starts_with(' '));
        if let Some(heading) = heading {
            if std::mem::take(&mut set_as_is) {
                roff.control("fi", []);
            }
            roff.control("SH", [heading.to_uppercase().as_str()]);
            continue;
        }
        if line.is_empty() || line.starts_with(' ') {
            if !std::mem::replace(&mut set_as_is, true) {
                roff.control("nf", []);
            }
        } else if std::mem::take(&mut set_as_is) {
            roff.control("fi", []);
            roff.control("PP", []);
        }
        roff.text([roman(line)]);
    }
    if set_as_is {
        roff.control("fi", []);
    }
}
