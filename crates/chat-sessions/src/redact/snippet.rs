//! Returns the beginning of an unexpected response, without user content.

use crate::invisible::is_blank;

/// How many bytes of a body are used: many more than are shown, because tags and strings are
/// removed, and because secrets are recognised only as a whole.
const LONGEST: usize = 5000;
/// How many characters decide whether the body is text.
const SAMPLE: usize = 300;
/// The names whose strings come from the provider and not from a user: the fields of an error.
const SPOKEN: [&str; 8] = ["code", "msg", "message", "detail", "error", "type", "status", "reason"];

/// Returns the beginning of a body.
///
/// From JSON, all strings are removed except names and the provider's error messages; from a web
/// page, the tags are removed. A body that is not text is described by its length. The result is
/// cut to its final length later, after its secrets were redacted.
pub(crate) fn snippet(body: &[u8]) -> Option<String> {
    let body = body.trim_ascii_start();
    // The end of the body is not searched for white space: it can be MiB away.
    let mut head = String::from_utf8_lossy(&body[..body.len().min(LONGEST)]).into_owned();
    if body.len() > LONGEST {
        // Remove what is left of a character that was cut in two, because a cut-off secret is
        // recognised only at the very end of a text.
        head.truncate(head.trim_end_matches(char::REPLACEMENT_CHARACTER).len());
    }
    let binary = head
        .chars()
        .take(SAMPLE)
        .filter(|character| *character == char::REPLACEMENT_CHARACTER || *character == '\0')
        .count();
    let visible = if binary > 8 {
        format!("[{} bytes that are not text]", body.len())
    } else if head.starts_with('<') {
        without_tags(&head)
    } else if head.starts_with(['{', '[', '"']) {
        without_texts(&head)
    } else {
        head
    };
    let words: Vec<&str> = visible.split_whitespace().collect();
    let mut line = words.join(" ");
    line.retain(|character| !character.is_control());
    (!is_blank(&line)).then_some(line)
}

/// Removes the tags of a web page, and the content of scripts and styles.
fn without_tags(page: &str) -> String {
    let mut visible = String::new();
    let mut rest = page;
    while let Some((text, behind)) = rest.split_once('<') {
        visible.push_str(text);
        visible.push(' ');
        let name = behind.trim_start().as_bytes();
        let begins_with = |silent: &str| {
            let start = name.get(..silent.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(silent.as_bytes()))
        };
        let end = match ["script", "style"].into_iter().find(|silent| begins_with(silent)) {
            Some(silent) => behind.to_ascii_lowercase().find(&format!("</{silent}")),
            None => behind.find('>').map(|end| end + 1),
        };
        rest = end.and_then(|end| behind.get(end..)).unwrap_or_default();
    }
    visible.push_str(rest);
    visible
}

/// Removes the strings of JSON, which may be incomplete or invalid.
fn without_texts(json: &str) -> String {
    let mut visible = String::new();
    let mut rest = json;
    // Whether the previous string is a name whose value is shown.
    let mut spoken = false;
    while let Some(start) = rest.find('"') {
        let between = &rest[..start];
        visible.push_str(between);
        if between.contains([',', '{', '}']) {
            spoken = false;
        }
        let text = &rest[start + 1..];
        let end = end_of_text(text);
        let closed = end < text.len();
        let (text, behind) = (&text[..end], text.get(end + 1..).unwrap_or_default());
        let is_name = behind.trim_start().starts_with(':');
        if is_name {
            spoken = SPOKEN.contains(&text);
        }
        if is_name || spoken {
            visible.push('"');
            visible.push_str(text);
            if closed {
                visible.push('"');
            }
        } else {
            visible.push('…');
        }
        rest = behind;
    }
    visible.push_str(rest);
    visible
}

/// Returns the index of the quotation mark that ends a JSON string, or the length of the text if
/// there is none.
pub(super) fn end_of_text(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_left_out() {
        for (body, visible) in [
            ("", None),
            (" \n", None),
            ("upstream  connect\nerror", Some("upstream connect error")),
            (
                "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title><style>p { x }</style></head><body><p>nginx</p>",
                Some("502 Bad Gateway nginx"),
            ),
            ("<script>var key = 1", None),
            (
                r#"{"items": [{"session_id": "ses-1", "generated_title": "my \"secret", "turns": 3}]"#,
                Some(r#"{"items": [{"session_id": …, "generated_title": …, "turns": 3}]"#),
            ),
            (
                r#"{"code":"0001","msg":"no \"such\" thing","data":{"title":"mine"}}"#,
                Some(r#"{"code":"0001","msg":"no \"such\" thing","data":{"title":…}}"#),
            ),
            (
                r#"{"detail":[{"loc":["query","page_size"],"msg":"not a number","input":"mine"}]}"#,
                Some(r#"{"detail":[{"loc":[…,…],"msg":"not a number","input":…}]}"#),
            ),
            (r#"{"title":"cut in the midd"#, Some(r#"{"title":…"#)),
            (r#"{"msg":"cut in the midd"#, Some(r#"{"msg":"cut in the midd"#)),
            (r#""a whole text""#, Some("…")),
            ("\u{202d}", None),
            ("<p>\u{200b}</p>", None),
        ] {
            assert_eq!(snippet(body.as_bytes()).as_deref(), visible, "{body}");
        }
        assert_eq!(snippet(&[0xff; 40]).as_deref(), Some("[40 bytes that are not text]"));
    }

    #[test]
    fn a_character_that_is_cut_in_two_is_left_out_and_a_damaged_one_is_shown() {
        let filling = "x".repeat(LONGEST - 1);
        assert_eq!(snippet(format!("{filling}ü and more").as_bytes()), Some(filling));
        let damaged = format!("{}\u{fffd}", "x".repeat(LONGEST - 3));
        assert_eq!(snippet(damaged.as_bytes()), Some(damaged));
    }

    #[test]
    fn what_is_damaged_in_a_few_places_is_text() {
        let damaged = |places: usize| [vec![0xff; places], b" text".to_vec()].concat();
        assert_eq!(snippet(&damaged(8)), Some(format!("{} text", "\u{fffd}".repeat(8))));
        assert_eq!(snippet(&damaged(9)).as_deref(), Some("[14 bytes that are not text]"));
    }

    #[test]
    fn it_is_never_long() {
        for body in [
            "x".repeat(1 << 20),
            format!("[{}", "1,".repeat(1 << 20)),
            "<".repeat(1 << 16),
        ] {
            assert!(snippet(body.as_bytes()).is_none_or(|visible| visible.chars().count() <= LONGEST));
        }
    }
}
