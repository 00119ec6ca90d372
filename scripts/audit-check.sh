#!/usr/bin/env bash
# One answer, then its audit log exported and checked by the standalone verifier, which must also notice one
# changed digit. Runs inside scripts/with-demo.sh.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

node --input-type=module - <<'JS'
const answer = await fetch(process.env.LEEWARD_URL + "/v1/chat/completions", {
  method: "POST",
  headers: { authorization: "Bearer " + process.env.LEEWARD_API_KEY, "content-type": "application/json" },
  body: JSON.stringify({ model: "smollm2", max_tokens: 4, messages: [{ role: "user", content: "Say hi." }] }),
  signal: AbortSignal.timeout(60_000),
});
if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
JS

export_file="$LEEWARD_DATA/audit-export"
"$BIN/leeward" --data-dir "$LEEWARD_DATA" audit export --tenant "$LEEWARD_TENANT" --out "$export_file"
"$BIN/leeward-verify" "$export_file"
grep -q 'inference.admitted' "$export_file" || die "the export holds no inference"
grep -q 'inference.completed' "$export_file" || die "the export holds no outcome"
grep -q 'Say hi' "$export_file" && die "the export holds prompt text"

sed 's/inference\.completed/inference.cancelled/' "$export_file" >"$export_file.forged"
cmp -s "$export_file" "$export_file.forged" && die "nothing was forged: the record form has changed"
status=0
"$BIN/leeward-verify" "$export_file.forged" || status=$?
((status == 1)) || die "a forged record gave status $status, not 1"
note "the verifier accepts the log and refuses a forged one"
