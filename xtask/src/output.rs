//! Prints lines to standard output and standard error, and ends quietly when their reader has gone,
//! as
//! `head` does.
//!
//! The macros of the standard library panic then. These have the same names, so that every command
//! uses them.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::process;

/// Writes a text, and flushes it. When its reader has gone, the text is lost, which nobody minds.
/// For any other reason, the program ends, because its output would not be whole.
pub(crate) fn write(mut to: impl Write, text: Arguments<'_>) {
    let written = to.write_fmt(text).and_then(|()| to.flush());
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
    {
        // Nothing can be done if this is not printed either.
        let _ = writeln!(io::stderr(), "xtask: the output cannot be written: {error}");
        process::exit(1);
    }
}

macro_rules! print {
    ($($argument:tt)*) => { $crate::output::write(::std::io::stdout().lock(), format_args!($($argument)*)) };
}

macro_rules! println {
    () => { print!("\n") };
    ($($argument:tt)*) => { print!("{}\n", format_args!($($argument)*)) };
}

macro_rules! eprint {
    ($($argument:tt)*) => { $crate::output::write(::std::io::stderr().lock(), format_args!($($argument)*)) };
}

macro_rules! eprintln {
    () => { eprint!("\n") };
    ($($argument:tt)*) => { eprint!("{}\n", format_args!($($argument)*)) };
}
