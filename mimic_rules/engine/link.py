# SPDX-License-Identifier: Apache-2.0
"""From plans to functions: what the engine calls for each expression of each request.

Between the tables and a request: a plan is linked once, to a function of a frame (a list: context, record at hand, body,
query, path, caller, version, time, what the place knows, locals). Linked functions never raise.
"""

from collections.abc import Callable
from typing import Any, Final

import re2

from mimic_rules.compiler import expressions as pl
from mimic_rules.engine import values
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.functions import DRAWING, PURE

Frame = list[Any]
Linked = Callable[[Frame], Any]

_COMPARE: Final = {
    "==": values.equal,
    "!=": values.unequal,
    "<": values.less,
    "<=": values.less_or_equal,
    ">": values.more,
    ">=": values.more_or_equal,
    "in": values.contains,
    "starts with": values.starts_with,
}


def link(plan: pl.Plan) -> Linked:
    """The function of a plan."""
    return _LINKS[type(plan)](plan)


def holds(plan: pl.Plan) -> Callable[[Frame], bool]:
    """The function of a condition: true or not."""
    linked = link(plan)
    return lambda frame: linked(frame) is True


def compile_pattern(pattern: str) -> Any:
    """A regular expression that matches in linear time, with bounded memory."""
    options = re2.Options()
    options.max_mem = 8 << 20
    options.log_errors = False
    return re2.compile(pattern, options)


def _const(plan: pl.Const) -> Linked:
    value = plan.value
    return lambda frame: value


def _slot(plan: pl.Slot) -> Linked:
    index = plan.index
    return lambda frame: frame[index]


def _root(plan: pl.Root) -> Linked:
    name = plan.name
    return lambda frame: frame[pl.CONTEXT].root(name)


def _extra(plan: pl.Extra) -> Linked:
    name = plan.name
    return lambda frame: frame[pl.EXTRA].get(name, MISSING)


def _field_of(plan: pl.FieldOf) -> Linked:
    name = plan.name
    if isinstance(plan.record, pl.Slot):
        index = plan.record.index

        # PERF: nearly every entry of a view is this.
        def of_slot(frame: Frame) -> Any:
            record = frame[index]
            return record.get(name, MISSING) if record else MISSING

        return of_slot
    record_of = link(plan.record)

    def of_record(frame: Frame) -> Any:
        record = record_of(frame)
        return record.get(name, MISSING) if record else MISSING

    return of_record


def _get(plan: pl.Get) -> Linked:
    name, of = plan.name, link(plan.of)

    def get(frame: Frame) -> Any:
        value = of(frame)
        return value.get(name, MISSING) if type(value) is dict else values.attribute(value, name)

    return get


def _at(plan: pl.At) -> Linked:
    of, key = link(plan.of), link(plan.key)
    return lambda frame: values.item(of(frame), key(frame))


def _keyed(plan: pl.Keyed) -> Linked:
    of, key, key_field, value_field = link(plan.of), link(plan.key), plan.key_field, plan.value_field
    return lambda frame: values.keyed(of(frame), key_field, value_field, key(frame))


def _follow(plan: pl.Follow) -> Linked:
    key, kind = link(plan.key), plan.kind
    return lambda frame: frame[pl.CONTEXT].follow(kind, key(frame))


def _records(plan: pl.Records) -> Linked:
    kind = plan.kind
    if plan.parent is None:
        return lambda frame: frame[pl.CONTEXT].records(kind)
    parent = link(plan.parent)
    return lambda frame: frame[pl.CONTEXT].children(kind, parent(frame))


def _quota_of(plan: pl.QuotaOf) -> Linked:
    service, name, part = plan.service, plan.name, plan.part
    return lambda frame: frame[pl.CONTEXT].quota(service, name, part)


def _invoke(plan: pl.Invoke) -> Linked:
    arguments = [link(argument) for argument in plan.arguments]
    if plan.function in DRAWING:
        draw = DRAWING[plan.function]
        return lambda frame: draw(frame[pl.CONTEXT].draws, *(argument(frame) for argument in arguments))
    work = PURE[plan.function]
    if len(arguments) == 1:
        only = arguments[0]
        return lambda frame: work(only(frame))
    return lambda frame: work(*(argument(frame) for argument in arguments))


def _join(plan: pl.Join) -> Linked:
    parts = [link(part) for part in plan.parts]

    def join(frame: Frame) -> str:
        return "".join([values.to_text(part(frame)) for part in parts])

    return join


def _negation(plan: pl.Negation) -> Linked:
    operand = link(plan.operand)
    return lambda frame: operand(frame) is not True


def _minus(plan: pl.Minus) -> Linked:
    operand = link(plan.operand)
    return lambda frame: values.calculate("-", 0, operand(frame))


def _all_of(plan: pl.AllOf) -> Linked:
    operands = [link(operand) for operand in plan.operands]

    def all_of(frame: Frame) -> bool:
        for operand in operands:
            if operand(frame) is not True:
                return False
        return True

    return all_of


def _any_of(plan: pl.AnyOf) -> Linked:
    operands = [link(operand) for operand in plan.operands]

    def any_of(frame: Frame) -> bool:
        for operand in operands:
            if operand(frame) is True:
                return True
        return False

    return any_of


def _comparison(plan: pl.Comparison) -> Linked:
    compare, left, right = _COMPARE[plan.operator], link(plan.left), link(plan.right)
    if plan.operator == "==" and isinstance(plan.right, pl.Const) and type(plan.right.value) is str:
        wanted = plan.right.value
        return lambda frame: left(frame) == wanted
    return lambda frame: compare(left(frame), right(frame))


def _kind_of(plan: pl.KindOf) -> Linked:
    operand, kind = link(plan.operand), plan.kind
    return lambda frame: values.kind_of(operand(frame), kind)


def _match(plan: pl.Match) -> Linked:
    operand, pattern = link(plan.operand), compile_pattern(plan.pattern)

    def matches(frame: Frame) -> bool:
        value = operand(frame)
        # A lone surrogate is text in JSON and none in UTF-8, which RE2 reads.
        return type(value) is str and pattern.search(value.encode("utf-8", "replace").decode()) is not None

    return matches


def _presence(plan: pl.Presence) -> Linked:
    operand = link(plan.operand)

    def there(frame: Frame) -> bool:
        value = operand(frame)
        return value is not MISSING and value is not None

    return there


def _calculation(plan: pl.Calculation) -> Linked:
    operator, left, right = plan.operator, link(plan.left), link(plan.right)
    return lambda frame: values.calculate(operator, left(frame), right(frame))


def _fallback(plan: pl.Fallback) -> Linked:
    operand, fallback = link(plan.operand), link(plan.fallback)

    def otherwise(frame: Frame) -> Any:
        value = operand(frame)
        return fallback(frame) if value is MISSING or value is None else value

    return otherwise


def _choice(plan: pl.Choice) -> Linked:
    condition, yes, no = link(plan.condition), link(plan.yes), link(plan.no)
    return lambda frame: yes(frame) if condition(frame) is True else no(frame)


def _select(plan: pl.Select) -> Linked:
    source, slot, condition = link(plan.source), plan.slot, link(plan.condition)

    def select(frame: Frame) -> list[Any]:
        kept = []
        for one in values.listed(source(frame)):
            frame[slot] = one
            if condition(frame) is True:
                kept.append(one)
        return kept

    return select


def _collect(plan: pl.Collect) -> Linked:
    item, slot, source = link(plan.item), plan.slot, link(plan.source)
    condition = None if plan.condition is None else link(plan.condition)

    def collect(frame: Frame) -> list[Any]:
        made = []
        for one in values.listed(source(frame)):
            frame[slot] = one
            if condition is None or condition(frame) is True:
                value = item(frame)
                if value is not MISSING:
                    made.append(value)
        return made

    return collect


def _items(plan: pl.Items) -> Linked:
    items = [link(item) for item in plan.items]

    def make(frame: Frame) -> list[Any]:
        made = [item(frame) for item in items]
        return [one for one in made if one is not MISSING] if MISSING in made else made

    return make


def in_window(window: pl.Window) -> Callable[[Frame], bool] | None:
    """Whether something holds in a frame; None where it always does."""
    if window == pl.ALWAYS:
        return None
    when = None if window.when is None else link(window.when)
    since = 0 if window.since is None else window.since
    until = 1 << 60 if window.until is None else window.until
    return lambda frame: since <= frame[pl.VERSION] <= until and (when is None or when(frame) is True)


Entry = tuple[str | None, Linked | None, Linked, Callable[[Frame], bool] | None]


def link_entries(entries: tuple[pl.Pair | pl.Unpack, ...]) -> list[Entry]:
    """The entries of an object: (fixed key, worked-out key, value, window); neither key for what is unpacked."""
    linked: list[Entry] = []
    for entry in entries:
        if isinstance(entry, pl.Unpack):
            linked.append((None, None, link(entry.value), None))
        elif isinstance(entry.key, pl.Const):
            linked.append((str(entry.key.value), None, link(entry.value), in_window(entry.window)))
        else:
            linked.append((None, link(entry.key), link(entry.value), in_window(entry.window)))
    return linked


def fill(entries: list[Entry], frame: Frame) -> dict[str, Any]:
    """The object of linked entries in a frame."""
    made: dict[str, Any] = {}
    for fixed, key, value, window in entries:
        if window is not None and not window(frame):
            continue
        worth = value(frame)
        if worth is MISSING:
            continue
        if fixed is not None:
            made[fixed] = worth
        elif key is not None:
            made[values.to_text(key(frame))] = worth
        elif type(worth) is dict:
            # What the engine notes in a record is not for clients.
            made.update((name, one) for name, one in worth.items() if not name.startswith("~"))
    return made


def _build(plan: pl.Build) -> Linked:
    entries = link_entries(plan.entries)
    if all(fixed is not None and window is None for fixed, _, _, window in entries):
        plain = [(str(fixed), value) for fixed, _, value, _ in entries]

        # PERF: most objects have fixed keys that are always there.
        def fill_plain(frame: Frame) -> dict[str, Any]:
            made = {}
            for key, value in plain:
                worth = value(frame)
                if worth is not MISSING:
                    made[key] = worth
            return made

        return fill_plain
    return lambda frame: fill(entries, frame)


def _show(plan: pl.Show) -> Linked:
    operand, kind, view = link(plan.operand), plan.kind, plan.view

    def show(frame: Frame) -> Any:
        value = operand(frame)
        context = frame[pl.CONTEXT]
        if type(value) is list:
            return [context.show(kind, view, record, frame) for record in value]
        return context.show(kind, view, value, frame) if value else MISSING

    return show


_LINKS: Final[dict[type[pl.Plan], Callable[[Any], Linked]]] = {
    pl.Const: _const,
    pl.Slot: _slot,
    pl.Root: _root,
    pl.Extra: _extra,
    pl.FieldOf: _field_of,
    pl.Get: _get,
    pl.At: _at,
    pl.Keyed: _keyed,
    pl.Follow: _follow,
    pl.Records: _records,
    pl.QuotaOf: _quota_of,
    pl.Invoke: _invoke,
    pl.Join: _join,
    pl.Negation: _negation,
    pl.Minus: _minus,
    pl.AllOf: _all_of,
    pl.AnyOf: _any_of,
    pl.Comparison: _comparison,
    pl.KindOf: _kind_of,
    pl.Match: _match,
    pl.Presence: _presence,
    pl.Calculation: _calculation,
    pl.Fallback: _fallback,
    pl.Choice: _choice,
    pl.Select: _select,
    pl.Collect: _collect,
    pl.Items: _items,
    pl.Build: _build,
    pl.Show: _show,
}
