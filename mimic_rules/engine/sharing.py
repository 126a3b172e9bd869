# SPDX-License-Identifier: Apache-2.0
"""Which parts of a view are worked out again and again, so that they can be worked out once.

Between the tables and a request: `source` asks before it writes a view.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from typing import Final

from mimic_rules.compiler import expressions as pl
from mimic_rules.engine.functions import DRAWING

_CHEAP: Final = (pl.Const, pl.Slot, pl.FieldOf, pl.Extra)


def shared_parts(entries: tuple[pl.Pair, ...]) -> list[pl.Plan]:
    """The plans that stand in the entries more than once, inner ones before those that hold them.

    Not what draws (two draws differ), nor what looks at an item of a list (it is another one each time).
    """
    counts: Counter[pl.Plan] = Counter()
    for entry in entries:
        counts.update(_parts(entry))
    often = [plan for plan, count in counts.items() if count > 1 and not isinstance(plan, _CHEAP)]
    return sorted((plan for plan in often if not _loose(plan)), key=lambda plan: sum(1 for _ in _parts(plan)))


def _parts(piece: object) -> Iterator[pl.Plan]:
    """All plans within a piece, itself included."""
    if isinstance(piece, pl.Plan) and not isinstance(piece, pl.Window | pl.Pair | pl.Unpack):
        yield piece
    if dataclasses.is_dataclass(piece):
        for part in dataclasses.fields(piece):
            yield from _parts(getattr(piece, part.name))
    elif isinstance(piece, tuple):
        for part in piece:
            yield from _parts(part)


def _loose(plan: pl.Plan) -> bool:
    """Whether a plan can't be worked out ahead."""
    return any(
        (isinstance(part, pl.Slot) and part.index >= pl.FIRST_LOCAL)
        or (isinstance(part, pl.Invoke) and part.function in DRAWING)
        or isinstance(part, pl.Build)
        for part in _parts(plan)
    )
