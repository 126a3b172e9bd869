# SPDX-License-Identifier: Apache-2.0
"""A cloud within the test's own process, whose every route can be asked for anything, and the form of its refusals.

Routes, types and forms are those of the compiled program, so that a service that comes later is held to the same.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from falcon.testing import Result, TestClient
from hypothesis import strategies as st

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler.program import OperationPlan, Program, ServicePlan
from mimic_rules.config import load_config
from mimic_rules.web.cloud import Cloud, open_cloud
from tests.services.callers import CIRROS, LOGIN, password, project
from tests.strategies_bodies import bodies_in_bytes, draw_value, junk, names, texts

FURNISHED = "furnished"
VARIABLE = re.compile(r"\{(\w+)\}")

# As a server of one process says it, which listens here.
_HERE = {"wsgi.multiprocess": False, "SERVER_NAME": "127.0.0.1"}

_MEDIA = ["application/json", "application/json; charset=latin-1", "text/plain", "application/xml", "a/b; c", "", None]

# What a list in some dialect may be asked for, whether or not this one is asked for it.
_LIST = ["limit", "marker", "offset", "sort_key", "sort_dir", "page", "changes-since", "name", "status"]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request, ready to be sent."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


class Hostile:
    """The shipped services with a few records of each kind, in a world that others begin as copies of."""

    def __init__(self, folder: Path) -> None:
        self.cloud: Cloud = open_cloud(load_config(start=folder, environ={}, flags={"clock.mode": "frozen"}), texts={})
        self.client = TestClient(self.cloud.app)
        made = self._ask("POST", "/_mimic/worlds", json={"id": FURNISHED})
        assert made.status_code == 201, made.text
        login = self._post(LOGIN, password(scope=project("demo")))
        self.token: str = login.headers["X-Subject-Token"]
        self.project: str = login.json["token"]["project"]["id"]
        self._furnish()
        kinds = {operation.kind for service in self.program.services.values() for operation in service.operations}
        self.ids = [self.project, *(name for kind in sorted(kinds) for name in self.known(kind)[:2])]

    @property
    def program(self) -> Program:
        return self.cloud.engine.linked.plan

    def _ask(self, method: str, path: str, **more: Any) -> Result:
        return self.client.simulate_request(method, path, extras=_HERE, remote_addr="127.0.0.1", **more)

    def _post(self, path: str, body: Any, **headers: str) -> Result:
        made = self._ask("POST", f"/w/{FURNISHED}{path}", json=body, headers=headers)
        assert made.status_code < 300, made.text
        return made

    def _furnish(self) -> None:
        auth = {"X-Auth-Token": self.token}
        self._post("/compute/v2.1/servers", {"server": {"name": "a", "flavorRef": "1", "imageRef": CIRROS}}, **auth)
        self._post("/compute/v2.1/os-keypairs", {"keypair": {"name": "a"}}, **auth)
        balancer = {"name": "a", "protocol": "HTTP", "port": 80, "nodes": [{"address": "10.0.0.1", "port": 80}]}
        self._post("/load_balancers/v1.0/loadbalancers", {"loadBalancer": balancer}, **auth)

    def known(self, kind: str) -> list[str]:
        """What names the records of a kind in a path, as far as a path can say it."""
        mount = self.cloud.mounts.get(FURNISHED)
        assert mount is not None
        contents = mount.world._contents
        tables = [contents.table(kind, partition) for partition in contents.partitions(kind)]
        keys = [key[-1] if isinstance(key, tuple) else key for table in tables for key, _ in table.items()]
        return [str(key) for key in keys if key != ""][:20]

    def answers(self, *asked: Sent) -> list[Result]:
        """The answers to requests in a world of their own, which begins as the furnished one is."""
        world = self._ask("POST", "/_mimic/worlds", json={"fork": FURNISHED}).json["id"]
        told = [
            self._ask(one.method, f"/w/{world}{one.path}", query_string=one.query, headers=one.headers, body=one.body)
            for one in asked
        ]
        self._ask("DELETE", f"/_mimic/worlds/{world}")
        return told

    def lists(self, service: ServicePlan) -> list[Sent]:
        """What a caller can look at without naming it: every GET of a service whose path has no variable."""
        paths = {pattern(service, one) for one in service.operations if one.method == "GET"}
        headers = {"X-Auth-Token": self.token}
        return [Sent("GET", path, "", headers, b"") for path in sorted(paths) if not VARIABLE.search(path)]


@dataclass(frozen=True, slots=True, repr=False)
class Route:
    """One of the operations of a cloud, and the service that it is asked of."""

    hostile: Hostile
    service: ServicePlan
    operation: OperationPlan


def pattern(service: ServicePlan, operation: OperationPlan) -> str:
    """The path of an operation, with its variables, in the first region."""
    return operation.path if operation.at_root else service.mounts[0][0] + operation.path


@st.composite
def requests(draw: st.DrawFn, route: Route) -> Sent:
    """Something like a request for an operation: each part of it may be as it should, or not at all."""
    hostile, service, operation = route.hostile, route.service, route.operation
    kinds = {find.variable: find.kind for find in operation.finds}
    path = pattern(service, operation)
    for variable in VARIABLE.findall(path):
        named = hostile.known(kinds[variable]) if variable in kinds else []
        text = draw(st.sampled_from(named) if named and draw(st.integers(0, 4)) else names | texts)
        path = path.replace("{" + variable + "}", quote(text[:200].replace("/", ""), safe="") or "0")
    method = (
        operation.method if draw(st.integers(0, 15)) else draw(st.sampled_from(["PATCH", "DELETE", "HEAD", "OPTIONS"]))
    )
    headers = {} if draw(st.integers(0, 9)) == 0 else {"X-Auth-Token": hostile.token}
    if service.versions is not None and draw(st.booleans()):
        name, form = draw(st.sampled_from(service.versions.carriers))
        version = draw(
            st.sampled_from(["2.1", "2.46", "2.96", "latest", "2.1000", "9.9", "", "x", "2.", "-1.0", "\xe9"])
        )
        headers[name] = form.replace("{v}", version)
    return Sent(method, path, _draw_query(draw, operation), headers, _draw_body(draw, route, headers))


def _draw_query(draw: st.DrawFn, operation: OperationPlan) -> str:
    """Now and then some parameters, twice or with odd values among them."""
    declared = [] if operation.query is None else [one.key for one in operation.query.members]
    chosen = draw(st.lists(st.sampled_from([*declared, *_LIST]), max_size=3))
    return "&".join(f"{name}={quote(draw(names | texts)[:200], safe='')}" for name in chosen)


def _draw_body(draw: st.DrawFn, route: Route, headers: dict[str, str]) -> bytes:
    """A body in bytes; what it is declared as is put into `headers`."""
    hostile, operation = route.hostile, route.operation
    if operation.body is None and draw(st.integers(0, 3)):
        return b""
    media = draw(st.sampled_from(_MEDIA)) if draw(st.integers(0, 9)) == 0 else "application/json"
    if media is not None:
        headers["Content-Type"] = media
    if draw(st.integers(0, 5)) == 0:
        return draw(bodies_in_bytes)
    known = st.sampled_from([*hostile.known(operation.kind), *hostile.ids])
    data = draw(junk) if operation.body is None else draw_value(draw, operation.body, known)
    if operation.action is not None and draw(st.integers(0, 9)):
        data = data if isinstance(data, dict) and operation.action in data else {operation.action: data}
    return json.dumps(data).encode()


# -- what a refusal looks like ----------------------------------------------------------------------------------------


def is_refusal(body: Any, service: ServicePlan) -> bool:
    """Whether a body is of one of the forms in which a service says no."""
    forms = [service.envelope, *(one.body for one in service.faults if one.body is not None)]
    return any(_fits(body, form) for form in forms)


def _fits(value: Any, form: pl.Plan) -> bool:
    """Whether a value is of the form of a plan; where a plan is worked out, it may be anything."""
    if not isinstance(form, pl.Build):
        return True
    if not isinstance(value, dict):
        return False
    left = list(value.items())
    for entry in form.entries:
        assert isinstance(entry, pl.Pair)
        key = entry.key.value if isinstance(entry.key, pl.Const) else None
        if left and key in (None, left[0][0]) and _fits(left[0][1], entry.value):
            left.pop(0)
        # What has a guard may be left out.
        elif entry.window.when is None:
            return False
    return not left
