# SPDX-License-Identifier: Apache-2.0
"""Lists of compute over a real socket: pages to the last one, order, filters, and what has been deleted since.

One project of ten servers is made for the tests that only look.
"""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import NOBODY, Caller, login


@pytest.fixture(scope="module")
def made(frozen: RunningCloud) -> list[str]:
    """The ids of ten servers: `box-0` to `box-8`, made a second apart, and then `last`, which is building for ever.

    Those with an even number are of a larger flavor and marked `even`.
    """
    caller = login(frozen, "crowd")
    ids = []
    for number in range(9):
        more: dict[str, Any] = {"flavorRef": "2", "metadata": {"kind": "even"}} if number % 2 == 0 else {}
        ids.append(caller.create(f"box-{number}", **more))
        frozen.advance(1)
    ids.append(caller.create("last", metadata={"failure": "build_forever"}))
    return ids


@pytest.fixture
def crowd(frozen: RunningCloud, made: list[str]) -> tuple[Caller, list[str]]:
    """Someone who sees these servers, and their ids from the first to the last."""
    return login(frozen, "crowd"), made


def pages(caller: Caller, query: str) -> list[list[str]]:
    """The ids of every page, by following the links that each has to the next."""
    found = []
    path: str | None = f"/servers{query}"
    while path is not None:
        body = caller.ask("GET", path).json
        found.append([server["id"] for server in body["servers"]])
        links = body.get("servers_links", [])
        assert [link["rel"] for link in links] == ["next"] * len(links)
        path = links[0]["href"].removeprefix(caller.cloud.url + caller.mount) if links else None
    return found


def names(caller: Caller, query: str, version: str | None = None) -> list[str]:
    answer = caller.ask("GET", f"/servers{query}", version=version)
    assert answer.status == 200, answer.body
    return [server["name"] for server in answer.json["servers"]]


def refusal(caller: Caller, query: str, version: str | None = None, path: str = "/servers") -> tuple[int, str]:
    answer = caller.ask("GET", path + query, version=version)
    (body,) = answer.json.values()
    return answer.status, body["message"]


# pages ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "sizes"), [(4, [4, 4, 2]), (10, [10, 0]), (11, [10]), (1, [1] * 10 + [0])])
def test_pages_lead_to_the_end(crowd: tuple[Caller, list[str]], limit: int, sizes: list[int]) -> None:
    """A full page has a next one, which may be empty: that is how the service knows that it was the last."""
    caller, ids = crowd
    found = pages(caller, f"?limit={limit}")
    assert [len(page) for page in found] == sizes
    # the newest first
    assert [one for page in found for one in page] == ids[::-1]


def test_a_next_link_keeps_the_question(crowd: tuple[Caller, list[str]]) -> None:
    caller, _ = crowd
    asked = "?limit=2&name=box&sort_key=display_name&sort_dir=asc&status=ACTIVE"
    body = caller.ask("GET", f"/servers/detail{asked}").json
    (link,) = body["servers_links"]
    parts = urlsplit(link["href"])
    assert parts.path == "/compute/v2.1/servers/detail"
    assert parse_qs(parts.query) == {**parse_qs(asked[1:]), "marker": [body["servers"][-1]["id"]]}


def test_pages_have_limits(crowd: tuple[Caller, list[str]]) -> None:
    caller, ids = crowd
    # none are none, and too many are as many as there may be
    assert caller.ids("?limit=0") == []
    assert len(caller.ids("?limit=5000")) == len(ids)
    assert refusal(caller, "?limit=-1") == (
        400, "Invalid input for field/attribute limit. Value: -1. '-1' does not match '^[0-9]*$'"
    )  # fmt: skip
    assert refusal(caller, "?limit=x")[0] == 400
    assert refusal(caller, f"?marker={NOBODY}") == (400, f"marker [{NOBODY}] not found")


def test_a_marker_that_is_gone_is_not_found(frozen: RunningCloud) -> None:
    caller = login(frozen, "markers")
    made = [caller.create("a")]
    frozen.advance(1)
    made.append(caller.create("b"))
    assert caller.ids(f"?marker={made[1]}") == [made[0]]
    assert login(frozen, "other-markers").ask("GET", f"/servers?marker={made[1]}").status == 400
    caller.ask("DELETE", f"/servers/{made[1]}")
    assert refusal(caller, f"?marker={made[1]}") == (400, f"marker [{made[1]}] not found")


def test_order_is_as_asked_for(crowd: tuple[Caller, list[str]]) -> None:
    caller, ids = crowd
    assert caller.ids("?sort_key=created_at&sort_dir=asc") == ids
    by_state = names(caller, "?sort_key=vm_state&sort_dir=desc&sort_key=display_name&sort_dir=asc")
    assert by_state == ["last", *(f"box-{number}" for number in range(9))]
    # an order by what many share goes on from page to page without a gap
    found = pages(caller, "?limit=3&sort_key=vm_state&sort_dir=asc")
    assert sorted(one for page in found for one in page) == sorted(ids)


# filters -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?status=BUILD", ["last"]),
        ("?status=build", ["last"]),
        ("?name=box-[12]", ["box-2", "box-1"]),
        ("?name=^last$", ["last"]),
        ("?name=BOX-3", []),
        ("?flavor=2&name=box-[0-3]", ["box-2", "box-0"]),
        ("?status=SHUTOFF", []),
        ("?status=NONSENSE", []),
        (f"?image={NOBODY}", []),
        ("?metadata=%7B%22kind%22:%22even%22%7D&name=box-[0-3]", ["box-2", "box-0"]),
        # before 2.75, what nobody knows is passed over
        ("?shoe_size=42&name=last", ["last"]),
    ],
)
def test_filters_leave_out_the_rest(crowd: tuple[Caller, list[str]], query: str, found: list[str]) -> None:
    caller, _ = crowd
    assert names(caller, query) == found


def test_later_versions_are_stricter(crowd: tuple[Caller, list[str]]) -> None:
    caller, _ = crowd
    assert refusal(caller, "?status=NONSENSE", "2.38") == (400, "Invalid status value")
    assert refusal(caller, "?shoe_size=42", "2.75")[0] == 400
    for wrong in ("name=(", "flavor=*", "sort_key=name", "sort_key=uuid&sort_key=shoe_size"):
        status, message = refusal(caller, f"?{wrong}", "2.1")
        assert (status, message.startswith("Invalid input for query parameters")) == (400, True), wrong
    assert names(caller, "?locked=false&name=last", "2.73") == ["last"]
    assert names(caller, "?locked=true", "2.73") == []


def test_what_members_may_not_ask(frozen: RunningCloud) -> None:
    member, admin = login(frozen, "demo"), login(frozen, user="admin")
    status, said = refusal(member, "?all_tenants=1")
    assert (status, said) == (
        403, "Policy doesn't allow os_compute_api:servers:index:get_all_tenants to be performed."
    )  # fmt: skip
    assert refusal(member, "?status=DELETED") == (403, "Only administrators may list deleted instances")
    assert admin.ask("GET", "/servers?status=DELETED").status == 200


# what was there ------------------------------------------------------------------------------------------------------


def test_the_deleted_are_seen_by_whoever_asks_since_when(frozen: RunningCloud) -> None:
    caller = login(frozen, "history")
    old = caller.create("old")
    frozen.advance(100)
    now = frozen.ask("GET", "/_mimic/clock").json["iso"][:19] + "Z"
    gone = caller.create("gone")
    frozen.advance(1)
    assert caller.ask("DELETE", f"/servers/{gone}").status == 204
    kept = caller.create("kept")
    assert caller.ids() == [kept, old]
    since = f"/servers/detail?changes-since={quote(now)}"
    changed = {one["id"]: one for one in caller.ask("GET", since).json["servers"]}
    assert set(changed) == {gone, kept}
    assert (changed[gone]["status"], changed[gone]["OS-EXT-STS:vm_state"]) == ("DELETED", "deleted")
    assert changed[gone]["OS-SRV-USG:terminated_at"] is not None
    assert caller.ask("GET", f"/servers/{gone}").status == 404
    frozen.advance(10)
    later = frozen.ask("GET", "/_mimic/clock").json["iso"][:19] + "Z"
    assert caller.ids(f"?changes-since={later}") == []
    assert old in caller.ids(f"?changes-before={later}", "2.66")
    assert refusal(caller, f"?changes-since={later}&changes-before={now}", "2.66")[0] == 400
    assert refusal(caller, "?changes-since=yesterday")[0] == 400
    # they are forgotten after thirty days
    frozen.advance("31d")
    assert gone not in login(frozen, "history").ids(f"?changes-since={quote(now)}")


# other lists ---------------------------------------------------------------------------------------------------------


def test_flavors_are_listed_and_filtered(frozen: RunningCloud) -> None:
    caller = login(frozen, "sizes")
    listed = caller.ask("GET", "/flavors").json["flavors"]
    assert [(one["id"], one["name"]) for one in listed] == [
        *(("1", "m1.tiny"), ("2", "m1.small"), ("3", "m1.medium"), ("4", "m1.large")),
    ]
    assert set(listed[0]) == {"id", "name", "links"}
    large = caller.ask("GET", "/flavors/detail?minRam=4096&minDisk=80").json["flavors"]
    assert [(one["vcpus"], one["ram"], one["disk"], one["swap"]) for one in large] == [(4, 8192, 80, "")]
    assert caller.ask("GET", "/flavors?limit=2").json["flavors_links"][0]["href"].endswith("limit=2&marker=2")
    assert refusal(caller, "?minRam=much", path="/flavors") == (400, "Invalid minRam filter [much]")
    assert refusal(caller, "/99", path="/flavors") == (404, "Flavor 99 could not be found.")
    assert "description" in caller.ask("GET", "/flavors/1", version="2.55").json["flavor"]


def test_images_are_listed_until_they_moved_away(frozen: RunningCloud) -> None:
    caller = login(frozen, "pictures")
    assert {one["name"] for one in caller.ask("GET", "/images").json["images"]} == {"cirros", "ubuntu"}
    assert refusal(caller, "", "2.36", "/images") == (404, "The resource could not be found.")
