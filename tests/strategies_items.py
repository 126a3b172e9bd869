# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies for trees of everything that a file declares, as the grammar can make them.

They build trees, not texts; `strategies_expressions` has the parts.
"""

from hypothesis import strategies as st

from mimic_rules.language import declarations as de
from mimic_rules.language import examples as sample
from mimic_rules.language import lifecycles as li
from mimic_rules.language import operations as op
from tests.strategies_expressions import (
    entries,
    messages,
    names,
    object_types,
    plain_names,
    queries,
    ranges,
    sealed,
    seconds,
    targets,
    texts,
    types,
    versions,
    windows,
)
from tests.strategies_parts import (
    events,
    exprs,
    faults,
    guarded,
    headers,
    maybe,
    object_exprs,
    periods,
    some_names,
    statuses,
    tuples,
)
from tests.strategies_rules import rules, sentences

qualified = st.builds(de.Qualified, plain_names, maybe(plain_names))
paths = st.sampled_from(["/", "/a/b", "/things/{id}", "/a/{x}/b#c", "$p", "/{thing}/$a"])
sort_keys = st.builds(de.SortKey, plain_names, st.booleans())
orders = st.builds(de.Order, some_names)
query_types = sealed(object_types(types))
usual_queries = st.builds(de.Queries, query_types)

# -- services, data, resources ----------------------------------------------------------------------------------------

page_lines = st.one_of(
    st.builds(de.PageLimit, plain_names, ranges, maybe(faults)),
    st.builds(de.PageMarker, plain_names, faults),
    st.builds(de.PageOffset, plain_names),
    st.builds(de.PageSort, plain_names, maybe(plain_names), tuples(sort_keys, 1)),
    st.builds(de.PageWrap, object_exprs),
)
carriers = st.builds(de.Carrier, texts, maybe(texts))
service_lines = st.one_of(
    st.builds(de.Label, st.sampled_from(["type", "name"]), texts),
    st.builds(de.Mount, paths, maybe(paths)),
    st.builds(de.Caller, texts, qualified, exprs, plain_names, maybe(plain_names), faults),
    st.builds(de.Versions, tuples(carriers, 1, 2), versions, versions, versions),
    headers,
    st.builds(de.Envelope, object_exprs),
    st.builds(
        de.FaultName, statuses, plain_names, maybe(messages(exprs)), maybe(object_exprs), tuples(headers, most=2)
    ),
    st.builds(de.FaultElse, plain_names),
    st.builds(de.Situation, names, faults),
    st.builds(de.HandsOut, texts, exprs),
    st.builds(de.Shares, tuples(st.builds(de.Qualified, plain_names, plain_names), 1, 2)),
    orders,
    usual_queries,
    st.builds(de.Page, tuples(page_lines)),
)
services = st.builds(
    de.Service, plain_names, texts, tuples(sealed(service_lines)), st.none() | st.builds(de.Qualified, plain_names)
)
settings = st.builds(de.Setting, plain_names, types, exprs, texts)
seeds = st.builds(de.Seed, plain_names, plain_names, exprs, object_exprs)
limits = st.integers(-1, 10**29)
quotas = st.one_of(
    st.builds(de.Quota, plain_names, limits),
    st.builds(de.Quota, plain_names, limits, plain_names),
    st.builds(de.Quota, plain_names, limits, plain_names, plain_names),
)
fields = st.builds(
    de.Field,
    texts,
    types,
    st.booleans(),
    maybe(exprs),
    st.booleans(),
    maybe(faults),
    maybe(st.tuples(plain_names, plain_names)),
)
resource_lines = st.one_of(
    fields,
    st.builds(de.Key, some_names),
    st.builds(de.Plural, plain_names),
    st.builds(de.Unique, tuples(exprs, 1), maybe(exprs), faults),
    st.builds(de.Invariant, exprs, faults),
    st.builds(de.Missing, faults),
    st.builds(de.Kept, seconds),
    st.builds(de.OnDelete, plain_names, st.sampled_from(["cascade", "clear", "refuse"]), maybe(faults)),
)
resources = st.builds(de.Resource, plain_names, plain_names, maybe(plain_names), tuples(resource_lines, most=5))
views = st.builds(
    de.View, plain_names, plain_names, tuples(entries(exprs) | st.builds(de.Include, plain_names, guarded))
)

# -- lifecycles, locks ------------------------------------------------------------------------------------------------

origins = st.builds(li.Origin, some_names) | st.builds(li.Origin, tuples(plain_names), st.just(True))
assignments = tuples(st.builds(li.Assignment, plain_names, exprs), most=2)
lifecycle_lines = st.one_of(
    st.builds(li.State, plain_names, maybe(plain_names), st.booleans(), maybe(object_exprs)),
    st.builds(li.Start, plain_names),
    st.builds(li.Timed, origins, plain_names, periods, maybe(exprs), assignments),
    st.builds(li.Requested, origins, plain_names, some_names, maybe(exprs), assignments),
    st.builds(li.Allowed, some_names, origins),
    st.builds(li.Refusal, faults),
)
lifecycles = st.builds(li.Lifecycle, plain_names, plain_names, tuples(lifecycle_lines, most=5))
lock_lines = st.one_of(
    st.builds(li.Covers, some_names),
    st.builds(li.Free, some_names, tuples(events, most=2)),
    st.builds(li.Free, st.just(()), tuples(events, 1)),
    st.builds(li.Takes, plain_names, seconds),
    st.builds(li.Itself, tuples(st.builds(li.Mark, plain_names, plain_names), 1)),
    st.builds(li.Marks, plain_names, exprs),
    st.builds(li.Refuse, maybe(events), maybe(plain_names), faults),
)
locks = st.builds(li.Lock, plain_names, plain_names, tuples(lock_lines, most=5))

# -- operations -------------------------------------------------------------------------------------------------------

list_lines = st.one_of(
    st.builds(op.FilterExact, tuples(texts, 1), guarded),
    st.builds(op.FilterRegex, texts, maybe(plain_names), guarded),
    st.builds(op.FilterBy, texts, exprs, st.booleans(), guarded),
    st.builds(op.Sortable, tuples(texts, 1)),
    st.builds(op.Ordered, tuples(sort_keys, 1)),
)


@st.composite
def finds(draw: st.DrawFn) -> op.Find:
    """`find`, with what it creates otherwise or without."""
    values, when = draw(st.tuples(object_exprs, exprs) | st.just((None, None)))
    return op.Find(
        draw(plain_names), draw(maybe(plain_names)), draw(exprs), values, when, draw(maybe(faults)), draw(guarded)
    )


@st.composite
def creates(draw: st.DrawFn) -> op.Create:
    """`create`, one or one for each."""
    each, source = draw(st.tuples(plain_names, exprs) | st.just((None, None)))
    return op.Create(draw(plain_names), draw(maybe(plain_names)), each, source, draw(object_exprs), draw(guarded))


statements = st.one_of(
    st.builds(op.Check, exprs, faults, guarded),
    st.builds(op.Permit, exprs, maybe(faults), guarded),
    st.builds(op.Within, st.sampled_from(["tenant", "user"]), exprs),
    st.builds(op.Let, plain_names, queries),
    finds(),
    creates(),
    st.builds(op.Set, targets, exprs, guarded),
    st.builds(op.Unset, targets, maybe(faults), guarded),
    st.builds(op.Merge, targets, exprs, guarded),
    st.builds(op.Take, tuples(texts, 1), exprs),
    st.builds(op.Delete, queries, guarded),
    st.builds(op.Move, queries, exprs, guarded),
    st.builds(op.Reconcile, plain_names, some_names, exprs, object_exprs, guarded),
    st.builds(op.ListRecords, plain_names, plain_names, maybe(exprs), tuples(list_lines), guarded),
    st.builds(op.Answer, statuses, maybe(exprs), tuples(headers, most=2), guarded),
)
clauses = st.one_of(
    st.builds(op.BodyClause, types),
    st.builds(op.QueryClause, query_types),
    st.builds(op.ActionClause, texts, types),
    st.sampled_from(["public", "root"]).map(op.Flag),
    orders,
)
operations = st.builds(
    op.Operation,
    plain_names,
    plain_names,
    st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]),
    paths,
    tuples(clauses, most=2),
    windows(),
    tuples(statements),
)

# -- examples ---------------------------------------------------------------------------------------------------------

asks = st.builds(
    sample.Ask,
    maybe(plain_names),
    plain_names,
    plain_names,
    maybe(object_exprs),
    maybe(object_exprs),
    maybe(exprs),
    statuses,
    maybe(messages(exprs)),
)
steps = st.one_of(
    asks,
    st.builds(sample.After, seconds),
    st.builds(sample.Quiet),
    st.builds(sample.Poll, st.integers(1, 200)),
    st.builds(sample.Age, plain_names, seconds),
    st.builds(sample.Expect, exprs),
)
samples = st.builds(sample.Example, texts, maybe(plain_names), maybe(object_exprs), tuples(steps, most=4))

# -- files ------------------------------------------------------------------------------------------------------------


@st.composite
def bindings(draw: st.DrawFn) -> de.Binding:
    """`$a in […]`: every cell as wide as the names are many."""
    named = draw(some_names)
    return de.Binding(named, draw(tuples(tuples(exprs, len(named), len(named)), 1, 2)))


simple_items = st.one_of(
    services,
    settings,
    seeds,
    quotas,
    resources,
    lifecycles,
    locks,
    views,
    operations,
    st.builds(de.Gone, faults, windows(), tuples(paths, 1)),
    st.builds(de.Definition, plain_names, exprs),
    st.builds(de.Use, plain_names, tuples(exprs)),
    rules,
    sentences,
    samples,
)
items = st.recursive(
    simple_items | st.builds(de.Subject, qualified),
    lambda inner: st.one_of(
        st.builds(de.Subject, qualified, tuples(inner)),
        st.builds(de.Template, plain_names, tuples(plain_names), tuples(inner)),
        st.builds(de.ForEach, tuples(bindings(), 1, 2), tuples(inner)),
    ),
    max_leaves=3,
)
files = st.builds(de.File, st.just("some.rules"), maybe(versions), tuples(items))
