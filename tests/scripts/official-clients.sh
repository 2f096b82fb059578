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

scratch=$(mktemp -d)
sandbox=
trap 'if [ -n "$sandbox" ]; then kill "$sandbox" 2>/dev/null || true; fi; rm -rf "$scratch"' EXIT

python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check --upgrade llama-cloud

# Builds first, so that the loop below does not wait for the compiler.
cargo build --quiet -p chat-sessions-sandbox -p chat-sessions-cli
cargo run --quiet -p chat-sessions-sandbox >"$scratch/environment" &
sandbox=$!
for _ in $(seq 100); do
  if grep -q LLAMA_CLOUD_BASE_URL "$scratch/environment"; then break; fi
  sleep 0.1
done
if ! grep -q LLAMA_CLOUD_BASE_URL "$scratch/environment"; then
  echo "the sandbox did not start within ten seconds" >&2
  exit 1
fi

# The sandbox prints `export` lines for both providers. The caller's own settings must not interfere.
unset MEMORIES_API_KEY MEMORIES_AI_UNIQUE_ID MEMORIES_AI_API_KEY_FILE LLAMA_PARSE_API_KEY LLAMA_CLOUD_API_KEY_FILE \
  LLAMA_CLOUD_PROJECT_ID LLAMA_CLOUD_ORGANIZATION_ID CHAT_SESSIONS_CONFIG CHAT_SESSIONS_LOG
# shellcheck source=/dev/null
. "$scratch/environment"
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

"$scratch/venv/bin/python" tests/scripts/official-clients.py \
  cargo run --quiet -p chat-sessions-cli -- list --all -o json
