# SPDX-License-Identifier: Apache-2.0
"""The tables as people read them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mimic_rules.compiler import compile_model, show
from mimic_rules.language.load import load, read_sources
from tests.driver import DESK, RULES, TEAMS, program, shipped_texts


def shown(rules: str) -> dict[str, Any]:
    return show(program(rules))["services"]["desk"]


def test_expressions_read_as_they_were_written() -> None:
    expressions = {
        "1": "1",
        "'a'": '"a"',
        "body.a": "body.a",
        "body['a b']": 'body["a b"]',
        "body.a[0] + 1 - 2 * body.b": "(body.a[0] + 1) - (2 * body.b)",
        "-body.a": "-body.a",
        '"x {body.a} {{y}}"': '"x {body.a} {y}"',
        "not (body.a == 1 and body.b != 'x' or has body.c)": 'not (((body.a == 1) and (body.b != "x")) or has body.c)',
        "body.a is number": "body.a is number",
        "body.a is not text": "not body.a is text",
        "body.a matches /^x/": "body.a matches /^x/",
        "body.a matches body.b": "body.a matches body.b",
        "body.a starts with 'x'": 'body.a starts with "x"',
        "body.a in [1, 2]": "body.a in [1, 2]",
        "body.a default 'x'": 'body.a default "x"',
        "if body.a then 1 else null": "if body.a then 1 else null",
        "[x * 2 for x in body.list if x > 1]": "[x * 2 for #9 in body.list if x > 1]",
        "[x for x in body.list]": "[x for #9 in body.list]",
        "(ticket where title == 'a').id": '(desk.ticket where #9.title == "a").id',
        "(ticket where id == body.n).id": "(desk.ticket[body.n] where #9.id == body.n).id",
        "first(ticket).queue.title": "desk.queue[first(desk.ticket).queue].title",
        "first(queue) as full": "first(desk.queue) as full",
        "count(queue)": "count(desk.queue)",
        "quota.tickets.limit": "quota.tickets.limit",
        "first(ticket).meta.color": 'first(desk.ticket).meta[key "color"].value',
        "tenant.id": "tenant.id",
        "{ a: 1, ...body.b, c: 2 when body.d }": "{a: 1, ...body.b, c: 2 when body.d}",
    }
    statements = "".join(f"let v{number} = {text}\n" for number, text in enumerate(expressions))
    table = shown(
        DESK
        + f"""quota tickets 5 counts ticket
        resource queue in world {{ id text  title text }}
        resource ticket in world {{
          id sequence  title text  queue -> queue ?  meta list of {{ key: text, value: text }} = [] keyed key value
        }}
        view queue.full {{ id }}
        operation ask ticket POST /ask {{ {statements} answer 200 }}"""
    )
    # Slots are numbered through the whole operation.
    got = [re.sub(r"#[0-9]+", "#9", step["let"]["value"]) for step in table["operations"][0]["checks"]]
    assert [one.replace('{"a"', "{a").replace('"a": 1', "a: 1").replace('"c": 2', "c: 2") for one in got] == list(
        expressions.values()
    )


def test_a_service_is_shown_with_its_routes_resources_and_rules() -> None:
    plan = program(
        TEAMS.replace("mount /desk", 'version header "V" 1.1 .. 1.9 default 1.1 mount /desk')
        + """
        setting mode "open" | "strict" = "open" "how"
        quota words 7
        resource ticket in tenant {
          id sequence  title text  pair text
          unique (title, pair) where pair != '' else 409 "twice"
          kept 30d
        }
        view ticket.full { id  title since 1.2 until 1.3  pair when has pair }
        operation close ticket POST /t/{id}/action action "close" { a?: int 1..5,
          b: text 1.. matching /x/ since 1.5 } strict { answer 202 }
        operation open ticket POST /t/{id}/action action "open" list 0..2 of map of (int | "x" | 7) {
          check has body.open else 400 "say {id}" since 1.4 answer 202 }
        gone 410 "over" until 1.2 /old
        rule r on close ticket when title == 'a' or title == 'b' only 3 times per ticket
          then respond 500 "no" before quota
        """,
        'service other "Other" {}',
    )
    everything = show(plan)
    one = show(plan, "desk")
    assert list(everything["services"]) == ["desk", "other"]
    assert list(one["services"]) == ["desk"]
    table = one["services"]["desk"]
    assert table["routes"] == {"POST /t/{id}/action": "close ticket (close), open ticket (open)"}
    close, open_ = table["operations"]
    assert close["body"] == "{ close: { a?: int 1..5, b: text 1.. matching /x/ since 1.5 } strict }"
    assert open_["body"] == "{ open: list 0..2 of map of int | 'x' | 7 }"
    assert open_["checks"] == [
        {
            "check": {
                "window": "since 1.4",
                "condition": "has body.open",
                "fault": '400 "say {self.id}" @ 0.rules:27:36',
            }
        }
    ]
    resource = table["resources"]["ticket"]
    assert resource["views"]["full"]["entries"] == [
        '"id": self.id',
        '"title": self.title since 1.2 until 1.3',
        '"pair": self.pair when has self.pair',
    ]
    assert resource["unique"][0]["values"] == ["self.title", "self.pair"]
    (rule,) = one["rules"]
    assert (rule["keys"], rule["often"]["times"], rule["often"]["per"], rule["reads"]) == (
        ["self.title", ["a", "b"]],
        3,
        "self.id",
        ["title"],
    )
    assert everything["settings"]["mode"] == {
        "name": "mode",
        "type": "'open' | 'strict'",
        "default": '"open"',
        "doc": "how",
    }


def test_what_comes_out_is_plain_data() -> None:
    whole = show(program(shipped=shipped_texts("identity", "compute", "image", "network", "volume")))
    assert json.loads(json.dumps(whole)) == whole
    assert whole["services"]["compute"]["routes"]["POST /servers"] == "create server"


def test_an_unknown_service_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nothing"):
        show(program(DESK), "nothing")


@pytest.mark.parametrize("path", sorted((RULES.parent / "tests" / "data").rglob("*.rules")), ids=lambda path: path.stem)
def test_all_cases_can_be_shown(path: Path) -> None:
    sources, problems = read_sources([path])
    assert not problems
    whole = show(compile_model(load(sources).model))
    assert json.loads(json.dumps(whole)) == whole
