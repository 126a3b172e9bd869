# SPDX-License-Identifier: Apache-2.0
"""What a world holds and a rollback puts back: tables by kind, tenant and region, pending events, sequences.

A world owns one of these; its transactions read it and change it, and nobody else touches it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeAlias

from mimic_rules.state.queue import EventQueue
from mimic_rules.state.table import Layers, Table, TableSpec, build_table

Partition: TypeAlias = tuple[str, str]
"""Tenant and region."""


class Contents:
    """Tables, queue and sequences of one world; `held` counts the records of all tables, tombs included.

    Reading makes no table. A kind without a specification raises `KeyError`. The specifications, and the empty tables
    that come with them, are those of all worlds, and never change.
    """

    __slots__ = ("_tables", "held", "queue", "sequences", "specs")

    def __init__(self, specs: Mapping[str, TableSpec]) -> None:
        self.specs = specs
        self.queue = EventQueue()
        self.sequences: dict[str, int] = {}
        self.held = 0
        # PERF: a kind is in here once it has had a table: most worlds have records of a few kinds alone.
        self._tables: dict[str, dict[Partition, Table]] = {}

    def table(self, kind: str, partition: Partition) -> Table:
        """The table for reading; an empty one where there is none."""
        tables = self._tables.get(kind)
        table = None if tables is None else tables.get(partition)
        return self.specs[kind].empty if table is None else table

    def partitions(self, kind: str) -> tuple[Partition, ...]:
        """Where there are records or tombs of a kind, in the order in which they began."""
        if kind not in self.specs:
            raise KeyError(kind)
        return tuple(partition for partition, table in self._tables.get(kind, {}).items() if table.held)

    def find(self, kind: str, partition: Partition) -> Table | None:
        """The table for changing, or nothing."""
        tables = self._tables.get(kind)
        return None if tables is None else tables.get(partition)

    def begin(self, kind: str, partition: Partition, table: Table) -> None:
        """Give a partition a table."""
        self._tables.setdefault(kind, {})[partition] = table

    def end(self, kind: str, partition: Partition) -> None:
        """Take a partition's table away."""
        del self._tables[kind][partition]

    def tables(self) -> Iterator[tuple[str, Partition, Table]]:
        """All tables with something in them, kind by kind, in the order in which they began."""
        for kind, tables in self._tables.items():
            yield from ((kind, partition, table) for partition, table in tables.items() if table.held)

    def fill(self, kind: str, partition: Partition, layers: Layers) -> None:
        """Give a partition that has none a table with this in it; raises what `build_table` raises."""
        table = build_table(self.specs[kind], layers)
        self.begin(kind, partition, table)
        self.held += table.held

    def copy(self) -> Contents:
        """Equal contents, from here on apart."""
        contents = Contents(self.specs)
        contents.queue = self.queue.copy()
        contents.sequences = self.sequences.copy()
        contents.held = self.held
        for kind, partition, table in self.tables():
            contents.begin(kind, partition, table.copy())
        return contents

    def respecified(self, specs: Mapping[str, TableSpec]) -> Contents:
        """The same records, events and sequences under other specifications.

        Kinds that these don't know are left out, and with their records the events that wait for them: those whose
        owner is a tuple that names kind, tenant, region and key of one, side by side. Raises `Conflict` where two
        records have one unique value now, and whatever the new indexes raise.
        """
        contents = Contents(specs)
        gone: set[tuple[Hashable, ...]] = set()
        for kind, partition, table in self.tables():
            layers = table.layers()
            if kind in specs:
                contents.fill(kind, partition, layers)
            else:
                gone.update((kind, *partition, key) for key, _ in (*layers.records, *layers.tombs))
        contents.queue = self.queue.copy()
        contents.sequences = self.sequences.copy()
        for owner in contents.queue.owners() if gone else ():
            if not gone.isdisjoint(_addresses(owner)):
                contents.queue.cancel(owner)
        return contents


def _addresses(owner: Hashable) -> Iterator[tuple[Hashable, ...]]:
    """What in an owner may be the kind, tenant, region and key of a record."""
    if isinstance(owner, tuple):
        yield from (owner[start : start + 4] for start in range(len(owner) - 3))
