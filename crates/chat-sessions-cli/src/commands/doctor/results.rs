//! The diagnoses of all lists, and their order on standard output.

use std::io;

use serde::Serialize;

use super::diagnosis::Diagnosis;
use crate::exit::Exit;
use crate::output::{ReportFormat, SCHEMA_VERSION, print_json};

/// The report of `doctor -o json`.
#[derive(Serialize)]
struct Report {
    schema_version: u32,
    lists: Vec<Diagnosis>,
}

/// The diagnoses, in the order of the plan.
pub(crate) struct Results {
    format: ReportFormat,
    diagnoses: Vec<Slot>,
    /// Whether anything was printed.
    has_begun: bool,
}

/// The place of one diagnosis.
#[derive(Default)]
struct Slot {
    diagnosis: Option<Diagnosis>,
    is_printed: bool,
}

impl Results {
    /// Creates the places for this many diagnoses.
    pub(crate) fn new(format: ReportFormat, lists: usize) -> Self {
        Self {
            format,
            diagnoses: std::iter::repeat_with(Slot::default).take(lists).collect(),
            has_begun: false,
        }
    }

    pub(crate) fn add(&mut self, index: usize, diagnosis: Diagnosis) {
        self.diagnoses[index].diagnosis = Some(diagnosis);
    }

    /// Returns the indexes of the lists without a diagnosis.
    pub(crate) fn missing(&self) -> Vec<usize> {
        let slots = self.diagnoses.iter().enumerate();
        let missing = slots.filter(|(_, slot)| slot.diagnosis.is_none());
        missing.map(|(index, _)| index).collect()
    }

    /// Prints new diagnoses, if the report is text; with `in_order` only those before the first one
    /// that is missing.
    pub(crate) fn print(&mut self, in_order: bool) -> io::Result<()> {
        if self.format != ReportFormat::Text {
            return Ok(());
        }
        for slot in &mut self.diagnoses {
            match &slot.diagnosis {
                None if in_order => break,
                Some(diagnosis) if !slot.is_printed => {
                    slot.is_printed = true;
                    diagnosis.print(!std::mem::replace(&mut self.has_begun, true))?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Prints what is left, and returns the exit code: that of the first list with a problem.
    pub(crate) fn finish(mut self) -> io::Result<Exit> {
        self.print(false)?;
        let lists: Vec<Diagnosis> = self.diagnoses.into_iter().filter_map(|slot| slot.diagnosis).collect();
        let exit = lists.iter().map(|list| list.exit).find(|exit| *exit != Exit::Ok);
        if self.format == ReportFormat::Json {
            print_json(&Report {
                schema_version: SCHEMA_VERSION,
                lists,
            })?;
        }
        Ok(exit.unwrap_or(Exit::Ok))
    }
}
