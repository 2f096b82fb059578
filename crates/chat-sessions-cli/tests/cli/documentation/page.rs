//! A page of documentation, read as Markdown: its code, its links, and the anchors that links can point to.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

/// A code block.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) language: String,
    pub(super) text: String,
}

/// A link: what it shows, and where it points.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) text: String,
    pub(super) target: String,
}

/// One page.
#[derive(Debug)]
pub(super) struct Page {
    /// The path from the root of the repository.
    pub(super) path: String,
    pub(super) blocks: Vec<Block>,
    /// The code within lines.
    pub(super) spans: Vec<String>,
    pub(super) links: Vec<Link>,
    pub(super) anchors: HashSet<String>,
    /// The labels of links such as `[text][label]` that the page does not define.
    pub(super) undefined: Vec<String>,
}

impl Page {
    pub(super) fn read(path: &str) -> Self {
        let text = std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        Self::parse(path, &text)
    }

    pub(super) fn parse(path: &str, text: &str) -> Self {
        let mut page = Self {
            path: path.to_owned(),
            blocks: Vec::new(),
            spans: Vec::new(),
            links: Vec::new(),
            anchors: HashSet::new(),
            undefined: Vec::new(),
        };
        let mut undefined = Vec::new();
        let on_broken = |link: BrokenLink<'_>| {
            // Anything else in brackets is ordinary text.
            if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
                undefined.push(link.reference.to_string());
            }
            None::<(CowStr<'_>, CowStr<'_>)>
        };
        let (mut block, mut link, mut heading) = (None::<Block>, None::<Link>, None::<String>);
        for event in Parser::new_with_broken_link_callback(text, Options::ENABLE_TABLES, Some(on_broken)) {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let language = match kind {
                        CodeBlockKind::Fenced(language) => language.to_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    let text = String::new();
                    block = Some(Block { language, text });
                }
                Event::End(TagEnd::CodeBlock) => page.blocks.extend(block.take()),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    let (text, target) = (String::new(), dest_url.to_string());
                    link = Some(Link { text, target });
                }
                Event::End(TagEnd::Link | TagEnd::Image) => page.links.extend(link.take()),
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => page.add_anchor(&heading.take().unwrap_or_default()),
                Event::Text(text) | Event::Code(text) if heading.is_some() => {
                    heading.get_or_insert_default().push_str(&text);
                }
                Event::Text(text) => {
                    if let Some(block) = &mut block {
                        block.text.push_str(&text);
                    } else if let Some(link) = &mut link {
                        link.text.push_str(&text);
                    }
                }
                Event::Code(code) => {
                    if let Some(link) = &mut link {
                        link.text.push_str(&code);
                    }
                    page.spans.push(code.to_string());
                }
                _ => {}
            }
        }
        page.undefined = undefined;
        page
    }

    /// Names a heading as GitHub does: lower case, hyphens for spaces, no punctuation, and a number when it repeats.
    fn add_anchor(&mut self, heading: &str) {
        let anchor: String = heading
            .to_lowercase()
            .chars()
            .filter_map(|c| match c {
                ' ' => Some('-'),
                _ => (c.is_alphanumeric() || c == '-' || c == '_').then_some(c),
            })
            .collect();
        let repeated = (1..).map(|number| format!("{anchor}-{number}"));
        let mut names = std::iter::once(anchor.clone()).chain(repeated);
        self.anchors.extend(names.find(|name| !self.anchors.contains(name)));
    }
}

/// The root of the repository.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every Markdown file in git.
pub(super) fn tracked() -> Vec<String> {
    let git = Command::new("git")
        .args(["ls-files", "-z", "*.md"])
        .current_dir(root())
        .output()
        .expect("git runs");
    let paths = String::from_utf8(git.stdout).expect("paths are UTF-8");
    let paths: Vec<String> = paths.split_terminator('\0').map(str::to_owned).collect();
    assert!(!paths.is_empty(), "{}", String::from_utf8_lossy(&git.stderr));
    paths
}
