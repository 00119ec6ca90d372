{{/*
What the gateway may connect to, from the same values that become its configuration: `config.outbound.allow`, the audit
sinks, the witnesses, the key providers and the collector. To add something it connects to: a line in "leeward.declared".
*/}}

{{/* The origins of key providers, as JSON: {"at", "url"} each. */}}
{{- define "leeward.keyProviders" -}}
{{- $keys := default dict .Values.config.keys -}}
{{- $sources := list -}}
{{- with $keys.house -}}{{- $sources = append $sources (dict "at" "config.keys.house" "key" .) -}}{{- end -}}
{{- range $keys.older -}}{{- $sources = append $sources (dict "at" "config.keys.older" "key" .) -}}{{- end -}}
{{- range $tenant, $key := $keys.tenants -}}
{{- $sources = append $sources (dict "at" (printf "config.keys.tenants.%s" $tenant) "key" $key) -}}
{{- end -}}
{{- range $tenant, $older := $keys.tenants_older -}}
{{- range $older -}}
{{- $sources = append $sources (dict "at" (printf "config.keys.tenants_older.%s" $tenant) "key" .) -}}
{{- end -}}
{{- end -}}
{{- $found := list -}}
{{- range $sources -}}
{{- if .key.url -}}{{- $found = append $found (dict "at" .at "url" .key.url) -}}{{- end -}}
{{- end -}}
{{- $found | toJson -}}
{{- end -}}

{{/* Every address that is declared, as JSON: {"at", "url"} each. */}}
{{- define "leeward.declared" -}}
{{- $declared := list -}}
{{- range (default dict .Values.config.outbound).allow -}}
{{- $declared = append $declared (dict "at" "config.outbound.allow" "url" .) -}}
{{- end -}}
{{- range (default dict .Values.config.audit).sinks -}}
{{- if not (hasPrefix "file:" .to) -}}
{{- $declared = append $declared (dict "at" (printf "config.audit.sinks %q" .name) "url" .to) -}}
{{- end -}}
{{- end -}}
{{- range (default dict .Values.config.audit).witnesses -}}
{{- $declared = append $declared (dict "at" "config.audit.witnesses" "url" .url) -}}
{{- end -}}
{{- with (default dict .Values.config.telemetry).otlp_endpoint -}}
{{- $declared = append $declared (dict "at" "config.telemetry.otlp_endpoint" "url" .) -}}
{{- end -}}
{{- concat $declared (include "leeward.keyProviders" . | fromJsonArray) | toJson -}}
{{- end -}}

{{/*
One of them taken apart, as JSON: `host`, `port`, and `bits` if the host is an address. No more is read than what every
reader of URLs reads alike.
*/}}
{{- define "leeward.destination" -}}
{{- $form := "^([a-z][a-z0-9+.-]*)://(\\[[0-9A-Fa-f:]+\\]|[0-9A-Za-z._-]+)(:([1-9][0-9]{0,4}))?([/?#].*)?$" -}}
{{- if not (regexMatch $form .url) -}}
{{- fail (printf "%s is %q: write it as scheme://host:port, without credentials and with the host in plain letters" .at .url) -}}
{{- end -}}
{{- $scheme := regexReplaceAll $form .url "${1}" -}}
{{- $host := regexReplaceAll $form .url "${2}" | lower | trimAll "[]" -}}
{{- $port := regexReplaceAll $form .url "${4}" | default (get (dict "http" "80" "https" "443" "ldap" "389" "ldaps" "636") $scheme) -}}
{{- if or (not $port) (gt (int $port) 65535) -}}
{{- fail (printf "%s is %q: write its port, from 1 to 65535" .at .url) -}}
{{- end -}}
{{- $bits := include "leeward.address" $host -}}
{{- if and (not $bits) (or (contains ":" $host) (regexMatch "(^|\\.)([0-9]+|0x[0-9a-f]*)\\.?$" $host)) -}}
{{- fail (printf "%s is %q: write the address plainly, as 10.1.2.3 or [fd12::1]" .at .url) -}}
{{- end -}}
{{- dict "at" .at "url" .url "host" (trimSuffix "." $host) "port" (int $port) "bits" $bits | toJson -}}
{{- end -}}

{{/*
All of them sorted, as JSON: `networks` as bits, `named` for saying so, `ports` of the names, `addresses` with theirs.
The loopback is left out: no policy is asked about it.
*/}}
{{- define "leeward.reached" -}}
{{- $networks := list -}}
{{- range (default dict .Values.config.outbound).networks -}}
{{- $networks = append $networks (include "leeward.network" (dict "cidr" . "at" "config.outbound.networks")) -}}
{{- end -}}
{{- $named := list -}}
{{- $ports := list -}}
{{- $addresses := dict -}}
{{- range include "leeward.declared" . | fromJsonArray -}}
{{- $to := include "leeward.destination" . | fromJson -}}
{{- $loopback := or (eq $to.host "localhost") (hasPrefix "401111111" $to.bits) (eq $to.bits (include "leeward.address" "::1")) -}}
{{- $within := not $networks -}}
{{- range $networks -}}{{- $within = or $within (hasPrefix . $to.bits) -}}{{- end -}}
{{- if and $to.bits (not $within) -}}
{{- fail (printf "%s is %s, which is in none of config.outbound.networks: add its network there, or take it out" .at .url) -}}
{{- end -}}
{{- if and $to.bits (not $loopback) -}}
{{- $cidr := printf "%s/%d" $to.host (ternary 32 128 (hasPrefix "4" $to.bits)) -}}
{{- $_ := include "leeward.blocks" (dict "cidrs" (list $cidr) "at" .at) -}}
{{- $_ := set $addresses $cidr (append (get $addresses $cidr | default list) $to.port) -}}
{{- else if not $loopback -}}
{{- $named = append $named (printf "%s (%s)" .url .at) -}}
{{- $ports = append $ports $to.port -}}
{{- end -}}
{{- end -}}
{{- if and $named (not $networks) -}}
{{- fail (printf "config.outbound.networks is not set, but these hosts are names: %s. A NetworkPolicy knows addresses only: set config.outbound.networks to the networks they are in, for example [10.0.0.0/8]" (join ", " $named)) -}}
{{- end -}}
{{- dict "networks" $networks "named" $named "ports" $ports "addresses" $addresses | toJson -}}
{{- end -}}

{{/* The self-test must not wait for the refusal of what is declared: `target` is HOST:PORT, `reached` as above. */}}
{{- define "leeward.checkRefused" -}}
{{- $port := regexFind "[0-9]+$" .target | float64 -}}
{{- $bits := include "leeward.address" (regexReplaceAll ":[0-9]+$" .target "" | lower | trimAll "[]") -}}
{{- $open := false -}}
{{- if and $bits (has $port .reached.ports) -}}
{{- range .reached.networks -}}{{- $open = or $open (hasPrefix . $bits) -}}{{- end -}}
{{- end -}}
{{- range $cidr, $ports := .reached.addresses -}}
{{- $open = or $open (and (has $port $ports) (eq $bits (include "leeward.network" (dict "cidr" $cidr "at" "")))) -}}
{{- end -}}
{{- if $open -}}
{{- fail (printf "config.outbound.refused_by_network holds %s, but what is declared lets it through: take one of the two out" .target) -}}
{{- end -}}
{{- end -}}

{{/* The way around the declaration does not lead to a cloud's metadata service. */}}
{{- define "leeward.checkExtra" -}}
{{- $metadata := include "leeward.address" "169.254.169.254" -}}
{{- range .Values.networkPolicy.extraEgress -}}
{{- range .to -}}
{{- with .ipBlock -}}
{{- $open := hasPrefix (include "leeward.network" (dict "cidr" .cidr "at" "networkPolicy.extraEgress")) $metadata -}}
{{- range .except -}}
{{- $open = and $open (not (hasPrefix (include "leeward.network" (dict "cidr" . "at" "networkPolicy.extraEgress")) $metadata)) -}}
{{- end -}}
{{- if $open -}}
{{- fail (printf "networkPolicy.extraEgress holds %s with 169.254.169.254 in it, where clouds hand out credentials: add except: [169.254.0.0/16]" .cidr) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The egress rules that follow, as JSON: names share the declared networks, an address has a rule of its own. */}}
{{- define "leeward.egress" -}}
{{- $outbound := default dict .Values.config.outbound -}}
{{- $reached := include "leeward.reached" . | fromJson -}}
{{- range $outbound.refused_by_network -}}
{{- include "leeward.checkRefused" (dict "target" . "reached" $reached) -}}
{{- end -}}
{{- include "leeward.checkExtra" . -}}
{{- $rules := list -}}
{{- if $reached.named -}}
{{- $blocks := include "leeward.blocks" (dict "cidrs" $outbound.networks "at" "config.outbound.networks") | fromJsonArray -}}
{{- if $blocks -}}
{{- $rules = append $rules (include "leeward.rule" (dict "to" $blocks "ports" $reached.ports) | fromJson) -}}
{{- end -}}
{{- end -}}
{{- range $cidr, $ports := $reached.addresses -}}
{{- $to := list (dict "ipBlock" (dict "cidr" $cidr)) -}}
{{- $rules = append $rules (include "leeward.rule" (dict "to" $to "ports" $ports) | fromJson) -}}
{{- end -}}
{{- $database := .Values.database -}}
{{- if $database.existingSecret -}}
{{- if not (or $database.networks $database.pods) -}}
{{- fail "database.existingSecret is set, but not where that database is: set database.networks (for example [10.0.5.0/24]) or database.pods, and database.port" -}}
{{- end -}}
{{- $blocks := include "leeward.blocks" (dict "cidrs" $database.networks "at" "database.networks") | fromJsonArray -}}
{{- with concat $blocks $database.pods -}}
{{- $rules = append $rules (include "leeward.rule" (dict "to" . "ports" (list $database.port)) | fromJson) -}}
{{- end -}}
{{- end -}}
{{- if or $reached.named (and $database.existingSecret $database.named) -}}
{{- $dns := .Values.networkPolicy.dns -}}
{{- $ports := list -}}
{{- range list "UDP" "TCP" -}}{{- $ports = append $ports (dict "port" $dns.port "protocol" .) -}}{{- end -}}
{{- $rules = append $rules (dict "to" $dns.pods "ports" $ports) -}}
{{- end -}}
{{- concat $rules .Values.networkPolicy.extraEgress | toJson -}}
{{- end -}}

{{/* One rule over TCP, as JSON. */}}
{{- define "leeward.rule" -}}
{{- $ports := list -}}
{{- range .ports | uniq -}}{{- $ports = append $ports (dict "port" (int .) "protocol" "TCP") -}}{{- end -}}
{{- dict "to" .to "ports" $ports | toJson -}}
{{- end -}}

{{/* What is declared in one place only must not come from the environment, where no policy sees it. */}}
{{- define "leeward.declaredOnce" -}}
{{- range .Values.env -}}
{{- if regexMatch "^LEEWARD__(OUTBOUND|KEYS|AUDIT__SINKS|TELEMETRY__OTLP_ENDPOINT|DATABASE__URL)(__|$)" (.name | toString | upper) -}}
{{- fail (printf "env sets %s, which the network policy cannot see: set it in config (the database's URL: database.existingSecret)" .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
