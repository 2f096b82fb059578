#!/usr/bin/env bash
# Lists the sandbox's sessions as the providers document it and with our command line, and compares
# the ids.
#
# For LlamaCloud it uses the newest official Python SDK, for Memories.ai the HTTP request in its
# documentation. It needs the network for PyPI, so it is not part of the default check. It leaves
# nothing behind.
#
# Usage: tests/scripts/official-clients.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/scripts/sandbox.sh

python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check --upgrade llama-cloud

start_sandbox
"$scratch/venv/bin/python" tests/scripts/official-clients.py \
  cargo run --quiet -p chat-sessions-cli -- list --all -o json
