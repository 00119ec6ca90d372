#!/usr/bin/env bash
# Format, clippy with warnings as errors, and what may be linked in (deny.toml).
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

DENY_VERSION=0.20.2

# `cargo clippy` is a check build: it would check mistralrs and 700 other crates a second time. The same lints
# run when clippy's driver stands in for rustc in a normal build of our own crates; cargo keeps those apart
# from the ordinary ones, so neither rebuilds the other, and every dependency is the one already compiled.
lint() {
    CLIPPY_ARGS="-Dwarnings__CLIPPY_HACKERY__" RUSTC_WORKSPACE_WRAPPER="$(command -v clippy-driver)" \
        cargo build --locked --all-targets "$@"
}

# cargo-deny is compiled once into the cache: no package of a version that reads today's metadata exists.
deny() {
    local root="$CACHE/tools/cargo-deny-$DENY_VERSION"
    if [[ ! -x "$root/bin/cargo-deny" ]]; then
        CARGO_TARGET_DIR="$root/build" CARGO_PROFILE_DEV_OPT_LEVEL=1 CARGO_PROFILE_DEV_DEBUG=false long "cargo-deny (4 CPU minutes, once)" \
            cargo install cargo-deny --version "$DENY_VERSION" --locked --debug --no-default-features --root "$root" --quiet
        rm -rf "$root/build"
    fi
    "$root/bin/cargo-deny" --locked --log-level error check --hide-inclusion-graph licenses bans sources
}

have clippy-driver || die "clippy is missing: 'rustup component add clippy rustfmt'"
long "format" cargo fmt --all -- --check
long "format, fuzzers" rustfmt --check --edition 2024 --config-path rustfmt.toml fuzz/targets/*.rs
# The gateway embeds the built pages: without them it does not compile.
scripts/ui.sh
long "clippy, gateway" lint "${GATEWAY[@]}"
long "clippy, engine" lint "${ENGINE[@]}"
long "cargo deny" deny
