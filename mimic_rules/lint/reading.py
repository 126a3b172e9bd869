# SPDX-License-Identifier: Apache-2.0
"""Reading all rules that a cloud or a command is about: a team's files, and those that are shipped.

On the way of a rule: paths come in; texts, the model of all of them and every problem come out, without those that the
files themselves account for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from mimic_rules.diagnostics import Diagnostic, Severity
from mimic_rules.language.load import SHIPPED, TEAM, load, read_sources
from mimic_rules.language.model import Model
from mimic_rules.lint.suppressions import suppress


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


def shipped_folder() -> Path:
    """Where the rules that are installed with the program lie."""
    # A package on disk is a folder that stays, so that the context need not be kept open.
    with resources.as_file(resources.files("mimic_rules.rules")) as folder:
        return folder


def shipped_files() -> list[Path]:
    """The rules files that are installed with the program, in the order of their paths."""
    return sorted(Path(shown(path)) for path in shipped_folder().rglob("*.rules"))


def shown(path: Path) -> str:
    """The path as messages show it: from the working folder, if it is below."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
