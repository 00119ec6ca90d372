#!/usr/bin/env bash
# schemathesis.sh [CASES]: what the service answers against what its description says, with at least so many cases
# (10000), over the scripted engine, which answers at once.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

python="$(python_env schemathesis server/tests/clients/schemathesis.requirements.txt)"
export LEEWARD_CASES="${1:-10000}" LEEWARD_PROGRAM="$BIN/leeward"
export LEEWARD__ENGINE__PROGRAM="$BIN/leeward-scripted-engine"
exec scripts/with-demo.sh "$python" server/tests/clients/described.py
