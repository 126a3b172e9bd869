# SPDX-License-Identifier: Apache-2.0
"""A cloud that can't be started says all that is wrong, with places and with what to do, and leaves nothing behind.

The same files are given to `mimic-rules serve` and to gunicorn; both must end, and neither may have listened.
"""

import re
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cloud import launch

BROKEN_RULES = """\
for compute.server
when metadata.failure == 'a' then status stays BUILDING
when metadta.failure == 'b' then status stays BUILD
on crate then respond 503
on create when metadata.n > then respond 503
for compute.sever
on create then respond 503
for compute
rule odd on create server then respond 99
"""
IN_RULES = [f"team.rules:{place}" for place in ("2:48", "3:6", "4:4", "5:29", "6:13", "9:40")]

BROKEN_CONFIG = """\
threads: lots
regionss: [A]
clock:
  mode: stopped
quotas:
  instances: many
"""
IN_CONFIG = [f"mimic.yaml:{place}" for place in ("1:10", "2:1", "4:9", "6:14")]


@pytest.fixture
def port() -> Iterator[int]:
    """A port that is free, for a process that shall not take it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        number: int = found.getsockname()[1]
    yield number
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", number)) != 0


def ended(folder: Path, gunicorn: Sequence[str] | None = None, **how: Any) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a start that comes to nothing."""
    process, errors = launch(folder, gunicorn=gunicorn, **how)
    output, _ = process.communicate(timeout=60)
    return process.returncode, output, errors.read_text(encoding="utf-8")


def problems(said: str) -> dict[str, str]:
    """What is said of each place: the whole block, from its first line to the one before the next."""
    parts = re.split(r"^(?=\S+:\d+:\d+: (?:error|warning) MR\d+)", said, flags=re.MULTILINE)
    return {part.split(": ", 1)[0]: part for part in parts if re.match(r"\S+:\d+:\d+: ", part)}


def well_said(said: str, places: Sequence[str]) -> None:
    """All these places are named, each with a code, the line that is meant and with what to do about it."""
    found = problems(said)
    assert set(places) <= set(found), said
    assert "Traceback" not in said
    for place in places:
        assert re.match(rf"{re.escape(place)}: error MR\d{{3}}: \S", found[place])
        assert "^" in found[place], found[place]
        # where a value is wrong, the line itself says which ones are right
        assert re.search(r"^  help: ", found[place], re.MULTILINE), found[place]


def test_serve_ends_with_every_problem_of_the_rules(tmp_path: Path, port: int) -> None:
    code, output, said = ended(tmp_path, rules_text=BROKEN_RULES, port=port)
    assert (code, output) == (1, "")
    well_said(said, IN_RULES)


def test_serve_ends_with_every_problem_of_the_configuration(tmp_path: Path, port: int) -> None:
    code, output, said = ended(tmp_path, config=BROKEN_CONFIG, port=port)
    assert (code, output) == (1, "")
    well_said(said, IN_CONFIG)


def test_gunicorn_ends_with_every_problem_of_both(tmp_path: Path, port: int) -> None:
    gunicorn = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    code, output, said = ended(tmp_path, gunicorn, rules_text=BROKEN_RULES, config=BROKEN_CONFIG)
    assert code != 0
    assert output == ""
    well_said(said, [*IN_RULES, "mimic.yaml:1:10"])


def test_a_file_that_is_not_there_is_said(tmp_path: Path, port: int) -> None:
    code, _, said = ended(tmp_path, config={"rules": ["gone.rules"]}, port=port)
    assert code == 1
    assert "gone.rules" in said
    assert "Traceback" not in said
