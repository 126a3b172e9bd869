# SPDX-License-Identifier: Apache-2.0
"""What projects have used, audits of it, quota classes, and what other services tell Compute, over a real socket."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.services.callers import NOBODY, Caller, login, refusal


def usage(caller: Caller, project: str, query: str = "", version: str | None = None) -> Any:
    answer = caller.ask("GET", f"/os-simple-tenant-usage/{project}{query}", version=version)
    assert answer.status == 200, answer.body
    return answer.json


def test_usage_is_of_servers_that_are_and_that_were(admin: Caller) -> None:
    member = login(admin.cloud)
    assert usage(member, member.project)["tenant_usage"] == {}
    gone, kept = member.create("gone", flavorRef="2"), member.create("kept")
    admin.cloud.advance(1)
    admin.cloud.advance(2 * 3600)
    member.ask("DELETE", f"/servers/{gone}")
    admin.cloud.advance(3600)
    used = usage(member, member.project)["tenant_usage"]
    assert used["total_hours"] == pytest.approx(5)
    assert used["total_vcpus_usage"] == pytest.approx(5)
    assert used["total_memory_mb_usage"] == pytest.approx(2 * 2048 + 3 * 512)
    assert used["total_local_gb_usage"] == pytest.approx(2 * 20 + 3 * 1)
    told = {one["name"]: one for one in used["server_usages"]}
    assert (told["gone"]["state"], told["gone"]["hours"]) == ("terminated", pytest.approx(2))
    assert (told["kept"]["state"], told["kept"]["ended_at"], told["kept"]["flavor"]) == ("active", None, "m1.tiny")
    assert told["kept"]["uptime"] == 3 * 3600
    everyone = admin.ask("GET", "/os-simple-tenant-usage").json["tenant_usages"]
    (theirs,) = [one for one in everyone if one["tenant_id"] == member.project]
    assert theirs["total_hours"] == pytest.approx(5)
    assert "server_usages" not in theirs
    detailed = admin.ask("GET", "/os-simple-tenant-usage?detailed=1").json["tenant_usages"]
    assert all(one["server_usages"] for one in detailed)
    member.ask("DELETE", f"/servers/{kept}")


def test_usage_is_of_a_time(admin: Caller) -> None:
    server = admin.create("timed")
    admin.cloud.advance(1)
    start = admin.show(server)["OS-SRV-USG:launched_at"]
    admin.cloud.advance(1800)
    assert usage(admin, admin.project, "?start=2000-01-01T00:00:00&end=2001-01-01T00:00:00")["tenant_usage"] == {}
    whole = usage(admin, admin.project, f"?start={start}")["tenant_usage"]
    assert whole["start"] == start
    assert [one["hours"] for one in whole["server_usages"] if one["instance_id"] == server] == [pytest.approx(0.5)]
    for query in ("?start=never", "?end=never", "?start=2100-01-01T00:00:00"):
        assert refusal(admin.ask("GET", f"/os-simple-tenant-usage{query}"), 400, "badRequest")


def test_usage_comes_in_pages_since_2_40(admin: Caller) -> None:
    for name in ("a", "b", "c"):
        admin.create(name)
    admin.cloud.advance(2)
    first = usage(admin, admin.project, "?limit=2", "2.40")
    seen = [one["instance_id"] for one in first["tenant_usage"]["server_usages"]]
    (link,) = first["tenant_usage_links"]
    assert link["href"].endswith(f"/{admin.project}?limit=2&marker={seen[1]}")
    rest = usage(admin, admin.project, f"?limit=1000&marker={seen[1]}", "2.40")
    assert not set(seen) & {one["instance_id"] for one in rest["tenant_usage"]["server_usages"]}
    assert "tenant_usage_links" not in rest
    assert refusal(admin.ask("GET", f"/os-simple-tenant-usage?marker={NOBODY}", version="2.40"), 400, "badRequest")
    assert refusal(admin.ask("GET", "/os-simple-tenant-usage?limit=x", version="2.40"), 400, "badRequest")
    whole = usage(admin, admin.project, "?limit=1", "2.39")["tenant_usage"]
    assert len(whole["server_usages"]) > 2


def test_usage_of_others_is_for_administrators(admin: Caller) -> None:
    member = login(admin.cloud)
    assert refusal(member.ask("GET", f"/os-simple-tenant-usage/{admin.project}"), 403, "forbidden")
    assert refusal(member.ask("GET", "/os-simple-tenant-usage"), 403, "forbidden")
    assert refusal(member.ask("GET", "/os-instance_usage_audit_log"), 403, "forbidden")


@pytest.mark.parametrize(
    ("before", "begins", "ends"),
    [
        ("2026-11-26%2013:25:22", "2026-10-01 00:00:00", "2026-11-01 00:00:00"),
        ("2026-01-01%2000:00:00", "2025-12-01 00:00:00", "2026-01-01 00:00:00"),
    ],
)
def test_an_audit_is_of_the_month_before(admin: Caller, before: str, begins: str, ends: str) -> None:
    log = admin.ask("GET", f"/os-instance_usage_audit_log/{before}").json["instance_usage_audit_log"]
    assert (log["period_beginning"], log["period_ending"]) == (begins, ends)
    assert set(log["log"]) == {"compute-1", "compute-2"}


def test_an_audit_counts_the_servers_of_everyone_where_they_are(admin: Caller) -> None:
    def audited(before: str) -> Any:
        log = admin.ask("GET", f"/os-instance_usage_audit_log/{before}").json["instance_usage_audit_log"]
        return log["total_instances"], [log["log"][f"compute-{one}"]["instances"] for one in (1, 2)]

    now = datetime.fromtimestamp(admin.cloud.ask("GET", "/_mimic/clock").json["now"], UTC)
    soon = (now + timedelta(days=31)).strftime("%Y-%m-01")
    total, (first, second) = audited(soon)
    moved, others = admin.up(), login(admin.cloud).up()
    assert admin.act(moved, "migrate").status == 202
    admin.cloud.advance(1)
    assert audited(soon) == (total + 2, [first + 1, second + 1])
    assert audited("2001-01-01") == (0, [0, 0])
    login(admin.cloud).ask("DELETE", f"/servers/{others}")
    assert audited(soon) == (total + 2, [first + 1, second + 1])


def test_an_audit_wants_a_time(admin: Caller) -> None:
    assert admin.ask("GET", "/os-instance_usage_audit_log").json["instance_usage_audit_logs"]["total_errors"] == 0
    told = refusal(admin.ask("GET", "/os-instance_usage_audit_log/never"), 400, "badRequest")
    assert told == "Invalid timestamp for date never"


def test_the_default_class_is_what_projects_begin_with(admin: Caller) -> None:
    path, member = "/os-quota-class-sets/default", login(admin.cloud)
    before = admin.ask("GET", path).json["quota_class_set"]
    assert (before["id"], before["cores"], before["fixed_ips"]) == ("default", 20, -1)
    try:
        changed = admin.ask("PUT", path, {"quota_class_set": {"cores": "21"}}).json["quota_class_set"]
        assert changed == {name: value for name, value in {**before, "cores": 21}.items() if name != "id"}
        assert member.ask("GET", f"/os-quota-sets/{member.project}").json["quota_set"]["cores"] == 21
        assert member.ask("GET", f"/os-quota-sets/{member.project}/defaults").json["quota_set"]["cores"] == 21
        assert (
            admin.ask("PUT", "/os-quota-class-sets/other", {"quota_class_set": {"ram": 5}}).json["quota_class_set"][
                "ram"
            ]
            == 5
        )
        assert admin.ask("GET", "/os-quota-class-sets/other").json["quota_class_set"]["ram"] == 5
        assert admin.ask("GET", path).json["quota_class_set"]["ram"] == before["ram"]
    finally:
        assert admin.ask("PUT", path, {"quota_class_set": {"cores": 20}}).status == 200
    shapes = [
        set(admin.ask("GET", path, version=version).json["quota_class_set"]) for version in ("2.49", "2.50", "2.57")
    ]
    assert "server_groups" in shapes[1] - shapes[0]
    assert shapes[1] - shapes[2] == {"injected_files", "injected_file_content_bytes", "injected_file_path_bytes"}
    assert admin.ask("PUT", path, {"quota_class_set": {"floating_ips": 1}}, "2.50").status == 400
    assert refusal(member.ask("GET", path), 403, "forbidden")
    assert refusal(member.ask("PUT", path, {"quota_class_set": {}}), 403, "forbidden")


def test_events_are_heard_of_servers_that_are_there(admin: Caller) -> None:
    member = login(admin.cloud)
    server = member.create("theirs")

    def tell(*servers: str, version: str | None = None, name: str = "network-changed") -> Any:
        events = [{"name": name, "server_uuid": one, "tag": "t"} for one in servers]
        return admin.ask("POST", "/os-server-external-events", {"events": events}, version)

    heard = tell(server)
    assert (heard.status, heard.json["events"][0]) == (
        200,
        {"name": "network-changed", "server_uuid": server, "tag": "t", "status": "completed", "code": 200},
    )
    some = tell(server, NOBODY)
    assert (some.status, [one["code"] for one in some.json["events"]]) == (207, [200, 404])
    assert refusal(tell(NOBODY), 404, "itemNotFound") == "No instances found for any event"
    assert (
        tell(server, name="volume-extended").status,
        tell(server, name="volume-extended", version="2.51").status,
    ) == (
        400,
        200,
    )
    assert refusal(
        member.ask(
            "POST", "/os-server-external-events", {"events": [{"name": "network-changed", "server_uuid": server}]}
        ),
        403,
        "forbidden",
    )
    member.ask("DELETE", f"/servers/{server}")


def test_extensions_are_all_there(admin: Caller) -> None:
    every = admin.ask("GET", "/extensions").json["extensions"]
    assert len({one["alias"] for one in every}) == len(every) > 50
    assert admin.ask("GET", "/extensions/os-hosts").json["extension"] in every
    assert admin.ask("GET", "/extensions/os-moon").status == 404


def test_an_administrator_keeps_the_keys_of_others(admin: Caller) -> None:
    member = login(admin.cloud)
    asked = {"keypair": {"name": "hers", "user_id": member.user}}
    made = admin.ask("POST", "/os-keypairs", asked, "2.10").json["keypair"]
    assert made["user_id"] == member.user
    mine = f"/os-keypairs/hers?user_id={member.user}"
    assert admin.ask("GET", mine, version="2.10").json["keypair"]["user_id"] == member.user
    assert member.ask("GET", "/os-keypairs/hers").json["keypair"]["fingerprint"] == made["fingerprint"]
    assert admin.ask("GET", "/os-keypairs/hers", version="2.10").status == 404
    listed = admin.ask("GET", f"/os-keypairs?user_id={member.user}", version="2.10").json["keypairs"]
    assert [one["keypair"]["name"] for one in listed] == ["hers"]
    other = f"/os-keypairs/hers?user_id={admin.user}"
    assert refusal(member.ask("GET", other, version="2.10"), 403, "forbidden")
    assert refusal(member.ask("DELETE", other, version="2.10"), 403, "forbidden")
    assert admin.ask("DELETE", mine, version="2.10").status == 204
    assert member.ask("GET", "/os-keypairs/hers").status == 404
