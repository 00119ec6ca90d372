#!/usr/bin/env bash
# Builds the browser side into admin-ui/dist, from where it is embedded in the gateway. Skipped when nothing
# it is made of has changed.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

ui="$ROOT/admin-ui"
stamp="$ui/.stamp-build"
long "browser packages" npm_packages "$ui"

key="$(find "$ui" \( -name node_modules -o -name dist -o -name 'test-results' -o -name '.stamp-*' \) -prune -o -type f -print0 | digest_files)"
if [[ -f "$ui/dist/index.html" && -f "$stamp" && "$(cat "$stamp")" == "$key" ]]; then
    note "admin-ui/dist is up to date"
    exit 0
fi
build() { (cd "$ui" && npm run --silent build); }
long "browser build" build
printf '%s' "$key" >"$stamp"
