# SPDX-License-Identifier: Apache-2.0
"""What the YAML parser complains about, in words for the person who wrote the text.

The reader of YAML hands over what stopped the parser; a diagnostic at the place of the mistake goes out, which is not
always the place where the parser noticed it: a quote that isn't closed is noticed at the end of the text.
"""

from __future__ import annotations

import re
from typing import Final

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from mimic_rules.config.positions import Positions
from mimic_rules.diagnostics import Diagnostics, Related

_MISSING: Final = re.compile(r"expected ',' or '(.)'")


def report_problem(problem: Exception, read_to: int, positions: Positions, diagnostics: Diagnostics) -> int | None:
    """Report why the parser stopped; the index of the tab, if it was one.

    `read_to` is the index up to which it read without complaint.
    """
    text = positions.text
    if isinstance(problem, ReaderError):
        index: int = problem.position
        message = f"the character U+{ord(text[index]):04X} isn't allowed in YAML"
        help = "take it out, or write it as an escape in double quotes"
        diagnostics.add("MR604", message, positions.span(index, index + 1), help=help)
        return None
    if not isinstance(problem, MarkedYAMLError) or problem.problem_mark is None:
        message, help = "what follows can't be read as YAML", "put text with special characters in quotes"
        diagnostics.add("MR604", message, positions.span(read_to, read_to), help=help)
        return None
    stopped: int = problem.problem_mark.index
    if text[stopped : stopped + 1] == "\t":
        message, help = "a tab stands where YAML wants spaces", "write spaces"
        end = len(text) - len(text[stopped:].lstrip("\t"))
        diagnostics.add("MR605", message, positions.span(stopped, end), help=help)
        return stopped
    opened = problem.context_mark.index if problem.context_mark is not None else None
    _report_marked(str(problem.problem), str(problem.context), stopped, opened, positions, diagnostics)
    return None


def _report_marked(
    problem: str, context: str, index: int, opened: int | None, positions: Positions, diagnostics: Diagnostics
) -> None:
    text = positions.text
    here = positions.span(index, index + 1 if text[index : index + 1] not in ("", "\n", "\r") else index)
    related: tuple[Related, ...] = ()
    help = "put text with special characters in quotes"
    if opened is not None and context.endswith("quoted scalar") and "unexpected" in problem:
        here = positions.span(opened, opened + 1)
        message, help = "this quote isn't closed", "write the same quote at the end of the text"
    elif opened is not None and (missing := _MISSING.match(problem)):
        message, help = f"a `,` or a `{missing[1]}` is missing here", f"close what was opened with `{missing[1]}`"
        related = (Related(positions.span(opened, opened + 1), "it was opened here"),)
    elif opened is not None and "could not find expected ':'" in problem:
        end = text.find("\n", opened)
        line = text[opened : end if end >= 0 else len(text)].rstrip()
        here = positions.span(opened, opened + len(line))
        message, help = "a `:` is missing after this key", "write `key: value`"
    elif "cannot start any token" in problem:
        message = f"`{text[index]}` can't begin a value"
    elif "mapping values are not allowed" in problem:
        message = "a `:` isn't allowed here"
        help = "put text that holds a `:` in quotes, and let the keys of a map begin in the same column"
    elif "expected <block end>" in problem or "sequence entries are not allowed" in problem:
        message = "this doesn't continue the list or map before it"
        help = "let the keys of a map, and the dashes of a list, begin in the same column"
    elif "content, but found" in problem:
        message, help = "a value is missing here", "write a value, or close the list or map"
    elif "escape" in problem:
        message, help = "this escape isn't known", "write `\\\\` for a backslash, or use single quotes"
    else:
        message = "this can't be read as YAML"
    diagnostics.add("MR604", message, here, help=help, related=related)
