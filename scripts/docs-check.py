#!/usr/bin/env python3
"""Checks what the documents claim and a machine can see: links, make targets, scripts, configuration keys; and that no
two types have one name in the API's description, where the later would silently take the earlier one's place.

Prints each finding; exit status 1 if there is any.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
findings = []


def config_keys():
    """Every `section.key` of the configuration's source."""
    source = "".join(page.read_text() for page in sorted((ROOT / "server/src/config").glob("*.rs")))
    for section, body in re.findall(r"/// `\[(\w+)\]`.*?pub struct \w+ \{(.*?)\n\}", source, re.S):
        for key in re.findall(r"^    pub (\w+):", body, re.M):
            yield f"{section}.{key}"


def doubled_schemas():
    """Names that two types have in the API's description, each with the files."""
    seen = {}
    derived = r"#\[derive\([^)]*ToSchema[^)]*\)\]\n((?:#\[.*\]\n|///.*\n)*)pub(?:\([^)]*\))? (?:struct|enum) (\w+)"
    for page in sorted((ROOT / "server/src").rglob("*.rs")):
        for attributes, name in re.findall(derived, page.read_text()):
            renamed = re.search(r"\bas = (\w+)", attributes)
            seen.setdefault(renamed[1] if renamed else name, []).append(str(page.relative_to(ROOT)))
    return {name: pages for name, pages in seen.items() if len(pages) > 1}


def main():
    targets = set(re.findall(r"^([a-z-]+):.*?## ", (ROOT / "Makefile").read_text(), re.M))
    for page in PAGES:
        text = page.read_text()
        name = page.relative_to(ROOT)
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if "://" not in link and not (page.parent / link).exists():
                findings.append(f"{name}: there is no {link}")
        for target in re.findall(r"(?:^    |`)make ([a-z-]+)", text, re.M):
            if target not in targets:
                findings.append(f"{name}: there is no make target {target}")
        for script in re.findall(r"\bscripts/[\w-]+\.\w+", text):
            if not (ROOT / script).exists():
                findings.append(f"{name}: there is no {script}")

    documented = set(re.findall(r"^\| `(\w+\.\w+)[`.]", (ROOT / "docs/operations.md").read_text(), re.M))
    keys = set(config_keys())
    findings.extend(f"docs/operations.md: lacks the key {key}" for key in sorted(keys - documented))
    findings.extend(f"docs/operations.md: there is no key {key}" for key in sorted(documented - keys))
    for schema, pages in doubled_schemas().items():
        findings.append(f"{', '.join(pages)}: both describe a {schema}; tell them apart with #[schema(as = …)]")
    if not keys:
        findings.append("docs-check: no configuration key was found in server/src/config/sections.rs")

    for finding in findings:
        print(finding)
    print(f"{len(PAGES)} pages, {len(keys)} configuration keys, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
