//! Markdown on a terminal: headings, lists, quotations, code, tables and emphasis.
//!
//! HTML is shown as it is written, links with their addresses, and images as text. A line break of
//! the text stays a line break, since people who write prompts mean it.

use anstyle::{AnsiColor, Style};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

use super::styled::{DIM, Styled, columns, wrap_into};
use super::table::Table;
use crate::output::visible::{visible, visible_lines};

const CODE: Style = AnsiColor::Yellow.on_default();
const CODE_INDENT: &str = "    ";
const TAB: &str = "    ";

/// Returns the lines of a text, with styles, none of which is wider than `width` except code.
pub(super) fn rich_text(text: &str, width: usize) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    let text = visible_lines(&text);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut renderer = Renderer {
        width,
        ..Renderer::default()
    };
    for event in Parser::new_ext(&text, options) {
        renderer.event(event);
    }
    renderer.flush();
    renderer.lines
}

#[derive(Default)]
struct Renderer {
    width: usize,
    lines: Vec<String>,
    /// The text of the current paragraph, heading or cell.
    inline: Styled,
    styles: Vec<Style>,
    /// The addresses of the links that are open.
    links: Vec<String>,
    /// What each open quotation and list item puts in front of a line.
    leads: Vec<Lead>,
    /// The next number of each open list; `None` for bullets.
    lists: Vec<Option<u64>>,
    /// Whether a blank line has to precede the next block.
    needs_gap: bool,
    code: Option<String>,
    table: Option<Table>,
}

/// What precedes the lines of a block.
struct Lead {
    /// For the first line; empty after it was used.
    first: Option<String>,
    rest: String,
}

impl Renderer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.push(&text, self.style().fg_color(CODE.get_fg_color()));
            }
            Event::Html(text) => self.text(&text),
            Event::InlineHtml(text) => self.text(&text),
            Event::FootnoteReference(name) => self.text(&format!("[{name}]")),
            Event::SoftBreak | Event::HardBreak => self.push("\n", self.style()),
            Event::Rule => {
                let columns = self.room();
                self.block(&Styled::new("─".repeat(columns), DIM));
            }
            Event::TaskListMarker(is_done) => self.text(if is_done { "[x] " } else { "[ ] " }),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.needs_gap |= !self.lines.is_empty();
                let style = Style::new().bold();
                let is_main = matches!(level, HeadingLevel::H1 | HeadingLevel::H2);
                self.styles.push(if is_main { style.underline() } else { style });
            }
            Tag::BlockQuote(_) => {
                self.flush();
                // It belongs to what is around the quotation.
                self.gap();
                self.leads.push(Lead {
                    first: None,
                    rest: format!("{DIM}│{DIM:#} "),
                });
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.code = Some(String::new());
            }
            Tag::HtmlBlock => {
                self.flush();
                self.code = Some(String::new());
            }
            Tag::List(first) => {
                self.flush();
                self.lists.push(first);
            }
            Tag::Item => {
                self.flush();
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let mark = format!("{number}. ");
                        *number = number.saturating_add(1);
                        mark
                    }
                    _ => "• ".to_owned(),
                };
                self.leads.push(Lead {
                    rest: " ".repeat(mark.width()),
                    first: Some(mark),
                });
            }
            Tag::Table(alignments) => {
                self.flush();
                self.table = Some(Table {
                    alignments,
                    rows: Vec::new(),
                });
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            Tag::Emphasis => self.styles.push(self.style().italic()),
            Tag::Strong => self.styles.push(self.style().bold()),
            Tag::Strikethrough => self.styles.push(self.style().strikethrough()),
            Tag::Link { dest_url, .. } => {
                self.links.push(address(&dest_url));
                self.styles.push(self.style().underline());
            }
            Tag::Image { dest_url, .. } => {
                self.links.push(address(&dest_url));
                self.text("image ");
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => {
                self.flush();
                self.needs_gap = true;
            }
            TagEnd::Heading(_) => {
                self.flush();
                self.styles.pop();
                self.needs_gap = true;
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.leads.pop();
                self.needs_gap = true;
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::HtmlBlock => {
                let html = self.code.take().unwrap_or_default();
                self.block(&Styled::new(
                    html.trim_end_matches('\n').replace('\t', TAB),
                    Style::new(),
                ));
                self.needs_gap = true;
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                self.needs_gap |= self.lists.is_empty();
            }
            TagEnd::Item => {
                if self.inline.is_empty() && self.leads.last().is_some_and(|lead| lead.first.is_some()) {
                    // An item without text still has its mark.
                    self.block(&Styled::default());
                }
                self.flush();
                self.leads.pop();
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.inline).text.replace('\n', " ");
                if let Some(row) = self.table.as_mut().and_then(|table| table.rows.last_mut()) {
                    row.push(cell);
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    let lines = table.lines(self.room());
                    self.raw_lines(lines);
                    self.needs_gap = true;
                }
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.styles.pop();
            }
            TagEnd::Link => {
                self.styles.pop();
                self.end_link();
            }
            TagEnd::Image => self.end_link(),
            _ => {}
        }
    }

    /// Adds the address of a link, unless it is the text of the link.
    fn end_link(&mut self) {
        let address = self.links.pop().unwrap_or_default();
        if !address.is_empty() && !self.inline.text.ends_with(&address) {
            let space = if self.inline.text.ends_with(' ') { "" } else { " " };
            self.push(&format!("{space}<{address}>"), self.style().dimmed());
        }
    }

    fn end_code(&mut self) {
        let code = self.code.take().unwrap_or_default();
        let lines = code.trim_end_matches('\n').split('\n').map(|line| {
            // Code is not wrapped, so that it can be copied.
            if line.is_empty() {
                return String::new();
            }
            format!("{CODE_INDENT}{CODE}{}{CODE:#}", line.replace('\t', TAB))
        });
        self.raw_lines(lines.collect());
        self.needs_gap = true;
    }

    fn style(&self) -> Style {
        self.styles.last().copied().unwrap_or_default()
    }

    fn text(&mut self, text: &str) {
        self.push(text, self.style());
    }

    /// Adds text, in which an entity such as `&#27;` may have become any character.
    fn push(&mut self, text: &str, style: Style) {
        let text = visible_lines(text);
        match &mut self.code {
            Some(code) => code.push_str(&text),
            None => self.inline.push(&text.replace('\t', TAB), style),
        }
    }

    /// Ends the current paragraph.
    fn flush(&mut self) {
        if !self.inline.is_empty() {
            let text = std::mem::take(&mut self.inline);
            self.block(&text);
        }
    }

    /// Returns the number of columns for text.
    fn room(&self) -> usize {
        let leads: usize = self.leads.iter().map(|lead| columns(&lead.rest)).sum();
        self.width.saturating_sub(leads).max(1)
    }

    fn block(&mut self, text: &Styled) {
        let mut lines = Vec::new();
        wrap_into(&mut lines, text, self.room(), "", "");
        self.raw_lines(lines);
    }

    /// Adds the blank line that has to precede the next block.
    fn gap(&mut self) {
        if std::mem::take(&mut self.needs_gap) && !self.lines.is_empty() {
            let lead: String = self
                .leads
                .iter()
                .filter(|lead| lead.first.is_none())
                .map(|lead| lead.rest.as_str())
                .collect();
            self.lines.push(lead.trim_end().to_owned());
        }
    }

    /// Adds lines behind what the open quotations and items put in front of them.
    fn raw_lines(&mut self, lines: Vec<String>) {
        self.gap();
        for line in lines {
            let mut lead = String::new();
            for open in &mut self.leads {
                lead.push_str(&open.first.take().unwrap_or_else(|| open.rest.clone()));
            }
            self.lines.push(format!("{lead}{line}").trim_end().to_owned());
        }
    }
}

/// Returns an address on one line.
fn address(url: &CowStr<'_>) -> String {
    visible(url).into_owned()
}

#[cfg(test)]
mod tests {
    use super::rich_text;

    /// Returns the lines without styles.
    fn plain(text: &str, width: usize) -> String {
        let lines = rich_text(text, width).join("\n");
        anstream::adapter::strip_str(&lines).to_string()
    }

    #[test]
    fn each_kind_of_block_and_what_is_inside_it() {
        for (text, expected) in [
            ("", ""),
            ("one\ntwo  \nthree", "one\ntwo\nthree"),
            ("# A\ntext\n\n### B\ntext", "A\n\ntext\n\nB\n\ntext"),
            ("- a\n- b\n  - c\n    d\n\nend", "• a\n• b\n  • c\n    d\n\nend"),
            ("9. a\n10. b\n", "9. a\n10. b"),
            ("- a\n\n  b\n\n- c", "• a\n\n  b\n\n• c"),
            ("-\n- b", "•\n• b"),
            ("- [x] done\n- [ ] open", "• [x] done\n• [ ] open"),
            ("> a\n>\n> > b\n\nc", "│ a\n│\n│ │ b\n\nc"),
            (
                "```rust\nlet a = 1;\n\n\tb\n```\nend",
                "    let a = 1;\n\n        b\n\nend",
            ),
            ("    indented", "    indented"),
            ("- ```\n  code\n  ```", "•     code"),
            ("a *b* **c** ~~d~~ `e` \\* &amp;", "a b c d e * &"),
            (
                "[text](https://a.example) <https://b.example>",
                "text\n<https://a.example>\nhttps://b.example",
            ),
            (
                "![alt](https://a.example/x.png)",
                "image alt\n<https://a.example/\nx.png>",
            ),
            ("a <b>c</b>\n\n<div>\nd\n</div>", "a <b>c</b>\n\n<div>\nd\n</div>"),
            ("---", "────────────────────"),
            ("|a|b|\n|-|-:|\n|1|2|\n|long|3|", "a     b\n────  ─\n1     2\nlong  3"),
            (
                "a long line of words that is wrapped",
                "a long line of words\nthat is wrapped",
            ),
        ] {
            assert_eq!(plain(text, 20), expected, "{text:?}");
        }
    }

    #[test]
    fn a_table_that_is_too_wide_has_narrower_cells_or_is_a_list() {
        let table = "|name|text|\n|-|-|\n|one|a cell with several words|\n|two|b|";
        assert_eq!(
            plain(table, 20),
            "name  text\n────  ──────────────\none   a cell with\n      several words\n\ntwo   b"
        );
        assert_eq!(
            plain(table, 11),
            "name: one\ntext: a\n  cell with\n  several\n  words\n\nname: two\ntext: b"
        );
    }

    #[test]
    fn no_entity_and_no_escape_of_markdown_becomes_a_control_character() {
        for text in [
            "&#27;[31m &#x9b;1m &#x202e; &#8232;x &#7;",
            "`\u{1b}[2J` \u{1b}]0;x\u{7}",
            "[a](<x&#27;y> \"&#27;\") ![&#27;](&#27;)",
            "```&#27;\n\u{9b}\n```",
            "<a title='\u{1b}'>&#27;</a>",
            "|&#27;|\n|-|\n|\u{202e}|",
            "a\rb\0",
        ] {
            let text = plain(text, 40);
            assert!(
                !text.replace('\n', "").contains(crate::output::visible::is_unsafe),
                "{text:?}"
            );
        }
    }
}
