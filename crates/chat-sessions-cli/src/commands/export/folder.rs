//! The folder of an export: which files are whole, and how a file gets there without ever being half
//! there.
//!
//! A file is written under another name first and then renamed. Before that, a line in the journal
//! says what the file will be, so that a run that is killed at any moment leaves either the old file
//! or the new one, and the next run knows which of them is whole. `index.json` takes over the journal
//! at the beginning and at the end of a run.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind as IoErrorKind, Write};
use std::path::{Path, PathBuf};

use chat_sessions::{Error, ErrorKind};

use super::file_name::{is_file_name, sha256_hex};
use super::index::{Entry, Index, JournalLine};
use super::lock::Lock;

const INDEX: &str = "index.json";
const JOURNAL: &str = ".chat-sessions-export.journal";
const PART: &str = ".chat-sessions-export.part";
const LOCK: &str = ".chat-sessions-export.lock";

/// An unfinished run is continued for this long. After that, what it fetched is too old.
const CONTINUED_FOR: i64 = 24 * 3600;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Done,
    /// There is a file of this name that is not from an export. It was left alone.
    Foreign,
}

/// A folder, locked for this process unless it is only looked at.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    index: Index,
    journal: Option<File>,
    _lock: Option<Lock>,
}

impl Folder {
    /// Reads what is in a folder, and changes nothing. A folder that does not exist is empty.
    pub(crate) fn look(path: &Path, now: i64) -> Result<Self, Error> {
        let mut folder = Self {
            path: path.to_owned(),
            index: Index::default(),
            journal: None,
            _lock: None,
        };
        folder.load()?;
        folder.begin_run(now);
        Ok(folder)
    }

    /// Creates a folder if it does not exist, locks it, removes what an earlier run left half written,
    /// and begins a run. `page` is the page that will list the sessions.
    pub(crate) fn open(path: &Path, page: Option<&str>, now: i64) -> Result<Self, Error> {
        create(path).map_err(|error| refusal(path, &format!("cannot be created: {error}")))?;
        let lock =
            Lock::take(&path.join(LOCK)).map_err(|error| refusal(path, &format!("cannot be locked: {error}")))?;
        let Some(lock) = lock else {
            return Err(Error::local(ErrorKind::Config)
                .with_message(format!("another export is writing into {}", path.display()))
                .with_remedy("Wait until it has ended, or choose another folder."));
        };
        let mut folder = Self::look(path, now)?;
        folder._lock = Some(lock);
        if let Some(page) = page
            && !folder.index.pages.contains(page)
        {
            if folder.exists(page) {
                return Err(refusal(&path.join(page), "is not from an export"));
            }
            folder.index.pages.insert(page.to_owned());
        }
        folder
            .start_journal()
            .map_err(|error| refusal(path, &format!("cannot be written: {error}")))?;
        Ok(folder)
    }

    /// Reads the index and the journal.
    fn load(&mut self) -> Result<(), Error> {
        let index = self.path.join(INDEX);
        match fs::read_to_string(&index) {
            Ok(text) => self.index = Index::parse(&text).map_err(|reason| refusal(&index, &reason))?,
            Err(error) if error.kind() == IoErrorKind::NotFound => {}
            Err(error) if error.kind() == IoErrorKind::InvalidData => {
                return Err(refusal(&index, "is not from an export"));
            }
            Err(error) => return Err(refusal(&index, &format!("cannot be read: {error}"))),
        }
        let journal = match fs::read(self.path.join(JOURNAL)) {
            Ok(journal) => journal,
            Err(error) if error.kind() == IoErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(refusal(&self.path.join(JOURNAL), &format!("cannot be read: {error}"))),
        };
        // The last line may be torn. Its file was not renamed then.
        let lines = journal.split(|byte| *byte == b'\n');
        for line in lines.filter_map(|line| serde_json::from_slice::<JournalLine>(line).ok()) {
            if is_file_name(&line.file) {
                self.index.files.insert(line.file, line.entry);
            }
        }
        Ok(())
    }

    fn begin_run(&mut self, now: i64) {
        let run = &mut self.index.run;
        let is_recent = (0..CONTINUED_FOR).contains(&(now - run.started));
        if run.finished || !is_recent {
            run.number += 1;
            run.started = now;
        }
        run.finished = false;
    }

    /// Moves the journal into the index, and begins an empty one.
    fn start_journal(&mut self) -> io::Result<()> {
        self.save_index()?;
        let mut options = private();
        let journal = options.create(true).truncate(true).open(self.path.join(JOURNAL))?;
        self.journal = Some(journal);
        Ok(())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// Returns whether a file is there as the index describes it.
    pub(crate) fn is_whole(&self, name: &str) -> bool {
        let path = self.path.join(name);
        let Some(entry) = self.index.files.get(name) else {
            return false;
        };
        let is_as_long = fs::symlink_metadata(&path).is_ok_and(|found| found.is_file() && found.len() == entry.bytes);
        is_as_long && fs::read(&path).is_ok_and(|bytes| sha256_hex(&bytes) == entry.sha256)
    }

    /// Returns whether there is anything of this name.
    fn exists(&self, name: &str) -> bool {
        fs::symlink_metadata(self.path.join(name)).is_ok()
    }

    /// Writes the file of a session. A file that is not from an export stays, unless it already has this
    /// content.
    pub(crate) fn write(&mut self, name: &str, content: &str, mut entry: Entry) -> io::Result<Written> {
        entry.bytes = content.len().try_into().unwrap_or(u64::MAX);
        entry.sha256 = sha256_hex(content.as_bytes());
        if !self.index.files.contains_key(name) && self.exists(name) {
            let is_same = fs::read(self.path.join(name)).is_ok_and(|found| found == content.as_bytes());
            if !is_same {
                return Ok(Written::Foreign);
            }
        }
        let part = self.write_part(content).map_err(|error| self.about(PART, &error))?;
        let mut line = serde_json::to_vec(&JournalLine {
            file: name.to_owned(),
            entry: entry.clone(),
        })?;
        line.push(b'\n');
        if let Some(journal) = &mut self.journal {
            journal.write_all(&line)?;
            journal.sync_data()?;
        }
        fs::rename(part, self.path.join(name)).map_err(|error| self.about(name, &error))?;
        self.index.files.insert(name.to_owned(), entry);
        Ok(Written::Done)
    }

    /// Writes the pages that list the sessions, and the index, and ends the run.
    pub(crate) fn finish(&mut self, finished: bool, pages: &[(&str, String)]) -> io::Result<()> {
        for (name, content) in pages {
            let part = self.write_part(content).map_err(|error| self.about(name, &error))?;
            fs::rename(part, self.path.join(name)).map_err(|error| self.about(name, &error))?;
        }
        self.index.run.finished = finished;
        self.save_index()?;
        self.journal = None;
        fs::remove_file(self.path.join(JOURNAL))?;
        // So that the names survive a power failure too. Other systems cannot do this.
        #[cfg(unix)]
        File::open(&self.path)?.sync_all()?;
        Ok(())
    }

    fn save_index(&self) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(&self.index)?;
        text.push('\n');
        let part = self.write_part(&text).map_err(|error| self.about(INDEX, &error))?;
        fs::rename(part, self.path.join(INDEX)).map_err(|error| self.about(INDEX, &error))
    }

    /// Writes a file that is not yet at its place. What an earlier run left there is removed first.
    fn write_part(&self, content: &str) -> io::Result<PathBuf> {
        let path = self.path.join(PART);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != IoErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = private().create_new(true).open(&path)?;
        file.write_all(content.as_bytes())?;
        file.sync_all()?;
        Ok(path)
    }

    fn about(&self, name: &str, error: &io::Error) -> io::Error {
        io::Error::other(format!("{}: {error}", self.path.join(name).display()))
    }
}

/// Returns the options to write a file that only its owner can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Creates a folder and those above it. Only its owner can read it. One that exists stays as it is.
fn create(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn refusal(path: &Path, reason: &str) -> Error {
    Error::local(ErrorKind::Config)
        .with_message(format!("{} {reason}", path.display()))
        .with_remedy("Export into another folder.")
}
