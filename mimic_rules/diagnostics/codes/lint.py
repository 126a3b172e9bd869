# SPDX-License-Identifier: Apache-2.0
"""The codes MR700 to MR799: what is waved through, and how.

Reading the comments of a rules file reports them; the package's table holds them.
"""

from __future__ import annotations

from typing import Final

from mimic_rules.diagnostics.codes.code import Code, Severity

LINT: Final[tuple[Code, ...]] = (
    Code(
        "MR701",
        Severity.ERROR,
        "a problem is ignored without saying which, or why",
        "whoever reads the file next wants to know which problem was seen, and why it was left as it is",
        "state LOST  # lint: ignore MR402",
        "state LOST  # lint: ignore MR402 because operators put records into it by hand",
    ),
    Code(
        "MR702",
        Severity.WARNING,
        "nothing to ignore",
        "the problem that the comment accounts for is gone; left behind, it would hide the next one",
        "state ACTIVE  # lint: ignore MR402 because nothing leads here yet",
        "state ACTIVE",
    ),
    Code(
        "MR703",
        Severity.ERROR,
        "an unknown code is ignored",
        "codes are permanent: one that is not in the list has never been reported",
        "state LOST  # lint: ignore MR42 because operators put records into it by hand",
        "state LOST  # lint: ignore MR402 because operators put records into it by hand",
    ),
    Code(
        "MR704",
        Severity.ERROR,
        "a problem that can't be ignored",
        "some problems leave the rules without a meaning, and no reason gives them one; only what has a meaning, but "
        "no effect or an unexpected one, can be left as it is",
        "when metadata.failure = 'slow' then status stays BUILD  # lint: ignore MR101 because it reads well",
        "when metadata.failure == 'slow' then status stays BUILD",
    ),
)
