#!/usr/bin/env bash
# exact-check.sh exactness|schemas: streams against whole answers in twelve scripts, or answers against JSON schemas, on
# a throwaway service over the demo model. Takes from minutes to an hour; docs/benchmarks.md has the figures.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/demo.sh
. scripts/demo.sh

case "${1:-}" in
exactness | schemas) ;;
*) die "usage: exact-check.sh exactness|schemas" ;;
esac
python="$(python_env exactness server/tests/clients/exactness.requirements.txt)"
LEEWARD_DEMO_GGUF="$(demo_q8 | tail -n 1)"
export LEEWARD_DEMO_GGUF
exec scripts/with-demo.sh "$python" "server/tests/clients/$1.py"
