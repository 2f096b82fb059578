#!/usr/bin/env bash
# Exports every session of the sandbox as HTML and opens each page in headless Chromium.
#
# It exits with 1 if a page prints anything to the console, requests anything but itself, or has a script, an
# image or a frame in its document. It needs Chromium (Debian: `chromium`) and takes several minutes, so it is
# not part of the default check. It leaves nothing behind, unless a folder for screenshots is named.
#
# Usage: tests/scripts/export-pages.sh [SCREENSHOTS]
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo build --quiet -p chat-sessions-cli
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The program has no server of its own to call here: --sandbox starts one inside the process.
CHAT_SESSIONS_TODAY=2026-04-23 "${CARGO_TARGET_DIR:-target}/debug/chat-sessions" export "$scratch/pages" \
  --sandbox --scope all --all -o html
python3 tests/scripts/export_pages.py "$scratch" "${1-}"
