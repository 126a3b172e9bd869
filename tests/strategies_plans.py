# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies for linked expressions: JSON values, plans of all kinds, and conditions of rules.

Plans are built as lowering builds them: a slot is bound once, and the record in hand is a record or missing.
"""

from typing import Any

from hypothesis import strategies as st

from mimic_rules.compiler import expressions as pl
from mimic_rules.engine import MISSING
from mimic_rules.engine.functions import DRAWING, PURE
from mimic_rules.language.vocabulary import FUNCTIONS

KINDS = ("desk.folder", "desk.page", "desk.pen")
KEYS = ("a", "b", "id", "k", "v", "1", "")
LOCALS = 2
MOST_SLOTS = 200

scalars: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["a", "b", "k", "1", "-0.5", "true", "2013-09-23T13:53:12Z", "[1]", "http://h/a/1", ""]),
    st.text(max_size=4),
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
        | st.lists(st.fixed_dictionaries({"k": scalars}, optional={"v": inner}), max_size=3)
    ),
    max_leaves=8,
)
records: st.SearchStrategy[Any] = st.just(MISSING) | st.dictionaries(st.sampled_from(KEYS), values, max_size=5)
patterns = st.sampled_from(["a", "^[0-9]+$", "(?i)B", ".", "\\d|k$"])
consts: st.SearchStrategy[Any] = st.builds(
    pl.Const, st.sampled_from(["a", "b", "1", 0, 1, 2, -1, 0.5, True, False, None])
)


@st.composite
def plans(draw: st.DrawFn, depth: int = 4) -> pl.Plan:
    """A plan over a frame with `FIRST_LOCAL` slots and two locals after them."""
    return _Maker(draw).plan(depth, (pl.FIRST_LOCAL, pl.FIRST_LOCAL + 1))


class _Maker:
    """Draws plans; every slot that one binds is a new one."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.next = pl.FIRST_LOCAL + LOCALS

    def pick(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def plan(self, depth: int, bound: tuple[int, ...]) -> pl.Plan:
        if depth == 0:
            return self.leaf(bound)
        made: pl.Plan = getattr(self, self.pick(*_INNER))(depth - 1, bound)
        return made

    def leafy(self, depth: int, bound: tuple[int, ...]) -> pl.Plan:
        return self.leaf(bound)

    def leaf(self, bound: tuple[int, ...]) -> pl.Plan:
        match self.pick("const", "slot", "field", "root", "extra", "records", "quota"):
            case "const":
                made: pl.Plan = self.draw(consts)
                return made
            case "slot":
                return pl.Slot(self.pick(pl.SELF, pl.BODY, pl.QUERY, pl.PATH, pl.CALLER, pl.NOW, *bound), "x")
            case "field":
                return pl.FieldOf(pl.Slot(self.pick(pl.SELF, pl.CALLER), "self"), self.pick(*KEYS))
            case "root":
                names = (
                    "tenant",
                    "setting",
                    "headers",
                    "region",
                    "regions",
                    "version",
                    "request",
                    "base",
                    "service",
                    "services",
                )
                return pl.Root(self.pick(*names))
            case "extra":
                return pl.Extra(self.pick("value", "event"))
            case "records":
                return pl.Records(self.pick(*KINDS))
            case _:
                return pl.QuotaOf(
                    self.pick("desk", "nowhere"),
                    self.pick("pens", "weight", "words", "none"),
                    self.pick("limit", "used", "normal", "x"),
                )

    def several(self, depth: int, bound: tuple[int, ...], least: int = 0) -> tuple[pl.Plan, ...]:
        return tuple(self.plan(depth, bound) for _ in range(self.pick(*range(least, 4))))

    def source(self, depth: int, bound: tuple[int, ...]) -> pl.Plan:
        return self.plan(depth, bound) if self.pick(True, False) else pl.Records(self.pick(*KINDS))

    def reach(self, depth: int, bound: tuple[int, ...]) -> pl.Plan:
        of = self.plan(depth, bound)
        match self.pick("get", "at", "keyed", "follow", "lookup", "field", "children", "show"):
            case "get":
                return pl.Get(of, self.pick(*KEYS))
            case "at":
                return pl.At(of, self.plan(depth, bound))
            case "keyed":
                return pl.Keyed(of, "k", "v", self.plan(depth, bound))
            case "follow":
                return pl.Follow(of, self.pick(*KINDS))
            case "lookup":
                return pl.Lookup(self.pick(*KINDS), of)
            case "field":
                return pl.FieldOf(of, self.pick(*KEYS))
            case "children":
                record = pl.Follow(of, "desk.folder") if self.pick(True, False) else pl.Slot(pl.SELF, "self")
                return pl.Records("desk.page", record)
            case _:
                kind = self.pick(*KINDS)
                return pl.Show(
                    pl.Follow(of, kind) if self.pick(True, False) else pl.Records(kind), kind, self.pick("full", "none")
                )

    def invoke(self, depth: int, bound: tuple[int, ...]) -> pl.Plan:
        name = self.pick(*sorted(PURE), *sorted(DRAWING))
        least, most = FUNCTIONS[name].minimum, FUNCTIONS[name].maximum
        return pl.Invoke(
            name,
            tuple(self.plan(depth, bound) for _ in range(self.pick(*range(least, (3 if most is None else most) + 1)))),
        )

    def logic(self, depth: int, bound: tuple[int, ...]) -> pl.Plan:
        match self.pick("not", "all", "any", "is", "match", "has", "compare"):
            case "not":
                return pl.Negation(self.plan(depth, bound))
            case "all":
                return pl.AllOf(self.several(depth, bound, 1))
            case "any":
                return pl.AnyOf(self.several(depth, bound, 1))
            case "is":
                return pl.KindOf(
                    self.plan(depth, bound),
                    self.pick("number", "int", "text", "bool", "list", "map", "null", "pattern"),
                )
            case "match":
                pattern = self.plan(depth, bound) if self.pick(True, False) else self.draw(patterns)
                return pl.Match(self.plan(depth, bound), pattern)
            case "has":
                return pl.Presence(self.plan(depth, bound))
            case _:
                operator = self.pick("==", "!=", "<", "<=", ">", ">=", "in", "starts with")
                right = self.pick("plan", "const", "consts")
                if right == "const":
                    return pl.Comparison(operator, self.plan(depth, bound), self.draw(consts))
                if right == "consts":
                    return pl.Comparison(
                        operator, self.plan(depth, bound), pl.Items(tuple(self.draw(st.lists(consts, max_size=3))))
                    )
                return pl.Comparison(operator, self.plan(depth, bound), self.plan(depth, bound))

    def work(self, depth: int, bound: tuple[int, ...]) -> pl.Plan:
        one, other = self.plan(depth, bound), self.plan(depth, bound)
        match self.pick("minus", "calculate", "fallback", "choice", "join"):
            case "minus":
                return pl.Minus(one)
            case "calculate":
                return pl.Calculation(self.pick("+", "-", "*"), one, other)
            case "fallback":
                return pl.Fallback(one, other)
            case "choice":
                return pl.Choice(one, other, self.plan(depth, bound))
            case _:
                return pl.Join((pl.Const("x"), *self.several(depth, bound)))

    def binding(self, depth: int, bound: tuple[int, ...]) -> pl.Plan:
        source = self.source(depth, bound)
        slot, self.next = self.next, self.next + 1
        inner = (*bound, slot)
        if self.pick(True, False):
            return pl.Select(source, slot, self.plan(depth, inner))
        condition = self.plan(depth, inner) if self.pick(True, False) else None
        return pl.Collect(self.plan(depth, inner), slot, source, condition)

    def container(self, depth: int, bound: tuple[int, ...]) -> pl.Plan:
        if self.pick(True, False):
            return pl.Items(self.several(depth, bound))
        return pl.Build(tuple(self.entry(depth, bound) for _ in range(self.pick(0, 1, 2, 3))))

    def entry(self, depth: int, bound: tuple[int, ...]) -> pl.Pair | pl.Unpack:
        if self.pick(True, False, False):
            return pl.Unpack(self.plan(depth, bound))
        key = pl.Const(self.pick(*KEYS)) if self.pick(True, False) else self.plan(depth, bound)
        when = self.plan(depth, bound) if self.pick(True, False) else None
        window = pl.Window(when, self.pick(None, 200001), self.pick(None, 200005))
        return pl.Pair(key, self.plan(depth, bound), window)


_INNER = ("reach", "invoke", "logic", "work", "binding", "container", "leafy")
