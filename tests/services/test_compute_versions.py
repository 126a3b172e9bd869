# SPDX-License-Identifier: Apache-2.0
"""Microversions of compute over a real socket: how one is asked for, what an answer says of it, and what each changes.

The two headers, the order of their values and every refusal are those that clients negotiate with.
"""

from typing import Any

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import COMPUTE, PRIVATE, login, wanted

NEW, OLD = "OpenStack-API-Version", "X-OpenStack-Nova-API-Version"


def test_versions_are_told_to_anybody(frozen: RunningCloud) -> None:
    versions = frozen.ask("GET", "/compute").json["versions"]
    assert [(one["id"], one["status"], one["min_version"], one["version"]) for one in versions] == [
        ("v2.0", "DEPRECATED", "", ""),
        ("v2.1", "CURRENT", "2.1", "2.104"),
    ]
    for path in ("/compute/v2.1", "/compute/v2.1/"):
        version = frozen.ask("GET", path).json["version"]
        assert (version["min_version"], version["version"]) == ("2.1", "2.104")
        assert version["links"][0] == {"rel": "self", "href": f"{frozen.url}/compute/v2.1/"}


@pytest.mark.parametrize(
    ("headers", "used"),
    [
        ({}, "2.1"),
        ({NEW: "compute 2.79"}, "2.79"),
        ({OLD: "2.60"}, "2.60"),
        ({NEW: "compute latest"}, "2.104"),
        ({NEW: "compute 2.79", OLD: "2.60"}, "2.79"),
        ({NEW: "volume 3.50, compute 2.26"}, "2.26"),
        ({NEW: "volume 3.50"}, "2.1"),
    ],
)
def test_a_version_is_negotiated(frozen: RunningCloud, headers: dict[str, str], used: str) -> None:
    answer = login(frozen, "talks").ask("GET", "/servers", headers=headers)
    assert answer.status == 200
    assert (answer.headers[NEW.lower()], answer.headers[OLD.lower()]) == (f"compute {used}", used)


def test_caches_are_told_what_an_answer_depends_on(frozen: RunningCloud) -> None:
    answer = login(frozen, "talks").ask("GET", "/servers")
    assert answer.headers["vary"] == f"{NEW}, {OLD}"


@pytest.mark.parametrize(
    ("headers", "status", "fault", "words"),
    [
        ({NEW: "compute 2.999"}, 406, "computeFault",
         "Version 2.999 is not supported by the API. Minimum is 2.1 and maximum is 2.104."),
        ({OLD: "2.0"}, 406, "computeFault",
         "Version 2.0 is not supported by the API. Minimum is 2.1 and maximum is 2.104."),
        ({NEW: "compute two"}, 400, "badRequest",
         "API Version String two is of invalid format. Must be of format MajorNum.MinorNum."),
        ({OLD: "2.01"}, 400, "badRequest",
         "API Version String 2.01 is of invalid format. Must be of format MajorNum.MinorNum."),
    ],
)  # fmt: skip
def test_a_version_is_refused(
    frozen: RunningCloud, headers: dict[str, str], status: int, fault: str, words: str
) -> None:
    answer = login(frozen, "talks").ask("GET", "/servers", headers=headers)
    assert (answer.status, answer.json) == (status, {fault: {"code": status, "message": words}})


def test_a_stranger_is_refused_before_a_version_is(frozen: RunningCloud) -> None:
    assert frozen.ask("GET", f"{COMPUTE}/servers", headers={OLD: "2.999"}).status == 401


def test_refusals_name_their_version_too(frozen: RunningCloud) -> None:
    answer = login(frozen, "talks").ask("GET", "/servers/nothing", version="2.60")
    assert (answer.status, answer.headers[NEW.lower()]) == (404, "compute 2.60")
    assert answer.headers["vary"] == f"{NEW}, {OLD}"


@pytest.mark.parametrize(
    ("method", "path", "version", "status"),
    [
        ("GET", "/images", "2.35", 200),
        ("GET", "/images", "2.36", 404),
        ("GET", "/servers/{id}/tags", "2.25", 404),
        ("GET", "/servers/{id}/tags", "2.26", 200),
        ("GET", "/os-cells", "2.60", 410),
    ],
)
def test_an_operation_has_its_window(frozen: RunningCloud, method: str, path: str, version: str, status: int) -> None:
    caller = login(frozen, "windows")
    server = next(iter(caller.ids()), None) or caller.create()
    answer = caller.ask(method, path.replace("{id}", server), version=version)
    assert answer.status == status
    if status == 404:
        assert answer.json == {"itemNotFound": {"code": 404, "message": "The resource could not be found."}}


def test_each_version_shows_a_server_in_its_own_way(frozen: RunningCloud) -> None:
    """What changes the shape, at the version that changes it and at the one before."""
    caller = login(frozen, "shapes")
    server = caller.create()
    frozen.advance(1)
    came = {
        "2.3": "OS-EXT-SRV-ATTR:hostname",
        "2.9": "locked",
        "2.16": "host_status",
        "2.19": "description",
        "2.26": "tags",
        "2.63": "trusted_image_certificates",
        "2.71": "server_groups",
        "2.73": "locked_reason",
        "2.96": "pinned_availability_zone",
        "2.100": "scheduler_hints",
    }
    for version, field in came.items():
        earlier = f"2.{int(version[2:]) - 1}"
        assert field not in caller.show(server, earlier), f"{field} at {earlier}"
        assert field in caller.show(server, version), f"{field} at {version}"
    assert set(caller.show(server, "2.46")["flavor"]) == {"id", "links"}
    assert caller.show(server, "2.47")["flavor"]["original_name"] == "m1.tiny"
    assert "properties" not in caller.show(server, "2.97")["image"]
    assert "properties" in caller.show(server, "2.98")["image"]
    # the groups are no part of the list
    (listed,) = caller.ask("GET", "/servers/detail", version="2.71").json["servers"]
    assert "server_groups" not in listed


def test_a_change_shows_less_than_a_look_until_2_75(frozen: RunningCloud) -> None:
    caller = login(frozen, "changed")
    server = caller.create()
    frozen.advance(1)

    def changed(version: str) -> dict[str, Any]:
        answer = caller.ask("PUT", f"/servers/{server}", {"server": {"name": "web"}}, version)
        assert answer.status == 200
        shown: dict[str, Any] = answer.json["server"]
        return shown

    for version, field in (("2.71", "server_groups"), ("2.73", "locked_reason"), ("2.75", "OS-EXT-STS:vm_state")):
        assert field not in changed(f"2.{int(version[2:]) - 1}")
        assert field in changed(version)
    (address,) = changed("2.74")["addresses"]["private"]
    assert set(address) == {"version", "addr"}
    assert changed("2.75") == caller.show(server, "2.75")


@pytest.mark.parametrize(
    ("version", "change", "status"),
    [
        ("2.18", {"description": "x"}, 400),
        ("2.19", {"description": "x"}, 202),
        ("2.36", {}, 202),
        ("2.37", {}, 400),
        ("2.37", {"networks": "auto"}, 202),
        ("2.37", {"networks": [{"uuid": "no"}]}, 400),
        ("2.51", {"networks": "none", "tags": ["a"]}, 400),
        ("2.52", {"networks": "none", "tags": ["a"]}, 202),
        ("2.56", {"networks": "none", "personality": []}, 202),
        ("2.57", {"networks": "none", "personality": []}, 400),
        ("2.93", {"networks": "none", "hostname": "a.b"}, 400),
        ("2.94", {"networks": "none", "hostname": "a.b"}, 202),
        ("2.31", {"networks": [{"uuid": PRIVATE, "tag": "x"}]}, 400),
        ("2.32", {"networks": [{"uuid": PRIVATE, "tag": "x"}]}, 202),
        ("2.37", {"networks": [{"uuid": PRIVATE, "tag": "x"}]}, 400),
        ("2.42", {"networks": [{"uuid": PRIVATE, "tag": "x"}]}, 202),
    ],
)
def test_each_version_takes_its_own_fields(
    frozen: RunningCloud, version: str, change: dict[str, Any], status: int
) -> None:
    caller = login(frozen, f"takes-{version}-{status}")
    answer = caller.ask("POST", "/servers", wanted(**change), version)
    assert answer.status == status, answer.body


def test_tags_are_a_set(frozen: RunningCloud) -> None:
    caller = login(frozen, "tagged")
    server = caller.create("web", "2.52", networks="none", tags=["a"])
    path = f"/servers/{server}/tags"

    def ask(method: str, below: str = "", body: object = None) -> int:
        return caller.ask(method, path + below, body, "2.60").status

    assert [ask("PUT", "/b"), ask("PUT", "/b"), ask("GET", "/b"), ask("DELETE", "/a"), ask("GET", "/a")] == [
        *(201, 204, 204, 204, 404),
    ]
    assert caller.ask("GET", path, version="2.60").json == {"tags": ["b"]}
    assert caller.ask("PUT", path, {"tags": ["x", "y", "x"]}, "2.60").json == {"tags": ["x", "y"]}
    other = caller.create("other", "2.52", networks="none", tags=["y", "z"])
    assert caller.ids("?tags=x,y", "2.60") == [server]
    assert set(caller.ids("?tags-any=x,z", "2.60")) == {server, other}
    assert caller.ids("?not-tags=x,y", "2.60") == [other]
    assert ask("DELETE") == 204
    assert caller.show(server, "2.60")["tags"] == []
