# SPDX-License-Identifier: Apache-2.0
"""Makes records older: what waits to happen to them by time happens that much sooner.

Beside the way of a request: examples ask for it between requests. The clock stays where it is.
"""

from mimic_rules.engine.linked import LinkedProgram
from mimic_rules.state.plain import Key
from mimic_rules.state.world import World


def age(linked: LinkedProgram, world: World, kind: str, key: Key, seconds: float) -> None:
    """Make the records of a kind with that key older by so many seconds; what is due then is not applied yet."""
    with world.transaction() as transaction:
        for tenant, region in transaction.partitions(kind):
            for lifecycle in linked.resources[kind].lifecycles:
                owner = (kind, tenant, region, key, lifecycle.field)
                pending = transaction.pending(owner)
                transaction.cancel(owner)
                for event in pending:
                    transaction.schedule(max(event.due - seconds, 0.0), owner, event.payload)
