"""Random declarations: whatever is declared, both sides let through the same, and nothing that was not declared."""

import random

from chart import Refused
from declarations import LABELS, PLACE, WITNESS, config, dns, secret, sink, vault
from reach import (
    address_of,
    by_port,
    declared_urls,
    gateway_allows,
    lets_out_metadata,
    never,
    policy_allows,
    span,
    without,
)

RENDERED = 200
SEED = 20

NETWORKS = ["10.0.0.0/8", "10.1.0.0/16", "192.168.7.0/24", "203.0.113.9/32", "fd12::/16", "2001:db8:1::/48"]
WIDE = ["0.0.0.0/0", "::/0", "128.0.0.0/1", "169.0.0.0/8", "168.0.0.0/5", "fe00::/7", "::/1", "127.0.0.0/8", "::1/128"]
NAMES = ["a.example.org", "B.example.org", "c-1.internal", "localhost"]
ADDRESSES = ["10.1.2.3", "10.9.0.1", "192.168.7.7", "203.0.113.9", "[fd12::7]", "[2001:DB8:1::a:0]", "[fd12:0:0::8]"]
# Neither is in a network above, and the first is never dialled.
ELSEWHERE = ["169.254.169.254", "198.51.100.1", "127.0.0.1", "[::1]"]
PORTS = [389, 443, 636, 1514, 6514, 8200, 8443, 65535]


def declaration(rng):
    """Values for the chart. Most are sound."""
    networks = NETWORKS + rng.sample(WIDE, rng.randint(0, 2)) if rng.random() < 0.3 else rng.sample(NETWORKS + WIDE, 3)
    hosts = rng.choice([NAMES, NAMES, ADDRESSES, NAMES + ADDRESSES])
    if hosts is not NAMES and rng.random() < 0.5:
        networks = NETWORKS if hosts is not ADDRESSES else []
    if rng.random() < 0.05:
        networks = []
    if rng.random() < 0.2:
        hosts = hosts + ELSEWHERE

    def address(scheme, ported=False):
        port = f":{rng.choice(PORTS)}" if ported or rng.random() < 0.5 else ""
        return f"{scheme}://{rng.choice(hosts)}{port}"

    sinks = [sink(address(rng.choice(["syslog+tls", "https"]), True), f"s{i}") for i in range(rng.randint(0, 2))]
    sections = {"audit": {"sinks": sinks + ([sink("file:///mnt/worm", "worm")] if rng.random() < 0.3 else [])}}
    if rng.random() < 0.3:
        sections["audit"]["witnesses"] = [{"url": address("https") + "/witness", "key": WITNESS, "place": PLACE}]
    if rng.random() < 0.4:
        sections["keys"] = {"house": vault(address("https"), "house"), "tenants": {"t": vault(address("https"), "t")}}
    if rng.random() < 0.3:
        sections["telemetry"] = {"otlp_endpoint": address("https") + "/v1/traces", "place": PLACE}
    allow = [address(rng.choice(["https", "ldaps", "ldap"])) for _ in range(rng.randint(0, 3))]
    values = config(allow, networks, **sections)
    if rng.random() < 0.3:
        values |= secret(
            networks=rng.sample(NETWORKS + WIDE, rng.randint(0, 2)),
            pods=LABELS if rng.random() < 0.6 else [],
            port=rng.choice([443, 5432, 6432]),
            named=rng.random() < 0.5,
        )
    return values


def is_unsound(values):
    """Whether it names something without saying where it is, or says what cannot be."""
    networks = [span(cidr) for cidr in values["config"]["outbound"]["networks"]]
    database = values.get("database")
    if database and not database["networks"] and not database["pods"]:
        return True
    for host, _ in declared_urls(values["config"]):
        address = address_of(host)
        if address is None:
            unfit = not networks
        elif host == "localhost":
            unfit = False
        else:
            only = [(address.version, int(address), int(address))]
            unfit = address.is_link_local or (networks and without(only, networks))
        if unfit:
            return True
    return False


def compare(values, found):
    """Fails unless both sides are the same; says whether they let anything through."""
    database = values.get("database", {"networks": [], "pods": [], "port": None, "named": False})
    expected = gateway_allows(found.config)
    # The database's address is in a Secret; where it is, the declaration says.
    of_database = without([span(cidr) for cidr in database["networks"]], never())
    expected = by_port(expected | {database["port"]: expected.get(database["port"], []) + of_database})
    allowed = policy_allows(found.egress)
    assert allowed == expected, f"{values}\nthe policy: {allowed}\nthe gateway: {expected}"
    assert not lets_out_metadata(allowed), found.egress

    peers = [peer for rule in found.egress for peer in rule["to"]]
    cidrs = {peer["ipBlock"]["cidr"] for peer in peers if "ipBlock" in peer}
    written = {*values["config"]["outbound"]["networks"], *database["networks"]}
    assert all(cidr in written or cidr.endswith(("/32", "/128")) for cidr in cidrs), cidrs
    has_names = any(address_of(host) is None for host, _ in declared_urls(values["config"]))
    needs_dns = has_names or database["named"]
    assert (dns() in found.egress) == needs_dns, f"{values}: {found.egress}"
    assert len([peer for peer in peers if "ipBlock" not in peer]) == needs_dns + len(database["pods"]), found.egress
    return bool(allowed)


def check(chart):
    """How many were rendered, how many of these let something through, how many were refused."""
    rng = random.Random(SEED)
    rendered = refused = opened = 0
    while rendered < RENDERED:
        values = declaration(rng)
        try:
            found = chart.render(values)
        except Refused as refusal:
            assert is_unsound(values), f"{values}: {refusal}"
            refused += 1
            continue
        assert not is_unsound(values), f"helm accepted: {values}"
        rendered += 1
        opened += compare(values, found)
        fault = chart.fault(found.toml)
        assert fault is None, f"{values}: {fault}"
    assert opened > RENDERED / 2 and 20 < refused < 2 * RENDERED, (opened, refused)
    return rendered, opened, refused
