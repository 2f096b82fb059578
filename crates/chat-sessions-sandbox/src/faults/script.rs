//! Reads faults from JSON, as `POST /__sandbox/faults` and `POST /__sandbox/chance` receive them.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    dialect::{operation::Operation, provider::Provider},
    faults::{
        Fault, MAX_LARGE_HEADERS,
        kind::FaultKind,
        selection::{ALL_PAGES, Selection},
    },
    paging::Paging,
};

/// The body of `POST /__sandbox/faults`.
#[derive(Clone, Debug)]
pub(crate) struct FaultScript {
    pub(crate) provider: Provider,
    pub(crate) times: usize,
    pub(crate) always: bool,
    pub(crate) fault: Fault,
}

impl FaultScript {
    /// Reads a script. The error describes the mistake.
    pub(crate) fn from_json(mut script: Map<String, Value>) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Common {
            provider: Provider,
            times: Option<usize>,
            always: Option<bool>,
        }
        let common: Common = take_fields(&mut script, &["provider", "times", "always"])?;
        if common.always.is_some() && common.times.is_some() {
            return Err("`times` and `always` exclude each other".to_owned());
        }
        Ok(Self {
            provider: common.provider,
            times: common.times.unwrap_or(1),
            always: common.always.unwrap_or(false),
            fault: Fault::from_json(common.provider, script)?,
        })
    }
}

/// One or more values of a header.
#[derive(Deserialize)]
#[serde(untagged)]
enum HeaderValues {
    One(String),
    Several(Vec<String>),
}

impl Fault {
    /// Reads a fault for one provider. The error describes the mistake.
    pub(crate) fn from_json(provider: Provider, mut fault: Map<String, Value>) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Common {
            headers: Option<BTreeMap<String, HeaderValues>>,
            large_headers: Option<usize>,
            gzip: Option<bool>,
            delay_ms: Option<u64>,
            hold: Option<bool>,
            paging: Option<Vec<Paging>>,
            operations: Option<Vec<Operation>>,
            from_page: Option<u64>,
            to_page: Option<u64>,
        }
        let names = [
            "headers",
            "large_headers",
            "gzip",
            "delay_ms",
            "hold",
            "paging",
            "operations",
            "from_page",
            "to_page",
        ];
        let common: Common = take_fields(&mut fault, &names)?;
        let kind: FaultKind = serde_json::from_value(Value::Object(fault)).map_err(|error| error.to_string())?;
        let paging = common.paging.unwrap_or_default();
        if !paging.is_empty() && !kind.has_page() {
            return Err("this fault does not send a page, so `paging` has no effect".to_owned());
        }
        let features = provider.profile().page_features;
        let supported = |paging: &&Paging| {
            paging
                .required_feature()
                .is_none_or(|feature| features.contains(&feature))
        };
        if let Some(paging) = paging.iter().find(|paging| !supported(paging)) {
            return Err(format!("{paging:?} does not apply to {provider}"));
        }
        let selection = Selection {
            operations: common.operations.unwrap_or_default(),
            pages: common.from_page.unwrap_or(*ALL_PAGES.start())..=common.to_page.unwrap_or(*ALL_PAGES.end()),
        };
        selection.check(provider, &paging)?;
        let headers = common.headers.unwrap_or_default().into_iter();
        let headers = headers.flat_map(|(name, values)| {
            let values = match values {
                HeaderValues::One(value) => vec![value],
                HeaderValues::Several(values) => values,
            };
            values.into_iter().map(move |value| (name.clone(), value))
        });
        Ok(Self {
            kind,
            headers: headers.collect(),
            large_headers: common.large_headers.unwrap_or(0).min(MAX_LARGE_HEADERS),
            gzip: common.gzip.unwrap_or(false),
            delay: Duration::from_millis(common.delay_ms.unwrap_or(0)),
            hold: common.hold.unwrap_or(false),
            paging,
            selection,
        })
    }
}

/// Moves the fields with these names out of a script.
///
/// The fields of every fault are moved first, so that the kind can reject unknown fields.
/// Otherwise, a misspelled name would have no effect and cause no error.
fn take_fields<T: DeserializeOwned>(script: &mut Map<String, Value>, names: &[&str]) -> Result<T, String> {
    let fields = names.iter().filter_map(|name| script.remove_entry(*name));
    let fields = Value::Object(fields.collect());
    serde_json::from_value(fields).map_err(|error| error.to_string())
}
