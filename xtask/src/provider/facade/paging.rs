//! How a request names its page, and the rule by which the list ends.

use chat_sessions_codegen::{ListOutline, Paging};

use super::response::controls;

/// How a request names its page, and where the list continues.
pub(super) fn paging(list: &ListOutline, set: &mut impl FnMut(&'static str, String)) {
    let number = |first: u8, what: &str| {
        format!(
            "let {what} = match &request.position {{\n            Position::Start => {first},\n            \
             Position::Page(number) => *number,\n            \
             Position::Token(_) => return Err(context.reject(\"this list has numbered pages, not page tokens\")),\n        }};"
        )
    };
    let token = "let token = match &request.position {\n            Position::Start => None,\n            \
                 Position::Token(token) => Some(token.as_str()),\n            \
                 Position::Page(_) => return Err(context.reject(\"this list has page tokens, not page numbers\")),\n        };";
    let position = match &list.paging {
        Paging::Token { .. } | Paging::LastId { .. } => token.to_owned(),
        Paging::Offset { .. } => "let Some(offset) = offset(&request.position) else {\n            \
                                  return Err(context.reject(\"the page token is not a number of sessions\"));\n        };"
            .to_owned(),
        Paging::Number { .. } => number(1, "number"),
        _ => "if request.position != Position::Start {\n            \
              return Err(context.reject(\"this list has one page\"));\n        }"
            .to_owned(),
    };
    set("position", position);
    let capabilities = match &list.paging {
        Paging::Offset { .. } | Paging::Number { .. } => COUNTED_PLACES,
        _ => CAPABILITIES,
    };
    set("decide_capabilities", capabilities.to_owned());
    let filters: Vec<String> = list.filters.iter().map(|name| format!("`{name}`")).collect();
    let decide = "is not sent, so that its default applies. Does it leave out sessions?\n        ";
    let decisions = filters.iter().map(|name| format!("// DECIDE(filter): {name} {decide}"));
    set("decide_filters", decisions.collect());
    let is_token = matches!(list.paging, Paging::Token { .. });
    set("secrets_request", if is_token { "request" } else { "_" }.to_owned());
    let secret = "let token = match &request.position {\n            Position::Token(token) => Some(token.as_str()),\n            \
                  _ => None,\n        };\n        Secrets::new(key, [token])";
    set(
        "secrets",
        if is_token { secret } else { "Secrets::new(key, [None])" }.to_owned(),
    );
    let fetch = "self.connection.fetch(&context, &request.exchange, &secrets, &build, decode).await";
    let finish = match &list.paging {
        Paging::Offset { .. } => format!(
            "let page = {fetch}?;\n            Ok(continued(page, offset(&request.position).unwrap_or_default()))"
        ),
        Paging::LastId { .. } => format!("let page = {fetch}?;\n            continued(&context, page)"),
        _ => fetch.to_owned(),
    };
    set("finish", finish);
    set("functions", functions(list));
    let size = list.page_size.as_ref().map(|(_, most)| match most {
        Some(most) => format!(".largest_page({most})"),
        None => ".page_size()".to_owned(),
    });
    set("capabilities", size.unwrap_or_default());
}

const CAPABILITIES: &str = "\
// DECIDE(capabilities): does the list keep its order, and where do new sessions appear? Add
// `keeps_places()`, `new_at_front()`, `truthful_totals()` or `descending_ids()` with the source of
// each; without them, a walk promises its best effort.
";

const COUNTED_PLACES: &str = "\
// DECIDE(capabilities): where do new sessions appear, and is the total exact? Add `new_at_front()`,
// `truthful_totals()` or `descending_ids()` with the source of each; without them, a walk promises its
// best effort. Never add `keeps_places()`: pages are counted, so that a session which is deleted
// during a walk moves the others, and one of them would be skipped.
";

const OFFSET: &str = r"
/// Returns how many sessions precede a page; `None` if the token is not a number.
fn offset(position: &Position) -> Option<u64> {
    match position {
        Position::Start => Some(0),
        Position::Token(token) => token.parse().ok(),
        Position::Page(_) => None,
    }
}

// DECIDE(end rule): {{rule}} Does the document say something else?
/// Returns a page with the place where the list continues: after the items of this page.
fn continued(mut page: SourcePage, offset: u64) -> SourcePage {
    let items = page.sessions.len() + page.rejected.len();
    let read = offset.saturating_add(items as u64);
    let is_last = page.next == NextPage::End{{or_last}};
    page.next = if is_last {
        NextPage::End
    } else {
        NextPage::Token(read.to_string())
    };
    page
}
";

const LAST_ID: &str = r#"
// DECIDE(end rule): {{rule}} Does the document say something else?
/// Returns a page with the place where the list continues: after its last session.
fn continued(context: &RequestContext<'_>, mut page: SourcePage) -> Result<SourcePage> {
    page.next = match page.sessions.last() {
        _ if page.next == NextPage::End{{or_last}} => NextPage::End,
        Some(session) => NextPage::Token(session.id.as_str().to_owned()),
        None => {
            return Err(context
                .error(ErrorKind::Protocol)
                .with_message("the list continues after a page without a session, and cannot be continued")
                .with_remedy(Remedy::UpdateSpec));
        }
    };
    Ok(page)
}
"#;

const TOKEN_WITH_FLAG: &str = r#"
// DECIDE(end rule): the list ends when `{{flag}}` is false, or at a page that has neither it nor a
// token. Does the document say something else?
/// Returns where the list continues.
fn next_page(
    context: &RequestContext<'_>,
    received: &Received,
    token: Option<String>,
    has_more: Option<bool>,
) -> Result<NextPage> {
    match (token.filter(|token| !token.is_empty()), has_more) {
        (_, Some(false)) | (None, None) => Ok(NextPage::End),
        (Some(token), _) => Ok(NextPage::Token(token)),
        (None, Some(true)) => Err(context
            .response_error(ErrorKind::Protocol, received)
            .with_message("the response says that there are more sessions, and has no token for them")
            .with_remedy(Remedy::UpdateSpec)),
    }
}
"#;

const TOKEN: &str = r"
// DECIDE(end rule): the list ends at a page without a token. Does the document say something else?
/// Returns where the list continues.
fn next_page(token: Option<String>) -> NextPage {
    match token {
        Some(token) if !token.is_empty() => NextPage::Token(token),
        _ => NextPage::End,
    }
}
";

const INNER: &str = r#"
/// Returns the members of an object inside the response; `None` if it is missing or null.
fn inner<'a>(
    context: &RequestContext<'_>,
    received: &Received,
    root: &Members<'a>,
    name: &str,
) -> Result<Option<Members<'a>>> {
    let wrong = |error: serde_json::Error| context.type_error(received, &format!("/{name}"), &error);
    let object: Option<&RawValue> = root.get(name).map_err(wrong)?;
    object.map(|object| Members::of(object.get())).transpose().map_err(wrong)
}
"#;

fn functions(list: &ListOutline) -> String {
    let template = match (&list.paging, &list.has_more) {
        (Paging::Offset { .. }, _) => OFFSET,
        (Paging::LastId { .. }, _) => LAST_ID,
        (Paging::Token { .. }, Some(_)) => TOKEN_WITH_FLAG,
        (Paging::Token { .. }, None) => TOKEN,
        _ => "",
    };
    let flag = list.has_more.as_ref().and_then(|way| way.last());
    let is_offset = matches!(list.paging, Paging::Offset { .. });
    let (rule, or_last) = match (flag, &list.total) {
        (Some(flag), _) => (format!("the list ends when `{}` is false.", flag.json), ""),
        (None, Some(_)) if is_offset => (
            "the list ends at an empty page, or when as many sessions were read as the total claims.".to_owned(),
            " || items == 0 || page.total.is_some_and(|total| read >= total)",
        ),
        (None, _) if is_offset => ("the list ends at an empty page.".to_owned(), " || items == 0"),
        (None, _) => (
            "the list ends at an empty page.".to_owned(),
            " || page.sessions.is_empty() && page.rejected.is_empty()",
        ),
    };
    let mut text = template
        .replace("{{rule}}", &rule)
        .replace("{{or_last}}", or_last)
        .replace("{{flag}}", flag.map_or("", |flag| &flag.json));
    let ways = controls(list)
        .into_iter()
        .map(|(_, way, _)| way.len())
        .chain([list.items.len()]);
    if ways.max() > Some(1) {
        text += INNER;
    }
    text
}
