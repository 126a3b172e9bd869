# SPDX-License-Identifier: Apache-2.0
"""OAuth consumers, endpoint groups and the configuration of domains, over a real socket."""

from typing import Any

import pytest

from tests.cloud import Answer, RunningCloud
from tests.services.callers import NOBODY, Caller, login
from tests.services.tenancy import ids, made, message

DENIED = "You are not authorized to perform the requested action: identity:"


@pytest.fixture
def admin(strict: RunningCloud) -> Caller:
    return login(strict, user="admin")


def test_a_consumer_shows_its_secret_once(admin: Caller) -> None:
    consumer = made(admin, "consumer", "OS-OAUTH1/consumers", description="a program")
    path = f"/OS-OAUTH1/consumers/{consumer['id']}"
    assert len(consumer["secret"]) == 32
    shown = {key: value for key, value in consumer.items() if key != "secret"}
    assert admin.identity("GET", path).json["consumer"] == shown
    changed = admin.identity("PATCH", path, {"consumer": {"description": "another"}}).json["consumer"]
    assert changed == {**shown, "description": "another"}
    assert message(admin.identity("PATCH", path, {"consumer": {"secret": "x"}}), 400) == "Cannot change consumer secret"
    assert consumer["id"] in ids(admin.identity("GET", "/OS-OAUTH1/consumers"), "consumers")
    assert admin.identity("DELETE", path).status == 204
    assert message(admin.identity("GET", path), 404) == f"Could not find Consumer: {consumer['id']}."


def test_an_endpoint_group_is_for_projects(admin: Caller) -> None:
    root = "/OS-EP-FILTER/endpoint_groups"
    group = made(admin, "endpoint_group", root[1:], name="inside", filters={"interface": "internal"})
    path = f"{root}/{group['id']}"
    assert admin.identity("GET", path).json["endpoint_group"] == group
    assert admin.identity("HEAD", path).status == 200
    changed = admin.identity("PATCH", path, {"endpoint_group": {"filters": {"region_id": "North"}}}).json
    assert changed["endpoint_group"]["filters"] == {"interface": "internal", "region_id": "North"}
    assert group["id"] in ids(admin.identity("GET", f"{root}?name=inside"), "endpoint_groups")
    assert ids(admin.identity("GET", f"{root}?name=outside"), "endpoint_groups") == set()
    mine = f"{path}/projects/{admin.project}"
    assert message(admin.identity("GET", mine), 404) == "Could not find Endpoint Group Project Association."
    assert admin.identity("PUT", mine).status == 204
    assert admin.identity("GET", mine).json["project_endpoint_group"]["project_id"] == admin.project
    assert ids(admin.identity("GET", f"{path}/projects"), "projects") == {admin.project}
    assert admin.identity("DELETE", mine).status == 204
    assert message(admin.identity("DELETE", mine), 404) == "Could not find Endpoint Group Project Association."
    assert message(admin.identity("PUT", f"{path}/projects/{NOBODY}"), 404) == f"Could not find project: {NOBODY}."
    assert admin.identity("DELETE", path).status == 204
    assert admin.identity("GET", path).status == 404


@pytest.mark.parametrize("filters", [{}, {"colour": "red"}])
def test_an_endpoint_group_has_filters_that_there_are(admin: Caller, filters: dict[str, str]) -> None:
    body = {"endpoint_group": {"name": "odd", "filters": filters}}
    assert message(admin.identity("POST", "/OS-EP-FILTER/endpoint_groups", body), 400).startswith("endpoint_group")


CONFIG: dict[str, Any] = {
    "identity": {"driver": "ldap", "list_limit": 3},
    "ldap": {"url": "ldap://a", "password": "hush"},
}
SHOWN = {**CONFIG, "ldap": {"url": "ldap://a"}}


def configured(admin: Caller, name: str) -> str:
    domain = made(admin, "domain", name=name)["id"]
    path = f"/domains/{domain}/config"
    assert admin.identity("GET", path).status == 404
    first = admin.identity("PUT", path, {"config": CONFIG})
    assert (first.status, first.json["config"]) == (201, SHOWN)
    return path


def config(answer: Answer) -> Any:
    assert answer.status == 200, answer.body
    return answer.json["config"]


def test_a_domain_is_configured_as_a_whole(admin: Caller) -> None:
    path = configured(admin, "whole")
    assert config(admin.identity("PUT", path, {"config": CONFIG})) == SHOWN
    assert config(admin.identity("GET", path)) == SHOWN
    more = config(admin.identity("PATCH", path, {"config": {"identity": {"driver": "sql"}}}))
    assert more == {**SHOWN, "identity": {"driver": "sql", "list_limit": 3}}
    assert message(admin.identity("PUT", path, {"config": {"paste": {"a": 1}}}), 403).startswith("identity and ldap")
    assert admin.identity("DELETE", path).status == 204
    for method, body in (("GET", None), ("DELETE", None), ("PATCH", {"config": CONFIG})):
        assert message(admin.identity(method, path, body), 404).startswith("Could not find domain configuration")


def test_a_domain_is_configured_in_parts(admin: Caller) -> None:
    path = configured(admin, "parts")
    assert config(admin.identity("GET", f"{path}/ldap")) == {"ldap": {"url": "ldap://a"}}
    assert config(admin.identity("GET", f"{path}/identity/driver")) == {"driver": "ldap"}
    assert admin.identity("GET", f"{path}/ldap/password").status == 404
    changed = config(admin.identity("PATCH", f"{path}/ldap", {"config": {"ldap": {"url": "ldap://b"}}}))
    assert changed["ldap"] == {"url": "ldap://b"}
    changed = config(admin.identity("PATCH", f"{path}/identity/driver", {"config": {"driver": "sql"}}))
    assert changed["identity"] == {"driver": "sql", "list_limit": 3}
    assert message(admin.identity("PATCH", f"{path}/ldap", {"config": {"identity": {"driver": "x"}}}), 403)
    assert message(admin.identity("PATCH", f"{path}/identity/driver", {"config": {"list_limit": 1}}), 403)
    assert admin.identity("DELETE", f"{path}/identity/driver").status == 204
    assert config(admin.identity("GET", f"{path}/identity")) == {"identity": {"list_limit": 3}}
    for method, body in (("GET", None), ("DELETE", None), ("PATCH", {"config": {"driver": "x"}})):
        assert "Could not find option driver" in message(admin.identity(method, f"{path}/identity/driver", body), 404)
    assert admin.identity("DELETE", f"{path}/identity").status == 204
    for method, body in (("GET", None), ("DELETE", None), ("PATCH", {"config": {"identity": {"driver": "x"}}})):
        assert "Could not find group identity" in message(admin.identity(method, f"{path}/identity", body), 404)
    gone = admin.identity("PATCH", path, {"config": {"identity": {"driver": "x"}}})
    assert message(gone, 404).startswith("Could not find group identity")


def test_what_a_domain_is_configured_as_by_default_can_be_seen(admin: Caller) -> None:
    whole = config(admin.identity("GET", "/domains/config/default"))
    assert set(whole) == {"identity", "ldap"}
    for group, options in whole.items():
        assert config(admin.identity("GET", f"/domains/config/{group}/default")) == {group: options}
        for option, value in options.items():
            shown = config(admin.identity("GET", f"/domains/config/{group}/{option}/default"))
            assert shown == {option: value}
    assert message(admin.identity("GET", "/domains/config/paste/default"), 403).startswith("identity and ldap")
    assert admin.identity("GET", "/domains/config/ldap/moon/default").status == 403


def test_all_of_it_is_for_administrators(strict: RunningCloud) -> None:
    member = login(strict)
    for method, path, body in (
        ("GET", "/OS-OAUTH1/consumers", None),
        ("POST", "/OS-OAUTH1/consumers", {"consumer": {}}),
        ("GET", "/OS-EP-FILTER/endpoint_groups", None),
        (
            "POST",
            "/OS-EP-FILTER/endpoint_groups",
            {"endpoint_group": {"name": "x", "filters": {"interface": "public"}}},
        ),
        ("GET", "/domains/default/config", None),
        ("PUT", "/domains/default/config", {"config": CONFIG}),
        ("GET", "/domains/config/default", None),
    ):
        assert message(member.identity(method, path, body), 403).startswith(DENIED), path
