# SPDX-License-Identifier: Apache-2.0
"""What an administrator does with the servers of other projects, over a real socket, in a strict cloud."""

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import Caller, login, refusal


@pytest.fixture
def theirs(strict: RunningCloud) -> tuple[Caller, Caller, str]:
    """An administrator, a member of another project, and the member's server, which is built."""
    admin, member = login(strict, user="admin"), login(strict)
    assert admin.project != member.project
    server = member.create("theirs")
    strict.advance(60)
    return admin, member, server


def test_an_administrator_lists_the_servers_of_all_projects(theirs: tuple[Caller, Caller, str]) -> None:
    admin, member, server = theirs
    own = admin.create("own")
    assert own in admin.ids()
    assert server not in admin.ids()
    assert {own, server} <= set(admin.ids("?all_tenants=1"))
    shown = admin.ask("GET", "/servers/detail?all_tenants=True").json["servers"]
    projects = {one["id"]: one["tenant_id"] for one in shown}
    assert (projects[own], projects[server]) == (admin.project, member.project)
    assert server not in admin.ids(f"?tenant_id={member.project}&all_tenants=0")
    assert server in admin.ids(f"?tenant_id={member.project}&all_tenants")
    assert own not in admin.ids(f"?all_tenants=1&project_id={member.project}")


def test_a_member_lists_none_but_the_own(theirs: tuple[Caller, Caller, str]) -> None:
    admin, member, _ = theirs
    own = admin.create("hers")
    assert member.ask("GET", f"/servers/{own}").status == 404
    assert refusal(member.ask("GET", "/servers?all_tenants=1"), 403, "forbidden")
    assert own not in member.ids(f"?tenant_id={admin.project}")


def test_an_administrator_changes_the_server_of_another(theirs: tuple[Caller, Caller, str]) -> None:
    admin, member, server = theirs
    assert admin.ask("PUT", f"/servers/{server}", {"server": {"name": "renamed"}}).status == 200
    assert member.show(server)["name"] == "renamed"
    assert admin.act(server, "os-resetState", {"state": "error"}).status == 202
    assert member.show(server)["status"] == "ERROR"
    assert admin.ask("DELETE", f"/servers/{server}").status == 204
    assert member.ask("GET", f"/servers/{server}").status == 404
