#!/usr/bin/env bash
# Sends what the specs allow, and what they forbid, to the sandbox, and checks that it responds as they
# say: Schemathesis makes up the requests. It needs the network for PyPI, so it is not part of the
# default check. It leaves nothing behind.
#
# Usage: tests/scripts/schemathesis.sh [OPTION OF SCHEMATHESIS…], for example --max-examples 1000
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/scripts/sandbox.sh

python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check schemathesis

start_sandbox
specs=$PWD/specs
export SCHEMATHESIS_HOOKS=schemathesis_hooks PYTHONPATH=$PWD/tests/scripts PYTHONDONTWRITEBYTECODE=1
cd "$scratch"
status=0
for provider in "memories-ai $MEMORIES_AI_API_KEY" "llama-cloud Bearer $LLAMA_CLOUD_API_KEY"; do
  "$scratch/venv/bin/schemathesis" run "$specs/${provider%% *}.yaml" --url "$LLAMA_CLOUD_BASE_URL" \
    --header "Authorization: ${provider#* }" --max-examples 300 --continue-on-failure "$@" || status=1
done
exit "$status"
