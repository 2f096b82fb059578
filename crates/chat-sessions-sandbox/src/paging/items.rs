//! Builds the items of a page, and alters them if a fault asks for it.

use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};

use crate::paging::{Paging, unknown_fields};

/// An item of a page.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum PageItem<T> {
    /// A session in the provider's format.
    Session(T),
    /// Any other value.
    Other(Value),
}

impl<T: Serialize + fmt::Debug> PageItem<T> {
    /// Edits the item as JSON.
    fn edit(&mut self, change: impl FnOnce(&mut Value)) {
        // The sessions are structs with string keys, so this cannot fail; a test would notice the
        // `null`.
        let mut value = serde_json::to_value(&*self).unwrap_or_default();
        change(&mut value);
        *self = Self::Other(value);
    }
}

/// Builds the items of a page from these sessions, whose ids are in the field `id_name`.
pub(crate) fn page_items<T: Serialize + fmt::Debug>(
    sessions: impl Iterator<Item = T>,
    paging: &[Paging],
    id_name: &str,
) -> Vec<PageItem<T>> {
    let invalid_id = || json!({ "not": "an id" });
    let break_id = |item: &mut Value| match item.as_object_mut() {
        Some(item) => drop(item.insert(id_name.to_owned(), invalid_id())),
        None => *item = json!({ id_name: invalid_id() }),
    };
    let mut items = sessions.map(PageItem::Session).collect::<Vec<_>>();
    for paging_fault in paging {
        match paging_fault {
            Paging::InsertItem { at, item } => {
                let item = item.clone().unwrap_or_else(|| json!({ id_name: invalid_id() }));
                items.insert((*at).min(items.len()), PageItem::Other(item));
            }
            Paging::ReplaceItem { at, item } => {
                if let Some(page_item) = items.get_mut(*at) {
                    match item {
                        Some(item) => *page_item = PageItem::Other(item.clone()),
                        None => page_item.edit(break_id),
                    }
                }
            }
            Paging::AllItemsBad => {
                for page_item in &mut items {
                    page_item.edit(break_id);
                }
            }
            Paging::UnknownFields => {
                for page_item in &mut items {
                    page_item.edit(|item| {
                        if let Some(item) = item.as_object_mut() {
                            item.extend(unknown_fields(paging));
                        }
                    });
                }
            }
            _ => {}
        }
    }
    items
}
