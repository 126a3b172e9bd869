# SPDX-License-Identifier: Apache-2.0
"""Worlds don't see each other: two of them, driven in turns in any order, each answer as they do when driven alone.

The oracle is a twin in another cloud: a world of the same making, asked the same and nothing else. All of an answer
counts: status, headers and body, ids, tokens and times included.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from falcon.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.worlds import Worlds, server

TENANTS = ("early", "late")
WISHES = {
    "a": {"seed": 1, "clock": {"start": 1_000_000_000, "mode": "frozen"}},
    "b": {
        "seed": 1,
        "clock": {"start": 2_000_000_000, "mode": "frozen"},
        "config": {"tenants": [{"name": "late", "suspended": True}], "quotas": {"instances": 2}},
    },
}
METADATA = ({}, {"failure": "build_forever"}, {"server_error": "1"}, {"server_building": "30"})

Answer = tuple[int, tuple[tuple[str, str], ...], str]


@dataclass(slots=True)
class Driver:
    """One world as a client sees it: what it was given so far, and all that it answered."""

    worlds: Worlds
    world: str
    tokens: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    servers: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def ask(self, method: str, path: str, body: Any = None, tenant: str = "") -> Result:
        told = {"x_auth_token": self.tokens.get(tenant, "none")} if tenant else {}
        answer = self.worlds.ask(method, f"/w/{self.world}{path}", body, **told)
        self.answers.append((answer.status_code, tuple(sorted(answer.headers.items())), answer.text))
        return answer

    def login(self, tenant: str) -> None:
        user = {"name": tenant, "domain": {"id": "default"}, "password": "x"}
        scope = {"project": {"name": tenant, "domain": {"id": "default"}}}
        auth = {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}
        answer = self.ask("POST", "/identity/v3/auth/tokens", {"auth": auth})
        if answer.status_code == 201:
            self.tokens[tenant] = answer.headers["x-subject-token"]
            self.projects[tenant] = answer.json["token"]["project"]["id"]

    def create(self, tenant: str, number: int) -> None:
        answer = self.ask("POST", "/compute/v2.1/servers", server(f"s{number}", METADATA[number % 4]), tenant)
        if answer.status_code == 202:
            self.servers.append(answer.json["server"]["id"])

    def show(self, tenant: str, number: int) -> None:
        self.ask("GET", f"/compute/v2.1/servers/{self._server(number)}", tenant=tenant)

    def delete(self, tenant: str, number: int) -> None:
        self.ask("DELETE", f"/compute/v2.1/servers/{self._server(number)}", tenant=tenant)

    def listed(self, tenant: str, number: int) -> None:
        self.ask("GET", "/compute/v2.1/servers/detail", tenant=tenant)

    def suspend(self, tenant: str, number: int) -> None:
        other = TENANTS[number % 2]
        body = {"project": {"suspended": number % 3 == 0}}
        self.ask("PATCH", f"/identity/v3/projects/{self.projects.get(other, 'none')}", body, tenant)

    def advance(self, tenant: str, number: int) -> None:
        self.ask("POST", "/_mimic/clock", {"advance": 10 ** (number % 6)})

    def reset(self, tenant: str, number: int) -> None:
        self.worlds.ask("POST", f"/w/{self.world}/_mimic/reset")
        self.servers.clear()

    def _server(self, number: int) -> str:
        return self.servers[number % len(self.servers)] if self.servers else "none"


STEPS: dict[str, Callable[[Driver, str, int], None]] = {
    "login": lambda driver, tenant, number: driver.login(tenant),
    "create": Driver.create,
    "show": Driver.show,
    "delete": Driver.delete,
    "listed": Driver.listed,
    "suspend": Driver.suspend,
    "advance": Driver.advance,
    "reset": Driver.reset,
}
STEP = st.tuples(
    st.sampled_from("ab"),
    # what makes something to look at comes more often
    st.sampled_from(["login", "create", "create", *STEPS]),
    st.sampled_from(TENANTS),
    st.integers(0, 11),
)


@pytest.fixture(scope="module")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Worlds, Worlds]:
    """The cloud with both worlds, and the one in which each is alone."""
    return Worlds(tmp_path_factory.mktemp("both")), Worlds(tmp_path_factory.mktemp("alone"))


@settings(max_examples=60)
@given(steps=st.lists(STEP, min_size=4, max_size=24))
def test_two_worlds_answer_as_if_each_were_alone(
    clouds: tuple[Worlds, Worlds], steps: list[tuple[str, str, str, int]]
) -> None:
    both, alone = clouds
    drivers = {name: Driver(both, name) for name in WISHES}
    twins = {name: Driver(alone, name) for name in WISHES}
    for name, wish in WISHES.items():
        both.make(id=name, **wish)
        drivers[name].login("early")
    for name, step, tenant, number in steps:
        STEPS[step](drivers[name], tenant, number)
    for name, wish in WISHES.items():
        alone.make(id=name, **wish)
        twins[name].login("early")
        for of, step, tenant, number in steps:
            if of == name:
                STEPS[step](twins[name], tenant, number)
        alone.ask("DELETE", f"/_mimic/worlds/{name}")
    for name in WISHES:
        both.ask("DELETE", f"/_mimic/worlds/{name}")
        assert drivers[name].answers == twins[name].answers
    assert both.told()["requests"] == 0


@settings(max_examples=40)
@given(before=st.lists(STEP, max_size=10), after=st.lists(STEP, max_size=16), how=st.sampled_from(["fork", "snapshot"]))
def test_a_copy_and_its_source_answer_as_if_each_were_alone(
    clouds: tuple[Worlds, Worlds],
    before: list[tuple[str, str, str, int]],
    after: list[tuple[str, str, str, int]],
    how: str,
) -> None:
    """The source is driven, then copied, and both go on in turns; a twin is driven with all steps of one of them."""
    both, alone = clouds
    both.make(id="a", **WISHES["a"])
    source = Driver(both, "a")
    source.login("early")
    for _, step, tenant, number in before:
        STEPS[step](source, tenant, number)
    if how == "snapshot":
        taken = both.ask("POST", "/w/a/_mimic/snapshots", {"name": "copy", "replace": True})
        assert taken.status_code == 201
        both.make(id="b", snapshot="copy")
    else:
        both.make(id="b", fork="a")
    copy = Driver(both, "b", dict(source.tokens), dict(source.projects), list(source.servers))
    drivers = {"a": source, "b": copy}
    known = len(source.answers)
    # a reset of the copy leads elsewhere than one of the source
    after = [one for one in after if one[1] != "reset"]
    for name, step, tenant, number in after:
        STEPS[step](drivers[name], tenant, number)
    for name in "ab":
        alone.make(id=name, **WISHES["a"])
        twin = Driver(alone, name)
        twin.login("early")
        for _, step, tenant, number in before:
            STEPS[step](twin, tenant, number)
        for of, step, tenant, number in after:
            if of == name:
                STEPS[step](twin, tenant, number)
        alone.ask("DELETE", f"/_mimic/worlds/{name}")
        both.ask("DELETE", f"/_mimic/worlds/{name}")
        assert drivers[name].answers == (twin.answers if name == "a" else twin.answers[known:])
