# SPDX-License-Identifier: Apache-2.0
"""What the effects of rules fill, and at which stage of a request they do.

Beside the way of a rule: the checks of a rule's effects and of how rules meet ask it. The first rule that matches and
fills a slot has it.
"""

from enum import StrEnum
from typing import Final

from mimic_rules.language import rules as ru

DEFAULT_PHASE: Final = "references"
"""The phase before which an effect strikes unless it says another one: a bad request has got its own answer by then."""


class Stage(StrEnum):
    """When an effect is asked for: before a phase of a request, once the answer is known, when a record is shown, when
    a state is entered. What passes fits all of them.
    """

    STRIKE = "when the request is answered"
    DELIVER = "when the answer leaves"
    SHOWN = "when a record is shown"
    STATE = "when a state is entered"
    ANY = "at any time"


def stage(effect: ru.Effect) -> Stage:
    """The stage of an effect; of a cycle that of its first item that has one."""
    match effect:
        case ru.Stays() | ru.Becomes():
            return Stage.STATE
        case ru.SetShown() | ru.Omit():
            return Stage.SHOWN
        case ru.Delay() | ru.Wire():
            return Stage.DELIVER
        case ru.PassOn():
            return Stage.ANY
        case ru.Cycle(items=items):
            return next((one for one in map(stage, items) if one is not Stage.ANY), Stage.ANY)
    return Stage.STRIKE


def said_phase(effect: ru.Effect) -> str | None:
    """The phase that an effect names."""
    match effect:
        case ru.Respond(phase=phase) | ru.Pretend(phase=phase) | ru.Hide(phase=phase) | ru.FirstOf(phase=phase):
            return phase
        case ru.PassOn(phase=phase):
            return phase
        case ru.Limit(respond=respond):
            return respond.phase
    return None


def phase(effect: ru.Effect) -> str | None:
    """The phase before which an effect strikes; None for one that doesn't. What passes has one like what strikes."""
    if isinstance(effect, ru.Cycle):
        striking = [one for one in effect.items if stage(one) is Stage.STRIKE] or effect.items
        return phase(striking[0])
    return (said_phase(effect) or DEFAULT_PHASE) if stage(effect) in (Stage.STRIKE, Stage.ANY) else None


ANSWER: Final = "the answer"
COMMIT: Final = "what becomes of the request's changes"
EVERYTHING: Final = "all that a standing rule fills"
_PASSED: Final = (ANSWER, COMMIT, "hiding", "the delay", "the connection")


def slots(effect: ru.Effect, *, standing: bool = False) -> tuple[str, ...]:
    """The slots that an effect can fill, of a standing rule or of one with events."""
    match effect:
        case ru.Stays(field=field) | ru.Becomes(field=field):
            return (f"what becomes of `{field}`",)
        case ru.Respond() | ru.Limit():
            return (ANSWER, COMMIT)
        case ru.Pretend():
            return (COMMIT,)
        case ru.Hide():
            return ("hiding",)
        case ru.FirstOf(name=name):
            return (f"how many of `{name}`",)
        case ru.Delay():
            return ("the delay",)
        case ru.Wire():
            return ("the connection",)
        case ru.SetShown(key=key) | ru.Omit(key=key):
            return (f"`{key}`",)
        case ru.PassOn():
            return (EVERYTHING,) if standing else _PASSED
    return tuple(dict.fromkeys(slot for one in effect.items for slot in slots(one, standing=standing)))


def always(effect: ru.Effect, *, standing: bool = False) -> frozenset[str]:
    """The slots that an effect fills each time that its rule decides."""
    match effect:
        case ru.Limit() | ru.Respond(status=None) | ru.Becomes(steps=()):
            # Only what is over the limit is answered, and only what can be worked out comes about.
            return frozenset()
        case ru.Cycle(items=items) if any(isinstance(one, ru.Stays) for one in items):
            # What stays only fills its slot in that state.
            return frozenset()
        case ru.Cycle(items=items):
            return frozenset.intersection(*(always(one, standing=standing) for one in items))
    return frozenset(slots(effect, standing=standing))
