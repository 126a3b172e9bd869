# SPDX-License-Identifier: Apache-2.0
"""docs/wire.md, metrics.md and control-api.md: their programs and exchanges run against a cloud over a real socket."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from mimic_rules.web.control.api import ENDPOINTS
from mimic_rules.web.control.endpoint import Endpoint
from tests.cloud import RunningCloud
from tests.conftest import ROOT
from tests.docs.examples import Block, blocks
from tests.docs.exchanges import steps
from tests.services.wire import differences

Start = Callable[..., RunningCloud]

ADDRESS = "http://127.0.0.1:8900"


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def of(name: str, *info: str) -> list[Block]:
    found = [block for block in blocks(page(name)) if block.info == info]
    assert found
    return found


def rows(name: str, first: str) -> Iterator[list[str]]:
    """The cells of the table whose first column is called `first`."""
    table = page(name).partition(f"\n| {first} |")[2].partition("\n\n")[0]
    for line in table.splitlines()[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def run(name: str, cloud: RunningCloud) -> None:
    for block in of(name, "python"):
        code = "\n" * (block.line - 1) + block.text.replace(ADDRESS, cloud.url)
        exec(compile(code, f"docs/{name}", "exec"), {})


def test_answers_get_lost_as_the_page_says(running_cloud: Start) -> None:
    (rules,) = of("wire.md", "rules")
    run("wire.md", running_cloud(rules.text))


def test_the_programs_of_the_metrics_page_run(running_cloud: Start) -> None:
    run("metrics.md", running_cloud())


def test_every_metric_is_on_the_page_with_its_kind_and_labels(running_cloud: Start) -> None:
    cloud = running_cloud("on any when true then delay 1ms\n")
    cloud.ask("GET", "/identity/v3")
    served = {}
    for family in text_string_to_metric_families(cloud.ask("GET", "/_mimic/metrics").body.decode()):
        for sample in family.samples:
            served[sample.name] = (family.type, set(sample.labels))
    told = {
        metric.strip("`"): (kind, set(re.findall(r"`(\w+)`", labels)))
        for metric, kind, labels, _ in rows("metrics.md", "metric")
    }
    assert told == served


def test_every_key_of_a_logged_request_is_on_the_page(running_cloud: Start) -> None:
    cloud = running_cloud(log_format="json")
    cloud.ask("GET", "/identity/v3")
    cloud.stop()
    (line,) = cloud.said().splitlines()
    section = page("metrics.md").partition("## Logs")[2]
    told = {key for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for key in re.findall(r"`(\w+)`", row)}
    assert set(json.loads(line)) == told - {"exception"}


def test_the_exchanges_of_the_control_page_are_so(running_cloud: Start) -> None:
    cloud = running_cloud()
    for block in of("control-api.md", "text", "exchange"):
        assert differences(cloud, steps(block.text, block.line)) == []


@pytest.mark.parametrize("call", ENDPOINTS, ids=lambda call: f"{call.method} {call.path}")
def test_every_call_is_on_the_control_page(call: Endpoint) -> None:
    told = {cells[0].strip("`"): cells[1].split(", ") for cells in rows("control-api.md", "path")}
    assert call.method in told[re.sub(r":\w+}", "}", call.path)]
