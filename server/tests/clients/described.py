"""Schemathesis over the whole description: what the service answers is what /openapi.json says it may.

Needs LEEWARD_URL, LEEWARD_API_KEY, LEEWARD_DATA (to make people at the command line) and LEEWARD_PROGRAM, the gateway.
Every operation is asked by whoever may use it: a program by key, a tenant's administrator and security officer and an
operator of the appliance at a browser, and somebody nobody knows. LEEWARD_CASES says how many cases at least (10000).
Fails on a 5xx, and on a status, a media type or a body that is not described. Prints one line of JSON.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import urllib.parse

URL = os.environ["LEEWARD_URL"].rstrip("/")
CASES = int(os.environ.get("LEEWARD_CASES", "10000"))
SCHEMATHESIS = os.path.join(os.path.dirname(sys.executable), "schemathesis")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# What would end the pass itself: it signs out, or replaces what it is signed in with.
ENDS = r"^/auth/(logout|password|switch|tenants)$|^/api/me/sessions|^/auth/second-factor"


def post(path, body, headers=None):
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(URL).netloc, timeout=60)
    connection.request("POST", path, json.dumps(body), {"content-type": "application/json", **(headers or {})})
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, text
    return json.loads(text), answer.headers.get("set-cookie", "").split(";")[0]


def signed_in(email, *roles):
    """The headers of somebody new at a browser."""
    command = [os.environ["LEEWARD_PROGRAM"], "--data-dir", os.environ["LEEWARD_DATA"], "--json", "user", "create"]
    command += ["--tenant", "demo", email]
    made = subprocess.run([*command, *(part for role in roles for part in ("--role", role))], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    password = json.loads(made.stdout)["password"]
    info, cookie = post("/auth/login", {"email": email, "password": password})
    headers = {"cookie": cookie, "x-csrf-token": info["csrf_token"]}
    change = {"current_password": password, "new_password": password + " and three words"}
    info, cookie = post("/auth/password", change, headers)
    return {"cookie": cookie, "x-csrf-token": info["csrf_token"]}


def asked(name, headers, selection, examples):
    """One pass; the cases and whether all passed."""
    command = [SCHEMATHESIS, "run", f"{URL}/openapi.json", "--seed", "1", "--checks", CHECKS]
    # Credentials of its own making would take the place of ours.
    command += ["--generation-with-security-parameters", "false"]
    command += ["--phases", "coverage,fuzzing", "--max-examples", str(examples), "--request-timeout", "30", *selection]
    command += [part for header, value in headers.items() for part in ("--header", f"{header}: {value}")]
    done = subprocess.run(command, capture_output=True, text=True)
    cases = re.search(r"(\d+) generated", done.stdout)
    if done.returncode or not cases:
        print(f"{name}:\n{done.stdout}\n{done.stderr}", file=sys.stderr)
    unauthorised = re.search(r"Authentication failed: (\d+) operations", done.stdout)
    told = {"pass": name, "cases": int(cases[1]) if cases else 0, "refused_operations": int(unauthorised[1]) if unauthorised else 0}
    return told, done.returncode == 0


def main():
    key = {"authorization": "Bearer " + os.environ["LEEWARD_API_KEY"]}
    passes = [
        ("a program", key, ["--include-path-regex", "^/v1/"]),
        ("administrator and officer", signed_in("all@demo.example", "tenant_admin", "security_officer"), ["--exclude-path-regex", f"{ENDS}|^/v1/|^/scim/"]),
        ("operator", signed_in("operator@demo.example", "platform_operator"), ["--include-path-regex", "^/api/(tenants|catalogue|models|audit)"]),
        ("provisioner", signed_in("provisioner@demo.example", "tenant_admin"), ["--include-path-regex", "^/scim/"]),
        ("nobody", {}, ["--include-path-regex", "^/(auth|healthz|readyz|metrics|witness)"]),
    ]
    results, passed, examples = [], True, 1
    while sum(one["cases"] for one in results) < CASES:
        for name, headers, selection in passes:
            told, fine = asked(name, headers, selection, examples)
            results.append(told)
            passed = passed and fine
        if not passed:
            break
        # Coverage cases are the same each time; the drawn ones grow.
        examples *= 4
    print(json.dumps({"cases": sum(one["cases"] for one in results), "passed": passed, "passes": results}))
    return 0 if passed else 1


sys.exit(main())
