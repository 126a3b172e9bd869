# SPDX-License-Identifier: Apache-2.0
"""Problems that an author leaves as they are: `# lint: ignore MR402 because REASON`.

Diagnostics and the texts of their files come in. What a comment accounts for is left out; comments that give no reason,
or have nothing left to ignore, are reported instead. A comment is about its own line or, alone on it, the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mimic_rules.diagnostics import CODES, Diagnostic, Fix, Severity, Span, did_you_mean
from mimic_rules.lint.comments import Comment, comments

IGNORABLE: Final = frozenset({"MR301", "MR402", "MR404", "MR501", "MR502"}) | frozenset(
    code.code
    for code in CODES.values()
    if code.severity is Severity.WARNING and code.code != "MR199" and code.code[2] not in "67"
)
"""Codes of problems with which the rules still have a meaning: what is reported has no effect, or a surprising one.

INVARIANT: nothing that a compiler of rules can't do without is in it, since ignored problems don't stop a start.
"""

FORM: Final = "# lint: ignore CODE because REASON"

_ADDRESSED: Final = re.compile(r"#\s*lint\s*:\s*(?P<said>.*)")
_IGNORE: Final = re.compile(r"ignore\b(?P<codes>(?:[\s,]+(?!because\b)[^\s,]+)*)[\s,]*(?:because\b\s*(?P<reason>.*))?")
_CODE: Final = re.compile(r"[^\s,]+")


@dataclass(frozen=True, slots=True)
class _Ignored:
    """One code of one comment: where it is written, and the line that the comment is about."""

    code: str
    span: Span
    about: int | None
    fix: Fix | None


def suppress(diagnostics: Iterable[Diagnostic], texts: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """The diagnostics that no comment accounts for, with what is wrong with the comments, by file, line and column.

    `texts` maps the names of rules files, as spans have them, to their texts; others have no comments.
    """
    given = tuple(diagnostics)
    problems: list[Diagnostic] = []
    ignored = [one for name, text in texts.items() for one in _read(name, text, problems)]
    accounted = {(one.span.file, one.about, one.code) for one in ignored}
    left = [one for one in given if (one.span.file, one.span.line, one.code) not in accounted]
    # What could not be read was not checked either, so that a comment may still have its use.
    if not any(one.code.startswith("MR1") for one in given):
        met = {(one.span.file, one.span.line, one.code) for one in given}
        problems += [_unused(one) for one in ignored if (one.span.file, one.about, one.code) not in met]
    return in_order([*left, *problems])


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each of them once, by file, line and column; a file's that were capped once aren't capped again."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=_order))


def _order(one: Diagnostic) -> tuple[str, int, int, str, str]:
    return one.span.file, one.span.line, one.span.column, one.code, one.message


def _read(name: str, text: str, problems: list[Diagnostic]) -> Iterator[_Ignored]:
    # PERF: hardly a file holds such a comment, and a start has to read them all.
    if "lint" not in text:
        return
    for comment in comments(text):
        addressed = _ADDRESSED.fullmatch(comment.text)
        if addressed is not None:
            yield from _read_comment(name, comment, addressed, problems)


def _read_comment(
    name: str, comment: Comment, addressed: re.Match[str], problems: list[Diagnostic]
) -> Iterator[_Ignored]:
    def span(start: int, end: int) -> Span:
        return Span(name, comment.line, comment.column + start, comment.line, comment.column + end)

    whole = span(0, len(comment.text))
    said = _IGNORE.fullmatch(comment.text, addressed.start("said"))
    if said is None:
        problems.append(Diagnostic("MR701", "this doesn't say what is ignored", whole, f"write `{FORM}`"))
        return
    codes = [*_CODE.finditer(comment.text, *said.span("codes"))]
    if not codes:
        problems.append(Diagnostic("MR701", "this names no code", whole, f"write `{FORM}`"))
        return
    if not said["reason"]:
        told = ", ".join(f"`{code[0]}`" for code in codes)
        help = f"write `because` and the reason behind {'it' if len(codes) == 1 else 'them'}"
        problems.append(Diagnostic("MR701", f"{told} {_is(codes)} ignored without a reason", whole, help))
    fix = Fix(whole, "", "take the comment out") if len(codes) == 1 else None
    for code in codes:
        refused = _refusal(code[0], span(*code.span()))
        if refused is None:
            yield _Ignored(code[0], span(*code.span()), comment.about, fix)
        else:
            problems.append(refused)


def _is(codes: list[re.Match[str]]) -> str:
    return "is" if len(codes) == 1 else "are"


def _refusal(code: str, span: Span) -> Diagnostic | None:
    """Why `code` is none that can be ignored, or None if it is one."""
    if code in IGNORABLE:
        return None
    if code not in CODES:
        near = did_you_mean(code, CODES)
        help = f"did you mean `{near}`?" if near else "write a code as it is reported, such as `MR402`"
        return Diagnostic("MR703", f"there is no code `{code}`", span, help)
    if code[2] == "7":
        return Diagnostic("MR704", f"`{code}` can't be ignored", span, "mend the comment that it is reported for")
    return Diagnostic("MR704", f"`{code}` can't be ignored", span, "mend what it reports")


def _unused(one: _Ignored) -> Diagnostic:
    help = "take the comment out" if one.fix else "take the code out"
    return Diagnostic("MR702", f"there is no `{one.code}` here to ignore", one.span, help, (), one.fix)
