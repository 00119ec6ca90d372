#!/usr/bin/env bash
# fuzz.sh [TARGET…]: libFuzzer over each of fuzz/targets for MINUTES (10), and the browser's reader of event streams.
# What is found is kept in the cache and named; exit status 1 then. The corpora stay there, too, so that the next run
# goes on where this one ended.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

minutes="${MINUTES:-10}"
targets=("$@")
((${#targets[@]})) || targets=(answers reasoning stops events bodies browser)
host="$(rustc -vV | sed -n 's/^host: //p')"
# Apart from the other builds: every crate is compiled with coverage. What cargo-fuzz asks a nightly compiler for, the
# stable one does by LLVM's own options; --target keeps them off build scripts.
export CARGO_TARGET_DIR="$CACHE/fuzz-target"
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing"

# The longest input worth trying; long enough for a grown request, short enough to try many.
most_bytes=4096
status=0
built=
for target in "${targets[@]}"; do
    if [[ "$target" == browser ]]; then
        LEEWARD_FUZZ_S=$((minutes * 60)) npm --prefix admin-ui run --silent test -- src/api/sse.fuzz.test.ts || status=1
        continue
    fi
    [[ -f "fuzz/targets/$target.rs" ]] || die "there is no fuzz/targets/$target.rs"
    if [[ -z "$built" ]]; then
        # The versions of the house itself; libFuzzer's is pinned.
        cp Cargo.lock fuzz/Cargo.lock
        long "fuzz build" cargo build --manifest-path fuzz/Cargo.toml --target "$host" || exit 1
        built=yes
    fi
    corpus="$CACHE/fuzz/$target" found="$CACHE/fuzz/found-$target/"
    mkdir -p "$corpus" "$found"
    seeds=()
    [[ -d "fuzz/seeds/$target" ]] && seeds=("fuzz/seeds/$target")
    say "$target: $minutes minutes"
    "$CARGO_TARGET_DIR/$host/debug/$target" -max_total_time=$((minutes * 60)) -max_len="$most_bytes" -timeout=60 \
        -rss_limit_mb=2048 -artifact_prefix="$found" -print_final_stats=1 -verbosity=0 "$corpus" "${seeds[@]}" ||
        { status=1 && note "$target: a finding in $found"; }
done
exit "$status"
