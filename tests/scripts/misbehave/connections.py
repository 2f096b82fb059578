"""Connections that break, stall or speak something else, and responses whose framing is wrong."""

from providers import to_bytes
from scenario import EITHER, OK, fails, fails_or_ok, listing, response

LINES = b"\r\n\r\n"
OK_LINE = b"HTTP/1.1 200 OK\r\n"
JSON_LINE = b"content-type: application/json\r\n"


# Before the request.


@listing("the connection is closed when it opens", fails(6), on_accept=lambda x: True)
def closed_at_once(x):
    """Never called."""


def resets_at_once(x):
    x.reset()


@listing("the connection is reset when it opens", fails(6), on_accept=resets_at_once)
def reset_at_once(x):
    """Never called."""


def speaks_first(x):
    x.raw(b"SSH-2.0-OpenSSH_9.7\r\n")
    x.sleep(1)
    return True


@listing("an SSH banner", fails(6, 7), on_accept=speaks_first)
def ssh(x):
    """Never called."""


def answers_early(x):
    x.raw(OK_LINE + JSON_LINE + b"content-length: 2\r\n\r\n{}")


@listing("a response before the request", fails(6, 7), on_accept=answers_early)
def early(x):
    x.good()


# After the request, before the response.


@response("closed without a response", 6, retried=True)
def closed(x):
    x.close()


@response("reset without a response", 6, retried=True)
def reset(x):
    x.reset()


@response("no response at all", 6, variants=("always", "second page"))
def stalls(x):
    x.sleep(60)


@response("a head that never ends", 6, variants=("always", "second page"))
def drips_the_head(x):
    x.drip(OK_LINE + JSON_LINE + b"x-slow: " + b"a" * 600, 0.1)


@response("half a head, then silence", 6, variants=("always", "second page"))
def stalls_in_the_head(x):
    x.raw(OK_LINE + b"content-ty")
    x.sleep(60)


@response("half a head, then the end", 6, 7)
def cuts_the_head(x):
    x.raw(OK_LINE + b"content-ty")
    x.close()


@response("half a head, then a reset", 6, 7)
def resets_in_the_head(x):
    x.raw(OK_LINE + b"content-ty")
    x.reset()


# In the body.


@response("half a body, then silence", 6, variants=("always", "second page"))
def stalls_in_the_body(x):
    body = x.page_bytes()
    x.raw(x.head(body) + body[: len(body) // 2])
    x.sleep(60)


@response("half a body, then the end", 6, retried=True)
def cuts_the_body(x):
    body = x.page_bytes()
    x.raw(x.head(body) + body[: len(body) // 2])
    x.close()


@response("half a body, then a reset", 6, retried=True)
def resets_in_the_body(x):
    body = x.page_bytes()
    x.raw(x.head(body) + body[: len(body) // 2])
    x.reset()


@response("a body that drips for a minute", 6, variants=("always", "second page"))
def drips_the_body(x):
    body = x.page_bytes() + b" " * 600
    x.raw(x.head(body))
    x.drip(body, 0.1)


@listing("a body that drips for half a second", OK)
def drips_a_little(x):
    page = to_bytes(x.good_page(x.place()))
    x.server.delivered |= x.note(x.good_page(x.place()))
    x.raw(x.head(page))
    x.drip(page, 0.05, size=len(page) // 10 + 1)


@response("spaces without end before the body", 6, 7, variants=("always",))
def endless_spaces(x):
    x.raw(OK_LINE + JSON_LINE + b"transfer-encoding: chunked\r\n\r\n")
    while not x.server.over.is_set():
        x.raw(b"10000\r\n" + b" " * 65536 + b"\r\n")


@response("a body of 40 MiB", 7, variants=("always", "second page"))
def too_large(x):
    body = b" " * (40 << 20) + x.page_bytes()
    x.raw(x.head(body))
    x.raw(body)


@response("a content-length of 40 MiB and nothing else", 6, 7, variants=("always",))
def claims_too_large(x):
    x.raw(OK_LINE + JSON_LINE + b"content-length: 41943040\r\n\r\n")
    x.sleep(60)


# Framing.


def framed(name, head, body, lenient):
    """A response of fixed bytes; `{page}` stands for a good page and `{length}` for its length."""

    def send(x):
        page = x.page_bytes()
        filled = [part.replace(b"{page}", page).replace(b"{length}", str(len(page)).encode()) for part in (head, body)]
        x.raw(filled[0] + LINES + filled[1])
        x.close()

    response(name, 6, 7, lenient=lenient)(send)


PLAIN = OK_LINE + JSON_LINE
CHUNKED = PLAIN + b"transfer-encoding: chunked"
for name, head, body in [
    ("a content-length that is too large", PLAIN + b"content-length: 999999", b"{page}"),
    ("a content-length that is too small", PLAIN + b"content-length: 10", b"{page}"),
    ("a negative content-length", PLAIN + b"content-length: -1", b"{page}"),
    ("a content-length in words", PLAIN + b"content-length: many", b"{page}"),
    ("a content-length beyond 64 bits", PLAIN + b"content-length: 99999999999999999999999", b"{page}"),
    ("two different content-lengths", PLAIN + b"content-length: 10\r\ncontent-length: 20", b"{page}"),
    ("a chunk size that is no number", CHUNKED, b"zz\r\n{page}\r\n0\r\n\r\n"),
    ("a chunk size beyond 64 bits", CHUNKED, b"fffffffffffffffffff\r\n{page}\r\n0\r\n\r\n"),
    ("a negative chunk size", CHUNKED, b"-5\r\n{page}\r\n0\r\n\r\n"),
    ("a chunk without its line end", CHUNKED, b"5\r\nabcdeX0\r\n\r\n"),
    ("no last chunk", CHUNKED, b"5\r\nabcde\r\n"),
    ("half a chunk", CHUNKED, b"fffff\r\n{page}"),
    ("an unknown transfer encoding", PLAIN + b"transfer-encoding: rot13", b"{page}"),
    ("transfer-encoding gzip and chunked", PLAIN + b"transfer-encoding: gzip, chunked", b"5\r\nabcde\r\n0\r\n\r\n"),
    ("a content-length and chunks", CHUNKED + b"\r\ncontent-length: 5", b"{page}"),
    ("bytes that are no HTTP", b"\x00\x01\x02\x03" * 8, b""),
    ("a TLS alert", b"\x15\x03\x03\x00\x02\x02\x28", b""),
    ("an HTTP/2 preface", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x80", b""),
    ("HTTP/0.9", b"{page}", b""),
    ("HTTP/9.9", b"HTTP/9.9 200 OK\r\n" + JSON_LINE + b"content-length: {length}", b"{page}"),
    ("a status of two digits", b"HTTP/1.1 20 OK\r\n" + JSON_LINE + b"content-length: {length}", b"{page}"),
    ("a status of four digits", b"HTTP/1.1 2000 OK\r\n" + JSON_LINE + b"content-length: {length}", b"{page}"),
    ("a status in words", b"HTTP/1.1 fine OK\r\n" + JSON_LINE + b"content-length: {length}", b"{page}"),
    ("a header without a colon", PLAIN + b"nonsense\r\ncontent-length: {length}", b"{page}"),
    ("a header with a space before the colon", PLAIN + b"x-a : b\r\ncontent-length: {length}", b"{page}"),
    ("a header without a name", PLAIN + b": b\r\ncontent-length: {length}", b"{page}"),
    ("a NUL in a header", PLAIN + b"x-a: b\x00c\r\ncontent-length: {length}", b"{page}"),
    ("a bare line feed in the head", PLAIN + b"x-a: b\nx-c: d\r\ncontent-length: {length}", b"{page}"),
    ("a bare carriage return in the head", PLAIN + b"x-a: b\rx-c: d\r\ncontent-length: {length}", b"{page}"),
    ("a folded header", PLAIN + b"x-a: b\r\n c\r\ncontent-length: {length}", b"{page}"),
    ("a header of 100 kB", PLAIN + b"x-a: " + b"b" * 100_000 + b"\r\ncontent-length: {length}", b"{page}"),
    ("a header of 2 MB", PLAIN + b"x-a: " + b"b" * 2_000_000 + b"\r\ncontent-length: {length}", b"{page}"),
    ("a thousand headers", PLAIN + b"x-a: b\r\n" * 1000 + b"content-length: {length}", b"{page}"),
    (
        "a switch to another protocol",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade",
        b"{page}",
    ),
]:
    # What is odd in these is no obstacle to finding the end of the body.
    framed(name, head, body, lenient=name in {
        "an unknown transfer encoding", "a bare line feed in the head", "a header of 100 kB",
    })  # fmt: skip


@response("a head without end", 6, 7, variants=("always",))
def endless_head(x):
    x.raw(OK_LINE)
    while not x.server.over.is_set():
        x.raw(b"x-a: " + b"b" * 60_000 + b"\r\n")


@response("interim responses without end", 6, 7, variants=("always",))
def endless_interim(x):
    while not x.server.over.is_set():
        x.raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
        x.sleep(0.01)


# Unusual, but right: the whole list must come.


def good_but(name, before=b"", after=b"", closes=False, headers=()):
    def send(x):
        x.raw(before)
        x.deliver(x.good_page(x.place()), headers=headers)
        x.raw(after)
        if closes:
            x.close()

    listing(name, OK)(send)


good_but("nothing unusual")
good_but("a connection that closes after each response, unannounced", closes=True)
good_but("a connection that closes after each response, announced", closes=True, headers=("connection: close",))
good_but("100 before the response", before=b"HTTP/1.1 100 Continue\r\n\r\n")
good_but("102 and 103 before the response", before=b"HTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 103 Hints\r\nlink: </a>\r\n\r\n")
good_but("a header that is not ASCII", headers=("x-a: \xe4\xf6\xfc",))
good_but(
    "deprecation and warning headers",
    headers=("deprecation: true", "sunset: Sat, 31 Dec 2022 23:59:59 GMT", 'warning: 299 - "old"'),
)


@listing("a cookie", OK)
def cookie(x):
    x.deliver(x.good_page(x.place()), headers=(x.cookie(),))


@listing("line feeds as line ends", fails_or_ok(6, 7))
def line_feeds(x):
    page = to_bytes(x.good_page(x.place()))
    x.note(x.good_page(x.place()))
    x.raw(x.head(page).replace(b"\r\n", b"\n") + page)


@listing("chunks of one byte with extensions and trailers", OK)
def tiny_chunks(x):
    page = x.good_page(x.place())
    x.server.delivered |= x.note(page)
    body = to_bytes(page)
    chunks = b"".join(b"1;note=b\r\n" + body[at : at + 1] + b"\r\n" for at in range(len(body)))
    x.raw(CHUNKED + LINES + chunks + b"0\r\nx-trailer: end\r\n\r\n")


@listing("no length, then the end", OK)
def no_length(x):
    page = x.good_page(x.place())
    x.server.delivered |= x.note(page)
    x.raw(b"HTTP/1.0 200 OK\r\n" + JSON_LINE + b"\r\n" + to_bytes(page))
    x.close()


# Which of two responses belongs to the second request is a race that HTTP/1.1 cannot decide, so ids are not compared.
@listing("a second response nobody asked for", EITHER, compares_ids=False)
def smuggled(x):
    x.deliver(x.good_page(x.place()))
    body = to_bytes(x.provider.page([x.provider.item(99)]))
    x.raw(x.head(body) + body)
