# SPDX-License-Identifier: Apache-2.0
"""From plans to functions: what the engine calls for each expression of each request.

Between the tables and a request: a plan is linked once, to a function of a frame (a list: context, record at hand,
body,
query, path, caller, version, time, what the place knows, locals). Linked functions never raise. PERF: `source` writes
them as Python, so that an expression costs one call and not one for each of its parts; they are made when first called.
"""

from collections.abc import Callable
from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.engine.source import function_of, view_of

Frame = list[Any]
Linked = Callable[[Frame], Any]


def link(plan: pl.Plan) -> Linked:
    """The function of a plan; it is made when it is first called, for most are never called."""
    if isinstance(plan, pl.Const):
        value = plan.value
        return lambda frame: value
    if isinstance(plan, pl.Slot):
        index = plan.index
        return lambda frame: frame[index]
    made: Linked | None = None

    def linked(frame: Frame) -> Any:
        nonlocal made
        if made is None:
            made = function_of(plan)
        return made(frame)

    return linked


def in_window(window: pl.Window) -> Callable[[Frame], bool] | None:
    """Whether something holds in a frame; None where it always does."""
    if window == pl.ALWAYS:
        return None
    when = None if window.when is None else link(window.when)
    since = 0 if window.since is None else window.since
    until = pl.ANY_VERSION if window.until is None else window.until
    return lambda frame: since <= frame[pl.VERSION] <= until and (when is None or when(frame) is True)


View = Callable[[Frame, dict[str, Any]], dict[str, Any]]


def link_view(entries: tuple[pl.Pair, ...], sure: frozenset[str]) -> View:
    """The function of a view: what a client sees of a record. `sure` are the fields that every record has."""
    return view_of(entries, sure)
