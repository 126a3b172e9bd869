# SPDX-License-Identifier: Apache-2.0
"""Checks of calls: the function is one of the language's own, gets what it takes, and draws nothing in a condition.

On the way of a rule: `infer` hands over a call with the kinds of its arguments, and gets the kind of its result.
"""

from collections.abc import Sequence
from typing import Final

from mimic_rules.language import expressions as ex
from mimic_rules.language import vocabulary
from mimic_rules.language.kinds import (
    BOOL,
    MAP,
    NUMBER,
    TEXT,
    TEXTS,
    TIME,
    UNKNOWN,
    Kind,
    group,
    join,
    list_of,
    said,
)
from mimic_rules.language.report import suggest
from mimic_rules.language.scope import Scope

_ELSEWHERE: Final = {
    "concat": "join",
    "exists": "has",
    "float": "number",
    "len": "count",
    "length": "count",
    "size": "count",
    "str": "text",
    "strip": "trim",
    "unique": "distinct",
}
"""What functions are called in other languages, and what here."""

_RESULTS: Final = {"text": TEXT, "number": NUMBER, "bool": BOOL, "time": TIME, "map": MAP}


def call(expr: ex.Call, kinds: Sequence[Kind], scope: Scope) -> Kind:
    """The kind of what a function gives for arguments of these kinds."""
    name = expr.function
    function = vocabulary.FUNCTIONS.get(name)
    report = scope.context.report
    if function is None:
        help = suggest(name, vocabulary.FUNCTIONS, "there are no functions but those of the language")
        help = f"did you mean `{_ELSEWHERE[name]}`?" if name in _ELSEWHERE else help
        report.add("MR205", f"there is no function `{name}`", expr.span, word=name, help=help)
        return UNKNOWN
    given = len(kinds)
    if given < function.minimum or (function.maximum is not None and given > function.maximum):
        takes = str(function.minimum) if function.maximum is not None else f"{function.minimum} or more"
        told = f"`{name}` takes {takes} argument{'' if takes == '1' else 's'}, not {given}"
        help = "give it all that it takes" if given < function.minimum else "leave the others out"
        report.add("MR305", told, expr.span, help=help)
        return UNKNOWN
    if function.random and scope.condition:
        told = f"`{name}` draws at random, and a condition has to decide the same way every time"
        report.add(
            "MR307", told, expr.span, word=name, help="draw it where a value is made, with `let`, `create` or `set`"
        )
        return UNKNOWN
    for at, (argument, kind) in enumerate(zip(expr.arguments, kinds, strict=True)):
        takes = function.takes[min(at, len(function.takes) - 1)]
        if takes and not _fits(kind, takes.split(), scope):
            quoted = report.places.text(argument.span)
            told = (
                f"`{name}` takes {' or '.join(said(Kind(one)) for one in takes.split())}, and {quoted} is {said(kind)}"
            )
            conversion = {"text": "text", "number": "number"}.get(takes)
            help = f"turn it into one with {conversion}()" if conversion else "without it the result is always missing"
            report.add("MR307", told, argument.span, help=help)
            return UNKNOWN
    return _result(name, function, kinds, scope)


def _fits(kind: Kind, takes: list[str], scope: Scope) -> bool:
    if kind.what == "record" and "list" in takes and "map" not in takes:
        return False
    return kind.what in takes or group(kind, scope.context.model) in (*takes, "unknown", "null")


def _result(name: str, function: vocabulary.Function, kinds: Sequence[Kind], scope: Scope) -> Kind:
    first = kinds[0] if kinds else UNKNOWN
    item = first.of if first.what == "list" and first.of is not None else UNKNOWN
    match name:
        case "first" | "last" | "min" | "max":
            return item
        case "sorted" | "distinct":
            return list_of(item)
        case "flat":
            return list_of(item.of if item.what == "list" and item.of is not None else UNKNOWN)
        case "without":
            # What is left of a map is open: which of its members are gone is only known when the keys are.
            return (
                list_of(item) if first.what == "list" else Kind("map", of=UNKNOWN) if first.what != "unknown" else first
            )
        case "only":
            return first
        case "keys" | "split":
            return TEXTS
        case "values":
            others = () if first.closed else (first.of or UNKNOWN,)
            return list_of(join((*others, *(first.members or {}).values())))
        case "range":
            return list_of(NUMBER)
        case "key_pair":
            return Kind("map", members=dict.fromkeys(("private_key", "public_key", "fingerprint"), TEXT), closed=True)
        case _:
            return _RESULTS.get(function.result, UNKNOWN)
