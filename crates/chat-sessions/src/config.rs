//! What the built-in sources are configured with: keys, base URLs, and variables that hold them.

mod api_key;
mod base_url;
mod env;
mod setting;

pub use api_key::ApiKey;
pub(crate) use base_url::BaseUrl;
pub(crate) use env::{Env, WithOrigin};
pub use setting::{Setting, SettingValue};
