#!/usr/bin/env python3
"""The chart's egress rules against the configuration it writes: what one lets through, the other allows.

    egress.py HELM CHART LEEWARD

Renders the chart with chosen and with random declarations. Every leeward.toml that comes out must be one the gateway
takes.
"""

import json
import pathlib
import re
import sys

import declarations
import random_declarations
from chart import Chart, Refused


def chosen(chart):
    """Exactly the rules that are expected, or the sentence."""
    for what, values, expected in declarations.CHOSEN:
        found = chart.render(values)
        assert found.egress == expected, f"{what}: {json.dumps(found.egress, indent=1)}"
        fault = chart.fault(found.toml)
        assert fault is None, f"{what}: {fault}"
    for values, sentence in declarations.REFUSED:
        try:
            chart.render(values)
        except Refused as refusal:
            assert sentence in str(refusal), f"{values} failed without saying {sentence!r}: {refusal}"
        else:
            raise AssertionError(f"helm accepted: {values}")


def written_once(chart):
    """A key provider's origin is allowed by naming it, and no name needs networks where there is no policy."""
    found = chart.render(declarations.KEY_PROVIDERS)
    assert found.egress == declarations.THEIR_RULES, found.egress
    assert found.config["outbound"]["allow"] == declarations.THEIR_ORIGINS, found.toml
    assert chart.fault(found.toml) is None, found.toml
    by_name = declarations.config([declarations.IDENTITY])
    assert chart.render(by_name | {"networkPolicy": {"enabled": False}}).egress is None


def self_test(chart):
    """What the network is to refuse: the cluster's own API unless something else is given; nothing without a policy."""
    name = "LEEWARD__OUTBOUND__REFUSED_BY_NETWORK"
    api = "$(KUBERNETES_SERVICE_HOST):$(KUBERNETES_SERVICE_PORT)"
    for values, in_env, in_file in [
        ({}, api, None),
        ({"networkPolicy": {"enabled": False}}, None, None),
        ({"config": {"outbound": {"refused_by_network": []}}}, None, []),
        ({"config": {"outbound": {"refused_by_network": ["203.0.113.1:443"]}}}, None, ["203.0.113.1:443"]),
    ]:
        found = chart.render(values)
        assert found.env.get(name) == in_env, found.env
        assert found.config.get("outbound", {}).get("refused_by_network") == in_file, found.toml
    # As the kubelet fills it in, for either family; and as it stands if nobody does.
    toml = chart.render({}).toml
    for given, fits in [("10.96.0.1:443", True), ("fd00::1:443", True), (api, False)]:
        assert (chart.fault(toml, {name: given}) is None) == fits, given


def schema_is_whole(chart):
    """Every key of docs/operations.md, which docs-check.py holds against the source, can be given to the chart."""
    text = (chart.folder.resolve().parent.parent / "docs/operations.md").read_text()
    keys = {key for key in re.findall(r"^\| `(\w+)\.(\w+)[`.]", text, re.MULTILINE) if key[0] != "tls"}
    schema = json.loads((chart.folder / "values.schema.json").read_text())
    sections = schema["properties"]["config"]["properties"]
    # A section that is a list, such as the backups' places, has no keys of its own there.
    tables = {section: schema["properties"] for section, schema in sections.items() if "properties" in schema}
    given = {(section, key) for section, table in tables.items() for key in table}
    set_by_the_chart = {("http", "listen"), ("data", "dir"), ("database", "url")}
    assert keys - given == set_by_the_chart, (keys - given) ^ set_by_the_chart
    assert given <= keys, given - keys


def main():
    helm, folder, gateway = sys.argv[1:]
    chart = Chart(helm, pathlib.Path(folder), gateway)
    schema_is_whole(chart)
    chosen(chart)
    written_once(chart)
    self_test(chart)
    rendered, opened, refused = random_declarations.check(chart)
    print(
        f"    egress: {len(declarations.CHOSEN)} chosen declarations rendered, "
        f"{len(declarations.REFUSED)} refused with their sentence"
    )
    print(
        f"    egress: {rendered} random declarations the same on both sides ({opened} open something), "
        f"{refused} rightly refused"
    )


if __name__ == "__main__":
    main()
