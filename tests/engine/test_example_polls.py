# SPDX-License-Identifier: Apache-2.0
"""Examples in which looks move time: what each of them shows, and which rules have decided meanwhile."""

from mimic_rules.engine import link
from mimic_rules.engine.examples import run_example
from tests.driver import program
from tests.engine.test_examples import TICKETS


def passes(steps: str, head: str = "") -> None:
    plan = program(f"{TICKETS}example 'it' {head} {{\n{steps}\n}}\n")
    (example,) = plan.examples
    found = run_example(link(plan), example).failure
    assert found is None, (found.message, found.help)


def test_looks_bring_forward_what_a_record_waits_for() -> None:
    passes("""
      ticket = create ticket { title: 'a' } -> 201
      other = create ticket { title: 'b' } -> 201
      show ticket -> 200 "NEW"
      on every 2nd poll
      show ticket -> 200 "NEW"
      show ticket at { id: other.id } -> 200 "NEW"
      expect ticket.status == NEW
      show ticket -> 200 "OPEN"
      ask ticket -> 200
      expect answer.body.now == 1893459600 and other.status == OPEN
      hold ticket -> 202
      on poll
      show ticket -> 200 "CLOSED"
      show ticket -> 200 "CLOSED"
    """)


def test_a_rule_that_governs_between_looks_has_decided() -> None:
    passes(
        """
      ticket = create ticket { title: 'brief' } -> 201
      on poll
      show ticket -> 200 "OPEN"
      hold ticket -> 202
      show ticket -> 200 "CLOSED"
    """,
        head="for brief",
    )
