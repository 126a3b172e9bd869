# SPDX-License-Identifier: Apache-2.0
"""One world of a cloud, as a test drives it: its clock, its rules, its journal, and what is asked of the whole of it.

On the way of a test: clients are pointed at its URL, and everything else is done here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Unpack

from mimic_rules.testing.calls import Calls, named
from mimic_rules.testing.clock import Clock, Length, seconds
from mimic_rules.testing.journal import Journal
from mimic_rules.testing.rules import Rules, Text
from mimic_rules.testing.values import Aged, Described, Expected, Snapshot, Times, Verdict

if TYPE_CHECKING:
    from mimic_rules.testing.cloud import Cloud


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant that has a record: its key, what it is called, and its flags, which rules read."""

    key: str
    names: tuple[str, ...]
    flags: Mapping[str, bool]
    _calls: Calls = field(repr=False, compare=False)

    def set(self, **flags: bool) -> Tenant:
        """The tenant with these flags, as they are from now on: `suspended=True`."""
        return tenant_of(self._calls, self._calls.patch(f"/tenants/{named(self.key)}", flags))


@dataclass(frozen=True, slots=True)
class World:
    """A world: clients find it at `url`. `handed_out` is what its services hand out to clients, by name; of the default
    world nothing is.
    """

    id: str
    url: str
    services: Mapping[str, str] = field(repr=False)
    """Where each service is."""
    handed_out: Mapping[str, Any] = field(repr=False)
    clock: Clock = field(repr=False)
    rules: Rules = field(repr=False)
    journal: Journal = field(repr=False)
    cloud: Cloud = field(repr=False)
    _calls: Calls = field(repr=False, compare=False)

    @property
    def clouds_yaml(self) -> str:
        """What clients read as their `clouds.yaml`; raises LookupError where no service hands one out."""
        return str(self._document("clouds.yaml"))

    @property
    def auth_urls(self) -> Mapping[str, str]:
        """Where callers log in, by version; raises LookupError where no service says so."""
        urls: Mapping[str, str] = self._document("auth_urls")
        return urls

    def verify(
        self,
        *requests: Expected,
        in_order: bool = False,
        never: Sequence[Described] = (),
        no_others: bool = False,
    ) -> Verdict:
        """Which requests were made, how often, in which order, and which never; see the page about the journal."""
        wish = {"requests": list(requests), "never": list(never), "in_order": in_order, "no_others": no_others}
        return Verdict.read(self._calls.post("/verify", wish))

    def assert_requested(self, *, times: int | Times | None = None, **request: Unpack[Described]) -> None:
        """Raise AssertionError unless such a request was made, so often: by default at least once.

        What can't be known, as the journal has dropped requests, fails too.
        """
        __tracebackhide__ = True
        expected: Any = dict(request) if times is None else {**request, "times": times}
        verdict = self.verify(expected)
        assert verdict.passed, str(verdict)

    def explain(self, request: str) -> str:
        """Why a request was answered as it was, in words. Its id is in the header X-Mimic-Request of the answer."""
        return str(self._calls.get(f"/explain/{named(request)}", {"format": "text"}))

    def trace(self, *, on: bool = True) -> None:
        """Trace all requests from now on, so that they can be explained, or none."""
        self._calls.put("/explain", {"on": on})

    def age(
        self, kind: str, key: str | int, by: Length, *, tenant: str | None = None, region: str | None = None
    ) -> Aged:
        """Make a record older; `kind` is `service.resource`, and `key` what paths name the record by."""
        wish = {"kind": kind, "key": key, "by": seconds(by), "tenant": tenant, "region": region}
        return Aged.read(self._calls.post("/age", {name: value for name, value in wish.items() if value is not None}))

    def tenants(self) -> tuple[Tenant, ...]:
        """The tenants that have a record, the first thousand of them."""
        return tuple(tenant_of(self._calls, one) for one in self._calls.get("/tenants")["tenants"])

    def tenant(self, name: str) -> Tenant:
        """The tenant of that key or name; raises LookupError where there is none, or several are called so."""
        known = self.tenants()
        found = [one for one in known if one.key == name] or [one for one in known if name in one.names]
        if len(found) == 1:
            return found[0]
        names = ", ".join(sorted({called for one in known for called in one.names} or {one.key for one in known}))
        raise LookupError(f"there are {len(found)} tenants `{name}` in the world `{self.id}`, which has: {names}")

    def snapshot(self, name: str, *, replace: bool = False) -> Snapshot:
        """Keep the world in a file of the cloud, in the place of an older one where `replace` says so."""
        told = self._calls.post("/snapshots", {"name": name, "replace": replace})
        return Snapshot(told["name"], told["bytes"])

    def restore(self, name: str) -> None:
        """Put the world back to a snapshot, whole or not at all."""
        self.rules.keep_count()
        self._calls.post("/restore", {"name": name})

    def reset(self) -> None:
        """Put the world back to its beginning: as it was made, with an empty journal."""
        self.rules.keep_count()
        self._calls.post("/reset")

    def fork(
        self, id: str | None = None, *, rules: Sequence[Text] = (), clock: Mapping[str, Any] | None = None
    ) -> AbstractContextManager[World]:
        """Another world that begins as this one is now, for the length of a block."""
        return self.cloud.world(id, fork=self.id, rules=rules, clock=clock)

    def _document(self, name: str) -> Any:
        if name not in self.handed_out:
            there = ", ".join(f"`{one}`" for one in self.handed_out) or "nothing"
            raise LookupError(f"no service of the world `{self.id}` hands out `{name}`; there is {there}")
        return self.handed_out[name]


def tenant_of(calls: Calls, told: Mapping[str, Any]) -> Tenant:
    """Of a tenant as the control API shows it."""
    return Tenant(told["key"], tuple(told["names"]), told["flags"], calls)
