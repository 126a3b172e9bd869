# SPDX-License-Identifier: Apache-2.0
"""The pages of the codes tell the truth: what is called wrong has that mistake and no other, what is right has none."""

import pytest

from mimic_rules.diagnostics import CODES, Code
from mimic_rules.language.load import Source, load

PLACES = {
    "MR101": "6:23-24",
    "MR103": "1:10-11",
    "MR104": "4:35-44",
    "MR106": "3:16-31",
    "MR107": "3:28-34",
    "MR108": "3:24-27",
    "MR111": "3:14-45",
    "MR112": "3:26-27",
    "MR113": "3:16-17",
    "MR114": "3:5-12",
    "MR201": "6:6-13",
    "MR202": "4:6-10",
    "MR203": "7:4-9",
    "MR204": "7:57-63",
    "MR205": "3:15-20",
    "MR206": "4:7-12",
    "MR207": "4:63-72",
    "MR208": "1:50-55",
    "MR209": "4:5-11",
    "MR210": "1:1-34",
    "MR211": "4:20-23",
    "MR212": "3:5-6",
    "MR301": "6:6-24",
    "MR302": "6:24-29",
    "MR303": "6:45-49",
    "MR304": "3:13-16",
    "MR305": "3:17-30",
    "MR306": "6:31-38",
    "MR307": "3:40-46",
    "MR308": "4:41-44",
    "MR309": "6:11-15",
    "MR310": "6:26-31",
    "MR401": "6:34-39",
    "MR402": "4:55-61",
    "MR403": "4:19-25",
    "MR404": "4:79-97",
    "MR405": "4:19-23",
    "MR406": "7:23-35",
    "MR407": "6:11-15",
    "MR408": "6:49-54",
    "MR409": "6:54-67",
    "MR410": "6:67-72",
    "MR501": "7:1-42",
    "MR502": "6:20-29",
    "MR503": "7:22-26",
    "MR504": "7:56-60",
    "MR505": "6:21-32",
    "MR506": "7:42-53",
    "MR507": "7:35-43",
}
"""Where the mistake of each page is."""

NOT_SHOWN = {
    "MR102": "a file that can't be read has no text",
    "MR105": "a hundred brackets within each other are no page that anyone reads",
    "MR109": "two hundred thousand characters are no page either",
    "MR110": "nor are ten thousand items",
    "MR115": "only a text that is added at run time can have it: test_additions.py",
    "MR199": "nor are a hundred mistakes",
}
"""Codes whose page has no text that could be read, and why."""

SHOWN = [code for code in CODES.values() if code.code < "MR6" and code.code not in NOT_SHOWN]


@pytest.mark.parametrize("code", SHOWN, ids=lambda code: code.code)
def test_what_is_called_wrong_has_that_mistake_and_no_other(code: Code) -> None:
    found = load([Source("a.rules", code.wrong)]).diagnostics
    assert [one.code for one in found] == [code.code], [one.message for one in found]
    span = found[0].span
    assert f"{span.line}:{span.column}-{span.end_column}" == PLACES[code.code]


@pytest.mark.parametrize("code", SHOWN, ids=lambda code: code.code)
def test_what_is_called_right_has_no_mistake(code: Code) -> None:
    assert load([Source("a.rules", code.right)]).diagnostics == ()


def test_every_page_is_shown_or_says_why_not() -> None:
    assert PLACES.keys() | NOT_SHOWN.keys() == {code for code in CODES if code < "MR6"}
    assert not PLACES.keys() & NOT_SHOWN.keys()
