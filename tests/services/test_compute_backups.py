# SPDX-License-Identifier: Apache-2.0
"""Images and backups that are made of servers, one at a time, over a real socket."""

from typing import Any

import pytest

from tests.services.callers import Caller, refusal


def backup(caller: Caller, server: str, name: str, rotation: Any = 2, kind: str = "daily", **more: Any) -> Any:
    asked = {"name": name, "backup_type": kind, "rotation": rotation, **more}
    answer = caller.act(server, "createBackup", asked, "2.45")
    caller.cloud.advance(1)
    return answer


def left(caller: Caller, server: str) -> list[str]:
    images = caller.ask("GET", f"/images/detail?server={server}").json["images"]
    return sorted(image["name"] for image in images)


def test_the_newest_backups_of_a_kind_are_left(caller: Caller) -> None:
    server, other = caller.up("saved"), caller.up("saved")
    for name in ("mon", "tue", "wed"):
        assert backup(caller, server, name).status == 202
    assert left(caller, server) == ["tue", "wed"]
    assert backup(caller, server, "week", kind="weekly").status == 202
    assert backup(caller, other, "else").status == 202
    assert left(caller, server) == ["tue", "wed", "week"]
    assert backup(caller, server, "thu", rotation="1").status == 202
    assert (left(caller, server), left(caller, other)) == (["thu", "week"], ["else"])
    answer = backup(caller, server, "none", rotation=0)
    assert (answer.status, answer.body) == (202, b"")
    assert left(caller, server) == ["week"]


def test_a_backup_says_what_it_is_of(caller: Caller) -> None:
    server = caller.up("saved")
    asked = {"name": "said", "backup_type": "daily", "rotation": 1, "metadata": {"by": "me", "backup_type": "x"}}
    answer = caller.act(server, "createBackup", asked)
    assert answer.status == 202
    assert caller.show(server)["OS-EXT-STS:task_state"] == "image_backup"
    image = caller.ask("GET", "/images/" + answer.headers["location"].rpartition("/")[2]).json["image"]
    told = {"image_type": "backup", "backup_type": "daily", "by": "me", "instance_uuid": server}
    assert told.items() <= image["metadata"].items()
    caller.cloud.advance(1)
    assert caller.show(server)["OS-EXT-STS:task_state"] is None


@pytest.mark.parametrize(
    "wrong", [{"rotation": -1}, {"rotation": "x"}, {"name": ""}, {"extra": 1}, {"metadata": {"a/": "b"}}]
)
def test_a_backup_is_asked_for_in_one_form(caller: Caller, wrong: dict[str, Any]) -> None:
    server = caller.up("saved")
    asked = {"name": "n", "backup_type": "daily", "rotation": 1, **wrong}
    assert refusal(caller.act(server, "createBackup", asked), 400, "badRequest")
    assert left(caller, server) == []


@pytest.mark.parametrize(
    ("before", "status"), [(None, "ACTIVE"), ("os-stop", "SHUTOFF"), ("pause", "PAUSED"), ("suspend", "SUSPENDED")]
)
def test_while_an_image_is_made_nothing_else_is_done(caller: Caller, before: str | None, status: str) -> None:
    server = caller.up("saved")
    if before is not None:
        assert caller.act(server, before).status == 202
        caller.cloud.advance(1)
    assert caller.act(server, "createImage", {"name": "first"}).status == 202
    shown = caller.show(server)
    assert (shown["status"], shown["OS-EXT-STS:task_state"]) == (status, "image_snapshot")
    for action, arguments in (
        ("createImage", {"name": "second"}),
        ("createBackup", {"name": "second", "backup_type": "daily", "rotation": 1}),
        ("shelve", None),
    ):
        told = refusal(caller.act(server, action, arguments), 409, "conflictingRequest")
        assert told == f"Cannot '{action}' instance {server} while it is in task_state image_snapshot"
    caller.cloud.advance(1)
    assert (caller.show(server)["status"], left(caller, server)) == (status, ["first"])
    assert backup(caller, server, "later").status == 202
