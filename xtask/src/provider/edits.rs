//! Changes of existing files: a new provider joins the lists in which the others are.
//!
//! A row of an existing provider is the example for the new one, so that this file knows no list.

use super::names::{constant, renamed};
use crate::providers::Provider;

/// A text that gains rows for a new provider.
pub(super) struct Edit<'a> {
    pub(super) text: String,
    pub(super) known: &'a [Provider],
    pub(super) new: &'a Provider,
}

impl Edit<'_> {
    /// Copies the last line that contains a pattern with the names of an existing provider.
    pub(super) fn line(&mut self, pattern: &str) -> Option<()> {
        let lines: Vec<&str> = self.text.lines().collect();
        let of = |line: &str| self.known.iter().find(|known| line.contains(&instance(pattern, known)));
        let (at, known) = lines
            .iter()
            .enumerate()
            .rev()
            .find_map(|(at, line)| Some((at, of(line)?)))?;
        let row = renamed(lines[at], known, self.new);
        self.insert_line(at + 1, &row);
        Some(())
    }

    /// Adds an item to the list on the line that contains `line`, after the last item of an existing
    /// provider, and raises the length of the list if the line states it.
    pub(super) fn item(&mut self, line: &str, pattern: &str) -> Option<()> {
        let start = self.text.find(line)?;
        let end = start + self.text[start..].find(['\n']).unwrap_or(self.text.len() - start);
        let row = self.text[start..end].to_owned();
        let places = self.known.iter().filter_map(|known| {
            let item = instance(pattern, known);
            Some((row.rfind(&item)? + item.len(), known))
        });
        let (at, _) = places.max_by_key(|(at, _)| *at)?;
        let mut changed = row.clone();
        changed.insert_str(at, &format!(", {}", instance(pattern, self.new)));
        if let Some((before, rest)) = changed.split_once("[Self; ")
            && let Some((count, after)) = rest.split_once(']')
        {
            changed = format!("{before}[Self; {}]{after}", count.parse::<usize>().ok()? + 1);
        }
        self.text.replace_range(start..end, &changed);
        Some(())
    }

    /// Inserts text before the first line that starts with a text.
    pub(super) fn before(&mut self, line: &str, text: &str) -> Option<()> {
        let at = self.text.lines().position(|known| known.starts_with(line))?;
        self.insert_line(at, text);
        Some(())
    }

    /// Inserts text after the first line that starts with a text.
    pub(super) fn after(&mut self, line: &str, text: &str) -> Option<()> {
        let at = self.text.lines().position(|known| known.starts_with(line))?;
        self.insert_line(at + 1, text);
        Some(())
    }

    /// Raises every number between two texts by one.
    pub(super) fn raise(&mut self, from: &str, to: &str) -> Option<()> {
        let start = self.text.find(from)? + from.len();
        let end = start + self.text[start..].find(to)?;
        let mut raised = String::new();
        for part in self.text[start..end].split_inclusive(|c: char| !c.is_ascii_digit()) {
            let number = part.trim_end_matches(|c: char| !c.is_ascii_digit());
            match number.parse::<u32>() {
                Ok(count) => raised += &format!("{}{}", count + 1, &part[number.len()..]),
                Err(_) => raised += part,
            }
        }
        self.text.replace_range(start..end, &raised);
        Some(())
    }

    fn insert_line(&mut self, at: usize, text: &str) {
        let start: usize = self.text.split_inclusive('\n').take(at).map(str::len).sum();
        let text = text.strip_suffix('\n').unwrap_or(text);
        self.text.insert_str(start, &format!("{text}\n"));
    }
}

/// A pattern with the names of a provider.
fn instance(pattern: &str, provider: &Provider) -> String {
    pattern
        .replace("{name}", &provider.name)
        .replace("{module}", &provider.module())
        .replace("{type}", &provider.type_name())
        .replace("{constant}", &constant(provider))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, change: impl Fn(&mut Edit<'_>) -> Option<()>) -> Option<String> {
        let provider = |name: &str| Provider { name: name.to_owned() };
        let (known, new) = ([provider("a-one"), provider("b-two")], provider("c-three"));
        let mut edit = Edit {
            text: text.to_owned(),
            known: &known,
            new: &new,
        };
        change(&mut edit)?;
        Some(edit.text)
    }

    #[test]
    fn a_row_is_copied_after_the_last_one() {
        let text = "mod a_one; // A_ONE\nmod b_two;\nmod other;\n";
        let changed = edited(text, |edit| edit.line("mod {module};"));
        assert_eq!(
            changed.as_deref(),
            Some("mod a_one; // A_ONE\nmod b_two;\nmod c_three;\nmod other;\n")
        );
        assert_eq!(edited("mod other;\n", |edit| edit.line("mod {module};")), None);
    }

    #[test]
    fn an_item_joins_its_list_and_is_counted() {
        let text = "x\nconst ALL: [Self; 2] = [Self::BTwo, Self::AOne];\n";
        let changed = edited(text, |edit| edit.item("const ALL:", "Self::{type}"));
        let expected = "x\nconst ALL: [Self; 3] = [Self::BTwo, Self::AOne, Self::CThree];\n";
        assert_eq!(changed.as_deref(), Some(expected));
        assert_eq!(edited(text, |edit| edit.item("const NONE:", "Self::{type}")), None);
    }

    #[test]
    fn the_numbers_of_a_sentence_are_raised() {
        let text = "1 It needs 99 crates,\nand 9 without; 4 of them belong here. 5\n";
        let changed = edited(text, |edit| edit.raise("It needs ", " belong"));
        let expected = "1 It needs 100 crates,\nand 10 without; 5 of them belong here. 5\n";
        assert_eq!(changed.as_deref(), Some(expected));
    }

    #[test]
    fn a_text_is_inserted_at_a_line() {
        let text = "one\ntwo\n";
        assert_eq!(
            edited(text, |edit| edit.before("two", "x")).as_deref(),
            Some("one\nx\ntwo\n")
        );
        assert_eq!(
            edited(text, |edit| edit.after("two", "x\n")).as_deref(),
            Some("one\ntwo\nx\n")
        );
    }
}
