#!/usr/bin/env bash
# Prints the events of every LlamaCloud session of the sandbox, as the official Python SDK reads them: one
# line of JSON for each session, with the fields project, session_id and events. Reads the same sessions with
# the facade, and compares.
#
# It exits with 1 if the SDK reads anything else than what the sandbox holds, if the facade reads anything
# else than the SDK, or if its transcripts do not have the parts that follow from the events. It needs the
# network for PyPI, so it is not part of the default check. It leaves nothing behind.
#
# Usage: tests/scripts/sdk.sh >EVENTS.ndjson
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/scripts/sandbox.sh

python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check llama-cloud==2.19.0

start_sandbox
"$scratch/venv/bin/python" tests/scripts/sdk.py | tee "$scratch/sdk.ndjson"
cargo run --quiet -p chat-sessions --example transcript_events >"$scratch/facade.ndjson"
python3 tests/scripts/sdk_compare.py "$scratch/sdk.ndjson" "$scratch/facade.ndjson"
