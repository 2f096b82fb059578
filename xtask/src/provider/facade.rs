//! The module of a new provider in the facade, from a template and the outline of its list.

mod call;
mod normalise;
mod paging;
mod response;

use chat_sessions_codegen::{Argument, ListOutline};

use super::names::{Values, filled};
use crate::outcome::Failure;

const MODULE: &str = include_str!("templates/facade.txt");

/// The module, and the conversion of its items.
pub(super) struct Module {
    pub(super) source: String,
    pub(super) normalise: String,
}

/// Writes the module. `names` are the names of the provider, `arguments` those of the raw method.
pub(super) fn module(names: &Values, list: &ListOutline, arguments: &[Argument]) -> Result<Module, Failure> {
    let mut values = names.clone();
    let mut set = |name, value: String| drop(values.insert(name, value));
    settings(list, &names["constant"], &mut set);
    paging::paging(list, &mut set);
    response::decoding(list, &mut set);
    set("arguments", call::call(list, arguments)?);
    set("method", list.method.clone());
    set("response", list.response.clone());
    Ok(Module {
        source: unused_imports_removed(&filled(MODULE, &values)?),
        normalise: normalise::normalise(names, list)?,
    })
}

fn settings(list: &ListOutline, constant: &str, set: &mut impl FnMut(&'static str, String)) {
    let is_known = !list.server.is_empty() && !list.server.contains('{');
    set(
        "base_url",
        if is_known {
            list.server.clone()
        } else {
            "https://api.example".to_owned()
        },
    );
    let decide = "// DECIDE(base URL): the document names no server that can be used.\n";
    set(
        "decide_base_url",
        if is_known { String::new() } else { decide.to_owned() },
    );
    let is_required = list.scope.as_ref().is_some_and(|scope| scope.is_required);
    let (required, default) = match is_required {
        true => ("the key and the scope are required", "it is required"),
        false => ("only the key is required", "the key's own by default"),
    };
    set("required", required.to_owned());
    set("scope_default", default.to_owned());
    let Some(scope) = &list.scope else {
        for name in ["scope_setting", "scope_setting_item", "read_scope"] {
            set(name, String::new());
        }
        set("scope_setting_name", "\"\"".to_owned());
        let reject = "if self.scope.is_some() {\n            return Err(context.reject(\"this provider has no scopes\"));\n        }";
        set("check_scope", reject.to_owned());
        return;
    };
    let name = &scope.parameter.rust;
    set(
        "scope_setting",
        format!(
            "\nconst SCOPE: Setting = Setting {{\n    name: \"{name}\",\n    variables: &[\"{constant}_{}\"],\n    file_variables: &[],\n    \
             default: None,\n    kind: SettingKind::Id,\n}};\n",
            name.to_uppercase()
        ),
    );
    set("scope_setting_item", "SCOPE, ".to_owned());
    set("scope_setting_name", "SCOPE.name".to_owned());
    set(
        "read_scope",
        "builder.scope = env.text(&SCOPE)?.map(|scope| Scope::from(scope.value));".to_owned(),
    );
    let mut check = format!(
        "let scope = self.scope.as_ref().map(Scope::as_str);\n        if let Some(scope) = scope {{\n            \
         context.check_query_value(\"the {name}\", scope, DEFAULT_SCOPE)?;\n        }}"
    );
    if scope.is_required {
        check += &format!(
            "\n        let Some(scope) = scope else {{\n            return Err(context\n                .reject(\"the {name} is not set\")\n                .with_remedy(\"Set the scope, or {constant}_{}.\"));\n        }};",
            name.to_uppercase()
        );
    }
    set("check_scope", check);
}

/// Removes the imports that only some lists need.
fn unused_imports_removed(source: &str) -> String {
    let (head, body) = source.split_once("\nconst KEY").unwrap_or((source, ""));
    let mut head = head.to_owned();
    for name in ["SettingKind", "Members", "ErrorKind", "Remedy"] {
        if !body.contains(name) {
            head = head.replace(&format!("{name}, "), "").replace(&format!(", {name}"), "");
        }
    }
    format!("{head}\nconst KEY{body}")
}
