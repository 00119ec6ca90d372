#!/usr/bin/env bash
# Builds everything: the browser side, the gateway with it inside, the engine worker. Two cargo invocations,
# never one (see GATEWAY in lib.sh). The binaries lie in $CARGO_TARGET_DIR/debug.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

# build.sh [ui|gateway|engine|all]
part="${1:-all}"
case "$part" in ui | gateway | engine | all) ;; *) die "usage: build.sh [ui|gateway|engine|all]" ;; esac
[[ "$part" == all || "$part" == ui ]] && scripts/ui.sh
[[ "$part" == all || "$part" == gateway ]] && long "gateway build" cargo build --locked "${GATEWAY[@]}"
[[ "$part" == all || "$part" == engine ]] && long "engine build (15 minutes or more the first time)" cargo build --locked "${ENGINE[@]}"
exit 0
