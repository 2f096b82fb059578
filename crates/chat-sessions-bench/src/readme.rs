//! The performance section of README.md: between its markers stands what the bench wrote, and nothing else writes there.

use std::path::Path;
use std::process::Command;

use crate::Failure;
use crate::report::{Bound, Section, bounds};

const BEGIN: &str = "<!-- bench:begin -->";
const END: &str = "<!-- bench:end -->";

/// What the numbers were measured on, as a sentence: processor, cores, compiler and day. Nothing that names the machine.
///
/// # Errors
///
/// Fails when the compiler cannot be asked.
pub(crate) fn machine(cargo: &Command) -> Result<String, Failure> {
    let information = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cores = std::thread::available_parallelism()?;
    let version = Command::new(cargo.get_program()).arg("--version").output()?.stdout;
    let version = String::from_utf8(version)?;
    let release = version.split_whitespace().nth(1).unwrap_or("of an unknown version");
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    Ok(format!(
        "Measured on {today} with Rust {release}, on {cores} cores of: {}.",
        processor(&information).unwrap_or("a processor that does not say its name")
    ))
}

fn processor(information: &str) -> Option<&str> {
    let line = information.lines().find(|line| line.starts_with("model name"))?;
    line.split_once(':').map(|(_, name)| name.trim())
}

/// Writes all sections into README.md.
///
/// # Errors
///
/// Fails when the file cannot be read or written, or has no markers.
pub(crate) fn write(root: &Path, machine: &str, sections: &[Section]) -> Result<(), Failure> {
    let path = root.join("README.md");
    let text = std::fs::read_to_string(&path)?;
    let all: Vec<Bound> = sections.iter().flat_map(|section| section.bounds.clone()).collect();
    let mut written = format!(
        "{machine} `cargo xtask bench --write` wrote what follows.\n\n{}",
        bounds(&all)
    );
    for section in sections {
        written += "\n";
        written += &section.markdown();
    }
    let spliced = splice(&text, &written).ok_or_else(|| {
        format!("README.md has no place for the tables. Remedy: put a line {BEGIN} and a line {END} where they belong.")
    })?;
    std::fs::write(path, spliced)?;
    println!("\nREADME.md is written.");
    Ok(())
}

/// Puts a text between the markers, in place of what stands there.
fn splice(readme: &str, written: &str) -> Option<String> {
    let begin = readme.find(BEGIN)? + BEGIN.len();
    let end = begin + readme[begin..].find(END)?;
    Some(format!(
        "{}\n\n{}\n\n{}",
        &readme[..begin],
        written.trim(),
        &readme[end..]
    ))
}

#[cfg(test)]
mod tests {
    use super::{processor, splice};

    #[test]
    fn what_was_written_is_replaced_and_the_rest_stays() {
        let readme = "before\n<!-- bench:begin -->\n\nold\n\n<!-- bench:end -->\nafter\n";
        let spliced = splice(readme, "new\n").unwrap();
        assert_eq!(
            spliced,
            "before\n<!-- bench:begin -->\n\nnew\n\n<!-- bench:end -->\nafter\n"
        );
        assert_eq!(splice(&spliced, "new").as_ref(), Some(&spliced));
    }

    #[test]
    fn without_both_markers_in_order_nothing_is_written() {
        for readme in ["", "<!-- bench:begin -->", "<!-- bench:end --> <!-- bench:begin -->"] {
            assert_eq!(splice(readme, "new"), None);
        }
    }

    #[test]
    fn the_processor_is_read_off_its_first_core() {
        let information = "processor\t: 0\nmodel name\t: Example CPU @ 2.0GHz\n\nprocessor\t: 1\nmodel name\t: Other\n";
        assert_eq!(processor(information), Some("Example CPU @ 2.0GHz"));
        assert_eq!(processor("processor : 0"), None);
    }
}
