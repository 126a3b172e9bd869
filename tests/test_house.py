# SPDX-License-Identifier: Apache-2.0
"""The house rules that a program can check: vocabulary, who may import what, the shape of files, nothing owed.

Each checker is itself shown to find what it looks for; the checkers are house_vocabulary.py and house_code.py.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.house_code import evaluation, importing, real_time
from tests.house_vocabulary import declared, forbidden, forms, said

ENGINE = ROOT / "mimic_rules"
LONGEST = 400

# Spelt so that this file doesn't contain what it looks for.
OWED = re.compile(
    r"\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K|Not[I]mplementedError)\b"
    r"|#\s*type:\s*[i]gnore|#\s*pragma:\s*[n]o\s+cover|pytest\.(mark\.)?(skip|[x]fail|importor[s]kip)|@unittest\.[s]kip"
)
MACHINE = re.compile(r"(?<![\w.])/(wor[k]|far[m])/|/tm[p]/venv|\.\./share[d]\b|/hom[e]/\w")


def files(*folders: str, suffix: str = "") -> Iterator[Path]:
    """Every file below these folders of the tree whose name ends so, in order, without what tools leave behind."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            if path.is_file() and "__pycache__" not in path.parts and not path.name.endswith((".pyc", ".pyo")):
                yield path


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


PYTHON = [*files("mimic_rules", "grammar", "rules", "examples", "tests", "docs", suffix=".py")]
RULES = [*files("rules", "tests", "docs", suffix=".rules")]
TOP = [path for path in sorted(ROOT.iterdir()) if path.suffix in {".cfg", ".ini", ".md", ".toml", ".yaml"}]
TREE = [*files("mimic_rules", "grammar", "rules", "examples", "tests", "docs", ".ci"), *TOP]


# vocabulary ----------------------------------------------------------------------------------------------------------


def test_engine_names_no_service() -> None:
    banned = forbidden(ROOT)
    found = [f"{place(path)}:{hit}" for path in files("mimic_rules") for hit in said(text(path), banned)]
    found += [f"{place(path)}: its name" for path in files("mimic_rules") if said(place(path), banned)]
    assert found == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("the first server", ["1: server"]),
        ("\n# Flavors are kept", ["2: flavors"]),
        ("class ListenerTable:", ["1: listener"]),
        ("def load_balancer_of(x):", ["1: balancer"]),
        ("'OPENSTACK_VERSION'", ["1: openstack"]),
        ("HTTPServer2Image", ["1: server", "1: image"]),
        ("imagine observers serving nodal domains by key, token and role", []),
    ],
)
def test_a_planted_name_is_found(planted: str, found: list[str]) -> None:
    assert said(planted, forbidden(ROOT)) == found


def test_names_are_taken_from_rules() -> None:
    rules = 'service ticket_desk "Desk" {\n}\n  resource  reply in ticket {\n# resource x\nresources y\n'
    assert declared([rules]) == {"ticketdesk", "ticket", "desk", "reply"}


def test_shipped_rules_forbid_their_own_words(tmp_path: Path) -> None:
    rules = tmp_path / "rules" / "desk" / "desk.rules"
    rules.parent.mkdir(parents=True)
    rules.write_text("service desk {}\nresource ticket_key {}\n", encoding="utf-8")
    banned = forbidden(tmp_path)
    assert {"desk", "desks", "ticket", "tickets", "ticketkey"} <= banned
    assert not {"key", "keys", "service", "resource"} & banned


def test_plurals_are_banned_too() -> None:
    assert {"entry", "entries"} <= set(forms("entry"))
    assert {"box", "boxes"} <= set(forms("box"))
    assert {"things", "thing"} <= set(forms("things"))
    assert "statu" not in set(forms("status"))


# who may import and read what ----------------------------------------------------------------------------------------


def test_only_the_syntax_module_imports_the_parser() -> None:
    syntax = (ENGINE / "language" / "syntax.py", ENGINE / "language" / "syntax")
    others = [path for path in files("mimic_rules", suffix=".py") if not any(path.is_relative_to(s) for s in syntax)]
    assert [f"{place(path)}:{hit}" for path in others for hit in importing(text(path), "lark")] == []


def test_only_state_reads_the_wall_clock_and_randomness() -> None:
    found = [
        f"{place(path)}:{hit}"
        for path in files("mimic_rules", suffix=".py")
        if not path.is_relative_to(ENGINE / "state")
        for hit in real_time(
            text(path), may_wait=path.is_relative_to(ENGINE / "web") or path.is_relative_to(ENGINE / "tools")
        )
    ]
    assert found == []


# engine/source.py writes functions of plans, and makes them as Falcon makes its router: what is compiled is written by
# the engine, with the values of rules as literals (tests/engine/test_source.py plants texts that would be code).
WRITES_FUNCTIONS = "mimic_rules/engine/source.py"


def test_no_module_evaluates_or_unpickles() -> None:
    found = [
        f"{place(path)}:{hit}"
        for path in files("mimic_rules", suffix=".py")
        for hit in evaluation(text(path))
        if place(path) != WRITES_FUNCTIONS
    ]
    assert found == []


def test_functions_are_made_in_one_place() -> None:
    assert [hit.split(": ")[1] for hit in evaluation(text(ROOT / WRITES_FUNCTIONS))] == ["compile", "exec"]


@pytest.mark.parametrize(
    "planted", ["import lark", "from lark.exceptions import LarkError", "x = importlib.import_module('lark')"]
)
def test_a_planted_parser_is_found(planted: str) -> None:
    assert len(importing(planted, "lark")) == 1
    assert importing("import larkspur\nfrom .lark import x", "lark") == []


@pytest.mark.parametrize(
    "planted",
    [
        "import time",
        "from time import monotonic",
        "import random",
        "from uuid import uuid4",
        "import secrets",
        "x = datetime.datetime.now(tz)",
        "x = date.today()",
        "x = os.urandom(8)",
        "from os import urandom",
    ],
)
def test_planted_real_time_is_found(planted: str) -> None:
    assert len(real_time(planted, may_wait=False)) == 1


def test_waiting_is_all_that_the_web_and_the_tools_may_do() -> None:
    assert real_time("import time\ntime.sleep(1)\ntime.perf_counter()\nfrom time import sleep", may_wait=True) == []
    assert real_time("import time\nx = time.time()", may_wait=True) == ["2: time.time"]
    assert real_time("import time as t", may_wait=True) == ["1: time under another name"]
    assert real_time("from time import time", may_wait=True) == ["1: time.time"]
    assert real_time("from datetime import datetime\nclock.now()", may_wait=False) == []


@pytest.mark.parametrize(
    "planted",
    [
        "import pickle",
        "from shelve import open",
        "import marshal",
        "eval('1')",
        "exec('x = 1')",
        "builtins.eval('1')",
        "compile('1', '', 'eval')",
        "__import__('os')",
        "YAML(typ='unsafe')",
        "lark.Lark(g, cache=True)",
    ],
)
def test_planted_evaluation_is_found(planted: str) -> None:
    assert len(evaluation(planted)) == 1


def test_a_function_of_our_own_is_no_evaluation() -> None:
    assert evaluation("from mimic_rules.compiler import compile\ncompile(program)\nre2.compile('a')") == []


# the shape of files --------------------------------------------------------------------------------------------------


def test_every_module_begins_with_its_licence() -> None:
    line = "# SPDX-License-Identifier: Apache-2.0"
    assert [place(path) for path in PYTHON if text(path).split("\n", 1)[0] != line] == []


def test_every_module_says_what_it_is() -> None:
    assert [place(path) for path in PYTHON if not ast.get_docstring(ast.parse(text(path)))] == []


def test_files_are_short() -> None:
    sizes = {place(path): len(text(path).splitlines()) for path in [*PYTHON, *RULES]}
    assert {name: size for name, size in sizes.items() if size > LONGEST} == {}


def test_names_say_something() -> None:
    vague = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?)(_|$)")
    assert [place(path) for path in files("mimic_rules", suffix=".py") if vague.search(path.stem)] == []


def test_nothing_is_owed_or_silenced() -> None:
    found = [
        f"{place(path)}:{number}: {line.strip()}"
        for path in PYTHON
        for number, line in enumerate(text(path).splitlines(), start=1)
        if OWED.search(line)
    ]
    assert found == []


def test_nothing_names_a_place_on_one_machine() -> None:
    assert [f"{place(path)}: {hit[0]}" for path in TREE for hit in MACHINE.finditer(text(path))] == []


@pytest.mark.parametrize("planted", [f"TO{''}DO later", f"x = 1  # type: {''}ignore[x]", f"pytest.{''}mark.skipif(x)"])
def test_planted_debts_are_found(planted: str) -> None:
    assert OWED.search(planted)


def test_a_planted_path_is_found() -> None:
    assert MACHINE.search(f"see /wor{''}k/main")
    assert not MACHINE.search(f"at https://example.com/wor{''}k/1")


# the command lines ---------------------------------------------------------------------------------------------------


def fenced(markdown: str) -> list[str]:
    """The lines inside the shell fences of a Markdown text."""
    blocks = re.findall(r"^```sh\n(.*?)^```", markdown, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_ci_runs_the_test_line_of_the_readme() -> None:
    lines = [line for line in fenced(text(ROOT / "README.md")) if "tox" in line]
    script = text(ROOT / ".ci" / "run").rstrip().splitlines()
    assert len(lines) == 1
    assert script[-1] == lines[0]
    assert all(line.startswith(("#", "set ", "cd ", "export TOX_QUIET=")) for line in script[:-1])


def test_readme_starts_the_cloud_in_one_line() -> None:
    (line,) = [line for line in fenced(text(ROOT / "README.md")) if line.endswith("mimic-rules serve")]
    assert line.startswith("python3 -m venv ")
