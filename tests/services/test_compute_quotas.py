# SPDX-License-Identifier: Apache-2.0
"""Limits, quota sets and key pairs of compute over a real socket: what projects may have, and what users name.

The refusals are those of OpenStack's own service, to the word.
"""

from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_ssh_private_key, load_ssh_public_key

from tests.cloud import RunningCloud
from tests.services.callers import Caller, login, wanted


def absolute(caller: Caller, query: str = "", version: str | None = None) -> dict[str, int]:
    """The limits of a project, and how much of them is used."""
    limits: dict[str, int] = caller.ask("GET", f"/limits{query}", version=version).json["limits"]["absolute"]
    return limits


def used(caller: Caller) -> tuple[int, int, int]:
    """Servers, processors and MiB of memory."""
    limits = absolute(caller)
    return limits["totalInstancesUsed"], limits["totalCoresUsed"], limits["totalRAMUsed"]


def refused(caller: Caller, **more: Any) -> str:
    """The words that forbid a server."""
    answer = caller.ask("POST", "/servers", wanted(**more))
    assert (answer.status, answer.json["forbidden"]["code"]) == (403, 403)
    words: str = answer.json["forbidden"]["message"]
    return words


# quotas --------------------------------------------------------------------------------------------------------------


def test_limits_follow_what_is_there(frozen: RunningCloud) -> None:
    caller = login(frozen, "live")
    limits = absolute(caller)
    assert (limits["maxTotalInstances"], limits["maxTotalCores"], limits["maxTotalRAMSize"]) == (10, 20, 51200)
    assert (limits["maxServerMeta"], limits["maxTotalKeypairs"], limits["maxServerGroups"]) == (128, 100, 10)
    assert used(caller) == (0, 0, 0)
    small = caller.create(flavorRef="2")
    caller.create(flavorRef="3")
    assert used(caller) == (2, 3, 6144)
    # what fails takes nothing
    assert caller.ask("POST", "/servers", wanted(flavorRef="99")).status == 400
    caller.ask("DELETE", f"/servers/{small}")
    assert used(caller) == (1, 2, 4096)
    assert used(login(frozen, "elsewhere")) == (0, 0, 0)


def test_instances_run_out(frozen: RunningCloud) -> None:
    caller = login(frozen, "full")
    assert caller.ask("POST", "/servers", wanted(min_count=10)).status == 202
    assert refused(caller) == "Quota exceeded for instances: Requested 1, but already used 10 of 10 instances"
    assert used(caller)[0] == 10
    # room is made at once
    caller.ask("DELETE", f"/servers/{caller.ids()[0]}")
    assert caller.create()


def test_what_would_be_too_much_is_refused_whole(frozen: RunningCloud) -> None:
    caller = login(frozen, "whole")
    caller.create(flavorRef="4")
    words = refused(caller, flavorRef="4", min_count=5)
    assert words == "Quota exceeded for cores: Requested 20, but already used 4 of 20 cores"
    assert used(caller) == (1, 4, 8192)
    assert refused(caller, flavorRef="4", min_count=10) == (
        "Quota exceeded for cores, instances, ram: Requested 40, 10, 81920, but already used 4, 1, 8192 "
        "of 20, 10, 51200 cores, instances, ram"
    )
    assert len(caller.ids()) == 1


def test_an_administrator_sets_and_resets_a_quota(frozen: RunningCloud) -> None:
    caller, admin = login(frozen, "adjusted"), login(frozen, user="admin")
    path = f"/os-quota-sets/{caller.project}"
    assert admin.ask("PUT", path, {"quota_set": {"instances": "1", "ram": -1}}).json["quota_set"]["instances"] == 1
    one = caller.create()
    assert refused(caller) == "Quota exceeded for instances: Requested 1, but already used 1 of 1 instances"
    assert absolute(caller)["maxTotalRAMSize"] == -1
    shown = admin.ask("GET", f"{path}/detail").json["quota_set"]
    assert (shown["id"], shown["instances"]) == (caller.project, {"limit": 1, "in_use": 1, "reserved": 0})
    assert admin.ask("GET", f"{path}/defaults").json["quota_set"]["instances"] == 10
    assert admin.ask("PUT", path, {"quota_set": {"instances": 0}}).json["badRequest"]["message"] == (
        "Quota limit 0 for instances must be greater than or equal to already used and reserved 1."
    )
    forced = admin.ask("PUT", path, {"quota_set": {"instances": 0, "force": True}})
    assert forced.json["quota_set"]["instances"] == 0
    assert admin.ask("DELETE", path).status == 202
    assert caller.ask("GET", path).json["quota_set"]["instances"] == 10
    assert caller.ids() == [one]


def test_a_member_may_look_at_their_own_quota_alone(frozen: RunningCloud) -> None:
    member, other = login(frozen, "demo"), login(frozen, "private")
    own, foreign = f"/os-quota-sets/{member.project}", f"/os-quota-sets/{other.project}"
    assert member.ask("GET", own).json["quota_set"]["id"] == member.project
    for method, path, body in (("GET", foreign, None), ("PUT", own, {"quota_set": {}}), ("DELETE", own, None)):
        assert member.ask(method, path, body).status == 403
    # nor does a member read another one's limits
    other.create()
    assert absolute(member, f"?tenant_id={other.project}")["totalInstancesUsed"] == 0


@pytest.mark.parametrize(
    ("name", "last"),
    [("floating_ips", "2.35"), ("injected_files", "2.56"), ("instances", "2.104")],
)
def test_a_set_loses_what_moved_away(frozen: RunningCloud, name: str, last: str) -> None:
    caller = login(frozen, "sets")
    path = f"/os-quota-sets/{caller.project}"
    assert name in caller.ask("GET", path, version=last).json["quota_set"]
    if last != "2.104":
        after = f"2.{int(last[2:]) + 1}"
        assert name not in caller.ask("GET", path, version=after).json["quota_set"]
        assert caller.ask("PUT", path, {"quota_set": {name: 1}}, after).status == 400


# key pairs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "created", "deleted", "typed"), [("2.1", 200, 202, False), ("2.2", 201, 204, True)]
)
def test_codes_of_key_pairs_changed(
    frozen: RunningCloud, version: str, created: int, deleted: int, typed: bool
) -> None:
    caller = login(frozen, "keys")
    answer = caller.ask("POST", "/os-keypairs", {"keypair": {"name": "mine"}}, version)
    assert answer.status == created
    pair = answer.json["keypair"]
    assert ("type" in pair) is typed
    private = load_ssh_private_key(pair["private_key"].encode(), None)
    public = load_ssh_public_key(pair["public_key"].encode())
    assert private.public_key() == public
    assert pair["user_id"] == caller.user
    shown = caller.ask("GET", "/os-keypairs/mine", version=version).json["keypair"]
    assert (shown["fingerprint"], "private_key" in shown) == (pair["fingerprint"], False)
    assert caller.ask("DELETE", "/os-keypairs/mine", version=version).status == deleted
    gone = caller.ask("GET", "/os-keypairs/mine", version=version)
    assert gone.json["itemNotFound"]["message"] == f"Keypair mine not found for user {caller.user}"


def test_key_pairs_are_a_users_own(frozen: RunningCloud) -> None:
    ann, bea = login(frozen, "shared", user="ann"), login(frozen, "shared", user="bea")
    body = {"keypair": {"name": "laptop"}}
    first = ann.ask("POST", "/os-keypairs", body).json["keypair"]
    second = bea.ask("POST", "/os-keypairs", body).json["keypair"]
    assert first["public_key"] != second["public_key"]
    taken = ann.ask("POST", "/os-keypairs", body)
    assert taken.json == {"conflictingRequest": {"code": 409, "message": "Key pair 'laptop' already exists."}}
    listed = ann.ask("GET", "/os-keypairs").json["keypairs"]
    assert [one["keypair"]["fingerprint"] for one in listed] == [first["fingerprint"]]
    assert ann.show(ann.create(key_name="laptop"))["key_name"] == "laptop"
    # a user has the same ones in every project
    assert len(login(frozen, "another", user="ann").ask("GET", "/os-keypairs").json["keypairs"]) == 1


def test_a_key_is_brought_along(frozen: RunningCloud) -> None:
    caller = login(frozen, "brought", user="carl")
    public = caller.ask("POST", "/os-keypairs", {"keypair": {"name": "made"}}).json["keypair"]["public_key"]
    copy = caller.ask("POST", "/os-keypairs", {"keypair": {"name": "copy", "public_key": public}}, "2.92")
    assert (copy.status, "private_key" in copy.json["keypair"]) == (201, False)
    assert copy.json["keypair"]["public_key"] == public

    def code(keypair: dict[str, object], version: str | None = None) -> int:
        return caller.ask("POST", "/os-keypairs", {"keypair": keypair}, version).status

    # generated no more since 2.92, which takes other names
    assert (code({"name": "a"}, "2.91"), code({"name": "b"}, "2.92")) == (201, 400)
    address = {"name": "c@d", "public_key": public}
    assert (code(address, "2.91"), code(address, "2.92")) == (400, 201)
    assert code({"name": "e", "public_key": "no key at all"}) == 400
    assert code({"name": ""}) == 400


def test_key_pairs_come_in_pages_since_2_35(frozen: RunningCloud) -> None:
    caller = login(frozen, "paged", user="dora")
    for name in ("c", "a", "b"):
        caller.ask("POST", "/os-keypairs", {"keypair": {"name": name}})
    assert len(caller.ask("GET", "/os-keypairs?limit=2", version="2.34").json["keypairs"]) == 3
    page = caller.ask("GET", "/os-keypairs?limit=2", version="2.35").json
    assert [one["keypair"]["name"] for one in page["keypairs"]] == ["a", "b"]
    (link,) = page["keypairs_links"]
    rest = caller.ask("GET", link["href"].removeprefix(frozen.url + caller.mount), version="2.35").json
    assert [one["keypair"]["name"] for one in rest["keypairs"]] == ["c"]
    assert "keypairs_links" not in rest
