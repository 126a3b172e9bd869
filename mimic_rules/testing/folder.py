# SPDX-License-Identifier: Apache-2.0
"""What a cloud of a test is started from: a folder with its configuration and the texts of its rules.

On the way of a test: before a cloud starts, in this process or in another one; both read the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mimic_rules.testing.rules import Text

CONFIG: Final = "mimic.yaml"


class StartError(Exception):
    """A cloud that can't start; the message has all that is wrong, as `mimic-rules lint` shows it."""


def furnish(folder: Path, rules: Sequence[Text], config: Mapping[str, Any]) -> Path:
    """Write what a cloud is started from, and give the configuration's path.

    Rules that are texts become files; those of `config` come after them. Raises StartError for a file that isn't there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, text in enumerate(rules, start=1):
        if isinstance(text, Path):
            paths.append(text.absolute())
            continue
        if text.endswith(".rules") and "\n" not in text:
            raise StartError(f"`{text}` is taken for a text of rules; for the file say Path({text!r})")
        paths.append(folder / f"rules{number}.rules")
        paths[-1].write_text(text, encoding="utf-8")
    named = [Path(path).absolute() for path in config.get("rules", ())]
    whole = {"port": 0, "snapshots": str(folder / "snapshots"), **config, "rules": [*map(str, paths), *map(str, named)]}
    path = folder / CONFIG
    # JSON is YAML.
    path.write_text(json.dumps(whole, indent=2, default=str), encoding="utf-8")
    return path
