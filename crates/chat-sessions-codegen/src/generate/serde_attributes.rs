//! Reads the serde attributes of a generated field.

/// The serde attributes of one field: names, and values if any.
pub(super) struct SerdeAttributes(Vec<(String, Option<String>)>);

impl SerdeAttributes {
    /// Reads the attributes of a field.
    pub(super) fn of(field: &syn::Field) -> Self {
        let mut words = Vec::new();
        for attribute in field
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("serde"))
        {
            // The generator wrote the attribute. If it does not parse, the compiler reports it.
            let _ = attribute.parse_nested_meta(|meta| {
                let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
                let value = match meta.value() {
                    Ok(value) => Some(value.parse::<syn::LitStr>()?.value()),
                    Err(_) => None,
                };
                words.push((word, value));
                Ok(())
            });
        }
        Self(words)
    }

    /// Whether the field collects unknown fields.
    pub(super) fn is_flattened(&self) -> bool {
        self.0.iter().any(|(word, _)| word == "flatten")
    }

    /// Whether there are no other attributes than these.
    pub(super) fn is_only(&self, words: &[&str]) -> bool {
        self.0.iter().all(|(word, _)| words.contains(&word.as_str()))
    }

    /// The name of the field in JSON.
    pub(super) fn json_name(&self, field: &syn::Field) -> String {
        let renamed = self.0.iter().find(|(word, _)| word == "rename");
        let renamed = renamed.and_then(|(_, name)| name.clone());
        renamed.unwrap_or_else(|| field.ident.as_ref().map(ToString::to_string).unwrap_or_default())
    }
}
