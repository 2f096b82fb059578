//! The configuration of the built-in sources: keys, base URLs, and the variables that hold them.

mod api_key;
mod base_url;
mod env;
mod setting;

pub use api_key::ApiKey;
pub(crate) use base_url::BaseUrl;
pub(crate) use env::{Env, WithOrigin};
pub use setting::{Setting, SettingValue};
