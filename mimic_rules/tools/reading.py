# SPDX-License-Identifier: Apache-2.0
"""Reading all rules that a command is about: the files that were named, those of the configuration, those shipped.

Every command begins here: paths come in; texts, the model of all of them and every problem come out, without those that
the files themselves account for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from mimic_rules.config.files import rule_files
from mimic_rules.config.located import Located
from mimic_rules.diagnostics import Diagnostic, Diagnostics, Severity, Span
from mimic_rules.language.load import SHIPPED, TEAM, load, read_sources
from mimic_rules.language.model import Model
from mimic_rules.lint import suppress


@dataclass(frozen=True, slots=True)
class Rules:
    """All that was read; `texts` are by the names that messages use."""

    model: Model
    diagnostics: tuple[Diagnostic, ...]
    texts: Mapping[str, str]

    @property
    def broken(self) -> bool:
        """Whether there is an error, so that the model must not be compiled."""
        return has_errors(self.diagnostics)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them is more than a warning."""
    return any(one.severity is Severity.ERROR for one in diagnostics)


def read_rules(team: Iterable[Path], *, shipped: bool = True) -> Rules:
    """The rules of a team's files, in their order, and below them those that are shipped."""
    ours = shipped_files() if shipped else []
    same = {path.resolve() for path in ours}
    theirs = dict.fromkeys(shown(path) for path in team if path.resolve() not in same)
    of_team, unread = read_sources(map(Path, theirs), TEAM)
    of_ours, unread_ours = read_sources(ours, SHIPPED)
    loaded = load([*of_team, *of_ours])
    found = suppress((*unread, *unread_ours, *loaded.diagnostics), loaded.sources)
    return Rules(loaded.model, found, loaded.sources)


def shipped_files() -> list[Path]:
    """The rules files that are installed with the program, in the order of their paths."""
    with resources.as_file(resources.files("mimic_rules.rules")) as folder:
        return sorted(Path(shown(path)) for path in folder.rglob("*.rules"))


def named_files(paths: Iterable[str]) -> tuple[list[Path], tuple[Diagnostic, ...]]:
    """The files that arguments of a command stand for, and a problem for each that is not there."""
    diagnostics = Diagnostics()
    files = rule_files(_arguments(paths), Path(), diagnostics)[1]
    return files, diagnostics.items


def shown(path: Path) -> str:
    """The path as messages show it: from the working folder, if it is below."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _arguments(paths: Iterable[str]) -> Iterator[Located]:
    for path in paths:
        yield Located(path, Span(f"argument {path}", 1, 1, 1, 1))
