# SPDX-License-Identifier: Apache-2.0
"""What calls about worlds have in common: names, wishes that exclude each other, room for one more, refusals.

On the way of a request: before a world or a snapshot is made, and where one takes the place of another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from mimic_rules.diagnostics import DiagnosticError
from mimic_rules.web.control.endpoint import Asked, Refused, Schema
from mimic_rules.web.ground import Ground
from mimic_rules.web.making import problems_of
from mimic_rules.web.mounts import Mount, Mounts
from mimic_rules.web.weight import ENGINE, WORLD, weigh_all

NAME: Final = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
"""What ids of worlds and names of snapshots look like."""
NAMED: Final[Schema] = {"type": "string", "pattern": f"^{NAME}$"}


def check_name(what: str, name: str) -> None:
    """Refuse what is no name; the schema's pattern lets a line feed at the end pass."""
    if not re.fullmatch(NAME, name):
        raise Refused(400, f"`{what}` takes a text that matches `{NAME}`", place=what)


def contradict(wish: Mapping[str, Any], one: str, others: Collection[str]) -> None:
    """Refuse wishes that exclude each other."""
    for other in others:
        if one in wish and other in wish:
            raise Refused(400, f"`{one}` and `{other}` contradict each other: send one of them", place=other)


def ground_of(mounts: Mounts) -> Ground:
    """What worlds are made of."""
    if mounts.ground is None:
        raise Refused(501, "this cloud makes no worlds")
    return mounts.ground


def make_room(asked: Asked, more: int = WORLD + ENGINE, *, worlds: int = 1) -> None:
    """Refuse so many more worlds, and `more` bytes, where there are as many, or they take as much, as there may be.

    507 and not 429 or 503: those tell a client to try again later, and libraries then do, though it doesn't help.
    """
    limits, mounts = asked.control.limits, asked.control.mounts.all()
    if len(mounts) + worlds > limits.worlds:
        help = "remove some with `DELETE /_mimic/worlds/ID`, or start the cloud with a higher `limits.worlds`"
        raise Refused(507, f"there are {len(mounts)} worlds, as many as `limits.worlds` allows", help=help)
    taken = weigh_all(mounts, asked.control.mounts.additions) + more
    if taken > limits.memory:
        help = "remove some with `DELETE /_mimic/worlds/ID`, or start the cloud with a higher `limits.memory`"
        raise Refused(
            507,
            f"about {taken} bytes would be taken by all worlds, and `limits.memory` allows {limits.memory}",
            help=help,
        )


def put_in_place(mounts: Mounts, old: Mount, new: Mount) -> None:
    """Put a mount in the place of another one; refused where that one is gone by now."""
    if mounts.get(old.world.id) is not old:
        raise Refused(409, f"the world `{old.world.id}` was removed or replaced meanwhile: ask again")
    mounts.replace(new)


def not_so(refused: DiagnosticError, status: int = 400) -> Refused:
    """The refusal of a wish, with every problem of it and its place."""
    found = problems_of(refused)
    worst = next(one for one in found if one["severity"] == "error")
    more = {"place": worst["place"], **({"help": worst["help"]} if worst["help"] else {})}
    return Refused(status, f"{worst['place']}: {worst['message']}", **more, diagnostics=found)
