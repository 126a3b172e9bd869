# SPDX-License-Identifier: Apache-2.0
"""Effects and how often: what each may say, what goes together, and which rules leave others nothing to decide."""

import pytest

from mimic_rules.language.load import RUN_TIME, TEAM, Source, load
from tests.language.checking import BOX, assert_fine, assert_only, told

FAULTY = BOX.replace("extra any ?", "extra any ?  reason fault ?")

WRONG = [
    # how often
    ("MR104", "on stop box only once, «3 times» then respond 500"),
    ("MR104", "on stop box only during 3s, «until 09:00» then respond 500"),
    ("MR310", "on stop box only «0» times then respond 500"),
    ("MR310", "on stop box only every «0th» then respond 500"),
    ("MR310", "on stop box only every «2th» then respond 500"),
    ("MR310", "on stop box only every «11st» then respond 500"),
    ("MR310", "for shop.box\nexample 'a' { on every «2rd» poll }"),
    ("MR310", "on stop box only «0%» evenly then respond 500"),
    ("MR310", "on stop box only «100.1%» at random then respond 500"),
    ("MR111", f"on stop box only «0.{'1' * 31}%» evenly then respond 500"),
    ("MR111", f"on stop box only every «{'1' * 31}st» then respond 500"),
    ("MR310", "on stop box only from «24:00» then respond 500"),
    ("MR310", "on stop box only until «2030-02-29T00:00:00Z» then respond 500"),
    ("MR310", "on stop box only until «2030-02-01T00:00» then respond 500"),
    ("MR310", "on stop box only from 09:00 until «09:00» then respond 500"),
    ("MR310", "on stop box only from 2030-01-02T00:00Z until «2030-01-01T00:00Z» then respond 500"),
    ("MR201", "on stop box only 10% evenly per «nmae» then respond 500"),
    ("MR307", "on stop box only every 2nd per «uuid»() then respond 500"),
    # chains
    ("MR408", "on stop box then status becomes ACTIVE, then «GONE»"),
    ("MR408", "on stop box then status becomes ACTIVE, then «ACTIVE» after 3s"),
    ("MR401", "on stop box then status becomes ACTIVE, then «GNOE» after 3s"),
    ("MR409", "on stop box then status becomes GONE with fault «500 'no'»"),
    ("MR307", "on stop box then status becomes ACTIVE, then GONE after «tags» seconds"),
    ("MR307", "on stop box then status becomes from «name»"),
    ("MR201", "on stop box then status becomes from «nmae»"),
    # answers
    ("MR104", "on stop box then respond 500 instead «after commit»"),
    ("MR104", "on stop box then respond 500 with body 1 «with body 2»"),
    ("MR104", "on stop box then respond 500 retry after 1s «retry after 2s»"),
    ("MR104", "on stop box then respond 500 before guard «before checks»"),
    ("MR304", "on stop box then respond 500 retry after «1.5s»"),
    ("MR307", "on stop box then respond 500 retry after «heavy» seconds"),
    ("MR307", 'on stop box then respond 500 header "«a b»" = 1'),
    ("MR201", "on stop box then respond 500 with body { a: «nmae» }"),
    ("MR201", "on stop box then respond 500 header 'X' = «nmae»"),
    ("MR504", "on stop box then respond 500 with body { a: name } before «schema»"),
    ("MR201", "on stop box then respond from «nmae»"),
    ("MR307", "on stop box then respond from «name»"),
    ("MR307", "on stop box then respond from «{ code: 500 }»"),
    ("MR307", "on stop box then respond from «{ message: 'no' }»"),
    ("MR201", "on stop box then respond from { code: 500, message: 'no', «boyd»: 1 }"),
    ("MR303", "on stop box then respond from { code: «99», message: 'no' }"),
    # limits
    ("MR310", "on stop box then limit «0» per 60s respond 413"),
    ("MR310", "on stop box then limit 10 per «0s» respond 413"),
    ("MR304", "on stop box then limit «1.5» per 60s respond 413"),
    ("MR207", "on stop box then limit 10 per 60s respond 413 «bda»"),
    ("MR201", "on stop box then limit 10 per 60s per «nmae» respond 413"),
    ("MR201", 'on stop box then respond 413 "try again in {«wait»} s"'),
    ("MR309", 'on stop box then limit 1 per 1s respond 413 "{wait.«a»}"'),
    ("MR504", "on stop box then limit 1 per 1s per box respond 413 before «find»"),
    ("MR504", "on stop box then limit 1 per 1s per tenant respond 413 before «caller»"),
    ("MR504", "on stop box only once per box then respond 500 before «schema»"),
    # what else happens to a request
    ("MR208", "on stop box then pretend before «fnid»"),
    ("MR504", "on stop box when size == 1 then pretend before «schema»"),
    ("MR504", "on stop box when size == 1 then hidden for 3s before «schema»"),
    ("MR504", "on stop box then hidden for size seconds before «find»"),
    ("MR504", "on stop box when size == 1 then pass before «schema»"),
    ("MR504", "on stop box when size == 1 then first 2 of boxs only before «schema»"),
    ("MR307", "on stop box then hidden for «heavy» seconds"),
    ("MR202", "on stop box then first 2 of «bosx» only"),
    ("MR304", "on stop box then first «2.5» of box only"),
    ("MR310", "on stop box then delay «61s»"),
    ("MR310", "on stop box then delay 1s..«2m»"),
    ("MR310", "on stop box then delay 2s..«1s»"),
    ("MR310", "on stop box then truncate body at «100%»"),
    # what clients see
    ("MR201", "on stop box then omit «nmae»"),
    ("MR201", "on stop box then omit «heavy»"),
    ("MR201", "on stop box then set name = «nmae»"),
    ("MR210", "on any shop then set «name» = 'a'"),
    ("MR210", "on any shop then omit «name»"),
    ("MR107", 'on stop box then set «"a {name}"» = 1'),
    # what goes together
    ("MR506", "on stop box then respond 500, «respond 403»"),
    ("MR506", "on stop box then respond 500, «pretend»"),
    ("MR506", "on stop box then delay 2s, «pass»"),
    ("MR506", "on stop box then drop connection, «garble body»"),
    ("MR506", "on stop box then set name = 'a', «omit name»"),
    ("MR506", "on stop box then first 2 of box only, «first 3 of boxs only»"),
    ("MR506", "on stop box then status stays BUILD, «status becomes GONE»"),
    ("MR506", "for shop.box then omit name, pass, «pass»"),
    ("MR507", "on stop box then cycle [respond 500 | «delay 2s»]"),
    ("MR507", "on stop box then cycle [pass | omit name | «respond 500»]"),
    ("MR507", "on stop box then cycle [respond 500 | «respond 401 before guard»]"),
    ("MR507", "on stop box then cycle [«pass before guard» | respond 500]"),
    ("MR507", "on stop box then cycle [respond 500 | «cycle [pass]»]"),
    ("MR201", 'on stop box then cycle [respond 500 "{«nmae»}" | pass]'),
    # rules without events
    ("MR505", "for shop.box then «pretend»"),
    ("MR505", "for shop.box then «limit 1 per 1s respond 413»"),
    ("MR505", "for shop.box then «delay 2s»"),
    ("MR505", "for shop.box then «drop connection»"),
    ("MR505", "for shop.box then «hidden for 3s»"),
    ("MR505", "for shop.box then «first 2 of box only»"),
    ("MR505", "for shop.box then «pass before guard»"),
    ("MR505", "for shop.box then cycle [«respond 500» | pass]"),
]


@pytest.mark.parametrize(("code", "marked"), WRONG)
def test_a_mistake_is_found_where_it_is(code: str, marked: str) -> None:
    assert_only(code, marked, BOX)


FINE = [
    "on stop box only once then respond 500",
    "on stop box only 3 times per box, during 10m then respond 500",
    "on stop box only during 10m, 3 times per tenant then respond 500",
    "on stop box only every 1st per metadata.a then respond 500",
    "on stop box only every 22nd then respond 500",
    "on stop box only every 113th then respond 500",
    "on stop box only 10% evenly then respond 500",
    "on stop box only 0.01% at random then respond 500",
    "on stop box only 100% evenly then respond 500",
    "on stop box only from 09:00 until 17:00 then respond 500",
    "on stop box only from 22:00 until 06:00 then respond 500",
    "on stop box only from 09:00:30 during 30m then respond 500",
    "on stop box only from 2030-01-01T00:00:00Z then respond 500",
    "on stop box only from 2030-01-01T00:00:00Z until 2030-01-02T00:00Z then respond 500",
    "on stop box only from 09:00 until 2030-01-02T00:00Z then respond 500",
    "on stop box only until 17:00 then respond 500",
    "on stop box then status becomes ACTIVE, then GONE after 1h, respond 500",
    "on stop box then status becomes ACTIVE with fault 500 'no', then GONE after size seconds with fault 404 bad 'x'",
    "on stop box then respond 413 bad retry after 30s",
    "on stop box then respond 413 retry after metadata.a seconds after commit",
    "on stop box then respond 401 with body ''",
    "on stop box then respond 403 with body '<html>' header 'Content-Type' = 'text/plain' header 'X' = name",
    "on any then respond 503 with body { any: 'object', of: tenant.id }",
    "on stop box then respond 503 before guard instead header 'X' = 'y' with body 1 retry after 1s",
    "on stop box then respond from json(metadata.failure)",
    "on stop box then respond from extra",
    "on stop box then respond from { code: 500, message: 'no', type: 'bad', body: 1, headers: {}, retry_after: 3 }",
    "on stop box then respond from { ...extra, code: 99 }",
    'on stop box then respond from { "{name}": 500, code: size }',
    'on stop box then limit 10 per 60s respond 413 bad "Retry after {wait} s, {name}."',
    "on stop box then limit 10 per 60s per tenant respond 413 retry after 5s before guard",
    "on stop box then limit 10 per 60s per box respond 413",
    "on stop box then pretend",
    "on stop box then pretend before guard, hidden for 3s, delay 2s, drop connection, omit name, first 1 of lid only",
    "on stop box then hidden for metadata.a seconds",
    "on any shop then first 0 of boxs only",
    "on any shop then delay 200ms..900ms, truncate body at 50%",
    "on any shop then delay 60s, reset",
    "on any shop then garble body",
    "on any shop then reset connection",
    'for shop.box when name == "a" then set name = upper(name), set "X-Y:z" = null, omit size',
    "for shop.box then cycle [omit name | set size = 3 | pass]",
    "for shop.box then cycle [status becomes GONE after 1s | pass | status stays BUILD]",
    "for shop.box when size == 2 then pass",
    "on stop box then cycle [respond 500 | pass | pretend | limit 1 per 1s respond 413 | hidden for 3s]",
    "on stop box then cycle [respond 500 before guard | pass before guard | pretend before guard]",
    "on stop box then cycle [respond 500 before guard | pass]",
    "on stop box then cycle [pass | pass]",
]


@pytest.mark.parametrize("text", FINE)
def test_rules_can_say_all_this(text: str) -> None:
    assert_fine(text, FAULTY)


def test_a_view_with_a_key_that_is_worked_out_may_show_anything() -> None:
    assert_fine('on stop box then omit whatever\nview box.loose { "{name}": size }', BOX)


def test_a_part_of_what_no_service_is_said_for() -> None:
    assert_only("MR210", "on any then first 2 of «things» only")


HELP = [
    ("MR310", "on stop box only every «2th» then respond 500", "write `2nd`"),
    ("MR201", "on stop box then omit «nmae»", "did you mean `name`?"),
    ("MR201", "on stop box then omit «zzz»", "they show id, name, size"),
    ("MR201", "on stop box then respond from { code: 500, message: 'no', «boyd»: 1 }", "did you mean `body`?"),
    ("MR202", "on stop box then first 2 of «bxos» only", "did you mean `boxs`?"),
    ("MR408", "on stop box then status becomes ACTIVE, then «GONE»", "write `GONE after` and how long"),
    (
        "MR409",
        "on stop box then status becomes GONE with fault «500 'no'»",
        "declare one of type `fault`, such as `reason fault ?`",
    ),
    (
        "MR310",
        "on stop box then delay «2h»",
        "write `60s` at most; for a client that waits for ever, `drop connection`",
    ),
]


@pytest.mark.parametrize(("code", "marked", "help"), HELP)
def test_what_to_write_instead(code: str, marked: str, help: str) -> None:
    assert assert_only(code, marked, BOX).help == help


# -- how rules meet

SHADOWED = [
    "on stop then delay 2s\n«on stop when heavy then delay 3s»",
    "on stop then delay 2s, respond 500\n«on stop then delay 3s»",
    "on stop then pass\n«on stop then respond 500, delay 3s, drop connection, hidden for 3s»",
    "on stop then drop connection\n«on stop then garble body»",
    "on stop then respond 500\n«on stop then pretend»",
    "on stop then respond 500 before guard\n«on stop then respond 403»",
    "on stop then respond 500\n«on stop then limit 1 per 1s respond 413»",
    "on stop then cycle [respond 500 | respond 403]\n«on stop then pretend»",
    "on stop then cycle [respond 500 | pass]\n«on stop then respond 401»",
    "on stop then cycle [delay 1s | delay 2s]\n«on stop then delay 3s»",
    "on stop then first 1 of box only\n«on stop then first 2 of box only»",
    "then omit name\n«when heavy then set name = 'a'»",
    "then omit name\n«on stop then set name = 'a'»",
    "then pass\n«then omit name, status becomes GONE»",
    "then pass\n«then pass»",
    "then pass\n«when heavy then status stays ACTIVE»",
]


@pytest.mark.parametrize("marked", SHADOWED)
def test_a_rule_that_never_decides_is_found(marked: str) -> None:
    assert_only("MR501", "for shop.box\n" + marked, BOX)


@pytest.mark.parametrize(
    "text",
    [
        "on stop then delay 2s\non stop then drop connection",
        "on stop only during 3s then delay 2s\non stop then delay 3s",
        "on stop only 10% evenly then delay 2s\non stop then delay 3s",
        "on stop then pretend\non stop then respond 500",
        "on stop then respond 500\non stop then respond 403 before guard",
        "on stop then pass\non stop then respond 403 before guard",
        "on stop then limit 1 per 1s respond 413\non stop then respond 403",
        "on stop then respond from extra\non stop then respond 403",
        "on stop then cycle [respond 500 | pretend]\non stop then respond 403",
        "on stop then pass\non stop then first 1 of box only",
        "on stop then first 1 of lid only\non stop then first 1 of box only",
        "on stop then omit name\nthen omit name",
        "then omit name\nthen omit size",
        "then pass\non stop then respond 500",
        "then cycle [status stays BUILD | status stays ACTIVE]\nthen status stays BUILD",
        "then omit name\nthen pass",
        "rule a on stop then delay 1s\nrule b overrides a on stop then delay 2s",
        # What stays holds in one state, and the cycle may be asked in another one.
        "then status stays BUILD\nthen cycle [status becomes GONE | status becomes ACTIVE]",
    ],
)
def test_rules_that_can_all_decide_are_left_alone(text: str) -> None:
    assert_fine("for shop.box\n" + text, BOX)


def test_rules_of_run_time_are_consulted_first_and_leave_the_others_alone() -> None:
    said = "for shop.box\non stop then respond 500"
    sources = [Source("a.rules", BOX, TEAM), Source("b.rules", said, TEAM), Source("c", said, RUN_TIME)]
    loaded = load(sources)
    assert not loaded.diagnostics
    assert [(one.layer, one.rule.span.file) for one in loaded.model.rules] == [(-1, "c"), (0, "b.rules")]
    twice = load([*sources, Source("d", said + "\non stop then respond 403", RUN_TIME)])
    assert told(twice.diagnostics) == ["MR501 3:1-25"]
