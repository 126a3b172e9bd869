# SPDX-License-Identifier: Apache-2.0
"""Over a real socket: how a cloud starts, answers, refuses and stops, by `mimic-rules serve` and by gunicorn's command.

What services answer is tested elsewhere; the service here is a team's, so that nothing that is shipped matters.
"""

import http.client
import re
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cloud import RunningCloud, launch
from tests.web.conftest import TICKETS

Start = Callable[..., RunningCloud]

BROKEN = "for tickets.ticket\nwhen titel == 'a' then status stays OPEN\non creat then respond 500\n"


def raw(cloud: RunningCloud, sent: bytes) -> bytes:
    """All that comes back for these bytes, sent as they are."""
    host, _, port = cloud.host.partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def ended(folder: Path, **how: Any) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a start that comes to nothing."""
    process, errors = launch(folder, **how)
    output, _ = process.communicate(timeout=30)
    return process.returncode, output, errors.read_text(encoding="utf-8")


# starting and answering ----------------------------------------------------------------------------------------------


def test_serve_prints_its_url_alone_on_a_line(running_cloud: Start) -> None:
    cloud = running_cloud()
    assert re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d+", cloud.url)
    answer = cloud.ask("GET", "/_mimic/health")
    assert (answer.status, answer.json["status"]) == (200, "ok")
    cloud.stop()
    assert cloud.process.stdout is not None
    assert cloud.process.stdout.read() == ""
    assert cloud.said() == ""


def test_a_teams_service_answers(tickets: RunningCloud) -> None:
    answer = tickets.ask("POST", "/tickets/v1/tickets", {"title": "a"}, {"X-Agent": "ann"})
    assert answer.status == 201
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-mimic-request"].startswith("req-")
    assert answer.json["title"] == "a"


def test_a_rule_is_named_with_its_place(running_cloud: Start) -> None:
    rule = "\nfor tickets.ticket\non create when body.title == 'no' then respond 503\n"
    cloud = running_cloud(TICKETS + rule)
    answer = cloud.ask("POST", "/tickets/v1/tickets", {"title": "no"}, {"X-Agent": "ann"})
    assert answer.status == 503
    assert answer.headers["x-mimic-rule"] == f"team.rules:{(TICKETS + rule).count(chr(10))}"


def test_time_passes_as_it_is_told(running_cloud: Start) -> None:
    cloud = running_cloud(TICKETS, {"clock": {"start": "2030-01-01T00:00:00Z", "mode": "frozen"}})
    agent = {"X-Agent": "ann"}
    assert cloud.ask("GET", "/_mimic/clock").json["iso"] == "2030-01-01T00:00:00.000000Z"
    ticket = cloud.ask("POST", "/tickets/v1/tickets", {"title": "a"}, agent).json["id"]
    for verb in ("begin", "finish"):
        assert cloud.ask("POST", f"/tickets/v1/tickets/{ticket}/{verb}", headers=agent).status == 200
    told = cloud.advance("8d").json
    assert (told["fired"], told["iso"]) == (1, "2030-01-09T00:00:00.000000Z")
    assert cloud.ask("GET", f"/tickets/v1/tickets/{ticket}", headers=agent).json["status"] == "CLOSED"
    assert cloud.ask("POST", "/mimic/v1.1/tick", {"amount": 0.5}).json == {
        "advanced": 0.5,
        "now": "2030-01-09T00:00:00.500000Z",
    }


def test_head_is_a_get_without_its_body(tickets: RunningCloud) -> None:
    got = tickets.ask("GET", "/tickets/v1/tickets", headers={"X-Agent": "cy"})
    head = tickets.ask("HEAD", "/tickets/v1/tickets", headers={"X-Agent": "cy"})
    assert (got.status, head.status, head.body) == (200, 200, b"")
    assert head.headers["content-length"] == got.headers["content-length"] == str(len(got.body))


def test_a_connection_serves_many_requests(tickets: RunningCloud) -> None:
    connection = http.client.HTTPConnection(tickets.host, timeout=20)
    # an unread body, too large a one, an error and an empty answer leave the connection in order
    for method, path, body in (
        ("GET", "/_mimic/health", None),
        ("POST", "/nowhere", b"{" * 10),
        ("POST", "/tickets/v1/tickets", b"[" + b" " * 2**20 + b"]"),
        ("POST", "/_mimic/clock", b"{"),
        ("GET", "/_mimic/health", b"unasked"),
    ):
        connection.request(method, path, body, {"X-Agent": "ann", "Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        assert response.getheader("Content-Type") == "application/json"
    assert response.status == 200
    connection.close()


@pytest.mark.parametrize("sent_by", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it(running_cloud: Start, sent_by: signal.Signals) -> None:
    cloud = running_cloud()
    assert cloud.ask("GET", "/_mimic/health").status == 200
    before = time.monotonic()
    assert cloud.stop(sent_by) == 0
    # sooner than gunicorn's patience with a worker that hangs
    assert time.monotonic() - before < 4
    assert cloud.said() == ""


def test_flags_and_paths_are_heeded(running_cloud: Start, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "tickets.rules").write_text(TICKETS)
    cloud = running_cloud(
        "for tickets.ticket\non create then respond 418\n",
        {"rules": [str(tmp_path / "more")], "clock": {"rate": 5}},
        clock_mode="frozen",
        set=["limits.body=100B"],
    )
    clock = cloud.ask("GET", "/_mimic/clock").json
    assert (clock["frozen"], clock["rate"]) == (True, 5.0)
    agent = {"X-Agent": "ann"}
    assert cloud.ask("POST", "/tickets/v1/tickets", {"title": "a"}, agent).status == 418
    assert cloud.ask("POST", "/tickets/v1/tickets", {"title": "a" * 200}, agent).status == 413
    assert cloud.ask("GET", "/_mimic/health").json["rules"]["team"] == 2


# starts that come to nothing -----------------------------------------------------------------------------------------


def test_broken_files_start_nothing(tmp_path: Path) -> None:
    code, output, errors = ended(tmp_path, rules_text=TICKETS + BROKEN, config="threads: many\nprot: 1\n")
    assert (code, output) == (1, "")
    line = TICKETS.count("\n")
    for place in ("mimic.yaml:1:10: error MR611", f"team.rules:{line + 2}:6: error", f"team.rules:{line + 3}:4: error"):
        assert place in errors
    assert "Traceback" not in errors


def test_gunicorn_gives_up_on_broken_files(tmp_path: Path) -> None:
    """It would start a worker again and again if that ended with another code."""
    for name, preload in (("late", []), ("early", ["--preload"])):
        code, output, errors = ended(tmp_path / name, rules_text=TICKETS + BROKEN, gunicorn=preload)
        assert (code, output) == (4, "")
        assert errors.count("error MR") == 2
        assert "Traceback" not in errors


def test_settings_nobody_knows_start_nothing(tmp_path: Path) -> None:
    code, _, errors = ended(tmp_path, config="threads: 2\nprot: 1\nservices: [tickts]\n", rules_text=TICKETS)
    assert code == 1
    assert "mimic.yaml:2:1: error MR610" in errors
    assert "mimic.yaml:3:12: error MR612: there is no service `tickts`" in errors
    assert "did you mean `tickets`?" in errors


@pytest.mark.parametrize(
    ("flags", "code", "reason"),
    [
        ({"set": "x"}, 2, "`--set` takes KEY=VALUE, not `x`"),
        ({"host": "256.0.0.1"}, 2, "can't bind 256.0.0.1, port 0"),
        ({"environ": {"MIMIC_CONFIG": "none.yaml"}}, 1, "`none.yaml` can't be read"),
    ],
)
def test_wrong_arguments_start_nothing(tmp_path: Path, flags: dict[str, object], code: int, reason: str) -> None:
    got, output, errors = ended(tmp_path, **flags)
    assert (got, output) == (code, "")
    assert reason in errors


def test_a_port_in_use_is_said_at_once(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, output, errors = ended(tmp_path, port=port)
    assert (code, output) == (2, "")
    assert errors == f"mimic-rules serve: can't bind 127.0.0.1, port {port}: address already in use\n"


# one process ---------------------------------------------------------------------------------------------------------


def test_gunicorns_own_command_line_works(running_cloud: Start) -> None:
    cloud = running_cloud(TICKETS, gunicorn=["--threads", "4"])
    assert cloud.ask("GET", "/_mimic/health").json["rules"]["team"] == 1
    assert cloud.ask("GET", "/tickets/v1/tickets", headers={"X-Agent": "ann"}).status == 200


def test_several_worker_processes_refuse_to_answer(running_cloud: Start) -> None:
    cloud = running_cloud(TICKETS, gunicorn=["--workers", "2"])
    for path in ("/tickets/v1/tickets", "/_mimic/health", "/") * 5:
        answer = cloud.ask("GET", path, headers={"X-Agent": "ann"})
        assert answer.status == 503
        assert "gunicorn --workers 1 --threads 8" in answer.json["error"]["help"]
    assert 1 <= cloud.said().count("refusing all requests") <= 2


def test_no_signal_adds_a_worker(running_cloud: Start) -> None:
    cloud = running_cloud()
    cloud.process.send_signal(signal.SIGTTIN)
    for _ in range(20):
        assert cloud.ask("GET", "/_mimic/health").status == 200
    children = Path(f"/proc/{cloud.process.pid}/task/{cloud.process.pid}/children")
    assert len(children.read_text().split()) == 1


def test_forwarding_headers_change_nothing(running_cloud: Start) -> None:
    cloud = running_cloud(TICKETS)
    forged = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.test", "Script-Name": "/x", "X-Agent": "ann"}
    assert cloud.ask("GET", "/tickets/v1/tickets", headers=forged).status == 200


# the control API, from elsewhere -------------------------------------------------------------------------------------


def test_a_cloud_for_others_asks_for_the_token(running_cloud: Start) -> None:
    cloud = running_cloud(TICKETS, host="0.0.0.0", environ={"MIMIC_ADMIN_TOKEN": "s3cret"})
    assert cloud.ask("POST", "/_mimic/clock", {"advance": 5}).status == 401
    assert cloud.ask("GET", "/_mimic/health", headers={"X-Mimic-Token": "guess"}).status == 401
    assert cloud.ask("GET", "/_mimic/health", headers={"X-Mimic-Token": "s3cret"}).status == 200
    assert cloud.ask("GET", "/_mimic/health", headers={"Authorization": "Bearer s3cret"}).status == 200
    assert cloud.ask("GET", "/tickets/v1/tickets", headers={"X-Agent": "ann"}).status == 200


def test_a_cloud_for_others_draws_a_token_where_none_is_set(running_cloud: Start) -> None:
    one, other = running_cloud(TICKETS, host="0.0.0.0"), running_cloud(TICKETS, host="0.0.0.0")
    said = [cloud.said().rsplit(": ", 1) for cloud in (one, other)]
    assert [words for words, _ in said] == ["the control API's token for other machines"] * 2
    token, unlike = (drawn.strip() for _, drawn in said)
    assert token != unlike
    assert one.ask("GET", "/_mimic/health", headers={"X-Mimic-Token": unlike}).status == 401
    assert one.ask("GET", "/_mimic/health", headers={"X-Mimic-Token": token}).status == 200
    assert one.ask("GET", "/tickets/v1/tickets", headers={"X-Agent": "ann"}).status == 200


# wrong HTTP ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"BAD\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost\r\n\r\n", 400),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 9000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: zip\r\n\r\n", 501),
        (b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
        (b"POST /_mimic/clock HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 9\r\n\r\n{}", 400),
        (
            b"POST /_mimic/clock HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            400,
        ),
    ],
)
def test_what_is_not_http_is_told_in_json(tickets: RunningCloud, sent: bytes, status: int) -> None:
    head, _, body = raw(tickets, sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\ncontent-type: application/json" in head.lower()
    assert body.startswith(b'{"error":{"code":%d,' % status)


def test_a_body_in_chunks_is_read(tickets: RunningCloud) -> None:
    head = b"POST /_mimic/clock HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = raw(tickets, head + b'5\r\n{"fre\r\nb\r\neze": true}\r\n0\r\n\r\n')
    assert answer.startswith(b"HTTP/1.1 200 ")
