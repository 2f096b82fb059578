"""Statuses of all kinds, with and without a body, redirects, and every form of Retry-After."""

from scenario import EITHER, MEMORIES, fails_or_ok, listing, response

#: The exit code that the program documents for a status; the others must fail as well.
CODES = {401: (4,), 402: (1,), 403: (4,), 408: (6,), 429: (5,)}
RETRIED = {408, 429, 500, 502, 503, 504}
HTML = b"<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Something</h1></body></html>"


def codes_of(status):
    if status in CODES:
        return CODES[status]
    if 500 <= status <= 599:
        return (6,)
    return (1, 6, 7)


def status_of(status):
    def send(x):
        x.fail(status)

    retried = True if status in RETRIED else None
    variants = ("always", "second page", "once") if status in {401, 404, 429, 500} else ("always",)
    response(f"status {status}", *codes_of(status), retried=retried, variants=variants)(send)


STATUSES = """
201 202 203 204 205 206 207 208 226
300 301 302 303 304 305 307 308 399
400 401 402 403 404 405 406 407 408 409 410 411 412 413 414 415 416 417 418 421 422 423 424 425
426 428 429 431 451 499
500 501 502 503 504 505 506 507 508 510 511 520 522 525 530 598 599
600 799 999
"""

for number in map(int, STATUSES.split()):
    status_of(number)


@listing("status 206 with a good page", EITHER)
def partial(x):
    page = x.good_page(x.place())
    x.note(page)
    x.send(page, 206, headers=("content-range: bytes 0-1/2",))


@listing("status 201 with a good page", EITHER)
def created(x):
    page = x.good_page(x.place())
    x.note(page)
    x.send(page, 201)


def bodied(status, name, body, kind, *codes):
    def send(x):
        x.send(body, status, kind=kind)

    response(f"status {status} with {name}", *codes, variants=("always",))(send)


for status in (401, 404, 429, 500, 502, 503):
    for name, body, kind in [
        ("nothing", b"", "application/json"),
        ("HTML", HTML, "text/html"),
        ("half of some JSON", b'{"detail": "half', "application/json"),
        ("a list", b"[1, 2]", "application/json"),
        ("null", b"null", "application/json"),
        ("bytes", bytes(range(256)), "application/octet-stream"),
        ("a nested error", b'{"error": {"message": {"text": ["no"]}, "code": {"a": 1}}}', "application/json"),
        (
            "other types",
            b'{"detail": {"a": [1]}, "code": 17, "msg": null, "success": "no"}',
            "application/problem+json",
        ),
    ]:
        bodied(status, name, body, kind, *codes_of(status))


bodied(500, "a megabyte of text", b"word " * 200_000, "text/plain", 6)


# Redirects. None may be followed: the key would go with it.


def redirect(status, name, location):
    def send(x):
        if x.query.get("followed") or x.server.memory.setdefault("first", x.query) != x.query:
            x.good()
        else:
            x.fail(status, headers=(f"location: {location.format(port=x.server.port, key=x.key)}",))

    response(f"status {status} to {name}", 7, variants=("always",))(send)


for status in (301, 302, 303, 307, 308):
    redirect(status, "the same server", "http://127.0.0.1:{port}/elsewhere?followed=1")
redirect(302, "a relative place", "?followed=1")
redirect(302, "another host", "http://127.0.0.2:{port}/?followed=1")
redirect(302, "a file", "file:///etc/passwd")
redirect(302, "nowhere", "")
redirect(302, "a place with the key", "http://127.0.0.1:{port}/?followed={key}")


# Retry-After.

WAITS = {
    "now": "0",
    "a second": "1",
    "a fraction": "0.2",
    "two hours": "7200",
    "a minus": "-1",
    "an exponent": "1e3",
    "more than 64 bits": "99999999999999999999999999",
    "a word": "soon",
    "nothing": "",
    "NaN": "NaN",
    "infinity": "inf",
    "a plus": "+1",
    "hexadecimal": "0x1",
    "a date in the past": "Wed, 21 Oct 2015 07:28:00 GMT",
    "a date in the far future": "Fri, 31 Dec 9999 23:59:59 GMT",
    "an impossible date": "Wed, 31 Feb 2026 25:61:61 GMT",
    "an RFC 850 date": "Wednesday, 21-Oct-15 07:28:00 GMT",
    "an asctime date": "Wed Oct 21 07:28:00 2015",
    "two values": "1, 2",
    "a value in quotes": '"1"',
}
for name, value in WAITS.items():

    def wait(x, value=value):
        x.fail(429, headers=(f"retry-after: {value}",))

    short = name in {"now", "a second", "a fraction", "a date in the past", "a word", "nothing"}
    response(f"429 with a Retry-After of {name}", 5, retried=True if short else None, variants=("always", "once"))(wait)


@response("429 with two Retry-After headers", 5, variants=("always", "once"))
def twice(x):
    x.fail(429, headers=("retry-after: 1", "retry-after: 3600"))


@response("429 with retry-after-ms", 5, retried=True, variants=("always", "once"))
def milliseconds(x):
    x.fail(429, headers=("retry-after-ms: 20", "retry-after: 3600"))


@response("429 with an absurd retry-after-ms", 5, variants=("always", "once"))
def absurd_milliseconds(x):
    x.fail(429, headers=("retry-after-ms: 1e300",))


@response("503 with a Retry-After of an hour", 6, variants=("always", "once"))
def unavailable(x):
    x.fail(503, headers=("retry-after: 3600",))


@listing("200 with a Retry-After of an hour", fails_or_ok())
def success_that_waits(x):
    x.deliver(x.good_page(x.place()), headers=("retry-after: 3600",))


# Errors inside HTTP 200, which Memories.ai sends.

INSIDE = {
    "0001": (1, 6, 7), "0003": (1,), "0401": (4,), "0402": (1,), "0403": (4,), "0409": (1,), "0429": (5,), "9009": (4,),
    "1024": (1, 6, 7), "SUCCESS": (1, 6, 7), "": (1, 6, 7), "0": (1, 6, 7), "00000": (1, 6, 7), " 0000": (1, 6, 7),
}  # fmt: skip
for code, exits in INSIDE.items():

    def inside(x, code=code):
        x.send({"code": code, "msg": "no", "data": None, "success": False, "failed": True})

    response(f"200 with the code {code!r}", *exits, providers=MEMORIES)(inside)

for value in (None, 0, 200, 429, 0.5, True, [], {}, ["0000"]):

    def typed(x, value=value):
        x.send({"code": value, "msg": "no", "data": None, "success": False, "failed": True})

    response(f"200 with the code {value!r} of another type", providers=MEMORIES, variants=("always", "second page"))(
        typed
    )


@response("200 with two members and the code 0429", 5, providers=MEMORIES)
def two_members(x):
    x.send({"code": "0429", "msg": "Request has exceeded the limit."})


@response("200 with a passing network fault", 6, providers=MEMORIES, retried=True)
def network_fault(x):
    x.send({"code": "0001", "msg": "The network is abnormal, please try again later", "data": None, "failed": True})


@response("200 with LlamaCloud's error shape", 1, 4, 5, 6, 7)
def detail_inside(x):
    x.send({"detail": "Invalid authentication token"})


def contradiction(name, **fields):
    def send(x):
        page = x.good_page(x.place())
        x.note(page)
        x.send({**page, **fields})

    listing(f"a good page that says {name}", EITHER, providers=MEMORIES)(send)


contradiction("success is false", success=False)
contradiction("failed is true", failed=True)
contradiction("both", success=False, failed=True)
contradiction("neither, in other types", success="no", failed=[1])
contradiction("a failure in its message", msg="Request has exceeded the limit.")
contradiction("nothing in its message", msg=None)
