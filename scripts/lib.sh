# shellcheck shell=bash
# Shared by every script: where things lie, how progress looks, how a step is timed.
# Sourced, never run. Nothing here changes the clone.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/leeward"

# One target directory for every clone on this machine, so that the engine's dependencies (15 CPU
# minutes) are compiled once. Exported because cargo reads it.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$CACHE/target}"
BIN="$CARGO_TARGET_DIR/debug"

# The feature sets of the two sides must not mix: one cargo invocation for both would rebuild the engine's
# dependencies whenever the gateway's features change. Always one of these two, never both.
GATEWAY=(--workspace --exclude leeward-engine)
ENGINE=(-p leeward-engine)

mkdir -p "$CACHE"
cd "$ROOT" || exit 2

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# sha256 of standard input, hex only.
digest() { sha256sum | cut -d' ' -f1; }

# sha256 of the names and contents of the files listed on standard input, NUL-separated.
digest_files() { sort -z | xargs -0 sha256sum | digest; }

# long TITLE COMMAND…: runs a command that may take minutes, says so every 30 seconds, and how long it took.
long() {
    local title="$1" began=$SECONDS status=0 ticker
    shift
    say "$title"
    (
        trap 'kill "${nap:-}" 2>/dev/null; exit 0' TERM
        while :; do
            sleep 30 &
            nap=$!
            wait "$nap"
            printf '    … %s: %ds so far\n' "$title" "$((SECONDS - began))"
        done
    ) &
    ticker=$!
    "$@" || status=$?
    kill "$ticker" 2>/dev/null || :
    wait "$ticker" 2>/dev/null || :
    if ((status == 0)); then
        note "$title: $((SECONDS - began))s"
    else
        note "$title: failed with status $status after $((SECONDS - began))s"
    fi
    return "$status"
}

# python_env NAME [REQUIREMENTS]: prints the interpreter of a cached virtual environment holding exactly
# that file's packages; made anew when the file or the interpreter changes.
python_env() {
    local name="$1" requirements="${2:-/dev/null}" key dir
    key="$({ python3 -VV; cat "$requirements"; } | digest)"
    dir="$CACHE/python/$name-${key:0:16}"
    if [[ ! -e "$dir/complete" ]]; then
        rm -rf "$dir"
        python3 -m venv "$dir" >&2
        if [[ -s "$requirements" ]]; then
            "$dir/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" >&2
        fi
        touch "$dir/complete"
    fi
    printf '%s\n' "$dir/bin/python"
}

# npm_packages DIR: `npm ci` there, unless the lockfile is the one already installed.
npm_packages() {
    local dir="$1" stamp="$1/node_modules/.leeward-lock" key
    key="$({ node --version; cat "$dir/package-lock.json"; } | digest)"
    [[ -f "$stamp" && "$(cat "$stamp")" == "$key" ]] && return 0
    (cd "$dir" && npm ci --no-audit --no-fund --loglevel=error) || return
    printf '%s' "$key" >"$stamp"
}
