# SPDX-License-Identifier: Apache-2.0
"""The parse tables that are shipped beside the grammar: `python -m mimic_rules.language.tables [--check]`.

Beside the way of a rule: run after each change of the grammar or of lark, so that a process needs a twentieth of a
second to have a parser instead of a whole one. Without current tables everything works, only later.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from mimic_rules.language import syntax


def text() -> str:
    """What the file should hold: JSON, the same for the same grammar and the same lark."""
    return json.dumps(syntax.tables(), separators=(",", ":")) + "\n"


def main(arguments: Sequence[str] | None = None, path: Path | None = None) -> int:
    """Write the tables beside the grammar, or say with --check whether they are current; 0 is good, 1 is not."""
    parser = argparse.ArgumentParser(prog="python -m mimic_rules.language.tables", description="make the parse tables")
    parser.add_argument("--check", action="store_true", help="only say whether the file is current")
    check = parser.parse_args(arguments).check
    path = path or Path(str(syntax.tables_file()))
    if not check:
        path.write_text(text(), encoding="utf-8")
        return 0
    if path.is_file() and path.read_text(encoding="utf-8") == text():
        return 0
    print(f"{path} is not current: run `python -m mimic_rules.language.tables`")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
