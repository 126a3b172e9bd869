# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies for trees of rules: every effect, every way to say how often.

They build trees, not texts; `strategies_items` puts them into files.
"""

from hypothesis import strategies as st

from mimic_rules.language import expressions as ex
from mimic_rules.language import lifecycles as li
from mimic_rules.language import rules as ru
from tests.strategies_expressions import Strategy, messages, plain_names, sealed, seconds, texts
from tests.strategies_parts import (
    events,
    exprs,
    faults,
    headers,
    maybe,
    one_line,
    periods,
    statuses,
    tuples,
)

# -- how often --------------------------------------------------------------------------------------------------------

counts = st.integers(1, 10**6)
shares = st.integers(1, 1000).map(lambda tenths: f"{tenths / 10:g}") | st.sampled_from(["0.01", "100", "33.333"])
counted = st.one_of(
    st.builds(lambda times, per: ru.Counted(times=times, per=per), counts, maybe(exprs)),
    st.builds(lambda every, per: ru.Counted(every=every, per=per), counts, maybe(exprs)),
    st.builds(lambda times, per: ru.Counted(per=per, as_often=times), exprs, maybe(exprs)),
    st.builds(lambda share, luck, per: ru.Counted(None, None, share, luck, per), shares, st.booleans(), maybe(exprs)),
)
times_of_day = st.integers(0, 86_399).map(lambda at: ru.Moment(at, daily=True))
dates = st.integers(0, 4 * 10**9).map(lambda at: ru.Moment(at, daily=False))
moments = times_of_day | dates


@st.composite
def time_windows(draw: st.DrawFn) -> ru.TimeWindow:
    """From, for so long, until; never both of the last two."""
    kind = draw(st.sampled_from([times_of_day, dates]))
    since, until = sorted(draw(st.lists(kind, min_size=2, max_size=2, unique=True)), key=lambda one: one.seconds)
    length = draw(seconds)
    return draw(
        st.sampled_from(
            [
                ru.TimeWindow(length),
                ru.TimeWindow(None, since),
                ru.TimeWindow(None, None, until),
                ru.TimeWindow(length, since),
                ru.TimeWindow(None, since, until),
            ]
        )
    )


onlys = st.one_of(
    counted.map(lambda one: ru.Only(one)),
    time_windows().map(lambda one: ru.Only(None, one)),
    st.builds(ru.Only, counted, time_windows()),
)

# -- effects ----------------------------------------------------------------------------------------------------------

whole_periods = st.integers(0, 10**6).map(lambda count: ex.Duration(float(count))) | st.builds(li.Seconds, one_line)
phases = maybe(plain_names)
_marks = (maybe(exprs), tuples(headers, most=2), maybe(whole_periods), st.booleans(), phases)
responds = sealed(
    st.builds(ru.Respond, statuses, maybe(plain_names), maybe(messages(exprs)), st.none(), *_marks)
    | st.builds(ru.Respond, st.none(), st.none(), st.none(), exprs, *_marks)
)
steps = st.builds(ru.ChainStep, plain_names, maybe(periods), maybe(faults))
delays = st.lists(st.integers(0, 60_000).map(lambda count: count / 1000), min_size=2, max_size=2).map(
    lambda pair: ru.Delay(*sorted(pair))
)
wires = st.sampled_from(["drop", "reset", "garble"]).map(ru.Wire) | st.sampled_from(["0", "50", "99.9"]).map(
    lambda share: ru.Wire("truncate", share)
)
simple_effects: Strategy[ru.Effect] = st.one_of(
    st.builds(ru.Stays, plain_names, plain_names, maybe(periods)),
    st.builds(ru.Becomes, plain_names, tuples(steps, 1)),
    st.builds(ru.Becomes, plain_names, st.just(()), exprs),
    responds,
    st.builds(ru.Limit, counts, seconds.filter(bool), maybe(exprs), responds),
    st.builds(ru.Pretend, phases),
    st.builds(ru.Hide, periods, phases),
    st.builds(ru.FirstOf, st.integers(0, 9), plain_names, phases),
    delays,
    wires,
    st.builds(ru.SetShown, texts, exprs),
    st.builds(ru.Omit, texts),
    st.builds(ru.PassOn, phases),
)
effects = sealed(st.recursive(sealed(simple_effects), lambda inner: tuples(inner, 1).map(ru.Cycle), max_leaves=3))

_body = (tuples(events), maybe(exprs), maybe(onlys), tuples(effects, 1))
sentences = sealed(st.builds(ru.Rule, st.none(), st.just(""), st.none(), *_body))
rules = sealed(st.builds(ru.Rule, plain_names, texts, maybe(plain_names), *_body, maybe(plain_names)))
