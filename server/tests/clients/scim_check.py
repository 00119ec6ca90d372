"""scim2-tester against a live service: LEEWARD_URL, and LEEWARD_API_KEY of an administrator.

Makes a service account with the role provisioner and a key of its own, runs every check of the tester with that
key, and fails unless each succeeds. One thing the tester cannot know from the schema is told to it: that userName
is an e-mail address.
"""

import os
import sys
import uuid

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server, filling
from scim2_tester.checkers import patch_add, patch_replace

URL = os.environ["LEEWARD_URL"]
GREEN = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}
TIMEOUT = 30


def provisioner():
    """The secret of a provisioning system's key."""
    headers = {"authorization": "Bearer " + os.environ["LEEWARD_API_KEY"]}
    with Client(base_url=URL, headers=headers, timeout=TIMEOUT) as admin:

        def post(path, body):
            answer = admin.post(path, json=body)
            assert answer.status_code == 201, f"{path}: {answer.status_code} {answer.text}"
            return answer.json()

        account = {"email": "scim@demo.example", "roles": ["provisioner"], "kind": "service"}
        made = post("/api/users", account)
        return post("/api/keys", {"name": "scim", "user": made["user"]["id"]})["secret"]


def addresses_for_user_names():
    """Makes the tester fill userName with what the service takes for one."""
    generate = filling.generate_random_value

    def value(context, path, *args, **kwargs):
        made = generate(context, path, *args, **kwargs)
        if made is not None and str(path).lower().split(":")[-1] == "username":
            return f"{uuid.uuid4()}@demo.example"
        return made

    for module in (filling, patch_add, patch_replace):
        module.generate_random_value = value


def main():
    addresses_for_user_names()
    headers = {"authorization": "Bearer " + provisioner()}
    with Client(base_url=URL + "/scim/v2", headers=headers, timeout=TIMEOUT) as http:
        results = check_server(SyncSCIMClient(http))
    wrong = [result for result in results if result.status not in GREEN]
    for result in wrong:
        print(f"{result.status.name} {result.resource_type or '-'} {result.title}: {result.reason}\n  {result.data}")
    checked = {(result.resource_type, result.title) for result in results}
    print(f"{len(results)} results of {len(checked)} checks, {len(wrong)} not green")
    # A checker that found nothing to check has checked nothing.
    expected = {"object_creation", "check_add_attribute", "check_remove_attribute", "check_replace_attribute"}
    missing = [(kind, title) for kind in ("User", "Group") for title in expected if (kind, title) not in checked]
    for kind, title in missing:
        print(f"{title} did not run for {kind}")
    return 1 if wrong or missing else 0


if __name__ == "__main__":
    sys.exit(main())
