//! Writes exchanges as a HAR 1.2 document, entry by entry, to a file or any other writer.
//!
//! The exchanges it receives hold no secrets. It knows no HTTP and no provider; `record/har.rs`
//! formats the entries.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::record::exchange::Exchange;
use crate::record::har;
use crate::record::observer::ExchangeObserver;

/// `Recorder` writes HTTP exchanges to a HAR 1.2 document, without secrets, as evidence that you
/// can hand over.
///
/// Pass it to [`ListSessions::record`](crate::list::ListSessions::record). One recorder can serve
/// several lists, also at the same time, and a clone is the same recorder. [`Exchange`] lists what
/// is removed. Every request is a separate entry, including retries; a request without a response
/// has the status 0, and the member `_error` of its response says why, as browsers write it.
/// `_provider` names the provider.
///
/// Each entry is written when its response has arrived, and memory use does not grow with the list.
/// If a write fails, the recording ends, but the list does not: [`finish`](Self::finish) returns
/// the error.
///
/// ```
/// use chat_sessions::{ChatSessions, LlamaCloud};
/// use chat_sessions::record::Recorder;
/// # use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, Sandbox};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// # let sandbox = Sandbox::start().await?;
/// # let folder = std::env::temp_dir().join(format!("recorder-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("evidence.har");
/// # let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url()).build()?;
/// # let client = ChatSessions::new(source);
/// let recorder = Recorder::create(&path)?.blank_titles();
/// let page = client.list_sessions().record(&recorder).send().await?;
/// println!("{} requests are in the recording", recorder.finish()?);
///
/// let evidence = std::fs::read_to_string(&path)?;
/// assert!(!evidence.contains(LLAMA_CLOUD_KEY));
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Recorder {
    recording: Arc<Mutex<Recording>>,
    observer: ExchangeObserver,
}

impl Recorder {
    /// Creates a file and records into it. Only its owner can read the file, where the system
    /// supports such permissions.
    ///
    /// The file is a complete document after every entry, so the recording survives if the program
    /// is stopped in the middle of a list.
    ///
    /// # Errors
    ///
    /// A [`Config`](ErrorKind::Config) error says why the file cannot be created. An existing file
    /// is not overwritten: it may be evidence, and others may be able to read it.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| {
            let error_about = Error::local(ErrorKind::Config)
                .with_message(format!("the recording {} cannot be created: {error}", path.display()));
            error_about.with_remedy(Remedy::ChooseNewFile {
                exists: error.kind() == io::ErrorKind::AlreadyExists,
            })
        })?;
        Ok(Self::over(Out::File { file, end: 0 }))
    }

    /// Records into any writer, which need not support seeking: a pipe, a socket, a buffer.
    ///
    /// The document ends with [`finish`](Self::finish), or when the last clone and the last list
    /// that uses it are dropped. To repair a truncated document, cut it back to the end of a line,
    /// remove the comma there, and append `]}}`.
    #[must_use]
    pub fn new(out: impl Write + Send + 'static) -> Self {
        Self::over(Out::Stream(Box::new(out)))
    }

    fn over(out: Out) -> Self {
        let mut recording = Recording {
            out: Some(out),
            entries: 0,
            failure: None,
        };
        recording.begin();
        let recording = Arc::new(Mutex::new(recording));
        Self {
            observer: observer(&recording, false),
            recording,
        }
    }

    /// Writes `[title]` instead of every title from now on, and `[text]` instead of every text in
    /// messages, of the texts that tools got and returned, and of the names of files, tools and projects.
    /// What an event of an unknown kind holds under a name of its own stays.
    ///
    /// An empty, missing or `null` text stays as it is, and so do numbers.
    #[must_use]
    pub fn blank_titles(mut self) -> Self {
        self.observer = observer(&self.recording, true);
        self
    }

    /// Writes one exchange, for programs that receive exchanges themselves and choose which to
    /// keep.
    pub fn write(&self, exchange: &Exchange) {
        write(&self.recording, exchange);
    }

    /// Returns the number of exchanges written so far.
    #[must_use]
    pub fn entries(&self) -> u64 {
        lock(&self.recording).entries
    }

    /// Ends the document, and returns the number of exchanges in it. Later exchanges are not
    /// recorded.
    ///
    /// # Errors
    ///
    /// Returns the first write error. Everything written before it is still there, and a file is
    /// still a complete document.
    pub fn finish(&self) -> io::Result<u64> {
        lock(&self.recording).finish()
    }

    pub(crate) fn observer(&self) -> ExchangeObserver {
        self.observer.clone()
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let recording = lock(&self.recording);
        f.debug_struct("Recorder")
            .field("entries", &recording.entries)
            .field("finished", &recording.out.is_none())
            .field("failure", &recording.failure)
            .finish_non_exhaustive()
    }
}

fn observer(recording: &Arc<Mutex<Recording>>, blank_titles: bool) -> ExchangeObserver {
    let recording = Arc::clone(recording);
    ExchangeObserver::new(blank_titles, move |exchange| write(&recording, exchange))
}

fn write(recording: &Mutex<Recording>, exchange: &Exchange) {
    // Format the entry before taking the lock, so that lists that share the recorder wait only for
    // the write.
    let entry = har::entry(exchange);
    lock(recording).add(&entry);
}

fn lock(recording: &Mutex<Recording>) -> MutexGuard<'_, Recording> {
    // If a writer panics, at most its own entry is unfinished.
    recording.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A document in progress.
struct Recording {
    /// The destination, until the recording is finished or a write fails.
    out: Option<Out>,
    entries: u64,
    failure: Option<io::Error>,
}

enum Out {
    Stream(Box<dyn Write + Send>),
    File {
        file: File,
        /// The offset after the last entry, where the tail begins.
        end: u64,
    },
}

impl Recording {
    fn begin(&mut self) {
        self.put(&har::head());
    }

    fn add(&mut self, entry: &str) {
        let separator = if self.entries == 0 { "\n" } else { ",\n" };
        self.put(&format!("{separator}{entry}"));
        if self.out.is_some() {
            self.entries += 1;
        }
    }

    /// Writes text, unless an earlier write failed.
    fn put(&mut self, piece: &str) {
        if let Some(out) = &mut self.out
            && let Err(error) = out.put(piece)
        {
            out.mend();
            self.failure = Some(error);
            self.out = None;
        }
    }

    fn finish(&mut self) -> io::Result<u64> {
        if let Some(mut out) = self.out.take()
            && let Err(error) = out.finish()
        {
            self.failure = Some(error);
        }
        match &self.failure {
            Some(error) => Err(io::Error::new(error.kind(), error.to_string())),
            None => Ok(self.entries),
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        // A caller who wants to know the result has called `finish` before.
        let _ = self.finish();
    }
}

impl Out {
    /// Writes text. In a file it overwrites the tail and writes a new one.
    fn put(&mut self, piece: &str) -> io::Result<()> {
        match self {
            Self::Stream(out) => out.write_all(piece.as_bytes()),
            Self::File { file, end } => {
                file.seek(SeekFrom::Start(*end))?;
                // A single write, so that the file lacks a tail for a moment only if the entry does
                // not fit into one.
                file.write_all(format!("{piece}{}", har::TAIL).as_bytes())?;
                *end += piece.len() as u64;
                Ok(())
            }
        }
    }

    /// Removes what a failed write left after the last complete entry, if possible.
    fn mend(&mut self) {
        if let Self::File { file, end } = self {
            let _ = file
                .set_len(*end)
                .and_then(|()| file.seek(SeekFrom::Start(*end)))
                .and_then(|_| file.write_all(har::TAIL.as_bytes()));
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Stream(out) => {
                out.write_all(har::TAIL.as_bytes())?;
                out.flush()
            }
            // A file already has its tail.
            Self::File { file, .. } => file.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use serde_json::Value;

    use super::{Out, Recorder, har};
    use crate::error::Remedy;
    use crate::model::{Provider, Timestamp};
    use crate::record::Exchange;

    /// Accepts this number of bytes, then fails.
    #[derive(Clone, Default)]
    struct Bounded(Arc<Mutex<Vec<u8>>>, usize);

    impl Write for Bounded {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut taken = self.0.lock().unwrap();
            let fits = bytes.len().min(self.1 - taken.len());
            if fits == 0 {
                return Err(io::Error::new(io::ErrorKind::StorageFull, "no space left"));
            }
            taken.extend_from_slice(&bytes[..fits]);
            Ok(fits)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn exchange() -> Exchange {
        Exchange {
            provider: Provider::new("notes"),
            started: Timestamp::from_unix_millis(0).unwrap(),
            waited: Duration::from_micros(1500),
            read: Duration::ZERO,
            method: "GET",
            url: "http://127.0.0.1/".to_owned(),
            query: Vec::new(),
            request_headers: Vec::new(),
            response: None,
            error: Some("no response: it is closed".to_owned()),
        }
    }

    fn entries(text: &[u8]) -> usize {
        let document: Value = serde_json::from_slice(text).expect("it is whole");
        document["log"]["entries"].as_array().unwrap().len()
    }

    #[test]
    fn a_stream_is_whole_when_it_is_finished_or_dropped() {
        for count in 0..3 {
            for finish in [true, false] {
                let out = Bounded(Arc::default(), usize::MAX);
                let recorder = Recorder::new(out.clone());
                for _ in 0..count {
                    recorder.write(&exchange());
                }
                if finish {
                    assert_eq!(recorder.finish().unwrap(), count);
                    recorder.write(&exchange());
                    assert_eq!(recorder.finish().unwrap(), count, "later exchanges are omitted");
                }
                drop(recorder);
                assert_eq!(entries(&out.0.lock().unwrap()) as u64, count);
            }
        }
    }

    #[test]
    fn a_stream_that_was_cut_off_is_mended_as_the_documentation_says() {
        let out = Bounded(Arc::default(), usize::MAX);
        let recorder = Recorder::new(out.clone());
        (0..3).for_each(|_| recorder.write(&exchange()));
        let whole = out.0.lock().unwrap().clone();
        let first = har::head().len() + 1;
        for length in first..whole.len() {
            let text = std::str::from_utf8(&whole[..length]).unwrap();
            let lines = text.rsplit_once('\n').unwrap().0;
            let mended = format!("{}{}", lines.strip_suffix(',').unwrap_or(lines), har::TAIL);
            assert!(entries(mended.as_bytes()) <= 2, "{mended}");
        }
    }

    #[test]
    fn a_write_that_fails_ends_the_recording_and_is_told() {
        let out = Bounded(Arc::default(), har::head().len() + har::entry(&exchange()).len() + 50);
        let recorder = Recorder::new(out);
        for _ in 0..3 {
            recorder.write(&exchange());
        }
        assert_eq!(recorder.entries(), 1);
        for _ in 0..2 {
            let error = recorder.finish().unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        }
        assert!(format!("{recorder:?}").contains("no space left"), "{recorder:?}");
    }

    #[test]
    fn a_file_is_whole_after_every_entry_and_after_a_write_that_failed() {
        let path = std::env::temp_dir().join(format!("chat-sessions-recorder-{}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let recorder = Recorder::create(&path).unwrap();
        for count in 0..4 {
            assert_eq!(entries(&std::fs::read(&path).unwrap()), count);
            recorder.write(&exchange());
        }
        {
            // This is what remains after a full disk.
            let mut recording = super::lock(&recorder.recording);
            let Some(Out::File { file, end }) = &mut recording.out else {
                panic!("a file is written to");
            };
            io::Seek::seek(file, io::SeekFrom::Start(*end)).unwrap();
            file.write_all(b",\n{\"startedDateTime\": \"a long entry of which only the beginning")
                .unwrap();
            assert!(serde_json::from_slice::<Value>(&std::fs::read(&path).unwrap()).is_err());
            recording.out.as_mut().unwrap().mend();
        }
        assert_eq!(entries(&std::fs::read(&path).unwrap()), 4);
        let refusal = Recorder::create(&path).unwrap_err();
        assert!(
            matches!(refusal.remedy(), Some(Remedy::ChooseNewFile { exists: true })),
            "{refusal}"
        );
        std::fs::remove_file(&path).unwrap();
    }
}
