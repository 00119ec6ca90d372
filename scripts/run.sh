#!/usr/bin/env bash
# From a fresh clone to an answering service: set-up, build, demo model, demo tenant, serve.
#   PORT=8081 or LEEWARD__HTTP__LISTEN=HOST:PORT choose another address, DATA_DIR another directory.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/demo.sh
. scripts/demo.sh

data="${DATA_DIR:-./var}"
listen="${LEEWARD__HTTP__LISTEN:-127.0.0.1:${PORT:-8080}}"

# Asked before the long build, so that nobody waits for it in vain; the service checks again itself.
if [[ "${listen##*:}" != 0 ]] && (exec 3<>"/dev/tcp/${listen%:*}/${listen##*:}") 2>/dev/null; then
    die "$listen is in use: stop what listens there, or choose another port with 'PORT=8081 make run'"
fi

scripts/setup.sh
scripts/build.sh
mkdir -p -m 700 "$data"
log="$data/leeward.log"

if ! "$BIN/leeward" --data-dir "$data" --json model list | grep -q "\"name\":\"$DEMO_MODEL\""; then
    gguf="$(demo_gguf | tail -n 1)"
    long "demo model import" "$BIN/leeward" --data-dir "$data" model import "$gguf" --name "$DEMO_MODEL" --quantize q8_0
fi
secrets=""
if ! "$BIN/leeward" --data-dir "$data" --json tenant list | grep -q "\"name\":\"$DEMO_TENANT\""; then
    secrets="$(demo_bootstrap "$data")"
fi

trap 'kill "${DEMO_PID:-}" 2>/dev/null || :' EXIT
demo_serve "$data" "$listen" "$log"
say "loading the model"
demo_wait_ready "$DEMO_URL"

line() { printf '  \033[1m%-10s\033[0m %s\n' "$1" "$2"; }
printf '\n'
line "Leeward" "$DEMO_URL          (console: $DEMO_URL/console)"
line "e-mail" "$DEMO_ADMIN"
if [[ -n "$secrets" ]]; then
    line "password" "$(demo_field password <<<"$secrets")          (shown this once)"
    line "API key" "$(demo_field api_key <<<"$secrets")          (shown this once)"
else
    line "password" "as before; a new one: $BIN/leeward --data-dir $data user reset-password --tenant $DEMO_TENANT $DEMO_ADMIN"
fi
line "log" "$log"
line "stop" "Ctrl-C"
printf '\n'

# Ctrl-C reaches the service too (one process group); it finishes running answers and leaves.
trap : INT
trap 'kill -TERM "$DEMO_PID" 2>/dev/null || :' TERM
status=0
while kill -0 "$DEMO_PID" 2>/dev/null; do
    wait "$DEMO_PID" && status=0 || status=$?
done
say "stopped"
((status == 0 || status == 130 || status == 143)) || die "the service ended with status $status; see $log"
