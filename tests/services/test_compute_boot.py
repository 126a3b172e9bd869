# SPDX-License-Identifier: Apache-2.0
"""What a server boots from, where it runs and which addresses it asks for, over a real socket."""

from typing import Any

import pytest

from tests.cloud import Answer
from tests.services.callers import CIRROS, NOBODY, PRIVATE, PUBLIC, Caller, login, refusal

OF_IMAGE = {"source_type": "image", "destination_type": "volume", "uuid": CIRROS, "volume_size": 3, "boot_index": 0}
NO_BOOT = "Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping"


def boot(caller: Caller, version: str = "2.104", **more: Any) -> Answer:
    """Ask for a server without an image, but with what a test says."""
    return caller.ask(
        "POST", "/servers", {"server": {"name": "b", "flavorRef": "1", "networks": "auto", **more}}, version
    )


def booted(caller: Caller, version: str = "2.104", **more: Any) -> str:
    answer = boot(caller, version, **more)
    assert answer.status == 202, answer.body
    caller.cloud.advance(1)
    return str(answer.json["server"]["id"])


def volumes(caller: Caller) -> list[dict[str, Any]]:
    answer = caller.cloud.ask("GET", "/volume/v3/volumes/detail?sort_key=size", headers={"X-Auth-Token": caller.token})
    found: list[dict[str, Any]] = answer.json["volumes"]
    return found


def volume(caller: Caller, size: int) -> str:
    body = {"volume": {"size": size}}
    answer = caller.cloud.ask("POST", "/volume/v3/volumes", body, {"X-Auth-Token": caller.token})
    caller.cloud.advance(1)
    return str(answer.json["volume"]["id"])


def test_a_server_boots_from_a_volume_that_is_made_of_an_image(caller: Caller) -> None:
    blank = {"source_type": "blank", "destination_type": "volume", "volume_size": "5", "delete_on_termination": True}
    server = booted(caller, block_device_mapping_v2=[{**OF_IMAGE, "tag": "root"}, {**blank, "boot_index": -1}])
    shown = caller.show(server, "2.104")
    assert (shown["image"], shown["status"]) == ("", "ACTIVE")
    large, small = volumes(caller)
    assert (large["size"], small["size"], small["bootable"], large["bootable"]) == (5, 3, "true", "false")
    (attached,) = small["attachments"]
    assert (attached["server_id"], attached["device"], small["status"]) == (server, "/dev/vda", "in-use")
    told = {one["id"]: one["delete_on_termination"] for one in shown["os-extended-volumes:volumes_attached"]}
    assert told == {small["id"]: False, large["id"]: True}
    path = f"/servers/{server}/os-volume_attachments/{small['id']}"
    assert caller.ask("GET", path, version="2.70").json["volumeAttachment"]["tag"] == "root"
    assert refusal(caller.ask("DELETE", path), 403, "forbidden") == "Cannot detach a root device volume"
    assert caller.ask("DELETE", f"/servers/{server}").status == 204
    assert [(one["id"], one["status"]) for one in volumes(caller)] == [(small["id"], "available")]


def test_each_of_many_servers_boots_from_a_volume_of_its_own(caller: Caller) -> None:
    assert boot(caller, block_device_mapping_v2=[OF_IMAGE], min_count=3).status == 202
    assert len({one["attachments"][0]["server_id"] for one in volumes(caller)}) == 3


def test_a_server_boots_from_a_volume_that_is_there(caller: Caller) -> None:
    first, second = volume(caller, 1), volume(caller, 2)
    there = {"source_type": "volume", "destination_type": "volume", "uuid": first, "boot_index": "0"}
    more = {**there, "uuid": second, "boot_index": None}
    server = booted(caller, block_device_mapping_v2=[more, there])
    attached = caller.ask("GET", f"/servers/{server}/os-volume_attachments").json["volumeAttachments"]
    assert {one["volumeId"]: one["device"] for one in attached} == {first: "/dev/vda", second: "/dev/vdb"}
    told = refusal(boot(caller, block_device_mapping_v2=[there]), 400, "badRequest")
    assert told == f"Block Device Mapping is Invalid: volume {first} is not available."
    caller.ask("DELETE", f"/servers/{server}")
    old = [{"device_name": "vda", "volume_id": first, "delete_on_termination": "1"}]
    assert booted(caller, "2.1", networks=[], block_device_mapping=old)
    several = {**there, "uuid": second}
    told = refusal(boot(caller, block_device_mapping_v2=[several], max_count=2), 400, "badRequest")
    assert told == "Cannot attach one or more volumes to multiple instances"


def test_a_disk_of_its_host_may_be_said_in_full(caller: Caller) -> None:
    local = {"source_type": "image", "destination_type": "local", "uuid": CIRROS, "boot_index": 0}
    assert caller.show(booted(caller, block_device_mapping_v2=[local]))["image"]["id"] == CIRROS
    assert volumes(caller) == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"block_device_mapping_v2": [{**OF_IMAGE, "boot_index": 1}]}, NO_BOOT),
        (
            {"block_device_mapping_v2": [{**OF_IMAGE, "boot_index": "x"}]},
            "Invalid input for field/attribute boot_index.",
        ),
        ({"block_device_mapping_v2": [{**OF_IMAGE, "size": 1}]}, "Invalid input for field/attribute 0."),
        (
            {"block_device_mapping_v2": [{**OF_IMAGE, "volume_size": None}]},
            "Invalid input for field/attribute volume_size",
        ),
        (
            {"block_device_mapping_v2": [{key: OF_IMAGE[key] for key in OF_IMAGE if key != "volume_size"}]},
            "Block Device Mapping is Invalid: A volume of a blank disk or of an image needs to have a non-zero size",
        ),
        (
            {"block_device_mapping_v2": [{**OF_IMAGE, "source_type": "volume", "uuid": NOBODY}]},
            f"Block Device Mapping is Invalid: failed to get volume {NOBODY}.",
        ),
        (
            {"block_device_mapping_v2": [OF_IMAGE], "block_device_mapping": [{"volume_id": NOBODY}]},
            "Using different block_device_mapping syntaxes is not allowed in the same request.",
        ),
        ({"imageRef": CIRROS, "networks": [{}]}, "Bad network format: missing 'uuid'"),
        ({"imageRef": CIRROS, "networks": [{"uuid": NOBODY}]}, f"Network {NOBODY} could not be found."),
        ({"imageRef": CIRROS, "networks": [{"port": NOBODY}]}, f"Port id {NOBODY} could not be found."),
        (
            {"imageRef": CIRROS, "networks": [{"uuid": PRIVATE, "fixed_ip": "10.0.0.1"}]},
            f"Fixed IP 10.0.0.1 is not a valid ip address for network {PRIVATE}.",
        ),
        ({"imageRef": CIRROS, "user_data": "YQ="}, "Invalid input for field/attribute user_data."),
        ({"imageRef": CIRROS, "description": "a\nb"}, "Invalid input for field/attribute description."),
    ],
)
def test_what_cannot_be_is_refused(caller: Caller, asked: dict[str, Any], words: str) -> None:
    assert refusal(boot(caller, **asked), 400, "badRequest").startswith(words)
    assert (volumes(caller), caller.ids()) == ([], [])


def test_hints_are_of_their_form(caller: Caller) -> None:
    body = {"server": {"name": "b", "flavorRef": "1", "imageRef": CIRROS}}
    for hints, status in (({"group": "x"}, 400), ({"same_host": 1}, 400), ({"cidr": "/24", "more": 1}, 202)):
        assert caller.ask("POST", "/servers", {**body, "os:scheduler_hints": hints}).status == status


def test_addresses_are_those_that_were_asked_for(caller: Caller) -> None:
    nics = [
        {"uuid": PRIVATE, "fixed_ip": "198.18.77.1"},
        {"uuid": PRIVATE},
        {"uuid": PRIVATE, "fixed_ip": "198.18.77.2"},
    ]
    server = booted(caller, imageRef=CIRROS, networks=nics)
    first, second, third = [one["addr"] for one in caller.show(server)["addresses"]["private"]]
    assert (first, third) == ("198.18.77.1", "198.18.77.2")
    assert second.startswith("198.18.")
    taken = refusal(boot(caller, imageRef=CIRROS, networks=nics[:1]), 400, "badRequest")
    assert taken == "Fixed IP address 198.18.77.1 is already in use on instance."
    caller.ask("DELETE", f"/servers/{server}")
    assert booted(caller, imageRef=CIRROS, networks=nics[:1])
    outside = refusal(boot(caller, imageRef=CIRROS, networks=[{"uuid": PUBLIC}]), 403, "forbidden")
    assert outside == f"It is not allowed to create an interface on external network {PUBLIC}"


def test_administrators_say_on_which_host(admin: Caller) -> None:
    for asked in ({"host": "compute-2"}, {"hypervisor_hostname": "compute-2"}, {"availability_zone": "nova:compute-2"}):
        server = booted(admin, imageRef=CIRROS, **asked)
        assert admin.show(server)["OS-EXT-SRV-ATTR:host"] == "compute-2"
        unknown = {key: value.replace("2", "9") for key, value in asked.items()}
        told = refusal(boot(admin, imageRef=CIRROS, **unknown), 400, "badRequest")
        assert told == "Compute host compute-9 could not be found."
        assert refusal(boot(login(admin.cloud), imageRef=CIRROS, **asked), 403, "forbidden").startswith(
            "Policy doesn't"
        )
