//! How the settings of a list are reported, for people and for programs; `doctor` and `config show` have it in common.
//!
//! A key is never shown, nor a part of it, nor the path of its file where no file is: a key may have been put there.

use std::path::Path;

use chat_sessions::Setting;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::config::{Origin, OriginRecord, Value};
use crate::sources::Planned;

/// Rises when a field of a report changes its meaning or goes away; a new field leaves it.
pub(crate) const SCHEMA_VERSION: u32 = 1;

/// One setting of one list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SettingRecord {
    name: &'static str,
    /// Whether somebody gave it, or there is a default.
    set: bool,
    /// What it is; null for a key, and where it is not set.
    value: Option<String>,
    /// Where it comes from; null where it is not set.
    origin: Option<OriginRecord>,
    #[serde(skip)]
    shown: String,
    #[serde(skip)]
    told: String,
}

/// Gives the settings of a list, in the order of the facade.
pub(crate) fn settings(planned: &Planned) -> Vec<SettingRecord> {
    let provider = planned.settings.provider;
    let records = planned.settings.iter().map(|(setting, values)| {
        if setting.is_secret() {
            return secret(setting, values);
        }
        let given = match &planned.scope {
            Some((scope, origin)) if setting.name == provider.scope_setting() => Some((scope.clone(), origin.clone())),
            _ => values
                .first()
                .map(|value| (value.text.to_string_lossy().into_owned(), value.origin.clone())),
        };
        let given = given.or_else(|| setting.default.map(|default| (default.to_owned(), Origin::Default)));
        match given {
            Some((text, origin)) => record(setting, Some(presentable(&text)), presentable(&text), Some(&origin)),
            None => record(setting, None, "not set".to_owned(), None),
        }
    });
    records.collect()
}

fn secret(setting: &'static Setting, values: &[Value]) -> SettingRecord {
    let Some(value) = values.first() else {
        return record(setting, None, "not set".to_owned(), None);
    };
    let path = Path::new(&value.text);
    let shown = match (value.is_path, path.exists()) {
        (false, _) => "set".to_owned(),
        (true, true) => format!("set, in {}", presentable(&path.to_string_lossy())),
        (true, false) => "set, in a file that is not there".to_owned(),
    };
    record(setting, None, shown, Some(&value.origin))
}

fn record(setting: &Setting, value: Option<String>, shown: String, origin: Option<&Origin>) -> SettingRecord {
    SettingRecord {
        name: setting.name,
        set: origin.is_some(),
        value,
        origin: origin.map(OriginRecord::from),
        shown,
        told: origin.map(ToString::to_string).unwrap_or_default(),
    }
}

/// Puts a value on one line, without what could be a password in a URL.
fn presentable(value: &str) -> String {
    if value.contains("://") && value.contains(['@', '?', '#']) {
        return "[a URL with a user name, a query or a fragment]".to_owned();
    }
    value
        .chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect()
}

/// Gives the rows of a table of settings.
pub(crate) fn rows(settings: &[SettingRecord], with_origin: bool) -> Vec<[&str; 3]> {
    let rows = settings.iter().map(|setting| {
        let told = if with_origin { setting.told.as_str() } else { "" };
        [setting.name, setting.shown.as_str(), told]
    });
    rows.collect()
}

/// Puts rows of a name, a value and a remark below each other. A value that no remark follows may be as long as it likes.
pub(crate) fn aligned(rows: &[[&str; 3]]) -> Vec<String> {
    let widest = |widths: &mut dyn Iterator<Item = usize>| widths.max().unwrap_or_default();
    let name = widest(&mut rows.iter().map(|[name, ..]| name.width()));
    let value = widest(
        &mut rows
            .iter()
            .filter(|[.., remark]| !remark.is_empty())
            .map(|[_, value, _]| value.width()),
    );
    let padded = |text: &str, width: usize| format!("{text}{}", " ".repeat(width.saturating_sub(text.width())));
    let lines = rows.iter().map(|[first, second, remark]| {
        let line = format!("  {}  {}  {remark}", padded(first, name), padded(second, value));
        line.trim_end().to_owned()
    });
    lines.collect()
}
