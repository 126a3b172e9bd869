# SPDX-License-Identifier: Apache-2.0
"""Cloud Servers v2 over a socket: the servers of Compute in other words, with Rackspace's texts.

The texts and codes are those that Mimic has clients expect; where Mimic was wrong, those of the real service.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.cloud import RunningCloud, cloud
from tests.services.callers import CIRROS, NOBODY, Caller, login, refusal

RULES = """
for compute
rule unlucky on create server when body.server.name == 'unlucky' then respond 503 serviceUnavailable "no luck"
rule slow on create server when name == 'slow' then status stays BUILD for 60s
example "no luck" for unlucky {
  create server { server: { name: 'unlucky', flavorRef: '1', imageRef: first(image).id, networks: [] } } -> 503
}
example "it takes a minute" for slow {
  made = create server { server: { name: 'slow', flavorRef: '1', imageRef: first(image).id, networks: [] } } -> 202
  after 59s
  expect made.status == BUILD
}
"""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """A cloud with a rule of a team, whose time passes only when a test says so."""
    folder = tmp_path_factory.mktemp("both")
    (folder / "team.rules").write_text(RULES, encoding="utf-8")
    config = {"clock": {"start": "2030-01-01T09:00:00Z", "mode": "frozen"}, "rules": [str(folder / "team.rules")]}
    with cloud(folder, config=config) as started:
        yield started


def old(caller: Caller) -> Caller:
    """The same caller, asking v2 with the tenant in the path."""
    return replace(caller, mount=f"/compute/v2/{caller.project}")


def make(caller: Caller, name: str = "web", **more: object) -> str:
    answer = caller.ask("POST", "/servers", {"server": {"name": name, "flavorRef": "2", "imageRef": CIRROS, **more}})
    assert answer.status == 202, answer.body
    made: str = answer.json["server"]["id"]
    return made


# one server ----------------------------------------------------------------------------------------------------------


def test_the_version_is_told_to_anyone(both: RunningCloud) -> None:
    answer = both.ask("GET", "/compute/v2")
    assert (answer.status, answer.json["version"]["id"]) == (200, "v2.0")


def test_a_create_promises_and_a_show_tells_all(both: RunningCloud) -> None:
    caller = old(login(both, "v2-create"))
    body = {"server": {"name": "web", "flavorRef": "performance1-1", "imageRef": CIRROS, "metadata": {"a": "b"}}}
    answer = caller.ask("POST", "/servers", body)
    assert answer.status == 202
    made = answer.json["server"]
    url = f"{both.url}/compute/v2/{caller.project}"
    assert made["links"] == [
        {"rel": "self", "href": f"{url}/servers/{made['id']}"},
        {"rel": "bookmark", "href": f"{both.url}/compute/{caller.project}/servers/{made['id']}"},
    ]
    assert (made.keys(), len(made["adminPass"])) == ({"id", "links", "OS-DCF:diskConfig", "adminPass"}, 12)
    assert answer.headers["location"] == f"{url}/servers/{made['id']}"
    both.advance(1)
    shown = caller.show(made["id"])
    assert (shown["status"], shown["progress"], shown["metadata"]) == ("ACTIVE", 100, {"a": "b"})
    assert (shown["flavor"]["id"], shown["image"]["id"]) == ("performance1-1", CIRROS)
    assert [one["version"] for one in shown["addresses"]["public"]] == [4, 6]
    assert shown["addresses"]["public"][0]["addr"].startswith("198.101.")
    assert shown["OS-EXT-STS:vm_state"] == "active"
    assert caller.ask("GET", f"/servers/{made['id']}/ips").json == {"addresses": shown["addresses"]}
    private = caller.ask("GET", f"/servers/{made['id']}/ips/private").json
    assert private == {"private": shown["addresses"]["private"]}


CREATES = [
    ({"OS-DCF:diskConfig": "SOME"}, 400, "badRequest", "OS-DCF:diskConfig must be either 'MANUAL' or 'AUTO'."),
    ({"metadata": []}, 400, "badRequest", "Malformed request body"),
    ({"metadata": {"a": 120}}, 400, "badRequest", "Invalid metadata: The input is not a string or unicode"),
    ({"metadata": {str(n): n for n in range(41)}}, 403, "forbidden", "Maximum number of metadata items exceeds 40"),
    ({"flavorRef": "8888"}, 400, "badRequest", "Flavor 8888 could not be found."),
    ({"imageRef": NOBODY}, 400, "badRequest", "Can not find requested image"),
    ({"imageRef": ""}, 400, "badRequest", "Missing imageRef attribute"),
    ({"key_name": "lost"}, 400, "badRequest", "Invalid key_name provided."),
]


@pytest.mark.parametrize(("more", "status", "name", "message"), CREATES)
def test_a_create_that_is_refused_makes_nothing(
    both: RunningCloud, more: dict[str, object], status: int, name: str, message: str
) -> None:
    caller = old(login(both, "v2-refused"))
    body = {"server": {"name": "web", "flavorRef": "2", "imageRef": CIRROS, **more}}
    answer = caller.ask("POST", "/servers", body)
    assert answer.json == {name: {"code": status, "message": message}}
    assert caller.ids() == []


def test_a_body_that_is_no_json(both: RunningCloud) -> None:
    caller = old(login(both, "v2-json"))
    answer = both.ask("POST", f"{caller.mount}/servers", b"{", {"X-Auth-Token": caller.token})
    assert refusal(answer, 400, "badRequest") == "Malformed request body"


def test_an_update_and_a_deletion(both: RunningCloud) -> None:
    caller = old(login(both, "v2-delete"))
    server = make(caller)
    renamed = caller.ask("PUT", f"/servers/{server}", {"server": {"name": "other", "accessIPv4": "1.2.3.4"}})
    assert (renamed.status, renamed.json["server"]["name"]) == (200, "other")
    gone = caller.ask("DELETE", f"/servers/{server}")
    assert (gone.status, gone.body) == (204, b"")
    for method in ("GET", "DELETE"):
        answer = caller.ask(method, f"/servers/{server}")
        assert refusal(answer, 404, "itemNotFound") == "Instance could not be found"
    changed = caller.ask("GET", "/servers/detail?changes-since=2030-01-01T00:00:00Z").json["servers"]
    assert [(one["id"], one["status"]) for one in changed] == [(server, "DELETED")]


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        ("GET", "/ips", "Instance does not exist"),
        ("GET", "/metadata", "Server does not exist"),
        ("PUT", "/metadata", "Server does not exist"),
        ("PUT", "/metadata/a", "Server does not exist"),
        ("POST", "/action", f"Instance {NOBODY} could not be found"),
    ],
)
def test_what_is_said_of_a_server_that_is_not_there(both: RunningCloud, method: str, path: str, message: str) -> None:
    caller = old(login(both, "v2-missing"))
    body = {"PUT": {"metadata": 7}, "POST": {"reboot": {"type": "SOFT"}}}.get(method)
    answer = caller.ask(method, f"/servers/{NOBODY}{path}", body)
    assert refusal(answer, 404, "itemNotFound") == message


# lists ---------------------------------------------------------------------------------------------------------------


def test_lists_are_paged_and_filtered(both: RunningCloud) -> None:
    caller = old(login(both, "v2-list"))
    servers = []
    for name in ("web-1", "db", "web-2"):
        servers.append(make(caller, name))
        both.advance(1)
    assert caller.ids() == servers[::-1]
    assert caller.ids("?name=web") == [servers[2], servers[0]]
    assert caller.ids("?status=build") == []
    full = caller.ask("GET", "/servers?limit=2&name=web").json
    # A page that is full has a link, even where it is the last one; the link keeps what was asked.
    assert "name=web" in full["servers_links"][0]["href"]
    assert "servers_links" not in caller.ask("GET", "/servers?limit=3&name=web").json
    page = caller.ask("GET", "/servers?limit=2").json
    assert [one["id"] for one in page["servers"]] == servers[:0:-1]
    link = page["servers_links"][0]
    assert (link["rel"], f"marker={servers[1]}" in link["href"]) == ("next", True)
    assert caller.ids(f"?limit=2&marker={servers[1]}") == [servers[0]]
    # As the real service has it: 0 is as many as there may be.
    assert caller.ids("?limit=0") == servers[::-1]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=x", "limit param must be an integer from 0 to 1000"),
        ("limit=-1", "limit param must be an integer from 0 to 1000"),
        ("marker=lost", "marker [lost] not found"),
    ],
)
def test_a_page_that_can_not_be_had(both: RunningCloud, query: str, message: str) -> None:
    caller = old(login(both, "v2-pages"))
    assert refusal(caller.ask("GET", f"/servers?{query}"), 400, "badRequest") == message


# what hangs below, and beside ----------------------------------------------------------------------------------------


def test_metadata_all_and_one_by_one(both: RunningCloud) -> None:
    caller = old(login(both, "v2-metadata"))
    path = f"/servers/{make(caller, metadata={'a': 'b'})}/metadata"
    assert caller.ask("GET", path).json == {"metadata": {"a": "b"}}
    assert caller.ask("PUT", path, {"metadata": {"c": "d"}}).json == {"metadata": {"c": "d"}}
    assert caller.ask("POST", path, {"metadata": {"e": "f"}}).json == {"metadata": {"c": "d", "e": "f"}}
    assert caller.ask("PUT", f"{path}/g", {"meta": {"g": "h"}}).json == {"meta": {"g": "h"}}
    assert caller.ask("GET", f"{path}/g").json == {"meta": {"g": "h"}}
    assert caller.ask("DELETE", f"{path}/c").status == 204
    assert caller.ask("GET", path).json == {"metadata": {"e": "f", "g": "h"}}
    assert refusal(caller.ask("GET", f"{path}/c"), 404, "itemNotFound") == "Metadata item was not found"
    assert refusal(caller.ask("DELETE", f"{path}/c"), 404, "itemNotFound") == "Metadata item was not found"


FULL = {str(number): "x" for number in range(41)}


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("", {"a": "b"}, 400, "Malformed request body"),
        ("", {"metadata": []}, 400, "Malformed request body"),
        ("", {"metadata": None}, 400, "Malformed request body. metadata must be object"),
        ("", {"metadata": {"a": 1}}, 400, "Invalid metadata: The input is not a string or unicode"),
        ("", {"metadata": FULL}, 403, "Maximum number of metadata items exceeds 40"),
        ("/a", {"a": "b"}, 400, "Malformed request body"),
        ("/a", {"meta": {"a": "b", "c": "d"}}, 400, "Request body contains too many items"),
        ("/a", {"meta": {"c": "d"}}, 400, "Request body and URI mismatch"),
        ("/a", {"meta": {"a": 1}}, 400, "Invalid metadata: The input is not a string or unicode"),
    ],
)
def test_metadata_that_is_refused(both: RunningCloud, path: str, body: object, status: int, message: str) -> None:
    caller = old(login(both, "v2-bad-metadata"))
    server = caller.ids()[0] if caller.ids() else make(caller)
    answer = caller.ask("PUT", f"/servers/{server}/metadata{path}", body)
    assert refusal(answer, status, "forbidden" if status == 403 else "badRequest") == message
    assert caller.ask("GET", f"/servers/{server}/metadata").json == {"metadata": {}}


def test_flavors_are_known_to_both_and_listed_by_their_own(both: RunningCloud) -> None:
    caller = login(both, "v2-flavors")
    there = [one["id"] for one in old(caller).ask("GET", "/flavors").json["flavors"]]
    assert {"performance1-1", "general1-8", "compute1-4", "io1-15", "memory1-240", "8"} <= set(there)
    assert [one["id"] for one in caller.ask("GET", "/flavors").json["flavors"]] == ["1", "2", "3", "4"]
    shown = old(caller).ask("GET", "/flavors/performance1-1").json["flavor"]
    assert (shown["ram"], shown["vcpus"], shown["disk"]) == (1024, 1, 20)
    assert old(caller).ask("GET", "/flavors/detail?minRam=100000").json["flavors"]
    lost = refusal(old(caller).ask("GET", "/flavors/lost"), 404, "itemNotFound")
    assert lost == "The resource could not be found."


def test_images_have_ids_that_stay(both: RunningCloud) -> None:
    caller = old(login(both, "v2-images"))
    assert CIRROS in [one["id"] for one in caller.ask("GET", "/images").json["images"]]
    assert caller.ask("GET", f"/images/{CIRROS}").json["image"]["status"] == "ACTIVE"
    assert caller.ask("GET", "/images/detail?limit=1").json["images_links"][0]["rel"] == "next"
    assert refusal(caller.ask("GET", f"/images/{NOBODY}"), 404, "itemNotFound") == "Image not found."


def test_limits_count_real_use(both: RunningCloud) -> None:
    caller = old(login(both, "v2-limits"))
    make(caller)
    absolute = caller.ask("GET", "/limits").json["limits"]["absolute"]
    assert (absolute["totalInstancesUsed"], absolute["totalRAMUsed"]) == (1, 2048)
    assert (absolute["maxTotalInstances"], absolute["maxServerMeta"]) == (10, 40)
    for _ in range(9):
        make(caller)
    refused = caller.ask("POST", "/servers", {"server": {"name": "web", "flavorRef": "1", "imageRef": CIRROS}})
    assert "but already used 10 of 10" in refusal(refused, 403, "forbidden")


def test_key_pairs_have_real_keys(both: RunningCloud) -> None:
    caller = old(login(both, "v2-keys"))
    made = caller.ask("POST", "/os-keypairs", {"keypair": {"name": "mine"}})
    assert made.status == 200
    assert "PRIVATE KEY" in made.json["keypair"]["private_key"]
    assert re.fullmatch(r"([0-9a-f]{2}:){15}[0-9a-f]{2}", made.json["keypair"]["fingerprint"])
    public = made.json["keypair"]["public_key"]
    given = caller.ask("POST", "/os-keypairs", {"keypair": {"name": "given", "public_key": public}}).json["keypair"]
    assert ("private_key" in given, given["fingerprint"]) == (False, made.json["keypair"]["fingerprint"])
    assert len(caller.ask("GET", "/os-keypairs").json["keypairs"]) == 2
    assert caller.ask("DELETE", "/os-keypairs/mine").status == 202
    lost = caller.ask("DELETE", "/os-keypairs/mine")
    assert refusal(lost, 404, "itemNotFound") == "KeyPair not found: mine"
    assert caller.ask("POST", "/os-keypairs", {"keypair": {"name": "given", "public_key": public}}).status == 409
