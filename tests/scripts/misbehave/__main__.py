"""Drives the built program through a server that misbehaves, and reports what it gets wrong.

The server is written from the providers' documents and from HTTP, without a look at the sandbox or at the clients, so
that a mistake cannot hide on both sides. Each scenario runs twice, one provider alone as JSON, and both together as
TSV with a log, where the other one is healthy; every other one also in another format or with `doctor`. The checks: no
session which the server delivered is lost without a word, the run ends in time, no output holds a key, and the exit
code, `complete` and standard error agree.
"""

import argparse
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import bodies  # noqa: F401 - the modules below register their scenarios
import checks
import connections  # noqa: F401
import echoes  # noqa: F401
import fields  # noqa: F401
import leaks
import lists  # noqa: F401
import statuses  # noqa: F401
from providers import PROVIDERS
from scenario import SCENARIOS


def main():
    parser = argparse.ArgumentParser(prog="misbehave", description=__doc__.split("\n")[0])
    parser.add_argument("program", help="the path of chat-sessions")
    parser.add_argument("--only", default="", metavar="REGEX", help="run only scenarios whose names match")
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1), help="how many runs at a time")
    parser.add_argument("--slack", type=float, default=8.0, metavar="SECONDS", help="added to the time limit of a run")
    parser.add_argument("--list", action="store_true", help="print the names of the scenarios and stop")
    options = parser.parse_args()
    leaks.self_test()
    cases = [
        (scenario, provider)
        for scenario in SCENARIOS
        for provider in PROVIDERS
        if provider.name in scenario.providers and re.search(options.only, f"{provider.name}: {scenario.name}")
    ]
    if options.list:
        print("\n".join(f"{provider.name}: {scenario.name}" for scenario, provider in cases))
        return 0
    began = time.monotonic()
    wrong = runs = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        turns = enumerate(cases)
        for group in pool.map(lambda turn: checks.run_all(options.program, *turn[1], turn[0], options.slack), turns):
            for run in group:
                runs += 1
                if run.faults:
                    wrong += 1
                    print(f"WRONG {run.name}")
                    print("\n".join(f"      {fault}" for fault in dict.fromkeys(run.faults)), flush=True)
    names = len({scenario.name for scenario, _ in cases})
    print(f"{names} scenarios, {runs} runs in {time.monotonic() - began:.0f} s, {wrong} wrong")
    return 1 if wrong or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
