# SPDX-License-Identifier: Apache-2.0
"""A page of records in a service's dialect: filtered, sorted, cut to size, shown and wrapped.

On the way of a request: the view phase of a list operation.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.engine import values
from mimic_rules.engine.context import Context, asked_url
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.link import Frame, Linked, in_window, link
from mimic_rules.engine.patterns import BadPattern, compile_pattern, matches
from mimic_rules.engine.refusal import Fault, Refused
from mimic_rules.engine.resources import Record

Filter = tuple[pr.FilterPlan, Linked | None, Callable[[Frame], bool] | None]


def link_list(plan: pr.ListStep) -> Callable[[Context, Frame], Any]:
    """The function of a list step: gives the body."""
    records, condition, item = link(plan.records), None if plan.condition is None else link(plan.condition), plan.item
    filters: list[Filter] = [
        (one, None if one.condition is None else link(one.condition), in_window(one.window)) for one in plan.filters
    ]

    everyones = None if plan.across is None else link(plan.across)

    def page(context: Context, frame: Frame) -> Any:
        assert context.service is not None
        assert context.request is not None
        dialect = context.service.page
        query = context.request.query
        chosen = [one for one in filters if one[0].parameter in query and (one[2] is None or one[2](frame))]
        buried = any(one[0].with_deleted for one in chosen)

        def kept() -> list[Record]:
            found = records(frame)
            if buried:
                found = [*found, *(record for _, record in context.table(plan.kind).tombs())]
            return list(_kept(found, chosen, condition, item, frame, query))

        owners: dict[int, str] = {}
        of_all = (
            kept() if everyones is None or everyones(frame) is not True else _everyones(context, plan, kept, owners)
        )
        _sort(of_all, dialect.plan, plan, query)
        shown, limit = _cut(context, frame, of_all, plan)
        return _wrapped(context, frame, shown, _shown(context, frame, shown, owners, plan), limit, plan)

    return page


def _everyones(
    context: Context, plan: pr.ListStep, kept: Callable[[], list[Record]], owners: dict[int, str]
) -> list[Record]:
    """The records of every tenant, each tested as one of its own; `owners` is told whose each is, by its `id`."""
    asking, found = context.tenant, []
    for tenant in (asking, *context.others(plan.kind)):
        context.within(tenant)
        own = kept()
        found += own
        owners.update((id(record), tenant) for record in own)
    context.within(asking)
    return found


def _shown(
    context: Context, frame: Frame, records: list[Record], owners: dict[int, str], plan: pr.ListStep
) -> list[Any]:
    """The records through the view of the list, each as its tenant sees it."""
    # PERF: nearly all lists are of one tenant, who need not be asked for each record.
    if not owners:
        return [context.show(plan.kind, plan.view, record, frame) for record in records]
    asking, shown = context.tenant, []
    for record in records:
        context.within(owners[id(record)])
        shown.append(context.show(plan.kind, plan.view, record, frame))
    context.within(asking)
    return shown


def _kept(
    found: Iterable[Record], chosen: list[Filter], condition: Linked | None, item: int, frame: Frame, query: Any
) -> Iterable[Record]:
    tests: list[Callable[[Record], bool]] = []
    for plan, by, _ in chosen:
        given = query[plan.parameter]
        if by is not None:
            tests.append(_by(by, item, frame, given[-1]))
        elif plan.how == "regex":
            tests.append(_regex(str(plan.field), given[-1]))
        else:
            tests.append(_exact(str(plan.field), given))
    for record in found:
        frame[item] = record
        if (condition is None or condition(frame) is True) and all(test(record) for test in tests):
            yield record


def _by(condition: Linked, item: int, frame: Frame, given: str) -> Callable[[Record], bool]:
    inner = [*frame]
    inner[pl.EXTRA] = {**frame[pl.EXTRA], "value": given}

    def test(record: Record) -> bool:
        inner[item] = record
        return condition(inner) is True

    return test


def _exact(name: str, given: list[str]) -> Callable[[Record], bool]:
    wanted = set(given)

    def test(record: Record) -> bool:
        value = record.get(name)
        if type(value) is bool:
            return values.to_text(value) in {one.lower() for one in wanted}
        return value is not None and values.to_text(value) in wanted

    return test


@lru_cache(maxsize=256)
def _pattern(given: str) -> Any:
    """The pattern a client gave, or None where it is none: then it is looked for as it stands."""
    try:
        return compile_pattern(given)
    except BadPattern:
        return None


def _regex(name: str, given: str) -> Callable[[Record], bool]:
    pattern = _pattern(given.encode("utf-8", "replace").decode())

    def test(record: Record) -> bool:
        value = record.get(name)
        if type(value) is not str:
            return False
        return given in value if pattern is None else matches(pattern, value)

    return test


def _sort(kept: list[Record], dialect: pr.PagePlan, plan: pr.ListStep, query: Any) -> None:
    order = list(plan.order or dialect.order)
    if dialect.sort_keys and dialect.sort_keys in query:
        directions = query.get(dialect.sort_directions or "", [])
        asked = [
            (key, (directions[number] if number < len(directions) else "desc") == "desc")
            for number, key in enumerate(query[dialect.sort_keys])
            if key in plan.sortable
        ]
        order = asked + [one for one in order if one[0] not in {key for key, _ in asked}]
    # What is alike is in the order in which it was made, or, where the list falls in the end, in the reverse.
    if order and order[-1][1]:
        kept.reverse()
    # Stable, so that the last key is sorted by first; what has no value comes last when rising.
    for name, falls in reversed(order):
        kept.sort(key=partial(_rank, name), reverse=falls)


def _rank(name: str, record: Record) -> tuple[int, float, str]:
    value = record.get(name)
    if isinstance(value, int | float):
        return 0, value, ""
    return (1, 0.0, value) if type(value) is str else (2, 0.0, "")


def _cut(context: Context, frame: Frame, kept: list[Record], plan: pr.ListStep) -> tuple[list[Record], int | None]:
    """The records of the page and the size it was cut to (None: no limit)."""
    assert context.service is not None
    assert context.request is not None
    page, query = context.service.page, context.request.query
    start = 0
    if page.plan.marker and page.marker_fault is not None and page.plan.marker in query:
        start = _after(context, kept, query[page.plan.marker][-1], page.marker_fault, plan)
    if page.plan.offset and page.plan.offset in query:
        start += max(_whole(query[page.plan.offset][-1]) or 0, 0)
    limit = None
    if page.plan.limit is not None:
        parameter, low, high = page.plan.limit
        limit = high
        if parameter in query:
            given = query[parameter][-1]
            number = _whole(given)
            if number is None or number < low:
                if page.limit_fault is not None:
                    raise Refused(page.limit_fault, value=given)
            elif 0 < number < high:
                limit = number
    return kept[start : None if limit is None else start + limit], limit


def _whole(text: str) -> int | None:
    digits = text[1:] if text[:1] == "-" else text
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def _after(context: Context, kept: list[Record], marker: str, fault: Fault, plan: pr.ListStep) -> int:
    resource = context.program.resources[plan.kind]
    for at, record in enumerate(kept):
        if marker in (values.to_text(record.get(resource.key[-1])), values.to_text(resource.key_of(record))):
            return at + 1
    raise Refused(fault, value=marker)


def _wrapped(
    context: Context, frame: Frame, shown: list[Record], items: list[Any], limit: int | None, plan: pr.ListStep
) -> Any:
    assert context.service is not None
    assert context.request is not None
    page, request = context.service.page, context.request
    resource = context.program.resources[plan.kind]
    more = limit is not None and len(shown) == limit
    following: Any = MISSING
    if more and page.plan.marker is not None:
        # An offset has been gone: it must not be gone again from the marker on.
        query = {name: given for name, given in request.query.items() if name != page.plan.offset}
        query[page.plan.marker] = [values.to_text(shown[-1].get(resource.key[-1]))]
        following = asked_url(context.base, request, dict(sorted(query.items())))
    inner = [*frame, *([MISSING] * max(0, page.plan.size - len(frame)))]
    inner[pl.EXTRA] = {
        **frame[pl.EXTRA],
        "items": items,
        "more": more,
        "next": following,
        "plural": plan.plural,
        "count": len(shown),
    }
    return page.wrap(inner)
