# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules explain`: requests in three forms, made one after the other; the last one is explained and answered."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from mimic_rules.tools.main import main
from tests.tools.desk import DESK, WRONG, WRONG_SHOWN, write

SERVICE = """\
service desk "Desk" {
  mount /desk
  errors { fault, message }
  fault 409 conflict  fault 503 closed
  fault else refused
}
for desk
resource ticket in world { id sequence  title text  password text?  status lifecycle }
lifecycle of ticket.status { state OPEN  state CLOSED  start OPEN  OPEN -> CLOSED on close }
view ticket.full { id  title }
operation open ticket POST /tickets body { title: text, password?: text } {
  create ticket { title: body.title }
  answer 201 ticket as full header "X-Secret" = "hush-hush" header "X-Next" = "/desk/tickets/{ticket.id}"
}
operation show ticket GET /tickets/{id} query { loud?: text } { answer 200 self as full }
operation close ticket POST /tickets/{id}/close { answer 204 }
"""
RULES = """\
for desk.ticket
rule full "The desk is closed." on open when body.title == 'late' then respond 503
rule slow on open ticket then delay 2s
rule shut on close ticket when id == 1 then respond 409
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(mimic="rules: [desk.rules]\nclock: {start: 2030-01-01T00:00:00Z, mode: frozen}\n", desk=SERVICE, team=RULES)


def explain(capsys: pytest.CaptureFixture[str], text: str, *arguments: str) -> str:
    Path("request").write_text(text, encoding="utf-8")
    assert main(["explain", "--request", "request", "team.rules", *arguments]) == 0, capsys.readouterr().err
    out, error = capsys.readouterr()
    assert error == ""
    return out


def told(capsys: pytest.CaptureFixture[str], request: Any) -> Any:
    return json.loads(explain(capsys, json.dumps(request), "--format", "json"))


def refused(capsys: pytest.CaptureFixture[str], text: str) -> str:
    Path("request").write_text(text, encoding="utf-8")
    assert main(["explain", "--request", "request"]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert error.startswith("mimic-rules explain: ")
    return error.removeprefix("mimic-rules explain: ").rstrip("\n")


def test_a_request_as_it_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    text = 'POST /desk/tickets HTTP/1.1\nHost: a\nContent-Type: application/json\n\n{"title": "late"}\n'
    out = explain(capsys, text)
    request, when, *lines = out.splitlines(keepends=True)
    assert request == "POST /desk/tickets -> 503\n"
    assert when.startswith("  desk: open ticket, at 2030-01-01T00:00:00.000000Z, req-")
    about_this, _, rest = "".join(lines).partition("not asked, for the request had ended\n")
    assert (
        about_this
        == """\
  held back for 2 s

2 rules were considered. What they filled:
  answer   full, team.rules:2
  commit   full, team.rules:2
  latency  slow, team.rules:3

before references
  + full, team.rules:2  The desk is closed.
      fills answer, commit: respond 503

deliver
  + slow, team.rules:3
      fills latency: delay 2s

"""
    )
    assert rest.partition("\n\n")[2].startswith('answer 503\n  {\n    "fault": "closed",\n')


@pytest.mark.parametrize(
    "text",
    [
        '{"method": "POST", "path": "/desk/tickets", "body": {"title": "a"}}',
        "method: POST\npath: /desk/tickets\nheaders: {X-A: 1}\nbody:\n  title: a\n",
        "- method: POST\n  path: /desk/tickets\n  body: {title: a}\n",
        'POST /desk/tickets\r\nHost: a\r\n\r\n{"title": "a"}',
        'POST /desk/tickets\n\n{"title": "a"}',
    ],
)
def test_forms_of_a_request(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(explain(capsys, text, "--format", "json"))
    assert answer["answer"]["status"] == 201
    assert answer["answer"]["body"] == {"id": 1, "title": "a"}
    of_the_team = [one for one in answer["candidates"] if one["rule"]["place"].startswith("team.rules:")]
    assert [one["rule"]["name"] for one in of_the_team] == ["full", "slow"]
    assert answer["candidates"][0]["detail"] == {
        "condition": 'body.title == "late"',
        "left": "a",
        "right": "late",
    }


def test_one_after_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    opened = {"method": "POST", "path": "/desk/tickets", "body": {"title": "a"}}
    second = {**opened, "body": {"title": "{1.headers.x-next} and {1.body.id}"}}
    answer = told(capsys, [opened, second, {"path": "/desk/tickets/{2.body.id}?loud=a"}])
    assert answer["request"]["method"] == "GET"
    assert answer["request"]["query"] == {"loud": ["a"]}
    assert answer["answer"]["body"] == {"id": 2, "title": "/desk/tickets/1 and 1"}
    answer = told(capsys, [opened, {"method": "POST", "path": "/desk/tickets/{1.body.id}/close"}])
    assert (answer["answer"]["status"], answer["slots"]["answer"]["name"]) == (409, "shut")


def test_rules_that_were_not_asked(capsys: pytest.CaptureFixture[str]) -> None:
    out = explain(capsys, "POST /desk/tickets\n\n{}")
    assert "\nnot asked, for the request had ended\n  - full, team.rules:2\n" in out


def test_no_secret_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    request = {"method": "POST", "path": "/desk/tickets", "body": {"title": "my hunter22", "password": "hunter22"}}
    answer = told(capsys, request)
    assert answer["answer"]["headers"]["X-Secret"] == "***"
    assert answer["answer"]["body"] == {"id": 1, "title": "my ***"}


def test_from_the_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("GET /desk/nothing"))
    assert main(["explain", "--request", "-"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("GET /desk/nothing -> 501\n  no operation that is modelled, at ")
    assert "No rule is about this request" in out


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", 'request: write a request as {"method": "GET", "path": "/…"}'),
        ("[]", "request: write one request, or a list of 1 to 100"),
        ("[1]", 'request: request 1: write a request as {"method": "GET", "path": "/…"}'),
        ('{"pth": "/a"}', "request has no key `pth`: did you mean `path`?"),
        ('{"zzzzzzz": 1}', "request has no key `zzzzzzz`: the keys are `method`, `path`, `headers`, `body`"),
        ('{"path": "a"}', "request: `path` takes a text that begins with a slash"),
        ('{"method": "get", "path": "/a"}', "request: `method` takes a word in capitals, such as GET"),
        ('{"path": "/a", "headers": ["b"]}', "request: `headers` takes a map of names to texts"),
        ("GET /a\nno header\n", "request:2:1: a header is written `Name: value`; the body follows an empty line"),
        (
            '[{"path": "/a"}, {"path": "/{2.body.a}"}]',
            "request 2: `{2.body.a}` speaks of no earlier request",
        ),
        (
            '[{"path": "/a"}, {"path": "/{1.headers.a}"}]',
            "request 2: the answer to request 1, 501, has no text or number at `headers.a`",
        ),
        (
            '[{"path": "/a"}, {"path": "/a", "body": ["{1.body.error.status.x}"]}]',
            "request 2: the answer to request 1, 501, has no text or number at `body.error.status.x`",
        ),
    ],
)
def test_requests_that_cant_be_made(text: str, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, text) == reason


def test_yaml_that_cant_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "path: [").startswith("request:1:")


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--request", "gone"]) == 2
    assert capsys.readouterr().err == (
        "mimic-rules explain: the request `gone` can't be read: no such file or directory\n"
    )


def test_broken_rules(capsys: pytest.CaptureFixture[str]) -> None:
    write(mimic="rules: [plain.rules, wrong.rules]\n", plain=DESK, wrong=WRONG)
    Path("request").write_text("GET /a", encoding="utf-8")
    assert main(["explain", "--request", "request"]) == 1
    assert capsys.readouterr() == ("", WRONG_SHOWN.format(file="wrong.rules"))


def test_as_a_caller_without_a_login(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--as", 'roles=["admin"]', "--as", "project=mine")
    for request, status in (("GET /compute/v2.1/mine/servers", 200), ("GET /compute/v2.1/other/servers", 400)):
        told = json.loads(explain(capsys, request, "--format", "json", *asked))
        assert told["answer"]["status"] == status
    # A service that asks for no caller takes none.
    assert explain(capsys, "GET /desk/tickets/1", *asked).startswith("GET /desk/tickets/1 -> 404\n")
    Path("request").write_text("GET /a", encoding="utf-8")
    assert main(["explain", "--request", "request", "--as", "admin"]) == 2
    assert capsys.readouterr().err == "mimic-rules explain: `--as` takes FIELD=VALUE, not `admin`\n"


def test_the_login_of_the_page(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    section = (root / "docs" / "cli.md").read_text(encoding="utf-8").partition("## mimic-rules explain\n")[2]
    text = section.partition("```yaml\n")[2].partition("```")[0]
    assert explain(capsys, text).startswith("GET /identity/v3/auth/projects -> 200\n  identity: ")
