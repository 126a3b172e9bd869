# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies for spans and diagnostics, for the tests of whatever carries or renders them."""

from hypothesis import strategies as st

from mimic_rules.diagnostics import CODES, Diagnostic, Fix, Related, Span

# Few files and lines, so that drawn diagnostics meet on the same place often.
files = st.sampled_from(["", "a.rules", "b.rules", "mimic.yaml"])
texts = st.text(max_size=8)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Spans that may be empty, of one line or of several."""
    line, column = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    end_line = draw(st.integers(line, line + 1))
    end_column = draw(st.integers(column if end_line == line else 1, 9))
    return Span(draw(files), line, column, end_line, end_column)


related = st.builds(Related, spans(), texts)
fixes = st.builds(Fix, spans(), texts, texts)
diagnostics = st.builds(
    Diagnostic,
    st.sampled_from(sorted(CODES)),
    texts,
    spans(),
    texts,
    st.lists(related, max_size=2).map(tuple),
    st.none() | fixes,
)
