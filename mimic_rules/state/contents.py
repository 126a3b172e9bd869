# SPDX-License-Identifier: Apache-2.0
"""What a world holds and a rollback puts back: tables by kind, tenant and region, pending events, sequences.

A world owns one of these; its transactions read it and change it, and nobody else touches it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from mimic_rules.state.queue import EventQueue
from mimic_rules.state.table import Table, TableSpec

Partition: TypeAlias = tuple[str, str]
"""Tenant and region."""


class Contents:
    """Tables, queue and sequences of one world; `held` counts the records of all tables, tombs included.

    Reading makes no table. A kind without a specification raises `KeyError`.
    """

    __slots__ = ("_empty", "_tables", "held", "queue", "sequences", "specs")

    def __init__(self, specs: Mapping[str, TableSpec]) -> None:
        self.specs = dict(specs)
        self.queue = EventQueue()
        self.sequences: dict[str, int] = {}
        self.held = 0
        self._tables: dict[str, dict[Partition, Table]] = {kind: {} for kind in specs}
        # INVARIANT: nobody inserts into these; they stand for all tables that don't exist.
        self._empty = {kind: Table(spec) for kind, spec in self.specs.items()}

    def table(self, kind: str, partition: Partition) -> Table:
        """The table for reading; an empty one where there is none."""
        return self._tables[kind].get(partition, self._empty[kind])

    def partitions(self, kind: str) -> tuple[Partition, ...]:
        """Where there are records or tombs of a kind, in the order in which they began."""
        return tuple(partition for partition, table in self._tables[kind].items() if table.held)

    def find(self, kind: str, partition: Partition) -> Table | None:
        """The table for changing, or nothing."""
        return self._tables[kind].get(partition)

    def begin(self, kind: str, partition: Partition, table: Table) -> None:
        """Give a partition a table."""
        self._tables[kind][partition] = table

    def end(self, kind: str, partition: Partition) -> None:
        """Take a partition's table away."""
        del self._tables[kind][partition]
