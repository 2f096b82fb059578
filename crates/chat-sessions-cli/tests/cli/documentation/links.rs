//! Links between pages, checked offline: the file exists, it has the anchor, and a test that a link names is in its file.

use std::path::{Component, Path, PathBuf};

use super::page::{Link, Page, root, tracked};

/// Says what is wrong with a page's links. `read` returns the page at a path.
fn broken(page: &Page, exists: impl Fn(&Path) -> bool, read: impl Fn(&str) -> Page) -> Vec<String> {
    let check = |link: &Link| {
        let (file, anchor) = link.target.split_once('#').unwrap_or((&link.target, ""));
        let path = if file.is_empty() {
            PathBuf::from(&page.path)
        } else {
            normalised(&Path::new(&page.path).with_file_name(file))
        };
        if !exists(&path) {
            return Some(format!("{}: there is no {}", page.path, path.display()));
        }
        let missing = !anchor.is_empty() && !read(&path.to_string_lossy()).anchors.contains(anchor);
        missing.then(|| format!("{}: {} has no heading #{anchor}", page.path, path.display()))
    };
    let links = page.links.iter().filter(|link| !link.target.contains("://"));
    let undefined = page.undefined.iter();
    links
        .filter_map(check)
        .chain(undefined.map(|label| format!("{}: [{label}] is not defined", page.path)))
        .collect()
}

/// Resolves `..`; a path that leads out of the repository keeps it, and does not exist.
fn normalised(path: &Path) -> PathBuf {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match part {
            Component::ParentDir if matches!(parts.last(), Some(Component::Normal(_))) => {
                parts.pop();
            }
            Component::CurDir => {}
            _ => parts.push(part),
        }
    }
    parts.iter().collect()
}

fn exists(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_))) && root().join(path).exists()
}

#[test]
fn every_link_leads_somewhere() {
    let broken: Vec<String> = tracked()
        .iter()
        .flat_map(|path| broken(&Page::read(path), exists, Page::read))
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_test_that_a_link_names_is_in_its_file() {
    let mut named = 0;
    for path in tracked() {
        for Link { text, target } in Page::read(&path).links {
            if target.ends_with(".rs") && !text.contains(['.', '/', ' ']) {
                let file = root().join(Path::new(&path).with_file_name(&target));
                let source = std::fs::read_to_string(&file).unwrap_or_default();
                assert!(
                    source.contains(&format!("fn {text}(")),
                    "{path}: {target} has no test {text}"
                );
                named += 1;
            }
        }
    }
    assert!(named >= 7, "README.md names a test for each of its claims");
}

#[test]
fn what_is_wrong_with_a_link_is_found() {
    let page = |text: &str| Page::parse("docs/page.md", text);
    let found = |text: &str| {
        let exists = |path: &Path| {
            ["docs/page.md", "other.md"]
                .iter()
                .any(|known| path == Path::new(known))
        };
        broken(&page(text), exists, |_| {
            page("# One heading: `code`!\n# Twice\n# Twice\n")
        })
    };
    for good in [
        "[a](../other.md#one-heading-code)",
        "[a](page.md)",
        "[a](#twice-1)",
        "[a][b]\n\n[b]: ../other.md",
        "[a](https://example.org/nothing#there)",
        "[FILE…] and `[a](b)`",
    ] {
        assert_eq!(found(good), [""; 0], "{good}");
    }
    for (bad, word) in [
        ("[a](../gone.md)", "there is no gone.md"),
        ("[a](../../outside.md)", "there is no ../outside.md"),
        ("[a](../other.md#gone)", "other.md has no heading #gone"),
        ("[a](#twice-2)", "docs/page.md has no heading #twice-2"),
        ("[a][gone]", "[gone] is not defined"),
    ] {
        let found = found(bad);
        assert!(found.len() == 1 && found[0].contains(word), "{bad}: {found:?}");
    }
}
