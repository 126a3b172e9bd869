# SPDX-License-Identifier: Apache-2.0
"""What a user gets: the installed wheel, an empty folder, one file of rules, and gunicorn's own command.

Nothing but HTTP is spoken, and nothing of this tree is seen by the process that answers.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.conftest import BUILD_FOREVER
from tests.cloud import RunningCloud, cloud
from tests.services.callers import login, until

RULED = "x-mimic-rule"


@pytest.fixture(scope="module")
def installed(installed_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """`MIMIC_RULES=team.rules gunicorn mimic_rules.wsgi`, run where there is nothing but team.rules."""
    before = time.monotonic()
    with cloud(
        tmp_path_factory.mktemp("empty"),
        rules_text=BUILD_FOREVER,
        python=installed_wheel / "bin" / "python",
        gunicorn=["--worker-class", "gthread", "--threads", "8"],
    ) as started:
        health = started.ask("GET", "/_mimic/health").json
        assert {"identity", "compute"} <= set(health["services"])
        assert health["rules"]["team"] == 1
        # What it takes on a machine that does nothing else is measured by the benchmark.
        assert time.monotonic() - before < 15
        yield started


def test_a_server_builds_for_ever_over_http_alone(installed: RunningCloud) -> None:
    caller = login(installed, "forever")
    stuck = caller.create("stuck", metadata={"failure": "build_forever"})
    well = caller.create("well")

    installed.advance("30d")

    expired = caller.ask("GET", f"/servers/{stuck}")
    assert (expired.status, expired.json["error"]["title"]) == (401, "Unauthorized")
    caller = login(installed, "forever")
    shown = caller.ask("GET", f"/servers/{stuck}")
    assert (shown.json["server"]["status"], shown.headers[RULED]) == ("BUILD", "team.rules:2")
    other = caller.ask("GET", f"/servers/{well}")
    assert (other.json["server"]["status"], RULED in other.headers) == ("ACTIVE", False)

    assert caller.ask("DELETE", f"/servers/{stuck}").status == 204
    assert caller.ask("GET", f"/servers/{stuck}").status == 404
    assert caller.ids() == [well]


def test_a_server_lives_in_real_time(installed: RunningCloud) -> None:
    caller = login(installed, "life")
    server = caller.create()
    until(lambda: caller.show(server)["status"] == "ACTIVE")
    assert caller.act(server, "os-stop").status == 202
    until(lambda: caller.show(server)["status"] == "SHUTOFF")
    assert caller.ask("DELETE", f"/servers/{server}").status == 204
    assert caller.ids() == []
