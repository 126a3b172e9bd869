# SPDX-License-Identifier: Apache-2.0
"""Checks of comparisons: what can't be equal, has no order, or is no state.

On the way of a rule: `infer` hands over a comparison with the kinds of its sides. Of unknown kinds nothing is said.
"""

from typing import Final

from mimic_rules.language import expressions as ex
from mimic_rules.language.kinds import UNKNOWN, Kind, group, said
from mimic_rules.language.report import suggest
from mimic_rules.language.scope import Context

_ORDERED: Final = frozenset({"text", "number"})
_EQUALITIES: Final = frozenset({"==", "!="})


def check_comparison(expr: ex.Compare, left: Kind, right: Kind, context: Context) -> None:
    """`left operator right`, with any of COMPARISONS; of `in [a, b]` each item is for `check_item`."""
    if expr.operator == "in":
        _check_in(expr, left, right, context)
    elif expr.operator == "starts with":
        for side, kind in ((expr.left, left), (expr.right, right)):
            if group(kind, context.model) not in ("text", "unknown", "null"):
                _report(expr, f"{_quote(side, context)} is {said(kind)}, not a text", side, kind, context)
                return
    else:
        _check_pair(expr, expr.left, left, expr.right, right, context)


def _check_in(expr: ex.Compare, left: Kind, right: Kind, context: Context) -> None:
    match right.what:
        case "list":
            _check_pair(expr, expr.left, left, expr.right, right.of or UNKNOWN, context, among=True)
        case "map" | "text" | "record":
            if group(left, context.model) not in ("text", "unknown", "null"):
                message = f"{_quote(expr.left, context)} is {said(left)}, not a text"
                _report(expr, message, expr.left, left, context)
        case "unknown" | "null" | "reference":
            pass
        case _:
            _report(expr, f"{_quote(expr.right, context)} is {said(right)}, nothing can be in it", None, right, context)


def check_item(expr: ex.Compare, left: Kind, item: ex.Expr, kind: Kind, context: Context) -> None:
    """One item of the list of `left in [item, …]`."""
    _check_pair(expr, expr.left, left, item, kind, context, among=True)


def _check_pair(
    expr: ex.Compare, left: ex.Expr, kind: Kind, right: ex.Expr, other: Kind, context: Context, *, among: bool = False
) -> None:
    first, second = group(kind, context.model), group(other, context.model)
    equality = among or expr.operator in _EQUALITIES
    if "unknown" in (first, second):
        return
    if first == second == "text" and kind.words and other.words:
        if equality and not kind.words & other.words:
            _report_words(expr, left, kind, right, other, context)
    elif "null" in (first, second):
        if not equality:
            _report(expr, "null has no order", None, kind, context)
    elif first != second:
        # A record and a key may mean the same thing.
        if {kind.what, other.what} == {"record", "reference"}:
            return
        told = f"{_quote(left, context)} is {said(kind)}, {_quote(right, context)} {said(other)}"
        if among:
            told = f"{_quote(left, context)} is {said(kind)}, and what is in the list is {said(other)}"
        mine = among or kind.what in ("text", "record")
        _report(expr, told, *((left, kind) if mine else (right, other)), context)
    elif not equality and first not in _ORDERED:
        _report(expr, f"{said(kind)} has no order", None, kind, context)


def _report(expr: ex.Expr, message: str, side: ex.Expr | None, kind: Kind, context: Context) -> None:
    help = "compare values of one kind"
    if side is not None:
        quoted = _quote(side, context).strip("`")
        if kind.what == "text":
            help = f"turn the text into a number: `number({quoted})`"
        elif kind.what == "number":
            help = f"turn the number into a text: `text({quoted})`"
        elif kind.what == "record" and kind.resource is not None:
            help = f"compare its key: `{quoted}.{kind.resource.key[0]}`"
    context.report.add("MR301", message, expr.span, help=help)


def _report_words(expr: ex.Expr, left: ex.Expr, kind: Kind, right: ex.Expr, other: Kind, context: Context) -> None:
    """Two texts that can't be the same, of which so many words are known."""
    if kind.what != "state" and (other.what == "state" or len(other.words or ()) > len(kind.words or ())):
        left, kind, right, other = right, other, left, kind
    wrong = min(other.words or {""})
    known = sorted(kind.words or ())
    if kind.what == "state":
        help = suggest(wrong, known, "the states are " + ", ".join(known))
        context.report.add("MR401", f"{_quote(left, context)} has no state `{wrong}`", right.span, help=help)
    else:
        help = suggest(wrong, known, "it is one of " + ", ".join(known))
        context.report.add("MR301", f"{_quote(left, context)} is never `{wrong}`", expr.span, help=help)


def _quote(expr: ex.Expr, context: Context) -> str:
    return context.report.places.text(expr.span)
