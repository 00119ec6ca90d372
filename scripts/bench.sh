#!/usr/bin/env bash
# Decoding speed of the worker and through the gateway against the bare engine, what authentication costs, and what
# guessing passwords costs inference. docs/benchmarks.md says how to read each line.
set -euo pipefail
# What is measured is optimised; no dependency is compiled again for it (ADR 9).
export CARGO_PROFILE_DEV_OPT_LEVEL=3
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/demo.sh
. scripts/demo.sh

scripts/setup.sh
scripts/build.sh
model="$(demo_q8 | tail -n 1)"
long "decoding, worker against bare engine" cargo run --quiet --locked "${ENGINE[@]}" --example decode_ratio -- "$model" "$@"

long "requests at once, through the gateway against the bare engine" env LEEWARD__ENGINE__SLOTS=8 \
    scripts/with-demo.sh scripts/gateway-bench.py "$BIN/examples/decode_ratio" "$model"

long "authentication, from memory and from the database" cargo run --quiet --locked "${GATEWAY[@]}" --example auth_latency

long "decoding while passwords are guessed" scripts/bench-guessing.sh
