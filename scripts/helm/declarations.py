"""Chosen declarations: the egress rules each must give, or the sentence it must be refused with."""

PLACE = {"site": "roma-2", "region": "Lazio", "jurisdiction": "IT", "ceiling": "internal"}
# The public key of RFC 8032's first test vector, as a witness writes its own.
WITNESS = "leeward/witness+134437cb+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
DNS_PODS = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}]


def sink(to, name="siem"):
    more = {"ca": "/ca.pem"} if to.startswith("syslog+tls") else {}
    return {"name": name, "to": to, "place": PLACE, **more}


def vault(url, name="vault"):
    return {"provider": "vault", "name": name, "url": url, "key": "leeward", "token_file": "/token"}


def config(allow=(), networks=(), **sections):
    return {"config": {"outbound": {"allow": list(allow), "networks": list(networks)}, **sections}}


def rule(to, *ports):
    return {"to": to, "ports": [{"port": port, "protocol": "TCP"} for port in ports]}


def blocks(*cidrs):
    return [{"ipBlock": {"cidr": cidr}} for cidr in cidrs]


def dns(to=None, port=53):
    return {"to": to or DNS_PODS, "ports": [{"port": port, "protocol": over} for over in ("UDP", "TCP")]}


def secret(**database):
    return {"database": {"existingSecret": "leeward-postgres", **database}}


IDENTITY = "https://login.example.org"
LABELS = [{"podSelector": {"matchLabels": {"app": "postgres"}}}]
EXTRA = rule([{"ipBlock": {"cidr": "128.0.0.0/1", "except": ["169.254.0.0/16"]}}], 8443)
CHOSEN = [
    ("nothing is declared", {}, []),
    ("networks alone open nothing", config(networks=["10.0.0.0/8"]), []),
    (
        "an identity provider, a sink, a key provider and a collector by name",
        config(
            [IDENTITY],
            ["10.0.0.0/8", "fd12::/16"],
            audit={
                "sinks": [sink("syslog+tls://siem.example.org:6514"), sink("file:///mnt/worm", "worm")],
                "witnesses": [{"url": "https://witness.example.org:8444/witness", "key": WITNESS, "place": PLACE}],
            },
            keys={"house": vault("https://vault.example.org:8200")},
            telemetry={"otlp_endpoint": "https://collector.example.org/v1/traces", "place": PLACE},
            backups=[{"name": "nightly", "to": "file:///mnt/backups", "place": PLACE}],
        ),
        [rule(blocks("10.0.0.0/8", "fd12::/16"), 443, 6514, 8444, 8200), dns()],
    ),
    (
        "addresses need neither networks nor DNS",
        config(["https://10.1.2.3", "ldaps://[FD12::7]", "https://10.1.2.3:8443"]),
        [rule(blocks("10.1.2.3/32"), 443, 8443), rule(blocks("fd12::7/128"), 636)],
    ),
    (
        "an address opens itself and not its network",
        config(["https://10.1.2.3"], ["10.0.0.0/8"]),
        [rule(blocks("10.1.2.3/32"), 443)],
    ),
    (
        "the loopback needs no rule",
        config(
            ["http://127.0.0.1:8200", "http://localhost:1", "http://[::1]:2"],
            ["127.0.0.0/8", "::1/128"],
            audit={"sinks": [sink("syslog+tcp://127.0.0.1:601")]},
            telemetry={"otlp_endpoint": "http://127.0.0.1:4318/v1/traces"},
        ),
        [],
    ),
    (
        "everywhere is without what is never dialled",
        config([IDENTITY], ["0.0.0.0/0", "::/0", "127.0.0.0/8"]),
        [
            rule(
                [
                    {
                        "ipBlock": {
                            "cidr": "0.0.0.0/0",
                            "except": ["0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32"],
                        }
                    },
                    {"ipBlock": {"cidr": "::/0", "except": ["fe80::/10", "ff00::/8", "::/96", "64:ff9b::/96"]}},
                ],
                443,
            ),
            dns(),
        ],
    ),
    (
        "a database in a network, by address",
        secret(networks=["10.0.5.0/24"], port=6432, named=False),
        [rule(blocks("10.0.5.0/24"), 6432)],
    ),
    ("a database in this cluster, by name", secret(pods=LABELS), [rule(LABELS, 5432), dns()]),
    ("a database beside the gateway", secret(networks=["127.0.0.1/32"], named=False), []),
    (
        "the way around, and a cluster whose DNS is elsewhere",
        {
            **config([IDENTITY], ["10.0.0.0/8"]),
            "networkPolicy": {"extraEgress": [EXTRA], "dns": {"pods": LABELS, "port": 5353}},
        },
        [rule(blocks("10.0.0.0/8"), 443), dns(LABELS, 5353), EXTRA],
    ),
]

WRITE_PLAINLY = [
    "2130706433",
    "0x7f.1",
    "10.1",
    "010.0.0.1",
    "10.0.0.256",
    "10.1.2.3.",
    "[fd12::1::2]",
    "[12345::]",
    "[1:2:3:4:5:6:7]",
]
WRITE_AS_URL = [
    "user:secret@host",
    "user@host",
    "host:0",
    "host:99999999",
    "höst",
    "ho%73t",
    "host\\@other",
    "",
    "[::ffff:10.1.2.3]",
]
BY_NAME = "config.outbound.networks is not set, but these hosts are names: "
REFUSED = [
    (config([IDENTITY]), f"{BY_NAME}{IDENTITY} (config.outbound.allow). A NetworkPolicy knows addresses only: set"),
    (
        config(audit={"sinks": [sink("syslog+tls://siem.example.org:6514")]}),
        f'{BY_NAME}syslog+tls://siem.example.org:6514 (config.audit.sinks "siem")',
    ),
    (
        config(audit={"witnesses": [{"url": "https://witness.example.org", "key": WITNESS, "place": PLACE}]}),
        f"{BY_NAME}https://witness.example.org (config.audit.witnesses)",
    ),
    (
        config(keys={"tenants": {"energia": vault("https://vault.example.org")}}),
        f"{BY_NAME}https://vault.example.org (config.keys.tenants.energia)",
    ),
    (
        config(telemetry={"otlp_endpoint": "https://collector.example.org", "place": PLACE}),
        f"{BY_NAME}https://collector.example.org (config.telemetry",
    ),
    (config(["https://11.1.2.3"], ["10.0.0.0/8"]), "is in none of config.outbound.networks"),
    (config(["https://[fd13::1]"], ["fd12::/16"]), "is in none of config.outbound.networks"),
    *(
        (config([f"http://{never}"]), "where the gateway never connects")
        for never in ("169.254.169.254", "0.0.0.0", "[fe80::1]", "[ff02::1]")
    ),
    *(
        (config([f"http://{inside}"]), "write the IPv4 address that is inside")
        for inside in ("[::ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[::a9fe:a9fe]")
    ),
    *(
        (config([IDENTITY], [never]), "where the gateway never connects")
        for never in ("169.254.169.254/32", "169.254.0.0/16", "fe80::/64")
    ),
    (config([IDENTITY], ["::ffff:a00:0/104"]), "write the IPv4 address that is inside"),
    *(
        (config([IDENTITY], [wrong]), "write a network as ADDRESS/LENGTH")
        for wrong in ("10.0.0.1", "10.0.0.0/08", "example.org/8", "10.0/8")
    ),
    *((config([IDENTITY], [wrong]), "whose length is beyond the address's") for wrong in ("10.0.0.0/33", "fd12::/129")),
    *((config([IDENTITY], [wrong]), "write the network's first address") for wrong in ("10.1.2.3/8", "fd12::1/16")),
    *((config([f"https://{host}"], ["10.0.0.0/8"]), "write the address plainly") for host in WRITE_PLAINLY),
    *((config([f"https://{host}"], ["10.0.0.0/8"]), "write it as scheme://host:port") for host in WRITE_AS_URL),
    *(
        (config([url], ["10.0.0.0/8"]), "write its port")
        for url in ("syslog+tls://host", "https://host:65536", "gopher://host")
    ),
    (secret(), "set database.networks (for example [10.0.5.0/24]) or database.pods, and database.port"),
    (secret(networks=["169.254.169.254/32"]), "where the gateway never connects"),
    (secret(pods=[{"ipBlock": {"cidr": "0.0.0.0/0"}}]), "ipBlock"),
    ({"networkPolicy": {"extraEgress": [{"ports": [{"port": 1}]}]}}, "missing property 'to'"),
    *(
        ({"networkPolicy": {"extraEgress": [rule([{"ipBlock": block}], 80)]}}, "where clouds hand out credentials")
        for block in ({"cidr": "0.0.0.0/0"}, {"cidr": "169.254.169.254/32", "except": ["169.254.0.0/32"]})
    ),
    ({"networkPolicy": {"dns": {"pods": []}}}, "minItems"),
    *(
        ({"env": [{"name": name, "value": "x"}]}, f"env sets {name}")
        for name in ("LEEWARD__OUTBOUND__ALLOW", "leeward__keys__house__url", "LEEWARD__DATABASE__URL")
    ),
    (
        {
            "config": {
                "outbound": {"allow": [IDENTITY], "networks": ["10.0.0.0/8"], "refused_by_network": ["10.9.9.9:443"]}
            }
        },
        "take one of the two out",
    ),
    (
        {"config": {"outbound": {"allow": ["https://[fd12::7]"], "refused_by_network": ["[fd12:0::7]:443"]}}},
        "take one of the two out",
    ),
]

KEY_PROVIDERS = config(
    ["https://10.0.0.1"],
    keys={
        "house": vault("https://10.0.0.1"),
        "older": [vault("https://10.0.0.2", "older")],
        "tenants": {"energia": vault("https://10.0.0.3", "tenant")},
        "tenants_older": {"energia": [vault("https://10.0.0.4", "former")]},
    },
)
THEIR_ORIGINS = [f"https://10.0.0.{i}" for i in range(1, 5)]
THEIR_RULES = [rule(blocks(f"10.0.0.{i}/32"), 443) for i in range(1, 5)]
