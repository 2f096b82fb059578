//! Exchanges written down as a HAR 1.2 document, entry by entry, to a file or to whatever takes bytes.
//!
//! It writes what it is shown, which holds no secret any more; it knows no HTTP and no provider. What an entry looks like is in
//! `recorder/har.rs`.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::record::exchange::Exchange;
use crate::record::har;
use crate::record::observer::ExchangeObserver;

/// `Recorder` writes what goes over the wire into a HAR 1.2 document, without secrets: evidence that can be handed over.
///
/// [`ListSessions::record`](crate::list::ListSessions::record) puts it to work; one recorder can serve several lists, also at the same
/// time, and a clone is the same recorder. [`Exchange`] says what is taken out. Every request is an entry of its own, those
/// that are made again included; one without an answer has the status 0 and says why in the member `_error` of its response,
/// as browsers write it. `_provider` names who was asked.
///
/// Each entry is written when its answer is here, and memory stays the same however long the list is. A write that fails ends
/// the recording and not the list: [`finish`](Self::finish) tells of it.
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
    /// Creates a file, which only its owner can read where the system has such rights, and records into it.
    ///
    /// The file is a whole document after every entry, so that a program that is ended in the middle of a list leaves its
    /// recording behind.
    ///
    /// # Errors
    ///
    /// A [`Config`](ErrorKind::Config) error says why the file cannot be created. One that is there already is not
    /// overwritten: it may be evidence, and others may be able to read it.
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

    /// Records into whatever takes bytes, which need not be able to go back: a pipe, a socket, a buffer.
    ///
    /// The document ends with [`finish`](Self::finish), or when the last clone and the last list that uses it are dropped. One
    /// that was cut off is whole again when it is cut back to the end of a line, without the comma there, and `]}}` is added.
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

    /// Writes `[title]` instead of every title, from here on: of all that is recorded, titles are what people wrote.
    ///
    /// The empty title stays empty, and one that is missing or `null` stays so.
    #[must_use]
    pub fn blank_titles(mut self) -> Self {
        self.observer = observer(&self.recording, true);
        self
    }

    /// Writes one exchange, for programs that look at exchanges themselves and choose those to keep.
    pub fn write(&self, exchange: &Exchange) {
        write(&self.recording, exchange);
    }

    /// Says how many exchanges were written so far.
    #[must_use]
    pub fn entries(&self) -> u64 {
        lock(&self.recording).entries
    }

    /// Ends the document, and says how many exchanges are in it. What comes later is not recorded.
    ///
    /// # Errors
    ///
    /// Gives the first error of writing. What was written before it is still there, in a file as a whole document.
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
    // The text is made before the lock is taken, so that lists that share the recorder wait for the write only.
    let entry = har::entry(exchange);
    lock(recording).add(&entry);
}

fn lock(recording: &Mutex<Recording>) -> MutexGuard<'_, Recording> {
    // A panic of a writer leaves at most its own entry unfinished.
    recording.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A document that is being written.
struct Recording {
    /// Where it is written to, until it is finished or a write fails.
    out: Option<Out>,
    entries: u64,
    failure: Option<io::Error>,
}

enum Out {
    Stream(Box<dyn Write + Send>),
    File {
        file: File,
        /// Where the last entry ends and the tail begins.
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

    /// Writes a piece, if nothing failed before.
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
        // Whoever wants to know whether it went well has asked before.
        let _ = self.finish();
    }
}

impl Out {
    /// Writes a piece, in a file over the tail and with a tail behind it.
    fn put(&mut self, piece: &str) -> io::Result<()> {
        match self {
            Self::Stream(out) => out.write_all(piece.as_bytes()),
            Self::File { file, end } => {
                file.seek(SeekFrom::Start(*end))?;
                // One write, so that only an entry that does not fit at once leaves a moment without a tail.
                file.write_all(format!("{piece}{}", har::TAIL).as_bytes())?;
                *end += piece.len() as u64;
                Ok(())
            }
        }
    }

    /// Takes off what a failed write left behind the last whole entry, as far as that is possible.
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
            // The tail is there already.
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

    /// Takes so many bytes, then no more.
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
            error: Some("no answer: it is closed".to_owned()),
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
                    assert_eq!(recorder.finish().unwrap(), count, "what comes later is left out");
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
            // What a full disk leaves behind.
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
