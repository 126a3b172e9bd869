# SPDX-License-Identifier: Apache-2.0
"""What to say where a text can't be read: in the user's words, with what could stand there instead.

On the way of a rule: `syntax` asks it when a parse fails; it knows the names of the grammar's terminals, and the slips
that people make most.
"""

from typing import Final

_KINDS: Final = {
    "NAME": "a name",
    "NUMBER": "a number",
    "STRING": "a text in quotes",
    "DURATION": "a duration such as 30s",
    "PATH": "a path such as /things/{id}",
    "METHOD": "a method such as GET",
    "REGEX": "a regular expression such as /^a/",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "COLON": "`:`",
    "COMMA": "`,`",
    "EQUAL": "`=`",
    "DOT": "`.`",
    "VBAR": "`|`",
    "COMPARE": "a comparison",
    "PLUS": "`+`",
    "MINUS": "`-`",
    "TIMES": "`*`",
    "OPTIONAL": "`?`",
    "__ANON_0": "`..`",
    "$END": "the end of the file",
}
_OPERATORS: Final = frozenset({"PLUS", "MINUS", "TIMES", "DOT", "LSQB", "COMPARE", "COMMA"})
_SHOWN: Final = 5


def describe(found: str, kind: str, expected: frozenset[str], before: str) -> tuple[str, str]:
    """(message, help) for a word that can't stand where it does; `before` is its line up to it."""
    if kind == "$END":
        message = "the file ends in the middle of something"
        return message, "close it with `}`" if "RBRACE" in expected else _instead(expected)
    message = f"`{found}` can't stand here"
    if found == "=" and "COMPARE" in expected:
        return message, "compare with `==`"
    if found == "=>" or (found == "=" and before.rstrip().endswith("-")):
        return message, "an arrow is `->`"
    if found in ("&", "|", "!") and "COMPARE" in expected:
        return message, "conditions are joined with `and`, `or`, `not`"
    if found in ("\"", "'"):
        return "this text in quotes never ends", "close the quotes on the same line"
    if found == "}" and "RBRACE" not in expected:
        return message, "nothing is open here that it could close, or what stands before it is not complete"
    return message, _instead(expected)


def _instead(expected: frozenset[str]) -> str:
    """What could stand there, the likeliest first; operators only when there is nothing else."""
    wanted = expected - _OPERATORS or expected
    known = sorted(_KINDS[name] for name in wanted if name in _KINDS and name != "$END")
    words = sorted(f"`{name.lower()}`" for name in wanted if name not in _KINDS and name.isalpha())
    said = (known + words)[:_SHOWN]
    more = len(known) + len(words) - len(said)
    if not said:
        return "remove it"
    return "write " + ", ".join(said[:-1]) + (" or " if len(said) > 1 else "") + said[-1] + (" …" if more else "")
