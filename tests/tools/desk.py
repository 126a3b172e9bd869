# SPDX-License-Identifier: Apache-2.0
"""A small service of a team's own, and files that speak of it, for the tests of commands that read rules."""

from pathlib import Path

DESK = """\
service desk "Desk" { mount /desk }
for desk
setting hours int 1..24 = 8 "how long a day is"
resource ticket in world {
  id     sequence
  status lifecycle
}
lifecycle of ticket.status {
  state OPEN
  state CLOSED
  start OPEN
  OPEN -> CLOSED on close
}
operation show ticket GET /tickets/{id} { answer 200 }
operation close ticket POST /tickets/{id}/close { answer 204 }
"""
RULE = "for desk.ticket\nwhen id == 1 then status stays OPEN\n"
WRONG = "for desk.ticket\n\nwhen id == 1 then status stays OPNE\n"
WRONG_SHOWN = """\
{file}:3:32: error MR401: lifecycle of `ticket.status` has no state `OPNE`
  3 | when id == 1 then status stays OPNE
    |                                ^^^^
  help: did you mean `OPEN`?
1 error
"""


def write(**files: str) -> None:
    """Files of the working folder, `mimic.yaml` and rules; `__` stands for a slash in a name."""
    for name, text in files.items():
        path = Path("mimic.yaml" if name == "mimic" else name.replace("__", "/") + ".rules")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
