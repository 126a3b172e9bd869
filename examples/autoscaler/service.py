# SPDX-License-Identifier: Apache-2.0
"""What users of the autoscaler call: groups are made, scaled, paused, deleted, and brought about by polling.

On the way of a group: its beginning and its end. Groups are kept in memory; a real program would write them down.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from examples.autoscaler.balancers import Balancers
from examples.autoscaler.clock import Clock, SystemClock
from examples.autoscaler.convergence import Convergence
from examples.autoscaler.group import Group, Launch, Status
from examples.autoscaler.http import Http
from examples.autoscaler.identity import Impersonation
from examples.autoscaler.servers import PAGE, Servers


class Mistake(Exception):
    """What was asked for can't be done with the group as it is."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient the program is, in seconds: it looks each `interval`, and builds may take `build_timeout`."""

    interval: float = 10.0
    build_timeout: float = 3600.0
    page: int = PAGE


@dataclass(slots=True)
class Autoscaler:
    """The groups of one user."""

    access: Impersonation
    clock: Clock = field(default_factory=SystemClock)
    limits: Limits = field(default_factory=Limits)
    groups: dict[str, Group] = field(default_factory=dict)

    def create(
        self,
        name: str,
        launch: Launch,
        minimum: int = 0,
        maximum: int = 25,
        desired: int | None = None,
        draining: float = 0.0,
    ) -> Group:
        """A new group; its servers are asked for at once. Raises Mistake for sizes that can't be and names in use."""
        wanted = minimum if desired is None else desired
        if not 0 <= minimum <= wanted <= maximum:
            raise Mistake(f"a group of {wanted} can't be between {minimum} and {maximum}")
        if name in self.groups:
            raise Mistake(f"there is a group {name}")
        group = Group(f"group-{name}", name, launch, minimum, maximum, wanted, draining)
        self.groups[name] = group
        self._cycle(group)
        return group

    def scale(self, group: Group, by: int) -> None:
        """Execute a policy: so many more, or fewer. Raises Mistake where the group's bounds allow no change."""
        self._able(group)
        wanted = min(max(group.desired + by, group.minimum), group.maximum)
        if by and wanted == group.desired:
            raise Mistake(f"group {group.name} has {group.desired} of {group.minimum} to {group.maximum}")
        group.desired = wanted
        self.converge(group)

    def converge(self, group: Group) -> None:
        """Try again, also where it was given up."""
        self._able(group)
        group.status = Status.ACTIVE
        self._cycle(group)

    def pause(self, group: Group) -> None:
        """Do nothing more for the group until it is resumed."""
        self._able(group)
        group.status = Status.PAUSED

    def resume(self, group: Group) -> None:
        """Go on."""
        if group.status is Status.PAUSED:
            group.status = Status.ACTIVE
            self._cycle(group)

    def delete(self, group: Group, force: bool = False) -> None:
        """Delete the group, with `force` also one that has servers. Raises Mistake without.

        It is there, DELETING, until its last server is gone.
        """
        if group.desired and not force:
            raise Mistake(f"group {group.name} still has servers")
        group.minimum = group.desired = 0
        group.status = Status.DELETING
        self._cycle(group)

    def poll(self) -> None:
        """Look once at each group that isn't paused or given up."""
        for group in list(self.groups.values()):
            if group.status in (Status.ACTIVE, Status.DELETING):
                self._cycle(group)

    def run(self, until: Callable[[], bool], within: float) -> bool:
        """Poll until something holds, for so many seconds at most; whether it does."""
        begun = self.clock.now()
        while not until():
            if (self.clock.now() - begun).total_seconds() >= within:
                return False
            self.clock.sleep(self.limits.interval)
            self.poll()
        return True

    def _cycle(self, group: Group) -> None:
        if group.name not in self.groups:
            raise Mistake(f"group {group.name} is deleted")
        self._convergence().cycle(group)
        if group.status is Status.DELETING and group.settled and not group.active:
            del self.groups[group.name]

    def _able(self, group: Group) -> None:
        if group.status in (Status.PAUSED, Status.DELETING):
            raise Mistake(f"group {group.name} is {group.status.value}")

    def _convergence(self) -> Convergence:
        http: Http = self.access.http
        servers = Servers(http, self.access, self.limits.page)
        return Convergence(servers, Balancers(http, self.access), self.clock, self.limits.build_timeout)
