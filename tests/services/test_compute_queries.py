# SPDX-License-Identifier: Apache-2.0
"""Which query parameters what is read takes, by version: unknown ones are passed over first, and refused later."""

import pytest

from tests.services.callers import CIRROS, Caller

STRICT = [
    ("/flavors", "2.75"),
    ("/limits", "2.75"),
    ("/os-keypairs", "2.75"),
    ("/os-quota-sets/{project}", "2.75"),
    ("/os-server-groups", "2.75"),
    ("/os-services", "2.75"),
    ("/os-simple-tenant-usage", "2.75"),
    ("/servers/{server}/os-volume_attachments", "2.75"),
    ("/os-hypervisors", "2.53"),
    ("/os-migrations", "2.59"),
    ("/servers/{server}/os-instance-actions", "2.58"),
    ("/servers/{server}", "2.102"),
    ("/servers/{server}/ips", "2.102"),
    ("/servers/{server}/metadata", "2.102"),
    ("/servers/{server}/os-interface", "2.102"),
    ("/flavors/1", "2.102"),
    ("/flavors/1/os-extra_specs", "2.102"),
    ("/os-aggregates", "2.102"),
    ("/os-availability-zone", "2.102"),
    ("/extensions", "2.102"),
]


@pytest.fixture
def server(admin: Caller) -> str:
    return admin.up()


@pytest.mark.parametrize(("path", "since"), STRICT)
def test_from_some_version_on_nothing_else_is_taken(admin: Caller, server: str, path: str, since: str) -> None:
    path = path.format(server=server, project=admin.project)
    before = f"2.{int(since.partition('.')[2]) - 1}"
    assert admin.ask("GET", path, version=since).status == 200
    assert admin.ask("GET", f"{path}?nonsense=1", version=before).status == 200
    answer = admin.ask("GET", f"{path}?nonsense=1", version=since)
    assert answer.status == 400
    expected = "Additional properties are not allowed ('nonsense' was unexpected)"
    assert answer.json["badRequest"]["message"] == expected


@pytest.mark.parametrize("path", ["/servers/{server}/tags", "/", "/servers?_dc=1"])
def test_some_take_anything_for_ever(admin: Caller, server: str, path: str) -> None:
    path = path.format(server=server)
    path += "" if "?" in path else "?nonsense=1"
    assert admin.ask("GET", path, version="2.104").status == 200


@pytest.mark.parametrize(
    ("query", "version"),
    [
        ("/flavors?sort_key=colour", "2.1"),
        ("/flavors?sort_dir=up", "2.1"),
        ("/flavors?limit=-1", "2.1"),
        ("/os-hypervisors?limit=x", "2.33"),
        ("/os-hypervisors?with_servers=perhaps", "2.53"),
        ("/os-hypervisors?hypervisor_hostname_pattern=a*b", "2.53"),
        ("/os-keypairs?limit=x", "2.35"),
        ("/os-server-groups?offset=-1", "2.1"),
        ("/os-migrations?limit=x", "2.59"),
        ("/os-migrations?changes-before=2030-01-01T00:00:00Z", "2.65"),
        ("/os-migrations?user_id=x", "2.79"),
        ("/os-simple-tenant-usage?limit=x", "2.40"),
        ("/images?offset=0", "2.35"),
        ("/os-security-groups?limit=x", "2.35"),
    ],
)
def test_values_are_of_their_form(admin: Caller, query: str, version: str) -> None:
    assert admin.ask("GET", query, version=version).status == 400
    fits = query.replace("colour", "name").replace("=up", "=asc").replace("perhaps", "yes").replace("a*b", "compute")
    fits = fits.replace("=-1", "=0").replace("limit=x", "limit=1").replace("offset=0", "offset=1")
    if fits != query:
        assert admin.ask("GET", fits, version=version).status == 200
    assert admin.ask("GET", f"/images/{CIRROS}", version="2.35").status == 200
