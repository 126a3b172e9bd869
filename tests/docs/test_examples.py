# SPDX-License-Identifier: Apache-2.0
"""Taking the examples out of a page."""

import pytest

from tests.docs.examples import Block, blocks, examples

PAGE = """\
Text with `code`.

```rules name=desk
service desk "Desk" {}
```

```rules name=tickets with=desk
for desk
```

```text exchange
> GET /a
< 200
```

```text
no example
```

````text exchange
> GET /b
```
< 200
````

```rules with=tickets
let a = 1
```
"""


def test_blocks_have_their_words_text_and_line() -> None:
    found = list(blocks(PAGE))
    assert [(block.info, block.line) for block in found] == [
        (("rules", "name=desk"), 4),
        (("rules", "name=tickets", "with=desk"), 8),
        (("text", "exchange"), 12),
        (("text",), 17),
        (("text", "exchange"), 21),
        (("rules", "with=tickets"), 27),
    ]
    assert found[1].options == {"name": "tickets", "with": "desk"}
    assert found[2].text == "> GET /a\n< 200\n"
    assert found[4].text == "> GET /b\n```\n< 200\n"


def test_an_example_stands_on_the_blocks_it_names() -> None:
    desk, tickets, last = examples(PAGE)
    assert (desk.line, desk.rules, desk.exchanges) == (4, 'service desk "Desk" {}\n', [])
    assert tickets.rules == 'service desk "Desk" {}\nfor desk\n'
    assert last.rules == 'service desk "Desk" {}\nfor desk\nlet a = 1\n'


def test_exchanges_belong_to_the_rules_above_them() -> None:
    assert [[block.line for block in example.exchanges] for example in examples(PAGE)] == [[], [12, 21], []]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("```rules with=desk\n```\n", "line 2: no block named `desk` comes before this one"),
        ("```rules name=a\n```\n```rules name=a\n```\n", "line 4: a block named `a` came before this one"),
        ("\n```text exchange\n> GET /a\n```\n", "line 3: no rules come before this exchange"),
    ],
)
def test_a_page_that_does_not_hold_together_is_refused(page: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        examples(page)


def test_words_without_a_value_are_no_options() -> None:
    assert Block(("rules", "aside", "name=a=b"), "", 1).options == {"name": "a=b"}
