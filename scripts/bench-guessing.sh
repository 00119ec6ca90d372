#!/usr/bin/env bash
# bench-guessing.sh [--rounds N] [--tokens N] [--connections N]: how much slower an answer becomes while strangers
# guess passwords, against the demo appliance with the real engine. docs/benchmarks.md says how to read it.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[[ -x "$BIN/leeward" && -x "$BIN/leeward-engine" ]] || die "the binaries are missing in $BIN: 'make build' makes them"
scripts/with-demo.sh python3 scripts/guessing.py "$@"
