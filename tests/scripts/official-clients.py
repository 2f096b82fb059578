"""Compares three lists of the same sessions: from the providers' own clients, from ours, and from the sandbox.

Usage: official-clients.py COMMAND...   (COMMAND prints {"sessions": [{"provider": ..., "id": ...}, ...]})

It reads base URLs and keys from the environment variables that the sandbox prints. It exits with 0 if all ids agree,
otherwise with 1 after printing the first differences. It starts nothing except COMMAND.
"""

import json
import os
import subprocess
import sys
import urllib.parse
import urllib.request
from collections import Counter

import llama_cloud


def llama_cloud_ids(**query):
    """Lists with the official SDK, which requests further pages by itself."""
    client = llama_cloud.LlamaCloud(
        api_key=os.environ["LLAMA_CLOUD_API_KEY"], base_url=os.environ["LLAMA_CLOUD_BASE_URL"]
    )
    # Before 2.18 the resource was `client.beta.chat`; the path on the wire is the same.
    return [session.session_id for session in client.chat.list(**query)]


def memories_ai_ids():
    """Lists with the request from the Memories.ai documentation, page by page until one is empty."""
    headers = {"Authorization": os.environ["MEMORIES_AI_API_KEY"]}
    ids, page = [], 1
    while True:
        params = urllib.parse.urlencode({"page": page, "unique_id": "default"})
        url = f"{os.environ['MEMORIES_AI_BASE_URL']}/serve/api/v1/list_sessions?{params}"
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as response:
            sessions = json.load(response)["data"]["sessions"]
        if not sessions:
            return ids
        ids.extend(session["sessionId"] for session in sessions)
        page += 1


def our_ids(command):
    """Lists with our command, which gives one JSON document for both providers."""
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    ids = {"memories-ai": [], "llama-cloud": []}
    for session in json.loads(printed)["sessions"]:
        ids[session["provider"]].append(session["id"])
    return ids


def held_ids():
    """The sessions in the sandbox's default scopes, from its control routes."""
    url = f"{os.environ['LLAMA_CLOUD_BASE_URL']}/__sandbox/sessions"
    with urllib.request.urlopen(url, timeout=60) as response:
        scopes = json.load(response)["scopes"]
    return {
        scope["provider"]: [session["id"] for session in scope["sessions"]] for scope in scopes if scope["default"]
    }


def differences(name, expected, actual):
    """One line for each id that is missing, too many or there more than once; order is a matter of taste."""
    missing, extra = Counter(expected) - Counter(actual), Counter(actual) - Counter(expected)
    yield from (f"{name}: {id} is missing" for id in missing)
    yield from (f"{name}: {id} is there {count} time(s) too often" for id, count in extra.items())


def main(command):
    held, ours = held_ids(), our_ids(command)
    official = {"llama-cloud": llama_cloud_ids(), "memories-ai": memories_ai_ids()}
    found = []
    for provider, ids in official.items():
        found += differences(f"{provider}, the sandbox against its official client", held[provider], ids)
        found += differences(f"{provider}, the official client against ours", ids, ours[provider])
        if not ids or len(set(ids)) != len(ids):
            found.append(f"{provider}: the official client lists {len(ids)} ids, {len(set(ids))} different ones")
    # The page size does not divide the length of the list, so that the last page is short.
    found += differences("llama-cloud, pages of 7", official["llama-cloud"], llama_cloud_ids(page_size=7))
    if found:
        print("\n".join(found[:20]), file=sys.stderr)
        print(f"{len(found)} difference(s)", file=sys.stderr)
        return 1
    print(
        f"all ids match: {len(official['llama-cloud'])} LlamaCloud sessions by the official SDK {llama_cloud.__version__}, "
        f"{len(official['memories-ai'])} Memories.ai sessions by the documented request"
    )
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
