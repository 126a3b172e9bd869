# SPDX-License-Identifier: Apache-2.0
"""What the compiler makes of rules, steps and services, where the engine's answers do not show it."""

import pytest

from mimic_rules.compiler import compile_model
from mimic_rules.compiler.expressions import version_number, version_text
from mimic_rules.compiler.rules import RulePlan
from mimic_rules.compiler.steps import AnswerStep, ReconcileStep
from mimic_rules.compiler.wording import worded
from mimic_rules.language.load import Source, load
from mimic_rules.language.vocabulary import PHASES, SITUATIONS, complete
from tests.driver import DESK, program

ENGINE = (
    DESK
    + """
resource engine in world { id sequence  model text = 'x'  size int = 1  owner text ?  metadata map of text = {}
  status lifecycle }
lifecycle of engine.status { state NEW  state OLD  start NEW  NEW -> OLD after 5s }
operation create engine POST /engines { create engine { ...body }  answer 201 }
operation show engine GET /engines/{id} { answer 200 }
"""
)


def rule_of(sentence: str) -> RulePlan:
    """The row of one sentence; what the checker thinks of it is tested elsewhere."""
    (row,) = compile_model(load([Source("rules", f"{ENGINE}\nfor desk.engine\n{sentence}")]).model).rules
    return row


@pytest.mark.parametrize(
    ("condition", "keys"),
    [
        ("model == 'a'", ("self.model", ("a",))),
        ("'a' == model", ("self.model", ("a",))),
        ("size == 1", ("self.size", (1,))),
        ("metadata.k == 'a'", ("self.metadata.k", ("a",))),
        ("body.x == true", ("body.x", (True,))),
        ("model in ['a', 'b']", ("self.model", ("a", "b"))),
        ("size > 1 and model == 'a' and owner == 'b'", ("self.model", ("a",))),
        ("(size > 1 and model == 'a') and true", ("self.model", ("a",))),
        ("model == 'a' or model in ['b', 'c']", ("self.model", ("a", "b", "c"))),
        ("(model == 'a' and size > 1) or model == 'b'", ("self.model", ("a", "b"))),
        ("model in ['a', null]", None),
        ("model in ['a', owner]", None),
        ("model in owner", None),
        ("model == owner", None),
        ("owner == null", None),
        ("model == 'a' or owner == 'a'", None),
        ("model == 'a' or size > 1", None),
        ("not (model == 'a')", None),
        ("model != 'a'", None),
        ("'a' == 'a'", None),
        ("model matches /a/", None),
        ("size > 1 and model matches /a/", None),
    ],
)
def test_the_equalities_by_which_a_rule_is_looked_up(condition: str, keys: object) -> None:
    found = rule_of(f"on create when {condition} then respond 500").keys
    assert (None if found is None else (worded(found[0]), found[1])) == keys


@pytest.mark.parametrize(
    ("sentence", "reads"),
    [
        ("when model == 'a' then status stays NEW", {"model"}),
        ("when metadata.k == 'a' and (size > 1 or has owner) then status stays NEW", {"metadata", "size", "owner"}),
        ("when all([o == 'a' for o in [model, body.x]]) then status stays NEW", {"model"}),
        ("when now > 5 then status stays NEW for metadata.k seconds", {"metadata"}),
        ("when now > 5 then status stays NEW for 5s", set()),
    ],
)
def test_the_fields_whose_change_has_a_rule_chosen_anew(sentence: str, reads: set[str]) -> None:
    assert rule_of(sentence).reads == reads


def test_rules_stand_in_the_order_of_their_layers_files_and_lines() -> None:
    def rule(name: str, overrides: str = "") -> str:
        return f"rule {name} {overrides} on create engine when model == '{name}' then respond 500\n"

    rows = program(
        "for desk\n" + rule("b1") + rule("b2"),
        "for desk\n" + rule("c1") + rule("c2", "overrides b1") + rule("c3", "overrides a2"),
        shipped=[ENGINE + rule("a1") + rule("a2") + "on create engine when model == 'a3' then respond 500"],
    ).rules
    names = [row.name for row in rows]
    assert names[:4] == ["c2", "b1", "b2", "c1"]
    assert names.index("c3") < names.index("a2")
    assert [name for name in names if name.startswith("a")] == ["a1", "a2"]
    assert names[-1] == f"rule at {rows[-1].place}"
    assert [row.number for row in rows] == list(range(8))


def test_a_rule_that_overrides_nothing_stays_where_it_is() -> None:
    text = f"""{ENGINE}
    rule a on create engine when model == 'a' then respond 500
    rule b overrides nothing on create engine when model == 'b' then respond 500
    """
    assert [row.name for row in compile_model(load([Source("rules", text)]).model).rules] == ["a", "b"]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ((), PHASES),
        (PHASES, PHASES),
        (tuple(reversed(PHASES)), tuple(reversed(PHASES))),
        (("find", "schema"), ("caller", "version", "decode", "find", "schema", *PHASES[5:])),
        (("caller", "find", "caller", "nothing"), ("caller", "version", "decode", "schema", "find", *PHASES[5:])),
    ],
)
def test_phases_that_an_order_leaves_out_follow_those_they_usually_follow(
    stated: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert set(complete(stated)) == set(PHASES)
    assert len(complete(stated)) == len(PHASES)
    if stated and set(stated) < set(PHASES):
        assert [one for one in complete(stated) if one in stated] == list(dict.fromkeys(stated))
    assert complete(stated) == expected


def test_every_situation_has_words() -> None:
    service = program(DESK).services["desk"]
    assert set(SITUATIONS) - set(service.situations) == {"trailing_slash"}
    assert {name: fault.status for name, fault in service.situations.items()} == {
        name: one.status for name, one in SITUATIONS.items() if one.neutral
    }
    assert worded(service.situations["unknown_action"].message) == '"there is no such action: {action}"'


def test_versions_are_numbers_that_compare() -> None:
    assert version_number("2.9") < version_number("2.10") < version_number("3.0") == version_number("3")
    assert [version_text(version_number(text)) for text in ("2.1", "2.104", "3")] == ["2.1", "2.104", "3.0"]


def test_a_model_with_mistakes_compiles_all_the_same() -> None:
    """Tools show the tables of files that are not right yet."""
    text = (
        DESK
        + """
    resource ticket in nowhere { id sequence  status lifecycle }
    lifecycle of ticket.status { state A { x: 1, "{id}": 2, ...{ y: 1 } }  start A }
    view ticket.full { id  include none  include brief }
    view ticket.brief { id  include full until 2.1 }
    operation show ticket GET /tickets/{id} { answer 200 body.x as full }
    """
    )
    loaded = load([Source("rules", text)])
    assert loaded.diagnostics
    service = compile_model(loaded.model).services["desk"]
    ticket = service.resources["ticket"]
    assert ticket.scope == "world"
    assert [name for name, _ in ticket.lifecycles[0].states["A"].values] == ["x"]
    assert [worded(pair.key) for pair in ticket.views["full"].entries] == ['"id"'] * 3
    (answer,) = service.operations[0].answers
    assert isinstance(answer, AnswerStep)
    assert answer.body is not None
    assert worded(answer.body) == "null"


def test_records_of_no_parent_are_reconciled_without_one() -> None:
    (operation,) = (
        program(
            DESK
            + """resource note in world { id sequence  said text }
        operation replace note PUT /notes { reconcile note by (said) with body { said }  answer 200 }"""
        )
        .services["desk"]
        .operations
    )
    (step,) = operation.effects
    assert isinstance(step, ReconcileStep)
    assert step.parent is None
