#!/usr/bin/env bash
# scim2-tester, an independent SCIM client, against LEEWARD_URL with LEEWARD_API_KEY (scripts/with-demo.sh sets both).
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

clients="$ROOT/server/tests/clients"
python="$(python_env scim "$clients/scim.requirements.txt")"
exec "$python" "$clients/scim_check.py"
