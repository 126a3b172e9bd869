# SPDX-License-Identifier: Apache-2.0
"""The canonical text of examples.

Against the way of a rule: from the tree back to text, beside `print_items` and `print_behaviour`.
"""

import re
from typing import Final

from mimic_rules.language import examples as sample
from mimic_rules.language.lexer import WORD
from mimic_rules.language.moments import ordinal
from mimic_rules.language.print_expressions import print_duration, print_expr, print_text
from mimic_rules.language.print_items import Lines, Printed, block, optional
from mimic_rules.language.texts import quote

_FIRST_WORD: Final = re.compile(WORD)

# What could follow the resource of a request, so that a body which begins with such a word needs parentheses.
_BEFORE_BODY: Final = frozenset({"at", "query"})


def _example(item: sample.Example) -> Lines:
    caller = "" if item.caller is None else f" as {print_expr(item.caller)}"
    header = f"example {quote(item.title)}{optional('for', item.proves)}{caller}"
    return block(header, map(_step, item.steps))


def _step(step: sample.Step) -> str:
    match step:
        case sample.After(seconds):
            return f"after {print_duration(seconds)}"
        case sample.Age(name, seconds):
            return f"age {name} {print_duration(seconds)}"
        case sample.Poll(looks):
            return "on poll" if looks == 1 else f"on every {ordinal(looks)} poll"
        case sample.Expect(condition):
            return f"expect {print_expr(condition)}"
        case sample.Ask():
            return _ask(step)
    return "until quiet"


def _ask(step: sample.Ask) -> str:
    text = ("" if step.name is None else f"{step.name} = ") + f"{step.verb} {step.resource}"
    text += "" if step.at is None else f" at {print_expr(step.at)}"
    text += "" if step.query is None else f" query {print_expr(step.query)}"
    if step.body is not None:
        body = print_expr(step.body)
        first = _FIRST_WORD.match(body)
        text += f" ({body})" if first and first[0] in _BEFORE_BODY else f" {body}"
    return f"{text} -> {step.status}" + ("" if step.says is None else f" {print_text(step.says)}")


EXAMPLES: Final[Printed] = {sample.Example: _example}
