//! Writes text of any origin into HTML, so that it stays text and every character of it is seen.

use crate::output::visible::{Part, parts, visible};

/// Writes text between two tags. A character that nobody would see, or that would reorder the text
/// around it, becomes its code, such as `\u202e`, in an element of its own.
pub(super) fn push_text(out: &mut String, text: &str) {
    for part in parts(text) {
        match part {
            Part::Safe(stretch) => push_escaped(out, stretch),
            Part::Unsafe(kept @ ('\n' | '\t')) => out.push(kept),
            Part::Unsafe(character) => {
                out.push_str("<span class=\"code-point\">");
                out.push_str(&visible(character.encode_utf8(&mut [0; 4])));
                out.push_str("</span>");
            }
        }
    }
}

/// Writes the value of an attribute, which is in double quotes.
pub(super) fn push_attribute(out: &mut String, value: &str) {
    push_escaped(out, &visible(value));
}

fn push_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(index) = rest.find(['&', '<', '>', '"', '\'']) {
        out.push_str(&rest[..index]);
        out.push_str(match rest.as_bytes()[index] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[index + 1..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::{push_attribute, push_text};

    #[test]
    fn text_stays_text_and_is_seen() {
        let text = "a<b>&\"'\t\n\u{1b}\u{202e}é";
        let (mut content, mut attribute) = (String::new(), String::new());
        push_text(&mut content, text);
        push_attribute(&mut attribute, text);
        assert_eq!(
            content,
            "a&lt;b&gt;&amp;&quot;&#39;\t\n<span class=\"code-point\">\\u001b</span>\
             <span class=\"code-point\">\\u202e</span>é"
        );
        assert_eq!(attribute, r"a&lt;b&gt;&amp;&quot;&#39;\t\n\u001b\u202eé");
    }
}
