//! Values and names in the sentences of a report.

use serde_json::Value;

/// A value in a sentence: as code, and shortened if long.
pub(super) fn value_text(value: &Value) -> String {
    const LONGEST: usize = 40;
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let text = text.replace('`', "'");
    if text.chars().count() > LONGEST {
        let cut: String = text.chars().take(LONGEST).collect();
        return format!("`{cut}…`");
    }
    if text.is_empty() {
        return "the empty string".to_owned();
    }
    format!("`{text}`")
}

/// A word with its indefinite article.
pub(super) fn with_article(word: &str) -> String {
    let first = word.trim_start_matches('`').chars().next().unwrap_or_default();
    let article = if "aeiouAEIOU".contains(first) { "an" } else { "a" };
    format!("{article} {word}")
}
