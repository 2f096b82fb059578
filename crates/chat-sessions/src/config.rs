//! The configuration of the built-in sources: keys, base URLs, and the variables that hold them.

mod api_key;
mod base_url;
mod env;
mod setting;
mod text;

pub use crate::provider::network::check_environment;
pub use api_key::ApiKey;
pub(crate) use base_url::BaseUrl;
pub(crate) use env::{Env, WithOrigin};
pub(crate) use setting::SettingKind;
pub use setting::{Setting, SettingValue};
pub(crate) use text::id_problem;
