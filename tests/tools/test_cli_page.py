# SPDX-License-Identifier: Apache-2.0
"""docs/cli.md: every shell example does what the page says, and every command is there.

The examples follow on one another in one shell. In what a command prints, `...` stands for anything, at the end of a
line for the rest of it, on a line of its own for all that follows.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mimic_rules.tools.main import COMMANDS, main
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def examples() -> list[tuple[str, str]]:
    """Each command line of the page, and what it prints."""
    blocks = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    found: list[tuple[str, str]] = []
    for line in "".join(blocks).splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line[2:].rstrip("\n"), ""))
        else:
            found[-1] = (found[-1][0], found[-1][1] + line)
    return found


def pattern(printed: str) -> str:
    """What `printed` means, as a regular expression."""
    whole, anything, _ = printed.partition("\n...\n")
    return re.escape(whole).replace(re.escape("..."), ".*") + (r"\n(?s:.*)" if anything else "")


def test_every_example_does_what_the_page_says(tmp_path: Path) -> None:
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["sh"],
        input="".join(f"{command}\nprintf '\\000'\n" for command, _ in examples()),
        cwd=tmp_path,
        env=environ,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=600,  # the page starts the program some sixty times, on a machine that may be busy
    )
    outputs = done.stdout.split("\0")
    for (command, printed), output in zip(examples(), outputs, strict=False):
        assert re.fullmatch(pattern(printed), output), f"$ {command}\n{output}"
    assert outputs[len(examples()) :] == [""]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_on_the_page(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, heading, rest = PAGE.partition(f"## mimic-rules {name}\n")
    section = rest.partition("\n## ")[0]
    assert heading, f"no section on {name}"
    main([name, "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert {option for option in options if option not in section} == set()
    assert [command for command, _ in examples() if re.search(rf"\bmimic-rules {name}\b", command)]


def test_what_the_dots_mean() -> None:
    assert re.fullmatch(pattern("a...\nb\n"), "a1.0\nb\n")
    assert not re.fullmatch(pattern("a...\nb\n"), "a1.0\nc\nb\n")
    assert re.fullmatch(pattern("a\n...\n"), "a\nb\nc\n")
    assert not re.fullmatch(pattern("a+\n"), "aa\n")
