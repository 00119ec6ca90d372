"""The chart as Helm renders it, and the gateway that is to take the configuration in it."""

import collections
import dataclasses
import json
import pathlib
import subprocess
import tempfile
import tomllib

import yaml

# The policy's egress rules (None: no policy), leeward.toml as read and as written, the container's environment.
Rendered = collections.namedtuple("Rendered", "egress config toml env")


class Refused(Exception):
    """Helm would not render it."""


@dataclasses.dataclass
class Chart:
    """The chart in a folder, with the programs that read it and what it writes."""

    helm: str
    folder: pathlib.Path
    gateway: str

    def render(self, values):
        """Renders it with these values; `Refused` holds what Helm said otherwise."""
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            json.dump(values, file)
            file.flush()
            command = [self.helm, "template", "demo", self.folder, "--namespace", "leeward", "--values", file.name]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            raise Refused(done.stderr)
        documents = {document["kind"]: document for document in yaml.safe_load_all(done.stdout) if document}
        policy = documents.get("NetworkPolicy")
        toml = documents["ConfigMap"]["data"]["leeward.toml"]
        container = documents["Deployment"]["spec"]["template"]["spec"]["containers"][0]
        env = {variable["name"]: variable.get("value") for variable in container.get("env", [])}
        return Rendered(policy and policy["spec"]["egress"], tomllib.loads(toml), toml, env)

    def fault(self, toml, env=None):
        """What the gateway finds wrong with this configuration; None if nothing."""
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "leeward.toml"
            file.write_text(toml)
            # The cheapest command that reads and checks the whole configuration.
            command = [self.gateway, "--config", file, "openapi"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env or {})
        return None if done.returncode == 0 else done.stderr
