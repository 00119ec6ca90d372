#!/usr/bin/env bash
# with-demo.sh COMMAND…: a throwaway service over the demo model on a free port, the command, and away with it.
# The command finds LEEWARD_URL, LEEWARD_EMAIL, LEEWARD_PASSWORD, LEEWARD_API_KEY, LEEWARD_TENANT, LEEWARD_DATA, and
# LEEWARD_PEER_PORT: the one port of this machine at which the service may ask an identity provider.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/demo.sh
. scripts/demo.sh
(($#)) || die "usage: with-demo.sh COMMAND…"

LEEWARD_DATA="$(mktemp -d "${TMPDIR:-/tmp}/leeward-demo.XXXXXX")"
stop() {
    if [[ -n "${DEMO_PID:-}" ]]; then
        kill "$DEMO_PID" 2>/dev/null || :
        wait "$DEMO_PID" 2>/dev/null || :
    fi
    rm -rf "$LEEWARD_DATA"
}
trap stop EXIT

"$BIN/leeward" --data-dir "$LEEWARD_DATA" model import "$(demo_q8 | tail -n 1)" --name "$DEMO_MODEL" >/dev/null
export LEEWARD_PEER_PORT="${LEEWARD_PEER_PORT:-41999}"
export LEEWARD__OUTBOUND__ALLOW="http://127.0.0.1:$LEEWARD_PEER_PORT"
secrets="$(demo_bootstrap "$LEEWARD_DATA")"
demo_serve "$LEEWARD_DATA" 127.0.0.1:0 "$LEEWARD_DATA/log"
demo_wait_ready "$DEMO_URL" || { tail -n 20 "$LEEWARD_DATA/log" >&2; exit 1; }

export LEEWARD_DATA LEEWARD_URL="$DEMO_URL" LEEWARD_EMAIL="$DEMO_ADMIN"
LEEWARD_PASSWORD="$(demo_field password <<<"$secrets")"
LEEWARD_API_KEY="$(demo_field api_key <<<"$secrets")"
LEEWARD_TENANT="$(demo_field tenant_id <<<"$secrets")"
export LEEWARD_PASSWORD LEEWARD_API_KEY LEEWARD_TENANT
status=0
"$@" || status=$?
if ((status != 0)); then
    printf 'the end of the service'\''s log:\n' >&2
    tail -n 20 "$LEEWARD_DATA/log" >&2
fi
exit "$status"
