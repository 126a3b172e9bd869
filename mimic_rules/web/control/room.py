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
from mimic_rules.web.weight import weigh_all

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


def check_number(asked: Asked) -> None:
    """Refuse another world where there are as many as there may be.

    507 and not 429 or 503: those tell a client to try again later, and libraries then do, though it doesn't help.
    """
    there, most = len(asked.control.mounts.all()), asked.control.limits.worlds
    if there >= most:
        help = "remove some with `DELETE /_mimic/worlds/ID`, or start the cloud with a higher `limits.worlds`"
        raise Refused(507, f"there are {there} worlds, as many as `limits.worlds` allows", help=help)


def check_memory(asked: Asked, *more: Mount, weight: int = 0) -> None:
    """Refuse where all worlds, those in `more` and `weight` bytes take more memory than there may be."""
    most = asked.control.limits.memory
    taken = weigh_all((*asked.control.mounts.all(), *more)) + weight
    if taken > most:
        help = "remove some with `DELETE /_mimic/worlds/ID`, or start the cloud with a higher `limits.memory`"
        raise Refused(507, f"worlds would take about {taken} bytes, and `limits.memory` allows {most}", help=help)


def put_in_place(mounts: Mounts, old: Mount, new: Mount) -> None:
    """Put a mount in the place of another one; refused where that one is gone by now."""
    if mounts.get(old.world.id) is not old:
        raise Refused(409, f"the world `{old.world.id}` was removed or replaced meanwhile: ask again")
    with old.lock:
        mounts.replace(new)


def not_so(refused: DiagnosticError, status: int = 400) -> Refused:
    """The refusal of a wish, with every problem of it and its place."""
    found = problems_of(refused)
    worst = next(one for one in found if one["severity"] == "error")
    more = {"place": worst["place"], **({"help": worst["help"]} if worst["help"] else {})}
    return Refused(status, f"{worst['place']}: {worst['message']}", **more, diagnostics=found)
