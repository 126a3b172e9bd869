# SPDX-License-Identifier: Apache-2.0
"""Worlds as Mimic, over a real socket: chosen services and regions, 1970, its catalog and its paths; and their reset.

A suite that was written for Mimic gets such a world by one request, and has it as new before each test.
"""

import pytest

from tests.cloud import RunningCloud
from tests.services.mimicking import ELSEWHERE, SERVICES, Mimic, create


def test_its_catalog_has_the_services_and_regions_that_were_chosen(frozen: RunningCloud) -> None:
    mimic = Mimic(frozen, "chosen")
    _, urls = mimic.login("77")
    served = {(name, region): f"/mimicking/{name}/{region}/v2/77" for name in SERVICES for region in ("ORD", "DFW")}
    assert urls == {**served, ("cloudFeeds", "ORD"): "http://feeds/77"}
    assert mimic.ask("GET", "/network/v2.0/networks").status == 501
    assert mimic.ask("GET", "/mimicking/cloudServersOpenStack/IAD/v2/77/servers").status == 501


def test_without_the_setting_its_catalog_leads_to_the_services_own_paths(frozen: RunningCloud) -> None:
    config = {"services_elsewhere": [ELSEWHERE]}
    _, urls = Mimic(frozen, "plain", config=config).login("77")
    assert urls["cloudServersOpenStack", "ORD"] == "/compute/v2/77"
    assert urls["cloudLoadBalancers", "DFW"] == "/region/DFW/load_balancers/v1.0/77"
    assert urls["cloudFeeds", "ORD"] == "http://feeds/77"


def test_a_service_that_was_not_chosen_is_not_there(frozen: RunningCloud) -> None:
    mimic = Mimic(frozen, "few", services=["identity_v2", "compute_v2"], config={"catalog_urls": "mimicking"})
    token, urls = mimic.login("77")
    assert {name for name, _ in urls} == {"cloudServersOpenStack"}
    for name in ("cloudLoadBalancers", "cloudServersBehavior"):
        answer = mimic.ask("GET", f"/mimicking/{name}/ORD/v2/77/servers", token=token)
        assert (answer.status, set(answer.json)) == (501, {"error"})


def test_it_begins_in_1970_and_time_passes_by_ticks(frozen: RunningCloud) -> None:
    mimic = Mimic(frozen, "ticking")
    assert mimic.now() == 0
    told = mimic.ask("POST", "/mimic/v1.1/tick", {"amount": 1.5})
    assert (told.status, told.json) == (200, {"advanced": 1.5, "now": "1970-01-01T00:00:01.500000Z"})
    token, urls = mimic.login()
    made = create(mimic, token, urls["cloudServersOpenStack", "ORD"])
    shown = mimic.ask("GET", f"{urls['cloudServersOpenStack', 'ORD']}/servers/{made.json['server']['id']}", token=token)
    assert shown.json["server"]["status"] == "ACTIVE"
    assert shown.json["server"]["created"].startswith("1970-01-01T00:00:01")


@pytest.mark.parametrize(
    "wrong", [{"amount": -1}, {"amount": "soon"}, {"amount": None}, {"amount": True}, {}, [], b"{"]
)
def test_a_tick_that_is_no_amount_is_refused_in_json(frozen: RunningCloud, wrong: object) -> None:
    before = frozen.ask("GET", "/_mimic/clock").json["now"]
    answer = frozen.ask("POST", "/mimic/v1.1/tick", wrong)
    assert (answer.status, answer.headers["content-type"], set(answer.json)) == (400, "application/json", {"error"})
    assert frozen.ask("GET", "/_mimic/clock").json["now"] == before


def test_a_reset_brings_back_how_it_was_made(frozen: RunningCloud) -> None:
    mimic = Mimic(frozen, "again")
    for _ in range(2):
        assert mimic.now() == 0
        token, urls = mimic.login()
        servers, control = urls["cloudServersOpenStack", "DFW"], urls["cloudServersBehavior", "DFW"]
        assert urls["cloudFeeds", "ORD"] == "http://feeds/123456"
        assert mimic.ask("GET", f"{servers}/servers", token=token).json == {"servers": []}
        assert create(mimic, token, servers).status == 202
        fails = {"criteria": [], "name": "fail", "parameters": {}}
        assert mimic.ask("POST", f"{control}/behaviors/creation", fails).status == 201
        assert create(mimic, token, servers).status == 500
        assert mimic.ask("POST", "/mimic/v1.1/IdentityControlAPI/behaviors/auth", fails).status == 201
        assert mimic.ask("POST", "/mimic/v1.1/tick", {"amount": 60}).status == 200
        assert mimic.ask("POST", "/_mimic/reset").status == 200
        assert mimic.ask("GET", f"{servers}/servers", token=token).status == 401


def test_two_of_them_are_apart(frozen: RunningCloud) -> None:
    one, two = Mimic(frozen, "one"), Mimic(frozen, "two", seed=2, regions=["ORD"], config={"catalog_urls": "mimicking"})
    (token, urls), (other, others) = one.login(), two.login()
    servers, control = urls["cloudServersOpenStack", "ORD"], urls["cloudServersBehavior", "ORD"]
    assert others["cloudServersOpenStack", "ORD"] == servers
    assert ("cloudFeeds", "ORD") not in others
    fails = {"criteria": [], "name": "fail", "parameters": {}}
    assert one.ask("POST", f"{control}/behaviors/creation", fails).status == 201
    assert one.ask("POST", "/mimic/v1.1/IdentityControlAPI/behaviors/auth", fails).status == 201
    assert one.ask("POST", "/mimic/v1.1/tick", {"amount": 60}).status == 200
    assert create(one, token, servers).status == 500
    assert create(two, other, servers).status == 202
    assert two.login()[0]
    assert (one.now(), two.now()) == (60, 0)
    assert one.ask("GET", f"{servers}/servers", token=other).status == 401


def test_a_path_may_have_the_ending_that_names_had(frozen: RunningCloud) -> None:
    mimic = Mimic(frozen, "ending")
    token, urls = mimic.login()
    assert create(mimic, token, urls["cloudServersOpenStack", "ORD"]).status == 202
    balancer = {"loadBalancer": {"name": "lb", "protocol": "HTTP", "nodes": [], "virtualIps": [{"type": "PUBLIC"}]}}
    made = mimic.ask("POST", f"{urls['cloudLoadBalancers', 'ORD']}/loadbalancers", balancer, token)
    assert made.status == 202, made.body
    for (name, region), path in urls.items():
        if name == "cloudFeeds" or not SERVICES[name]:
            continue
        saved = path.replace(name, f"{name}-a1b2c3")
        there, as_was = (mimic.ask("GET", one + SERVICES[name], token=token) for one in (path, saved))
        assert (as_was.status, as_was.json) == (200, there.json), (name, region)
    saved = urls["cloudLoadBalancerControl", "ORD"].replace("Control/", "Control-0f0f0f/")
    attributes = f"{saved}/loadbalancer/{made.json['loadBalancer']['id']}/attributes"
    assert mimic.ask("PATCH", attributes, {"status": "ERROR"}).status == 204


@pytest.mark.parametrize(
    "path",
    [
        *(
            f"/mimicking/{name}{ending}/SYD/v2/1{below}"
            for name, below in SERVICES.items()
            for ending in ("", "-a1b2c3")
        ),
        "/mimicking/cloudFiles-a1b2c3/ORD/v1/1",
        "/mimicking/cloudServersOpenStackx/ORD/v2/1/servers",
        "/mimicking/cloudServersOpenStack-/ORD/v2/1/servers",
        "/mimicking/cloudServersOpenStack-a1b2c3/ORD/v2/1/volumes",
        "/mimicking/cloudServersOpenStack-a1b2c3",
        "/mimicking",
        "/domain/api.justyo.co/yo/",
        "/noit/checks/test",
        "/",
    ],
)
def test_what_is_not_there_is_said_in_json(frozen: RunningCloud, path: str) -> None:
    for method in ("GET", "POST"):
        answer = frozen.ask(method, path, {} if method == "POST" else None)
        assert (answer.status, answer.headers["content-type"]) == (501, "application/json")
        (told,) = answer.json.values()
        assert told["message"].startswith(f"no rule says what {method} {path} answers")
