#!/usr/bin/env bash
# Audit records at a real OpenTelemetry collector, across its outage.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

clients="$ROOT/server/tests/clients"
python="$(python_env sinks "$clients/sinks.requirements.txt")"
"$python" "$clients/sinks_check.py" "$BIN/leeward"
