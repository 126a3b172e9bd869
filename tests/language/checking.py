# SPDX-License-Identifier: Apache-2.0
"""Texts of rules with the place of their mistake marked: `when «metadat».x == 1`.

The tables of the checks are written with it: a mark says exactly where one diagnostic begins and ends, and that there
is no other one.
"""

from mimic_rules.diagnostics import Diagnostic
from mimic_rules.language.load import Loaded, Source, load

SHOP = """\
service shop "Shop" {
  mount /shop  fault 400 bad  fault 404 unknown  fault else broken
  version header "Version" 2.1 .. 2.9 default 2.1
  caller header "X-Pass" is pass when good tenant account user holder else 401 "who are you?"
}
for shop
resource pass in world { id uuid  account text  holder text  good bool = true }
"""
"""A service with versions and a caller."""

BOX = (
    SHOP
    + """\
quota boxes 10 counts box
setting limits { size: int } = { size: 3 }
resource maker in world { id uuid  name text }
resource box in tenant {
  id uuid  name text = ''  size int = 1  heavy bool = false  made time = now  maker -> maker ?
  metadata map of text = {}  tags list of text = []  mode 'slow' | 'fast' = 'slow'  extra any ?
  pairs list of { key: text, value: text } = [] keyed key value
  status lifecycle
}
lifecycle of box.status {
  state BUILD { power: 0 }  state ACTIVE { power: 1 }  state STOPPING shows ACTIVE  state GONE gone
  start BUILD
  BUILD -> ACTIVE after 1s
  ACTIVE -> STOPPING on stop
  STOPPING -> ACTIVE after 1s
  any but GONE -> GONE on delete
}
resource lid in box { id sequence  colour text }
view box.full { id  name  size }
view maker.card { name }
operation stop box POST /boxes/{id}/stop { answer 202 }
operation delete box DELETE /boxes/{id} { answer 204 }
operation make box POST /boxes body { name: text, size?: int, more?: { weight: int } strict } {
  create box { name: body.name }
  answer 201 box as full
}
"""
)
"""A resource with a field of every kind, a lifecycle, views and operations."""


def loaded(text: str, *more: str) -> Loaded:
    """What a file of that text gives, and further files of the team after it."""
    return load([Source("a.rules", text), *(Source(f"b{at}.rules", one) for at, one in enumerate(more))])


def told(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    """Every diagnostic as `CODE line:column-end`."""
    return [
        f"{one.code} {one.span.line}:{one.span.column}-"
        + (f"{one.span.end_line}:" if one.span.end_line != one.span.line else "")
        + str(one.span.end_column)
        for one in diagnostics
    ]


def unmarked(text: str) -> tuple[str, str]:
    """The text without its marks, and the place between them as `told` gives it."""
    start, end = text.index("«"), text.index("»")
    before, within = text[:start], text[start + 1 : end]
    line, column = before.count("\n") + 1, start - before.rfind("\n")
    end_line = line + within.count("\n")
    end_column = len(within.rpartition("\n")[2]) + (1 if end_line > line else column)
    ends = f"{end_line}:{end_column}" if end_line > line else str(end_column)
    return text.replace("«", "").replace("»", ""), f"{line}:{column}-{ends}"


def assert_only(code: str, marked: str, setting: str = "") -> Diagnostic:
    """A text has one mistake, of that code, between its marks; gives the diagnostic."""
    text, place = unmarked(setting + marked)
    found = loaded(text).diagnostics
    assert told(found) == [f"{code} {place}"], [one.message for one in found]
    return found[0]


def assert_fine(text: str, setting: str = "") -> None:
    """A text has no mistake."""
    found = loaded(setting + text).diagnostics
    assert not found, [(one.span.place(), one.code, one.message) for one in found]
