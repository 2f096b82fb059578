"""Bodies that are no JSON, JSON that is no page, and bytes in other encodings."""

import gzip
import json
import zlib

from fields import one_page
from providers import to_bytes
from scenario import EITHER, LLAMA, LOST, MEMORIES, OK, fails, fails_or_ok, listing, response

HTML = b"<!DOCTYPE html><html><body><h1>Please log in</h1></body></html>"

for name, body in {
    "nothing": b"",
    "spaces": b"  \r\n\t ",
    "null": b"null",
    "true": b"true",
    "a number": b"42",
    "a text": b'"items"',
    "a list": b"[]",
    "a list of objects": b'[{"session_id": "ses-1"}]',
    "an object without members": b"{}",
    "an object with other members": b'{"status": "ok", "result": []}',
    "HTML": HTML,
    "XML": b'<?xml version="1.0"?><items/>',
    "plain text": b"OK",
    "a form": b"items=&next_page_token=",
    "an event stream": b'data: {"items": []}\n\n',
    "NUL bytes": b"\x00" * 64,
    "all bytes": bytes(range(256)),
    "half of some JSON": b'{"items": [{"session_id": "ses-1", "last_upd',
    "half a text": b'{"items": [{"session_id": "ses-',
    "half a surrogate escape": b'{"items": [{"session_id": "ses-\\ud8',
    "JSON with a comma too many": b'{"items": [],}',
    "JSON with comments": b'{"items": [] /* none */}',
    "JSON in single quotes": b"{'items': []}",
    "NaN": b'{"items": [], "data": NaN}',
    "Infinity": b'{"items": Infinity}',
    "two documents": b'{"items": []}{"items": []}',
    "JSON lines": b'{"items": []}\n{"items": []}\n',
    "a JSON security prefix": b')]}\',\n{"items": []}',
    "a raw line feed in a text": b'{"items": [{"session_id": "ses\n1"}]}',
    "brackets to a depth of a million": b"[" * 1_000_000,
    "objects to a depth of 200,000": b'{"a":' * 200_000,
}.items():

    def body_of(x, body=body):
        x.send(body)

    # An empty Memories.ai envelope, and a LlamaCloud page without items, are no pages either.
    response(f"200 with {name}", 1, 6, 7)(body_of)


def wrapped(name, wrap, expected, headers=(), kind="application/json", providers=("memories-ai", "llama-cloud")):
    """A good page whose bytes are changed on the way."""

    def send(x):
        page = x.good_page(x.place())
        found = x.note(page)
        if expected is OK:
            x.server.delivered |= found
        x.send(wrap(to_bytes(page)), headers=headers, kind=kind)

    listing(f"a page {name}", expected, providers)(send)


def raw_deflate(body):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


wrapped("with a byte order mark", lambda body: b"\xef\xbb\xbf" + body, fails_or_ok(6, 7))
wrapped("in UTF-16 with a byte order mark", lambda body: body.decode().encode("utf-16"), fails_or_ok(6, 7))
wrapped("in UTF-16, little end first", lambda body: body.decode().encode("utf-16-le"), fails_or_ok(6, 7))
wrapped("in UTF-16, big end first", lambda body: body.decode().encode("utf-16-be"), fails_or_ok(6, 7))
wrapped("in UTF-32", lambda body: body.decode().encode("utf-32"), fails_or_ok(6, 7))
wrapped("that claims UTF-16 and is UTF-8", bytes, EITHER, kind="application/json; charset=utf-16")
wrapped("compressed with gzip, unrequested", gzip.compress, fails_or_ok(6, 7), headers=("content-encoding: gzip",))
wrapped("compressed with gzip, unannounced", gzip.compress, fails_or_ok(6, 7))
wrapped(
    "compressed with deflate, unrequested", zlib.compress, fails_or_ok(6, 7), headers=("content-encoding: deflate",)
)
wrapped("compressed with raw deflate", raw_deflate, fails_or_ok(6, 7), headers=("content-encoding: deflate",))
wrapped("that claims gzip and is plain", bytes, EITHER, headers=("content-encoding: gzip",))
wrapped("that claims Brotli and is plain", bytes, EITHER, headers=("content-encoding: br",))
wrapped("that claims an unknown encoding", bytes, EITHER, headers=("content-encoding: rot13",))
wrapped("that claims identity", bytes, EITHER, headers=("content-encoding: identity",))
wrapped(
    "whose gzip is cut", lambda body: gzip.compress(body)[:-12], fails_or_ok(6, 7), headers=("content-encoding: gzip",)
)
wrapped("that is called HTML", bytes, EITHER, kind="text/html")
wrapped("that is called text", bytes, EITHER, kind="text/plain")
wrapped("whose content type is nonsense", bytes, EITHER, kind=";;;/")
wrapped("between spaces", lambda body: b" \r\n\t" * 1000 + body + b"\n" * 1000, OK)
wrapped("after a megabyte of spaces", lambda body: b" " * (1 << 20) + body, OK)
wrapped("followed by a word", lambda body: body + b" done", fails_or_ok(6, 7))
wrapped("twice", lambda body: body + body, fails_or_ok(6, 7))
wrapped("with an unknown member of 8 MiB", lambda body: body[:-1] + b', "more": "' + b"a" * (8 << 20) + b'"}', OK)
wrapped(
    "with an unknown member nested 100 deep",
    lambda body: body[:-1] + b', "more": ' + b"[" * 100 + b"]" * 100 + b"}",
    OK,
)
wrapped(
    "with an unknown member nested 100,000 deep",
    lambda body: body[:-1] + b', "more": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    EITHER,
)
wrapped("with 1e400 in an unknown member", lambda body: body[:-1] + b', "more": [1e400, -1e400, 1e-400]}', OK)
wrapped("with a number of 10,000 digits", lambda body: body[:-1] + b', "more": ' + b"9" * 10_000 + b"}", OK)
wrapped("with half a surrogate pair in an unknown member", lambda body: body[:-1] + b', "more": "\\udc00"}', OK)
wrapped("with half a surrogate pair in a name", lambda body: body[:-1] + b', "mo\\ud83dre": 1}', OK)
wrapped("with NUL escapes", lambda body: body[:-1] + b', "mo\\u0000re": "\\u0000"}', OK)
wrapped("with an unknown member twice", lambda body: body[:-1] + b', "more": 1, "more": 2}', OK)
wrapped("with invalid UTF-8 in an unknown member", lambda body: body[:-1] + b', "more": "\xff\xfe\xc0\xaf"}', EITHER)
wrapped(
    "with a gzip bomb",
    lambda body: gzip.compress(b" " * (64 << 20) + body),
    fails(6, 7),
    headers=("content-encoding: gzip",),
)


# The page is JSON, but not the page that the documents describe.

VALUES = [None, True, 0, -1, 1.5, "", "text", [], {}, [None], [[]], [1], ["ses-1"], {"a": 1}, {"session_id": "ses-1"}]

for value in VALUES:

    def items_are(x, value=value):
        x.send(x.provider.page(value))

    listed = isinstance(value, list)
    expected = EITHER if listed or value is None else fails(1, 6, 7)
    listing(f"the items are {value!r}", expected)(items_are)

    def data_is(x, value=value):
        x.send({**x.provider.page([]), "data": value})

    # `null` is what a failure has there; an object may be a page without items.
    listing(f"the data is {value!r}", EITHER, providers=MEMORIES)(data_is)


@listing("a page without items", fails(1, 6, 7), providers=LLAMA)
def no_items(x):
    x.send({"next_page_token": None})


@listing("items twice, first the good ones", EITHER, providers=LLAMA)
def items_twice(x):
    page = x.provider.page([x.provider.item(1)])
    x.note(page)
    x.send(to_bytes(page)[:-1] + b', "items": []}')


@listing("items twice, first none", EITHER, providers=LLAMA)
def items_twice_reversed(x):
    page = x.provider.page([x.provider.item(1)])
    x.note(page)
    x.send(b'{"items": [], ' + to_bytes(page)[1:])


@listing("some items are no objects", LOST)
def odd_items(x):
    one_page(x, [json.dumps(item) for item in (x.provider.item(1), None, 7, "ses", [], x.provider.item(2))], [1, 2])


@listing("all items are no objects", fails_or_ok(1, 3, 6, 7))
def only_odd_items(x):
    x.send(x.provider.page([None, 7, "ses", []]))
