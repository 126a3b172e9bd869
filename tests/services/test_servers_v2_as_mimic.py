# SPDX-License-Identifier: Apache-2.0
"""Cloud Servers v2 in a world as Mimic, over a real socket: what its suites saw at once, later, and when things failed.

The rest of that service is tested beside this file; here is what depends on a world that is made as Mimic was.
"""

import itertools
import json
from typing import Any

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import CIRROS, NOBODY, refusal
from tests.services.mimicking import Mimic, Servers

BROKEN = "The server has either erred or is incapable of performing the requested operation."
_TENANTS = itertools.count()


@pytest.fixture(scope="module")
def mimic(frozen: RunningCloud) -> Mimic:
    return Mimic(frozen, "servers")


@pytest.fixture
def servers(mimic: Mimic) -> Servers:
    """A tenant for each test."""
    return Servers(mimic, f"tenant-{next(_TENANTS)}")


# what is seen --------------------------------------------------------------------------------------------------------


def test_the_version_is_told_below_each_of_its_paths(servers: Servers) -> None:
    for path in (
        "/compute/v2",
        "/mimicking/cloudServersOpenStack/DFW/v2",
        "/mimicking/cloudServersOpenStack-a1b2c3/ORD/v2/",
    ):
        answer = servers.mimic.ask("GET", path)
        assert (answer.status, answer.json["version"]["id"]) == (200, "v2.0"), path


def test_a_server_is_active_at_once_and_has_what_mimic_showed(servers: Servers) -> None:
    made = servers.create(metadata={"a": "b"}).json["server"]
    assert set(made) == {"OS-DCF:diskConfig", "id", "links", "adminPass"}
    shown = servers.show(made["id"])
    assert set(shown) >= {
        *(
            "id",
            "name",
            "links",
            "addresses",
            "created",
            "updated",
            "flavor",
            "image",
            "key_name",
            "metadata",
            "status",
        ),
        *("tenant_id", "user_id", "hostId", "progress", "accessIPv4", "accessIPv6", "OS-DCF:diskConfig"),
        *("OS-EXT-STS:vm_state", "OS-EXT-STS:task_state", "OS-EXT-STS:power_state"),
    }
    assert "adminPass" not in shown
    assert (shown["status"], shown["progress"], shown["metadata"]) == ("ACTIVE", 100, {"a": "b"})
    assert (shown["OS-EXT-STS:task_state"], shown["OS-EXT-STS:power_state"], shown["OS-DCF:diskConfig"]) == (
        None,
        1,
        "AUTO",
    )
    (link,) = shown["image"]["links"]
    assert link["href"].endswith(f"/images/{CIRROS}")


def test_addresses_are_each_servers_own(servers: Servers) -> None:
    shown = [servers.show(servers.made())["addresses"]["private"][0]["addr"] for _ in range(3)]
    assert len(set(shown)) == 3


def test_only_rackspaces_flavors_are_there(servers: Servers) -> None:
    flavors = [one["id"] for one in servers.ask("GET", "/flavors").json["flavors"]]
    kinds = {flavor.partition("-")[0] for flavor in flavors}
    assert len(flavors) == 35
    assert kinds == {*"2345678", "compute1", "general1", "io1", "memory1", "performance1", "performance2"}


def test_what_the_presets_call_invalid_is_refused(servers: Servers) -> None:
    presets = servers.mimic.ask("GET", "/mimic/v1.0/presets").json["servers"]
    for flavor in presets["invalid_flavor_ref"]:
        assert refusal(servers.create(flavorRef=flavor), 400, "badRequest") == f"Flavor {flavor} could not be found."
    for image in presets["invalid_image_ref"]:
        assert refusal(servers.create(imageRef=image), 400, "badRequest") == "Can not find requested image"
        assert refusal(servers.ask("GET", f"/images/{image}"), 404, "itemNotFound") == "Image not found."
    assert servers.ask("GET", "/servers").json == {"servers": []}


def test_there_are_more_servers_than_a_quota_would_let_be(servers: Servers) -> None:
    for _ in range(12):
        servers.made()
    limits = servers.ask("GET", "/limits").json["limits"]["absolute"]
    assert (limits["maxTotalInstances"], limits["totalInstancesUsed"]) == (-1, 12)


# what is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"server": {"imageRef": CIRROS, "flavorRef": "2"}}, "'name' is a required property"),
        ({"server": {"name": "a", "imageRef": CIRROS}}, "'flavorRef' is a required property"),
        ({"server": {"name": "a", "flavorRef": "2"}}, "Missing imageRef attribute"),
        ({}, "'server' is a required property"),
        ([], "[] is not of type 'object'"),
        (b"null", "None is not of type 'object'"),
        (b"{", "Malformed request body"),
    ],
)
def test_what_a_create_lacks_is_said(servers: Servers, body: object, told: str) -> None:
    assert refusal(servers.ask("POST", "/servers", body), 400, "badRequest").endswith(told)


def test_metadata_may_be_null(servers: Servers) -> None:
    assert servers.show(servers.made(metadata=None))["metadata"] == {}


def test_a_full_set_of_metadata_takes_what_it_has_already(servers: Servers) -> None:
    server = servers.made(metadata={str(number): "x" for number in range(40)})
    path = f"/servers/{server}/metadata"
    assert servers.ask("PUT", f"{path}/1", {"meta": {"1": "y"}}).json == {"meta": {"1": "y"}}
    answer = servers.ask("PUT", f"{path}/more", {"meta": {"more": 7}})
    assert refusal(answer, 403, "forbidden") == "Maximum number of metadata items exceeds 40"


@pytest.mark.parametrize("body", [b"null", b"{", {}, {"reboot": {"type": "SOFT"}, "resize": {}}, "reboot"])
def test_an_action_that_can_not_be_read(servers: Servers, body: object) -> None:
    answer = servers.ask("POST", f"/servers/{servers.made()}/action", body)
    assert refusal(answer, 400, "badRequest") == "Malformed request body"


def test_without_a_token_nothing_is_told(servers: Servers) -> None:
    for token in ("", "nobody's"):
        answer = servers.mimic.ask("GET", f"{servers.url}/servers", token=token)
        assert refusal(answer, 401, "unauthorized") == "No valid token provided. Please provide a valid token."


def test_a_method_that_is_not_there_is_405_in_json(servers: Servers) -> None:
    for method, path in (("DELETE", "/servers"), ("PUT", "/flavors"), ("POST", f"/servers/{NOBODY}/metadata/a")):
        assert (
            refusal(servers.ask(method, path, {}), 405, "badMethod") == "The method is not allowed for this resource."
        )


# lists ---------------------------------------------------------------------------------------------------------------


def test_what_was_changed_since_is_listed_the_deleted_too(servers: Servers) -> None:
    start = servers.mimic.now()
    old, gone, changed = (servers.made() for _ in range(3))
    servers.tick(60)
    assert servers.ask("DELETE", f"/servers/{gone}").status == 204
    assert servers.act(changed, "reboot", {"type": "HARD"}).status == 202
    query = "1970-01-01T{:02}:{:02}:{:02}Z".format(*_clock(start + 30))
    listed = servers.ask("GET", f"/servers/detail?changes-since={query}").json["servers"]
    assert {one["id"]: one["status"] for one in listed} == {gone: "DELETED", changed: "HARD_REBOOT"}
    assert {one["id"] for one in servers.ask("GET", "/servers/detail").json["servers"]} == {old, changed}


def _clock(seconds: float) -> tuple[int, int, int]:
    minutes, second = divmod(int(seconds), 60)
    return *divmod(minutes, 60), second


def test_the_newest_come_first_though_no_time_passes(servers: Servers) -> None:
    made = [servers.made() for _ in range(5)]
    page = servers.ask("GET", "/servers?limit=3").json
    assert [one["id"] for one in page["servers"]] == made[:1:-1]
    rest = servers.ask("GET", f"/servers?limit=3&marker={made[2]}").json
    assert [one["id"] for one in rest["servers"]] == made[1::-1]


def test_a_time_that_is_none_is_refused(servers: Servers) -> None:
    answer = servers.ask("GET", "/servers/detail?changes-since=garbage")
    assert "changes-since" in refusal(answer, 400, "badRequest")


def test_lists_can_be_narrowed_by_what_servers_are(servers: Servers) -> None:
    bad, good = servers.made(metadata={"server_error": "yes"}), servers.made(flavorRef="3")

    def ids(query: str) -> list[str]:
        return [one["id"] for one in servers.ask("GET", f"/servers?{query}").json["servers"]]

    assert (ids("status=ERROR"), ids("status=active"), ids("flavor=3"), ids(f"image={NOBODY}")) == (
        [bad],
        [good],
        [good],
        [],
    )


# what time does ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "arguments", "status", "seconds"),
    [
        ("reboot", {"type": "SOFT"}, "REBOOT", 3),
        ("reboot", {"type": "HARD"}, "HARD_REBOOT", 6),
        ("rebuild", {"imageRef": CIRROS}, "REBUILD", 5),
    ],
)
def test_what_takes_time_takes_it(servers: Servers, action: str, arguments: object, status: str, seconds: int) -> None:
    server = servers.made()
    assert servers.act(server, action, arguments).status == 202
    servers.tick(seconds - 0.5)
    assert servers.show(server)["status"] == status
    servers.tick(0.5)
    assert servers.show(server)["status"] == "ACTIVE"


def test_what_takes_none_has_happened(servers: Servers) -> None:
    server = servers.made()
    for action, arguments, code, status in (
        ("resize", {"flavorRef": "3"}, 202, "VERIFY_RESIZE"),
        ("revertResize", None, 202, "ACTIVE"),
        ("resize", {"flavorRef": "3"}, 202, "VERIFY_RESIZE"),
        ("confirmResize", None, 204, "ACTIVE"),
        ("rescue", "none", 200, "RESCUE"),
        ("unrescue", None, 202, "ACTIVE"),
        ("changePassword", {"adminPass": "x"}, 202, "ACTIVE"),
    ):
        assert servers.act(server, action, arguments).status == code, action
        assert servers.show(server)["status"] == status, action
    assert servers.show(server)["flavor"]["id"] == "3"
    image = servers.act(server, "createImage", {"name": "copy"}).headers["location"].rpartition("/")[2]
    assert servers.ask("GET", f"/images/{image}").json["image"]["status"] == "ACTIVE"


# what metadata summon ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "code", "answer"),
    [
        (
            {"code": 413, "message": "slow down", "type": "overLimit"},
            413,
            {"overLimit": {"code": 413, "message": "slow down"}},
        ),
        ({}, 500, {"computeFault": {"code": 500, "message": BROKEN}}),
    ],
)
def test_a_create_fails_as_its_metadata_says(servers: Servers, failure: object, code: int, answer: object) -> None:
    told = servers.create(metadata={"create_server_failure": json.dumps(failure), "server_building": "5"})
    assert (told.status, told.json) == (code, answer)
    assert servers.ask("GET", "/servers").json == {"servers": []}


def test_a_create_fails_with_a_text_as_it_is(servers: Servers) -> None:
    told = servers.create(metadata={"create_server_failure": '{"code": 502, "message": "<p>no</p>", "type": "string"}'})
    assert (told.status, told.body) == (502, b"<p>no</p>")


def test_a_failure_that_is_no_json_is_refused(servers: Servers) -> None:
    answer = servers.create(metadata={"create_server_failure": "soon"})
    assert "create_server_failure" in refusal(answer, 400, "badRequest")


def test_a_build_takes_as_long_as_metadata_say_and_comes_before_an_error(servers: Servers) -> None:
    slow = servers.made(metadata={"server_building": "20.5", "server_error": "yes"})
    servers.tick(20)
    assert servers.show(slow)["status"] == "BUILD"
    servers.tick(0.5)
    assert servers.show(slow)["status"] == "ACTIVE"


def test_an_error_is_there_at_once(servers: Servers) -> None:
    assert servers.show(servers.made(metadata={"server_error": "yes"}))["status"] == "ERROR"


def _delete(servers: Servers, server: str) -> int:
    return servers.ask("DELETE", f"/servers/{server}").status


@pytest.mark.parametrize("times", [1, 7, "2"])
def test_deletes_fail_as_often_as_metadata_say(servers: Servers, times: Any) -> None:
    server = servers.made(metadata={"delete_server_failure": json.dumps({"times": times, "code": 503})})
    assert [_delete(servers, server) for _ in range(int(times))] == [503] * int(times)
    assert servers.show(server)["status"] == "ACTIVE"
    assert [_delete(servers, server), _delete(servers, server)] == [204, 404]


def test_deletes_fail_once_metadata_say_so_later_and_no_more_when_they_are_gone(servers: Servers) -> None:
    server, other = servers.made(), servers.made(metadata={"delete_server_failure": "{}"})
    failing = {"metadata": {"delete_server_failure": '{"times": 1}'}}
    assert servers.ask("PUT", f"/servers/{server}/metadata", failing).status == 200
    assert [_delete(servers, server), _delete(servers, server)] == [500, 204]
    answer = servers.ask("DELETE", f"/servers/{other}")
    assert refusal(answer, 500, "computeFault") == BROKEN
    assert servers.ask("PUT", f"/servers/{other}/metadata", {"metadata": {}}).status == 200
    assert _delete(servers, other) == 204
