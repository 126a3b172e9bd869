# SPDX-License-Identifier: Apache-2.0
"""Volumes, and how servers get and lose them, over a real socket."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cloud import Answer
from tests.services.callers import NOBODY, Caller, refusal

VOLUMES = "/volume/v3"


def block(caller: Caller, method: str, path: str, body: object = None) -> Answer:
    return caller.cloud.ask(method, VOLUMES + path, body, {"X-Auth-Token": caller.token})


def made(caller: Caller, size: object = 2, **more: Any) -> str:
    answer = block(caller, "POST", "/volumes", {"volume": {"size": size, **more}})
    assert (answer.status, answer.json["volume"]["status"]) == (202, "creating"), answer.body
    caller.cloud.advance(1)
    return str(answer.json["volume"]["id"])


def shown(caller: Caller, volume: str) -> dict[str, Any]:
    answer = block(caller, "GET", f"/volumes/{volume}")
    assert answer.status == 200, answer.body
    body: dict[str, Any] = answer.json["volume"]
    return body


def attach(caller: Caller, server: str, volume: str, version: str | None = None, **more: Any) -> Answer:
    asked = {"volumeAttachment": {"volumeId": volume, **more}}
    return caller.ask("POST", f"/servers/{server}/os-volume_attachments", asked, version)


def test_a_volume_is_made_listed_changed_and_deleted(caller: Caller) -> None:
    first, second = made(caller, name="a"), made(caller, "3", name="b", metadata={"k": "v"})
    volume = shown(caller, second)
    assert (volume["status"], volume["size"], volume["metadata"]) == ("available", 3, {"k": "v"})
    assert [one["id"] for one in block(caller, "GET", "/volumes").json["volumes"]] == [second, first]
    assert [one["name"] for one in block(caller, "GET", "/volumes/detail?name=a").json["volumes"]] == ["a"]
    assert block(caller, "GET", "/volumes/detail?status=in-use").json["volumes"] == []
    assert block(caller, "PUT", f"/volumes/{first}", {"volume": {"name": "c"}}).json["volume"]["name"] == "c"
    assert block(caller, "GET", "/limits").json["limits"]["absolute"]["totalGigabytesUsed"] == 5
    assert block(caller, "DELETE", f"/volumes/{first}").status == 202
    told = refusal(block(caller, "GET", f"/volumes/{first}"), 404, "itemNotFound")
    assert told == f"Volume {first} could not be found."
    for size in (0, "x", None):
        assert refusal(block(caller, "POST", "/volumes", {"volume": {"size": size}}), 400, "badRequest")
    below = caller.cloud.ask("GET", f"{VOLUMES}/{caller.project}/volumes", headers={"X-Auth-Token": caller.token})
    assert len(below.json["volumes"]) == 1
    assert caller.cloud.ask("GET", f"{VOLUMES}/{NOBODY}/volumes", headers={"X-Auth-Token": caller.token}).status == 400


def test_a_volume_is_at_one_server_at_a_time(caller: Caller) -> None:
    server, other, volume = caller.up(), caller.up(), made(caller)
    answer = attach(caller, server, volume)
    told = {"id": volume, "volumeId": volume, "serverId": server, "device": "/dev/vdb"}
    assert (answer.status, answer.json["volumeAttachment"]) == (200, told)
    assert caller.ask("GET", f"/servers/{server}/os-volume_attachments").json == {"volumeAttachments": [told]}
    assert caller.ask("GET", f"/servers/{server}/os-volume_attachments/{volume}").json["volumeAttachment"] == told
    assert caller.show(server)["os-extended-volumes:volumes_attached"] == [{"id": volume}]
    assert (shown(caller, volume)["status"], shown(caller, volume)["attachments"][0]["server_id"]) == ("in-use", server)
    assert "in-use" in refusal(attach(caller, other, volume), 400, "badRequest")
    assert "in-use" in refusal(block(caller, "DELETE", f"/volumes/{volume}"), 400, "badRequest")
    assert attach(caller, server, made(caller)).json["volumeAttachment"]["device"] == "/dev/vdc"
    nowhere = caller.ask("DELETE", f"/servers/{other}/os-volume_attachments/{volume}")
    assert refusal(nowhere, 404, "itemNotFound") == f"Instance {other} is not attached to volume {volume}"
    assert caller.ask("DELETE", f"/servers/{server}/os-volume_attachments/{volume}").status == 202
    assert shown(caller, volume)["status"] == "available"
    assert attach(caller, other, volume).status == 200
    assert caller.ask("DELETE", f"/servers/{other}").status == 204
    assert (shown(caller, volume)["status"], shown(caller, volume)["attachments"]) == ("available", [])


def test_an_attachment_is_as_each_version_has_it(caller: Caller) -> None:
    server, volume = caller.up(), made(caller)
    assert attach(caller, server, volume, "2.48", tag="t").status == 400
    assert attach(caller, server, volume, "2.78", delete_on_termination=True).status == 400
    answer = attach(caller, server, volume, "2.101", tag="t", delete_on_termination=True)
    assert (answer.status, answer.body) == (202, b"")
    path = f"/servers/{server}/os-volume_attachments/{volume}"
    shapes = [caller.ask("GET", path, version=one).json["volumeAttachment"] for one in ("2.69", "2.70", "2.79", "2.89")]
    assert set(shapes[1]) - set(shapes[0]) == {"tag"}
    assert (shapes[2]["delete_on_termination"], shapes[2]["tag"]) == (True, "t")
    assert set(shapes[3]) - set(shapes[2]) == {"attachment_id", "bdm_uuid"}
    assert "id" not in shapes[3]
    body = {"volumeAttachment": {"volumeId": volume, "delete_on_termination": False}}
    assert caller.ask("PUT", path, body, "2.85").status == 202
    assert caller.ask("GET", path, version="2.79").json["volumeAttachment"]["delete_on_termination"] is False
    wrong = {"volumeAttachment": {"volumeId": NOBODY}}
    assert refusal(caller.ask("PUT", path, wrong, "2.85"), 400, "badRequest")


@pytest.mark.parametrize("how", ["DELETE", "forceDelete", "v2"])
def test_a_volume_may_end_with_its_server(caller: Caller, how: str) -> None:
    server, kept, lost = caller.up(), made(caller), made(caller)
    assert attach(caller, server, kept, "2.79").status == 200
    assert attach(caller, server, lost, "2.79", delete_on_termination=True).status == 200
    if how == "forceDelete":
        assert caller.act(server, how).status == 202
    else:
        asking = replace(caller, mount="/compute/v2") if how == "v2" else caller
        assert asking.ask("DELETE", f"/servers/{server}").status == 204
    assert shown(caller, kept)["status"] == "available"
    assert block(caller, "GET", f"/volumes/{lost}").status == 404


def test_an_administrator_swaps_a_volume_for_another(caller: Caller) -> None:
    server, volume, other = caller.up(), made(caller), made(caller)
    attach(caller, server, volume)
    path, body = f"/servers/{server}/os-volume_attachments/{volume}", {"volumeAttachment": {"volumeId": other}}
    assert caller.ask("PUT", path, body).status == 202
    assert (shown(caller, volume)["status"], shown(caller, other)["status"]) == ("available", "in-use")
    assert caller.ask("PUT", path, body).status == 404
    attach(caller, server, volume)
    assert refusal(caller.ask("PUT", path, body), 400, "badRequest").endswith("is not available.")
    for more in ({"delete_on_termination": True}, {"device": "/dev/vdb"}):
        assert caller.ask("PUT", path, {"volumeAttachment": {"volumeId": volume, **more}}, "2.84").status == 400
    elsewhere = {"volumeAttachment": {"volumeId": volume, "serverId": NOBODY}}
    assert refusal(caller.ask("PUT", path, elsewhere, "2.85"), 400, "badRequest")


def test_what_is_not_there_is_not_attached(caller: Caller) -> None:
    server, volume = caller.up(), made(caller)
    assert refusal(attach(caller, server, NOBODY), 404, "itemNotFound") == f"Volume {NOBODY} could not be found."
    assert attach(caller, NOBODY, volume).status == 404
    assert attach(caller, server, "x").status == 400
    assert "building" in refusal(attach(caller, caller.create(), volume), 409, "conflictingRequest")


def test_of_the_rest_there_is_nothing_without_limits(caller: Caller) -> None:
    assert block(caller, "GET", "/").json["versions"][0]["version"] == "3.71"
    assert caller.cloud.ask("GET", "/volume").status == 300
    for path, name in (("/snapshots", "snapshots"), ("/snapshots/detail", "snapshots"), ("/backups/detail", "backups")):
        assert block(caller, "GET", path).json == {name: []}
    (zone,) = block(caller, "GET", "/os-availability-zone").json["availabilityZoneInfo"]
    assert zone == {"zoneName": "nova", "zoneState": {"available": True}}
    assert block(caller, "GET", "/extensions").json == {"extensions": []}
    (kind,) = block(caller, "GET", "/types").json["volume_types"]
    assert block(caller, "GET", f"/types/{kind['id']}").json["volume_type"] == kind
    assert block(caller, "GET", "/types/default").json["volume_type"] == kind
    assert block(caller, "GET", f"/types/{NOBODY}").status == 404
    assert block(caller, "GET", f"/os-quota-sets/{caller.project}?usage=false").json["quota_set"]["volumes"] == -1
