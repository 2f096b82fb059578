//! Ways to alter a page of a list, and how they change the number of its items.
//!
//! What they do to each item is in `items`; what they do to tokens and totals is in the dialects
//! that have them.

pub(crate) mod issued_tokens;
pub(crate) mod items;
pub(crate) mod page_size;
pub(crate) mod page_token;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use crate::dialect::operation::Operation;

/// One alteration of a page. The rest of the page stays as it was.
///
/// A [`Fault`](crate::Fault) applies several alterations in their order. A response that is not a
/// page, such as the error for a wrong key, is not altered. An alteration that only one provider
/// supports has no effect on the other provider's pages, and a script that asks for it there is
/// rejected.
///
/// Some alterations also change other responses than pages. In a conversation, the items are its
/// messages or events, and the `role` or `type` takes the place of the id. In the scopes, the items
/// are the namespaces or projects. The summary of a session has no items. The others change pages
/// only.
///
/// In JSON, the name stands alone or comes before its value: `"data_null"`, `{"short_page": 3}`,
/// `{"insert_item": {"at": 3, "item": {"sessionId": 7}}}`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Paging {
    /// The page has no items, and the list continues.
    ///
    /// A LlamaCloud page then always has a new token, which leads to the items that are missing
    /// here, so nothing is lost. A Memories.ai page loses its items, since the next page has the
    /// next number.
    EmptyPage,
    /// The page has only this many of its first items, or all of them if it has fewer. Zero gives
    /// an empty page.
    ///
    /// The LlamaCloud token leads to the first missing item, so nothing is lost; lists that filter
    /// after paging behave like this. A Memories.ai page loses the missing items, since the next
    /// page has the next number.
    ShortPage(usize),
    /// This many of the preceding items appear again before the page's own. The first page has
    /// none.
    Duplicates(usize),
    /// The last page is repeated forever: Memories.ai serves it for every page number beyond its
    /// own, and LlamaCloud's last page has a token that leads to itself, a new one each time.
    StickyEnd,
    /// LlamaCloud only. The token is the one issued this many responses ago in the same project; 1
    /// means the previous response. It also replaces the missing token of the last page. If fewer
    /// tokens were issued, or more than 65,536 since then, the token stays as it was.
    RepeatToken(usize),
    /// LlamaCloud only. The token is this text, on the last page too. The sandbox rejects it later
    /// unless it is one of its own tokens.
    Token(String),
    /// LlamaCloud only. The last page has a token that is `null` instead of none.
    NullAtEnd,
    /// LlamaCloud only. The last page has an empty token instead of none.
    EmptyAtEnd,
    /// Also in conversations and scopes. An additional item at this position of the page, or at its
    /// end if the page is shorter.
    InsertItem {
        /// The position, counted from 0.
        at: usize,
        /// The item. By default, a session whose id is an object instead of a string.
        #[serde(default, deserialize_with = "present")]
        item: Option<Value>,
    },
    /// Also in conversations and scopes. A different item at this position of the page, if the page
    /// has that many.
    ReplaceItem {
        /// The position, counted from 0.
        at: usize,
        /// The item. By default, the original session with an object instead of a string as its id.
        #[serde(default, deserialize_with = "present")]
        item: Option<Value>,
    },
    /// Also in conversations and scopes. The id of every item is an object instead of a string.
    AllItemsBad,
    /// Memories.ai only. The total is this number, in the same format as the true one.
    ClaimedTotal(i64),
    /// Memories.ai only. The total is a number instead of digits in a string.
    TotalNumber,
    /// Memories.ai only. The total is this string.
    TotalText(String),
    /// Memories.ai only. The total is `null`.
    TotalNull,
    /// Memories.ai only. The total is missing.
    TotalAbsent,
    /// In every response. Memories.ai: `data` is `null` in a response that reports success.
    /// LlamaCloud: `items` or `events` is `null`, and the token stays; a summary and the projects,
    /// which have no such field, are `null` as a whole.
    DataNull,
    /// In every response. There is a field named `sandbox_unknown` in every item that is an object,
    /// in the response, and in the objects between them.
    UnknownFields,
    /// Memories.ai only. Names and types follow the table in the provider's document, which no
    /// known response does: `session_id`, `video_no`, `created_time` and no title; `page`,
    /// `total_pages` and a number as the total.
    TableSpelling,
}

/// A part of a page that only some providers have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageFeature {
    /// A token for the next page.
    Token,
    /// The total number of sessions.
    Total,
    /// A second spelling of the fields, which only the provider's document has.
    TableSpelling,
}

impl Paging {
    /// Returns whether this changes the response of an operation.
    pub(crate) fn applies_to(&self, operation: Operation) -> bool {
        match operation {
            Operation::ListSessions => true,
            Operation::SessionDetail | Operation::Scopes => matches!(
                self,
                Self::InsertItem { .. }
                    | Self::ReplaceItem { .. }
                    | Self::AllItemsBad
                    | Self::DataNull
                    | Self::UnknownFields
            ),
            Operation::SessionSummary => matches!(self, Self::DataNull | Self::UnknownFields),
        }
    }

    /// Returns the part of the page that this alters, unless every provider has it.
    pub(crate) fn required_feature(&self) -> Option<PageFeature> {
        match self {
            Self::RepeatToken(_) | Self::Token(_) | Self::NullAtEnd | Self::EmptyAtEnd => Some(PageFeature::Token),
            Self::ClaimedTotal(_) | Self::TotalNumber | Self::TotalText(_) | Self::TotalNull | Self::TotalAbsent => {
                Some(PageFeature::Total)
            }
            Self::TableSpelling => Some(PageFeature::TableSpelling),
            Self::EmptyPage
            | Self::ShortPage(_)
            | Self::Duplicates(_)
            | Self::StickyEnd
            | Self::InsertItem { .. }
            | Self::ReplaceItem { .. }
            | Self::AllItemsBad
            | Self::DataNull
            | Self::UnknownFields => None,
        }
    }
}

/// Reads a field that is present, even if it is `null`. By default, serde treats `null` like a
/// missing field.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Returns the fields that [`Paging::UnknownFields`] adds to every object.
pub(crate) fn unknown_fields(paging: &[Paging]) -> Map<String, Value> {
    let mut fields = Map::new();
    if paging.contains(&Paging::UnknownFields) {
        let value = json!({ "nested": [1, null, "as nobody expected"] });
        fields.insert("sandbox_unknown".to_owned(), value);
    }
    fields
}

/// Returns how many items of a page with `size` items remain.
pub(crate) fn visible_items(paging: &[Paging], size: usize) -> usize {
    paging.iter().fold(size, |size, paging| match paging {
        Paging::EmptyPage => 0,
        Paging::ShortPage(max) => size.min(*max),
        _ => size,
    })
}

/// Returns how many of the preceding items are repeated.
pub(crate) fn duplicate_count(paging: &[Paging]) -> usize {
    paging.iter().fold(0, |count: usize, paging| match paging {
        Paging::Duplicates(more) => count.saturating_add(*more),
        _ => count,
    })
}
