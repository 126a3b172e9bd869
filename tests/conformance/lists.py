# SPDX-License-Identifier: Apache-2.0
"""Lists of tests: a line for each class, and below it, indented, a line for each of its tests.

Tempest is told by regular expressions which tests to run; what it says of them is compared with the list.
"""

import re
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
MUST_PASS = "must_pass"


def read(name: str) -> dict[str, bool]:
    """The tests of a list, and whether each is expected to pass; `name` is one of ours, or the path of a file."""
    ours = HERE / f"{name}.txt"
    return parsed((ours if ours.is_file() else Path(name)).read_text(encoding="utf-8"))


def parsed(text: str) -> dict[str, bool]:
    """The tests that a list names in full, in its order; raises ValueError where a test stands below no class."""
    found: dict[str, bool] = {}
    owner = ""
    for line in text.splitlines():
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        if line == said:
            owner = said
            continue
        if not owner:
            raise ValueError(f"`{said}` stands below no class")
        name = said.removesuffix("?").rstrip()
        found[f"{owner}.{name}"] = name == said
    return found


def patterns(tests: Mapping[str, bool]) -> str:
    """An include list for Tempest: each test by its whole name, up to the ids in brackets that some have behind it."""
    return "".join(f"^{re.escape(test)}(\\[|$)\n" for test in tests)
