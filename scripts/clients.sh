#!/usr/bin/env bash
# clients.sh python|node: the official clients of that language (OpenAI's; in Python Anthropic's, too) against
# LEEWARD_URL and LEEWARD_API_KEY (scripts/with-demo.sh sets both).
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

clients="$ROOT/server/tests/clients"
case "${1:-}" in
python)
    python="$(python_env clients "$clients/requirements.txt")"
    status=0
    "$python" "$clients/openai_client.py" || status=1
    "$python" "$clients/anthropic_client.py" || status=1
    exit "$status"
    ;;
node)
    npm_packages "$clients"
    exec node "$clients/openai_client.mjs"
    ;;
*) die "usage: clients.sh python|node" ;;
esac
