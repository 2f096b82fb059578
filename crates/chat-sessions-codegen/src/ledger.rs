//! The normalisation ledger as text: which facade field each raw field feeds. The facade renders it from the table that its
//! compiler checks; here it is only read, and nothing is known about what the facade is.

use std::collections::{BTreeMap, BTreeSet};

/// What becomes of one raw field in the facade.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fate {
    /// It feeds these facade fields, such as `Session::title`.
    Feeds(Vec<String>),
    /// It is kept with the unknown fields; the text says where.
    Unknown(String),
    /// It is left out; the text says why.
    LeftOut(String),
}

/// The ledger, and which operations the facade calls.
///
/// It is a Markdown table with the columns provider, raw field (`Schema.property` in a code span), facade (code spans, `kept as
/// unknown` or `left out`) and remark. Whatever else the text holds is skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    rows: BTreeMap<(String, String), Fate>,
    sources: BTreeMap<String, String>,
}

impl Ledger {
    /// Reads the table out of a Markdown text. A text without the table gives a ledger that is [missing](Self::is_missing).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self {
            rows: text.lines().filter_map(row).collect(),
            sources: BTreeMap::new(),
        }
    }

    /// Adds the source text in which the facade speaks to a provider: an operation whose method it calls is one that the facade
    /// depends on.
    #[must_use]
    pub fn with_source(mut self, provider: &str, source: &str) -> Self {
        self.sources.insert(provider.to_owned(), source.to_owned());
        self
    }

    /// Whether there is no row, so that nothing can be said about the facade.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.rows.is_empty()
    }

    /// The providers that have rows.
    pub(crate) fn providers(&self) -> BTreeSet<&str> {
        self.rows.keys().map(|(provider, _)| provider.as_str()).collect()
    }

    /// What becomes of a field; `None` when there is no row for it.
    pub(crate) fn fate(&self, provider: &str, schema: &str, property: &str) -> Option<&Fate> {
        self.rows.get(&(provider.to_owned(), format!("{schema}.{property}")))
    }

    /// The fates of all fields of a schema.
    pub(crate) fn of_schema(&self, provider: &str, schema: &str) -> Vec<&Fate> {
        let of_schema = |(key, field): &(String, String)| {
            key == provider && field.rsplit_once('.').is_some_and(|(name, _)| name == schema)
        };
        let rows = self.rows.iter().filter(|(key, _)| of_schema(key));
        rows.map(|(_, fate)| fate).collect()
    }

    /// The other raw fields of a provider that feed a facade field.
    pub(crate) fn also_feeding(&self, provider: &str, raw: &str, facade: &str) -> Vec<&str> {
        let feeds = |fate: &Fate| matches!(fate, Fate::Feeds(fields) if fields.iter().any(|field| field == facade));
        let rows = self.rows.iter();
        let others = rows.filter(|((of, field), fate)| of == provider && field != raw && feeds(fate));
        others.map(|((_, field), _)| field.as_str()).collect()
    }

    /// Whether the facade calls the method of an operation; `None` when its source was not given.
    pub(crate) fn calls(&self, provider: &str, method: &str) -> Option<bool> {
        let source = self.sources.get(provider)?;
        Some(source.contains(&format!(".{method}(")))
    }
}

/// Reads one line of the table; heads, rules and prose are `None`.
fn row(line: &str) -> Option<((String, String), Fate)> {
    let cells: Vec<&str> = line.trim().strip_prefix('|')?.split('|').map(str::trim).collect();
    let [provider, raw, facade, rest @ ..] = cells.as_slice() else {
        return None;
    };
    let raw = spans(raw).into_iter().next().filter(|field| field.contains('.'))?;
    let remark = rest.first().copied().unwrap_or_default().to_owned();
    let fate = match *facade {
        "kept as unknown" => Fate::Unknown(remark),
        "left out" => Fate::LeftOut(remark),
        fields => Fate::Feeds(Some(spans(fields)).filter(|fields| !fields.is_empty())?),
    };
    Some((((*provider).to_owned(), raw), fate))
}

/// The code spans of a cell.
fn spans(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{Fate, Ledger};

    #[test]
    fn rows_are_read_and_everything_else_is_skipped() {
        let text = "# Ledger\n\n| provider | raw field | facade | remark |\n|---|---|---|---|\n\
            | a | `Item.id` | `Session::id`, `Session::created_at` | |\n| a | `Item.new` | kept as unknown | in `Session::extra` |\n\
            | a | `List.ok` | left out | says the same as the code |\n| b | `Item.id` | `Session::id` | |\nprose | `x`\n";
        let ledger = Ledger::parse(text);
        let id = Fate::Feeds(vec!["Session::id".to_owned(), "Session::created_at".to_owned()]);
        assert_eq!(ledger.fate("a", "Item", "id"), Some(&id));
        let kept = Fate::Unknown("in `Session::extra`".to_owned());
        assert_eq!(ledger.fate("a", "Item", "new"), Some(&kept));
        let left = Fate::LeftOut("says the same as the code".to_owned());
        assert_eq!(ledger.fate("a", "List", "ok"), Some(&left));
        assert_eq!(ledger.fate("a", "Item", "other"), None);
        assert_eq!(ledger.providers().into_iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(ledger.of_schema("a", "Item").len(), 2);
        assert!(ledger.also_feeding("a", "Item.id", "Session::id").is_empty());
        assert!(!ledger.is_missing());
        for text in ["", "no table", "| a | b |\n| provider | raw field | facade | remark |"] {
            assert!(Ledger::parse(text).is_missing(), "{text}");
        }
        let called = ledger.with_source("a", "client.list_things(page).await");
        assert_eq!(called.calls("a", "list_things"), Some(true));
        assert_eq!(called.calls("a", "list"), Some(false));
        assert_eq!(called.calls("b", "list_things"), None);
    }
}
