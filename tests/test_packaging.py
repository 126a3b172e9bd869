# SPDX-License-Identifier: Apache-2.0
"""What a user installs is whole: the wheel carries every package, the grammar, the rules, and runs outside the tree.

The wheel comes from the fixtures of conftest.py; it is the only place where the tests see the program as installed,
elsewhere they see the tree itself.
"""

import configparser
import json
import subprocess
import zipfile
from pathlib import Path


def packages_of_the_tree(root: Path) -> set[str]:
    """Dotted names of all packages, as they are installed."""
    inner = {".".join(path.parent.relative_to(root).parts) for path in (root / "mimic_rules").rglob("__init__.py")}
    return inner | {"mimic_rules.grammar", "mimic_rules.rules"}


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def ask(python: Path, expression: str) -> object:
    """The value of `expression` in that Python, run outside the tree; `files` is importlib.resources.files."""
    program = f"import json; from importlib.resources import files; print(json.dumps({expression}))"
    done = subprocess.run([python, "-c", program], cwd="/", text=True, capture_output=True, check=True)
    return json.loads(done.stdout)


def test_setup_cfg_lists_every_package(root: Path) -> None:
    config = configparser.ConfigParser(interpolation=None)
    config.read(root / "setup.cfg", encoding="utf-8")
    assert set(config["options"]["packages"].split()) == packages_of_the_tree(root)


def test_pyproject_names_only_the_build_system(root: Path) -> None:
    lines = (root / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    assert lines[0] == "[build-system]"


def test_wheel_carries_every_module(root: Path, wheel: Path) -> None:
    tree = root / "mimic_rules"
    modules = {path.relative_to(root).as_posix() for path in tree.rglob("*.py")}
    assert modules <= names_in(wheel)
    assert "mimic_rules/py.typed" in names_in(wheel)


def test_wheel_carries_grammar_and_rules(root: Path, wheel: Path) -> None:
    """Each file of the two folders, and nothing else from there; a new kind of file needs a line in setup.cfg."""
    expected = {
        f"mimic_rules/{path.relative_to(root).as_posix()}"
        for folder in ("grammar", "rules")
        for path in (root / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "mimic_rules/grammar/rules.lark" in expected
    assert {name for name in names_in(wheel) if name.split("/")[1] in {"grammar", "rules"}} == expected


def test_wheel_brings_nothing_but_its_own_package(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in names_in(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"mimic_rules"}


def test_installed_grammar_and_rules_are_found(root: Path, installed_wheel: Path) -> None:
    python = installed_wheel / "bin" / "python"
    grammar = ask(python, "(files('mimic_rules.grammar') / 'rules.lark').read_text(encoding='utf-8')")
    assert grammar == (root / "grammar" / "rules.lark").read_text(encoding="utf-8")
    folders = ask(python, "sorted(e.name for e in files('mimic_rules.rules').iterdir() if e.is_dir())")
    assert isinstance(folders, list)
    assert {path.parent.name for path in (root / "rules").glob("*/*.rules")} <= set(folders)


def test_installed_package_is_not_the_tree(root: Path, installed_wheel: Path) -> None:
    """Without this, the tests above could look at the tree and say nothing of the wheel."""
    where = ask(installed_wheel / "bin" / "python", "str(files('mimic_rules'))")
    assert isinstance(where, str)
    assert Path(where).is_relative_to(installed_wheel)
    assert not Path(where).is_relative_to(root)


def test_installed_program_is_there(installed_wheel: Path) -> None:
    done = subprocess.run(
        [installed_wheel / "bin" / "mimic-rules", "version"], cwd="/", text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    version = ask(installed_wheel / "bin" / "python", "__import__('mimic_rules').__version__")
    assert str(version) in done.stdout
