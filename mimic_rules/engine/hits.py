# SPDX-License-Identifier: Apache-2.0
"""How often rules have been considered: worked out of what has been asked, so that no request pays for counting it.

Beside the way of a request: whoever lists rules asks. What a rule matched and decided is counted where it does.
"""

from typing import Final

from mimic_rules.compiler.operations import no_operation
from mimic_rules.compiler.program import Program
from mimic_rules.engine.rulebook import covers
from mimic_rules.state.tallies import Tallies

NOT_MODELLED: Final = 501
"""How paths are answered that no rule models; no rule is asked about these."""


def considered(program: Program, tallies: Tallies) -> dict[str, int]:
    """By the id of each rule: how often what it is about, operation or lifecycle, was asked since it was loaded."""
    asked: dict[tuple[str, str], int] = {}
    for (service, operation, status), count in tallies.asked.items():
        if not operation and status == NOT_MODELLED:
            continue
        asked[service, operation] = asked.get((service, operation), 0) + count
    plans = {(one.service, one.name): one for service in program.services.values() for one in service.operations}
    plans |= {(name, ""): no_operation(name, service.base, service.order) for name, service in program.services.items()}
    found: dict[str, int] = {}
    for rule in program.rules:
        if rule.events:
            total = sum(count for key, count in asked.items() if key in plans and covers(rule.events, plans[key]))
        else:
            total = sum(count for what, count in tallies.consulted.items() if what.rpartition(".")[0] == rule.kind)
        loaded = tallies.loaded.get(rule.id)
        found[rule.id] = total if loaded is None else total - loaded.considered
    return found


def adopt(program: Program, earlier: Program, tallies: Tallies, now: float) -> None:
    """Note the rules that the earlier program didn't have: from now on they are in the world."""
    known = {rule.id for rule in earlier.rules}
    new = [rule.id for rule in program.rules if rule.id not in known]
    counts = considered(program, tallies) if new else {}
    for rule_id in new:
        tallies.load(rule_id, now, counts[rule_id])
