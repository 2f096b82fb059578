//! The configuration of the built-in sources: keys, base URLs, and the variables that hold them.

mod api_key;
mod base_url;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod certificates;
mod env;
mod network;
mod no_proxy;
mod proxies;
mod setting;
mod text;
mod variable;

pub use api_key::ApiKey;
pub(crate) use base_url::BaseUrl;
pub(crate) use env::{Env, WithOrigin};
pub(crate) use network::apply as apply_environment;
pub use network::check_environment;
pub(crate) use setting::SettingKind;
pub use setting::{Setting, SettingValue};
pub(crate) use text::id_problem;
