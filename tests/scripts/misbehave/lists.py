"""Lists whose pages contradict each other: tokens, totals, repeats, and sessions that move."""

import json

from scenario import EITHER, LLAMA, LOST, MEMORIES, OK, Expected, fails, fails_or_ok, listing

# Tokens.


def tokens(name, expected, token_after):
    """Endless tokens; `token_after` names the token of the n-th request, and every page has a new session."""

    def send(x):
        n = x.number
        x.deliver(x.provider.page([x.provider.item(n + 1)], token_after(x, n)))

    listing(name, expected, LLAMA)(send)


tokens("the same token for ever", Expected(lost=True), lambda x, n: x.token("same"))
tokens("tokens in a circle of two", Expected(lost=True), lambda x, n: x.token(f"c{n % 2}"))
tokens("tokens in a circle of three", Expected(lost=True), lambda x, n: x.token(f"c{n % 3}"))
tokens("tokens in a circle of fifty", Expected(lost=True), lambda x, n: x.token(f"c{n % 50}"))


@listing("empty pages with new tokens for ever", fails(7), LLAMA)
def empty_for_ever(x):
    x.send(x.provider.page([], x.token(f"n{x.number}")))


@listing("the same page with new tokens for ever", LOST, LLAMA)
def repeats_for_ever(x):
    x.deliver(x.provider.page([x.provider.item(1)], x.token(f"n{x.number}")))


@listing("empty pages with a token between the others", OK, LLAMA)
def empty_between(x):
    place = x.place()
    items = [] if place % 2 == 0 else [x.provider.item(place)]
    x.deliver(x.provider.page(items, x.token(place + 1) if place < 7 else None))


@listing("an empty page at the end", OK, LLAMA)
def empty_at_the_end(x):
    place = x.place()
    x.deliver(x.provider.page([x.provider.item(1)] if place == 0 else [], x.token(1) if place == 0 else None))


for value in (None, ""):

    @listing(f"the last token is {value!r}", OK, LLAMA)
    def last_token(x, value=value):
        x.deliver({**x.provider.page([x.provider.item(1)]), "next_page_token": value})


for value in (0, 1, 1.5, True, False, [], ["t"], {}, {"t": 1}):

    @listing(f"the token is {value!r} of another type", EITHER, LLAMA)
    def typed_token(x, value=value):
        page = {**x.provider.page([x.provider.item(1)]), "next_page_token": value}
        x.note(page)
        x.send(page)


for name, token in {
    "spaces": "   ",
    "a line feed": "a\nb",
    "NUL": "a\x00b",
    "text that URLs escape": "a b&c=d#e%f+g/?ä漢",
    "100 kB": "t" * 100_000,
}.items():

    @listing(f"a token of {name}", EITHER, LLAMA)
    def odd_token(x, token=token):
        last = x.query.get("page_token") == token
        page = x.provider.page([x.provider.item(2 if last else 1)], None if last else token)
        x.note(page)
        x.send(page)


@listing("half a surrogate pair in a token", EITHER, LLAMA)
def half_token(x):
    page = x.provider.page([x.provider.item(x.number + 1)])
    x.note(page)
    x.send(b'{"next_page_token": "t\\ud83d", ' + json.dumps(page).encode()[1:])


@listing("a token that is refused", LOST, LLAMA)
def refused_token(x):
    if x.place() == 0:
        x.good()
    else:
        x.fail(400, "the page token is not valid any more")


# Totals.


def totals(name, expected, total_of):
    def send(x):
        place = x.place()
        page = x.good_page(place)
        page["data"]["total_count"] = total_of(place)
        x.deliver(page)

    listing(f"the total is {name}", expected, MEMORIES)(send)


totals("a number", OK, lambda place: 5)
totals("a text of digits", OK, lambda place: "5")
totals("a fraction that is whole", OK, lambda place: 5.0)
totals("less than the list", OK, lambda place: "2")
totals("zero", OK, lambda place: "0")
totals("different on each page, rising", EITHER, lambda place: str(5 + place))
# The empty page after the last ends such a list after a few more requests.
totals("more than the list", fails_or_ok(3, 7), lambda place: "500")
for value in (None, "", "many", "5 sessions", -1, "-5", 1.5, "1e400", True, [], {}, "99999999999999999999999", 2**70):
    totals(f"{value!r}", EITHER, lambda place, value=value: value)


@listing("no total at all", EITHER, MEMORIES)
def no_total(x):
    page = x.good_page(x.place())
    del page["data"]["total_count"]
    x.deliver(page)


@listing("the total falls while the list is read", EITHER, MEMORIES)
def falling_total(x):
    page = x.good_page(x.place())
    page["data"]["total_count"] = str(5 - min(x.number, 4))
    x.deliver(page)


def claims(name, expected, **fields):
    def send(x):
        page = x.good_page(x.place())
        page["data"].update(fields)
        x.deliver(page)

    listing(f"the page says {name}", expected, MEMORIES)(send)


claims("a size of 0", EITHER, page_size=0)
claims("a negative size", EITHER, page_size=-2)
claims("a huge size", EITHER, page_size=2**40)
claims("a size in words", EITHER, page_size="two")
claims("no size", EITHER, page_size=None)
claims("page 1 always", EITHER, current_page=1)
claims("page 0 always", EITHER, current_page=0)
claims("page 999 always", EITHER, current_page=999)
claims("a page in words", EITHER, current_page="first")
claims("one page only", EITHER, total_pages=1)
claims("a million pages", EITHER, total_pages=1_000_000)


# Repeats and moves.


@listing("the page number is ignored", fails_or_ok(3, 7), MEMORIES)
def ignores_the_number(x):
    x.deliver(x.provider.page([x.provider.item(1), x.provider.item(2)], page=1, size=2, total="2"))


@listing("the page number is ignored and the total claims more", EITHER, MEMORIES)
def ignores_the_number_and_claims(x):
    x.deliver(x.provider.page([x.provider.item(1), x.provider.item(2)], page=1, size=2, total="9"))


@listing("a page repeats the one before", EITHER, MEMORIES)
def repeats_once(x):
    x.deliver(x.good_page([0, 0, 1, 2][min(x.place(), 3)]))


@listing("a session twice on one page", EITHER)
def twice_on_a_page(x):
    if x.provider.name == "llama-cloud":
        x.deliver(x.provider.page([x.provider.item(n) for n in (1, 1, 2)]))
    else:
        numbers = (1, 1, 2) if x.place() == 0 else ()
        x.deliver(x.provider.page([x.provider.item(n) for n in numbers], page=x.place() + 1, size=3, total="3"))


@listing("a session on two pages", EITHER)
def twice_on_pages(x):
    page = x.good_page(x.place())
    if x.place() == 1:
        x.provider.items_of(page)[0] = x.provider.item(2)
    x.deliver(page)


@listing("sessions are created while the list is read", EITHER)
def growing(x):
    # Each request finds one more session at the front, which moves the others back.
    if x.provider.name == "llama-cloud":
        x.good()
        return
    numbers = list(range(10 - x.number, 19))
    start = x.place() * 3
    x.deliver(
        x.provider.page([x.provider.item(n) for n in numbers[start : start + 3]], x.place() + 1, 3, str(len(numbers)))
    )


@listing("sessions are deleted while the list is read", EITHER, MEMORIES)
def shrinking(x):
    numbers = list(range(1, 13))
    del numbers[: min(x.number, 4)]
    start = x.place() * 3
    x.deliver(
        x.provider.page([x.provider.item(n) for n in numbers[start : start + 3]], x.place() + 1, 3, str(len(numbers)))
    )


@listing("the list is empty after its first page", EITHER, MEMORIES)
def vanishes(x):
    x.deliver(x.good_page(0) if x.number == 0 else x.provider.page([], x.place() + 1, 2, "0"))


@listing("an empty page between the others", EITHER, MEMORIES)
def hole(x):
    place = x.place()
    x.deliver(x.provider.page([], place + 1) if place == 1 else x.good_page(place if place == 0 else place - 1))


@listing("no data after the first page", EITHER, MEMORIES)
def null_after(x):
    if x.place() == 0:
        x.good()
    else:
        x.send({"code": "0000", "msg": "success", "data": None, "success": True, "failed": False})


@listing("oldest first", EITHER, MEMORIES)
def ascending(x):
    page = x.good_page(x.place())
    page["data"]["sessions"].reverse()
    x.deliver(page)


@listing("ids that are no snowflakes", EITHER, MEMORIES)
def plain_ids(x):
    page = x.good_page(x.place())
    for item in page["data"]["sessions"]:
        item["sessionId"] = f"session-{item['sessionId'][-6:]}"
    x.deliver(page)


@listing("an empty list", OK)
def empty(x):
    x.deliver(x.provider.page([], total="0") if x.provider.name == "memories-ai" else x.provider.page([]))


@listing("a page of 5,000 sessions", OK)
def large_page(x):
    items = [x.provider.item(n) for n in range(1, 5001)]
    if x.provider.name == "llama-cloud":
        x.deliver(x.provider.page(items))
    else:
        x.deliver(x.provider.page(items if x.place() == 0 else [], x.place() + 1, 5000, "5000"))


@listing("a list without end, cut after five pages", Expected(ok=True), arguments=("--max-pages", "5"), limited=True)
def endless(x):
    place = x.place()
    items = [x.provider.item(2 * place + 1), x.provider.item(2 * place + 2)]
    if x.provider.name == "llama-cloud":
        x.deliver(x.provider.page(items, x.token(place + 1)))
    else:
        x.deliver(x.provider.page(items, place + 1, 2, "99999"))
