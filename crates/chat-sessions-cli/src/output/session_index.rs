//! The list of the sessions in an exported folder, for people: its rows, and how Markdown shows them.

use chat_sessions::SessionAddress;
use chat_sessions::model::{SessionTime, TimeOrigin};

use crate::output::text::{count, one_line, truncate};
use crate::output::visible::visible;

/// The longest title in a row; Memories.ai sends whole prompts.
const SHORT_TITLE: usize = 100;

/// One exported session.
#[derive(Clone, Debug)]
pub(crate) struct IndexRow<'a> {
    /// The name of its file, which needs no escape in an address.
    pub(crate) file: &'a str,
    pub(crate) address: &'a SessionAddress,
    pub(crate) title: Option<&'a str>,
    pub(crate) time: Option<&'a SessionTime>,
}

impl IndexRow<'_> {
    /// Returns the title on one line, shortened, or words in its place.
    pub(crate) fn label(&self) -> String {
        let title = self.title.map(one_line).filter(|title| !title.is_empty());
        title.map_or_else(|| "(no title)".to_owned(), |title| truncate(&title, SHORT_TITLE))
    }
}

/// Returns the list in Markdown, in this order.
pub(crate) fn markdown(rows: &[IndexRow<'_>]) -> String {
    let number = count(u64::try_from(rows.len()).unwrap_or(u64::MAX), "session");
    let mut out = format!("# Chat sessions\n\n{number}\n\n");
    for row in rows {
        let title = escaped(&row.label());
        let address = escaped(&visible(&row.address.to_string()));
        let time = row
            .time
            .map(|time| format!(", {}", utc_minute(time)))
            .unwrap_or_default();
        out.push_str(&format!("- [{title}]({}), {address}{time}\n", row.file));
    }
    out
}

/// Returns a time in UTC to the minute. A `~` marks a time that is not exactly known.
pub(crate) fn utc_minute(time: &SessionTime) -> String {
    let text = time.at.to_string();
    // RFC 3339, with a sign and more digits in years that no session has.
    let minute = text.get(..16).unwrap_or(&text).replace('T', " ");
    let mark = if time.origin == TimeOrigin::Given { "" } else { "~" };
    format!("{mark}{minute} UTC")
}

/// Escapes everything in a line that Markdown could give a meaning.
fn escaped(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len() + 8);
    for character in line.chars() {
        if character.is_ascii_punctuation()
            && !matches!(character, ',' | '.' | ':' | ';' | '/' | '?' | '\'' | '"' | '-')
        {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
