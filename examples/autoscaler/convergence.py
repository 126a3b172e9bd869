# SPDX-License-Identifier: Apache-2.0
"""One cycle of convergence: look at the cloud, compare with what a group should be, and take the next steps.

On the way of a group: called again and again until nothing is left to do. A cycle remembers of the last one only what
can't be seen in the cloud, so that it doesn't matter whether an earlier cycle failed half-way.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from examples.autoscaler.balancers import Balancer, Balancers, Full, Gone
from examples.autoscaler.clock import Clock
from examples.autoscaler.group import Attachment, Group, Status
from examples.autoscaler.http import Refused, Unreachable
from examples.autoscaler.servers import Server, Servers

_HOPELESS = re.compile(r"suspended|closed|quota exceeded|cannot be impersonated", re.IGNORECASE)


class Hopeless(Exception):
    """No retry helps: somebody has to change the group, or the account."""


@dataclass(frozen=True, slots=True)
class Convergence:
    """Brings groups about, in one account."""

    servers: Servers
    balancers: Balancers
    clock: Clock
    build_timeout: float

    def cycle(self, group: Group) -> None:
        """Take the next steps, and note in the group how it does. Raises nothing that the cloud may be the cause of."""
        group.settled, group.reasons = False, ()
        try:
            group.settled = self._steps(group)
        except (Hopeless, Gone, Full) as reason:
            self._fail(group, str(reason))
        except Refused as refused:
            if refused.status == 403 or _HOPELESS.search(refused.message):
                self._fail(group, str(refused))
            else:
                group.reasons = (str(refused),)
        except (Unreachable, LookupError) as reason:
            group.reasons = (str(reason),)

    def _fail(self, group: Group, reason: str) -> None:
        if group.status is not Status.DELETING:
            group.status = Status.ERROR
        group.reasons = (reason,)

    def _steps(self, group: Group) -> bool:
        """Whether there was nothing to do."""
        seen = self.servers.of_group(group.id)
        kept, leaving = self._sorted(group, seen)
        group.active = tuple(server.id for server in kept if server.status != "BUILD")
        group.pending = tuple(server.id for server in kept if server.status == "BUILD")
        missing = group.desired - len(kept)
        active = [server for server in kept if server.status != "BUILD"]

        balancers = dict(self._balancers(group, active, missing))
        _remember(group, seen, balancers.values())
        changed = [self._take_off(group, attachment, balancers, kept, leaving) for attachment in balancers]
        changed.append(self._delete(group, leaving))
        # Those that are made come before those that are attached, for the latter may wait for a busy balancer.
        if missing > 0:
            self._create(group, missing)
        changed += [self._put_on(group, attachment, balancers[attachment], active) for attachment in balancers]
        return not any(changed) and missing <= 0 and not group.pending

    def _sorted(self, group: Group, seen: Sequence[Server]) -> tuple[list[Server], list[Server]]:
        """Those that stay, and those that go: what failed, what takes too long, and what is too much."""
        now = self.clock.now()
        limit = timedelta(seconds=self.build_timeout)
        kept: list[Server] = []
        leaving: list[Server] = []
        for server in seen:
            late = server.status == "BUILD" and now - server.created > limit
            failed = server.status in ("ERROR", "UNKNOWN") or late or server.id in group.drained
            (leaving if failed else kept).append(server)
        # Those that don't serve yet go first, and then the oldest.
        order = sorted(kept, key=lambda server: (server.status != "BUILD", server.created, server.id))
        extra = order[: max(0, len(kept) - group.desired)]
        return [server for server in kept if server not in extra], leaving + extra

    def _balancers(self, group: Group, active: Sequence[Server], missing: int) -> Iterator[tuple[Attachment, Balancer]]:
        """Those that are still there. One that is gone is in the way only of what has yet to be attached to it."""
        for attachment in group.launch.attachments:
            try:
                yield attachment, self.balancers.show(attachment.balancer)
            except Gone:
                new = [server for server in active if (attachment.balancer, server.id) not in group.placed]
                if missing > 0 or new:
                    raise

    def _take_off(
        self,
        group: Group,
        attachment: Attachment,
        balancers: dict[Attachment, Balancer],
        kept: Sequence[Server],
        leaving: Sequence[Server],
    ) -> bool:
        """Drain and remove the nodes of servers that go or are gone, and of no others; whether there were any."""
        balancer = balancers[attachment]
        serving = {server.address for server in kept}
        now = self.clock.now()
        going: list[int] = []
        for server, address in group.addresses.items():
            nodes = [n for n in balancer.nodes if (n.address, n.port) == (address, attachment.port)]
            if address in serving or not nodes:
                continue
            there = any(one.id == server and one.status == "ACTIVE" for one in leaving)
            if group.draining and there:
                since = group.drained.setdefault(server, now)
                for node in nodes:
                    if node.condition != "DRAINING":
                        self.balancers.change(balancer.id, node.id, "DRAINING")
                if now - since < timedelta(seconds=group.draining):
                    continue
            going += [node.id for node in nodes]
        if going:
            self.balancers.remove(balancer.id, going)
        return bool(going)

    def _delete(self, group: Group, leaving: Sequence[Server]) -> bool:
        limit = timedelta(seconds=group.draining)
        now = self.clock.now()
        for server in leaving:
            # What drains may finish its work.
            if server.id not in group.drained or now - group.drained[server.id] >= limit:
                self.servers.delete(server.id)
        for gone in set(group.drained) - {server.id for server in leaving}:
            del group.drained[gone]
        return bool(leaving)

    def _create(self, group: Group, missing: int) -> None:
        """Ask for servers, all of them though the cloud may fail at some: the next cycle sees which are there."""
        failed: Refused | Unreachable | None = None
        for _ in range(missing):
            group.made += 1
            try:
                self.servers.create(group.id, f"{group.name}-{group.made}", group.launch.server)
            except Refused as refused:
                if refused.status in (400, 403):
                    raise Hopeless(str(refused)) from None
                failed = refused
            except Unreachable as reason:
                failed = reason
        if failed is not None:
            raise failed

    def _put_on(self, group: Group, attachment: Attachment, balancer: Balancer, active: Sequence[Server]) -> bool:
        """Let the servers that serve be nodes, and their nodes what they should be; whether any was not."""
        nodes = {(node.address, node.port): node for node in balancer.nodes}
        changed = False
        new: list[tuple[str, int]] = []
        for server in active:
            place = (server.address, attachment.port)
            if not server.address:
                continue
            if (node := nodes.get(place)) is None:
                new.append(place)
                continue
            group.placed.add((balancer.id, server.id))
            # Where nodes are watched, a new one gets nothing until it is seen to be well.
            waits = balancer.watched and not node.online and node.condition == "DRAINING"
            if not waits and (node.condition, node.weight, node.type) != ("ENABLED", 1, "PRIMARY"):
                self.balancers.change(balancer.id, node.id, "ENABLED")
                changed = True
        if new:
            self.balancers.add(balancer.id, new, "DRAINING" if balancer.watched else "ENABLED")
        return changed or bool(new)


def _remember(group: Group, seen: Sequence[Server], balancers: Iterable[Balancer]) -> None:
    """Note where servers are. Of one that is gone, until no balancer has a node there: the address may come again."""
    used = {node.address for balancer in balancers for node in balancer.nodes}
    known = {server: address for server, address in group.addresses.items() if address in used}
    group.addresses = known | {server.id: server.address for server in seen if server.address}
