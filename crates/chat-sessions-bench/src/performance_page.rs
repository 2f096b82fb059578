//! `docs/performance.md`: only the bench writes the text between its two markers.

use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::report::{Bound, Section, targets};

const PAGE: &str = "docs/performance.md";
const BEGIN: &str = "<!-- bench:begin -->";
const END: &str = "<!-- bench:end -->";

/// Describes in a sentence what the numbers were measured on: day, compiler, cores and processor. Nothing identifies the machine.
///
/// # Errors
///
/// Fails if cargo does not report its version.
pub(crate) fn machine(cargo: &Command) -> Result<String, Failure> {
    let information = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cores = std::thread::available_parallelism()?;
    let version = Command::new(cargo.get_program()).arg("--version").output()?.stdout;
    let version = String::from_utf8(version)?;
    let release = version.split_whitespace().nth(1).unwrap_or("of an unknown version");
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    Ok(format!(
        "Measured on {today} with Rust {release}, on {cores} cores of: {}.",
        processor(&information).unwrap_or("an unknown processor")
    ))
}

fn processor(information: &str) -> Option<&str> {
    let line = information.lines().find(|line| line.starts_with("model name"))?;
    line.split_once(':').map(|(_, name)| name.trim())
}

/// Writes all sections into `docs/performance.md`.
///
/// # Errors
///
/// Fails if the file cannot be read or written, or has no markers.
pub(crate) fn write(root: &Path, machine: &str, sections: &[Section]) -> Result<(), Failure> {
    let path = root.join(PAGE);
    let text = std::fs::read_to_string(&path)?;
    let all: Vec<Bound> = sections.iter().flat_map(|section| section.bounds.clone()).collect();
    let mut written = format!("{machine} Written by `cargo xtask bench --write`.\n\n{}", targets(&all));
    for section in sections {
        written += "\n";
        written += &section.markdown();
    }
    let spliced = splice(&text, &written).ok_or_else(|| {
        format!("{PAGE} has no place for the tables. Remedy: put a line {BEGIN} and a line {END} where they belong.")
    })?;
    std::fs::write(path, spliced)?;
    println!("\nWrote {PAGE}.");
    Ok(())
}

/// Replaces the text between the markers.
fn splice(page: &str, written: &str) -> Option<String> {
    let begin = page.find(BEGIN)? + BEGIN.len();
    let end = begin + page[begin..].find(END)?;
    Some(format!("{}\n\n{}\n\n{}", &page[..begin], written.trim(), &page[end..]))
}

#[cfg(test)]
mod tests {
    use super::{processor, splice};

    #[test]
    fn what_was_written_is_replaced_and_the_rest_stays() {
        let page = "before\n<!-- bench:begin -->\n\nold\n\n<!-- bench:end -->\nafter\n";
        let spliced = splice(page, "new\n").unwrap();
        assert_eq!(
            spliced,
            "before\n<!-- bench:begin -->\n\nnew\n\n<!-- bench:end -->\nafter\n"
        );
        assert_eq!(splice(&spliced, "new").as_ref(), Some(&spliced));
    }

    #[test]
    fn without_both_markers_in_order_nothing_is_written() {
        for page in ["", "<!-- bench:begin -->", "<!-- bench:end --> <!-- bench:begin -->"] {
            assert_eq!(splice(page, "new"), None);
        }
    }

    #[test]
    fn the_page_has_both_markers() {
        let page = include_str!("../../../docs/performance.md");
        assert!(splice(page, "new").is_some());
    }

    #[test]
    fn the_processor_is_read_off_its_first_core() {
        let information = "processor\t: 0\nmodel name\t: Example CPU @ 2.0GHz\n\nprocessor\t: 1\nmodel name\t: Other\n";
        assert_eq!(processor(information), Some("Example CPU @ 2.0GHz"));
        assert_eq!(processor("processor : 0"), None);
    }
}
