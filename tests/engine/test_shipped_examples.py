# SPDX-License-Identifier: Apache-2.0
"""The shipped rules are proved by their own examples: each decides in one, and a change of one is noticed."""

import pytest

from mimic_rules.compiler import compile_model
from mimic_rules.diagnostics import render_text
from mimic_rules.engine import Engine, link
from mimic_rules.engine.examples import run_example
from mimic_rules.language.load import SHIPPED, Source, load
from tests.driver import RULES

TEXTS = {path.relative_to(RULES).as_posix(): path.read_text(encoding="utf-8") for path in RULES.rglob("*.rules")}


def linked(texts: dict[str, str]) -> Engine:
    loaded = load([Source(path, texts[path], SHIPPED) for path in sorted(texts)])
    assert not loaded.diagnostics, render_text(loaded.diagnostics, loaded.sources)
    return link(compile_model(loaded.model))


ENGINE = linked(TEXTS)
EXAMPLES = ENGINE.linked.plan.examples


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=lambda number: EXAMPLES[number].title)
def test_a_shipped_example_is_as_it_says(number: int) -> None:
    failure = run_example(ENGINE, EXAMPLES[number]).failure
    assert failure is None, render_text([failure], TEXTS)


def test_every_shipped_rule_is_proved_by_an_example_that_names_it() -> None:
    """Each runs in the test above, which fails where the rule that is named doesn't decide."""
    rules = {rule.name for rule in ENGINE.linked.plan.rules}
    assert rules
    assert rules == {one.proves[0] for one in EXAMPLES if one.proves is not None}


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("compute/faults.rules", "== 'build_forever'\n", "== 'build_for_ever'\n"),
        ("compute/faults.rules", "becomes ERROR\n", "becomes ERROR after 2s\n"),
        ("compute/faults.rules", "metadata.server_building seconds\n", "30 seconds\n"),
        ("identity/faults.rules", "respond 401 unauthorized", "respond 403 forbidden"),
        ("identity/faults.rules", "when project.$flag\n", "when not project.$flag\n"),
        ("identity/faults.rules", "{tenant.id} is $flag.", "{tenant.id} is gone."),
        ("compute/servers.rules", "No valid host was found.", "No host was found."),
    ],
)
def test_a_change_of_what_is_shipped_fails_an_example(file: str, before: str, after: str) -> None:
    assert before in TEXTS[file]
    engine = linked({**TEXTS, file: TEXTS[file].replace(before, after)})
    outcomes = [run_example(engine, one) for one in engine.linked.plan.examples]
    assert [one for one in outcomes if one.failure is not None]
