# SPDX-License-Identifier: Apache-2.0
"""What identity keeps for others, over a real socket: credentials of any type, those in the manner of EC2, policies."""

import json

from tests.cloud import RunningCloud
from tests.services.callers import login
from tests.services.tenancy import ids, made, message

BLOB = json.dumps({"access": "the access key", "secret": "the secret key"})


def test_credentials_are_kept(strict: RunningCloud) -> None:
    admin, demo = login(strict, user="admin"), login(strict)
    fields = {"user_id": demo.user, "project_id": demo.project}
    kept = made(admin, "credential", type="ec2", blob=BLOB, **fields)
    assert {name: kept[name] for name in fields} == fields
    assert json.loads(kept["blob"]) == json.loads(BLOB)
    again = {"credential": {"type": "ec2", "blob": BLOB, **fields}}
    assert "Duplicate entry" in message(admin.identity("POST", "/credentials", again), 409)
    path = f"/credentials/{kept['id']}"
    assert admin.identity("PATCH", path, {"credential": {"blob": "changed"}}).json["credential"]["blob"] == "changed"
    assert demo.identity("GET", path).status == 200
    theirs, others = (str(made(admin, "credential", type="cert", blob="x")["id"]) for _ in range(2))
    assert (len(theirs), theirs == others) == (32, False)
    assert admin.identity("DELETE", f"/credentials/{others}").status == 204
    assert ids(demo.identity("GET", "/credentials"), "credentials") == {kept["id"]}
    assert ids(admin.identity("GET", "/credentials"), "credentials") == {kept["id"], theirs}
    assert ids(admin.identity("GET", "/credentials?type=cert"), "credentials") == {theirs}
    assert demo.identity("GET", f"/credentials/{theirs}").status == 403
    foreign = {"credential": {"type": "cert", "blob": "x", "user_id": admin.user}}
    assert demo.identity("POST", "/credentials", foreign).status == 403
    assert demo.identity("DELETE", f"/credentials/{theirs}").status == 403
    assert [admin.identity("DELETE", one).status for one in (path, path)] == [204, 404]
    bad = {"credential": {"type": "ec2", "blob": "{", **fields}}
    assert message(admin.identity("POST", "/credentials", bad), 400) == "Invalid blob in credential"


def test_credentials_in_the_manner_of_ec2(strict: RunningCloud) -> None:
    demo, admin = login(strict), login(strict, user="admin")
    start = f"/users/{demo.user}/credentials/OS-EC2"
    given = demo.identity("POST", start, {"tenant_id": demo.project}).json["credential"]
    assert (given["user_id"], given["tenant_id"]) == (demo.user, demo.project)
    path = f"{start}/{given['access']}"
    assert demo.identity("GET", path).json["credential"] == given
    assert demo.identity("GET", start).json["credentials"] == [given]
    assert admin.identity("GET", f"/users/{admin.user}/credentials/OS-EC2/{given['access']}").status == 404
    assert demo.identity("GET", f"/users/{admin.user}/credentials/OS-EC2").status == 403
    assert demo.identity("POST", start, {}).status == 400
    assert [demo.identity(method, path).status for method in ("DELETE", "GET")] == [204, 404]
    assert given["secret"] not in strict.ask("GET", "/_mimic/journal").body.decode()


def test_policies_are_kept(strict: RunningCloud) -> None:
    admin, demo = login(strict, user="admin"), login(strict)
    kept = made(admin, "policy", "policies", type="text", blob="all may")
    path = f"/policies/{kept['id']}"
    assert admin.identity("PATCH", path, {"policy": {"blob": "none may"}}).status == 200
    shown = admin.identity("GET", path).json["policy"]
    assert (shown["type"], shown["blob"]) == ("text", "none may")
    assert ids(admin.identity("GET", "/policies"), "policies") == {kept["id"]}
    assert demo.identity("GET", path).status == 403
    assert admin.identity("DELETE", path).status == 204
    assert message(admin.identity("GET", path), 404) == f"Could not find policy: {kept['id']}."
