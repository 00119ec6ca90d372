#!/usr/bin/env bash
# Every audit event code in every format of docs/audit-formats.md, read by readers that others wrote.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

clients="$ROOT/server/tests/clients"
python="$(python_env formats "$clients/formats.requirements.txt")"
samples="$(mktemp -d)"
trap 'rm -rf "$samples"' EXIT
cargo build --quiet --locked "${GATEWAY[@]}" --example render_samples
"$BIN/examples/render_samples" "$samples" >"$samples/count"
"$python" "$clients/formats_check.py" "$samples"
