# SPDX-License-Identifier: Apache-2.0
"""Looking rules up by what their conditions equal gives the same as trying them all, in the same order."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.compiler import compile_model
from mimic_rules.compiler import expressions as pl
from mimic_rules.engine import MISSING
from mimic_rules.engine.rulebook import MatchTable, link_rules
from mimic_rules.language.load import Source, load
from tests.driver import DESK, cloud
from tests.engine.worlds import asked

ENGINE = (
    DESK
    + """
resource engine in world { id sequence  model text ?  size int ?  on_ bool ?  metadata map of text = {} }
operation create engine POST /engines query { q?: text, n?: int } { create engine { ...body }  answer 201 }
"""
)
CLOUD = cloud(ENGINE)

attributes = st.sampled_from(["model", "size", "on_", "metadata.a", "metadata.b", "body.x", "query.q", "query.n", "id"])
literals = st.sampled_from(["'a'", "'b'", "'1'", "1", "2", "1.0", "true", "false", "null", "'x y'"])
tests_of_one = st.one_of(
    st.builds("{} == {}".format, attributes, literals),
    st.builds("{1} == {0}".format, attributes, literals),
    st.builds("{} == {}".format, attributes, attributes),
    st.builds("{} != {}".format, attributes, literals),
    st.builds(lambda name, many: f"{name} in [{', '.join(many)}]", attributes, st.lists(literals, max_size=3)),
    st.builds("{} in [{}, {}]".format, attributes, literals, attributes),
    st.builds("{} is number".format, attributes),
    st.builds("has {}".format, attributes),
    st.builds("{} matches /{}/".format, attributes, st.sampled_from(["a", "^[ab]$", "1"])),
    st.builds("{} > 1".format, attributes),
    st.just("true"),
)
conditions = st.recursive(
    tests_of_one,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " and ".join(parts) + ")"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " or ".join(parts) + ")"),
        inner.map("not ({})".format),
    ),
    max_leaves=5,
)
values = st.sampled_from(["a", "b", "1", "x y", "2", 1, 2, 1.0, 1.5, True, False, None, ["a"], {"a": 1}])
texts = st.sampled_from(["a", "b", "1", "2", "x y"])
requests = st.fixed_dictionaries(
    {
        "record": st.just(MISSING)
        | st.fixed_dictionaries(
            {},
            optional={
                "model": values,
                "size": values,
                "on_": values,
                "id": values,
                "metadata": st.dictionaries(st.sampled_from(["a", "b"]), texts),
            },
        ),
        "body": st.just(MISSING) | values | st.fixed_dictionaries({}, optional={"x": values}),
        "query": st.fixed_dictionaries({}, optional={"q": texts, "n": st.integers(0, 3)}),
    }
)


def table_of(rules: list[str]) -> MatchTable:
    """The match table of rules on one operation, linked; that some can never decide is nothing to this test."""
    text = ENGINE + "\n".join(f"on create engine {when} then respond 500" for when in rules)
    program = compile_model(load([Source("rules", text)]).model)
    assert len(program.rules) == len(rules)
    (operation,) = program.services["desk"].operations
    return link_rules(program.rules).strikes(operation)["references"]


@given(
    st.lists(conditions.map("when {}".format) | st.just(""), min_size=1, max_size=12), st.lists(requests, max_size=4)
)
def test_indexed_and_linear_matching_agree(rules: list[str], drawn: list[dict[str, Any]]) -> None:
    table = table_of(rules)
    with CLOUD.world.transaction() as transaction:
        for one in drawn:
            frame = asked(CLOUD, transaction).frame()
            frame[pl.BODY], frame[pl.QUERY] = one["body"], one["query"]
            found = [row.plan.number for row in table.match(frame, one["record"])]
            assert found == [row.plan.number for row in table.match_linear(frame, one["record"])]
            assert found == sorted(set(found))
            assert set(found) >= {number for number, when in enumerate(rules) if when in ("", "when true")}


def test_what_is_looked_up_is_not_tried() -> None:
    rules = [f"when model == 'm{number}'" for number in range(200)] + ["when size > 1", "when metadata.a in ['x', 'y']"]
    table = table_of(rules)
    tried: list[int] = []
    for row in table.rows:
        assert row.condition is not None
    rows = [
        type(row)(row.plan, _noted(row.condition, number, tried), row.per, row.effects)
        for number, row in enumerate(table.rows)
    ]
    with CLOUD.world.transaction() as transaction:
        frame = asked(CLOUD, transaction).frame()
        record = {"model": "m7", "size": 5, "metadata": {"a": "z"}}
        assert [row.plan.number for row in MatchTable(rows).match(frame, record)] == [7, 200]
    # What looking up has decided is not tried either; the condition that can't be looked up is.
    assert tried == [200]


def _noted(condition: Any, number: int, tried: list[int]) -> Any:
    def noted(frame: list[Any]) -> Any:
        tried.append(number)
        return condition(frame)

    return noted


def test_an_attribute_with_true_is_not_one_with_1() -> None:
    table = table_of(["when body.x[true] == 'a'", "when body.x[1] == 'a'", "when body.x[0] == true"])
    with CLOUD.world.transaction() as transaction:
        for body, expected in (({"x": ["b", "a"]}, [1]), ({"x": [1]}, []), ({"x": [True]}, [2])):
            frame = asked(CLOUD, transaction).frame()
            frame[pl.BODY] = body
            assert [row.plan.number for row in table.match(frame, MISSING)] == expected
