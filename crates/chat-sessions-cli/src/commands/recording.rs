//! `--record` and `--blank-titles`, which all commands that read sessions share: what was requested,
//! in a HAR file.

use std::path::{Path, PathBuf};

use chat_sessions::record::Recorder;

use crate::exit::{Exit, Failure};
use crate::output::{Format, messages};
use crate::verbosity::Verbosity;

/// The help heading of the options about requests.
pub(crate) const REQUESTS: &str = "Requests";

#[derive(Debug, clap::Args)]
pub(crate) struct RecordingArgs {
    /// Record every request and response in a new HAR 1.2 file, to attach to a bug report.
    ///
    /// The file contains no keys, cookies, page tokens or query values, but it does contain titles
    /// unless --blank-titles is given. Only you can read it, and an existing file is never
    /// overwritten. It is a complete document after every request, even if the list fails or is
    /// interrupted.
    #[arg(long, value_name = "FILE.har", help_heading = REQUESTS, hide_short_help = true)]
    record: Option<PathBuf>,

    /// Omit titles from the recording.
    #[arg(long, help_heading = REQUESTS, hide_short_help = true, requires = "record")]
    blank_titles: bool,
}

impl RecordingArgs {
    /// Creates the recording, if `--record` was given.
    pub(crate) fn create(&self) -> chat_sessions::Result<Option<Recorder>> {
        let Some(path) = &self.record else {
            return Ok(None);
        };
        let recorder = Recorder::create(path)?;
        Ok(Some(if self.blank_titles {
            recorder.blank_titles()
        } else {
            recorder
        }))
    }

    /// Reports what was recorded, also after a failed command. If the recording is incomplete, a
    /// command that succeeded counts as failed.
    pub(crate) fn finish(
        &self,
        recorder: Option<&Recorder>,
        format: Format,
        verbosity: Verbosity,
        ended: Result<Exit, Failure>,
    ) -> Result<Exit, Failure> {
        let Some(recorder) = recorder else {
            return ended;
        };
        let path = self.record.as_deref().unwrap_or(Path::new(""));
        let exit = match recorder.finish() {
            Ok(exchanges) => {
                if !verbosity.quiet {
                    messages::recorded(path, exchanges, !self.blank_titles, format);
                }
                ended?
            }
            Err(error) => {
                messages::recording_failure(path, recorder.entries(), &error, format);
                match ended? {
                    Exit::Ok => Exit::Other,
                    exit => exit,
                }
            }
        };
        Ok(exit)
    }
}
