{{- define "leeward.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "leeward.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "leeward.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "leeward.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "leeward.selectorLabels" -}}
app.kubernetes.io/name: {{ include "leeward.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "leeward.labels" -}}
{{ include "leeward.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "leeward.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "leeward.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name is needed when serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "leeward.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/*
The configuration file: what the operator gave plus what the chart alone can know. The origins of key providers are
allowed by naming them there.
*/}}
{{- define "leeward.config" -}}
{{- if and (not .Values.tls.secretName) (not .Values.tls.terminatedUpstream) -}}
{{- fail "set tls.secretName, or tls.terminatedUpstream=true if an ingress speaks TLS: Leeward refuses plain HTTP off loopback" -}}
{{- end -}}
{{- range $section, $key := dict "http" "listen" "data" "dir" "database" "url" -}}
{{- if hasKey (default dict (index $.Values.config $section)) $key -}}
{{- fail (printf "config.%s.%s is set by the chart itself" $section $key) -}}
{{- end -}}
{{- end -}}
{{- if hasKey .Values.config "tls" -}}
{{- fail "config.tls is set by the chart itself: use the value tls" -}}
{{- end -}}
{{- $config := deepCopy .Values.config -}}
{{- $_ := set $config "http" (merge (dict "listen" "0.0.0.0:8080") (default dict $config.http)) -}}
{{- $_ := set $config "data" (dict "dir" "/var/lib/leeward") -}}
{{- if .Values.tls.secretName -}}
{{- $_ := set $config "tls" (dict "certificate" "/etc/leeward/tls/tls.crt" "key" "/etc/leeward/tls/tls.key") -}}
{{- else -}}
{{- $_ := set $config "tls" (dict "terminated_upstream" true) -}}
{{- end -}}
{{- with include "leeward.keyProviders" . | fromJsonArray -}}
{{- $outbound := deepCopy (default dict $config.outbound) -}}
{{- $allow := default list $outbound.allow -}}
{{- range . -}}{{- $allow = append $allow .url -}}{{- end -}}
{{- $_ := set $config "outbound" (set $outbound "allow" (uniq $allow)) -}}
{{- end -}}
{{- range $section := keys $config | sortAlpha }}
{{- if kindIs "slice" (index $config $section) }}
{{ $section }} = {{ include "leeward.toml" (index $config $section) }}
{{- end }}
{{- end }}
{{- range $section := keys $config | sortAlpha }}
{{- if not (kindIs "slice" (index $config $section)) }}
[{{ $section }}]
{{- range $key, $value := index $config $section }}
{{- if ne $value nil }}
{{ $key }} = {{ include "leeward.toml" $value }}
{{- end }}
{{- end }}
{{ end -}}
{{- end -}}
{{- end -}}

{{/* A value in TOML, on one line. */}}
{{- define "leeward.toml" -}}
{{- if kindIs "map" . -}}
{{- $pairs := list -}}
{{- range $key, $value := . -}}
{{- if ne $value nil -}}{{- $pairs = append $pairs (printf "%s = %s" ($key | toJson) (include "leeward.toml" $value)) -}}{{- end -}}
{{- end -}}
{ {{- join ", " $pairs -}} }
{{- else if kindIs "slice" . -}}
[
{{- range $i, $value := . -}}{{- if $i }}, {{ end -}}{{- include "leeward.toml" $value -}}{{- end -}}
]
{{- else if kindIs "string" . -}}
{{- toJson . -}}
{{- else if kindIs "float64" . -}}
{{- int64 . -}}
{{- else -}}
{{- . -}}
{{- end -}}
{{- end -}}
