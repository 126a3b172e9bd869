# SPDX-License-Identifier: Apache-2.0
"""Finding comments and what they are about, in broken text too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.lint.comments import Comment, comments

PIECES = st.sampled_from(
    ["#", "# lint", "'", '"', "\\", "/", "/a", "$a", "matches", "matching", " ", "\n", "\t", "{", "é", "'#'", '"a # b"']
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("# one", [Comment("# one", 1, 1, None)]),
        ("state A  # one\n", [Comment("# one", 1, 10, 1)]),
        ("# one\n\n  # two\nstate A", [Comment("# one", 1, 1, 4), Comment("# two", 3, 3, 4)]),
        ("state A\n# last\n\n", [Comment("# last", 2, 1, None)]),
        ("a '# no' \"# no\" # yes  \r\n", [Comment("# yes", 1, 17, 1)]),
        ("when name matches /a # b/ # it's\n", [Comment("# it's", 1, 27, 1)]),
        ("name text matching /#/ # it's\n", [Comment("# it's", 1, 24, 1)]),
        ("operation show a GET /a/{id}#b # it's\n", [Comment("# it's", 1, 32, 1)]),
        ("name 'never closed # one\n# two", [Comment("# one", 1, 20, 1), Comment("# two", 2, 1, None)]),
        ("'a\\' # b' # c", [Comment("# c", 1, 11, 1)]),
    ],
)
def test_comments(text: str, found: list[Comment]) -> None:
    assert list(comments(text)) == found


@given(st.lists(PIECES).map("".join))
def test_every_comment_stands_where_it_is_said_to(text: str) -> None:
    lines = text.split("\n")
    for comment in comments(text):
        assert comment.text.startswith("#")
        assert lines[comment.line - 1][comment.column - 1 :].rstrip() == comment.text
        assert comment.about is None or comment.about >= comment.line
        for between in lines[comment.line : (comment.about or len(lines) + 1) - 1]:
            assert between.strip() == "" or between.lstrip().startswith("#")
