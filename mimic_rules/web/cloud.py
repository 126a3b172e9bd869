# SPDX-License-Identifier: Apache-2.0
"""Opening a cloud: from a loaded configuration to an application that answers.

Both ways of the house begin here: rules are read, checked and compiled, the settings bound, the tables linked, the
default world made; out comes an application, or every problem of rules and configuration in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mimic_rules.config import Config, LoadResult
from mimic_rules.diagnostics import Diagnostic
from mimic_rules.engine import Engine
from mimic_rules.lint.reading import shipped_folder
from mimic_rules.state.store import DictStore
from mimic_rules.web.app import create_app
from mimic_rules.web.control.endpoint import Application
from mimic_rules.web.logs import level_of_requests
from mimic_rules.web.mounts import Mounts
from mimic_rules.web.reading import read_all
from mimic_rules.web.reload import Reload

TOKEN_VARIABLE: Final = "MIMIC_ADMIN_TOKEN"


@dataclass(frozen=True, slots=True)
class Cloud:
    """A cloud that is ready to answer; `warnings` are the problems that didn't keep it from that; `reload` reads its
    files again.
    """

    app: Application
    engine: Engine
    mounts: Mounts
    config: Config
    settings: Mapping[str, object]
    warnings: tuple[Diagnostic, ...]
    reload: Reload


def open_cloud(
    loaded: LoadResult,
    *,
    texts: dict[str, str],
    admin_token: str | None = None,
    load: Callable[[], LoadResult] | None = None,
) -> Cloud:
    """Read the rules that the configuration names, and those that are shipped, and make a cloud of them.

    `load` is what loads the configuration again, for reading the files again; without it that stays as it is.

    The texts that diagnostics point into are put into `texts` by the names that messages use. Raises DiagnosticError
    with every problem, warnings included, if one of them is an error.
    """
    reading = read_all(loaded, texts)
    draft = loaded.draft
    mounts = Mounts(DictStore(max_worlds=draft.limits.worlds), ground=reading.ground, idle=draft.limits.idle)
    mounts.add(reading.mount)
    reload = Reload(load or (lambda: loaded), mounts, reading.about, loaded)
    app = create_app(
        mounts,
        limits=draft.limits,
        about=lambda: reload.about,
        admin_token=admin_token,
        roots=(Path.cwd(), shipped_folder().parent),
        snapshots=Path(draft.snapshots).absolute(),
        log_requests=level_of_requests(draft),
    )
    usual = reading.ground.usual
    return Cloud(app, usual.engine, mounts, draft, usual.settings, reading.warnings, reload)
