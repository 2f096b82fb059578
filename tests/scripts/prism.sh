#!/usr/bin/env bash
# Puts a validating proxy between clients and the sandbox: prism compares every request and every
# response with the spec. It needs the network for npm, so it is not part of the default check. It
# leaves nothing behind.
#
# Usage: tests/scripts/prism.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/scripts/sandbox.sh

npm install --prefix "$scratch" --silent --no-audit --no-fund @stoplight/prism-cli

start_sandbox
for provider in memories-ai llama-cloud; do
  port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
  "$scratch/node_modules/.bin/prism" proxy "specs/$provider.yaml" "$LLAMA_CLOUD_BASE_URL" --port "$port" \
    >"$scratch/$provider.log" 2>&1 &
  started+=($!)
  wait_for "$scratch/$provider.log" "Prism is listening"
  echo "$provider http://127.0.0.1:$port $scratch/$provider.log"
done >"$scratch/proxies"

python3 tests/scripts/prism.py "$scratch/proxies" cargo run --quiet -p chat-sessions-cli -- list --all -o json
