# SPDX-License-Identifier: Apache-2.0
"""Options of what identity keeps, the ids that clients give, and the form of URLs, over a real socket."""

import pytest

from tests.services.callers import Caller
from tests.services.tenancy import made, message, user

KINDS = [("domain", "domains"), ("project", "projects"), ("role", "roles")]


@pytest.mark.parametrize(("kind", "plural"), KINDS)
def test_what_is_immutable_stays_until_it_is_not(admin: Caller, kind: str, plural: str) -> None:
    one = made(admin, kind, name=f"fixed {kind}", options={"immutable": True})["id"]
    path = f"/{plural}/{one}"

    def change(**fields: object) -> int:
        return admin.identity("PATCH", path, {kind: fields}).status

    frozen = f'resource: `{one}. Set resource option "immutable" to false first.'
    told = message(admin.identity("PATCH", path, {kind: {"name": "other"}}), 403)
    assert told == f"Unable to update immutable {kind} {frozen}"
    assert message(admin.identity("DELETE", path), 403) == f"Unable to delete immutable {kind} {frozen}"
    assert change(name="other", options={"immutable": False}) == 403
    assert change(options={"immutable": True}) == 403
    assert change(options={"immutable": None}) == 200
    assert admin.identity("GET", path).json[kind]["options"] == {}
    assert change(name=f"free {kind}", **({"enabled": False} if kind == "domain" else {})) == 200
    assert admin.identity("DELETE", path).status == 204


@pytest.mark.parametrize(("kind", "plural"), [*KINDS, ("user", "users")])
def test_options_are_known_ones(admin: Caller, kind: str, plural: str) -> None:
    for options in ({"colour": 1}, {"immutable": "yes"}):
        answer = admin.identity("POST", f"/{plural}", {kind: {"name": "optional", "options": options}})
        assert answer.status == 400, answer.body


def test_options_of_a_user_are_put_together(admin: Caller) -> None:
    path = f"/users/{user(admin, 'careful', options={'lock_password': True})['id']}"
    rules = {"multi_factor_auth_rules": [["password", "totp"]]}
    for options in (rules, {"lock_password": None}):
        assert admin.identity("PATCH", path, {"user": {"options": options}}).status == 200
    assert admin.identity("GET", path).json["user"]["options"] == rules


def test_a_domain_may_have_the_id_of_another_cloud(admin: Caller) -> None:
    asked = {"name": "moved", "explicit_domain_id": "0123456789abcdef" * 2}
    assert made(admin, "domain", **asked)["id"] == asked["explicit_domain_id"]
    again = admin.identity("POST", "/domains", {"domain": {**asked, "name": "again"}})
    assert "Duplicate ID" in message(again, 409)
    assert admin.identity("POST", "/domains", {"domain": {"name": "x", "explicit_domain_id": "x"}}).status == 400


def test_endpoints_have_urls(admin: Caller) -> None:
    service = made(admin, "service", type="x", name="x")["id"]
    asked = {"service_id": service, "interface": "public"}
    assert admin.identity("POST", "/endpoints", {"endpoint": {**asked, "url": "here"}}).status == 400
    path = f"/endpoints/{made(admin, 'endpoint', url='http://here', **asked)['id']}"
    assert admin.identity("PATCH", path, {"endpoint": {"url": "there"}}).status == 400
