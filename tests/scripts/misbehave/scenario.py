"""The scenarios, and what each of them must lead to.

A response that goes wrong becomes three scenarios: it comes always, only for the second page, or only once. A list
that goes wrong is one scenario.
"""

from dataclasses import dataclass

BOTH = ("memories-ai", "llama-cloud")
MEMORIES, LLAMA = BOTH[:1], BOTH[1:]

#: Everything that the documented exit codes allow for a list that failed.
FAILURES = frozenset({1, 4, 5, 6, 7})


@dataclass
class Expected:
    """What a run must lead to. `codes` holds the exit codes for a failure before the first row."""

    ok: bool = False
    codes: frozenset = frozenset()
    lost: bool = False

    def __str__(self):
        words = ["a complete list"] * self.ok + ["a list that is reported as incomplete"] * self.lost
        if self.codes:
            words.append(f"a failure with exit code {' or '.join(map(str, sorted(self.codes)))}")
        return " or ".join(words)


OK = Expected(ok=True)
LOST = Expected(lost=True)
#: The program may list everything or fail, but must say which.
EITHER = Expected(ok=True, lost=True, codes=FAILURES)


def fails(*codes):
    return Expected(codes=frozenset(codes or FAILURES))


def fails_or_ok(*codes):
    return Expected(ok=True, codes=frozenset(codes or FAILURES))


@dataclass
class Scenario:
    name: str
    behaviour: object
    expected: Expected
    providers: tuple = BOTH
    on_accept: object = None
    arguments: tuple = ()
    #: Titles and unknown fields are printed as they are, so that a key in them reaches standard output.
    prints_titles_of_the_server: bool = False
    #: Ids of other types or with characters that a format escapes are not compared.
    compares_ids: bool = True
    #: `--max-pages` cuts the list: exit code 0, although it is not complete.
    limited: bool = False


SCENARIOS = []


def listing(name, expected, providers=BOTH, **options):
    """Registers a behaviour that answers all requests of a list."""

    def register(behaviour):
        SCENARIOS.append(Scenario(name, behaviour, expected, providers, **options))
        return behaviour

    return register


def response(
    name, *codes, retried=None, lenient=False, providers=BOTH, variants=("always", "second page", "once"), **options
):
    """Registers a behaviour that spoils one response. `retried` says whether a second attempt must follow; None when
    the program decides. `lenient` allows the program to read the response all the same."""

    def register(behaviour):
        def second(x):
            (x.good if x.place() == 0 else lambda: behaviour(x))()

        def once(x):
            (x.good if x.number else lambda: behaviour(x))()

        always = fails(*codes)
        after_retry = {True: OK, False: always, None: fails_or_ok(*codes)}[retried]
        table = {
            "always": (behaviour, always),
            "second page": (second, Expected(lost=True)),
            "once": (once, after_retry),
        }
        for variant in variants:
            run, expected = table[variant]
            expected = EITHER if lenient else expected
            SCENARIOS.append(Scenario(f"{name}, {variant}", run, expected, providers, **options))
        return behaviour

    return register
