"""Reads every LlamaCloud session of the sandbox with the official SDK, and prints its events.

Usage: sdk.py   (with the environment variables that the sandbox prints)

It prints one line of JSON for each session on standard output, in the order of the lists, with sorted keys: {"events",
"project", "session_id"}. It exits with 0 if the SDK reads from every session what the sandbox holds, otherwise with 1
after printing the first differences on standard error.
"""

import json
import os
import sys
import urllib.parse
import urllib.request

import llama_cloud


def held(project, session_id):
    """The events in the sandbox, from its control routes."""
    query = urllib.parse.urlencode({"provider": "llama-cloud", "scope": project, "id": session_id})
    url = f"{os.environ['LLAMA_CLOUD_BASE_URL']}/__sandbox/conversation?{query}"
    with urllib.request.urlopen(url, timeout=60) as response:
        return json.load(response)


def text(value):
    return json.dumps(value, sort_keys=True, allow_nan=False)


def as_sent(event):
    """The JSON of one event. The SDK keeps fields that it does not know, and those it does not set are left out.

    It takes an event of an unknown type for a `stop`, and one without a type for a text; their fields stay.
    """
    return event.to_dict(mode="json", use_api_names=True, exclude_unset=True, warnings=False)


def differences(client, project):
    """Prints the sessions of one project, and returns what differs."""
    found = []
    for listed in client.chat.list(project_id=project):
        session = client.chat.retrieve(listed.session_id, project_id=project)
        events = [as_sent(event) for event in session.events]
        print(text({"project": project, "session_id": session.session_id, "events": events}))
        expected = held(project, session.session_id)
        if text(events) != text(expected):
            pairs = zip(map(text, events), map(text, expected))
            first = next((pair for pair in pairs if pair[0] != pair[1]), (len(events), len(expected)))
            found.append(f"{session.session_id}: the SDK reads {first[0]!s:.300}, the sandbox holds {first[1]!s:.300}")
        summary = client.chat.get_summary(listed.session_id, project_id=project)
        for name, other in [("list", listed), ("summary", summary)]:
            fields = session.to_dict(warnings=False)
            if other.to_dict() != {name: value for name, value in fields.items() if name != "events"}:
                found.append(f"{session.session_id}: the {name} disagrees with the detail")
    return found


def main():
    client = llama_cloud.LlamaCloud(
        api_key=os.environ["LLAMA_CLOUD_API_KEY"], base_url=os.environ["LLAMA_CLOUD_BASE_URL"]
    )
    found = [line for project in client.projects.list() for line in differences(client, project.id)]
    if found:
        print("\n".join(found[:20]), file=sys.stderr)
        print(f"{len(found)} difference(s)", file=sys.stderr)
        return 1
    print(f"the SDK {llama_cloud.__version__} reads every event that the sandbox holds", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
