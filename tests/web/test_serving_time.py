# SPDX-License-Identifier: Apache-2.0
"""Time over a real socket, asked for with a real client, also by many at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.cloud import RunningCloud, cloud
from tests.services.callers import login

RULES = """
service kilns "Kilns" { mount /kilns  errors { fault, message }  fault else refused }
for kilns
resource kiln in world { id sequence  made_at time = now  status lifecycle }
lifecycle of kiln.status {
  state COLD
  state WARM
  state HOT
  start COLD
  COLD -> WARM after 1h
  WARM -> HOT  after 1h
}
view kiln.full { id  status  made_at: iso(made_at) }
operation create kiln POST /kilns { create kiln {}  answer 201 kiln as full }
operation show kiln GET /kilns/{id} { answer 200 self as full }
"""
HOUR = 3600.0


@pytest.fixture(scope="module")
def kilns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    config = {"clock": {"start": "2030-01-01T00:00:00Z", "mode": "frozen"}}
    with cloud(tmp_path_factory.mktemp("kilns"), rules_text=RULES, config=config) as started:
        yield started


def post(cloud: RunningCloud, path: str, **wish: object) -> Any:
    answer = requests.post(cloud.url + path, json=wish, timeout=20)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def status(cloud: RunningCloud, kiln: int) -> str:
    return str(requests.get(f"{cloud.url}/kilns/kilns/{kiln}", timeout=20).json()["status"])


def test_until_quiet_and_what_happened(kilns: RunningCloud) -> None:
    kiln = post(kilns, "/kilns/kilns")["id"]
    before = post(kilns, "/_mimic/clock", advance=0)["now"]
    told = post(kilns, "/_mimic/clock", until="quiet")
    assert (told["quiet"], told["fired"], told["pending"], told["now"]) == (True, 2, [], before + 2 * HOUR)
    assert [(one["key"], one["at"] - before, one["from"], one["to"]) for one in told["events"]] == [
        (kiln, HOUR, "COLD", "WARM"),
        (kiln, 2 * HOUR, "WARM", "HOT"),
    ]
    assert status(kilns, kiln) == "HOT"


def test_each_third_look_of_any_thread_moves_a_record_once(kilns: RunningCloud) -> None:
    kiln = post(kilns, "/kilns/kilns")["id"]
    before = post(kilns, "/_mimic/clock", poll=3)["now"]
    with ThreadPoolExecutor(8) as threads:
        seen = sorted(threads.map(lambda _: status(kilns, kiln), range(24)))
    assert seen == sorted(["COLD"] * 2 + ["WARM"] * 3 + ["HOT"] * 19)
    assert post(kilns, "/_mimic/clock", poll=None)["now"] == before + 2 * HOUR


def test_a_record_ages_alone(kilns: RunningCloud) -> None:
    first, second = (post(kilns, "/kilns/kilns")["id"] for _ in range(2))
    told = post(kilns, "/_mimic/age", kind="kilns.kiln", key=first, by="90m")
    assert (told["fired"], told["states"]) == (1, {"status": "WARM"})
    assert (status(kilns, first), status(kilns, second)) == ("WARM", "COLD")


def test_flags_of_tenants(kilns: RunningCloud) -> None:
    tenants = requests.get(f"{kilns.url}/_mimic/tenants", timeout=20).json()
    assert tenants["kind"] == "identity.project"
    (demo,) = [one for one in tenants["tenants"] if one["names"] == ["demo"]]
    assert demo["flags"] == {"enabled": True, "suspended": False, "closed": False}
    caller = login(kilns)
    assert caller.ask("GET", "/servers").status == 200
    for name in ("demo", demo["key"]):
        url = f"{kilns.url}/_mimic/tenants/{name}"
        answer = requests.patch(url, json={"suspended": True}, timeout=20)
        assert answer.json() == {**demo, "flags": {"enabled": True, "suspended": True, "closed": False}}
        assert caller.ask("GET", "/servers").status == 403
        assert requests.patch(url, json={"suspended": False}, timeout=20).json() == demo
        assert caller.ask("GET", "/servers").status == 200
    missing = requests.patch(f"{kilns.url}/_mimic/tenants/nobody-yet", json={"suspended": True}, timeout=20)
    assert missing.status_code == 404
    assert "has a record yet" in missing.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/_mimic/clock", b'{"until": "never"}'),
        ("/_mimic/clock", b'{"advance": NaN}'),
        ("/_mimic/clock", b'{"poll": -Infinity}'),
        ("/_mimic/clock", b'{"until": "quiet", "within": 1e999}'),
        ("/_mimic/age", b'{"kind": "kilns.kiln", "key": 1, "by": -1}'),
        ("/_mimic/age", b'{"kind": "kilns.kiln", "key": 1, "by": Infinity}'),
        ("/_mimic/age", b"[]"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(kilns: RunningCloud, path: str, body: bytes) -> None:
    before = requests.get(f"{kilns.url}/_mimic/clock", timeout=20).json()
    answer = requests.post(kilns.url + path, data=body, headers={"Content-Type": "application/json"}, timeout=20)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]
    assert requests.get(f"{kilns.url}/_mimic/clock", timeout=20).json() == before
