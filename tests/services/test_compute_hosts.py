# SPDX-License-Identifier: Apache-2.0
"""Services, hypervisors and hosts, which administrators of a strict cloud look at, over a real socket."""

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import NOBODY, login, refusal


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("/os-services", None),
        ("/os-hypervisors", None),
        ("/os-hypervisors/detail", "2.104"),
        ("/os-hypervisors/statistics", None),
        ("/os-hypervisors/1", None),
        ("/os-hypervisors/1/uptime", None),
        ("/os-hypervisors/compute/search", None),
        ("/os-hypervisors/compute/servers", None),
        ("/os-hosts", None),
        ("/os-hosts/compute-1", None),
        ("/os-hosts/compute-1/reboot", None),
    ],
)
def test_they_are_for_administrators(strict: RunningCloud, path: str, version: str | None) -> None:
    said = refusal(login(strict).ask("GET", path, version=version), 403, "forbidden")
    assert said.startswith("Policy doesn't allow os_compute_api:os-")


def test_servers_are_on_the_host_that_is_listed(strict: RunningCloud) -> None:
    admin = login(strict, user="admin")
    server = admin.create()
    strict.advance(60)
    name = admin.show(server)["OS-EXT-SRV-ATTR:hypervisor_hostname"]
    assert [one["hypervisor_hostname"] for one in admin.ask("GET", "/os-hypervisors").json["hypervisors"]] == [
        name,
        "compute-2",
    ]
    assert name in [one["host_name"] for one in admin.ask("GET", "/os-hosts?zone=nova").json["hosts"]]


def test_a_hypervisor_is_shown_as_each_version_has_it(strict: RunningCloud) -> None:
    admin = login(strict, user="admin")
    first = admin.ask("GET", "/os-hypervisors/1").json["hypervisor"]
    assert (first["id"], type(first["cpu_info"]), first["service"]["id"]) == (1, str, 3)
    uuid = admin.ask("GET", "/os-hypervisors", version="2.53").json["hypervisors"][0]["id"]
    middle = admin.ask("GET", f"/os-hypervisors/{uuid}", version="2.53").json["hypervisor"]
    assert (middle["id"], middle["cpu_info"]["arch"]) == (uuid, "x86_64")
    last = admin.ask("GET", f"/os-hypervisors/{uuid}", version="2.88").json["hypervisor"]
    assert set(middle) - set(last) >= {"vcpus", "memory_mb", "running_vms", "cpu_info"}
    assert "load average" in last["uptime"]
    assert admin.ask("GET", "/os-hypervisors/statistics", version="2.87").json["hypervisor_statistics"]["count"] == 2


@pytest.mark.parametrize(
    ("path", "version", "status", "fault", "words"),
    [
        ("/os-hypervisors/9", None, 404, "itemNotFound", "Hypervisor with ID '9' could not be found."),
        ("/os-hypervisors/1", "2.53", 400, "badRequest", "Invalid uuid 1"),
        (f"/os-hypervisors/{NOBODY}", "2.53", 404, "itemNotFound", "could not be found"),
        ("/os-hypervisors/moon/search", None, 404, "itemNotFound", "No hypervisor matching 'moon' could be found."),
        (
            "/os-hypervisors?hypervisor_hostname_pattern=moon",
            "2.53",
            404,
            "itemNotFound",
            "No hypervisor matching 'moon'",
        ),
        ("/os-hosts/moon", None, 404, "itemNotFound", "Compute host moon could not be found."),
        ("/os-hosts/compute-1/reboot", None, 501, "notImplemented", "Virt driver does not implement"),
    ],
)
def test_what_is_not_there_is_refused(
    strict: RunningCloud, path: str, version: str | None, status: int, fault: str, words: str
) -> None:
    assert words in refusal(login(strict, user="admin").ask("GET", path, version=version), status, fault)


@pytest.mark.parametrize(
    ("path", "version"),
    [("/os-hosts", "2.43"), ("/os-hypervisors/x/search", "2.53"), ("/os-hypervisors/statistics", "2.88")],
)
def test_what_is_no_more_is_not_found(strict: RunningCloud, path: str, version: str) -> None:
    assert login(strict, user="admin").ask("GET", path, version=version).status in (400, 404)


def test_a_service_is_disabled_and_enabled(strict: RunningCloud) -> None:
    admin = login(strict, user="admin")
    which = {"host": "compute-1", "binary": "nova-compute"}
    off = admin.ask("PUT", "/os-services/disable-log-reason", {**which, "disabled_reason": "paint"})
    assert off.json["service"] == {**which, "status": "disabled", "disabled_reason": "paint"}
    shown = admin.ask("GET", "/os-services?binary=nova-compute", version="2.53").json["services"][0]
    assert (shown["status"], shown["disabled_reason"], shown["forced_down"]) == ("disabled", "paint", False)
    assert admin.ask("GET", "/os-hypervisors").json["hypervisors"][0]["status"] == "disabled"
    on = admin.ask("PUT", f"/os-services/{shown['id']}", {"status": "enabled"}, version="2.53").json["service"]
    assert (on["status"], on["disabled_reason"]) == ("enabled", None)
    down = admin.ask("PUT", "/os-services/force-down", {**which, "forced_down": True}, version="2.11")
    assert down.json["service"] == {**which, "forced_down": True}
    assert admin.ask("GET", "/os-hypervisors").json["hypervisors"][0]["state"] == "down"
    assert admin.ask("PUT", f"/os-services/{shown['id']}", {"forced_down": "no"}, version="2.53").status == 200
    missing = admin.ask("PUT", "/os-services/enable", {**which, "host": "moon"})
    assert refusal(missing, 404, "itemNotFound") == "Could not find binary nova-compute on host moon."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "No updates were requested."),
        ({"disabled_reason": "x"}, "No updates were requested."),
        ({"status": "enabled", "disabled_reason": "x"}, "requires that status is 'disabled'"),
        ({"forced_down": "perhaps"}, "Invalid input for field/attribute forced_down."),
        ({"status": "away"}, "Invalid input for field/attribute status."),
    ],
)
def test_a_change_of_a_service_that_is_wrong(strict: RunningCloud, change: dict[str, str], words: str) -> None:
    admin = login(strict, user="admin")
    service = admin.ask("GET", "/os-services?host=compute-1", version="2.53").json["services"][0]["id"]
    answer = admin.ask("PUT", f"/os-services/{service}", change, version="2.53")
    assert words in refusal(answer, 400, "badRequest")
