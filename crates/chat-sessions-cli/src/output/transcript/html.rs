//! HTML: one page for each session, and a page that lists them.
//!
//! A page is one file that needs nothing else: no script, no image, no font, and no request. Its
//! Content-Security-Policy forbids all of them, so that even a mistake in this program cannot let a
//! text of a provider load anything.

mod escape;
mod markdown;
mod parts;
mod style;

use chat_sessions::Transcript;
use chat_sessions::model::SessionTime;

use crate::output::session_index::{IndexRow, utc_minute};
use crate::output::text::{count, truncate};
use crate::output::transcript::labels;
use crate::output::visible::visible;
use escape::{push_attribute, push_text};
use style::{STYLE, STYLE_HASH};

/// The longest title in the tab of a browser; Memories.ai sends whole prompts.
const SHORT_TITLE: usize = 100;

/// Returns the page of a session.
pub(crate) fn page(transcript: &Transcript) -> String {
    let title = labels::title(transcript);
    let mut out = String::new();
    push_head(&mut out, &title);
    out.push_str("<header>\n<h1 dir=\"auto\" lang=\"\">");
    push_text(&mut out, &title);
    out.push_str("</h1>\n<dl class=\"facts\">\n");
    for (name, value) in labels::facts(transcript) {
        out.push_str(&format!("<div><dt>{name}</dt><dd>"));
        push_text(&mut out, &value);
        out.push_str("</dd></div>\n");
    }
    out.push_str("</dl>\n");
    out.push_str("</header>\n<main>\n");
    for (index, message) in transcript.messages.iter().enumerate() {
        parts::push_message(&mut out, message, index + 1);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// Returns the page that lists exported sessions, in this order.
pub(crate) fn index(rows: &[IndexRow<'_>]) -> String {
    let mut out = String::new();
    push_head(&mut out, "Chat sessions");
    out.push_str("<header>\n<h1>Chat sessions</h1>\n<p>");
    out.push_str(&count(u64::try_from(rows.len()).unwrap_or(u64::MAX), "session"));
    out.push_str("</p>\n</header>\n<main>\n<ul class=\"sessions\">\n");
    for row in rows {
        out.push_str("<li><a href=\"");
        push_attribute(&mut out, row.file);
        out.push_str("\" dir=\"auto\" lang=\"\">");
        push_text(&mut out, &row.label());
        out.push_str("</a><br>\n<span class=\"facts\">");
        push_text(&mut out, &visible(&row.address.to_string()));
        if let Some(time) = row.time {
            out.push_str(", ");
            push_time(&mut out, time);
        }
        out.push_str("</span></li>\n");
    }
    out.push_str("</ul>\n</main>\n</body>\n</html>\n");
    out
}

/// Writes everything before the content. The words of this program are English; the language of a
/// provider's text is unknown, which an empty `lang` says.
fn push_head(out: &mut String, title: &str) {
    out.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '");
    out.push_str(STYLE_HASH);
    out.push_str("'; base-uri 'none'; form-action 'none'\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str("<meta name=\"referrer\" content=\"no-referrer\">\n");
    out.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    // A title cannot hold elements.
    push_text(out, &visible(&truncate(title, SHORT_TITLE)));
    out.push_str("</title>\n<style>");
    out.push_str(STYLE);
    out.push_str("</style>\n</head>\n<body>\n");
}

/// Writes a time in UTC, so that the page is the same on every machine. A `~` marks a time that is
/// not exactly known.
fn push_time(out: &mut String, time: &SessionTime) {
    out.push_str("<time datetime=\"");
    push_attribute(out, &time.at.to_string());
    out.push_str("\">");
    push_text(out, &utc_minute(time));
    out.push_str("</time>");
}

#[cfg(test)]
mod tests {
    use chat_sessions::model::SessionTime;
    use chat_sessions::{SessionAddress, Transcript};

    use super::{index, page};
    use crate::output::session_index::{IndexRow, markdown};

    fn transcript() -> Transcript {
        serde_json::from_str(include_str!("fixtures/every-part.json")).expect("it is a transcript")
    }

    #[test]
    fn a_page_has_every_part_of_a_session() {
        let page = page(&transcript());
        let (_, content) = page.split_once("</style>").expect("the style is in every page");
        insta::assert_snapshot!(content);
    }

    #[test]
    fn a_page_needs_and_allows_nothing_else() {
        let page = page(&transcript());
        let (head, _) = page.split_once("</head>").expect("a page has a head");
        let policy = "default-src 'none'; style-src 'sha256-";
        assert!(head.contains(policy) && head.contains("base-uri 'none'; form-action 'none'"));
        for element in [
            "<script", "<img", "<iframe", "<link", "<base", "<form", "<object", " src=", " on",
        ] {
            let elements: Vec<&str> = page
                .split('<')
                .filter(|tag| format!("<{tag}").starts_with(element))
                .collect();
            assert_eq!(elements, Vec::<&str>::new(), "{element}");
        }
        assert_eq!(page.matches("<style").count(), 1);
        assert_eq!(page.matches("<main>").count(), 1);
        assert_eq!(page.matches("<h1").count(), 1);
    }

    #[test]
    fn an_index_links_to_every_session() {
        let addresses: Vec<SessionAddress> = ["llama-cloud:ses-1", "memories-ai/a\u{202e}b:2"]
            .iter()
            .filter_map(|text| text.parse().ok())
            .collect();
        let time = SessionTime::parse("2026-04-22T12:34:41.342245".to_owned()).expect("it is a time");
        let rows = [
            IndexRow {
                file: "llama-cloud__ses-1.html",
                address: &addresses[0],
                title: Some("A <b>title</b> with *marks* and [a link](x)\u{202e}"),
                time: Some(&time),
            },
            IndexRow {
                file: "memories-ai_a-b_2.html",
                address: &addresses[1],
                title: None,
                time: None,
            },
        ];
        let page = index(&rows);
        let (_, content) = page.split_once("</style>").expect("the style is in every page");
        insta::assert_snapshot!(format!("{content}\n{}", markdown(&rows)));
    }
}
