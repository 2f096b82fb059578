#!/bin/sh
# Checks the specs with three independent linters: redocly, spectral and openapi-spec-validator, each
# with its recommended rules. It installs them into a temporary directory, which needs npm, python3 and
# a network, so it is not part of the default check. The exit code is that of the first linter that
# finds an error.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
cd "$tools"
npm install --silent --no-audit --no-fund @redocly/cli @stoplight/spectral-cli
python3 -m venv python
./python/bin/pip install --quiet openapi-spec-validator
printf 'extends: ["spectral:oas"]\n' > spectral.yaml
for name in memories-ai llama-cloud; do
    spec=$root/specs/$name.yaml
    REDOCLY_TELEMETRY=off ./node_modules/.bin/redocly lint --extends=recommended "$spec"
    ./node_modules/.bin/spectral lint --ruleset spectral.yaml --fail-severity=error "$spec"
    ./python/bin/openapi-spec-validator "$spec"
done
