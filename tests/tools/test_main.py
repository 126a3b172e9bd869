# SPDX-License-Identifier: Apache-2.0
"""The command line as a whole: help, wrong arguments, exit codes, and that nothing is loaded before it is needed."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

import mimic_rules
from mimic_rules.tools import main as command_line
from mimic_rules.tools import version
from mimic_rules.tools.main import COMMANDS, load, main

HELP = """\
usage: mimic-rules COMMAND [OPTION ...]

Clouds to test against: services and their misbehaviour are rules in text, and this runs them.

commands:
  serve    start the cloud
  lint     check rules files, and the configuration
  test     run the examples in rules files
  faults   list the faults that rules can summon
  explain  say what a request would be answered, and why
  compile  print the tables that rules become, as YAML
  init     write a configuration and a first rules file
  config   print the effective configuration, and where each value comes from
  version  print the versions of the program, the rule language and Python

options:
  -h, --help  show this help message and exit

`mimic-rules COMMAND --help` says more of one. Exit codes: 0 well, 1 found something, 2 could not run.
"""


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([flag]) == 0
    assert capsys.readouterr() == (HELP, "")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "name a command: serve, lint, test, faults, explain, compile, init, config, version"),
        (["lnt"], "there is no command `lnt`; did you mean `lint`?"),
        (
            ["deploy"],
            "there is no command `deploy`; "
            "there are serve, lint, test, faults, explain, compile, init, config, version",
        ),
        (["--strict", "lint"], "options come after the command: `mimic-rules lint --strict`"),
    ],
)
def test_wrong_commands(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", f"usage: mimic-rules COMMAND [OPTION ...]\nmimic-rules: error: {reason}\n")


def test_wrong_options_are_the_command_s_own_matter(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version", "--long"]) == 2
    out, error = capsys.readouterr()
    assert (out, error.splitlines()[-1]) == ("", "mimic-rules version: error: unrecognized arguments: --long")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_module_of_its_name_and_says_what_it_is(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert vars(load(name))["__name__"] == f"mimic_rules.tools.{name}"
    assert main([name, "--help"]) == 0
    usage, _, rest = capsys.readouterr().out.partition("\n\n")
    assert usage.startswith(f"usage: mimic-rules {name} [-h]")
    assert rest[0].isupper()


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version"]) == 0
    expected = f"mimic-rules {mimic_rules.__version__}\nlanguage 1\npython {platform.python_version()}\n"
    assert capsys.readouterr() == (expected, "")


def test_arguments_are_the_process_s_own_by_default(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mimic-rules", "version"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("mimic-rules ")


def test_an_interrupt_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(version, "run", interrupted)
    assert main(["version"]) == 130


def test_a_reader_that_leaves_is_no_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as gone:
        done = subprocess.run(
            [sys.executable, "-m", "mimic_rules.tools.main", "version"],
            stdout=gone,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, b"")


def test_a_letter_that_the_terminal_lacks_is_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", command_line.__name__, "init", "bü"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.stdout == b"wrote b\\xfc/mimic.yaml\nwrote b\\xfc/team.rules\n"
    assert done.returncode == 0


def test_only_what_a_command_needs_is_loaded() -> None:
    """The other commands' modules, the parser and YAML would each make every start slower."""
    program = (
        "import json, sys; from mimic_rules.tools.main import main; main(['version']); "
        "print(json.dumps(list(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert {name for name in loaded if name.startswith("mimic_rules.tools.")} == {
        "mimic_rules.tools.main",
        "mimic_rules.tools.version",
    }
    assert not {"lark", "falcon", "ruamel.yaml", "gunicorn", "importlib.resources"} & loaded
