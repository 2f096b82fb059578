//! The text before and after `--help` as sections of a manual page. Only verbatim text keeps its lines;
//! everything else is filled, so that the page fits a terminal of any width.

use roff::{Roff, bold, roman};

/// A part of a section.
enum Block<'a> {
    /// Lines without indentation.
    Paragraph(Vec<&'a str>),
    /// An indented term, and its description after a gap or on lines that are indented further.
    Entry(&'a str, Vec<&'a str>),
    /// Other indented lines: commands in examples, otherwise verbatim text.
    Lines(Vec<&'a str>),
}

/// Adds text as sections. A line without indentation that ends in a colon is a heading.
pub(super) fn add_sections(roff: &mut Roff, text: &str) {
    let heading = |line: &&str| !line.starts_with(' ') && line.ends_with(':');
    let mut lines = text.lines().peekable();
    while lines.peek().is_some() {
        let title = lines.next_if(heading).map_or("", |line| line.trim_end_matches(':'));
        if !title.is_empty() {
            roff.control("SH", [title.to_uppercase().as_str()]);
        }
        let mut body = Vec::new();
        while let Some(line) = lines.next_if(|line| !heading(line)) {
            body.push(line);
        }
        let is_first = |index: usize| index == 0 && !title.is_empty();
        for (index, block) in blocks(&body).iter().enumerate() {
            add_block(roff, block, is_first(index), title == "Examples");
        }
    }
}

fn blocks<'a>(lines: &[&'a str]) -> Vec<Block<'a>> {
    let mut blocks: Vec<Block<'a>> = Vec::new();
    let mut after_blank = true;
    for line in lines {
        let indented = line.strip_prefix("  ");
        match (indented, blocks.last_mut()) {
            _ if line.is_empty() => {
                if let Some(Block::Lines(lines)) = blocks.last_mut() {
                    lines.push("");
                }
            }
            (None, Some(Block::Paragraph(lines))) if !after_blank => lines.push(line),
            (None, _) => blocks.push(Block::Paragraph(vec![line])),
            (Some(text), Some(Block::Entry(_, description))) if text.starts_with(' ') => {
                description.push(text.trim_start());
            }
            (Some(text), Some(Block::Lines(lines))) if text.starts_with(' ') => {
                let term = lines.pop().unwrap_or_default();
                if lines.is_empty() {
                    blocks.pop();
                }
                blocks.push(Block::Entry(term, vec![text.trim_start()]));
            }
            (Some(text), last) => match (text.split_once("  "), last) {
                (Some((term, description)), _) => blocks.push(Block::Entry(term, vec![description.trim_start()])),
                (None, Some(Block::Lines(lines))) => lines.push(text),
                (None, _) => blocks.push(Block::Lines(vec![text])),
            },
        }
        after_blank = line.is_empty();
    }
    blocks
}

fn add_block(roff: &mut Roff, block: &Block<'_>, is_first: bool, is_examples: bool) {
    match block {
        Block::Entry(term, description) => {
            roff.control("TP", []);
            roff.text([bold(*term)]);
            for line in description {
                roff.text([roman(*line)]);
            }
        }
        Block::Paragraph(lines) => {
            add_break(roff, is_first);
            for line in lines {
                roff.text([roman(*line)]);
            }
        }
        Block::Lines(lines) if is_examples => {
            for (index, line) in lines.iter().filter(|line| !line.is_empty()).enumerate() {
                add_break(roff, is_first && index == 0);
                roff.text([bold(*line)]);
            }
        }
        Block::Lines(lines) => {
            add_break(roff, is_first);
            roff.control("nf", []);
            for line in lines {
                roff.text([roman(*line)]);
            }
            roff.control("fi", []);
        }
    }
}

/// Begins a paragraph. A heading does that itself.
fn add_break(roff: &mut Roff, is_after_heading: bool) {
    if !is_after_heading {
        roff.control("PP", []);
    }
}
