#!/usr/bin/env bash
# Drives the program through a server that misbehaves in hundreds of ways, and reports what it gets
# wrong: lost sessions, hangs, keys in the output, exit codes that contradict it. It needs nothing but
# Python; it takes a few minutes, so it is not part of the default check.
#
# Usage: tests/scripts/misbehave.sh [--only REGEX] [--list] [--jobs N] [--slack SECONDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo build --quiet -p chat-sessions-cli
program=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/debug/chat-sessions
PYTHONDONTWRITEBYTECODE=1 python3 tests/scripts/misbehave "$program" "$@"
