#!/usr/bin/env bash
# clients.sh python|node|frameworks: the official clients of that language (OpenAI's; in Python Anthropic's, too), or
# LangChain, LiteLLM and Instructor, against LEEWARD_URL and LEEWARD_API_KEY (scripts/with-demo.sh sets both).
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

clients="$ROOT/server/tests/clients"

# each NAME…: every script, also after one failed.
each() {
    local name status=0
    for name; do
        "$python" "$clients/${name}_client.py" || status=1
    done
    exit "$status"
}

# A tiny model that embeds, beside the demo's that writes: the service sees it within a second.
embedder() {
    [[ -n "${LEEWARD_EMBEDDER:-}" ]] && return
    [[ -n "${LEEWARD_DATA:-}" ]] || die "LEEWARD_EMBEDDER names a model that embeds; or LEEWARD_DATA the service's directory"
    local program="$BIN/examples/tiny_embedder"
    [[ -x "$program" ]] || cargo build --locked "${ENGINE[@]}" --example tiny_embedder
    "$program" "$LEEWARD_DATA/vectors"
    "$BIN/leeward" --data-dir "$LEEWARD_DATA" model import "$LEEWARD_DATA/vectors" --name vectors >/dev/null
    export LEEWARD_EMBEDDER=vectors
}

[[ "${1:-}" =~ ^(python|node|frameworks)$ ]] && embedder
case "${1:-}" in
python)
    python="$(python_env clients "$clients/requirements.txt")"
    each openai anthropic
    ;;
frameworks)
    python="$(python_env frameworks "$clients/frameworks.requirements.txt")"
    each langchain litellm instructor
    ;;
node)
    npm_packages "$clients"
    exec node "$clients/openai_client.mjs"
    ;;
*) die "usage: clients.sh python|node|frameworks" ;;
esac
