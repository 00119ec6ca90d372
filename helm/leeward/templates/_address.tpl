{{/*
Addresses and networks as strings of binary digits behind their family, "4" or "6": a network holds an address, or
another network, if its string is the beginning of the other's. Whatever can be read in two ways is refused: what the
policy lets through and what the gateway dials must be the same.
*/}}

{{/* An address in its plain form: "4" and 32 digits, or "6" and 128. Empty if it is not one. */}}
{{- define "leeward.address" -}}
{{- $octet := "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])" -}}
{{- if regexMatch (printf "^%s(\\.%s){3}$" $octet $octet) . -}}
4{{ range splitList "." . }}{{ printf "%08b" (int .) }}{{ end }}
{{- else if regexMatch "^[0-9a-f:]*:[0-9a-f:]*$" . -}}
{{- $halves := splitList "::" . -}}
{{- $groups := list -}}
{{- range $i, $half := $halves -}}
{{- if $i -}}
{{- $left := 0 -}}
{{- range $halves -}}{{- if . -}}{{- $left = add $left (len (splitList ":" .)) -}}{{- end -}}{{- end -}}
{{- range until (int (max 0 (sub 8 $left))) -}}{{- $groups = append $groups "0" -}}{{- end -}}
{{- end -}}
{{- if $half -}}{{- $groups = concat $groups (splitList ":" $half) -}}{{- end -}}
{{- end -}}
{{- $plain := and (le (len $halves) 2) (eq (len $groups) 8) -}}
{{- range $groups -}}{{- $plain = and $plain (regexMatch "^[0-9a-f]{1,4}$" .) -}}{{- end -}}
{{- if $plain -}}
{{- $digits := dict "0" "0000" "1" "0001" "2" "0010" "3" "0011" "4" "0100" "5" "0101" "6" "0110" "7" "0111" -}}
{{- $digits = merge $digits (dict "8" "1000" "9" "1001" "a" "1010" "b" "1011" "c" "1100" "d" "1101" "e" "1110" "f" "1111") -}}
6{{ range $groups }}{{ repeat (int (sub 4 (len .))) "0000" }}{{ range splitList "" . }}{{ get $digits . }}{{ end }}{{ end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A network, from `cidr`: the beginning that its addresses share. `at` is where it is written. */}}
{{- define "leeward.network" -}}
{{- $parts := splitList "/" (lower .cidr) -}}
{{- $bits := include "leeward.address" (first $parts) -}}
{{- $length := last $parts -}}
{{- if or (ne (len $parts) 2) (not $bits) (not (regexMatch "^(0|[1-9][0-9]{0,2})$" $length)) -}}
{{- fail (printf "%s holds %q: write a network as ADDRESS/LENGTH, for example 10.0.0.0/8 or fd12::/16; a single address is /32 or /128" .at .cidr) -}}
{{- end -}}
{{- if ge (int $length) (len $bits) -}}
{{- fail (printf "%s holds %q, whose length is beyond the address's" .at .cidr) -}}
{{- end -}}
{{- $prefix := trunc (int (add 1 $length)) $bits -}}
{{- if contains "1" (trimPrefix $prefix $bits) -}}
{{- fail (printf "%s holds %q, which is an address inside a network: write the network's first address" .at .cidr) -}}
{{- end -}}
{{- $prefix -}}
{{- end -}}

{{/* What the gateway never dials (server/src/outbound/guard.rs), as JSON. */}}
{{- define "leeward.never" -}}
["0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32", "fe80::/10", "ff00::/8"]
{{- end -}}

{{/*
IPv6 networks with IPv4 addresses inside, as JSON. The gateway judges these addresses as IPv4 ones, so an IPv6 network
does not let them through. Of the mapped ones, ::ffff:0:0/96, no packet carries any, and Kubernetes refuses them.
*/}}
{{- define "leeward.embedding" -}}
["::/96", "64:ff9b::/96"]
{{- end -}}

{{/* NetworkPolicyPeer items, as JSON, for the networks in `cidrs`: less what is never dialled, without the loopback. */}}
{{- define "leeward.blocks" -}}
{{- $at := .at -}}
{{- $blocks := list -}}
{{- range $cidr := .cidrs -}}
{{- $network := include "leeward.network" (dict "cidr" $cidr "at" $at) -}}
{{- $loopback := or (hasPrefix "401111111" $network) (eq $network (include "leeward.address" "::1")) -}}
{{- $except := list -}}
{{- $never := include "leeward.never" $ | fromJsonArray -}}
{{- $embedding := include "leeward.embedding" $ | fromJsonArray -}}
{{- range concat $never $embedding (list "::ffff:0:0/96") -}}
{{- $prefix := include "leeward.network" (dict "cidr" . "at" "") -}}
{{- if and (hasPrefix $prefix $network) (not $loopback) -}}
{{- fail (printf (ternary "%s holds %s, where the gateway never connects: take it out" "%s holds %s: write the IPv4 address that is inside" (has . $never)) $at $cidr) -}}
{{- else if and (hasPrefix $network $prefix) (ne . "::ffff:0:0/96") -}}
{{- $except = append $except . -}}
{{- end -}}
{{- end -}}
{{- if not $loopback -}}
{{- $block := dict "cidr" (lower $cidr) -}}
{{- if $except -}}{{- $_ := set $block "except" $except -}}{{- end -}}
{{- $blocks = append $blocks (dict "ipBlock" $block) -}}
{{- end -}}
{{- end -}}
{{- $blocks | uniq | toJson -}}
{{- end -}}
