#!/usr/bin/env bash
# Builds leeward-verify alone, optimised and statically linked: one file that runs on any Linux of its
# architecture, for auditors. Says where it lies, how big it is and how long it took; fails if it is not static.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

target="$(rustc -vV | sed -n 's/^host: //p')"
[[ "$target" == *-linux-* ]] || die "static linking needs Linux; on $target use: cargo build --profile verifier -p leeward-ledger"
# With --target, the flags are for the program alone and not for the build's own helpers, which cannot be static.
# The plain arithmetic for the one signature there is to check: the vectorised one needs a second macro library.
export RUSTFLAGS="-C target-feature=+crt-static --cfg curve25519_dalek_backend=\"serial\""
long "verifier build" cargo build --locked --profile verifier --target "$target" -p leeward-ledger --bin leeward-verify
binary="$CARGO_TARGET_DIR/$target/verifier/leeward-verify"

# A dynamically linked program names its loader; ldd says so too where it is installed.
if LC_ALL=C grep -aq '/ld-[a-z0-9.-]*\.so' <(head -c 4096 "$binary"); then die "$binary names a loader: it is not static"; fi
if have ldd && libraries="$(ldd "$binary" 2>&1)" && ! grep -q 'statically linked' <<<"$libraries"; then
    die "$binary is not static: $libraries"
fi
"$binary" --version >/dev/null
mkdir -p dist
cp "$binary" dist/leeward-verify
note "dist/leeward-verify: static, $(stat -c %s dist/leeward-verify) bytes, sha256 $(digest <dist/leeward-verify)"
