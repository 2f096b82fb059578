"""Sessions whose fields have other types, other forms or other characters. No field but the id may cost a session."""

import json

from providers import to_bytes
from scenario import EITHER, LLAMA, LOST, MEMORIES, OK, listing

#: Values of every JSON type, as text, because Python cannot write all of them.
VALUES = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1.5",
    "5.0",
    "1e2",
    "1e400",
    "-1e400",
    "1e-400",
    "9" * 400,
    "18446744073709551616",
    '""',
    '" "',
    '"text"',
    '"5"',
    '"null"',
    '"2026-04-22"',
    '"\\ud83d"',
    '"\\udc00\\ud800"',
    '"\\u0000"',
    "[]",
    "[null]",
    "[[[]]]",
    '["a", 1, null]',
    "{}",
    '{"a": {"b": []}}',
    '{"session_id": "x"}',
    "[" * 60 + "]" * 60,
]
LLAMA_FIELDS = ["last_updated_at", "generated_title", "index_ids", "job_metadata", "shared_access", "other"]
RUN_FIELDS = "duration_ms error export_config_ids is_error total_input_tokens total_output_tokens turns other".split()
MEMORIES_FIELDS = ["title", "video_no", "created_time", "other"]


def raw_page(x, items):
    """A page of items as texts, because some of their values are no Python values."""
    page = x.provider.page([x.provider.item(0)])
    if x.provider.name == "memories-ai":
        page = x.provider.page([x.provider.item(0)], size=max(len(items), 1), total=str(len(items)))
    marker = to_bytes(x.provider.item(0)).decode()
    return to_bytes(page).decode().replace(marker, ", ".join(items)).encode()


def with_raw(item, name, value):
    """An item as text, with one field whose value is given as text."""
    item = {key: kept for key, kept in item.items() if key != name}
    kept = json.dumps(item)[1:-1]
    return f"{{{kept}{', ' if kept else ''}{json.dumps(name)}: {value}}}"


def one_page(x, items, numbers):
    """Answers the first page with the items, which have the numbers from 1, and any other with an empty page."""
    numbered = x.provider.name == "memories-ai"
    more = {"page": x.place() + 1, "size": max(len(items), 1), "total": str(len(items))} if numbered else {}
    if x.place() > 0:
        x.send(x.provider.page([], **more))
        return
    ids = {x.provider.session_id(number) for number in numbers}
    x.server.sent |= ids
    x.server.delivered |= ids
    x.send(raw_page(x, items))


def every_value(
    name, fields, providers, item=lambda x, number, field, value: with_raw(x.provider.item(number), field, value)
):
    for field in fields:

        def send(x, field=field):
            items = [item(x, number, field, value) for number, value in enumerate(VALUES, 1)]
            one_page(x, items, range(1, len(VALUES) + 1))

        listing(f"{name} `{field}` in every type", OK, providers)(send)


every_value("the field", LLAMA_FIELDS, LLAMA)
every_value("the field", MEMORIES_FIELDS, MEMORIES)
every_value(
    "the field of the run",
    RUN_FIELDS,
    LLAMA,
    lambda x, number, field, value: with_raw(
        x.provider.item(number), "job_metadata", with_raw({"turns": 1}, field, value)
    ),
)


def ids_of(name, values, expected, providers=("memories-ai", "llama-cloud")):
    """One good session, then sessions whose ids have the given texts as values."""

    def send(x):
        field = x.provider.id_field
        items = [json.dumps(x.provider.item(1))] + [
            with_raw(x.provider.item(number), field, value) for number, value in enumerate(values, 2)
        ]
        one_page(x, items, [1])

    listing(f"ids that are {name}", expected, providers, compares_ids=False)(send)


ids_of("null", ["null"], LOST)
ids_of("objects", ["{}", '{"x": 1}'], LOST)
ids_of("lists", ["[]", '["ses-1"]'], LOST)
ids_of("true and false", ["true", "false"], LOST)
ids_of("empty", ['""'], LOST)
ids_of("spaces", ['"   "'], EITHER)
ids_of("numbers", ["702135219382493013", "18446744073709551616", "7"], EITHER)
ids_of("fractions", ["1.5", "1e400", "-1"], EITHER)
ids_of("halves of surrogate pairs", ['"ses-\\ud83d"', '"\\udc00"'], EITHER)
ids_of("control characters", ['"a\\u001b]0;x\\u0007b"', '"a\\tb"', '"a\\nb"', '"\\u0000"'], EITHER)
ids_of("bidi overrides", ['"a\\u202eb"'], EITHER)
ids_of("100 kB long", [json.dumps("a" * 100_000)], EITHER)
ids_of("paths", ['"../../etc/passwd"', '"a/b?c#d"'], EITHER)
ids_of("in digits of another script", ['"٧٠٢١٣٥٢١٩٣٨٢٤٩٣٠١٣"', '"７０２"'], EITHER)
ids_of("beyond 64 bits", ['"99999999999999999999999999999"', '"-5"', '"007"'], EITHER)


@listing("sessions without an id", LOST)
def without_id(x):
    item = x.provider.item(2)
    del item[x.provider.id_field]
    one_page(x, [json.dumps(x.provider.item(1)), json.dumps(item), "{}"], [1])


@listing("the id twice in one session", EITHER, compares_ids=False)
def id_twice(x):
    field = x.provider.id_field
    item = json.dumps(x.provider.item(1))[:-1] + f', "{field}": "{x.provider.session_id(2)}"}}'
    x.server.sent.add(x.provider.session_id(2))
    one_page(x, [item], [1])


@listing("the title twice in one session", OK)
def title_twice(x):
    items = [json.dumps(x.provider.item(n))[:-1] + ', "title": "b", "generated_title": 5, "title": 1}' for n in (1, 2)]
    one_page(x, items, [1, 2])


@listing("everything but the id is null", OK)
def all_null(x):
    items = [
        {**{name: None for name in x.provider.item(n)}, x.provider.id_field: x.provider.session_id(n)} for n in (1, 2)
    ]
    one_page(x, [json.dumps(item) for item in items], [1, 2])


@listing("sessions with an id and nothing else", OK)
def only_id(x):
    one_page(x, [json.dumps({x.provider.id_field: x.provider.session_id(n)}) for n in (1, 2)], [1, 2])


@listing("names that programming languages reserve", OK)
def odd_names(x):
    names = {
        "__proto__": {"a": 1},
        "constructor": 1,
        "": 2,
        " ": 3,
        "Session_Id": "x",
        "SESSIONID": "y",
        "id": 4,
        "type": 5,
    }
    one_page(x, [json.dumps({**x.provider.item(n), **names}) for n in (1, 2)], [1, 2])


@listing("a session with ten thousand unknown fields", OK)
def many_fields(x):
    more = {f"field_{n}": n for n in range(10_000)}
    one_page(x, [json.dumps({**x.provider.item(1), **more}), json.dumps(x.provider.item(2))], [1, 2])


@listing("an unknown field of 4 MiB", OK)
def long_field(x):
    one_page(x, [json.dumps({**x.provider.item(1), "more": "a" * (4 << 20)}), json.dumps(x.provider.item(2))], [1, 2])


# The table's spelling of the id, which no known answer has.


@listing("the id as the table spells it", OK, providers=MEMORIES)
def table_spelling(x):
    one_page(x, [json.dumps({"session_id": x.provider.session_id(n), "title": "t"}) for n in (1, 2)], [1, 2])


@listing("both spellings of the id, equal", OK, providers=MEMORIES)
def both_spellings(x):
    one_page(x, [json.dumps({**x.provider.item(n), "session_id": x.provider.session_id(n)}) for n in (1, 2)], [1, 2])


@listing("both spellings of the id, one of them null", OK, providers=MEMORIES)
def one_null(x):
    one_page(x, [json.dumps({"sessionId": None, "session_id": x.provider.session_id(n)}) for n in (1, 2)], [1, 2])


# Times and titles.

TIMES = [
    "0000-00-00T00:00:00",
    "0001-01-01",
    "9999-12-31T23:59:59Z",
    "+12026-04-22T12:00:00Z",
    "-0001-04-22T12:00:00Z",
    "2026-02-30T12:00:00",
    "2026-04-22T24:00:00",
    "2026-04-22T23:59:60Z",
    "2026-04-22T12:34:41+99:99",
    "2026-04-22 12:34",
    "2026-04-22T12:34:41.123456789012345678",
    "yesterday",
    "1776861281",
    "1776861281000",
    "Wed, 22 Apr 2026 12:34:41 GMT",
    "2026-W17-3",
    "2026-112",
    "22/04/2026",
    "12:34:41",
    "T",
    "Z",
    "2026-04-22T12:34:41z",
    "２０２６-04-22T12:34:41",
    "",
    " ",
    "2026-04-22T12:34:41[Europe/Berlin]",
    "2026-04-22T12:34:41.Z",
    "99999999999999999999-01-01",
]


@listing("times in every form", OK)
def times(x):
    name = "created_time" if x.provider.name == "memories-ai" else "last_updated_at"
    items = [json.dumps({**x.provider.item(number), name: time}) for number, time in enumerate(TIMES, 1)]
    one_page(x, items, range(1, len(TIMES) + 1))


TITLES = [
    "a\tb",
    "a\nb",
    "a\r\nb",
    "a\rb",
    "\x00",
    "\x1b[31mred\x1b[0m",
    "a\x1b]0;title\x07b",
    "\x1bP1;2q\x1b\\",
    "\x07\x08\x0b\x0c",
    "\x7f",
    "\x9b31m",
    "\x85",
    "a\u2028b\u2029c",
    "\u202eevil\u202c",
    "\u2066a\u2069",
    "\u200b\u200d\ufeff",
    "\ufffe\uffff",
    "\U000e0041\U000e0042",
    "e" + "\u0301" * 500,
    "👩‍👩‍👧‍👦",
    "שלום",
    "مرحبا",
    "漢字",
    "=1+2",
    "+cmd|' /C calc'!A0",
    "-1",
    "@SUM(A1)",
    '"',
    '""',
    '","',
    "'",
    "\\",
    "\\n",
    "\\u0041",
    "%s%n",
    "{}",
    "${HOME}",
    "`id`",
    "<b>",
    "&amp;",
    "a" * 1_000_000,
    " ",
    "",
]


@listing("titles with every kind of character", OK)
def titles(x):
    name = "title" if x.provider.name == "memories-ai" else "generated_title"
    items = [json.dumps({**x.provider.item(number), name: title}) for number, title in enumerate(TITLES, 1)]
    one_page(x, items, range(1, len(TITLES) + 1))


@listing("titles with halves of surrogate pairs", OK)
def halves(x):
    name = "title" if x.provider.name == "memories-ai" else "generated_title"
    texts = [
        '"cut \\ud83d"',
        '"\\udc00"',
        '"\\ude00\\ud83d"',
        '"\\ud83d\\u0041"',
        '"\\ud83d\\ud83d\\ude00"',
        '"a\\uDFFFb"',
    ]
    items = [with_raw(x.provider.item(number), name, text) for number, text in enumerate(texts, 1)]
    one_page(x, items, range(1, len(texts) + 1))


@listing("titles of invalid UTF-8", EITHER)
def invalid_utf8(x):
    name = "title" if x.provider.name == "memories-ai" else "generated_title"
    x.server.sent |= {x.provider.session_id(1), x.provider.session_id(2)}
    page = raw_page(x, [with_raw(x.provider.item(1), name, '"@"'), json.dumps(x.provider.item(2))])
    x.send(page.replace(b'"@"', b'"\xff\xfe\xc0\xaf\xed\xa0\x80"') if x.place() == 0 else x.provider.page([]))
