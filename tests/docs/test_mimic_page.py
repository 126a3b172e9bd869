# SPDX-License-Identifier: Apache-2.0
"""docs/mimic.md: what it says to start with starts, its programs run, and every test that it names is there."""

import re
import shlex
from collections.abc import Callable
from functools import cache

import pytest

from tests.cloud import RunningCloud
from tests.conftest import ROOT
from tests.docs.examples import blocks

PAGE = "docs/mimic.md"
ADDRESS = "http://127.0.0.1:8900"
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
BLOCKS = list(blocks(TEXT))
NAMED = sorted(set(re.findall(r"(test_\w+\.py)::(test_\w+)", TEXT)))

Start = Callable[..., RunningCloud]


def texts(kind: str) -> list[str]:
    return [block.text for block in BLOCKS if block.info == (kind,)]


def test_there_is_nothing_on_the_page_that_is_not_run() -> None:
    assert {block.info for block in BLOCKS} == {("yaml",), ("sh",), ("python",)}


@pytest.fixture
def flags() -> list[dict[str, str]]:
    """The flags of each line that starts a cloud."""
    lines = [shlex.split(line) for text in texts("sh") for line in text.splitlines()]
    assert {tuple(line[:2]) for line in lines} == {("mimic-rules", "serve")}
    pairs = [zip(line[2::2], line[3::2], strict=True) for line in lines]
    return [{name.removeprefix("--").replace("-", "_"): value for name, value in one} for one in pairs]


def test_both_ways_to_start_make_mimic(running_cloud: Start, flags: list[dict[str, str]]) -> None:
    (config,) = texts("yaml")
    with_file, without = flags
    assert with_file == {}
    for cloud, elsewhere in ((running_cloud(config=config), {"cloudFeeds"}), (running_cloud(**without), set())):
        assert cloud.ask("GET", "/_mimic/clock").json["iso"] == "1970-01-01T00:00:00.000000Z"
        auth = {"passwordCredentials": {"username": "ann", "password": "any"}, "tenantId": "123456"}
        catalog = cloud.ask("POST", "/identity/v2.0/tokens", {"auth": auth}).json["access"]["serviceCatalog"]
        assert {entry["name"] for entry in catalog if entry["type"].startswith("rax:")} - elsewhere == {
            "cloudLoadBalancers",
            "cloudLoadBalancerControl",
        }
        (servers,) = [entry["endpoints"] for entry in catalog if entry["name"] == "cloudServersOpenStack"]
        assert [one["publicURL"] for one in servers] == [
            f"{cloud.url}/mimicking/cloudServersOpenStack/{region}/v2/123456" for region in ("ORD", "DFW", "IAD")
        ]
        assert elsewhere <= {entry["name"] for entry in catalog}


def test_the_programs_run_one_after_the_other(running_cloud: Start) -> None:
    cloud = running_cloud()
    names: dict[str, object] = {}
    for block in BLOCKS:
        if block.info == ("python",):
            # So many lines down that a failure shows the line of the page.
            text = "\n" * (block.line - 1) + block.text.replace(ADDRESS, cloud.url)
            exec(compile(text, PAGE, "exec"), names)


@cache
def functions(name: str) -> frozenset[str]:
    """The tests in the file of that name."""
    (path,) = (ROOT / "tests").rglob(name)
    return frozenset(re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_test_that_is_named_is_there() -> None:
    assert len(NAMED) > 50
    assert [f"{file}::{function}" for file, function in NAMED if function not in functions(file)] == []


def test_every_row_names_a_test_or_says_what_differs() -> None:
    rows = TEXT.partition("## Row by row")[2]
    cells = [line.strip("| ").split(" | ") for line in rows.splitlines() if line.startswith("| ")]
    bare = [row for row in cells if "::" not in row[-1] and not re.search(r"\w{3,} \w+", row[-1])]
    assert [row for row in bare if row != ["what Mimic has", "shown by"]] == []
