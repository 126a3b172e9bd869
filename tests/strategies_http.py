# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies for requests as bytes: mostly HTTP, and mostly not what anybody meant."""

from hypothesis import strategies as st

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE", "WEBSOCKET")

# Pieces of paths and queries that some reader on the way may take for more than text.
_PIECES = st.sampled_from(
    [
        *(
            "/",
            "//",
            "..",
            ".",
            "%",
            "%2",
            "%2F",
            "%00",
            "%0D%0A",
            "%FF",
            "%C3%A9",
            "%ED%A0%80",
            "+",
            "&",
            "=",
            ";",
            ":",
        ),
        *("?", "a", "w", "/w/", "default", "_mimic", "/_mimic/", "health", "clock", "mimic/v1.1/tick", "tickets/v1"),
        *(
            "tickets",
            "1",
            "limit=",
            "marker=",
            "sort_key=id",
            "{",
            "}",
            "[",
            "]",
            "|",
            "é",
            "\x7f",
            '"',
            "'",
            "\\",
            "*",
        ),
    ]
)
targets = st.lists(_PIECES, max_size=10).map(lambda pieces: "/" + "".join(pieces))

_VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=20)
headers = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("X-Agent", "Accept", "Content-Type", "Host", "X-Mimic-Token", "Authorization", "X-Forwarded-Proto"),
                *("Forwarded", "X-Forwarded-Host", "Cookie", "Range", "If-None-Match", "Accept-Language", "X-Other"),
            ]
        ),
        st.sampled_from(["ann", "application/json", "text/html", "a.test:80", "https", "*/*;q=x", "\t", ""]) | _VALUES,
    ),
    max_size=6,
)

_JSON_PIECES = st.sampled_from(
    [
        *(b"{", b"}", b"[", b"]", b":", b",", b'"title"', b'"advance"', b'"amount"', b"1", b"-1", b"1e999", b"true"),
        *(
            b"null",
            b"NaN",
            b'"\\ud800"',
            b"\xff",
            b"\x00",
            b'"a"',
            b"\\",
            b'"',
            b" ",
            b"\n",
            b"99999999999999999999999",
        ),
    ]
)
bodies = st.binary(max_size=40) | st.lists(_JSON_PIECES, max_size=20).map(b"".join)
