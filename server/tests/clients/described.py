"""Schemathesis over the whole description: what the service answers is what /openapi.json says it may.

Needs LEEWARD_URL, LEEWARD_API_KEY, LEEWARD_DATA (to make people at the command line) and LEEWARD_PROGRAM, the gateway.
Every operation is asked by whoever may use it: a program by key, the roles of a tenant and an operator of the appliance
at a browser, and somebody nobody knows. LEEWARD_CASES says how many cases at least (10000). Fails on a 5xx, on a status,
a media type or a body that is not described, and where a pass asked nothing or was refused every operation: refusals
alone say nothing of the answers. Prints one line of JSON.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse

URL = os.environ["LEEWARD_URL"].rstrip("/")
CASES = int(os.environ.get("LEEWARD_CASES", "10000"))
SCHEMATHESIS = os.path.join(os.path.dirname(sys.executable), "schemathesis")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# Ends the session of whoever asks: asked by nobody alone.
LOGOUT = "^/auth/logout$"
# May replace, end or lock what a pass is signed in with; asked by somebody whose session no other pass needs.
# password: every other session of the user ends, and failures lock. switch: goes on in a session of its own.
# tenants: an invitation adds a tenant to act in. sessions: ends one's own. second-factor: failures lock.
SPARED = r"^/auth/(password|switch|tenants)$|^/auth/second-factor|^/api/me/sessions"


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
    # It keeps a cache where it runs, and reads a configuration there.
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run(command, capture_output=True, text=True, cwd=place)

    def told(pattern):
        found = re.search(pattern, done.stdout)
        return int(found[1]) if found else 0

    numbers = {
        "cases": told(r"(\d+) generated"),
        "operations": told(r"Operations: +(\d+) selected"),
        "refused_operations": told(r"Authentication failed: (\d+) operation"),
    }
    # Without credentials most are refused, as they should be.
    heard = not headers or numbers["refused_operations"] < numbers["operations"]
    fine = done.returncode == 0 and numbers["cases"] > 0 and heard
    if not fine:
        print(f"{name}: {numbers}\n{done.stdout}\n{done.stderr}", file=sys.stderr)
    return {"pass": name, **numbers}, fine


def main():
    key = {"authorization": "Bearer " + os.environ["LEEWARD_API_KEY"]}
    passes = [
        ("a program", key, ["--include-path-regex", "^/v1/"]),
        (
            "administrator and officer",
            signed_in("all@demo.example", "tenant_admin", "security_officer"),
            ["--exclude-path-regex", f"{LOGOUT}|{SPARED}|^/v1/|^/scim/"],
        ),
        (
            "operator",
            signed_in("operator@demo.example", "platform_operator"),
            ["--include-path-regex", "^/api/(tenants|catalogue|models|audit)"],
        ),
        # Nobody audits what they administer, and only a provisioner may use SCIM: roles of their own.
        ("auditor", signed_in("auditor@demo.example", "auditor"), ["--include-path-regex", "^/api/(audit|erasures)"]),
        ("provisioner", signed_in("provisioner@demo.example", "provisioner"), ["--include-path-regex", "^/scim/"]),
        ("somebody to spare", signed_in("spare@demo.example", "member"), ["--include-path-regex", SPARED]),
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
