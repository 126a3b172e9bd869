# SPDX-License-Identifier: Apache-2.0
"""Users, projects and roles made over HTTP, and logging in as them in every way that there is.

A caller who may comes in; tests of identity get records that no other test has, and callers with tokens.
"""

from typing import Any

from tests.cloud import Answer, RunningCloud
from tests.services.callers import LOGIN, Caller

SECRET = "correct horse"


def made(caller: Caller, kind: str, plural: str = "", **fields: Any) -> dict[str, Any]:
    """A record of this kind, made by a caller."""
    answer = caller.identity("POST", f"/{plural or kind + 's'}", {kind: fields})
    assert answer.status == 201, answer.body
    record: dict[str, Any] = answer.json[kind]
    return record


def user(caller: Caller, name: str, **fields: Any) -> dict[str, Any]:
    """A user whose password is SECRET."""
    return made(caller, "user", name=name, password=SECRET, **fields)


def role(caller: Caller, name: str) -> str:
    """The id of a role of the whole cloud."""
    (found,) = caller.identity("GET", f"/roles?name={name}").json["roles"]
    return str(found["id"])


def ids(answer: Answer, plural: str) -> set[str]:
    """The ids of what a list shows."""
    assert answer.status == 200, answer.body
    return {one["id"] for one in answer.json[plural]}


def asked(cloud: RunningCloud, who: str, scope: Any = None, secret: str = SECRET) -> Answer:
    """Log in by the id of a user."""
    auth: dict[str, Any] = {
        "identity": {"methods": ["password"], "password": {"user": {"id": who, "password": secret}}}
    }
    return cloud.ask("POST", LOGIN, {"auth": auth if scope is None else {**auth, "scope": scope}})


def keyed(cloud: RunningCloud, secret: str, **which: Any) -> Answer:
    """Log in by an application credential."""
    method = {"secret": secret, **which}
    auth = {"identity": {"methods": ["application_credential"], "application_credential": method}}
    return cloud.ask("POST", LOGIN, {"auth": auth})


def entered(answer: Answer, cloud: RunningCloud) -> Caller:
    """Whoever has logged in."""
    assert answer.status == 201, answer.body
    token = answer.json["token"]
    return Caller(cloud, answer.headers["x-subject-token"], token.get("project", {}).get("id", ""), token["user"]["id"])


def roles(answer: Answer) -> set[str]:
    """The roles that a token has."""
    assert answer.status == 201, answer.body
    return {one["name"] for one in answer.json["token"]["roles"]}


def message(answer: Answer, status: int) -> str:
    """The words of a refusal in identity's own form."""
    assert answer.status == status, answer.body
    assert (set(answer.json), answer.json["error"]["code"]) == ({"error"}, status)
    return str(answer.json["error"]["message"])
