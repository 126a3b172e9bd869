# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies for trees of expressions and types, as the grammar can make them.

They build trees, not texts: print one (`mimic_rules.language.printer`) for its text. `strategies` gathers them with
those of items; tests that need trees of narrower shapes (names that are known, say) pass strategies of their own.
"""

from typing import TypeVar

from hypothesis import strategies as st

from mimic_rules.language import expressions as ex
from mimic_rules.language import types as ty
from mimic_rules.language.lexer import RESERVED

Strategy = st.SearchStrategy
T = TypeVar("T")

# Words of the language that are names wherever they can't be keywords.
_SOFT = (
    "action after allow answer any before body but by check connection covers create cycle delay delete drop during "
    "each every evenly fault filter find first free from garble gone hands header hex hidden include int key kept "
    "keyed let limit list map marks matching merge missing name number of omit on once only order otherwise page pass "
    "per plural pretend public query random refuse reset respond retry rule seconds set sets since sort start starts "
    "state stays strict take tenant text then time times truncate type unique until use user uuid version view within"
)
SOFT = [word for word in _SOFT.split() if word not in RESERVED]

# A plain name fits everywhere; one of SOFT only where no keyword could stand.
plain_names: Strategy[str] = st.sampled_from(
    ["a", "b2", "thing", "other_thing", "camelCase", "ACTIVE", "X_9", "$p", "list_$a", "_x", "whenever", "nothing", "s"]
)
names: Strategy[str] = plain_names | st.sampled_from(SOFT)
texts: Strategy[str] = (
    st.text(st.sampled_from("ab {}\"'\\/\n\t\r#$,.:é\U0001f600"), max_size=8) | st.text(max_size=6) | names
)
# What the language can say: no exponent, and never so long that reading refuses it.
integers: Strategy[int] = st.integers(-(10**29), 10**29)
floats: Strategy[float] = st.floats(-1e14, 1e14, allow_nan=False).map(lambda value: round(value, 9))
numbers: Strategy[int | float] = st.integers(-3, 300) | integers | floats
seconds: Strategy[float] = (
    st.integers(0, 10**6).map(float)
    | st.integers(0, 10**7).map(lambda count: count / 1000)
    | st.sampled_from([0.0, 60.0, 86400.0, 0.5, 1.1, 0.000000001, 999999999999.0])
)
versions: Strategy[str] = st.sampled_from(["2.1", "2.104", "1", "3.0"])
# Inside `/…/` a slash is escaped, and so is what the pattern itself escapes; a pattern is never empty.
patterns: Strategy[str] = st.lists(
    st.sampled_from(["a", "^", "$", "[0-9]", "{2}", "\\/", "\\.", "'", '"', "#", " ", "(x)", "|", "é"]),
    min_size=1,
    max_size=5,
).map(lambda parts: "".join(parts).replace("\\/", "/"))


def sealed(strategy: Strategy[T]) -> Strategy[T]:
    """The same strategy under a short name: Hypothesis spells a strategy out, which takes long for one made of many."""

    @st.composite
    def drawn(draw: st.DrawFn) -> T:
        return draw(strategy)

    return drawn()


literals: Strategy[ex.Literal] = (st.none() | st.booleans() | numbers | texts).map(ex.Literal)
durations: Strategy[ex.Duration] = seconds.map(ex.Duration)


def text_trees(holes: Strategy[ex.Expr]) -> Strategy[ex.Text]:
    """Texts with holes: at least one, and never two plain parts side by side."""

    def build(parts: list[ex.Expr], plain: list[str]) -> ex.Text:
        pieces: list[str | ex.Expr] = []
        for at, part in enumerate(plain):
            pieces += [part] if part else []
            pieces += parts[at : at + 1]
        return ex.Text(tuple(pieces))

    return st.integers(1, 2).flatmap(
        lambda count: st.builds(
            build,
            st.lists(holes, min_size=count, max_size=count),
            st.lists(texts, min_size=count + 1, max_size=count + 1),
        )
    )


def messages(holes: Strategy[ex.Expr]) -> Strategy[ex.Text | ex.Literal]:
    """Texts in quotes, with holes or without."""
    return texts.map(ex.Literal) | text_trees(holes)


def guards(conditions: Strategy[ex.Expr]) -> Strategy[ex.Guards]:
    """Guards; mostly none."""
    some = st.builds(ex.Guards, st.none() | conditions, st.none() | versions, st.none() | versions)
    return st.just(ex.ALWAYS) | some.map(lambda one: ex.ALWAYS if one == ex.ALWAYS else one)


def windows() -> Strategy[ex.Guards]:
    """Guards by version alone."""
    return guards(st.nothing())


def entries(values: Strategy[ex.Expr]) -> Strategy[ex.Entry]:
    """Entries of an object; a key alone means the value of its name, whatever the name."""
    alone = texts.map(lambda key: ex.Entry(ex.Literal(key), ex.Name(key)))
    return alone | st.builds(ex.Entry, messages(values), values, guards(values))


def objects(values: Strategy[ex.Expr]) -> Strategy[ex.ObjectOf]:
    """Objects, with spreads."""
    return st.lists(entries(values) | st.builds(ex.Spread, values), max_size=3).map(
        lambda some: ex.ObjectOf(tuple(some))
    )


def chains(of: Strategy[ex.Expr], keys: Strategy[ex.Expr]) -> Strategy[ex.Expr]:
    """`a.b`, `a[key]`."""
    return st.builds(ex.Attribute, of, names) | st.builds(ex.Index, of, keys)


def _is_number(expr: ex.Expr) -> bool:
    return isinstance(expr, ex.Literal) and isinstance(expr.value, int | float) and not isinstance(expr.value, bool)


def _larger(inner: Strategy[ex.Expr]) -> Strategy[ex.Expr]:
    """One level around expressions."""
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    queried = inner | st.builds(ex.Where, inner, inner)
    return st.one_of(
        text_trees(inner),
        chains(inner, inner),
        st.builds(ex.Call, names, st.lists(queried, max_size=3).map(tuple)),
        inner.map(ex.Not),
        inner.filter(lambda one: not _is_number(one)).map(ex.Negative),
        several.map(ex.All),
        several.map(ex.Any),
        st.builds(ex.Compare, st.sampled_from(ex.COMPARISONS), inner, inner),
        st.builds(ex.Is, inner, st.sampled_from(ex.KINDS)),
        st.builds(ex.Matches, inner, patterns),
        st.builds(ex.Matches, inner, inner),
        inner.map(ex.Has),
        st.builds(ex.Arithmetic, st.sampled_from("+-*"), inner, inner),
        st.builds(ex.Otherwise, inner, inner),
        st.builds(ex.As, inner, names),
        st.builds(ex.If, inner, inner, inner),
        st.builds(ex.Where, inner, inner),
        st.lists(inner, max_size=3).map(lambda some: ex.ListOf(tuple(some))),
        st.builds(ex.Comprehension, inner, names, inner, st.none() | inner),
        objects(inner),
    )


leaves: Strategy[ex.Expr] = literals | durations | names.map(ex.Name)
expressions: Strategy[ex.Expr] = sealed(st.recursive(leaves, _larger, max_leaves=8))
small_expressions: Strategy[ex.Expr] = sealed(leaves | st.recursive(leaves, _larger, max_leaves=3))
queries: Strategy[ex.Expr] = sealed(small_expressions | st.builds(ex.Where, small_expressions, small_expressions))
targets: Strategy[ex.Expr] = sealed(
    st.recursive(names.map(ex.Name), lambda inner: chains(inner, small_expressions), max_leaves=2)
)

# -- types ------------------------------------------------------------------------------------------------------------

ranges: Strategy[ty.Range] = st.builds(ty.Range, numbers, st.none() | numbers)
plain_types: Strategy[ty.Type] = st.one_of(
    st.sampled_from(["bool", "uuid", "hex", "sequence", "time", "any", "fault", "lifecycle", "null"]).map(ty.Plain),
    st.builds(ty.Plain, st.sampled_from(["int", "number"]), st.none() | ranges),
    st.builds(ty.Plain, st.just("text"), st.none() | ranges, st.none() | patterns),
    st.builds(ty.Reference, st.just("") | plain_names, plain_names),
    st.builds(ty.Exactly, texts | numbers),
)


def members(of: Strategy[ty.Type]) -> Strategy[ty.Member]:
    """`key?: type`."""
    return st.builds(ty.Member, texts, of, st.booleans(), windows())


def object_types(of: Strategy[ty.Type]) -> Strategy[ty.ObjectType]:
    """`{ … } strict`, or strict in some versions."""
    some = st.lists(members(of), max_size=3).map(tuple)
    closed = st.tuples(st.just(False), st.just(ex.ALWAYS)) | st.tuples(st.just(True), windows())
    return st.builds(lambda members, how: ty.ObjectType(members, *how), some, closed)


types: Strategy[ty.Type] = sealed(
    st.recursive(
        plain_types,
        lambda inner: st.one_of(
            st.builds(ty.ListType, inner, st.none() | ranges),
            st.builds(ty.MapType, inner, st.none() | ranges),
            st.lists(inner, min_size=2, max_size=3).map(lambda some: ty.OneOf(tuple(some))),
            object_types(inner),
        ),
        max_leaves=5,
    )
)
