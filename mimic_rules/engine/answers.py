# SPDX-License-Identifier: Apache-2.0
"""The answers of an operation: a status with a body and headers, or a page of records.

On the way of a request: the view phase; the first answer whose guards hold is given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mimic_rules.compiler import program as pr
from mimic_rules.engine.context import Context
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.link import Frame, in_window, link
from mimic_rules.engine.listing import link_list
from mimic_rules.engine.values import to_text

Given = tuple[int, Any, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A linked answer: its guards, and what it gives (status, body, headers)."""

    window: Callable[[Frame], bool] | None
    give: Callable[[Context, Frame], Given]


def link_answer(plan: pr.Step) -> Answer:
    """The linked answer of a step."""
    if isinstance(plan, pr.ListStep):
        page = link_list(plan)
        return Answer(in_window(plan.window), lambda context, frame: (200, page(context, frame), []))
    assert isinstance(plan, pr.AnswerStep)
    status = plan.status
    body = None if plan.body is None else link(plan.body)
    headers = [(name, link(value)) for name, value in plan.headers]

    def give(context: Context, frame: Frame) -> Given:
        made = [(name, value(frame)) for name, value in headers]
        return (
            status,
            MISSING if body is None else body(frame),
            [(name, to_text(value)) for name, value in made if value is not MISSING and value is not None],
        )

    return Answer(in_window(plan.window), give)
