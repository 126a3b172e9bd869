# SPDX-License-Identifier: Apache-2.0
"""Many worlds, many clients, all kinds of faults at once: no wrong answer, no lost update, and memory that is bounded.

`python -m tests.load` does so for a minute, and is what `tox -e load` runs; test_load.py does so for some seconds.
"""
