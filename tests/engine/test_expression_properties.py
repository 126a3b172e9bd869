# SPDX-License-Identifier: Apache-2.0
"""No expression raises, whatever it is and whatever it is given; and what it gives is JSON, or missing."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.compiler import expressions as pl
from mimic_rules.engine import MISSING
from mimic_rules.engine.context import Context
from mimic_rules.engine.link import in_window, link, link_view
from tests.driver import DESK, START, cloud
from tests.engine.worlds import asked
from tests.strategies_plans import KEYS, LOCALS, MOST_SLOTS, plans, records, values

RULES = (
    DESK.replace("mount /desk", 'mount /desk version header "V" 2.1 .. 2.9 default 2.1')
    + """
setting a any = { k: 1 }
quota pens 5 counts pen
quota weight 10 sums pen.a
quota words 7
resource folder in world { id text  a any ?  k list of { k: text, v: any } = [] keyed k v }
resource page in folder { id sequence  a any ?  plural pages }
resource pen in tenant { id text  a any ?  b -> folder ? }
seed folder for each f in ['a', 'b'] { id: f, a: 1 }
seed pen for each p in ['k', '1'] { id: p, a: 2, b: 'a' }
view folder.full { id  a  pages: count(page) }
view page.full { id }
view pen.full { id  b: b as full  a when has a  old: 1 until 2.3 }
operation list folder GET /folders { answer 200 }
"""
)
CLOUD = cloud(RULES)


def frame_of(context: Context, drawn: dict[str, Any]) -> list[Any]:
    """The frame of a request in which everything is as drawn."""
    frame = context.frame(MOST_SLOTS)
    frame[pl.SELF], frame[pl.CALLER] = drawn["self"], drawn["caller"]
    frame[pl.BODY], frame[pl.QUERY], frame[pl.PATH] = drawn["body"], drawn["query"], drawn["path"]
    frame[pl.VERSION], frame[pl.NOW], frame[pl.EXTRA] = drawn["version"], START, {"value": drawn["value"]}
    frame[pl.FIRST_LOCAL : pl.FIRST_LOCAL + LOCALS] = drawn["locals"]
    return frame


frames = st.fixed_dictionaries(
    {
        "self": records,
        "caller": records,
        "body": values | st.just(MISSING),
        "query": st.dictionaries(st.sampled_from(KEYS), values, max_size=3),
        "path": st.dictionaries(st.sampled_from(KEYS), st.text(max_size=2), max_size=2),
        "version": st.sampled_from([0, 200001, 200004, 200009]),
        "value": values,
        "locals": st.lists(values | records, min_size=LOCALS, max_size=LOCALS),
    }
)


def is_json(value: Any) -> bool:
    """Whether a value is one that JSON has; the engine's reading of headers counts as the map that it stands for."""
    if isinstance(value, list):
        return all(map(is_json, value))
    if isinstance(value, dict):
        return all(type(key) is str and is_json(one) for key, one in value.items())
    return value is None or type(value) in (bool, int, float, str)


@given(plans(), frames)
def test_no_linked_expression_raises(plan: pl.Plan, drawn: dict[str, Any]) -> None:
    with CLOUD.world.transaction() as transaction:
        context = asked(CLOUD, transaction)
        frame = frame_of(context, drawn)
        before = [*frame]
        worth = link(plan)(frame)
        assert worth is MISSING or is_json(worth)
        assert all(one is other for one, other in zip(frame, before, strict=True))
        transaction.rollback()


@given(plans(depth=2), frames, st.sampled_from([None, 200002]), st.sampled_from([None, 200005]))
def test_no_window_and_no_view_raises(
    plan: pl.Plan, drawn: dict[str, Any], since: int | None, until: int | None
) -> None:
    with CLOUD.world.transaction() as transaction:
        frame = frame_of(asked(CLOUD, transaction), drawn)
        window = pl.Window(plan, since, until)
        holds = in_window(window)
        assert holds is not None
        open_now = holds(frame)
        assert open_now is ((since or 0) <= drawn["version"] <= (until or pl.ANY_VERSION) and link(plan)(frame) is True)
        entry = pl.Pair(pl.Const("e"), plan, pl.Window(pl.Const(True), since, until))
        show = link_view((entry, pl.Pair(pl.Const("x"), pl.Const(1))), frozenset({"a"}))
        shown = show(frame, {"a": 1} if drawn["self"] is MISSING else {**drawn["self"], "a": 1})
        assert list(shown) in (["x"], ["e", "x"])
        transaction.rollback()


def test_nothing_belongs_to_a_list() -> None:
    """A reference that holds a list of keys is followed to a list, which has no children of its own."""
    plan = pl.Records("desk.page", pl.Follow(pl.FieldOf(pl.Slot(pl.SELF, "self"), "id"), "desk.folder"))
    with CLOUD.world.transaction() as transaction:
        frame = asked(CLOUD, transaction).frame()
        frame[pl.SELF] = {"id": [[]]}
        assert link(plan)(frame) == []
