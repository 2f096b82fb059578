//! Writes Markdown as HTML: what a provider's text may contain, and nothing that acts or loads.
//!
//! Raw HTML is shown as text, an image as its description and address, and a link to anything but the
//! web or a mail address as its text and address. Every block has its own direction.

use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::escape::{push_attribute, push_text};
use crate::output::visible::is_unsafe;

/// The schemes that a link may have. Others run code, as `javascript:` does, or open files and programs.
const SCHEMES: [&str; 3] = ["http:", "https:", "mailto:"];

/// Headings of a text are below those of the page: its title, and the role of each message.
const LEVELS_ABOVE: usize = 2;

/// Writes a text in Markdown.
pub(super) fn push_markdown(out: &mut String, text: &str) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    // The parser would replace a NUL.
    let text = text.replace("\r\n", "\n").replace('\0', "\\u0000");
    let mut writer = Writer {
        out,
        links: Vec::new(),
        columns: Vec::new(),
        column: 0,
        in_head: false,
    };
    Parser::new_ext(&text, options).for_each(|event| writer.event(event));
}

/// Writes the events of a parser.
struct Writer<'a> {
    out: &'a mut String,
    /// For each open link and image, the address to show after it; `None` for a link that works.
    links: Vec<Option<String>>,
    /// The alignment of the columns of the current table.
    columns: Vec<Alignment>,
    /// The column of the next cell.
    column: usize,
    in_head: bool,
}

impl Writer<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Code(text) => {
                self.out.push_str("<code>");
                push_text(self.out, &text);
                self.out.push_str("</code>");
            }
            // In a conversation, a line break is meant as one.
            Event::SoftBreak | Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::TaskListMarker(true) => self.out.push_str("☑ "),
            Event::TaskListMarker(false) => self.out.push_str("☐ "),
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => push_text(self.out, &text),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.out.push_str("<p dir=\"auto\">"),
            Tag::Heading { level, .. } => {
                let level = heading(level as usize);
                self.out.push_str(&format!("<{level} dir=\"auto\">"));
            }
            Tag::BlockQuote(_) => self.out.push_str("<blockquote dir=\"auto\">\n"),
            Tag::CodeBlock(kind) => {
                self.out
                    .push_str("<pre dir=\"ltr\" tabindex=\"0\" role=\"group\" aria-label=\"Code");
                if let CodeBlockKind::Fenced(language) = kind
                    && !language.is_empty()
                {
                    self.out.push_str(", ");
                    push_attribute(self.out, &language);
                }
                self.out.push_str("\"><code>");
            }
            Tag::HtmlBlock => self.out.push_str("<p dir=\"auto\" class=\"markup\">"),
            Tag::List(None) => self.out.push_str("<ul dir=\"auto\">\n"),
            Tag::List(Some(1)) => self.out.push_str("<ol dir=\"auto\">\n"),
            Tag::List(Some(first)) => self.out.push_str(&format!("<ol dir=\"auto\" start=\"{first}\">\n")),
            Tag::Item => self.out.push_str("<li dir=\"auto\">"),
            Tag::Table(columns) => {
                self.columns = columns;
                self.out
                    .push_str("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\">\n<table>\n");
            }
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
                self.out.push_str("<thead>\n<tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                self.out.push_str("<tr>");
            }
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => self.out.push_str("<del>"),
            Tag::Link {
                link_type, dest_url, ..
            } => self.start_link(link_type, &dest_url),
            Tag::Image { dest_url, .. } => {
                self.out.push_str("<span class=\"inert\">[image: ");
                self.links.push(Some(dest_url.into_string()));
            }
            // Only options that are not set above have these.
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.out.push_str("</p>\n"),
            TagEnd::Heading(level) => {
                let level = heading(level as usize);
                self.out.push_str(&format!("</{level}>\n"));
            }
            TagEnd::BlockQuote(_) => self.out.push_str("</blockquote>\n"),
            TagEnd::CodeBlock => self.out.push_str("</code></pre>\n"),
            TagEnd::List(true) => self.out.push_str("</ol>\n"),
            TagEnd::List(false) => self.out.push_str("</ul>\n"),
            TagEnd::Item => self.out.push_str("</li>\n"),
            TagEnd::Table => self.out.push_str("</tbody>\n</table>\n</div>\n"),
            TagEnd::TableHead => {
                self.in_head = false;
                self.out.push_str("</tr>\n</thead>\n<tbody>\n");
            }
            TagEnd::TableRow => self.out.push_str("</tr>\n"),
            TagEnd::TableCell => self.out.push_str(if self.in_head { "</th>" } else { "</td>" }),
            TagEnd::Emphasis => self.out.push_str("</em>"),
            TagEnd::Strong => self.out.push_str("</strong>"),
            TagEnd::Strikethrough => self.out.push_str("</del>"),
            TagEnd::Link => match self.links.pop().flatten() {
                None => self.out.push_str("</a>"),
                Some(address) => self.end_inert("", &address),
            },
            TagEnd::Image => {
                let address = self.links.pop().flatten().unwrap_or_default();
                self.end_inert("]", &address);
            }
            _ => {}
        }
    }

    fn start_cell(&mut self) {
        let alignment = self.columns.get(self.column).copied().unwrap_or(Alignment::None);
        self.column += 1;
        self.out.push_str(if self.in_head {
            "<th scope=\"col\" dir=\"auto\""
        } else {
            "<td dir=\"auto\""
        });
        self.out.push_str(match alignment {
            Alignment::None => ">",
            Alignment::Left => " class=\"left\">",
            Alignment::Center => " class=\"center\">",
            Alignment::Right => " class=\"right\">",
        });
    }

    fn start_link(&mut self, link_type: LinkType, address: &str) {
        let address = match link_type {
            LinkType::Email => format!("mailto:{address}"),
            _ => address.to_owned(),
        };
        if is_harmless(&address) {
            self.out.push_str("<a href=\"");
            push_attribute(self.out, &address);
            self.out.push_str("\" rel=\"noreferrer noopener nofollow\">");
            self.links.push(None);
        } else {
            self.out.push_str("<span class=\"inert\">");
            self.links.push(Some(address));
        }
    }

    /// Ends a link or an image that does nothing, and shows its address.
    fn end_inert(&mut self, mark: &str, address: &str) {
        // An image may have no description.
        if self.out.ends_with(": ") && mark == "]" {
            self.out.truncate(self.out.len() - 2);
        }
        self.out.push_str(mark);
        self.out.push_str(" <code>");
        push_text(self.out, address);
        self.out.push_str("</code></span>");
    }
}

/// Returns the element for a heading of this level in a text.
fn heading(level: usize) -> String {
    format!("h{}", (level + LEVELS_ABOVE).min(6))
}

/// Returns whether a link may have this address. Browsers ignore control characters and white space in
/// front of and inside a scheme, and an invisible character hides what an address is, so an address
/// with one of them is refused.
fn is_harmless(address: &str) -> bool {
    let has_scheme = SCHEMES.iter().any(|scheme| {
        let start = address.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    has_scheme && !address.contains(is_unsafe)
}

#[cfg(test)]
mod tests {
    use super::push_markdown;

    fn html(markdown: &str) -> String {
        let mut out = String::new();
        push_markdown(&mut out, markdown);
        out
    }

    #[test]
    fn every_element_of_a_text_is_rendered() {
        insta::assert_snapshot!(html(include_str!("../fixtures/everything.txt")));
    }

    #[test]
    fn nothing_in_a_text_acts_or_loads() {
        insta::assert_snapshot!(html(include_str!("../fixtures/hostile.txt")));
    }

    #[test]
    fn only_links_to_the_web_and_to_mail_addresses_work() {
        for (address, works) in [
            ("https://example.org/a?b=c&d", true),
            ("HTTP://example.org", true),
            ("mailto:a@example.org", true),
            ("javascript:alert(1)", false),
            ("JaVaScRiPt:alert(1)", false),
            ("&#1;javascript:alert(1)", false),
            ("java&#10;script:alert(1)", false),
            ("https:&#10;//example.org", false),
            ("https://example.org/\u{202e}gpj.exe", false),
            ("data:text/html,x", false),
            ("vbscript:x", false),
            ("file:///etc/passwd", false),
            ("//example.org/x", false),
            ("other.html", false),
            ("#m1", false),
            ("", false),
        ] {
            let html = html(&format!("[text](<{address}>)"));
            assert_eq!(html.contains("<a href="), works, "{address}: {html}");
            assert!(html.contains("text"), "{address}: {html}");
        }
    }

    #[test]
    fn elements_are_balanced_whatever_the_text_is() {
        use proptest::prelude::*;
        let pieces = prop::collection::vec(
            prop::sample::select(vec![
                "# ",
                "> ",
                "- ",
                "1. ",
                "|",
                "|-|\n",
                "\n",
                "`",
                "```",
                "*",
                "**",
                "~~",
                "[",
                "](",
                ")",
                "![",
                "<b>",
                "</b>",
                "<!--",
                "-->",
                "<script>",
                "&",
                "a",
                " ",
                "    ",
                "\t",
                "\u{1b}",
                "\0",
                "\u{202e}",
                "א",
                "- [ ] ",
                "<a@b.c>",
                "<https://a.b>",
                "\\",
            ]),
            0..60,
        );
        proptest!(|(pieces in pieces)| {
            let html = html(&pieces.concat());
            let mut open = Vec::new();
            for tag in html.split('<').skip(1) {
                let name = tag.split(['>', ' ']).next().unwrap_or_default();
                match name.strip_prefix('/') {
                    Some(name) => prop_assert_eq!(open.pop(), Some(name), "{}", html),
                    None if matches!(name, "br" | "hr") => {}
                    None => open.push(name),
                }
            }
            prop_assert_eq!(open, Vec::<&str>::new());
        });
    }
}
