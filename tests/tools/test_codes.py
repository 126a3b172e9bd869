# SPDX-License-Identifier: Apache-2.0
"""The manual's page of codes: fresh, whole, and safe from what Markdown would make of its words."""

import re
import subprocess
import sys

from mimic_rules.diagnostics import CODES
from mimic_rules.lint import IGNORABLE
from mimic_rules.tools.codes import RANGES, page
from tests.conftest import ROOT


def test_the_page_of_the_manual_is_fresh() -> None:
    """`python -m mimic_rules.tools.codes >docs/diagnostics.md` makes it so."""
    done = subprocess.run(
        [sys.executable, "-m", "mimic_rules.tools.codes"], capture_output=True, encoding="utf-8", check=True
    )
    assert (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8") == done.stdout == page()


def test_every_code_has_a_section_in_order() -> None:
    assert re.findall(r"^### (MR\d+): ", page(), re.MULTILINE) == list(CODES)
    assert {code[2] for code in CODES} == set(RANGES)


def test_a_section() -> None:
    assert """
### MR702: nothing to ignore

A warning.

Why: the problem that the comment accounts for is gone; left behind, it would hide the next one.

Wrong:

```text
state ACTIVE  # lint: ignore MR402 because nothing leads here yet
```

Right:

```text
state ACTIVE
```
""" in page()


def test_what_can_be_ignored_is_told() -> None:
    sections = page().split("\n### ")[1:]
    assert {one[:5] for one in sections if "can be ignored with a reason." in one} == IGNORABLE


def test_prose_is_no_markup() -> None:
    """`*` and `_` outside of backticks would vanish, `MIMIC_` among them."""
    (section,) = [one for one in page().split("\n### ") if one.startswith("MR614")]
    assert "begins with MIMIC\\_ and" in section
