#!/usr/bin/env bash
# Prints the events of every LlamaCloud session of the sandbox, as the official Python SDK reads them: one
# line of JSON for each session, with the fields project, session_id and events.
#
# It exits with 1 if the SDK reads anything else than what the sandbox holds. The lines can be compared with
# those of another client. It needs the network for PyPI, so it is not part of the default check. It leaves
# nothing behind.
#
# Usage: tests/scripts/sdk.sh >EVENTS.ndjson
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/scripts/sandbox.sh

python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check llama-cloud==2.19.0

start_sandbox
"$scratch/venv/bin/python" tests/scripts/sdk.py
