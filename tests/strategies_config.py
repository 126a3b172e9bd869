# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies for configurations: texts that look like YAML and are not, and right values for each key."""

from hypothesis import strategies as st

from mimic_rules.config import LogLevel

# Pieces that take the parser into each of its states; joined at random they are mostly broken.
_PIECES = st.sampled_from(
    [
        *("\n", "  ", "\t", "- ", ": ", ":", "? ", ", ", "[", "]", "{", "}", "#", "|", ">", "'", '"', "\\", "%"),
        *("&a ", "*a", "!", "!!str ", "!<x>", "<<: ", "---\n", "...\n", "%YAML 1.1\n", "%TAG ! x\n", "@", "`"),
        *("rules: ", "port: ", "8900", "clock:\n", "limits: ", "body", "1MiB", "durations", "a.b.C: 5s", "quotas"),
        *("users: ", "regions: [", "seed: ", "log: info\n", "~", "0x1f", ".inf", "1e5", "\\ud800", "\\UFFFFFFFF"),
        *("\ufeff", "\0", "\x85", "\u2028", "é", "\r\n", "\r", "\x1b", "𝄞"),
    ]
)
yaml_texts = st.text(max_size=60) | st.lists(_PIECES, max_size=40).map("".join)

names = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True)
durations = st.sampled_from(["0s", "200ms", "1.5s", "5m", "2h", "1d", "36525d"]) | st.integers(0, 10**6).map(
    lambda count: f"{count}ms"
)

# Right values of the keys that the command line, the environment and a file can all give, as plain text.
plain_texts: dict[str, st.SearchStrategy[str]] = {
    "port": st.integers(0, 65535).map(str),
    "threads": st.integers(1, 256).map(str),
    "host": names,
    "log": st.sampled_from(LogLevel).map(str),
    "seed": st.integers().map(str) | names,
    "clock.mode": st.sampled_from(["running", "frozen"]),
    "clock.rate": st.integers(1, 1000).map(str),
    "limits.depth": st.integers(1, 256).map(str),
    "limits.records": st.integers(1, 10**6).map(str),
}
