# Starts the sandbox for the checks in this folder. It is sourced, from bash, in the root of the repository.
#
# It leaves the folder $scratch for the caller's files, and removes it at the end together with every process that
# the caller has added to $started.

scratch=$(mktemp -d)
started=()
trap 'for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done; wait; rm -rf "$scratch"' EXIT

# Waits until a file has a line with a text, for at most a minute.
wait_for() {
  for _ in $(seq 600); do
    if grep -q "$2" "$1" 2>/dev/null; then return; fi
    sleep 0.1
  done
  echo "$1 has no line with \"$2\" after a minute:" >&2
  cat "$1" >&2
  exit 1
}

# Starts the sandbox, and exports the variables that point a client to it. The caller's own settings must not
# interfere.
start_sandbox() {
  # Builds first, so that waiting for the sandbox is not waiting for the compiler.
  cargo build --quiet -p chat-sessions-sandbox -p chat-sessions-cli
  cargo run --quiet -p chat-sessions-sandbox >"$scratch/environment" &
  started+=($!)
  wait_for "$scratch/environment" LLAMA_CLOUD_BASE_URL
  unset MEMORIES_API_KEY MEMORIES_AI_UNIQUE_ID MEMORIES_AI_API_KEY_FILE LLAMA_PARSE_API_KEY LLAMA_CLOUD_API_KEY_FILE \
    LLAMA_CLOUD_PROJECT_ID LLAMA_CLOUD_ORGANIZATION_ID CHAT_SESSIONS_CONFIG CHAT_SESSIONS_LOG
  # shellcheck source=/dev/null
  . "$scratch/environment"
  export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
}
