"""What may be reached: by a configuration, as the rules of server/src/outbound/guard.rs say, and by egress rules.

Both are worked out as sets of addresses by port, without anything of the chart's own code.
"""

import collections
import ipaddress
import urllib.parse

DEFAULT_PORTS = {"http": 80, "https": 443, "ldap": 389, "ldaps": 636}
LOOPBACK = ("127.0.0.0/8", "::1/128")
# The gateway judges an IPv4 address inside an IPv6 one as IPv4: no IPv6 network lets it through.
EMBEDDING = ("::/96", "::ffff:0:0/96", "64:ff9b::/96")
NEVER = ("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32", "fe80::/10", "ff00::/8", *EMBEDDING)
METADATA = int(ipaddress.ip_address("169.254.169.254"))


def span(cidr):
    """A network as (family, first address, last address)."""
    network = ipaddress.ip_network(cidr)
    return (network.version, int(network[0]), int(network[-1]))


def union(spans):
    """The same addresses, sorted and apart."""
    merged = []
    for family, first, last in sorted(spans):
        if merged and merged[-1][0] == family and first <= merged[-1][2] + 1:
            merged[-1] = (family, merged[-1][1], max(last, merged[-1][2]))
        else:
            merged.append((family, first, last))
    return merged


def without(spans, taken):
    """The addresses that are not in `taken`."""
    for family, start, end in taken:
        left = []
        for kind, first, last in spans:
            if kind != family or last < start or end < first:
                left.append((kind, first, last))
                continue
            left.extend([(kind, first, start - 1)] if first < start else [])
            left.extend([(kind, end + 1, last)] if end < last else [])
        spans = left
    return spans


def by_port(reach):
    """{port: addresses}, without what no rule is about: the loopback, and mapped addresses, which no packet carries."""
    aside = [span(cidr) for cidr in (*LOOPBACK, "::ffff:0:0/96")]
    ports = {port: union(without(spans, aside)) for port, spans in reach.items()}
    return {port: spans for port, spans in ports.items() if spans}


def declared_urls(config):
    """Host and port of all that a configuration names."""
    keys = config.get("keys", {})
    sources = [keys.get("house", {}), *keys.get("older", []), *keys.get("tenants", {}).values()]
    sources += [source for older in keys.get("tenants_older", {}).values() for source in older]
    sinks = [sink["to"] for sink in config.get("audit", {}).get("sinks", [])]
    found = [*config.get("outbound", {}).get("allow", []), *sinks, *(key["url"] for key in sources if "url" in key)]
    found += [witness["url"] for witness in config.get("audit", {}).get("witnesses", [])]
    found += [config["telemetry"]["otlp_endpoint"]] if "otlp_endpoint" in config.get("telemetry", {}) else []
    parts = [urllib.parse.urlsplit(url) for url in found]
    return [(url.hostname, url.port or DEFAULT_PORTS[url.scheme]) for url in parts if url.scheme != "file"]


def address_of(host):
    """The address, if the host is one; `localhost` is."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return ipaddress.ip_address("127.0.0.1") if host == "localhost" else None


def gateway_allows(config):
    """What the gateway dials by this configuration: {port: addresses}."""
    networks = [span(cidr) for cidr in config.get("outbound", {}).get("networks", [])]
    anywhere = networks or [span("0.0.0.0/0"), span("::/0")]
    reach = collections.defaultdict(list)
    for host, port in declared_urls(config):
        address = address_of(host)
        spans = anywhere
        if address:
            only = (address.version, int(address), int(address))
            spans = [only] if without([only], anywhere) == [] else []
        reach[port] += without(spans, never())
    return by_port(reach)


def never():
    """What the gateway never dials."""
    return [span(cidr) for cidr in NEVER]


def lets_out_metadata(reach):
    """Whether a cloud's metadata service is in it."""
    return any(family == 4 and first <= METADATA <= last for spans in reach.values() for family, first, last in spans)


def policy_allows(egress):
    """What the addresses in these rules let through over TCP: {port: addresses}."""
    reach = collections.defaultdict(list)
    for rule in egress:
        assert rule["to"] and rule["ports"], f"a rule that is open to all: {rule}"
        for peer in rule["to"]:
            block = peer.get("ipBlock")
            if block:
                whole = ipaddress.ip_network(block["cidr"])
                excepted = [ipaddress.ip_network(cidr) for cidr in block.get("except", [])]
                assert all(part.subnet_of(whole) and part != whole for part in excepted), block
                for port in rule["ports"]:
                    assert port["protocol"] == "TCP", rule
                    reach[port["port"]] += without([span(block["cidr"])], [span(str(part)) for part in excepted])
    return by_port(reach)
