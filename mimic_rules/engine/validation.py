# SPDX-License-Identifier: Apache-2.0
"""Whether a body, a query or a setting is what its type says, and where it is not.

On the way of a request: the schema phase. Linked once from type plans; a check gives the first problem it finds as
(path, value, reason) or None, so that a service can say it in its own words.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from mimic_rules.compiler import program as pr
from mimic_rules.engine import times
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.patterns import compile_pattern, matches
from mimic_rules.engine.values import numeric

Path = tuple[str | int, ...]
Problem = tuple[Path, Any, str]
Check = Callable[[Any, int], Problem | None]
QueryReader = Callable[[Mapping[str, list[str]], int], tuple[dict[str, Any], Problem | None]]

_HEX: Final = frozenset("0123456789abcdefABCDEF")
_ANY_VERSION: Final = 1 << 60


def link_type(plan: pr.TypePlan) -> Check:
    """The check of a type: a function of a value and a version."""
    return _LINKS[type(plan)](plan)


def _plain(plan: pr.PlainType) -> Check:
    match plan.word:
        case "text":
            return _text(plan)
        case "int" | "number" | "sequence":
            return _number(plan)
        case "any" | "lifecycle":
            return lambda value, version: None
        case _:
            fits, wanted = _WORDS[plan.word]

            def check(value: Any, version: int) -> Problem | None:
                return None if fits(value) else ((), value, f"{_shown(value)} is not {wanted}")

            return check


def _is_uuid(value: Any) -> bool:
    """32 hexadecimal digits, with or without the dashes (as OpenStack's services take them)."""
    return type(value) is str and len(value) in (32, 36) and len(value.replace("-", "")) == 32 and _is_hex(value)


def _is_hex(value: Any) -> bool:
    return type(value) is str and bool(value) and _HEX.issuperset(value.replace("-", ""))


_WORDS: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "bool": (lambda value: type(value) is bool, "of type 'boolean'"),
    "uuid": (_is_uuid, "a 'uuid'"),
    "hex": (_is_hex, "hexadecimal digits"),
    "time": (lambda value: times.parse(value) is not MISSING, "a 'date-time'"),
    "null": (lambda value: value is None, "of type 'null'"),
}


def _text(plan: pr.PlainType) -> Check:
    low = 0 if plan.low is None else plan.low
    high = math.inf if plan.high is None else plan.high
    pattern = None if plan.pattern is None else compile_pattern(plan.pattern)

    def check(value: Any, version: int) -> Problem | None:
        if type(value) is not str:
            return (), value, f"{_shown(value)} is not of type 'string'"
        if not low <= len(value) <= high:
            return (), value, f"{_shown(value)} is too {'short' if len(value) < low else 'long'}"
        if pattern is not None and not matches(pattern, value):
            return (), value, f"{_shown(value)} does not match {plan.pattern!r}"
        return None

    return check


def _number(plan: pr.PlainType) -> Check:
    low = -math.inf if plan.low is None else plan.low
    high = math.inf if plan.high is None else plan.high
    whole = plan.word != "number"
    wanted = "integer" if whole else "number"

    def check(value: Any, version: int) -> Problem | None:
        kind = type(value)
        # JSON Schema: 1.0 is an integer.
        if kind is not int and (kind is not float or (whole and not value.is_integer())):
            return (), value, f"{_shown(value)} is not of type '{wanted}'"
        if value < low:
            return (), value, f"{value} is less than the minimum of {plan.low}"
        if value > high:
            return (), value, f"{value} is greater than the maximum of {plan.high}"
        return None

    return check


def _exact(plan: pr.ExactType) -> Check:
    wanted = plan.value

    def check(value: Any, version: int) -> Problem | None:
        fits = type(value) is type(wanted) and value == wanted
        return None if fits else ((), value, f"{_shown(value)} is not one of [{wanted!r}]")

    return check


def _size(count: int, low: int | None, high: int | None, value: Any) -> Problem | None:
    if low is not None and count < low:
        return (), value, f"{_shown(value)} is too short"
    if high is not None and count > high:
        return (), value, f"{_shown(value)} is too long"
    return None


def _list(plan: pr.ListOfType) -> Check:
    items = link_type(plan.items)

    def check(value: Any, version: int) -> Problem | None:
        if type(value) is not list:
            return (), value, f"{_shown(value)} is not of type 'array'"
        problem = _size(len(value), plan.low, plan.high, value)
        if problem is not None:
            return problem
        for at, one in enumerate(value):
            inner = items(one, version)
            if inner is not None:
                return (at, *inner[0]), inner[1], inner[2]
        return None

    return check


def _map(plan: pr.MapOfType) -> Check:
    inside = link_type(plan.values)

    def check(value: Any, version: int) -> Problem | None:
        if type(value) is not dict:
            return (), value, f"{_shown(value)} is not of type 'object'"
        problem = _size(len(value), plan.low, plan.high, value)
        if problem is not None:
            return problem
        for key, one in value.items():
            inner = inside(one, version)
            if inner is not None:
                return (key, *inner[0]), inner[1], inner[2]
        return None

    return check


def _object(plan: pr.ObjectTypePlan) -> Check:
    members = [(one.key, link_type(one.type), one) for one in plan.members]
    windows = [(plan.since, plan.until), *((one.since, one.until) for one in plan.members)]
    windowless = all(window == (None, None) for window in windows)
    chosen: dict[int, tuple[dict[str, Check], list[str], bool]] = {}

    def pick(version: int) -> tuple[dict[str, Check], list[str], bool]:
        known: dict[str, Check] = {}
        required = []
        for key, check, one in members:
            if (one.since or 0) <= version <= (one.until or _ANY_VERSION):
                known[key] = check
                if not one.optional:
                    required.append(key)
        return known, required, _is_closed(plan, version)

    def check(value: Any, version: int) -> Problem | None:
        if type(value) is not dict:
            return (), value, f"{_shown(value)} is not of type 'object'"
        at = 0 if windowless else version
        if at not in chosen:
            # INVARIANT: versions are those of the service or 0, so that this table is small.
            chosen[at] = pick(at)
        known, required, closed = chosen[at]
        for key in required:
            if key not in value:
                return (), value, f"'{key}' is a required property"
        for key, one in value.items():
            inside = known.get(key)
            if inside is None:
                if closed:
                    return (), value, f"Additional properties are not allowed ('{key}' was unexpected)"
                continue
            inner = inside(one, version)
            if inner is not None:
                return (key, *inner[0]), inner[1], inner[2]
        return None

    return check


def _is_closed(plan: pr.ObjectTypePlan, version: int) -> bool:
    """Whether an object has no other keys at a version."""
    return plan.strict and (plan.since or 0) <= version <= (plan.until or _ANY_VERSION)


def _one_of(plan: pr.OneOfType) -> Check:
    alternatives = [link_type(one) for one in plan.alternatives]
    exact = [one.value for one in plan.alternatives if isinstance(one, pr.ExactType)]

    def check(value: Any, version: int) -> Problem | None:
        deepest: Problem | None = None
        for alternative in alternatives:
            problem = alternative(value, version)
            if problem is None:
                return None
            if deepest is None or len(problem[0]) > len(deepest[0]):
                deepest = problem
        if deepest is not None and deepest[0]:
            return deepest
        if len(exact) == len(alternatives):
            return (), value, f"{_shown(value)} is not one of {exact!r}"
        return deepest

    return check


_LINKS: Final[Mapping[type[pr.TypePlan], Callable[[Any], Check]]] = {
    pr.PlainType: _plain,
    pr.ExactType: _exact,
    pr.ListOfType: _list,
    pr.MapOfType: _map,
    pr.ObjectTypePlan: _object,
    pr.OneOfType: _one_of,
}


def _shown(value: Any) -> str:
    """A value in a message, cut where it is long."""
    shown = repr(value)
    return shown if len(shown) <= 200 else shown[:197] + "..."


# -- queries ----------------------------------------------------------------------------------------------------------


def link_query(plan: pr.ObjectTypePlan) -> QueryReader:
    """A reader of query parameters: texts become what their types say; lists keep every value, others the last."""
    all_members = [(one, link_type(one.type)) for one in plan.members]

    def read(query: Mapping[str, list[str]], version: int) -> tuple[dict[str, Any], Problem | None]:
        members = {
            one.key: (one, check)
            for one, check in all_members
            if (one.since or 0) <= version <= (one.until or _ANY_VERSION)
        }
        closed = _is_closed(plan, version)
        read_so_far: dict[str, Any] = {}
        for name, values in query.items():
            known = members.get(name)
            if known is None:
                if closed:
                    return read_so_far, (
                        (),
                        values,
                        f"Additional properties are not allowed ('{name}' was unexpected)",
                    )
                read_so_far[name] = values[-1]
                continue
            member, check = known
            if isinstance(member.type, pr.ListOfType):
                value: Any = [_coerced(one, member.type.items) for one in values]
            else:
                value = _coerced(values[-1], member.type)
            problem = check(value, version)
            if problem is not None:
                return read_so_far, ((name, *problem[0]), problem[1], problem[2])
            read_so_far[name] = value
        for name, (member, _) in members.items():
            if not member.optional and name not in query:
                return read_so_far, ((), None, f"'{name}' is a required property")
        return read_so_far, None

    return read


def _coerced(text: str, plan: pr.TypePlan) -> Any:
    """A query parameter as its type wants it, where it can be read so; else the text, for the check to refuse."""
    alternatives = plan.alternatives if isinstance(plan, pr.OneOfType) else (plan,)
    for one in alternatives:
        if isinstance(one, pr.PlainType) and one.word in ("int", "number", "sequence"):
            number = numeric(text) if len(text) < 20 else MISSING
            # A whole number is never read from a text with a fraction: the check has to refuse that one.
            if number is not MISSING and (type(number) is int or one.word == "number"):
                return number
        if isinstance(one, pr.ExactType) and type(one.value) is not str and numeric(text) == one.value:
            return one.value
        if isinstance(one, pr.PlainType) and one.word == "bool" and text.lower() in ("true", "false", "1", "0"):
            return text.lower() in ("true", "1")
    return text
