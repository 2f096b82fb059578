"""Servers that repeat the key, whole, in parts and in other encodings, and servers that send control characters.

A key in a title or in an unknown field is printed as it is, because nobody can tell it from the user's own text; in
everything else it must not appear.
"""

import base64
import html
import re
import urllib.parse

from scenario import EITHER, LLAMA, LOST, MEMORIES, fails, listing, response

#: Ways to write a key. Each gives the server's text.
FORMS = {
    "as it is": lambda key: key,
    "with Bearer": lambda key: f"Bearer {key}",
    "in quotes": lambda key: f"'{key}'",
    "without its first four characters": lambda key: key[4:],
    "without its last four characters": lambda key: key[:-4],
    "without both ends": lambda key: key[3:-3],
    "its middle between stars": lambda key: f"****{key[6:-6]}****",
    "in capitals": lambda key: key.upper(),
    "in hexadecimal": lambda key: key.encode().hex(),
    "in capital hexadecimal": lambda key: key.encode().hex().upper(),
    "in hexadecimal with colons": lambda key: key.encode().hex(":"),
    "in hexadecimal with spaces": lambda key: key.encode().hex(" "),
    "in hexadecimal with 0x": lambda key: " ".join(f"0x{byte:02x}" for byte in key.encode()),
    "as \\x escapes": lambda key: "".join(f"\\x{byte:02x}" for byte in key.encode()),
    "in base64": lambda key: base64.b64encode(key.encode()).decode(),
    "in base64 for URLs": lambda key: base64.urlsafe_b64encode(f"?>{key}".encode()).decode().rstrip("="),
    "in base64 with a name before it": lambda key: base64.b64encode(f"user:{key}".encode()).decode(),
    "escaped for URLs": lambda key: urllib.parse.quote(key, safe=""),
    "escaped for URLs, each character": lambda key: "".join(f"%{byte:02X}" for byte in key.encode()),
    "escaped for URLs twice": lambda key: "".join(f"%25{byte:02X}" for byte in key.encode()),
    "escaped for HTML": html.escape,
    "as HTML numbers": lambda key: "".join(f"&#{byte};" for byte in key.encode()),
    "as hexadecimal HTML numbers": lambda key: "".join(f"&#x{byte:x};" for byte in key.encode()),
    "escaped for JSON": lambda key: "".join(f"\\u{byte:04x}" for byte in key.encode()),
    "escaped for strings in Rust": lambda key: "".join(f"\\u{{{byte:x}}}" for byte in key.encode()),
    "escaped for strings in Python": lambda key: "".join(f"\\U{byte:08x}" for byte in key.encode()),
    "escaped for JSON inside JSON": lambda key: "".join(f"\\\\u{byte:04x}" for byte in key.encode()),
    "escaped for URLs three times": lambda key: "".join(f"%2525{byte:02X}" for byte in key.encode()),
    "escaped for URLs and then for HTML": lambda key: "".join(f"&#37;{byte:02x}" for byte in key.encode()),
    "in decimal": lambda key: ", ".join(str(byte) for byte in key.encode()),
    "with spaces between its characters": " ".join,
    "broken into lines": lambda key: "\r\n".join(key[start : start + 5] for start in range(0, len(key), 5)),
    "with invisible characters": "\u200b".join,
    "in base64 that is broken into lines": lambda key: "\n".join(
        re.findall("..?.?.?.?", base64.b64encode(key.encode()).decode())
    ),
    "in base64 that is escaped for URLs": lambda key: urllib.parse.quote(
        base64.b64encode(b"?" + key.encode()).decode(), safe=""
    ),
    "in a sentence": lambda key: f"The key {key}, sent by you, is not valid.",
    "in a URL": lambda key: f"https://example.com/login?key={key}&next=/",
    "twice, glued": lambda key: key + key,
    "after a letter": lambda key: f"x{key}x",
}

for name, form in FORMS.items():

    def in_a_message(x, form=form):
        x.fail(401, f"not valid: {form(x.key)}")

    response(f"the key {name} in a message", 4, variants=("always",))(in_a_message)

    def in_a_body(x, form=form):
        x.send(f"<html><body>{form(x.key)}</body></html>".encode(), kind="text/html")

    response(f"the key {name} in a page of HTML", 7, variants=("always",))(in_a_body)

    def in_cut_json(x, form=form):
        x.send(f'{{"items": "{form(x.key)}", "data": '.encode())

    response(f"the key {name} in JSON that is cut", 6, 7, variants=("always",))(in_cut_json)


# Page tokens and cookies are secrets as well.

for name, form in FORMS.items():

    def of_a_token(x, form=form):
        if x.place():
            x.fail(400, f"no page after {form(x.query['page_token'])}")
        else:
            x.good()

    listing(f"the page token {name} in a message", LOST, LLAMA)(of_a_token)

    def of_a_cookie(x, form=form):
        cookie = x.cookie()
        x.fail(400, f"no session {form(x.server.cookies[-1])}", headers=(cookie,))

    listing(f"a new cookie {name} in a message", fails(1))(of_a_cookie)


HEADERS = (
    "x-request-id",
    "request-id",
    "x-amzn-requestid",
    "cf-ray",
    "traceparent",
    "www-authenticate",
    "set-cookie",
    "server",
    "via",
    "etag",
    "location",
    "content-location",
    "link",
    "x-powered-by",
    "x-debug",
    "authorization",
    "x-api-key",
    "retry-after",
    "warning",
    "deprecation",
    "content-disposition",
    "content-language",
)


def in_every_header(name, form, status):
    def send(x):
        values = [f"{header}: {form(x.key)}" for header in HEADERS]
        x.fail(status, "no", headers=values) if status != 200 else x.deliver(x.good_page(x.place()), headers=values)

    expected = {200: EITHER, 401: fails(4), 503: fails(6)}[status]
    listing(f"the key {name} in every header of a {status}", expected)(send)


for name in (
    "as it is",
    "without its first four characters",
    "without its last four characters",
    "in base64",
    "in hexadecimal",
):
    for status in (200, 401, 503):
        in_every_header(name, FORMS[name], status)


@response("the key in the reason phrase", 4, variants=("always",))
def reason(x):
    x.fail(401, reason=f"Refused {x.key}")


@response("the key in the content type", 7, variants=("always",))
def content_type(x):
    x.send(b"no", kind=f"text/{x.key}")


@response("the key in the content encoding", 6, 7, variants=("always",))
def content_encoding(x):
    x.send(b"no", headers=(f"content-encoding: {x.key}",))


@response("the key as the name of a header", 4, variants=("always",))
def header_name(x):
    x.fail(401, headers=(f"{x.key}: 1",))


@response("the key as the status line", 6, 7, variants=("always",))
def status_line(x):
    x.raw(f"{x.key}\r\n\r\n")
    x.close()


@response("the key in a chunk size", 6, 7, variants=("always",))
def chunk_size(x):
    x.raw(f"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{x.key}\r\n\r\n")
    x.close()


@response("the key in the provider's code", 1, 4, 6, 7, providers=MEMORIES, variants=("always",))
def code(x):
    x.send({"code": x.key, "msg": "no", "data": None, "success": False, "failed": True})


@response("the key in the envelope's other members", 1, 4, 6, 7, providers=MEMORIES, variants=("always",))
def envelope(x):
    x.send(
        {"code": "0401", "msg": [x.key], "data": {x.key: x.key}, "success": x.key, "failed": {x.key: 1}, x.key: x.key}
    )


@response("the key in every part of a 422", 1, providers=LLAMA, variants=("always",))
def validation(x):
    fault = {"loc": ["query", x.key], "msg": f"{x.key} is wrong", "type": x.key, "input": x.key, "ctx": {x.key: x.key}}
    x.send({"detail": [fault, {"loc": x.key, "msg": {"a": x.key}, "type": [x.key]}]}, 422)


@response("the key as names in a page of another shape", 1, 6, 7, variants=("always",))
def names(x):
    x.send({x.key: {x.key[4:]: 1}, "items": {x.key: 1}, "data": {"sessions": {x.key[:-4]: 1}}})


@listing("the key where an id should be", EITHER, compares_ids=False)
def bad_item(x):
    items = [x.provider.item(1), {x.provider.id_field: {x.key: x.key}, "title": x.key}, {x.key: x.key}, x.key, [x.key]]
    x.send(x.provider.page(items) if x.place() == 0 else x.provider.page([]))


@listing("the key in the page token", EITHER, LLAMA)
def token(x):
    known = x.query.get("page_token")
    x.deliver(x.provider.page([x.provider.item(2 if known else 1)], None if known else f"t-{x.key}"))


@listing("the key in the page token, and then a failure", EITHER, LLAMA)
def token_then_failure(x):
    token = x.query.get("page_token")
    if token:
        x.fail(400, f"unknown token {token}")
    else:
        x.deliver(x.provider.page([x.provider.item(1)], f"t-{x.key}"))


@listing("the key in the totals", EITHER, MEMORIES)
def counts(x):
    page = x.good_page(x.place())
    page["data"].update(total_count=x.key, page_size=x.key, current_page=x.key)
    x.note(page)
    x.send(page)


@listing("the key in titles and unknown fields", EITHER, prints_titles_of_the_server=True)
def title(x):
    page = x.good_page(x.place())
    for item in x.provider.items_of(page):
        item.update({"title": x.key, "generated_title": f"a {x.key[4:]}", "more": {x.key: x.key}})
    x.deliver(page)


@listing("the key as a time and as a type", EITHER, prints_titles_of_the_server=True)
def times(x):
    page = x.good_page(x.place())
    for item in x.provider.items_of(page):
        item.update({"created_time": x.key, "last_updated_at": x.key, "shared_access": x.key, "video_no": x.key})
    x.deliver(page)


# Control characters in what is not a title.

CONTROLS = "\x1b]0;owned\x07\x1b[2J\x08\x0b\r\n\t\x7f\x9b31m\x85\u202eevil\u2066\u2028\u200f\ufeff\x00"


@response("control characters in a message", 1, 4, variants=("always", "second page"))
def controls(x):
    x.fail(403, CONTROLS)


@response("control characters in the provider's code", 1, 4, 6, 7, providers=MEMORIES, variants=("always",))
def controls_in_code(x):
    x.send({"code": CONTROLS, "msg": CONTROLS, "data": None})


@response("control characters in a 422", 1, providers=LLAMA, variants=("always",))
def controls_in_422(x):
    x.send({"detail": [{"loc": ["query", CONTROLS], "msg": CONTROLS, "type": CONTROLS}]}, 422)


@response("control characters in HTML", 7, variants=("always",))
def controls_in_html(x):
    x.send(f"<html>{CONTROLS}</html>".encode(), kind="text/html")


@response("control characters in the names of members", 1, 6, 7, variants=("always",))
def controls_in_names(x):
    x.send({CONTROLS: {CONTROLS: 1}, "items": {CONTROLS: 1}})


@response("bytes beyond ASCII in headers", 4, variants=("always",))
def controls_in_headers(x):
    x.fail(401, headers=("x-request-id: \x80\x9b31m\xff", "server: \x85\xa0"))


@listing("control characters where an id should be", EITHER, compares_ids=False)
def controls_in_items(x):
    items = [x.provider.item(1), {x.provider.id_field: [CONTROLS], CONTROLS: 1}, CONTROLS]
    x.send(x.provider.page(items) if x.place() == 0 else x.provider.page([]))


@response("a message of a megabyte", 4, variants=("always",))
def long_message(x):
    x.fail(403, "no " * 350_000)
