//! The settings of a source, as `doctor` and `config show` report them.
//!
//! Never shows a key or a part of it. The path of a key file is shown only if the file exists or the
//! text can only be a path, because somebody may have pasted the key in place of the path.

use std::path::Path;

use chat_sessions::config::Setting;
use serde::Serialize;

use crate::config::{Origin, OriginRecord, PlannedSource, Value};

/// One setting of a source.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SettingRecord {
    name: &'static str,
    /// Whether it is configured or has a default.
    set: bool,
    /// The value; null for a key, for an invalid value, and if there is none.
    value: Option<String>,
    /// Where the value comes from; null if there is none.
    origin: Option<OriginRecord>,
    #[serde(skip)]
    value_text: String,
    #[serde(skip)]
    origin_text: String,
}

/// Returns the settings of a source, in the order of the facade.
pub(crate) fn settings(planned: &PlannedSource) -> Vec<SettingRecord> {
    let scope_setting = planned.settings.provider.built_in().scope_setting;
    let records = planned.settings.iter().map(|(setting, values)| {
        let problem = values
            .iter()
            .find(|value| planned.settings.check(setting, value).is_err());
        let is_wrong_scope = setting.name == scope_setting && planned.check_scope().is_err();
        match (problem, &planned.scope) {
            (_, Some((_, origin))) if is_wrong_scope => return invalid(setting, origin),
            (Some(value), _) if setting.name != scope_setting => return invalid(setting, &value.origin),
            _ => {}
        }
        if setting.is_secret() {
            return secret(setting, values);
        }
        let given = match &planned.scope {
            Some((scope, origin)) if setting.name == scope_setting => Some((scope.clone(), origin.clone())),
            _ => values
                .first()
                .map(|value| (value.text.to_string_lossy().into_owned(), value.origin.clone())),
        };
        let given = given.or_else(|| setting.default.map(|default| (default.to_owned(), Origin::Default)));
        match given {
            Some((text, origin)) => record(setting, Some(printable(&text)), printable(&text), Some(&origin)),
            None => record(setting, None, "not set".to_owned(), None),
        }
    });
    records.collect()
}

/// What cannot be used is not shown: it may contain a password, or be a key.
fn invalid(setting: &Setting, origin: &Origin) -> SettingRecord {
    record(setting, None, "invalid".to_owned(), Some(origin))
}

fn secret(setting: &'static Setting, values: &[Value]) -> SettingRecord {
    let Some(value) = values.first() else {
        return record(setting, None, "not set".to_owned(), None);
    };
    let path = Path::new(&value.text);
    let text = match (value.is_path, path.exists()) {
        (false, _) => "set".to_owned(),
        (true, true) => format!("set, in {}", printable(&path.to_string_lossy())),
        (true, false) if value.is_hidden => "file does not exist".to_owned(),
        (true, false) => format!("{} does not exist", printable(&path.to_string_lossy())),
    };
    record(setting, None, text, Some(&value.origin))
}

fn record(setting: &Setting, value: Option<String>, value_text: String, origin: Option<&Origin>) -> SettingRecord {
    SettingRecord {
        name: setting.name,
        set: origin.is_some(),
        value,
        origin: origin.map(OriginRecord::from),
        value_text,
        origin_text: origin.map(ToString::to_string).unwrap_or_default(),
    }
}

/// Hides a URL that may contain a password.
fn printable(value: &str) -> String {
    if value.contains("://") && value.contains(['@', '?', '#']) {
        return "[hidden: URL with a user name, query or fragment]".to_owned();
    }
    value.to_owned()
}

/// Returns the rows of a table of settings.
pub(crate) fn rows(settings: &[SettingRecord], with_origin: bool) -> Vec<[&str; 3]> {
    let rows = settings.iter().map(|setting| {
        let origin = if with_origin { setting.origin_text.as_str() } else { "" };
        [setting.name, setting.value_text.as_str(), origin]
    });
    rows.collect()
}
