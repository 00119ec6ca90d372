"""Schemathesis over the whole description: what the service answers is what /openapi.json says it may.

Needs LEEWARD_URL, LEEWARD_DATA (to make people at the command line) and LEEWARD_PROGRAM, the gateway. Every operation
is asked by whoever may use it: a program by key, the roles of a tenant and an operator of the appliance at a browser,
and somebody nobody knows. LEEWARD_CASES says how many cases at least (10000). Fails on a 5xx, on a status, a media type
or a body that is not described, and where a pass asked nothing, was refused every operation or lost what it was signed
in with: refusals alone say nothing of the answers. Prints one line of JSON.

Schemathesis asks with ids it was told in lists: it really revokes keys and deletes people. So each pass is somebody
new, and who may end others comes late.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import uuid

URL = os.environ["LEEWARD_URL"].rstrip("/")
CASES = int(os.environ.get("LEEWARD_CASES", "10000"))
SCHEMATHESIS = os.path.join(os.path.dirname(sys.executable), "schemathesis")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# Ends the session of whoever asks: asked by nobody alone.
LOGOUT = "^/auth/logout$"
# May replace, end or lock what a pass is signed in with; asked by somebody to spare, as often as they last.
# password: every other session of the user ends, and failures lock. switch: goes on in a session of its own.
# tenants: an invitation adds a tenant to act in. sessions: ends one's own. second-factor: failures lock.
SPARED = r"^/auth/(password|switch|tenants)$|^/auth/second-factor|^/api/me/sessions"
# An administrator may delete themselves, end their own sessions, take their own roles or factors.
PEOPLE = r"^/api/users/\{id\}"


def post(path, body, headers=None):
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(URL).netloc, timeout=60)
    connection.request("POST", path, json.dumps(body), {"content-type": "application/json", **(headers or {})})
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, text
    return json.loads(text), answer.headers.get("set-cookie", "").split(";")[0]


def command_line(*arguments):
    """What the gateway's command line says; the service runs on."""
    command = [os.environ["LEEWARD_PROGRAM"], "--data-dir", os.environ["LEEWARD_DATA"], "--json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def somebody(*roles):
    """Somebody new: their address and one-time password."""
    email = f"{uuid.uuid4()}@demo.example"
    asked_for = [part for role in roles for part in ("--role", role)]
    return email, command_line("user", "create", "--tenant", "demo", email, *asked_for)["password"]


def signed_in(*roles):
    """The headers of somebody new at a browser."""
    email, password = somebody(*roles)
    info, cookie = post("/auth/login", {"email": email, "password": password})
    headers = {"cookie": cookie, "x-csrf-token": info["csrf_token"]}
    change = {"current_password": password, "new_password": password + " and three words"}
    info, cookie = post("/auth/password", change, headers)
    return {"cookie": cookie, "x-csrf-token": info["csrf_token"]}


def keyed():
    """The headers of somebody new's program."""
    email, _ = somebody("member")
    made = command_line("key", "create", "--tenant", "demo", "--user", email, email)
    return {"authorization": "Bearer " + made["api_key"]}


def holds(headers):
    """Whether the service still knows who asks."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(URL).netloc, timeout=60)
    connection.request("GET", "/v1/models" if "authorization" in headers else "/auth/session", headers=headers)
    return connection.getresponse().status == 200


def asked(name, headers, selection, examples, spared=False):
    """One pass; the cases and whether all passed. Who is spared need not be signed in at its end."""
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
    heard = heard and (not headers or spared or holds(headers))
    fine = done.returncode == 0 and numbers["cases"] > 0 and heard
    if not fine:
        print(f"{name}: {numbers}\n{done.stdout}\n{done.stderr}", file=sys.stderr)
    return {"pass": name, **numbers}, fine


def passes():
    """Who asks (made when their turn comes), for what, and whether they may end themselves."""
    only, all_but = "--include-path-regex", "--exclude-path-regex"
    yield "a program", keyed(), [only, "^/v1/"], False
    operated = "^/api/(tenants|catalogue|models|audit)"
    yield "operator", signed_in("platform_operator"), [only, operated], False
    # Nobody audits what they administer, and only a provisioner may use SCIM: roles of their own.
    yield "auditor", signed_in("auditor"), [only, "^/api/(audit|erasures)"], False
    ruling = ("tenant_admin", "security_officer")
    rest = f"{LOGOUT}|{SPARED}|{PEOPLE}|^/v1/|^/scim/"
    yield "administrator and officer", signed_in(*ruling), [all_but, rest], False
    yield "nobody", {}, [only, "^/(auth|healthz|readyz|metrics|witness)"], False
    yield "somebody to spare", signed_in("member"), [only, SPARED], True
    yield "administrator to spare", signed_in(*ruling), [only, PEOPLE], True
    yield "provisioner to spare", signed_in("provisioner"), [only, "^/scim/"], True


def main():
    results, passed, examples = [], True, 1
    while passed and sum(one["cases"] for one in results) < CASES:
        for name, headers, selection, spared in passes():
            told, fine = asked(name, headers, selection, examples, spared)
            results.append(told)
            passed = passed and fine
        # Coverage cases are the same each time; the drawn ones grow.
        examples *= 4
    print(json.dumps({"cases": sum(one["cases"] for one in results), "passed": passed, "passes": results}))
    return 0 if passed else 1


sys.exit(main())
