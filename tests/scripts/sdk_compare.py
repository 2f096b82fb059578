"""Compares the events that the official SDK reads with those that the facade reads, session by session.

Usage: sdk_compare.py SDK.ndjson FACADE.ndjson

Each line is a session: {"events", "project", "session_id"}, and from the facade also "parts", the number of parts of
each kind in its transcript, which must follow from the events. It exits with 1 after printing the first differences on
standard error.
"""

import collections
import json
import sys

# What becomes of an event that is neither a text nor a fragment.
OTHER_KINDS = {"user_input": "text", "tool_call": "tool_call", "tool_result": "tool_result", "stop": "end"}


def turns(events):
    """The events turn by turn: `user_input` begins one, `stop` ends one."""
    turn = []
    for event in events:
        if kind(event) == "user_input" and turn:
            yield turn
            turn = []
        turn.append(event)
        if kind(event) == "stop":
            yield turn
            turn = []
    if turn:
        yield turn


def kind(event):
    return event.get("type") if isinstance(event, dict) else None


def expected_parts(events):
    """The number of parts of each kind. Fragments count once for each run, and not at all beside a whole text."""
    parts = collections.Counter()
    for turn in turns(events):
        kinds = [kind(event) for event in turn]
        running = set()
        for event, name in zip(turn, kinds):
            if name in ("text_delta", "thinking_delta"):
                whole = name.removesuffix("_delta")
                if whole not in kinds and whole not in running:
                    running.add(whole)
                    parts[whole] += 1
                continue
            running.clear()
            parts[name if name in ("text", "thinking") else OTHER_KINDS.get(name, "other")] += 1
            if name == "tool_result" and event.get("image_attachment") is not None:
                parts["attachment"] += 1
    return dict(parts)


def text(value):
    return json.dumps(value, sort_keys=True, allow_nan=False)


def sessions(path):
    with open(path, encoding="utf-8") as lines:
        read = [json.loads(line) for line in lines]
    found = {(session["project"], session["session_id"]): session for session in read}
    if len(found) != len(read):
        sys.exit(f"{path}: a session occurs twice")
    return found


def differences(sdk, facade):
    for name, one, other in [("the SDK", sdk, facade), ("the facade", facade, sdk)]:
        yield from (f"{'/'.join(key)}: only {name} reads it" for key in one if key not in other)
    for key in sorted(sdk.keys() & facade.keys()):
        label = "/".join(key)
        theirs, ours = sdk[key]["events"], facade[key]["events"]
        if text(theirs) != text(ours):
            pairs = zip(map(text, theirs), map(text, ours))
            first = next((pair for pair in pairs if pair[0] != pair[1]), (len(theirs), len(ours)))
            yield f"{label}: the SDK reads {first[0]!s:.300}, the facade {first[1]!s:.300}"
        expected = expected_parts(theirs)
        if facade[key]["parts"] != expected:
            yield f"{label}: the events make {text(expected)}, the facade has {text(facade[key]['parts'])}"


def main():
    sdk, facade = map(sessions, sys.argv[1:])
    found = list(differences(sdk, facade))
    if found or not sdk:
        print("\n".join(found[:20]), file=sys.stderr)
        print(f"{len(found)} difference(s) in {len(sdk)} sessions", file=sys.stderr)
        return 1
    events = sum(len(session["events"]) for session in sdk.values())
    print(f"the SDK and the facade read the same {events} events of {len(sdk)} sessions", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
